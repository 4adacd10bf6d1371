"""The simulated PowerOffice in a process of its own, so that what it does is not counted as ours."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from posplugin.simulator import Simulator

_ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Simulated:
    """PowerOffice, as it is spoken to from here."""

    url: str
    _asking: IO[str]
    _answers: IO[str]
    #: What it answered, by status, and how many drafts stood there when it ended.
    answered: Mapping[str, int] = field(default_factory=dict)
    orders: int = 0

    def fault(self, **fault: object) -> None:
        """Let something go wrong from now on."""
        self.ask(fault)

    def ask(self, what: Mapping[str, object]) -> Any:
        """Tell it something, and wait until it is so."""
        self._asking.write(json.dumps(what) + "\n")
        self._asking.flush()
        return json.loads(self._answers.readline())


@contextmanager
def simulated(
    *, requests_per_second: int = 10, customers: int = 0, switches: Mapping[str, str] | None = None
) -> Iterator[Simulated]:
    """Give a PowerOffice that remembers in memory alone; with so many customers more than there always are."""
    told = {"requests_per_second": requests_per_second, "customers": customers, "switches": switches}
    command = [sys.executable, "-m", "tests.benchmarks.simulated", json.dumps(told)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        there = Simulated(json.loads(process.stdout.readline()), process.stdin, process.stdout)
        yield there
        ended = there.ask({"end": True})
        there.answered, there.orders = ended["answered"], ended["orders"]


def _play() -> None:
    told = json.loads(sys.argv[1])
    with Simulator(None, **told) as go:
        print(json.dumps(go.url), flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            if "end" in asked:
                answered = Counter(str(entry["status"]) for entry in go.requests)
                print(json.dumps({"answered": answered, "orders": len(go.orders())}), flush=True)
                return
            go.fault(**asked)
            print("true", flush=True)


if __name__ == "__main__":
    _play()
