"""What has been delivered and is not finished yet: not sent, not paid, or with a step still to do."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from posplugin.domain.clock import from_stored, to_text
from posplugin.outbox.backlog import Backlog
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record

#: As the partial indexes say it, so that they serve. Nobody pays a settlement.
_UNPAID = "status = 'delivered' AND accounting_state <> 'paid' AND kind <> 'settlement'"
_SETTLED = "kind = 'settlement' AND status = 'delivered' AND reason IS NOT 'gone'"
_UNSENT = f"{_UNPAID} AND accounting_state <> 'sent'"
#: The index of references leaves out what was cancelled.
_INDEXED = "status <> 'cancelled'"
_TO_DO = "status = 'delivered' AND reason IS NULL AND id IN (SELECT record_id FROM steps WHERE state = 'to_do')"


class Deliveries:
    """The delivered records in the outbox file. Thread-safe."""

    def __init__(self, database: Database, select: Callable[[str, Iterable[Any]], list[Record]]) -> None:
        self._database = database
        self._select = select

    def unsent(self, departments: Sequence[str]) -> list[Record]:
        """Return what stands there and has not been sent to the customer, of some departments, oldest first."""
        return self._select(f"{_UNSENT} AND {_among('department', departments)} ORDER BY id", departments)

    def named(self, references: Sequence[str]) -> list[Record]:
        """Return what has been delivered under one of these references; purged, it has nothing to be compared with."""
        known = "(customer_number IS NOT NULL OR kind = 'settlement')"
        asked = f"status = 'delivered' AND {_INDEXED} AND {known} AND {_among('reference', references)}"
        return self._select(asked, references)

    def sent_and_unpaid_since(self, departments: Sequence[str]) -> datetime | None:
        """Return when the first was seen to be sent of what has been sent and is not paid; None when all is."""
        sql = f"SELECT min(updated_at) FROM records WHERE {_UNPAID} AND accounting_state = 'sent'"
        row = self._database.row(f"{sql} AND {_among('department', departments)}", [*departments])
        return from_stored(row[0]) if row and row[0] else None

    def first_followed(self) -> datetime | None:
        """Return when the first came of what is asked for at night: not paid yet, or a settlement that stands there."""
        found = [
            self._database.row(f"SELECT min(created_at) FROM records WHERE {where}") for where in (_UNPAID, _SETTLED)
        ]
        return min((from_stored(row[0]) for row in found if row and row[0]), default=None)

    def count(self) -> int:
        """Return how many are asked for at night."""
        return self._number(_UNPAID) + self._number(_SETTLED)

    def of_no(self, departments: Sequence[str]) -> list[Record]:
        """Return what is not paid and whose department is none of these, as far as nobody has been told."""
        return self._select(f"{_UNPAID} AND reason IS NULL AND NOT {_among('department', departments)}", departments)

    def unsent_before(self, day: date) -> int:
        """Return how many of business dates before a day only wait for somebody to send them."""
        return self._number(f"{_UNSENT} AND reason IS NULL AND business_date < ?", day.isoformat())

    def drafts_before(self, moment: datetime) -> int:
        """Return how many settlements were left as drafts before a moment, and only wait for somebody to post them."""
        left = f"{_SETTLED} AND accounting_state = 'draft' AND reason IS NULL"
        drawn = "SELECT 1 FROM journals WHERE journals.reference = records.reference AND at < ?"
        return self._number(f"{left} AND EXISTS ({drawn})", to_text(moment))

    def to_do(self) -> Backlog:
        """Return what is not finished: a receipt to attach, an invoice to send; what needs a person left out."""
        rows = self._database.rows(f"SELECT id FROM records WHERE {_TO_DO} ORDER BY id")
        return Backlog(self._select, array("q", (id_ for (id_,) in rows)), _is_delivered)

    def to_do_before(self, day: date) -> int:
        """Return how many of business dates before a day have a step still to do."""
        return self._number(f"{_TO_DO} AND business_date < ?", day.isoformat())

    def troubled(self) -> list[Record]:
        """Return what was delivered and needs a person since, oldest first."""
        return self._select("status = 'delivered' AND reason IS NOT NULL ORDER BY id", ())

    def count_troubled(self) -> int:
        """Return how many were delivered and need a person since."""
        return self._number("status = 'delivered' AND reason IS NOT NULL")

    def _number(self, where: str, *values: str) -> int:
        row = self._database.row(f"SELECT count(*) FROM records WHERE {where}", values)
        return int(row[0]) if row else 0


def _is_delivered(record: Record) -> bool:
    return record.status is Status.DELIVERED and record.reason is None


def _among(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join('?' * len(values))})"
