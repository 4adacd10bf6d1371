"""A sender to be killed: what `posplugin send` and the service do, in a process of its own.

It tells its witness {"running": True} before every run and {"delivered": count} after it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

import posplugin.sender.run
from posplugin.app import App
from posplugin.domain.errors import AlreadySending
from posplugin.domain.reasons import Reason
from posplugin.poweroffice.pace import Pacer
from posplugin.sender.run import RunReport
from posplugin.simulator import SUBSCRIPTION_KEY
from tests.crash.processes import OPENED, Tell

#: Between two runs: longer than `settle_time` and every pause.
LATER = timedelta(hours=2)
_MOST_RUNS = 60


class _Watch:
    """The machine's clock, ahead of its time."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def sync(folder: Path, tell: Tell) -> None:
    """Read the customers."""
    with _open(folder, _Watch(timedelta())) as app:
        tell({"customers": app.sync_customers()})


def send(folder: Path, tell: Tell, ahead: timedelta = timedelta(), times: int = 1) -> None:
    """Make some runs, time passing between them, one request in flight: every time the same steps."""
    posplugin.sender.run.IN_FLIGHT = 1
    watch = _Watch(ahead)
    with _open(folder, watch) as app:
        tell({OPENED: True})
        for number in range(times):
            if number:
                _pass_time(app, watch)
            _run(app, tell)


def send_on(folder: Path, tell: Tell, ahead: timedelta = timedelta()) -> None:
    """Make runs until killed, beside whoever else does."""
    with _open(folder, _Watch(ahead)) as app:
        tell({OPENED: True})
        while True:
            with suppress(AlreadySending):
                _run(app, tell)
            time.sleep(0.005)


def finish(folder: Path, tell: Tell, ahead: timedelta = timedelta()) -> None:
    """Make runs, time passing between them, until nothing waits for one; then ask where everything stands."""
    watch = _Watch(ahead)
    with _open(folder, watch) as app:
        for _ in range(_MOST_RUNS):
            report = _run(app, tell)
            if report.stopped:
                raise RuntimeError(f"a run stopped: {report.stopped}")
            if not report.waiting and not report.unfinished and not _by_a_technician(app):
                break
            _pass_time(app, watch)
        else:
            raise RuntimeError(f"not quiet after {_MOST_RUNS} runs")
        _follow(app)


def follow(folder: Path, tell: Tell, ahead: timedelta = timedelta()) -> None:
    """Ask where everything stands."""
    with _open(folder, _Watch(ahead)) as app:
        tell({OPENED: True})
        _follow(app)


def _follow(app: App) -> None:
    if failures := app.follow():
        raise RuntimeError(f"following failed: {failures}")


def book(url: str) -> None:
    """Be the bookkeeper at PowerOffice: send every order, post every draft, let every invoice be paid."""
    for things, key, act in (("orders", "Id", "send"), ("drafts", "Id", "post"), ("invoices", "InvoiceNo", "pay")):
        for thing in httpx.get(f"{url}/simulator/{things}").json():
            httpx.post(f"{url}/simulator/{things}/{thing[key]}/{act}", json={}).raise_for_status()


def _pass_time(app: App, watch: _Watch) -> None:
    watch.ahead += LATER
    advance(app.settings.poweroffice.simulator_url, LATER)


def advance(url: str, by: timedelta) -> None:
    """Let time pass at PowerOffice."""
    httpx.post(f"{url}/simulator/clock", json={"advance": by.total_seconds()}).raise_for_status()


def _open(folder: Path, clock: _Watch) -> App:
    posplugin.sender.run.SEND_POLLS = (0.0, 0.0, 0.0)
    app = App.open(folder / "posplugin.toml", clock=clock)
    app._pacers[SUBSCRIPTION_KEY, 1] = Pacer(0.0)
    return app


def _run(app: App, tell: Tell) -> RunReport:
    tell({"running": True})
    report = app.send("hand")
    tell({"delivered": report.delivered})
    return report


def _by_a_technician(app: App) -> bool:
    """Drafts of settlements never go out again by themselves: somebody looks, sees none, and lets them."""
    blocked = [r for r in app.outbox.needing_a_person() if r.reason is Reason.DRAFT_UNCERTAIN]
    for record in blocked:
        app.office().retry(record)
    return bool(blocked)
