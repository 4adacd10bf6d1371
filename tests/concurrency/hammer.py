"""Many processes at one outbox file at once; then counts what was refused, lost or doubled.

    python -m tests.concurrency.hammer --processes 8 --minutes 10 --seed 7

A till with several cashiers, the console with two browsers, the service, a sender, commands, technicians, and somebody
who makes checkpoints and reads for a long time; PowerOffice is one more. Senders are suspended now and then. In the
end till, outbox and books are compared by the checker of `tests.crash`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, cycle, islice
from pathlib import Path

import apsw

from posplugin.app import App
from posplugin.checking.gate import open_gate
from posplugin.domain.reasons import Reason
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.store import Outbox
from posplugin.settings import read_settings
from sample_terminal.journal import Journal
from tests.concurrency import accounts
from tests.concurrency.commands import command_line, sender, service
from tests.concurrency.keepers import keeper
from tests.concurrency.notes import stop
from tests.concurrency.selling import sell
from tests.concurrency.technicians import COUNTER, console, technician
from tests.crash.checker import MEANINGS, TERMINAL, Found, check_books, final_payments
from tests.crash.processes import Child, Work
from tests.crash.till_process import till
from tests.crash.world import JOURNAL, OUTBOX, SETTINGS, World

# What every process needs is imported once.
multiprocessing.get_context("forkserver").set_forkserver_preload(
    [f"tests.concurrency.{name}" for name in ("selling", "technicians", "commands", "keepers")]
    + ["tests.crash.world", "posplugin.papers.pdf"]
)
_COUNTERS = 3
#: Seconds that a sender is suspended at most: shorter than a till waits, since it may have the file.
_SUSPENDED = 0.3


@dataclass
class Figures:
    """What it came to."""

    counts: Counter[str] = field(default_factory=Counter)
    #: The longest of each thing, seconds.
    longest: dict[str, float] = field(default_factory=dict)
    #: By name of the technician, changes said to be made.
    made: dict[str, Counter[str]] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    found: Found = field(default_factory=Found)


@dataclass
class _Team:
    """The processes at work."""

    children: list[tuple[str, Child]]
    dice: random.Random

    def suspend_somebody(self, figures: Figures) -> None:
        """Stop a sender wherever it is, and let it go on after a while."""
        asleep = [child for name, child in self.children if name.startswith(("sender", "service"))]
        if not asleep or (pid := self.dice.choice(asleep).process.pid) is None:
            return
        with suppress(ProcessLookupError):  # one that failed says so in the end
            os.kill(pid, signal.SIGSTOP)
            time.sleep(self.dice.random() * _SUSPENDED)
            os.kill(pid, signal.SIGCONT)
            figures.counts["senders suspended"] += 1


def run(processes: int, seconds: float, seed: int = 1, *, threads: int = 4, pause: float = 0.5) -> Figures:
    """Let so many processes work for so long; `pause` is a cashier's longest pause between two sales."""
    figures, dice = Figures(), random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        world = _world(Path(name) / "plain")
        team = _Team(_start(world, processes, seed, threads, pause), dice)
        try:
            ends = time.monotonic() + seconds
            while (left := ends - time.monotonic()) > 0:
                time.sleep(min(left, dice.uniform(0.5, 3.0)))
                team.suspend_somebody(figures)
            stop(world.folder)
            for who, child in team.children:
                world.heard(child)
                _add(figures, who, child)
        finally:
            for _, child in team.children:
                child.process.kill()
        _judge(world, figures)
    return figures


def _world(folder: Path) -> World:
    """A world whose service sends, with some sales that wait for a person."""
    world = World.new(folder, "plain")
    path = folder / SETTINGS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("automatic = false", 'runs_in = "service"\nwindow = "1m"'), encoding="utf-8")
    world.do(till, ("whole",) * _COUNTERS, COUNTER)
    with Database(folder / OUTBOX) as database:
        outbox = Outbox(database)
        open_gate(read_settings(path), outbox)
        for record in outbox.in_status(Status.PENDING):
            outbox.move(record, Status.NEEDS_ATTENTION, "test", "put aside", reason=Reason.REJECTED)
    return world


def _start(world: World, processes: int, seed: int, threads: int, pause: float) -> list[tuple[str, Child]]:
    works: tuple[tuple[Work, *tuple[object, ...]], ...] = (
        (sell, threads, pause),
        (console,),
        (sender,),
        (technician,),
        (keeper, 10.0),
        (service,),
        (command_line,),
    )
    further = cycle(((technician,), (command_line,)))
    children = []
    for number, (work, *more) in enumerate(islice(chain(works, further), processes)):
        name = f"{work.__name__}-{number}-{seed}"
        children.append((name, world.start(work, name, *more)))
    for _, child in children:
        child.hear()  # it has opened its files
    return children


def _add(figures: Figures, who: str, child: Child) -> None:
    for words in child.told:
        counts = Counter[str](words.get("counts", {}))
        made = {name.removesuffix(": made"): count for name, count in counts.items() if name.endswith(": made")}
        if made:
            figures.made[f"technician:{who}"] = Counter(made)
        figures.counts += counts
        for name, value in words.get("longest", {}).items():
            figures.longest[name] = max(value, figures.longest.get(name, 0.0))
        for wrong in words.get("wrong", ()):
            figures.found.note("refused", child.process.name, wrong)


def _judge(world: World, figures: Figures) -> None:
    """Let the technicians' records go out, everything come to rest, and compare."""
    with App.open(world.folder / SETTINGS) as app:
        figures.found.add(accounts.check_changes(app.outbox, figures.made))
        figures.found.add(accounts.check_counters(app.outbox, figures.made))
        left = app.office().retry_all(app.outbox.needing_a_person())
        figures.found.when(left.left or left.refused, "needs a person", left.left, left.refused)
        let_go = accounts.discarded(app.outbox)
    _check_log(world.folder, figures.found)
    world.go_on()
    world.close()
    world.found.add(check_books(world.folder, at_rest=True, witnessed=world.witnessed, closed=world.closed))
    figures.found.add(accounts.without_discarded(world.found, let_go))
    with Journal(world.folder / JOURNAL) as journal, Database(world.folder / OUTBOX) as database:
        outbox = Outbox(database)
        for record in outbox.select("status = 'discarded' AND kind <> 'settlement'"):
            was_sent = [each for each in outbox.attempts(record) if each.outcome == "accepted"]
            figures.found.when(was_sent, "sent though discarded", record.ref)
        delivered = len(outbox.select("status = 'delivered' AND kind <> 'settlement'"))
        figures.held = {
            "sales and returns final": journal.count_sales(TERMINAL),
            "payments on account final": len(final_payments(journal)),
            "invoices and credit notes delivered": delivered,
            "discarded by a technician": len(let_go),
            "days closed": len(journal.z_reports(TERMINAL)),
            "events": outbox.newest_event(),
        }


def _check_log(folder: Path, found: Found) -> None:
    connection = apsw.Connection(str(folder / OUTBOX))
    connection.execute("SELECT count(*) FROM records").fetchall()
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    size = (folder / f"{OUTBOX}-wal").stat().st_size
    connection.close()
    found.when(size, "log not bounded", size, "bytes")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; exit 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--threads", type=int, default=4, help="cashiers at the till")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="one at random, if not given")
    options = parser.parse_args(arguments)
    print(f"{options.processes} processes, {options.minutes:g} minutes, seed {options.seed}", flush=True)
    figures = run(options.processes, options.minutes * 60, options.seed, threads=options.threads)
    print("done:")
    for name, count in sorted(figures.counts.items()):
        longest = figures.longest.get(name)
        print(f"  {count:>7} {name}" + (f", {longest:.2f} s at most" if longest is not None else ""))
    for name in sorted(figures.longest.keys() - figures.counts.keys()):
        print(f"  {figures.longest[name]:>7.0f} {name} at most")
    print("there in the end:")
    for name, count in figures.held.items():
        print(f"  {count:>7} {name}")
    print("found:")
    for name in [*accounts.MEANINGS, *MEANINGS]:
        print(f"  {figures.found.counts[name]:>7} {name}")
    for words in figures.found.told[:50]:
        print(f"      {words}")
    return 1 if figures.found.counts else 0


if __name__ == "__main__":
    sys.exit(main())
