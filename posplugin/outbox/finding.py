"""Which records a person asks for, and how many stand where: answered page by page, however full the file is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from posplugin.outbox.lifecycle import CLOSED, CLOSED_SQL, OPEN_SQL, Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox


class Standing(StrEnum):
    """Where a record stands, in the few words that its colour has."""

    #: It stands in the accounting system, and nobody need do anything.
    SENT = "sent"
    #: A person must act.
    NOT_SENT = "not_sent"
    #: It goes by itself.
    WAITING = "waiting"
    #: It is never sent (again).
    CLOSED = "closed"


def standing_at(status: Status, *, has_reason: bool) -> Standing:
    """Return where a record stands that has a status, and a reason or none."""
    if status is Status.NEEDS_ATTENTION or (status is Status.DELIVERED and has_reason):
        return Standing.NOT_SENT
    if status in CLOSED:
        return Standing.CLOSED
    return Standing.SENT if status is Status.DELIVERED else Standing.WAITING


def standing_of(record: Record) -> Standing:
    """Return where a record stands."""
    return standing_at(record.status, has_reason=record.reason is not None)


_TROUBLED = "status = 'delivered' AND reason IS NOT NULL"
#: As the partial indexes say it, so that they serve: what is few is never looked for among all.
_STANDS = {
    Standing.SENT: "status = 'delivered' AND reason IS NULL",
    Standing.NOT_SENT: f"id IN (SELECT id FROM records WHERE status = 'needs_attention' AND {OPEN_SQL}"
    f" UNION ALL SELECT id FROM records WHERE {_TROUBLED})",
    Standing.WAITING: f"id IN (SELECT id FROM records WHERE status <> 'needs_attention' AND {OPEN_SQL})",
    Standing.CLOSED: CLOSED_SQL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which records to list; everything that is None is not asked about."""

    statuses: frozenset[Status] = frozenset()
    standing: Standing | None = None
    kind: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    customer: int | None = None
    department: str | None = None
    #: The receipt, or a part of the reference or the customer's name.
    text: str | None = None
    #: Øre with VAT, whatever the sign.
    amount: int | None = None
    hidden: bool = False
    #: Only what came before the record of this id: the next page.
    before: int | None = None
    limit: int = 100


def find(outbox: Outbox, wanted: Filter, called: Collection[int] = ()) -> list[Record]:
    """Return records, newest first; `called` are the numbers of customers whose name the text is, too."""
    where: list[str] = []
    values: list[Any] = []

    def ask(condition: str, *answers: object) -> None:
        where.append(condition)
        values.extend(answers)

    if wanted.statuses:
        asked = f"status IN ({_marks(wanted.statuses)})"
        if Status.NEEDS_ATTENTION in wanted.statuses:  # what was delivered may need a person since
            asked = f"({asked} OR ({_TROUBLED}))"
        ask(asked, *wanted.statuses)
    if wanted.standing:
        ask(_STANDS[wanted.standing])
    if wanted.kind:
        ask("kind = ?", wanted.kind)
    if wanted.first_day or wanted.last_day:
        days = ((wanted.first_day or date.min).isoformat(), (wanted.last_day or date.max).isoformat())
        among = "FROM records WHERE business_date BETWEEN ? AND ?"
        ask(f"id BETWEEN (SELECT min(id) {among}) AND (SELECT max(id) {among})", *days, *days)
        ask("+business_date BETWEEN ? AND ?", *days)  # not by the index of days, which would have to sort them all
    if wanted.customer is not None:
        ask("customer_number = ?", wanted.customer)
    if wanted.department:
        ask("department = ?", wanted.department)
    if sought := _sought(wanted, called):
        condition, answers = _among(sought, wanted, alone=not where)
        ask(condition, *answers)
    if wanted.before is not None:
        ask("id < ?", wanted.before)
    if not wanted.hidden:
        ask("hidden = 0")
    return outbox.select(f"{' AND '.join(where) or '1'} ORDER BY id DESC LIMIT ?", [*values, wanted.limit])


def tally(outbox: Outbox, *, hidden: bool = False) -> dict[Standing, int]:
    """Return how many records stand where, hidden ones left out unless asked for. Reads no record of what is sent."""
    rows, row = outbox.database.rows, outbox.database.row

    def count(where: str) -> int:
        found = row(f"SELECT count(*) FROM records WHERE {where}")
        return int(found[0]) if found else 0

    held = dict(rows(f"SELECT status = 'needs_attention', count(*) FROM records WHERE {OPEN_SQL} GROUP BY 1"))
    found = {
        Standing.NOT_SENT: held.get(1, 0) + count(_TROUBLED),
        Standing.WAITING: held.get(0, 0),
        Standing.CLOSED: count(CLOSED_SQL),
    }
    found[Standing.SENT] = count("1") - sum(found.values())
    if not hidden:
        sql = "SELECT status, reason IS NOT NULL, count(*) FROM records WHERE hidden = 1 GROUP BY 1, 2"
        for status, has_reason, hidden_ones in rows(sql):
            found[standing_at(Status(status), has_reason=bool(has_reason))] -= hidden_ones
    return found


def _sought(wanted: Filter, called: Collection[int]) -> list[tuple[str, Sequence[object]]]:
    """Return the conditions, each with its values, that the index of what people search by answers."""
    sought: list[tuple[str, Sequence[object]]] = []
    if wanted.text:
        named = "instr(lower(customer_name), lower(?))"
        if called:
            named += f" OR customer_number IN ({_marks(called)})"
        sought.append((f"(instr(reference, ?) OR receipt = ? OR {named})", [*[wanted.text] * 3, *called]))
    if wanted.amount is not None:
        sought.append(("abs(amount) = ?", [abs(wanted.amount)]))
    return sought


def _among(sought: list[tuple[str, Sequence[object]]], wanted: Filter, *, alone: bool) -> tuple[str, list[object]]:
    """Return one condition for all of those, and its values. Where nothing else is asked the newest are enough."""
    if not alone:
        among, last = "FROM records", ""
    else:
        among, last = "FROM records INDEXED BY records_words", " ORDER BY id DESC LIMIT ?"
        if wanted.before is not None:
            sought.append(("id < ?", [wanted.before]))
        if not wanted.hidden:
            sought.append(("id NOT IN (SELECT id FROM records WHERE hidden = 1)", []))
    conditions = " AND ".join(condition for condition, _ in sought)
    values = [value for _, answers in sought for value in answers]
    return f"id IN (SELECT id {among} WHERE {conditions}{last})", [*values, *([wanted.limit] if alone else [])]


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
