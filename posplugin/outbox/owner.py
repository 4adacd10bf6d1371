"""Whose file it is: an outbox is one terminal's, the first that opens it, and a note in it says whose."""

from __future__ import annotations

from contextlib import suppress

from posplugin.domain.clock import to_text, utc_now
from posplugin.domain.errors import OutboxOfAnother, OutboxUnavailable
from posplugin.outbox.database import Database

_OF_ANOTHER = (
    "the outbox {path} is terminal {owner}'s, and this is {terminal}: give each terminal a file of its own in "
    "outbox.path; if {owner} has been renamed to {terminal}, run `posplugin outbox take-over`"
)
#: The note that says whose the file is.
_OWNER = "terminal"


def owner_of(database: Database, terminal_id: str) -> str | None:
    """Return whose the file is, None where it is nobody's yet.

    Older versions wrote no note: the file is `terminal_id`'s then, if it has a payment of it, or else the newest one's.
    """
    if noted := _noted(database):
        return noted
    sql = "SELECT terminal_id FROM records WHERE kind <> 'settlement' ORDER BY terminal_id = ? DESC, id DESC LIMIT 1"
    row = database.row(sql, (terminal_id,))
    return str(row[0]) if row else None


def require_own(database: Database, terminal_id: str) -> None:
    """Raise `OutboxOfAnother` for another terminal's file: its journal knows nothing of what is promised here.

    One that is nobody's is this terminal's from now on; raises `OutboxUnavailable` when that cannot be written.
    """
    if _noted(database) != terminal_id:
        with database.transaction():
            _require_not_anothers(database, terminal_id)
            take_over(database, terminal_id)


def open_as(database: Database, terminal_id: str) -> None:
    """The same for what has been opened just now; a disk that takes nothing may be read, and no promise be made."""
    _require_not_anothers(database, terminal_id)
    with suppress(OutboxUnavailable):
        require_own(database, terminal_id)


def _require_not_anothers(database: Database, terminal_id: str) -> None:
    owner = owner_of(database, terminal_id)
    if owner not in (None, terminal_id):
        raise OutboxOfAnother(_OF_ANOTHER, path=database.path, owner=owner, terminal=terminal_id)


def take_over(database: Database, terminal_id: str) -> None:
    """Write down that the file is this terminal's, durably, whosever it was: a terminal has got a new name."""
    with database.transaction():
        database.execute("DELETE FROM notes WHERE name = ?", (_OWNER,))
        database.execute("INSERT INTO notes VALUES (?, ?, ?)", (_OWNER, terminal_id, to_text(utc_now())))


def _noted(database: Database) -> str | None:
    row = database.row("SELECT value FROM notes WHERE name = ?", (_OWNER,))
    return str(row[0]) if row else None
