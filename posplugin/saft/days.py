"""Which day a transaction belongs to: the next Z of its register, or its business date where no Z follows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from posplugin.domain import clock
from posplugin.saft.entries import Report, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ZEvent:
    """A Z report of one register."""

    register_id: str
    report_id: str
    at: datetime
    #: Its figures, as the till made them.
    report: Report | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"Z {self.report_id} of register {self.register_id}"

    @property
    def number(self) -> int | None:
        """The Z's number, when its report id is one."""
        return int(self.report_id) if self.report_id.isdecimal() and int(self.report_id) > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The day of a transaction. `z` is None while its register has not been closed."""

    business_date: date
    z: ZEvent | None


def business_date(transaction: Transaction, at: datetime, zone: ZoneInfo) -> date:
    """Return the day a transaction belongs to by itself: its bookDate, else local time minus five hours."""
    return transaction.book_date or clock.business_date(at, zone)


def next_z(closings: Sequence[float], stamp: float) -> int | None:
    """Return the index of the first Z at or after a moment, both in seconds since 1970.

    A sale in the very second of a Z is before it.
    """
    found = bisect_left(closings, stamp)
    return found if found < len(closings) else None
