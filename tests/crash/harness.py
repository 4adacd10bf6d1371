"""Kills till, sender and PowerOffice at random moments, again and again, and counts what is lost or doubled.

    python -m tests.crash.harness --rounds 200 --seed 7

The parent is the witness: whatever the till said was done before it died must be final, in the outbox and, when all has
come to rest, in the books.
"""

from __future__ import annotations

import argparse
import math
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from posplugin.domain.documents import RecordKind
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.store import Outbox
from sample_terminal.journal import Journal
from tests.crash.checker import MEANINGS, TERMINAL, Found, final_payments
from tests.crash.processes import Child
from tests.crash.sender_process import send_on
from tests.crash.steps import NO_DEATH, Death, Level
from tests.crash.till_process import till
from tests.crash.world import JOURNAL, MODES, OUTBOX, World

#: Rounds that one world lives through at most.
_ROUNDS_OF_A_WORLD = 50
#: Seconds that till and sender live at most.
_LONGEST = 0.6


@dataclass
class Figures:
    """What all rounds came to."""

    rounds: int = 0
    #: What the worlds held in the end.
    held: Counter[str] = field(default_factory=Counter)
    #: What was going on at the deaths.
    seen: Counter[str] = field(default_factory=Counter)
    #: Who was killed, and whether by the witness or in itself, at a step.
    died: Counter[str] = field(default_factory=Counter)
    found: Found = field(default_factory=Found)

    @property
    def sales(self) -> int:
        """How many sales the till said were done."""
        return self.held["sales and returns that the till said were done"]


def run(rounds: int, seed: int = 1, enough: Callable[[str, Figures], bool] = lambda *_: False) -> Figures:
    """Kill `rounds` times, in worlds of each mode in turn.

    After each world `enough` is told its mode and all until then, and may end it.
    """
    dice, figures = random.Random(seed), Figures()
    of_a_world = min(_ROUNDS_OF_A_WORLD, math.ceil(rounds / len(MODES)))
    for number, first in enumerate(range(0, rounds, of_a_world)):
        with tempfile.TemporaryDirectory() as name:
            mode = [*MODES][number % len(MODES)]
            world = World.new(Path(name) / mode, mode)
            for each in range(first, min(first + of_a_world, rounds)):
                _round(world, f"{seed}-{each}", dice, figures)
            _rest(world, figures)
            if enough(mode, figures):
                break
    return figures


def _round(world: World, name: str, dice: random.Random, figures: Figures) -> None:
    """Let till and sender work at the same time, kill one of them or all, and look at the files."""
    selling = world.start(till, None, name, death=_death(dice))
    sending = world.start(send_on, world.ahead, death=_death(dice))
    selling.hear()  # it has settled what the last death left
    time.sleep(dice.random() * _LONGEST)
    first, second = dice.sample([selling, sending], 2)
    if together := dice.random() < 0.3:
        world.close()  # PowerOffice too
        figures.died["PowerOffice, by the witness"] += 1
    for child in (first, second):
        how = "by the witness" if child.kill() else "at a step of its own"
        figures.died[f"{'till' if child is selling else 'sender'}, {how}"] += 1
        time.sleep(dice.random() * 0.1 * (not together and child is first))
    for child in (selling, sending):
        world.heard(child)
    figures.rounds += 1
    figures.seen["deaths of the till in a checkout or a day's end"] += _is_in_the_middle(selling)
    figures.seen["deaths of the sender in a run"] += _is_in_a_run(sending)
    world.judge(at_rest=False)
    world.ahead += timedelta(minutes=dice.choice([0, 2]))  # what was written last can be read by then, or cannot
    world.open()


def _death(dice: random.Random) -> Death:
    """Return the death that a process has in itself, if nobody kills it before."""
    if dice.random() < 0.5:
        return NO_DEATH
    return Death(at=dice.randint(1, 400), level=dice.choice([*Level]), opening=dice.random() < 0.3)


def _rest(world: World, figures: Figures) -> None:
    """Start the till once more, close the day, send all that there is, and look at the files."""
    world.go_on()
    found = world.judge(at_rest=True)
    found.told = [f"{world.mode}: {words}" for words in found.told]
    figures.found.add(found)
    figures.held.update(_held(world))


def _held(world: World) -> dict[str, int]:
    """Return what there is in a world at rest."""
    with Journal(world.folder / JOURNAL) as journal, Database(world.folder / OUTBOX) as database:
        outbox = Outbox(database)
        ours = Counter((record.kind is RecordKind.SETTLEMENT, record.status) for record in outbox.select("1"))
        return {
            "sales and returns that the till said were done": len(world.witnessed),
            "sales and returns final in the journal": journal.count_sales(TERMINAL),
            "payments on account final in the journal": len(final_payments(journal)),
            "invoices and credit notes delivered": ours[False, Status.DELIVERED],
            "payments void": ours[False, Status.CANCELLED],
            "days closed": len(journal.z_reports(TERMINAL)),
            "settlements posted": ours[True, Status.DELIVERED],
            "settlements with nothing to post": ours[True, Status.DISCARDED],
        }


def _is_in_the_middle(selling: Child) -> bool:
    words = [word for told in selling.told for word in told if word in {"begin", "done", "closed", "stopped"}]
    return bool(words) and words[-1] == "begin"


def _is_in_a_run(sending: Child) -> bool:
    return bool(sending.told) and "running" in sending.told[-1]


def main() -> int:
    """Run from the command line; exit 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="one at random, if not given")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin nothing new after so many")
    options = parser.parse_args()
    print(f"{options.rounds} rounds, seed {options.seed}", flush=True)
    began, most = time.monotonic(), float(options.minutes) * 60

    def enough(mode: str, so_far: Figures) -> bool:
        seconds, found = time.monotonic() - began, so_far.found.counts.total()
        print(f"  {so_far.rounds:>5} rounds, {seconds:>5.0f} s, {found} found  (last: {mode})", flush=True)
        return seconds > most

    figures = run(options.rounds, options.seed, enough)
    for words in figures.found.told[:50]:
        print(f"      {words}")
    _print("killed", figures.died)
    _print("seen", figures.seen)
    _print("there in the end", figures.held)
    _print("found", {name: figures.found.counts[name] for name in MEANINGS})
    return 1 if figures.found.counts else 0


def _print(title: str, counts: Mapping[str, int]) -> None:
    print(f"{title}:")
    for name, count in sorted(counts.items()) if title == "killed" else counts.items():
        print(f"  {count:>6} {name}")


if __name__ == "__main__":
    sys.exit(main())
