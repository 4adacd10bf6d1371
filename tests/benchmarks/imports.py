"""What a till waits for while its plugin is imported, beside the import of the libraries that it is made with.

Each import is a fresh interpreter, by turns; the figures are its processor time, less what an interpreter takes that
imports nothing. All bytecode has been compiled, as pip does when it installs. The libraries are imported as they are
named: pydantic then leaves its models to whoever asks for one, and APScheduler its triggers.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks.comparison import Comparison, Measured, Table
from tests.benchmarks.dinner import on_a_disk

_LIBRARIES: Final = "import httpx, peewee, pydantic, apscheduler, structlog"
_PLUGIN: Final = "import posplugin.hooks.plugin as plugin; plugin.create()"
_WAYS: Final = {
    "an interpreter that imports nothing": "pass",
    "httpx, peewee, pydantic, apscheduler, structlog": _LIBRARIES,
    "the hooks' part": _PLUGIN,
    "of that, the libraries that it uses": (
        "import structlog, peewee, playhouse.apsw_ext, pluggy, apscheduler.triggers.cron, pydantic; pydantic.BaseModel"
    ),
    "only the contract (a host without the plugin)": "import posplugin.hooks",
    "the hooks' part, and what sends to PowerOffice": (
        f"{_PLUGIN}; import posplugin.poweroffice.gateway, posplugin.sender.run"
    ),
}
_ROOT: Final = Path(__file__).parents[2]


def measure(quick: bool) -> Measured:
    """Import by turns."""
    with tempfile.TemporaryDirectory(dir=on_a_disk()) as compiled:
        took = dict(zip(_WAYS, _by_turns(list(_WAYS.values()), 1 if quick else 12, Path(compiled)), strict=True))
    bare, libraries, ours, *_ = took.values()
    comparison = Comparison(
        what="import of the hooks' part",
        beside="httpx, peewee, pydantic, apscheduler, structlog",
        ours=ours - bare,
        theirs=libraries - bare,
        unit="ms",
        goal=1.3,
        note=f"processor time, less the bare interpreter's {bare:.0f} ms",
    )
    rows = [(name, f"{milliseconds:.0f} ms") for name, milliseconds in took.items()]
    return Measured(comparisons=[comparison], tables=[Table(title="imports", head=("what", "time"), rows=rows)])


def _by_turns(programs: Sequence[str], rounds: int, compiled: Path) -> list[float]:
    """Return the median processor time of each program, milliseconds."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(compiled), "PYTHONPATH": str(_ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    took: list[list[float]] = [[] for _ in programs]
    for number in range(rounds + 1):
        for program, milliseconds in zip(programs, took, strict=True):
            before = _of_children()
            subprocess.run([sys.executable, "-c", program], check=True, env=environment)
            if number:  # the first round compiles
                milliseconds.append((_of_children() - before) * 1000)
    return [statistics.median(milliseconds) for milliseconds in took]


def _of_children() -> float:
    """Return the processor time of every process that has been started and has ended, seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
