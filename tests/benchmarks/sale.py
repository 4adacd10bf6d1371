"""A sale on account: authorize and capture, as a till calls the hooks, beside bare apsw that writes the same bytes.

Ours is a dinner for two: it is judged, promised (a record and its event in one synced commit), and let go (the record
moved, the next event, in a second). Beside it apsw writes that record's columns and those events, read back from the
file that ours wrote, into plain tables without an index, in two commits with the same pragmas, and judges nothing.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import apsw
import pluggy

from posplugin.app import App
from posplugin.domain.payment import (
    Authorization,
    Outcome,
    PaymentRequest,
    Startup,
    Terminal,
)
from posplugin.hooks import CONTRACT, PROJECT
from posplugin.hooks.plugin import create
from posplugin.hooks.specs import PosTerminalSpec
from posplugin.outbox.database import _PRAGMAS
from tests.benchmarks.comparison import Comparison, Measured, Samples, Table, by_turns
from tests.benchmarks.dinner import LINES, dinner, on_a_disk
from tests.benchmarks.full_outbox import fill
from tests.disk.shim import Act, disk
from tests.fixtures.customers import CUSTOMERS
from tests.fixtures.settings import write_settings

_BESIDE: Final = "bare apsw, the same bytes in two synced commits"
#: So many records stand in an outbox of some months.
_MONTHS: Final = 20_000
_WARM: Final = 30
#: Seconds that the disk of many a till takes to sync: a flash disk with no power of its own to lean on.
_SLOW: Final = 0.002


@dataclass
class Sold:
    """What both commits of many sales took, and each."""

    both: Samples = field(default_factory=Samples)
    first: Samples = field(default_factory=Samples)
    second: Samples = field(default_factory=Samples)
    #: Processor time of a sale, milliseconds, without what the disk is waited for.
    busy: float = 0.0


class Till:
    """The plugin, started on an outbox, and a till that calls its hooks."""

    def __init__(self, config: Path) -> None:
        with App.open(config) as app:
            app.customers.store(CUSTOMERS, app.clock())
            self.path = app.database.path
        os.environ["POSPLUGIN_CONFIG"] = str(config)
        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(PosTerminalSpec)
        manager.register(create())
        self.hook = manager.hook
        self.terminal = Terminal(terminal_id="bar-1", department="bar")
        self.hook.pos_startup(startup=Startup(terminal=self.terminal, contract=CONTRACT, outcome=_unknown))
        self._numbers = itertools.count(1)
        self._asked: list[PaymentRequest] = []
        self.sold = Sold()

    def lay(self, tables: int) -> None:
        """Have so many guests ask for the bill: what the till makes before it calls us is not measured."""
        self._asked += [dinner(number) for number in itertools.islice(self._numbers, tables)]

    def sell(self) -> None:
        """Authorize and capture the next sale."""
        asked = self._asked.pop()
        self.sold.first.time(lambda: self._authorize(asked))
        self.sold.second.time(lambda: self._capture(asked))

    def _authorize(self, asked: PaymentRequest) -> None:
        (answer,) = self.hook.pos_authorize_payment(request=asked)
        assert isinstance(answer, Authorization), answer

    def _capture(self, asked: PaymentRequest) -> None:
        assert self.hook.pos_capture_payment(request=asked) == [True]

    def close(self) -> None:
        """Shut the plugin down."""
        self.hook.pos_shutdown(terminal=self.terminal)


class Bare:
    """The same bytes in plain tables, by apsw alone."""

    def __init__(self, path: Path, of: Path) -> None:
        self._columns, self._record, self._events = _written(of)
        self._connection = apsw.Connection(str(path))
        for name, value in _PRAGMAS.items():
            self._connection.execute(f"PRAGMA {name} = {value}")
        for table, columns in (("records", self._columns), ("events", _EVENT_COLUMNS)):
            self._connection.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, {', '.join(columns)})")
        marks = ", ".join("?" * len(self._columns))
        self._insert = f"INSERT INTO records ({', '.join(self._columns)}) VALUES ({marks})"
        self._event = f"INSERT INTO events ({', '.join(_EVENT_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        place = self._columns.index("status")
        self._promised = (*self._record[:place], "authorized", *self._record[place + 1 :])
        self._moved = [self._record[self._columns.index(name)] for name in ("status", "updated_at")]
        self._id = 0
        self.sold = Sold()

    def sell(self) -> None:
        """Write what a sale writes."""
        self.sold.first.time(self._first)
        self.sold.second.time(self._second)

    def _first(self) -> None:
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        run(self._insert, self._promised)
        self._id = self._connection.last_insert_rowid()
        run(self._event, (self._id, *self._events[0]))
        run("COMMIT")

    def _second(self) -> None:
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        run("UPDATE records SET status = ?, updated_at = ? WHERE id = ?", (*self._moved, self._id))
        run(self._event, (self._id, *self._events[1]))
        run("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


_EVENT_COLUMNS: Final = ("record_id", "at", "who", "was", "now", "reason", "why")


def _written(path: Path) -> tuple[list[str], tuple[Any, ...], list[tuple[Any, ...]]]:
    """Return the columns and the values of the newest record in an outbox, and its events."""
    with App.open(path.with_name("posplugin.toml")) as app:
        columns = [str(row[1]) for row in app.database.rows("PRAGMA table_info(records)")][1:]
        row = app.database.row(f"SELECT id, {', '.join(columns)} FROM records ORDER BY id DESC LIMIT 1")
        assert row is not None
        told = ", ".join(_EVENT_COLUMNS[1:])
        events = app.database.rows(f"SELECT {told} FROM events WHERE record_id = ? ORDER BY id", row[:1])
    return columns, row[1:], events


def _unknown(_: object) -> Outcome:
    return Outcome.UNKNOWN


@contextmanager
def _both(folder: Path, records: int = 0) -> Iterator[tuple[Till, Bare]]:
    """A till with so many records, warm, and its bare neighbour with none."""
    folder.mkdir()
    if records:
        fill(folder, records)
    departments = {"roof": {"client_key": "bar-client-0b2d", "products": {"vat_25": "30"}}} if records else {}
    schedule = {"automatic": False, "runs_in": "service"}
    till = Till(write_settings(folder / "posplugin.toml", departments=departments, schedule=schedule))
    till.lay(_WARM)
    till.sell()
    bare = Bare(folder / "bare.sqlite3", till.path)
    for _ in range(_WARM - 1):
        till.sell()
        bare.sell()
    try:
        yield till, bare
    finally:
        till.close()
        bare.close()


def _by_turns(till: Till, bare: Bare, rounds: int) -> tuple[Sold, Sold]:
    till.lay(rounds * 2)
    till.sold, bare.sold = Sold(), Sold()
    till.sold.both, bare.sold.both = by_turns([till.sell, bare.sell], rounds, warm=0)
    found = till.sold, bare.sold
    till.sold, bare.sold = Sold(), Sold()
    for sold, sell in zip(found, (till.sell, bare.sell), strict=True):
        began = time.process_time()
        for _ in range(rounds // 4):
            sell()
        sold.busy = (time.process_time() - began) / (rounds // 4) * 1000
    return found


_READS: Final = """
import sys
import time
from pathlib import Path
from posplugin.app import App
from posplugin.outbox.lifecycle import Status
with App.open(Path(sys.argv[1])) as app:
    print("reads", flush=True)
    while True:
        app.outbox.in_status(Status.PENDING, Status.SENDING, Status.UNCERTAIN, Status.NEEDS_ATTENTION)
        app.outbox.deliveries.to_do()
        time.sleep(0.01)
"""


@contextmanager
def _sender_reads(config: Path) -> Iterator[None]:
    """Another process reads what is to be sent, a hundred times a second at most: more than any sender does."""
    command = [sys.executable, "-c", _READS, str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as reader:
        try:
            assert reader.stdout is not None
            assert reader.stdout.readline() == b"reads\n"
            yield
        finally:
            reader.kill()


def _slowly(folder: Path, rounds: int) -> tuple[Sold, Sold]:
    """Measure where each sync takes longer, as on the disks of many tills."""
    with disk() as under, _both(folder) as (till, bare):
        under.slow = _SLOW
        found = _by_turns(till, bare, rounds)
        under.mend()
    return found


def _counted(folder: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return syncs and frames of the log for a sale: ours, and bare."""
    sales = 20
    with disk() as under, _both(folder) as (till, bare):
        till.lay(sales)
        found = []
        for sell in (till.sell, bare.sell):
            under.begin()
            for _ in range(sales):
                sell()
            # each frame of the log is two writes: its head, and its page
            found.append((under.asked[Act.SYNC] / sales, under.asked[Act.WRITE] / 2 / sales))
    return found[0], found[1]


def measure(quick: bool) -> Measured:
    """Measure a sale on a new outbox, on one of some months, and while a sender reads."""
    rounds, few = (20, 20) if quick else (5000, 2500)
    with tempfile.TemporaryDirectory(dir=on_a_disk()) as name, ExitStack() as stack:
        folder = Path(name)
        till, bare = stack.enter_context(_both(folder / "new"))
        new = _by_turns(till, bare, rounds)
        with _sender_reads(folder / "new" / "posplugin.toml"):
            read = _by_turns(till, bare, few)
        old_till, old_bare = stack.enter_context(_both(folder / "old", 200 if quick else _MONTHS))
        old = _by_turns(old_till, old_bare, few)
        slow = _slowly(folder / "slow", few // 5)
        counts = _counted(folder / "counted")
    ours, theirs = new
    note = f"two hooks by turns with two commits, {rounds} times each; a dinner of {len(LINES)} lines"
    return Measured(
        comparisons=[
            Comparison(
                what="authorize + capture, durable, p50",
                beside=_BESIDE,
                ours=ours.both.p50,
                theirs=theirs.both.p50,
                unit="ms",
                goal=1.5,
                note=note,
            ),
            Comparison(
                what="authorize + capture, durable, p99",
                beside=_BESIDE,
                ours=ours.both.p99,
                theirs=theirs.both.p99,
                unit="ms",
                goal=2,
                note="the same",
            ),
        ],
        tables=[
            Table(
                title="sale",
                head=("ms", "ours p50", "p99", "bare p50", "p99", "ours / bare p50", "p99"),
                rows=[
                    _row("authorize", ours.first, theirs.first),
                    _row("capture", ours.second, theirs.second),
                    _row("both", ours.both, theirs.both),
                    _row("both, while a sender reads", read[0].both, read[1].both),
                    _row(f"both, {_MONTHS:,} records before".replace(",", " "), old[0].both, old[1].both),
                    _row(f"both, each sync {_SLOW * 1000:g} ms longer", slow[0].both, slow[1].both),
                ],
            ),
            Table(
                title="sale, what it is made of",
                head=("a sale", "ours", "bare"),
                rows=[
                    ("syncs of the disk", *(f"{syncs:g}" for syncs, _ in counts)),
                    ("pages of 4 kB written to the log", *(f"{frames:.0f}" for _, frames in counts)),
                    ("processor time, ms", f"{ours.busy:.2f}", f"{theirs.busy:.2f}"),
                ],
            ),
        ],
    )


def _row(what: str, ours: Samples, theirs: Samples) -> tuple[str, ...]:
    figures = (ours.p50, ours.p99, theirs.p50, theirs.p99)
    ratios = (ours.p50 / theirs.p50, ours.p99 / theirs.p99)
    return (what, *(f"{figure:.2f}" for figure in figures), *(f"{ratio:.2f}" for ratio in ratios))
