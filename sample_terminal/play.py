"""Plays a SAF-T file through the checkout, as if the evening happened now. The same file again changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from posplugin.domain.errors import UsageError
from posplugin.domain.payment import Outcome, PaymentRef, Terminal
from posplugin.hooks import PosHost
from posplugin.saft import DayEnd, Entry, NotASale, Played, Reader, Refused, SaftRules, Skipped
from sample_terminal.card import CardTerminal, FakeCard
from sample_terminal.checkout import Buyer, Printer, Stopped, Till
from sample_terminal.journal import Journal
from sample_terminal.tally import RefusedSale, Tally


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
            return _Performance(show, Till(host, journal, show.card, show.printer)).run(reader)
        finally:
            for failure in host.failures:
                show.say(f"plugin failure: {failure}")
            host.shutdown()


class _Performance:
    """One playing of one file."""

    def __init__(self, show: Show, till: Till) -> None:
        self._show = show
        self._till = till
        self._tally = Tally()
        #: Per register, the sales that its next Z closes.
        self._day: dict[str, list[str]] = {}

    def run(self, reader: Reader) -> Tally:
        self._till.replay()
        for entry in reader.entries():
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
            case Skipped(why, text):
                self._tally.skipped[why] += 1
                self._till.journal.note(why, text)
            case Refused(text):
                self._refuse(entry, "file", text)
            case Played() as played:
                self._ring_up(entry, played)

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
        self._day.setdefault(entry.transaction.register_id, []).append(played.sale.sale_id)

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
        journal, z = self._till.journal, end.z
        sales = journal.open_sales(end.terminal_id, self._day.pop(z.register_id, []))
        source = f"{z.register_id} Z {z.report_id} {z.at:%Y-%m-%d}"
        if journal.has_z(end.terminal_id, source):
            if not sales:
                return
            # Refused when the day was closed, and played since: they go into a Z of their own, or into none.
            source += f" and after, Z {journal.next_z(end.terminal_id)}"
        report = self._till.close_day(end.business_date, z.at, source, sales)
        self._tally.z_reports.append(report.number)
