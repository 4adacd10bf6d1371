"""Rows read as records, whatever the disk has made of them: a damaged one hides no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from posplugin.domain.clock import to_text
from posplugin.domain.documents import REFERENCE_PREFIX, RecordKind
from posplugin.domain.errors import OutboxDamaged
from posplugin.outbox.database import Database
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import OPEN_SQL, Status
from posplugin.outbox.record import COLUMNS, COLUMNS_AS_BYTES, Record, from_row

if TYPE_CHECKING:
    from posplugin.outbox.store import Outbox

_STATUSES = ", ".join(f"'{status}'" for status in Status)


def records(database: Database, installation: str, where: str, parameters: Iterable[Any] = ()) -> list[Record]:
    """Return the records for which a condition (SQL with ?) holds.

    One whose reference is not of this installation any more has no document: it is never sent under that name.
    """
    sql, values = "SELECT {} FROM records WHERE " + where, [*parameters]
    try:
        rows = database.rows(sql.format(COLUMNS), values)
    except OutboxDamaged as error:
        if not isinstance(error.__cause__, UnicodeDecodeError):
            raise
        rows = [_as_text(row) for row in database.rows(sql.format(COLUMNS_AS_BYTES), values)]
    try:
        return _made_of(rows, installation)
    except TypeError:  # one bit makes bytes of a text
        return _made_of(map(_as_text, rows), installation)


def _made_of(rows: Iterable[tuple[Any, ...]], installation: str) -> list[Record]:
    named = f"{REFERENCE_PREFIX}{installation}-"
    return [
        record if record.reference.startswith(named) else replace(record, document="") for record in map(from_row, rows)
    ]


def _as_text(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """What is no text any more is told with a mark in its place; the hash and the document notice."""
    return tuple(value.decode(errors="replace") if isinstance(value, bytes) else value for value in row)


def damaged(outbox: Outbox) -> Iterator[tuple[str, str]]:
    """Give reference and fault of each record that is not what was written: of those still open, and of no status."""
    for record in outbox.select(f"({OPEN_SQL}) OR status NOT IN ({_STATUSES}) ORDER BY id"):
        try:
            record.settlement() if record.kind is RecordKind.SETTLEMENT else record.invoice()
        except ContentDamaged as error:
            yield record.reference, str(error)
        else:
            sql = "SELECT status, updated_at FROM records WHERE id = ?"
            if outbox.database.row(sql, (record.id,)) != (record.status, to_text(record.updated_at)):
                yield record.reference, "the stored row has a status or a time that there is not"
