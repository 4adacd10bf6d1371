"""A first reading of the whole file: what must be known of later transactions before an earlier one is judged.

A void comes after the sale that it voids, and a Z is known before its sales but closes when the last has been read.
Only a few bytes of each transaction are kept, and those whole that others refer to.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from posplugin.domain import clock
from posplugin.saft import code_lists, days, voids
from posplugin.saft.codes import Codes
from posplugin.saft.days import Day, ZEvent
from posplugin.saft.entries import Event, Transaction
from posplugin.saft.moments import OSLO, Moments
from posplugin.saft.notes import Notes
from posplugin.saft.voids import Known, Verdict

#: In place of the index of a Z.
_NO_Z: Final = -1


@dataclass(slots=True)
class RegisterIndex:
    """One register: its Z reports in time order, and what is known of its transactions by their place in the file."""

    register_id: str
    closings: tuple[ZEvent, ...]
    #: Per transaction, the index of its Z; `_NO_Z` where none follows.
    z_of: array[int]
    #: Per transaction, the business date that it has by itself, as an ordinal.
    sold_on: array[int]
    #: Per Z, the business date of the last sale that it closes.
    dates: dict[int, date] = field(default_factory=dict)
    #: What others refer to, by each of its names.
    named: Mapping[str, Known] = field(default_factory=dict)
    voids: Mapping[int, Verdict] = field(default_factory=dict)
    #: Where an nr stands that stood there before.
    twice: frozenset[int] = frozenset()

    def day(self, position: int) -> Day:
        """Return the day of a transaction."""
        z = self.z_of[position]
        if z == _NO_Z:
            return Day(business_date=date.fromordinal(self.sold_on[position]), z=None)
        return Day(business_date=self.dates[z], z=self.closings[z])

    def closing_date(self, z: int, zone: ZoneInfo) -> date:
        """Return the business date of a Z; a Z at 02:30 closes yesterday."""
        return self.dates.get(z) or clock.business_date(self.closings[z].at, zone)


@dataclass(slots=True)
class _Read:
    """What has been read of a register so far."""

    notes: Notes
    closings: list[ZEvent] = field(default_factory=list)
    #: What 13028 events name.
    void_events: set[str] = field(default_factory=set)

    def index(self, wanted: frozenset[str]) -> RegisterIndex:
        """Return what is known now that the whole file has been read; `wanted` is every name that is referred to."""
        closings = sorted(self.closings, key=lambda z: z.at.timestamp())
        stamps = [z.at.timestamp() for z in closings]
        z_of = array("i")
        dates: dict[int, date] = {}
        for stamp, ordinal in zip(self.notes.stamps, self.notes.dates, strict=True):
            z = days.next_z(stamps, stamp)
            z_of.append(_NO_Z if z is None else z)
            if z is not None:
                dates[z] = date.fromordinal(ordinal)
        known = self.notes.known(wanted | self.void_events)
        return RegisterIndex(
            register_id=self.notes.register_id,
            closings=tuple(closings),
            z_of=z_of,
            sold_on=self.notes.dates,
            dates=dates,
            named=voids.by_names(known),
            voids=voids.verdicts(known, self.void_events),
            twice=self.notes.twice(),
        )


@dataclass(frozen=True, slots=True)
class Index:
    """Every register of a file."""

    registers: Mapping[str, RegisterIndex]

    @classmethod
    def of(cls, entries: Iterable[Event | Transaction], codes: Codes, zone: ZoneInfo = OSLO) -> Index:
        """Read a file's entries through; raise `SaftError` when it breaks off or holds no amount, date or time."""
        registers: dict[str, _Read] = {}
        moments: dict[tuple[str, bool], Moments] = {}
        for entry in entries:
            is_event = isinstance(entry, Event)
            register = registers.setdefault(entry.register_id, _Read(Notes(entry.register_id)))
            at = moments.setdefault((entry.register_id, is_event), Moments(zone)).aware(entry.at)
            if isinstance(entry, Transaction):
                register.notes.add(entry, at.timestamp(), days.business_date(entry, at, zone))
                continue
            code = codes.predefined(code_lists.EVENT, entry.kind)
            if code == code_lists.Z_REPORT:
                report_id = entry.report_id or entry.event_id
                z = ZEvent(register_id=entry.register_id, report_id=report_id, at=at, report=entry.report)
                register.closings.append(z)
            elif code == code_lists.VOID_RECEIPT and entry.trans_id:
                register.void_events.add(entry.trans_id)
        wanted = frozenset[str]().union(*(register.notes.refs for register in registers.values()))
        return cls({name: register.index(wanted) for name, register in registers.items()})

    def original(self, register_id: str, ref_id: str) -> tuple[str, Known] | None:
        """Return the register and the transaction that a refID names: its nr or transID, its own register first."""
        own = self.registers[register_id]
        found = [own] if ref_id in own.named else [r for r in self.registers.values() if ref_id in r.named]
        if len(found) != 1:
            return None
        return found[0].register_id, found[0].named[ref_id]
