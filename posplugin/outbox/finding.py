"""Which records a person asks for, and how many stand where: answered page by page, however full the file is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from posplugin.outbox.lifecycle import CLOSED, CLOSED_SQL, OPEN_SQL, Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import CODE_SQL
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
#: What needs a person is listed and counted though it is hidden.
_HIDDEN = f"hidden = 1 AND status <> 'needs_attention' AND NOT ({_TROUBLED})"
#: As the partial indexes say it, so that they serve: what is few is never looked for among all.
_STANDS = {
    Standing.SENT: "status = 'delivered' AND reason IS NULL",
    Standing.NOT_SENT: f"id IN (SELECT id FROM records WHERE status = 'needs_attention' AND {OPEN_SQL}"
    f" UNION ALL SELECT id FROM records WHERE {_TROUBLED})",
    Standing.WAITING: f"id IN (SELECT id FROM records WHERE status <> 'needs_attention' AND {OPEN_SQL})",
    Standing.CLOSED: CLOSED_SQL,
}
#: The same of what is sent, without a look at the records: it is nearly all of them.
_NOT_ELSEWHERE = (
    "id NOT IN ("
    + " UNION ALL ".join(f"SELECT id FROM records WHERE {where}" for where in (OPEN_SQL, CLOSED_SQL, _TROUBLED))
    + ")"
)

#: A condition in SQL, and its values.
_Condition = tuple[str, Sequence[object]]


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
    #: The receipt, or a part of the reference, the code or the customer's name.
    text: str | None = None
    #: Øre with VAT, whatever the sign.
    amount: int | None = None
    #: Also what is hidden and needs no person; what needs one is always there.
    hidden: bool = False
    #: Only what came before the record of this id: the next page.
    before: int | None = None
    limit: int = 100


def find(outbox: Outbox, wanted: Filter, called: Collection[int] = ()) -> list[Record]:
    """Return records, newest first; `called` are the numbers of customers whose name the text is, too."""
    few, shape, words = _few(wanted), _shape(wanted), _words(wanted, called)
    page: list[_Condition] = [("id < ?", [wanted.before])] if wanted.before is not None else []
    asked = [*few, *shape, *page]
    if few or not (words or wanted.kind or wanted.department):
        if words:
            condition, values = _all(words)
            asked.append((f"id IN (SELECT id FROM records WHERE {condition})", values))
        if wanted.standing is Standing.SENT:
            asked.append((_STANDS[Standing.SENT], []))
        if not wanted.hidden:
            asked.append((f"NOT ({_HIDDEN})", []))
    else:  # the newest that the index finds are enough: nothing else is asked
        among = [*shape, *words, *page]
        if wanted.standing is Standing.SENT:
            among.append((_NOT_ELSEWHERE, []))
        if not wanted.hidden:
            among.append((f"id NOT IN (SELECT id FROM records WHERE {_HIDDEN})", []))
        condition, values = _all(among)
        newest = f"SELECT id FROM records INDEXED BY records_words WHERE {condition} ORDER BY id DESC LIMIT ?"
        asked = [(f"id IN ({newest})", [*values, wanted.limit])]
    condition, values = _all(asked)
    return outbox.select(f"{condition} ORDER BY id DESC LIMIT ?", [*values, wanted.limit])


def _few(wanted: Filter) -> list[_Condition]:
    """Return what is asked that few records have, for which there are indexes of their own."""
    few: list[_Condition] = []
    if wanted.statuses:
        asked = f"status IN ({_marks(wanted.statuses)})"
        if Status.NEEDS_ATTENTION in wanted.statuses:  # what was delivered may need a person since
            asked = f"({asked} OR ({_TROUBLED}))"
        few.append((asked, [*wanted.statuses]))
    if wanted.standing not in (None, Standing.SENT):
        few.append((_STANDS[wanted.standing], []))
    if wanted.customer is not None:
        few.append(("customer_number = ?", [wanted.customer]))
    return few


def _shape(wanted: Filter) -> list[_Condition]:
    """Return what is asked of a record's kind, department and day."""
    shape: list[_Condition] = []
    if wanted.kind:
        shape.append(("kind = ?", [wanted.kind]))
    if wanted.department:
        shape.append(("department = ?", [wanted.department]))
    if wanted.first_day or wanted.last_day:
        days = ((wanted.first_day or date.min).isoformat(), (wanted.last_day or date.max).isoformat())
        among = "FROM records WHERE business_date BETWEEN ? AND ?"
        shape.append((f"id BETWEEN (SELECT min(id) {among}) AND (SELECT max(id) {among})", [*days, *days]))
        # not by the index of days, which would have to sort them all
        shape.append(("+business_date BETWEEN ? AND ?", days))
    return shape


def _words(wanted: Filter, called: Collection[int]) -> list[_Condition]:
    """Return what people search by."""
    words: list[_Condition] = []
    if wanted.text:
        name, letters = _small("customer_name", wanted.text.lower())
        named = f"instr({name}, ?)"
        if called:
            named += f" OR customer_number IN ({_marks(called)})"
        values = [*[wanted.text] * 3, *letters, wanted.text.lower(), *called]
        words.append((f"(instr(reference, ?) OR instr({CODE_SQL}, ?) OR receipt = ? OR {named})", values))
    if wanted.amount is not None:
        words.append(("abs(amount) = ?", [abs(wanted.amount)]))
    return words


def _small(column: str, sought: str) -> tuple[str, list[str]]:
    """Return a column in small letters, and its values: SQLite's own `lower` knows no letters but those of English."""
    small, values = f"lower({column})", list[str]()
    for letter in sorted({letter for letter in sought if not letter.isascii() and letter.upper().lower() == letter}):
        small, values = f"replace({small}, ?, ?)", [*values, letter.upper(), letter]
    return small, values


def tally(outbox: Outbox, *, hidden: bool = False) -> dict[Standing, int]:
    """Return how many records stand where, hidden ones left out as `find` does. Reads no record of what is sent."""
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
    (everything,) = row("SELECT count(*) FROM records") or (0,)  # without a condition it counts pages, not rows
    found[Standing.SENT] = everything - sum(found.values())
    if not hidden:
        sql = f"SELECT status, count(*) FROM records WHERE {_HIDDEN} GROUP BY 1"
        for status, hidden_ones in rows(sql):
            found[standing_at(Status(status), has_reason=False)] -= hidden_ones
    return found


def _all(conditions: Sequence[_Condition]) -> tuple[str, list[object]]:
    """Return one condition for all of those, and its values."""
    condition = " AND ".join(condition for condition, _ in conditions) or "1"
    return condition, [value for _, values in conditions for value in values]


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
