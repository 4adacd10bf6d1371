"""What the service holds in memory: idle, and at most during a drain, beside an interpreter with the same libraries.

Resident memory as the kernel counts it for each process (VmRSS and VmHWM in /proc/PID/status), shared pages with it.
Each is started with the environment of the service in docs/service.md.
"""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from posplugin.schedule import plans
from tests.benchmarks.comparison import Comparison, Measured
from tests.benchmarks.dinner import on_a_disk
from tests.benchmarks.kept import CUSTOMERS, keep, opened, settings_file
from tests.benchmarks.simulated import simulated

_ROOT: Final = Path(__file__).parents[2]
_EMPTY: Final = "import httpx, peewee, pydantic, apscheduler, structlog; print(flush=True); input()"
#: As the service sends, but at no pace.
_DRAIN: Final = """
import sys
from pathlib import Path
import posplugin.cli.main, posplugin.cli.sending
from posplugin.app import App
from posplugin.poweroffice.pace import Pacer

with App.open(Path(sys.argv[1])) as app:
    app._pacers[app.settings.poweroffice.subscription_key.get_secret_value(), 1] = Pacer(0)
    report = app.send("hand")
    assert (report.outcome, report.delivered) == ("done", int(sys.argv[2])), report
print(Path("/proc/self/status").read_text())
"""
_ENVIRONMENT: Final = {**os.environ, "MALLOC_ARENA_MAX": "1"}
#: Longer than from one look at the schedule to the next.
_IDLE_SECONDS: Final = 22.0


def measure(quick: bool) -> Measured:
    """Let the service idle, and drain so many."""
    count, seconds = (10, 0.5) if quick else (10_000, _IDLE_SECONDS)
    compileall.compile_dir(_ROOT / "posplugin", quiet=1)  # as it is installed
    with (
        tempfile.TemporaryDirectory(dir=on_a_disk()) as name,
        simulated(requests_per_second=1_000_000, customers=CUSTOMERS) as there,
    ):
        peak = _draining(Path(name, "drain"), there.url, count)
        configs = [_till(Path(name, "idle"), there.url, run=False), _till(Path(name, "run"), there.url, run=True)]
        idle, after_a_run, empty = _held_after(configs, seconds)
    beside = "an interpreter that has imported httpx, peewee, pydantic, apscheduler and structlog"
    return Measured(
        comparisons=[
            Comparison(
                what="memory of the idle service",
                beside=beside,
                ours=idle,
                theirs=empty,
                unit="MB",
                goal=15,
                holds="more",
                note="its first look at the schedule over, and nothing due",
            ),
            Comparison(
                what="memory of the idle service, after its first run",
                beside=beside,
                ours=after_a_run,
                theirs=empty,
                unit="MB",
                goal=15,
                holds="more",
                note="with what a run imports, and TLS and HTTP, which importing httpx does not load",
            ),
            Comparison(
                what=f"memory during a drain of {count:,}",
                beside=beside,
                ours=peak,
                theirs=empty,
                unit="MB",
                goal=25,
                holds="more",
                note="its peak; sent as fast as the simulator answers",
            ),
        ]
    )


def _till(folder: Path, url: str, *, run: bool) -> Path:
    """Return the settings of a till for which nothing is due, or only a run."""
    folder.mkdir()
    config = settings_file(folder, url)
    with opened(config) as app:
        app.sync_customers()
        app.follow()
        if not run:
            cause = plans(app.settings)[0].cause
            app.runs.finish(app.runs.begin(cause), "done", delivered=0, waiting=0, attention=0)
    return config


def _held_after(configs: Sequence[Path], seconds: float) -> Sequence[float]:
    """Return what a service of each holds after a while, and an interpreter with the libraries alone, MB."""
    commands = [[sys.executable, "-m", "posplugin", "--config", str(config), "service"] for config in configs]
    with ExitStack() as stack:
        processes = [stack.enter_context(_running(each)) for each in (*commands, [sys.executable, "-c", _EMPTY])]
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        time.sleep(seconds)
        return [_held(Path(f"/proc/{process.pid}/status").read_text(), "VmRSS") for process in processes]


@contextmanager
def _running(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=_ROOT,
        env=_ENVIRONMENT,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _draining(folder: Path, url: str, count: int) -> float:
    """Return the most that a process holds that sends so many, MB."""
    folder.mkdir()
    keep(folder, count)
    config = settings_file(folder, url)
    with opened(config):
        pass
    command = [sys.executable, "-c", _DRAIN, str(config), str(count)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=_ROOT, env=_ENVIRONMENT)
    return _held(done.stdout, "VmHWM")


def _held(status: str, what: str) -> float:
    """Return a figure of a process in MB."""
    (line,) = (line for line in status.splitlines() if line.startswith(f"{what}:"))
    return int(line.split()[1]) / 1024
