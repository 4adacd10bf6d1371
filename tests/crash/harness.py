"""Kills till, sender and PowerOffice at random moments, again and again, and counts what is lost or doubled.

    python -m tests.crash.harness --rounds 200

The parent is the witness: whatever the till said was done before it died must be final, in the outbox and, when all has
come to rest, in the books.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.crash.checker import MEANINGS, Found
from tests.crash.processes import Child
from tests.crash.sender_process import send_on
from tests.crash.steps import NO_DEATH, Death, Level
from tests.crash.till_process import till
from tests.crash.world import MODES, World

#: Rounds that one world lives through.
_ROUNDS_OF_A_WORLD = 50
#: Seconds that till and sender live at most.
_LONGEST = 0.6


@dataclass
class Figures:
    """What all rounds came to."""

    rounds: int = 0
    #: What the till said was done before it died: sales, and days that were closed.
    sales: int = 0
    days: int = 0
    #: What the sender had delivered in the runs that it lived to see the end of.
    delivered: int = 0
    #: How often the till died in a checkout or a day's end.
    in_the_middle: int = 0
    found: Found = field(default_factory=Found)
    #: Who was killed.
    died: Counter[str] = field(default_factory=Counter)


def run(rounds: int, seed: int = 1, of_a_world: int = _ROUNDS_OF_A_WORLD) -> Figures:
    """Kill `rounds` times, in worlds of each mode in turn."""
    dice, figures = random.Random(seed), Figures()
    for number, first in enumerate(range(0, rounds, of_a_world)):
        with tempfile.TemporaryDirectory() as name:
            mode = [*MODES][number % len(MODES)]
            world = World.new(Path(name) / mode, mode)
            for each in range(first, min(first + of_a_world, rounds)):
                _round(world, f"{seed}-{each}", dice, figures)
            _rest(world, figures)
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
    first.kill()
    time.sleep(dice.random() * 0.1 * (not together))
    second.kill()
    for child in (selling, sending):
        world.heard(child)
    figures.rounds += 1
    figures.died.update(["till", "sender", *(["PowerOffice"] if together else [])])
    figures.delivered += sum(told.get("delivered", 0) for told in sending.told)
    figures.in_the_middle += _is_in_the_middle(selling)
    world.judge(at_rest=False)
    world.ahead += timedelta(minutes=2)
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
    figures.sales += len(world.witnessed)
    figures.days += len(world.closed)


def _is_in_the_middle(selling: Child) -> bool:
    words = [word for told in selling.told for word in told if word in {"begin", "done", "closed", "stopped"}]
    return bool(words) and words[-1] == "begin"


def main() -> int:
    """Run from the command line; exit 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    figures = run(options.rounds, options.seed)
    print(f"rounds {figures.rounds}, {time.monotonic() - began:.0f} s, killed {dict(figures.died)}")
    print(
        f"in the middle of something {figures.in_the_middle}, sales {figures.sales}, days {figures.days}, "
        f"delivered before a death {figures.delivered}"
    )
    for words in figures.found.told[:50]:
        print(f"  {words}")
    for name in MEANINGS:
        print(f"{name} {figures.found.counts[name]}")
    return 1 if figures.found.counts else 0


if __name__ == "__main__":
    sys.exit(main())
