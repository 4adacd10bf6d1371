"""A backlog of invoices sent as `posplugin send --window` does, beside the pace it is set to, and with faults.

A real till keeps the invoices. Each drain has a copy of its outbox and a simulated PowerOffice in a process of its own,
which lets ten requests a second in. All go on at the same time, since a drain mostly waits.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from posplugin.outbox.lifecycle import Status
from posplugin.poweroffice.pace import share
from tests.benchmarks.comparison import Comparison, Measured
from tests.benchmarks.dinner import on_a_disk
from tests.benchmarks.kept import CUSTOMERS, Requests, keep, opened, settings_file
from tests.benchmarks.simulated import simulated

_INVOICES: Final = 1000
#: So that each drain takes about as long: a share of the pace takes longer for each.
_TERMINALS: Final = 4
_WINDOW: Final = timedelta(minutes=30)
#: The shortest that a till may have that sends to PowerOffice.
_SETTLE_SECONDS: Final = 10
_TWENTIETH: Final = 20
_POSTING: Final = "/SalesOrders/Complete"
#: Longer than anybody here waits for an answer.
_FOR_EVER: Final = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain:
    """One backlog, and what stands between it and PowerOffice."""

    name: str
    invoices: int = _INVOICES
    #: Seconds from a request to its answer.
    latency: float = 0.1
    #: How many terminals share the pace.
    terminals: int = 1
    #: What strikes every twentieth posting.
    fault: Mapping[str, object] = field(default_factory=dict)
    #: Whether nobody listens for every twentieth posting.
    refused: bool = False
    switches: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """How it went."""

    seconds: float
    requests: int
    in_flight: int
    #: How many requests were answered 429.
    refused: int


LATENCIES: Final = tuple(Drain(name=f"{ms} ms", latency=ms / 1000) for ms in (20, 100, 500))
SHARE: Final = Drain(name="a share", terminals=_TERMINALS, invoices=_INVOICES // 5)
FAULTS: Final = (
    Drain(name="the connection is refused", refused=True),
    Drain(name="the connection ends before the request has arrived", fault={"kind": "drop-before"}),
    Drain(name="accepted, and the answer is lost", fault={"kind": "drop-after"}),
    Drain(name="accepted, and the answer is cut", fault={"kind": "cut"}),
    Drain(name="accepted, and no answer comes", fault={"kind": "delay-after", "seconds": _FOR_EVER}),
    Drain(name="500, a page of HTML, not accepted", fault={"kind": "500-before"}, switches={"U12": "b"}),
    Drain(name="500, accepted all the same", fault={"kind": "500-after"}),
    Drain(name="503, not accepted", fault={"kind": "503"}),
    Drain(name="429", fault={"kind": "429"}, switches={"U5": "b"}),
)


def measure(quick: bool) -> Measured:
    """Drain all of them; in haste, a few invoices in two ways."""
    plain: Sequence[Drain] = LATENCIES
    faults: Sequence[Drain] = FAULTS
    share_of = SHARE
    if quick:
        plain, share_of = [Drain(name="100 ms", invoices=6)], Drain(name="a share", terminals=2, invoices=3)
        faults = [Drain(name="cut", invoices=6, fault={"kind": "cut"})]
    found = _drained([*plain, share_of, *faults])
    return Measured(comparisons=[*_paces(plain, share_of, found), *_faults(plain, faults, found)])


def _paces(plain: Sequence[Drain], share_of: Drain, found: Mapping[str, Drained]) -> Iterator[Comparison]:
    for drain in (*plain, share_of):
        went, one_of = found[drain.name], drain.terminals
        whose = f", one of {one_of} terminals" if one_of > 1 else ""
        yield Comparison(
            what=f"drain, answers after {drain.latency * 1000:.0f} ms{whose}",
            beside="the pace it is set to",
            ours=went.requests / went.seconds,
            theirs=1 / share(one_of),
            unit="requests a second",
            goal=0.95,
            holds="share",
            note=f"{drain.invoices:,} invoices, at most {went.in_flight} requests in flight{_told_429(went)}",
        )


def _faults(plain: Sequence[Drain], faults: Sequence[Drain], found: Mapping[str, Drained]) -> Iterator[Comparison]:
    without = next(found[drain.name] for drain in plain if drain.latency == Drain(name="").latency)
    for drain in faults:
        went = found[drain.name]
        yield Comparison(
            what=f"drain with faults: {drain.name}",
            beside="without faults",
            ours=went.seconds,
            theirs=without.seconds,
            unit="s",
            goal=1.3,
            note=(
                f"every 20th posting, until all {drain.invoices:,} are delivered; settle_time {_SETTLE_SECONDS} s, "
                f"at most {went.in_flight} in flight"
            ),
        )


def _told_429(went: Drained) -> str:
    return f", {went.refused} answered 429" if went.refused else ""


def _drained(drains: Sequence[Drain]) -> Mapping[str, Drained]:
    """Drain all of them at the same time, each in a process of its own."""
    with tempfile.TemporaryDirectory(dir=on_a_disk()) as name:
        folders = [Path(name, str(number)) for number, _ in enumerate(drains)]
        kept: dict[int, Path] = {}
        for drain, folder in zip(drains, folders, strict=True):
            folder.mkdir()
            if drain.invoices not in kept:
                home = Path(name, f"kept-{drain.invoices}")
                home.mkdir()
                kept[drain.invoices] = keep(home, drain.invoices)
            shutil.copy(kept[drain.invoices], folder)
        with ProcessPoolExecutor(len(drains), mp_context=get_context("spawn")) as pool:
            return dict(zip([drain.name for drain in drains], pool.map(drained, drains, folders), strict=True))


def drained(drain: Drain, folder: Path) -> Drained:
    """Send what waits in a folder's outbox, until all is delivered, and no invoice twice."""
    requests = Requests()
    with simulated(customers=CUSTOMERS, switches=drain.switches) as there:
        settle_time = f"{_SETTLE_SECONDS}s"
        config = settings_file(folder, there.url, settle_time=settle_time, terminals=drain.terminals)
        there.fault(kind="delay-after", seconds=drain.latency)
        if drain.fault:
            there.fault(path=_POSTING, every=_TWENTIETH, **drain.fault)
        refused = _TWENTIETH if drain.refused else 0
        with opened(config) as app, requests.counted(path=_POSTING, refused=refused):
            app._by_schedule = drain.terminals > 1
            began = time.monotonic()
            report = app.send("hand", window=_WINDOW)
            seconds = time.monotonic() - began
            assert app.outbox.counts() == {}, app.outbox.counts()
            assert report.delivered == drain.invoices, report
            assert len(app.outbox.in_status(Status.DELIVERED)) == drain.invoices
    assert there.orders == drain.invoices
    return Drained(
        seconds=seconds,
        requests=requests.count,
        in_flight=requests.at_once,
        refused=there.answered.get("429", 0),
    )
