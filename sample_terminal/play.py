"""Plays a SAF-T file through the checkout, as if the evening happened now. The same file again changes nothing."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

from posplugin.domain.errors import UsageError
from posplugin.domain.payment import Outcome, PaymentRef, Terminal
from posplugin.hooks import PosHost
from posplugin.saft import DayEnd, Entry, NotASale, Played, Reader, Refused, SaftError, SaftRules, Skipped, ZEvent
from posplugin.saft.code_lists import ARTICLE_GROUP
from sample_terminal.card import CardTerminal, FakeCard
from sample_terminal.checkout import Buyer, Printer, Stopped, Till
from sample_terminal.figures import DayLog
from sample_terminal.house import house_of
from sample_terminal.journal import Journal
from sample_terminal.menu import Group
from sample_terminal.tally import RefusedSale, Tally

#: The most characters that the schema gives a report's number.
_LONGEST: Final = 35
#: The largest number that the journal's file holds.
_LARGEST: Final = 2**63 - 1


class HostFactory(Protocol):
    """Makes the till's host, such as `PosHost.load`."""

    def __call__(self, terminal: Terminal, outcome: Callable[[PaymentRef], Outcome]) -> PosHost:
        """Return a host whose plugins have been started."""


class NoPrinter:
    """Throws papers away."""

    def print(self, paper: str) -> None:
        """Print nothing."""


@dataclass(frozen=True, kw_only=True)
class Show:
    """A file to play, on which till, and how. `say` is told what a person should know, as it happens."""

    file: Path
    journal: Path
    terminal: Terminal
    rules: SaftRules = field(default_factory=SaftRules)
    load: HostFactory = PosHost.load
    card: CardTerminal = field(default_factory=FakeCard)
    printer: Printer = field(default_factory=NoPrinter)
    #: Seconds between sales.
    pause: float = 0.0
    say: Callable[[str], None] = lambda _: None


def play(show: Show) -> Tally:
    """Play the whole file and return what became of it.

    Raises `SaftError` before anything is played when the file cannot be read, and `JournalInUse`.
    """
    reader = Reader(show.file, show.rules, show.terminal.terminal_id)
    with Journal(show.journal) as journal:
        host = show.load(show.terminal, outcome=journal.outcome)
        try:
            till = Till(host, journal, show.card, show.printer, house=house_of(show.file), groups=_groups(reader))
            return _Performance(show, till, reader).run()
        finally:
            for failure in host.failures:
                show.say(f"plugin failure: {failure}")
            host.shutdown()


def _groups(reader: Reader) -> Mapping[str, Group]:
    """Return the article groups that a file names."""
    names = reader.codes.tables.names
    return {
        local: Group(name or local, reader.codes.article_group(local) or "")
        for (kind, local), name in names.items()
        if kind == ARTICLE_GROUP
    }


@dataclass(slots=True)
class _Day:
    """What a Z closes, as far as it has been read."""

    sale_ids: list[str] = field(default_factory=list)
    log: DayLog = field(default_factory=DayLog)


class _Performance:
    """One playing of one file."""

    def __init__(self, show: Show, till: Till, reader: Reader) -> None:
        self._show = show
        self._till = till
        self._reader = reader
        self._tally = Tally()
        #: By the Z that closes them; a later day's sales may stand before an earlier one's.
        self._days: defaultdict[ZEvent | None, _Day] = defaultdict(_Day)

    def run(self) -> Tally:
        self._till.replay()
        for entry in self._reader.entries():
            if isinstance(entry, DayEnd):
                self._close(entry)
            else:
                self._take(entry)
        self._till.replay()
        journal = self._till.journal
        self._tally.unconfirmed = len(journal.uncaptured()) + len(journal.unsent_z())
        return self._tally

    def _take(self, entry: Entry) -> None:
        match entry.verdict:
            case NotASale(why):
                self._tally.skipped["not_a_sale"] += 1
                self._till.journal.note("not_a_sale", f"{entry.transaction} is {why}")
                self._note_money(entry)
            case Skipped(why, text):
                self._tally.skipped[why] += 1
                self._till.journal.note(why, text)
                self._note_skipped(why, entry)
            case Refused(text):
                self._refuse(entry, "file", text)
            case Played() as played:
                self._ring_up(entry, played)

    def _note_money(self, entry: Entry) -> None:
        """Note what was put into the drawer or taken out of it, and what it was short of."""
        day = self._days[entry.day.z]
        try:
            day.log = replace(day.log, drawer=day.log.drawer.after(entry.transaction, self._reader.codes))
        except SaftError as error:
            self._refuse(entry, "file", f"{entry.transaction}: {error}")

    def _note_skipped(self, why: str, entry: Entry) -> None:
        """Count practice, and each void once: the sale that it voids is skipped as well."""
        day, amount = self._days[entry.day.z], abs(entry.transaction.amount)
        if why == "training":
            day.log = replace(day.log, training=day.log.training.plus(amount))
        elif why == "voided" and entry.transaction.void:
            day.log = replace(day.log, voids=day.log.voids.plus(amount))

    def _ring_up(self, entry: Entry, played: Played) -> None:
        if self._till.journal.is_final(played.sale):
            self._tally.already_played += 1
        else:
            buyer = Buyer(
                customer_number=played.customer_number,
                host_customer_id=played.host_customer_id,
                fields=played.fields,
            )
            try:
                answer = self._till.checkout(played.sale, buyer)
            except UsageError as error:
                answer = Stopped("usage", str(error))
            if isinstance(answer, Stopped):
                self._refuse(entry, answer.code, answer.text)
                return
            for warning in answer.warnings:
                self._show.say(f"{entry.transaction.nr}: {warning}")
            self._tally.played += 1
            time.sleep(self._show.pause)
        self._tally.add(played)
        self._days[entry.day.z].sale_ids.append(played.sale.sale_id)

    def _refuse(self, entry: Entry, code: str, text: str) -> None:
        refused = RefusedSale(
            nr=entry.transaction.nr,
            register=entry.transaction.register_id,
            customer=entry.transaction.customer,
            code=code,
            text=text,
        )
        self._tally.refused.append(refused)
        self._till.journal.note("refused", str(refused))
        self._show.say(f"refused {refused}")

    def _close(self, end: DayEnd) -> None:
        journal, z, day = self._till.journal, end.z, self._days.pop(end.z, _Day())
        sales = journal.open_sales(end.terminal_id, day.sale_ids)
        source, number, log = f"{z.register_id} Z {z.report_id} {z.at:%Y-%m-%d}", _number(z), day.log
        if journal.has_z(end.terminal_id, source):
            if not sales:
                return
            # Refused when the day was closed, and played since: they go into a Z of the till's own, or into none.
            source += f" and after, Z {journal.z_number(end.terminal_id)}"
            number, log = None, DayLog()
        report = self._till.close_day(end.business_date, z.at, source, sales, number=number, log=log)
        self._tally.z_reports.append(report.number)
        if report.number != number:
            self._show.say(f"register {z.register_id}, Z {z.report_id}: closed as {report.name}")


def _number(z: ZEvent) -> int | str | None:
    """Return the number that a Z has in its file; None where that can be no Z's number."""
    if z.number is not None:
        return z.number if z.number <= _LARGEST else None
    text = z.report_id.strip()
    return text if 0 < len(text) <= _LONGEST and text.isprintable() and not text.isdecimal() else None
