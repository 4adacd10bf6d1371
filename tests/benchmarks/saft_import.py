"""Reads the days of a SAF-T file in a process of its own, and says what that took.

    python -m tests.benchmarks.saft_year /tmp/year.xml --megabytes 500
    python -m tests.benchmarks.saft_import /tmp/year.xml

Every day is kept until the end, as an import does that names all problems before it posts anything.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from posplugin.saft import DayRead, Reader, SaftRules, read_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What reading a file took, and what was in it."""

    megabytes: float
    peak_megabytes: float
    seconds: float
    days: int
    receipts: int
    on_account: int
    days_with_problems: int
    waiting: int
    #: How often the progress was told.
    told: int


def measured(path: Path) -> Measured:
    """Read a file in a process of its own."""
    command = [sys.executable, "-m", __spec__.name, str(path), "--here"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    return Measured(**json.loads(done.stdout))


def read_here(path: Path) -> Measured:
    """Read a file in this process, whose peak is then its own."""
    told: list[int] = []
    started = time.monotonic()
    reader = Reader(path, SaftRules(), "bar-1", every_terminal=True, progress=lambda done, _: told.append(done))
    read = list(read_days(reader))
    days = [day for day in read if isinstance(day, DayRead)]
    return Measured(
        megabytes=round(path.stat().st_size / 1e6, 1),
        peak_megabytes=round(_peak() / 1e6, 1),
        seconds=round(time.monotonic() - started, 1),
        days=len(days),
        receipts=sum(day.counts.receipts for day in days),
        on_account=sum(day.counts.on_account for day in days),
        days_with_problems=sum(bool(day.problems) for day in days),
        waiting=len(read) - len(days),
        told=len(told),
    )


def _peak() -> int:
    """Return the most memory that this process has held, bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage would count what the process that started this one held (getrusage(2): kept through execve).
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--here", action="store_true", help="in this process, and as JSON")
    options = parser.parse_args(arguments)
    if options.here:
        print(json.dumps(asdict(read_here(options.file))))
        return 0
    for name, value in asdict(measured(options.file)).items():
        print(f"{name.replace('_', ' '):<20}{value:>12}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
