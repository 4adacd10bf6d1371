"""A SAF-T file → settlements to be posted: everything is looked at first, and each Z is taken once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from posplugin.bookkeeping.reconciliation import Reconciliation
from posplugin.bookkeeping.settlement import journal_lines, likely_cause
from posplugin.domain.errors import UsageError
from posplugin.domain.money import kroner_text
from posplugin.domain.settlement import SETTLEMENTS_OFF, Settlement
from posplugin.domain.zreport import ZReport, disagreement
from posplugin.outbox.settlements import Source
from posplugin.outbox.store import Outbox
from posplugin.saft import Reader, SaftRules
from posplugin.saft.settlements import DayRead, Waiting, read_days
from posplugin.sender.draw import SettlementTerms
from posplugin.settings.model import Settings

#: A till and its file may tell of one Z this far apart.
_AT_ONCE = timedelta(hours=1)


class Verdict(StrEnum):
    """What becomes of a Z of the file."""

    #: It is to be posted.
    NEW = "new"
    #: It came before, by whichever way.
    ALREADY_THERE = "already_there"
    #: Its day is outside the period asked for, or before the settings let anything be sent.
    LEFT_OUT = "left_out"
    #: It is not taken, for what its problems say.
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDay:
    """One Z of the file."""

    read: DayRead
    department: str
    verdict: Verdict
    #: What is wrong with it, in sentences; empty when nothing is.
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import found, and did."""

    days: tuple[ImportedDay, ...]
    waiting: tuple[Waiting, ...]
    #: Settings that are missing, each once, with the first Z that needs them: nothing is taken before they are there.
    gaps: tuple[str, ...]
    #: Whether the new ones have been taken; False when anything is wrong, and after a dry run.
    taken: bool = False

    def of(self, verdict: Verdict) -> list[ImportedDay]:
        """Return the days of a verdict."""
        return [day for day in self.days if day.verdict is verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """Takes settlements from a SAF-T file into one outbox."""

    settings: Settings
    outbox: Outbox
    terms: SettlementTerms
    #: Whom the events will name.
    who: str

    def take(
        self,
        path: Path,
        *,
        first: date = date.min,
        last: date = date.max,
        leave_out_problems: bool = False,
        dry_run: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> ImportReport:
        """Read the whole file, and only then let its new Z reports of a period be posted; repeatable for ever.

        Nothing is taken while an account is missing, nor while a Z has a problem, unless those are to be left out.
        Raises `SaftError` for a file that cannot be read, and `UsageError` when settlements are off.
        """
        if not any(self.settings.settles(name) for name in self.settings.departments):
            raise UsageError(SETTLEMENTS_OFF)
        rules = SaftRules.from_settings(self.settings.path)
        terminal = self.settings.terminal
        reader = Reader(path, rules, terminal.id, every_terminal=True, zone=terminal.timezone, progress=progress)
        days: list[ImportedDay] = []
        waiting: list[Waiting] = []
        registers: set[str] = set()
        for read in read_days(reader):
            if isinstance(read, Waiting):
                waiting.append(read)
            else:
                is_first = read.register_id not in registers
                days.append(self._judged(read, first, last, is_first=is_first))
                registers.add(read.register_id)
        report = ImportReport(days=tuple(days), waiting=tuple(waiting), gaps=tuple(self._gaps(days)))
        wrong = report.gaps or (report.of(Verdict.PROBLEM) and not leave_out_problems)
        if wrong or dry_run:
            return report
        for day in report.of(Verdict.NEW):
            settlement = Settlement(z=day.read.z, department=day.department)
            if not self.outbox.settlements.keep(day.read.z, settlement, self.who, Source.FILE):
                known = self.outbox.settlements.find(day.read.z.terminal_id, day.read.z.number) or day.read.z
                self.outbox.settlements.enqueue(replace(settlement, z=known), self.who, f"chosen by hand: {path.name}")
        return replace(report, taken=True)

    def _judged(self, read: DayRead, first: date, last: date, *, is_first: bool) -> ImportedDay:
        if not self.settings.invoicing.enabled:  # what is on account is none of our invoices
            read = replace(read, z=replace(read.z, invoiced=None))
        z, department = read.z, read.department or self.settings.terminal.department
        day = ImportedDay(read=read, department=department, verdict=Verdict.NEW)
        since = self.settings.invoicing.enabled_since or date.min
        if not max(first, since) <= z.business_date <= last:
            return replace(day, verdict=Verdict.LEFT_OUT)
        if known := self.outbox.settlements.find(z.terminal_id, z.number):
            differs = disagreement(known, z)
            if differs is None:  # one that was kept while settlements were off is taken now
                verdict = Verdict.ALREADY_THERE if self.outbox.settlements.of(known) else Verdict.NEW
                return replace(day, verdict=verdict)
            words = f"{z.name} came before, with other sums: {differs}. What came first counts; find out which is right"
            return replace(day, verdict=Verdict.PROBLEM, problems=(words,))
        cut = is_first and not read.figures
        if cut and not _has_something(read):  # its receipts may lie before the file: a later file tells it whole
            return replace(day, verdict=Verdict.LEFT_OUT)
        problems = (*read.problems, *self._doubts(z, department), *([_perhaps_cut(read)] if cut else []))
        return replace(day, verdict=Verdict.PROBLEM, problems=problems) if problems else day

    def _doubts(self, z: ZReport, department: str) -> Iterator[str]:
        if department not in self.settings.departments or not self.settings.settles(department):
            yield f"{z.name}: department {department} has no ledger in the settings"
        if difference := z.cash.difference:
            cause = likely_cause(z)
            told = f"{z.name} does not add up: its payments are {kroner_text(difference)} more than its sales"
            yield f"{told} ({cause})" if cause else told
        if twin := self._twin(z):
            yield (
                f"it has the same sums as {twin.name}, which closed at the same time and is here already: one day "
                "under two numbers, which must not be posted twice"
            )

    def _twin(self, z: ZReport) -> ZReport | None:
        """Return a Z of another number that closed just then with the same sums: the till's own count, perhaps."""
        if not z.cash.sold:
            return None
        a_day = timedelta(days=1)
        near = self.outbox.settlements.between(z.business_date - a_day, z.business_date + a_day)
        others = [other for other in near if other.terminal_id == z.terminal_id and other.number != z.number]
        at_once = [other for other in others if abs(other.closed_at - z.closed_at) <= _AT_ONCE]
        return next((other for other in at_once if disagreement(other, z) is None), None)

    def _gaps(self, days: Iterable[ImportedDay]) -> Iterator[str]:
        """Yield what the ledgers lack for all that is new, so that all of it is mended at once."""
        gaps: dict[str, str] = {}
        for day in days:
            ledger = self.terms.ledger_of(day.department)
            if day.verdict is Verdict.NEW and ledger:
                for gap in journal_lines(day.read.z, Reconciliation(), ledger).gaps:
                    gaps.setdefault(f"department {day.department}: {gap}", day.read.z.name)
        for gap, z in gaps.items():
            yield f"{gap} ({z} needs it first)"


def _has_something(read: DayRead) -> bool:
    return bool(read.counts.receipts or read.z.cash.tenders or read.z.movements)


def _perhaps_cut(read: DayRead) -> str:
    """Say of the first Z of a register that its day may have begun before the file does, where nothing tells."""
    return (
        f"{read.z.name} is the first of register {read.register_id} in this file, and has no figures of its own: "
        "receipts from before the file begins may be missing; export from a day earlier, and give --from "
        f"{read.z.business_date}"
    )
