"""The outbox over the years: every record as it stands, and old ones without the people in them.

What is purged keeps its row, its reference, its amounts and lines, its Z, what was posted of it, and its history: a
payment that comes again is still known, and nothing is ever made or sent a second time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from posplugin.domain.documents import NOBODY, RecordKind
from posplugin.domain.errors import IllegalTransition
from posplugin.outbox import customers, facts
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox

#: Why the event of it says that it came about.
PURGED = "purged: customer, references, requests and answers"
#: What stands in the place of a name; shorter ones stay, as in too many words they may mean something else.
_GONE = "***"
_SHORTEST = 3
#: Records that are read at once.
_PAGE = 500
#: Records that are changed in one transaction: a till that wants the file waits no longer than for these.
_BATCH = 50

_OF_THESE_DAYS = "business_date BETWEEN ? AND ?"
#: Nothing will happen to these any more: what was sold has been paid or posted, or was let go.
_SETTLED = (
    "(status IN ('cancelled', 'discarded', 'reversed') OR (status = 'delivered' AND reason IS NULL"
    " AND (accounting_state = 'paid' OR (kind = 'settlement' AND accounting_state = 'posted'))"
    " AND NOT EXISTS (SELECT 1 FROM steps WHERE record_id = records.id AND state = 'to_do')))"
)
#: Somebody's name, or what was said with PowerOffice, is there still.
_FULL = (
    "(customer_number IS NOT NULL OR customer_name IS NOT NULL OR EXISTS (SELECT 1 FROM attempts"
    " WHERE record_id = records.id AND (request <> '' OR answer IS NOT NULL)))"
)
#: Events in which people may have named the customer: technicians, and a till that let a payment go.
_BY_PEOPLE = "record_id = ? AND id <= ? AND (who NOT IN ('sender', 'check', 'till') OR now = 'cancelled')"
_TO_PURGE = f"business_date < ? AND {_SETTLED} AND {_FULL}"
_KEPT_BACK = f"business_date < ? AND NOT {_SETTLED} AND {_FULL}"

#: Told after each page or batch: how many are done, of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """What a purge would take, or took."""

    #: Records without people and bulky texts from now on.
    purged: int
    #: As old, and still open, not paid, or waiting for a person.
    kept_back: int
    #: Damaged, or changed by somebody meanwhile: as they were.
    failed: int = 0


def count(outbox: Outbox, first: date = date.min, last: date = date.max) -> int:
    """Return how many records of some business dates there are."""
    return _number(outbox, _OF_THESE_DAYS, first, last)


def every(outbox: Outbox, first: date = date.min, last: date = date.max) -> Iterator[Record]:
    """Give every record of some business dates, hidden ones too, oldest first, in the memory of a page."""
    return _each(outbox, _OF_THESE_DAYS, first, last)


def to_purge(outbox: Outbox, before: date) -> Purge:
    """Return how many records of business dates before a day would be purged, and how many as old would not."""
    return Purge(purged=_number(outbox, _TO_PURGE, before), kept_back=_number(outbox, _KEPT_BACK, before))


def purge(outbox: Outbox, before: date, who: str, progress: Progress | None = None) -> Purge:
    """Take people and bulky texts out of what is settled and older than a day; each with an event, durable, repeatable.

    Killed midway, it goes on where it was. The file does not shrink: what is freed is overwritten, and used again. One
    that a posplugin of before began, which overwrote nothing, is first written anew, once; raises `OutboxUnavailable`,
    and purges nothing, where others have it, or the disk has not as much room again.
    """
    outbox.database.begin_clean()
    expected, done, failed = to_purge(outbox, before), 0, 0
    batch: list[Record] = []
    for record in _each(outbox, _TO_PURGE, before):
        batch.append(record)
        if len(batch) == _BATCH:
            failed += _purge(outbox, batch, who)
            done, batch = done + _BATCH, []
            if progress:
                progress(done, expected.purged)
    failed += _purge(outbox, batch, who)
    done += len(batch)
    if progress:
        progress(done, expected.purged)
    customers.forget_words(outbox.database)
    outbox.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")  # what was there stands in the log beside the file too
    return replace(expected, purged=done - failed, failed=failed)


def _each(outbox: Outbox, where: str, *days: date) -> Iterator[Record]:
    newest = 0
    values = [day.isoformat() for day in days]
    while page := outbox.select(f"id > ? AND {where} ORDER BY id LIMIT ?", [newest, *values, _PAGE]):
        yield from page
        newest = page[-1].id


def _number(outbox: Outbox, where: str, *days: date) -> int:
    row = outbox.database.row(f"SELECT count(*) FROM records WHERE {where}", [day.isoformat() for day in days])
    return int(row[0]) if row else 0


def _purge(outbox: Outbox, records: list[Record], who: str) -> int:
    """Purge some records together; return how many could not be."""
    bare: dict[int, _Bare | None] = {}
    for record in records:
        try:
            bare[record.id] = _without_people(record)
        except facts.ContentDamaged:
            bare[record.id] = None
    failed = 0
    with outbox.database.transaction():
        for record in records:
            without = bare[record.id]
            failed += not (without and _take_out(outbox, record, without, who))
    return failed


@dataclass(frozen=True, slots=True)
class _Bare:
    """A document without its people, and what finds these in other words."""

    document: str
    names: re.Pattern[str] | None = None

    def without_names(self, words: str | None) -> str | None:
        return self.names.sub(_GONE, words) if self.names and words else words


def _without_people(record: Record) -> _Bare:
    if record.kind is RecordKind.SETTLEMENT:
        return _Bare(facts.write(record.settlement()))
    invoice = record.invoice()
    told = (invoice.customer_name, invoice.note, invoice.your_reference, invoice.purpose, invoice.participants)
    names = {text.strip() for text in (*told, record.customer_name) if text}
    document = facts.write(
        replace(
            invoice,
            customer_number=NOBODY,
            customer_name="",
            note=None,
            your_reference=None,
            order_number=None,
            purpose=None,
            participants=None,
            employee_number=None,
        )
    )
    return _Bare(document, _whole_words(names))


def _whole_words(names: Iterable[str]) -> re.Pattern[str] | None:
    long = [name for name in names if sum(map(str.isalpha, name)) >= _SHORTEST]
    any_of_them = "|".join(map(re.escape, sorted(long, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{any_of_them})(?!\w)", re.IGNORECASE) if long else None


def _take_out(outbox: Outbox, record: Record, bare: _Bare, who: str) -> bool:
    document, database, newest = bare.document, outbox.database, outbox.newest_event()
    try:
        outbox.set(
            record,
            who,
            PURGED,
            document=document,
            sha256=facts.digest(document),
            schema_version=facts.SCHEMA_VERSION,
            customer_number=None,
            customer_name=None,
            detail=bare.without_names(record.detail),
        )
    except IllegalTransition:
        return False
    database.execute("UPDATE attempts SET request = '', answer = NULL WHERE record_id = ?", (record.id,))
    # Customers and references that were amended stand in why, and so do those of which PowerOffice spoke. What was
    # done, when and by whom stays, and its reason.
    sql = "UPDATE events SET why = 'amended' WHERE record_id = ? AND why LIKE 'amended: %'"
    database.execute(sql, (record.id,))
    sql = "UPDATE events SET why = NULL WHERE record_id = ? AND who = 'sender' AND why GLOB '*[0-9]*'"
    database.execute(sql, (record.id,))
    if record.kind is not RecordKind.SETTLEMENT:
        database.execute("UPDATE steps SET detail = NULL WHERE record_id = ?", (record.id,))
    for event_id, why in database.rows(f"SELECT id, why FROM events WHERE {_BY_PEOPLE}", (record.id, newest)):
        if (bare_why := bare.without_names(why)) != why:
            database.execute("UPDATE events SET why = ? WHERE id = ?", (bare_why, event_id))
    return True
