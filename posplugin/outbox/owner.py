"""Whose file it is: an outbox is one terminal's, and the first promise in it says whose."""

from __future__ import annotations

from posplugin.domain.errors import OutboxOfAnother
from posplugin.outbox.database import Database

_OF_ANOTHER = (
    "the outbox {path} is terminal {owner}'s, and this is {terminal}: give each terminal a file of its own in "
    "outbox.path"
)


def owner_of(database: Database) -> str | None:
    """Return the terminal whose payments are in the file, None where there are none yet."""
    row = database.row("SELECT terminal_id FROM records WHERE kind <> 'settlement' ORDER BY id LIMIT 1")
    return str(row[0]) if row else None


def require_own(database: Database, terminal_id: str) -> None:
    """Raise `OutboxOfAnother` for another terminal's file: its journal knows nothing of what is promised here."""
    owner = owner_of(database)
    if owner not in (None, terminal_id):
        raise OutboxOfAnother(_OF_ANOTHER, path=database.path, owner=owner, terminal=terminal_id)
