"""The settings as a person may see them: every value and where it comes from, keys masked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import SecretStr

from posplugin.settings.dotted import join
from posplugin.settings.model import Settings
from posplugin.settings.values import Section

KEY_SET = "•••• (set)"
NOT_SET = "(not set)"


def rows(settings: Settings) -> list[tuple[str, str, str]]:
    """Return dotted key, value and source ("file", "environment" or "default") of every setting, in file order."""
    shown = _rows(settings, settings.model_dump(mode="json"), (), "default")
    return [(key, text, "environment" if key in settings.from_environment else source) for key, text, source in shown]


def _rows(value: object, plain: Any, place: tuple[str | int, ...], source: str) -> Iterator[tuple[str, str, str]]:
    parts: dict[str | int, object] = {}
    if isinstance(value, Section):
        parts = {name: getattr(value, name) for name in type(value).model_fields}
    elif isinstance(value, Mapping | tuple):
        entries = dict(value) if isinstance(value, Mapping) else dict(enumerate(value))
        parts = entries if any(isinstance(entry, Section) for entry in entries.values()) else {}
    if not parts:
        yield join(*place), _shown(value, plain), source
    for name, part in parts.items():
        if isinstance(value, Section):
            source = "file" if name in value.model_fields_set else "default"
        yield from _rows(part, plain[name], (*place, name), source)


def _shown(value: object, plain: object) -> str:
    if value is None:
        return NOT_SET
    if isinstance(value, SecretStr):
        return KEY_SET
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
