"""Which departments are of the same client of PowerOffice GO: they share keys, and so customers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from posplugin.settings.model import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class GoClient:
    """A client of PowerOffice GO. Customer 10002 of one is another's than customer 10002 of the next."""

    #: "" is the terminal's own; another is named by the first of its departments, so that its keys may be changed.
    name: str = ""
    #: Empty: whatever department.
    departments: tuple[str, ...] = ()
    #: Tells its keys from all others, and gives none away.
    fingerprint: str = field(default="", repr=False)


#: The terminal's own, when nothing else is known of it.
OWN = GoClient()


def keys_of(settings: Settings, department: str) -> tuple[str, str]:
    """Return application key and client key of a department; raise `ConfigError` where there is no such department."""
    found = settings.department(department)
    application_key = found.application_key or settings.poweroffice.application_key
    return application_key.get_secret_value(), found.client_key.get_secret_value()


def go_clients(settings: Settings) -> tuple[GoClient, ...]:
    """Return every client that the departments use, the terminal's own first."""
    own = settings.terminal.department
    shared: dict[tuple[str, str], list[str]] = {}
    for name in sorted(settings.departments, key=lambda name: (name != own, name)):
        shared.setdefault(keys_of(settings, name), []).append(name)
    return tuple(
        GoClient(
            name="" if own in names else names[0],
            departments=tuple(names),
            fingerprint=hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16],
        )
        for keys, names in shared.items()
    )


def client_of(settings: Settings, department: str) -> GoClient:
    """Return the client that a department belongs to; the terminal's own for a department with no settings."""
    clients = go_clients(settings)
    return next((client for client in clients if department in client.departments), clients[0])
