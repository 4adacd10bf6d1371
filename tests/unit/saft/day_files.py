"""Small files of transactions and Z events, and the days that are read out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from posplugin.saft import CustomerNumbers, DayRead, Reader, SaftRules, Waiting, read_days
from posplugin.saft.entries import Event, Payment, Transaction
from sample_terminal.saft_xml import Document, RegisterLog, to_xml

NOON = datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001  # a file's times are local and naive
NIGHT = NOON.replace(hour=23)
POWEROFFICE = SaftRules(customer_numbers=CustomerNumbers.POWEROFFICE)


def z(at: datetime = NIGHT, number: object = 1, register_id: str = "BAR-1") -> Event:
    """Return a Z without figures of its own; it is then known by its event."""
    return Event(register_id=register_id, event_id=str(number), kind="Z", at=at)


def money(nr: int, code: str, amount: int, *payments: tuple[str, int], debit: bool = False) -> Transaction:
    """Return a transaction that is no sale."""
    return Transaction(
        register_id="BAR-1",
        nr=str(nr),
        trans_id=f"T{nr}",
        kind=code,
        amount=amount,
        debit=debit,
        at=NOON + timedelta(minutes=nr),
        payments=tuple(Payment(kind=kind, amount=paid) for kind, paid in payments),
    )


def read_file(path: Path, rules: SaftRules = POWEROFFICE) -> list[DayRead | Waiting]:
    return list(read_days(Reader(path, rules, "bar-1", every_terminal=True)))


@dataclass(frozen=True)
class Files:
    """Writes a file of transactions, and reads its days."""

    path: Path

    def __call__(self, *transactions: Transaction, events: Sequence[Event] = (z(),)) -> list[DayRead | Waiting]:
        return self.of(RegisterLog(register_id="BAR-1", events=events, transactions=transactions))

    def of(self, *logs: RegisterLog, rules: SaftRules = POWEROFFICE) -> list[DayRead | Waiting]:
        self.path.write_bytes(to_xml(Document(day=NOON.date(), registers=logs)))
        return read_file(self.path, rules)


def only(read: Sequence[DayRead | Waiting]) -> DayRead:
    (day,) = read
    assert isinstance(day, DayRead)
    return day


def days(read: Sequence[DayRead | Waiting]) -> list[DayRead]:
    return [day for day in read if isinstance(day, DayRead)]
