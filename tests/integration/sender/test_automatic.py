"""Sending by itself: when it is due, only once `check` has passed, and made up for when it was missed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from posplugin.accounting_system import Stage
from posplugin.app import App
from posplugin.domain.payment import Outcome, PaymentRef, PaymentRequest, Terminal
from posplugin.domain.sale import Sale, SaleLine, Tender
from posplugin.hooks import PosHost
from posplugin.outbox.lifecycle import Status
from posplugin.poweroffice.pace import SPACING_SECONDS, Pacer, share
from posplugin.simulator import Simulator
from tests.fixtures.clocks import Watch
from tests.fixtures.settings import write_settings

KEYS = {"application_key": "simulator-application-key", "subscription_key": "simulator-subscription-key"}
#: Friday, an hour after this terminal's run at 06:00 Oslo time.
MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=1000) as running:
        yield running


def _settings(path: Path, simulator: Simulator, **schedule: object) -> Path:
    return write_settings(
        path / "posplugin.toml",
        poweroffice={**KEYS, "simulator_url": simulator.url},
        schedule={"automatic": True, **schedule},
        departments={"bar": {"client_key": "simulator-client-key"}},
    )


@pytest.fixture
def app(tmp_path: Path, simulator: Simulator) -> Iterator[App]:
    """A till that is set up but not checked, with one sale waiting; its clock stands on a Friday morning."""
    simulator.advance((MORNING - datetime.now(UTC)).total_seconds())  # the same morning at PowerOffice
    with App.open(_settings(tmp_path, simulator), clock=Watch(MORNING)) as opened:
        opened.sync_customers()
        _sell(opened, "s-1")
        yield opened


def _request(sale_id: str, at: datetime) -> PaymentRequest:
    sale = Sale(
        sale_id=sale_id,
        terminal_id="bar-1",
        at=at,
        lines=(SaleLine(description="Middag", amount=12500, vat_rate=25),),
        tenders=(Tender(tender_id="1", channel="invoice", amount=12500),),
    )
    return PaymentRequest(ref=PaymentRef("bar-1", sale_id, "1"), sale=sale, customer_number=10002)


def _sell(app: App, sale_id: str) -> None:
    asked = _request(sale_id, app.clock() - timedelta(hours=12))
    app.till().authorize(asked)
    app.till().capture(asked)


def _waiting(app: App) -> int:
    return len(app.outbox.in_status(Status.PENDING))


def test_nothing_is_sent_before_check_has_passed(app: App) -> None:
    app._tick()
    assert (_waiting(app), app.runs.latest()) == (1, [])

    assert all(finding.ok for finding in app.office().check())
    app._tick()

    assert (_waiting(app), app.runs.latest()[0].cause) == (0, "catch_up")


def test_a_change_of_settings_closes_the_gate_until_check_passes_again(
    app: App, tmp_path: Path, simulator: Simulator
) -> None:
    app.office().check()
    path = _settings(tmp_path, simulator)
    path.write_text(path.read_text().replace('vat_25 = "30"', 'vat_25 = "31"'))

    app._tick()

    assert _waiting(app) == 1


def test_a_run_is_made_once_for_each_time(app: App) -> None:
    """The second look finds that it has been; the next day it is due again, with the time that the file then says."""
    app.office().check()
    app._tick()
    app._tick()
    assert len(app.runs.latest(9)) == 1

    _sell(app, "s-2")
    app._tick()
    assert _waiting(app) == 1
    watch = app.clock
    assert isinstance(watch, Watch)
    watch.passes(days=1)
    app._tick()

    assert (_waiting(app), len(app.runs.latest(9))) == (0, 2)


def test_a_run_by_hand_does_not_take_the_place_of_the_days_own(app: App) -> None:
    app.office().check()
    app.send("hand")
    _sell(app, "s-2")

    app._tick()

    assert _waiting(app) == 0


def test_what_is_switched_off_does_not_run(app: App, tmp_path: Path, simulator: Simulator) -> None:
    app.office().check()
    _settings(tmp_path, simulator, automatic=False)

    app._tick()

    assert _waiting(app) == 1


def test_settings_that_cannot_be_read_stop_nothing(app: App, tmp_path: Path) -> None:
    """A technician in the middle of an edit; what was read last counts, and the run says what is wrong."""
    app.office().check()
    (tmp_path / "posplugin.toml").write_text("[terminal")

    app._tick()

    assert _waiting(app) == 1


def test_customers_are_read_anew_once_a_day_whatever_the_schedule(app: App, simulator: Simulator) -> None:
    app.office().check()
    app._tick()
    watch = app.clock
    assert isinstance(watch, Watch)
    watch.passes(days=1, hours=-3)
    before = app.customers.synced()

    watch.passes(hours=3, minutes=-20)
    app._tick()
    watch.passes(hours=1)
    app._tick()  # where everything stands is asked first, and the customers at the next look
    app._tick()

    assert app.customers.synced() != before


def _load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PosHost:
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(tmp_path / "posplugin.toml"))
    host = PosHost.load(Terminal(terminal_id="bar-1", department="bar"), outcome=lambda _: Outcome.UNKNOWN)
    assert host.failures == []
    return host


def _wait_for(what: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not what():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_a_till_that_starts_makes_up_for_what_it_missed(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was off at six; at its start the sale of last night goes out."""
    with App.open(_settings(tmp_path, simulator)) as app:
        app.sync_customers()
        _sell(app, "s-1")
        app.office().check()

    host = _load(tmp_path, monkeypatch)
    _wait_for(lambda: bool(simulator.orders()))
    host.shutdown()

    assert len(simulator.orders()) == 1


def test_a_till_closes_though_poweroffice_hangs(
    tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was in hand is looked up at the next start, and is there once."""
    with App.open(_settings(tmp_path, simulator)) as app:
        app.sync_customers()
        for number in range(6):
            _sell(app, f"s-{number}")
        app.office().check()
    checked = len(simulator.requests)
    simulator.fault("delay-after", path="SalesOrders/Complete", seconds=600)
    host = _load(tmp_path, monkeypatch)
    _wait_for(lambda: any("Complete" in str(request["path"]) for request in simulator.requests[checked:]))

    host.shutdown()  # returns, though nothing has been answered

    assert host.failures == []
    for thread in threading.enumerate():
        assert thread.daemon or thread is threading.main_thread() or not thread.name.startswith("posplugin")
    simulator.clear_faults()
    _wait_for(lambda: not any(t.name.startswith("posplugin") for t in threading.enumerate()))
    with App.open(tmp_path / "posplugin.toml") as app:
        app.send("hand")
        references = [order["ExternalImportReference"] for order in simulator.orders()]
        assert len(references) == len(set(references))
        assert len(references) + _waiting(app) + len(app.outbox.in_status(Status.UNCERTAIN)) == 6


def test_after_the_nights_run_it_is_seen_what_has_become_of_everything(app: App, simulator: Simulator) -> None:
    """Once a night by itself; a night on which nobody could ask is made up for within hours."""
    watch = app.clock
    assert isinstance(watch, Watch)
    app.office().check()
    app._tick()
    simulator.send_order(simulator.orders()[0]["Id"])

    simulator.fault("503", path="/SalesOrders")
    app._tick()
    assert (_state(app), app.followed()) == (Stage.DRAFT, None)

    simulator.clear_faults()
    app._tick()
    assert _state(app) is Stage.DRAFT  # tried a moment ago
    watch.passes(hours=2)
    app._tick()
    assert (_state(app), app.followed()) == (Stage.SENT, watch())


def _state(app: App) -> Stage | None:
    return app.outbox.select("1")[0].accounting_state


def test_by_the_schedule_a_terminal_of_many_keeps_to_its_share_and_by_hand_it_does_not(
    app: App, tmp_path: Path, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run of the night and what follows it every day; not what a person waits for."""
    spacings: list[float] = []

    class Noting(Pacer):
        def __init__(self, spacing: float = SPACING_SECONDS, **of: Any) -> None:
            super().__init__(0.0, **of)
            self.told = spacing

        def wait(self) -> None:
            spacings.append(self.told)

    monkeypatch.setattr("posplugin.app.Pacer", Noting)
    path = _settings(tmp_path, simulator)
    path.write_text(path.read_text().replace("[poweroffice]", "[poweroffice]\nterminals = 40"))
    app._pacers.clear()

    app.office().check()
    assert {*spacings} == {SPACING_SECONDS}
    spacings.clear()

    app._tick()
    assert _waiting(app) == 0
    assert app.runs.latest()[0].cause == "catch_up"
    app._tick()
    assert app.followed() is not None
    assert {*spacings} == {share(40)}
    spacings.clear()

    _sell(app, "s-2")
    app.send("hand")
    app.sync_customers()
    assert _waiting(app) == 0
    assert {*spacings} == {SPACING_SECONDS}


def test_a_till_that_closes_waits_for_no_share(app: App, tmp_path: Path, simulator: Simulator) -> None:
    """Between two requests of a run lie fifteen seconds; the run ends at once, and nothing is in doubt."""
    path = _settings(tmp_path, simulator)
    path.write_text(path.read_text().replace("[poweroffice]", "[poweroffice]\nterminals = 10000"))
    app.office().check()
    run = threading.Thread(target=app._tick)
    run.start()
    _wait_for(lambda: any(sharing > 1 for _, sharing in app._pacers))

    app.stopping.set()
    run.join(10)

    assert not run.is_alive()
    assert _waiting(app) == 1
