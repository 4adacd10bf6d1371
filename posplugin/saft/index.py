"""A first reading of the whole file: what must be known of later transactions before an earlier one is judged.

A void comes after the sale that it voids, and a Z is known before its sales but closes when the last has been read.
Only a few words of each transaction are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from posplugin.domain import clock
from posplugin.saft import code_lists, days, voids
from posplugin.saft.codes import Codes
from posplugin.saft.days import Day, ZEvent
from posplugin.saft.entries import Event, Transaction
from posplugin.saft.file import SaftFile
from posplugin.saft.moments import OSLO, Moments
from posplugin.saft.names import sale_id
from posplugin.saft.voids import Known


@dataclass(slots=True)
class RegisterIndex:
    """One register: its Z reports in time order, and what is known of its transactions in file order."""

    register_id: str
    closings: list[ZEvent] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    #: Per transaction, the index of its Z.
    z_of: list[int | None] = field(default_factory=list)
    #: Per Z, the business date of the last sale that it closes.
    dates: dict[int, date] = field(default_factory=dict)
    #: What 13028 events name.
    void_events: set[str] = field(default_factory=set)
    #: Where each nr and each transID stands, once the whole file has been read.
    positions: dict[str, int] = field(default_factory=dict)

    def day(self, position: int) -> Day:
        """Return the day of a transaction."""
        z = self.z_of[position]
        if z is None:
            return Day(business_date=self.known[position].sold_on, z=None)
        return Day(business_date=self.dates[z], z=self.closings[z])

    def closing_date(self, z: int, zone: ZoneInfo) -> date:
        """Return the business date of a Z; a Z at 02:30 closes yesterday."""
        return self.dates.get(z) or clock.business_date(self.closings[z].at, zone)


@dataclass(frozen=True, slots=True)
class Index:
    """Every register of a file, and the verdicts that need the whole of it."""

    registers: Mapping[str, RegisterIndex]
    voids: Mapping[tuple[str, int], voids.Verdict]

    @classmethod
    def of(cls, file: SaftFile, codes: Codes, zone: ZoneInfo = OSLO) -> Index:
        """Read the file through; raise `SaftError` when it breaks off or holds what is no amount, date or time."""
        registers: dict[str, RegisterIndex] = {}
        moments: dict[tuple[str, bool], Moments] = {}
        for entry in file.entries():
            register = registers.setdefault(entry.register_id, RegisterIndex(entry.register_id))
            at = moments.setdefault((entry.register_id, isinstance(entry, Event)), Moments(zone)).aware(entry.at)
            if isinstance(entry, Transaction):
                _note(register, entry, days.next_z(register.closings, at), days.business_date(entry, at, zone))
                continue
            code = codes.predefined(code_lists.EVENT, entry.kind)
            if code == code_lists.Z_REPORT:
                z = ZEvent(register_id=entry.register_id, report_id=entry.report_id or entry.event_id, at=at)
                register.closings.append(z)
                register.closings.sort(key=lambda closing: closing.at.timestamp())
            elif code == code_lists.VOID_RECEIPT and entry.trans_id:
                register.void_events.add(entry.trans_id)
        judged: dict[tuple[str, int], voids.Verdict] = {}
        for register in registers.values():
            register.positions = voids.positions(register.known)
            for position, verdict in voids.verdicts(register.known, register.void_events).items():
                judged[register.register_id, position] = verdict
        return cls(registers, judged)

    def original(self, register_id: str, ref_id: str) -> tuple[str, Known] | None:
        """Return the register and the transaction that a refID names: its nr or transID, its own register first."""
        own = self.registers[register_id]
        found = [own] if ref_id in own.positions else [r for r in self.registers.values() if ref_id in r.positions]
        if len(found) != 1:
            return None
        return found[0].register_id, found[0].known[found[0].positions[ref_id]]


def _note(register: RegisterIndex, entry: Transaction, z: int | None, sold_on: date) -> None:
    known = Known(
        nr=entry.nr,
        trans_id=entry.trans_id,
        sale_id=sale_id(entry.register_id, entry.nr),
        amount=entry.amount,
        sold_on=sold_on,
        void=entry.void,
        training=entry.training,
        ref_id=entry.ref_id,
    )
    register.known.append(known)
    register.z_of.append(z)
    if z is not None:
        register.dates[z] = sold_on
