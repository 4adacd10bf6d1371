"""A whole file, transaction by transaction, with the Z reports where they close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from posplugin.domain.sale import OriginalSale
from posplugin.saft.codes import Codes
from posplugin.saft.days import Day, ZEvent
from posplugin.saft.entries import Transaction
from posplugin.saft.file import BytesRead, SaftFile
from posplugin.saft.index import Index, RegisterIndex
from posplugin.saft.moments import OSLO, Moments
from posplugin.saft.names import sale_id
from posplugin.saft.rules import SaftRules
from posplugin.saft.sales import NotASale, Place, Played, Refused, Skipped, judge

#: Told how many bytes have been read, of how many in all. A file is read through twice: when its `Reader` is made,
#: and when its entries are given; so the whole is twice its size.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A transaction, its day, and what it is to us."""

    transaction: Transaction
    day: Day
    verdict: Played | NotASale | Skipped | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEnd:
    """A Z report, given once the last transaction that it closes has been given."""

    z: ZEvent
    business_date: date
    terminal_id: str


class Reader:
    """Reads one file by a house's rules.

    `terminal_id` is whose the registers are that the rules do not name. A register that they give to another
    terminal is skipped, since a till plays its own sales only; with `every_terminal` it is read as that terminal's.
    `progress` is told how many bytes have been read, about once a megabyte.
    """

    def __init__(
        self,
        path: Path,
        rules: SaftRules,
        terminal_id: str,
        *,
        every_terminal: bool = False,
        zone: ZoneInfo = OSLO,
        progress: Progress | None = None,
    ) -> None:
        #: The file, whose header says who wrote it and of what period.
        self.file = SaftFile.open(path)
        self._rules = rules
        self._terminal_id = terminal_id
        self._every_terminal = every_terminal
        self._zone = zone
        #: What the file's local codes mean, article groups among them.
        self.codes = Codes(self.file.tables, rules)
        self._progress = progress
        self._size = path.stat().st_size
        self._index = Index.of(self.file.entries(self._told(0)), self.codes, zone)

    @property
    def closings(self) -> Mapping[str, Sequence[ZEvent]]:
        """Every register that is read, with its Z reports in time order."""
        return {
            name: register.closings
            for name, register in self._index.registers.items()
            if self._is_read(self.terminal_of(name))
        }

    def terminal_of(self, register_id: str) -> str:
        """Return whose a register is."""
        rule = self._rules.registers.get(register_id)
        return rule.terminal if rule else self._terminal_id

    def department_of(self, register_id: str) -> str | None:
        """Return the department that the rules give a register; None where it is its terminal's own."""
        rule = self._rules.registers.get(register_id)
        return rule.department if rule else None

    def entries(self) -> Iterator[Entry | DayEnd]:
        """Give every transaction in file order, and every Z after the last transaction that it closes."""
        registers = {name: _Progress(index, self._zone) for name, index in self._index.registers.items()}
        for transaction in self.file.transactions(self._told(self._size)):
            register = registers[transaction.register_id]
            yield from self._closed(register)
            yield self._entry(transaction, register)
            register.pass_on()
            yield from self._closed(register)
        for register in registers.values():
            yield from self._closed(register)

    def _entry(self, transaction: Transaction, register: _Progress) -> Entry:
        at = register.moments.aware(transaction.at)
        verdict = self._early_verdict(transaction, register) or judge(
            transaction, self._place(transaction, at), self.codes
        )
        return Entry(transaction=transaction, day=register.index.day(register.position), verdict=verdict)

    def _early_verdict(self, transaction: Transaction, register: _Progress) -> Skipped | Refused | None:
        """Judge what is not read further: another terminal's, training, voids, and what stands there twice."""
        terminal_id = self.terminal_of(transaction.register_id)
        if not self._is_read(terminal_id):
            return Skipped("other_terminal", f"{transaction} belongs to terminal {terminal_id}; play it there")
        if transaction.training:
            return Skipped("training", f"{transaction} is practice")
        index, position = register.index, register.position
        if verdict := index.voids.get(position):
            if not verdict.paired or verdict.other is None:
                return Refused(f"{transaction}: {verdict.text}")
            across = index.z_of[position] != index.z_of[verdict.other]
            return Skipped("voided", f"{transaction}: {verdict.text}", is_across_z=across)
        if position in index.twice:
            return Refused(f"{transaction}: its nr stands there twice; export the file from the till again")
        return None

    def _place(self, transaction: Transaction, at: datetime) -> Place:
        return Place(
            terminal_id=self.terminal_of(transaction.register_id),
            at=at,
            department=self.department_of(transaction.register_id),
            original=self._original(transaction),
        )

    def _original(self, transaction: Transaction) -> OriginalSale | None:
        """Return the sale that refID names; one that is not in this file by the id it had when it was played."""
        if transaction.ref_id is None:
            return None
        found = self._index.original(transaction.register_id, transaction.ref_id)
        if found is None:
            return OriginalSale(
                terminal_id=self.terminal_of(transaction.register_id),
                sale_id=sale_id(transaction.register_id, transaction.ref_id),
                receipt=transaction.ref_id,
            )
        register_id, known = found
        return OriginalSale(
            terminal_id=self.terminal_of(register_id),
            sale_id=known.sale_id,
            receipt=known.nr,
            sold_on=known.sold_on,
        )

    def _is_read(self, terminal_id: str) -> bool:
        return self._every_terminal or terminal_id == self._terminal_id

    def _told(self, before: int) -> BytesRead | None:
        if (progress := self._progress) is None:
            return None
        return lambda done: progress(min(before + done, 2 * self._size), 2 * self._size)

    def _closed(self, register: _Progress) -> Iterator[DayEnd]:
        for z in register.due():
            terminal_id = self.terminal_of(register.index.register_id)
            if self._is_read(terminal_id):
                yield DayEnd(
                    z=register.index.closings[z],
                    business_date=register.index.closing_date(z, self._zone),
                    terminal_id=terminal_id,
                )


class _Progress:
    """How far one register has been read."""

    def __init__(self, index: RegisterIndex, zone: ZoneInfo) -> None:
        self.index = index
        self.moments = Moments(zone)
        self.position = 0
        self._left = Counter(index.z_of)
        self._next_z = 0

    def pass_on(self) -> None:
        """The transaction at `position` has been given."""
        self._left[self.index.z_of[self.position]] -= 1
        self.position += 1

    def due(self) -> Iterator[int]:
        """Give the Z reports that can close: in time order, each once nothing of its day is left."""
        while self._next_z < len(self.index.closings) and not self._left[self._next_z]:
            self._next_z += 1
            yield self._next_z - 1
