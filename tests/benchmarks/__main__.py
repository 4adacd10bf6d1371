"""Measures what is promised of speed, beside what one would use instead, and writes docs/performance.md.

    python -m tests.benchmarks              all of it, under ten minutes; writes the page and its picture
    python -m tests.benchmarks sale drain   only these parts, printed
    python -m tests.benchmarks --quick      only shows that each part runs: the figures mean nothing

Each part runs in a process of its own, one after another. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tests.benchmarks.comparison import Comparison, Measured, Table
from tests.benchmarks.page import as_lines, write

#: In the order of the page; each is a module beside this one with a function `measure(quick)`.
PARTS: Final = ("sale", "queues", "customers", "drain", "growth", "imports", "memory", "settlement", "disk", "fleet")
_ROOT: Final = Path(__file__).parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="few rounds, nothing written")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if asked.json:
        (part,) = asked.parts
        print(json.dumps(asdict(importlib.import_module(f"tests.benchmarks.{part}").measure(asked.quick))))
        return 0
    parts = asked.parts or PARTS
    found = []
    for part in parts:
        began = time.monotonic()
        found.append(_in_its_own_process(part, quick=asked.quick))
        print(f"── {part}, {time.monotonic() - began:.0f} s", *as_lines(found[-1]), sep="\n", flush=True)
    if tuple(parts) == PARTS and not asked.quick:
        write(_ROOT / "docs", found)
    return 0


def _in_its_own_process(part: str, *, quick: bool) -> Measured:
    command = [sys.executable, "-m", "tests.benchmarks", part, "--json", *(["--quick"] if quick else [])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=_ROOT)
    told = json.loads(done.stdout.splitlines()[-1])
    comparisons = [Comparison(**each) for each in told["comparisons"]]
    return Measured(comparisons=comparisons, tables=[Table(**each) for each in told["tables"]])


if __name__ == "__main__":
    sys.exit(main())
