"""A year of a till, evening for evening: `python -m tests.year.play --evenings 365 --sales 300 --seed 1`.

Every evening sales are taken by the real hooks and the day is closed; every night the real scheduler sends to a
simulated PowerOffice, with which something is the matter on most nights; by day a person there sends drafts and sees
payments. Each week the till is restarted, and what it holds of the machine is measured. In the end the books are
compared whole. Ends with 1 when anything is wrong or has grown.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.checking.gate import open_gate
from posplugin.outbox.lifecycle import Status
from posplugin.schedule import next_run
from posplugin.settings.clients import go_clients
from posplugin.simulator import SUBSCRIPTION_KEY
from tests.integration.sender.shop import CLEARING_MODE, LEDGER, quick_pacer, settings_text
from tests.year import bookkeeper, measures, weather
from tests.year.books import Compared, compare, read
from tests.year.clocks import OSLO, Time, at_oslo, hours, travelling
from tests.year.measures import Sample
from tests.year.office import Office, forget_requests
from tests.year.till import LINKED, TERMINAL, Bar

#: Five days later the clocks go back; then comes a new year, and spring.
FIRST_EVENING = datetime(2026, 10, 20, 16, tzinfo=OSLO)
#: From four until half past three: on two nights of a year that is another hour on the wall clock.
_OPEN_HOURS = 11.5
_SETTINGS = {
    "terminal": TERMINAL,
    "schedule": 'automatic = true\ntime = "06:00"\nwindow = "2h"',
    "settlement": 'schedule = { time = "08:30" }',
    "ledger": LEDGER,
}


@dataclass(kw_only=True)
class Told:
    """What a year came to."""

    samples: list[Sample] = field(default_factory=list)
    nights: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    books: Compared | None = None
    wrong: list[str] = field(default_factory=list)
    evenings: int = 0


@dataclass(kw_only=True)
class Year:
    """How much is played, and where; `week` is how many evenings lie between two restarts and measurements."""

    evenings: int
    sales: int
    seed: int
    folder: Path
    week: int = 7
    #: Stop playing evenings when so many seconds of the machine's time have passed.
    seconds: float = float("inf")

    def play(self) -> Told:
        """Play it; say each week how it stands."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            logging.disable()
            stack.callback(logging.disable, logging.NOTSET)
            office = stack.enter_context(Office())
            now = stack.enter_context(travelling(FIRST_EVENING - timedelta(hours=3), office))
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setenv("POSPLUGIN_CONFIG", str(self.config))
            patch.setattr("posplugin.sender.run.SEND_POLLS", (0.0, 0.1))
            self._set_up(office)
            return _Played(self, office, now).through()

    @property
    def config(self) -> Path:
        return self.folder / "posplugin.toml"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox.sqlite3"

    def _set_up(self, office: Office) -> None:
        self.write(office)
        with self.technician() as app:
            app.sync_customers()
            (client,) = go_clients(app.settings)
            app.customers.of(client).link_all(LINKED.items(), "technician")
        self.check()

    def write(self, office: Office, **changes: str) -> None:
        """Write the settings."""
        self.config.write_text(settings_text(office.url, **_SETTINGS | changes), encoding="utf-8")
        self.config.chmod(0o600)

    def technician(self) -> App:
        """Open the outbox as a command does."""
        app = App.open(self.config)
        app._pacers[SUBSCRIPTION_KEY, 1] = quick_pacer(1000)
        return app

    def check(self) -> None:
        """Let the technician check the set-up, which opens the gate."""
        with self.technician() as app:
            wrong = [finding for finding in app.office().check() if not finding.ok]
            assert wrong == [], wrong
            open_gate(app.settings, app.outbox)


class _Played:
    """One year, being played."""

    def __init__(self, year: Year, office: Office, now: Time) -> None:
        self._year = year
        self._office = office
        self._time = now
        self._dice = random.Random(year.seed)
        self._told = Told()
        self._bar = Bar(year.folder, now, self._dice)
        self._settled_by_z = False
        self._largest_log = 0
        self._cpu = time.process_time()

    def through(self) -> Told:
        """Play all of it."""
        began = time.monotonic()
        print(measures.HEAD)
        try:
            for number, night in enumerate(islice(weather.nights(self._dice), self._year.evenings), 1):
                self._evening(number)
                self._night(night)
                self._day()
                if number % self._year.week == 0:
                    self._week()
                self._told.evenings = number
                if time.monotonic() - began > self._year.seconds:
                    break
                if number >= self._year.evenings // 3 and not self._settled_by_z:
                    self._let_the_settlement_report_vat()
            self._end()
        finally:
            self._bar.close()
        self._told.seen = self._bar.seen
        self._told.wrong += [f"plugin failure: {each}" for each in self._bar.failures]
        return self._told

    def _evening(self, number: int) -> None:
        opens = FIRST_EVENING + timedelta(days=number - 1)  # on the wall clock
        self._time.until(opens)
        self._bar.sells(self._year.sales, hours(_OPEN_HOURS))
        self._bar.closes(number, opens)

    def _night(self, name: str) -> None:
        """From the Z until nine: both runs, with what is the matter on that night."""
        self._told.nights[name] += 1
        self._office.ask(weather.comes, name)
        for _ in range(2):  # the invoices', then the settlements'
            due = next_run(self._bar.app.settings, self._time.now())
            assert due is not None
            self._time.until(due + timedelta(seconds=20))
            self._bar.look()
        self._largest_log = max(self._largest_log, measures.log_size(self._year.outbox))
        self._office.ask(weather.clears)

    def _day(self) -> None:
        """At noon a person works in PowerOffice; in the afternoon the till looks how things stand."""
        self._time.until(at_oslo(self._time.now(), 12))
        sent, paid = self._office.ask(bookkeeper.works)
        self._told.nights.update({"drafts sent": sent, "invoices paid": paid})
        self._time.until(at_oslo(self._time.now(), 15))
        self._bar.look()

    def _week(self) -> None:
        self._bar.reopen()
        self._bar.look()
        self._office.ask(forget_requests)
        self._measure()
        self._bar.took.clear()
        self._largest_log, self._cpu = 0, time.process_time()

    def _measure(self) -> None:
        found = measures.sample(
            self._year.outbox,
            day=self._time.now().date(),
            sales=self._bar.journal.count_sales(TERMINAL),
            documents=int((self._bar.app.database.row("SELECT count(*) FROM records") or (0,))[0]),
            log=self._largest_log,
            took=self._bar.took,
            cpu=(time.process_time() - self._cpu) / self._year.week,
        )
        self._told.samples.append(found)
        print(measures.row(found), flush=True)
        measures.write(self._year.folder / "year.csv", self._told.samples)

    def _let_the_settlement_report_vat(self) -> None:
        """The technician changes who reports the VAT, on a day when nothing waits to be sent."""
        if self._bar.app.outbox.in_status(Status.PENDING, Status.UNCERTAIN, Status.SENDING, Status.NEEDS_ATTENTION):
            return
        self._year.write(self._office, **CLEARING_MODE, invoicing="allow_vat_in_text = true")
        self._year.check()
        self._bar.reopen()
        self._settled_by_z = True
        print(f"{self._time.now():%Y-%m-%d} from now on the settlements report the VAT", flush=True)

    def _end(self) -> None:
        """Two nights without faults and without sales; the last drafts are sent; then all is compared."""
        self._office.ask(weather.clears)
        for _ in range(2):
            self._time.later(hours(12))
            self._night("calm")
            self._day()
        self._office.ask(bookkeeper.sends_all)
        self._time.later(hours(24))
        self._bar.look()
        told, app = self._told, self._bar.app
        told.wrong += [f"needs a person: {r.receipt} {r.reason} {r.detail}" for r in app.outbox.needing_a_person()]
        told.books = compare(self._bar.journal, app.outbox, self._office.ask(read))
        told.wrong += told.books.wrong
        if told.evenings == self._year.evenings and not self._settled_by_z:
            told.wrong.append("who reports the VAT was never changed: there was no day on which nothing waited")


def main() -> int:
    """Play what was asked for, and say what came of it."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--evenings", type=int, default=365)
    ask.add_argument("--sales", type=int, default=300)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--week", type=int, default=7, help="evenings between two restarts and measurements")
    ask.add_argument("--minutes", type=float, default=float("inf"), help="play no new evening after so long")
    ask.add_argument("--folder", type=Path, help="where the files are kept; without, they are thrown away")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as thrown_away:
        year = Year(
            evenings=given.evenings,
            sales=given.sales,
            seed=given.seed,
            folder=given.folder or Path(thrown_away),
            week=given.week,
            seconds=given.minutes * 60,
        )
        told = year.play()
    return say(told)


def say(told: Told) -> int:
    """Print what a year came to; return 0 where nothing is wrong."""
    assert told.books is not None
    print(f"\n{told.evenings} evenings: {dict(told.seen)}")
    print(f"nights: {dict(told.nights)}")
    print(
        f"{told.books.documents} documents ({told.books.invoiced} kr) and {told.books.settlements} settlements compared"
    )
    for row in told.books.vat:
        print(
            f"VAT of code {row.code}: printed {row.printed}, reported {row.reported} øre; {row.at_most:.0f} may differ"
        )
    found = [*told.wrong[:50], *measures.leaks(told.samples)]
    for sentence in found:
        print(f"WRONG: {sentence}")
    print("the books are equal, and nothing has grown" if not found else f"{len(found)} things are wrong")
    return 1 if found else 0


if __name__ == "__main__":
    os.environ["SSL_CERT_DIR"] = tempfile.gettempdir()  # no TLS here
    sys.exit(main())
