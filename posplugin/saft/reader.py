"""A whole file, transaction by transaction, with the Z reports where they close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from posplugin.domain.sale import OriginalSale
from posplugin.saft.codes import Codes
from posplugin.saft.days import Day, ZEvent
from posplugin.saft.entries import Transaction
from posplugin.saft.file import SaftFile
from posplugin.saft.index import Index, RegisterIndex
from posplugin.saft.moments import OSLO, Moments
from posplugin.saft.names import sale_id
from posplugin.saft.rules import SaftRules
from posplugin.saft.sales import NotASale, Place, Played, Refused, Skipped, judge


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
    """

    def __init__(
        self,
        path: Path,
        rules: SaftRules,
        terminal_id: str,
        *,
        every_terminal: bool = False,
        zone: ZoneInfo = OSLO,
    ) -> None:
        #: The file, whose header says who wrote it and of what period.
        self.file = SaftFile.open(path)
        self._rules = rules
        self._terminal_id = terminal_id
        self._every_terminal = every_terminal
        self._zone = zone
        #: What the file's local codes mean, article groups among them.
        self.codes = Codes(self.file.tables, rules)
        self._index = Index.of(self.file, self.codes, zone)

    def entries(self) -> Iterator[Entry | DayEnd]:
        """Give every transaction in file order, and every Z after the last transaction that it closes."""
        registers = {name: _Progress(index, self._zone) for name, index in self._index.registers.items()}
        for transaction in self.file.entries():
            if not isinstance(transaction, Transaction):
                continue
            register = registers[transaction.register_id]
            yield from self._closed(register)
            yield self._entry(transaction, register)
            register.pass_on()
            yield from self._closed(register)
        for register in registers.values():
            yield from self._closed(register)

    def _entry(self, transaction: Transaction, register: _Progress) -> Entry:
        position, at = register.position, register.moments.aware(transaction.at)
        verdict = self._early_verdict(transaction, position) or judge(
            transaction, self._place(transaction, at), self.codes
        )
        return Entry(transaction=transaction, day=register.index.day(position), verdict=verdict)

    def _early_verdict(self, transaction: Transaction, position: int) -> Skipped | Refused | None:
        """Judge what is not read further: another terminal's, training, voids, and what stands there twice."""
        terminal_id = self._terminal_of(transaction.register_id)
        if terminal_id != self._terminal_id and not self._every_terminal:
            return Skipped("other_terminal", f"{transaction} belongs to terminal {terminal_id}; play it there")
        if transaction.training:
            return Skipped("training", f"{transaction} is practice")
        if verdict := self._index.voids.get((transaction.register_id, position)):
            if verdict.paired:
                return Skipped("voided", f"{transaction}: {verdict.text}")
            return Refused(f"{transaction}: {verdict.text}")
        if self._index.registers[transaction.register_id].positions[transaction.nr] != position:
            return Refused(f"{transaction}: its nr stands there twice; export the file from the till again")
        return None

    def _place(self, transaction: Transaction, at: datetime) -> Place:
        rule = self._rules.registers.get(transaction.register_id)
        return Place(
            terminal_id=self._terminal_of(transaction.register_id),
            at=at,
            department=rule.department if rule else None,
            original=self._original(transaction),
        )

    def _original(self, transaction: Transaction) -> OriginalSale | None:
        """Return the sale that refID names; one that is not in this file by the id it had when it was played."""
        if transaction.ref_id is None:
            return None
        found = self._index.original(transaction.register_id, transaction.ref_id)
        if found is None:
            return OriginalSale(
                terminal_id=self._terminal_of(transaction.register_id),
                sale_id=sale_id(transaction.register_id, transaction.ref_id),
                receipt=transaction.ref_id,
            )
        register_id, known = found
        return OriginalSale(
            terminal_id=self._terminal_of(register_id),
            sale_id=known.sale_id,
            receipt=known.nr,
            sold_on=known.sold_on,
        )

    def _terminal_of(self, register_id: str) -> str:
        rule = self._rules.registers.get(register_id)
        return rule.terminal if rule else self._terminal_id

    def _closed(self, register: _Progress) -> Iterator[DayEnd]:
        for z in register.due():
            terminal_id = self._terminal_of(register.index.register_id)
            if terminal_id == self._terminal_id or self._every_terminal:
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
