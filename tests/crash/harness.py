"""Kills a till with SIGKILL at random moments, again and again, and counts what is lost or doubled.

    python -m tests.crash.harness --rounds 200

The parent is the witness: whatever the till said was done before it died must be final and in the outbox afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posplugin.domain.customer import Customer
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.database import Database

ROOT = Path(__file__).parents[2]
#: What must be nothing after every restart.
NOTHING = ("lost", "doubled", "unexpected", "different", "captured_not_told", "void_yet_final")

_SETTINGS = """
[terminal]
id = "till-1"
department = "bar"
[poweroffice]
endpoint_mode = "simulator"
application_key = "a"
subscription_key = "s"
[schedule]
automatic = false
[departments.bar]
client_key = "c"
"""


@dataclass
class Figures:
    """What all rounds came to."""

    rounds: int = 0
    final: int = 0
    void: int = 0
    found: Counter[str] = field(default_factory=Counter)
    damaged: int = 0
    #: Where the till was when it died.
    died: Counter[str] = field(default_factory=Counter)

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled or unexpected."""
        return not self.found.total() and not self.damaged


def prepare(folder: Path) -> None:
    """Write settings and a register with one customer."""
    settings = folder / "posplugin.toml"
    settings.write_text(_SETTINGS)
    settings.chmod(0o600)
    with Database(folder / "outbox.sqlite3") as database:
        register = CustomerRegister(database)
        register.store([Customer(number=10002, name="Bergen Havnelag AS")], datetime.now(UTC))


def run(rounds: int, seed: int = 1) -> Figures:
    """Kill `rounds` times, in one till's folder that lives through all of them."""
    dice = random.Random(seed)
    figures = Figures()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        witnessed: set[str] = set()
        for number in range(rounds + 1):  # the last start only checks
            _round(folder, number, dice, witnessed, figures, last=number == rounds)
        figures.rounds = rounds
    return figures


def _round(
    folder: Path, number: int, dice: random.Random, witnessed: set[str], figures: Figures, *, last: bool
) -> None:
    environ = {**os.environ, "POSPLUGIN_CONFIG": str(folder / "posplugin.toml")}
    command = [sys.executable, "-m", "tests.crash.till_process", str(folder), str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environ) as till:
        assert till.stdout is not None
        first = till.stdout.readline()
        if not first:
            raise SystemExit(f"the till did not start in round {number}")
        _judge(json.loads(first)["checked"], witnessed, figures)
        lines: list[str] = []
        if not last:
            lines += [till.stdout.readline() for _ in range(dice.randint(0, 12))]
            time.sleep(dice.random() * 0.012)
        till.send_signal(signal.SIGKILL)
        lines += till.stdout.readlines()
        told = [json.loads(line) for line in lines if line.endswith("}\n")]
        witnessed.update(words["done"] for words in told if "done" in words)
        if told:
            figures.died["in a checkout" if "begin" in told[-1] else "between checkouts"] += 1


def _judge(checked: dict[str, Any], witnessed: set[str], figures: Figures) -> None:
    figures.final, figures.void = checked["final"], checked["void"]
    figures.found.update({name: checked[name] for name in NOTHING if checked[name]})
    figures.found["witnessed_not_final"] += len(witnessed - set(checked["sales"]))
    figures.damaged += checked["integrity"] != "ok"


def main() -> int:
    """Run from the command line; exit 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    figures = run(options.rounds, options.seed)
    print(f"rounds {figures.rounds}, {time.monotonic() - began:.0f} s, died {dict(figures.died)}")
    print(f"final {figures.final}, void {figures.void}, damaged {figures.damaged}")
    for name in (*NOTHING, "witnessed_not_final"):
        print(f"{name} {figures.found[name]}")
    return 0 if figures.clean else 1


if __name__ == "__main__":
    sys.exit(main())
