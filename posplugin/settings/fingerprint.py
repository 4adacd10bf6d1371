"""Notice that the settings are no longer those that were checked."""

from __future__ import annotations

import hashlib
import json

from pydantic import SecretStr

from posplugin.settings.model import Settings


def fingerprint(settings: Settings) -> str:
    """Return a SHA-256, in hex, of all that `posplugin check` proves; it gives no key away.

    Language, the place of the outbox, the schedules and the number of terminals may change without a new check.
    """
    proven = settings.model_dump(
        exclude={
            "terminal": {"language"},
            "outbox": True,
            "poweroffice": {"terminals"},
            "schedule": True,
            "settlement": {"schedule"},
        }
    )
    return _digest(json.dumps(proven, sort_keys=True, default=_plain))


def _plain(value: object) -> str:
    return _digest(value.get_secret_value()) if isinstance(value, SecretStr) else str(value)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
