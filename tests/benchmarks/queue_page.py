"""Says how long a page of the console's queue takes with so many records in the file.

    python -m tests.benchmarks.queue_page --records 200000

Each page is asked for through the whole site, as a browser does, without the network: the best and the worst of five,
and once with nothing of the file in memory, as the first person in the morning has it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from posplugin.app import App
from tests.benchmarks.full_outbox import fill
from tests.integration.console.visitor import Visitor

#: What is asked for, and how.
PAGES = {
    "the queue": "/",
    "an older page": "/?before=100000",
    "the last page": "/?before=51",
    "not sent": "/?state=not_sent",
    "waiting": "/?state=waiting",
    "closed": "/?state=closed",
    "closed, an older page": "/?state=closed&before=100000",
    "settlements": "/?kind=settlement",
    "two years": "/?from=2024-01-01&to=2025-12-31",
    "a day": "/?from=2024-02-01&to=2024-02-01",
    "a customer": "/?customer=10007",
    "a customer of a day": "/?customer=10007&from=2024-02-01&to=2024-03-01",
    "a small department": "/?department=roof",
    "a receipt": "/?q=1234",
    "a customer's name": "/?q=havn+10",
    "what is not there": "/?q=nowhere",
    "an amount": "/?amount=1+234%2C50",
    "a record": "/record/1000",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One page, milliseconds."""

    best: float
    worst: float
    cold: float


def measured(config: Path, times: int = 5) -> dict[str, Measured]:
    """Ask for every page so many times."""
    cold = {name: _cold(config, path) for name, path in PAGES.items()}
    with App.open(config) as app:
        visitor = Visitor(app)
        visitor.sees("/")
        warm = {name: sorted(_timed(visitor, path) for _ in range(times)) for name, path in PAGES.items()}
    return {name: Measured(warm[name][0], warm[name][-1], cold[name]) for name in PAGES}


def _cold(config: Path, path: str) -> float:
    with App.open(config) as app:
        visitor = Visitor(app)
        _forget(app.settings.outbox.path)
        app.database.execute("PRAGMA shrink_memory")
        return _timed(visitor, path)


def _forget(file: Path) -> None:
    """Have the operating system keep nothing of a file in memory, where it can be told so."""
    if hasattr(os, "posix_fadvise"):
        opened = os.open(file, os.O_RDONLY)
        os.fsync(opened)
        os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(opened)


def _timed(visitor: Visitor, path: str) -> float:
    began = time.perf_counter()
    assert visitor.get(path).status_code == 200, path
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Fill an outbox, or take the one that is named, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--config", type=Path, help="The settings file of an outbox that is full already.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        config = asked.config or fill(Path(folder), asked.records)
        print(f"{'page':24} {'best':>9} {'worst':>9} {'cold':>9}")
        for name, took in measured(config).items():
            print(f"{name:24} {took.best:6.0f} ms {took.worst:6.0f} ms {took.cold:6.0f} ms")


if __name__ == "__main__":
    main()
