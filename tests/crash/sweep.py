"""Kills a process at every step of what it does, one step after the other, and lets life go on.

    python -m tests.crash.sweep                      every scenario, at every statement and around every request
    python -m tests.crash.sweep --level write        in the middle of every write to disk and network
    python -m tests.crash.sweep --only sending       the scenarios of that name; --named POST for such steps alone

After each death the till starts again, sells, closes the day, everything is sent, and all files are compared.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from posplugin.domain.errors import OutboxError
from posplugin.outbox.database import Database
from posplugin.outbox.store import Outbox
from tests.crash.checker import MEANINGS, Found
from tests.crash.file_process import BACKUP, backup
from tests.crash.scenarios import SCENARIOS, Scenario
from tests.crash.sender_process import follow, send, sync
from tests.crash.steps import Death, Level
from tests.crash.world import OUTBOX, World

#: A step that no process comes to.
_NEVER = 10**9
#: What leaves no trace, neither in a file nor in PowerOffice.
_READS = re.compile(r": (outbox|journal) (SELECT|PRAGMA \w+$|PRAGMA \w+_check|pragma)|: before GET |: after ")


@dataclass(frozen=True, kw_only=True)
class Visits:
    """Which steps are visited: one of so many of those whose name holds some words, from the `first` on."""

    level: Level = Level.STATEMENT
    named: str = ""
    every: int = 1
    first: int = 1
    #: Also before what follows a step that only reads: whoever dies there leaves the same as one step earlier.
    reads: bool = False

    def of(self, steps: Sequence[str]) -> list[int]:
        """Return their numbers."""
        before = ["", *steps]
        return [
            at
            for at, name in enumerate(steps, 1)
            if self.named in name and at >= self.first and (self.reads or not _READS.search(before[at - 1]))
        ][:: self.every]


@dataclass
class Swept:
    """What a sweep came to."""

    deaths: int = 0
    #: Where processes died: the step, to how often.
    died: Counter[str] = field(default_factory=Counter)
    found: Found = field(default_factory=Found)

    def add(self, other: Swept) -> None:
        """Count what another came to."""
        self.deaths += other.deaths
        self.died.update(other.died)
        self.found.add(other.found)


def sweep(scenario: Scenario, folder: Path, visits: Visits) -> Swept:
    """Let the process live once, to count its steps; then let it die at each that is asked for."""
    swept, death = Swept(), Death(level=scenario.level or visits.level, opening=scenario.opening)
    world = World.new(folder / "before", scenario.mode)
    scenario.before(world)
    world.close()
    if world.found.counts:
        raise RuntimeError(f"{scenario.name} cannot begin: {world.found.told}")
    world.url = ""
    steps = _visit(scenario, world, folder / "undisturbed", replace(death, at=_NEVER), swept)
    for words in scenario.through:
        swept.found.when(not any(words in step for step in steps), "failed", scenario.name, "never comes to", words)
    for at in visits.of(steps):
        _visit(scenario, world, folder / f"at-{at}", replace(death, at=at), swept)
    return swept


def _visit(scenario: Scenario, before: World, folder: Path, death: Death, swept: Swept) -> list[str]:
    """Die at one step, go on, and judge; return the steps that were taken."""
    world = before.copied_to(folder)
    world.open()
    timely = (world.ahead,) if scenario.work in (send, follow) else ()
    lived = world.do(scenario.work, *timely, *scenario.arguments, death=death)
    steps = world.steps()
    if scenario.work is sync:
        world.do(sync)
    if scenario.work is backup:
        _judge_backup(world)
    world.go_on()
    found = world.judge(at_rest=True)
    found.told = [f"{scenario.name}, step {death.at} ({steps[-1]}): {words}" for words in found.told]
    swept.found.add(found)
    if not lived:
        swept.deaths += 1
        swept.died[steps[-1]] += 1
    shutil.rmtree(folder)
    return steps


def _judge_backup(world: World) -> None:
    """What has the name of a backup is one, whole; and another can be made."""
    target = world.folder / BACKUP
    if target.exists():
        _compare(world, target)
        target.unlink()
    world.do(backup)
    _compare(world, target)


def _compare(world: World, target: Path) -> None:
    try:
        _compare_files(world, target)
    except OutboxError as error:
        world.found.note("damaged", "the backup", error)


def _compare_files(world: World, target: Path) -> None:
    with Database(world.folder / OUTBOX) as mine, Database(target) as theirs:
        if theirs.integrity() != "ok":
            world.found.note("damaged", "the backup", theirs.integrity())
        if Outbox(mine).installation != Outbox(theirs).installation:
            world.found.note("lost", "the backup is of another outbox")
        elif Outbox(mine).select("1") != Outbox(theirs).select("1"):
            world.found.note("lost", "the backup has other records")


def sweep_all(only: str, visits: Visits) -> Iterator[tuple[Scenario, Swept]]:
    """Sweep the scenarios whose name holds some words."""
    for scenario in SCENARIOS:
        if only in scenario.name:
            with tempfile.TemporaryDirectory() as name:
                yield scenario, sweep(scenario, Path(name), visits)


def main() -> int:
    """Run from the command line; exit 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="scenarios whose name holds this")
    parser.add_argument("--level", type=Level, default=Level.STATEMENT, choices=list(Level))
    parser.add_argument("--every", type=int, default=1, help="visit one step of so many")
    parser.add_argument("--named", default="", help="visit the steps whose name holds this")
    parser.add_argument("--reads", action="store_true", help="visit too what differs from the step before by a read")
    parser.add_argument("--steps", action="store_true", help="name every step at which a process died")
    options = parser.parse_args()
    visits = Visits(level=options.level, named=options.named, every=options.every, reads=options.reads)
    whole, began = Swept(), time.monotonic()
    for scenario, swept in sweep_all(options.only, visits):
        whole.add(swept)
        print(f"{swept.deaths:>5} deaths, {swept.found.counts.total():>3} found  {scenario.name}", flush=True)
        for words in swept.found.told[:20]:
            print(f"      {words}", flush=True)
        if options.steps:
            for step, count in swept.died.items():
                print(f"      {count:>3} {step}")
    print(f"{whole.deaths} deaths in {time.monotonic() - began:.0f} s")
    for name in MEANINGS:
        print(f"{name} {whole.found.counts[name]}")
    return 1 if whole.found.counts else 0


if __name__ == "__main__":
    sys.exit(main())
