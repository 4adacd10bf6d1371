"""PowerOffice, simulated, in a process of its own; what it remembers is on disk."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from posplugin.simulator import Simulator
from tests.crash.processes import Tell

STATE = "simulator.sqlite3"
#: Seconds of its clock before what was written can be read, where that is so: a restart, and half of `settle_time`.
_LAG = 30.0


def simulator(
    folder: Path, tell: Tell, switches: Mapping[str, str], port: int = 0, ahead: timedelta = timedelta()
) -> None:
    """Answer until killed, the unknowns as the switches say; tell the address first."""
    go = Simulator(
        folder / STATE,
        switches=switches,
        port=port,
        requests_per_second=100_000,
        send_seconds=0.0,
        read_lag_seconds=_LAG,
    )
    with go:
        go.allow_send_invoice = True
        go.advance(ahead.total_seconds())
        tell({"url": go.url})
        threading.Event().wait()
