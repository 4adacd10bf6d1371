"""What the lamp says of settlements: late by their own plan, drafts that nobody posts, a Z that was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.errors import FactsDiffer, OutboxUnavailable
from posplugin.domain.payment import ChannelStatus, Light
from posplugin.domain.zreport import CashSales, TenderTotal, ZReport
from posplugin.settings import fingerprint
from posplugin.till.status import CHECK_PASSED
from tests.fixtures.clocks import EVENING, Watch
from tests.fixtures.sales import DAY, request
from tests.fixtures.settings import LEDGER

OpenApp = Callable[..., App]
Changes = dict[str, Any]
Z = ZReport(terminal_id="bar-1", number=1, business_date=DAY, closed_at=EVENING, cash=CashSales())
OTHER = replace(Z, cash=CashSales(tenders=(TenderTotal(channel="card", expected=100),), tips=100))
#: On the first of December, for a Z of the 20th of November.
MONTHLY = {"frequency": "monthly", "day": 1}


def opened(open_app: OpenApp, **changes: object) -> App:
    """Open an app that settles, whose settings `check` has passed."""
    automatic = {"automatic": True, "window": "6h"}
    app = open_app(**{"ledger": LEDGER, "schedule": automatic} | changes)
    app.outbox.write_note(CHECK_PASSED, fingerprint(app.settings))
    return app


def lamp(app: App, clock: Watch) -> ChannelStatus:
    """Return the lamp while the customers are fresh."""
    app.customers.store([], clock())
    return app.status()


@pytest.mark.parametrize(("days", "light"), [(9, Light.GREEN), (12, Light.YELLOW), (24, Light.YELLOW), (26, Light.RED)])
def test_a_settlement_is_late_by_its_own_plan(open_app: OpenApp, clock: Watch, days: int, light: Light) -> None:
    """However old it is: yellow when the run of its plan is over, red when that is 14 days ago."""
    app = opened(open_app, settlement={"schedule": MONTHLY})
    app.till().day_closed(Z)

    clock.passes(days=days)

    told = lamp(app, clock)
    assert told.light is light
    overdue = "Det eldste som venter, er fra 20.11.2026, og skulle vært sendt. Kjør `posplugin send`."
    assert told.notices == (() if light is Light.GREEN else (overdue,))


@pytest.mark.parametrize(("days", "light"), [(13, Light.GREEN), (16, Light.RED)])
def test_where_nothing_is_sent_by_itself_its_timetable_counts_all_the_same(
    open_app: OpenApp, clock: Watch, days: int, light: Light
) -> None:
    app = opened(open_app, schedule={"automatic": False})
    app.till().day_closed(Z)

    clock.passes(days=days)

    assert lamp(app, clock).light is light


@pytest.mark.parametrize("what", ["invoice", "settlement"])
@pytest.mark.parametrize("daily", ["invoice", "settlement"])
def test_each_kind_is_late_by_the_plan_that_sends_it(open_app: OpenApp, clock: Watch, what: str, daily: str) -> None:
    shared: Changes = {"automatic": True, "window": "6h"}
    own: Changes = {"frequency": "daily"}
    shared, own = (shared, MONTHLY) if daily == "invoice" else (shared | MONTHLY, own)
    app = opened(open_app, schedule=shared, settlement={"schedule": own})
    if what == "invoice":
        app.till().capture(request())
    else:
        app.till().day_closed(Z)
    assert "1 venter" in lamp(app, clock).text

    clock.passes(days=2)

    assert lamp(app, clock).light is (Light.YELLOW if what == daily else Light.GREEN)


def test_settlements_that_are_switched_off_wait_for_nobody(open_app: OpenApp, clock: Watch) -> None:
    opened(open_app).till().day_closed(Z)
    app = opened(open_app, settlement={"enabled": False})

    clock.passes(days=16)

    told = lamp(app, clock)
    assert (told.light, told.text, told.notices) == (Light.GREEN, "Alt er levert til PowerOffice.", ())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "Z 1 ble ikke tatt imot: det finnes en Z-rapport med det nummeret fra før, med andre tall."),
        ("en", "Z 1 was not taken: there is a Z report of that number already, with other totals."),
    ],
)
def test_a_z_that_was_refused_is_told_for_three_days(
    open_app: OpenApp, clock: Watch, language: str, words: str
) -> None:
    """Since it was refused last: a host that hands it over again and again is heard as long."""
    app = opened(open_app, terminal={"language": language}, settlement={"enabled": False})
    app.till().day_closed(Z)
    for _ in range(2):
        with pytest.raises(FactsDiffer):
            app.till().day_closed(OTHER)
        app.till().day_closed(Z)  # what is kept may be told again, and clears nothing
        clock.passes(days=2)
        told = lamp(app, clock)
        assert (told.light, words in told.text) == (Light.RED, True)

    clock.passes(days=1, hours=1)

    assert lamp(app, clock).light is Light.GREEN


def test_the_host_is_told_why_though_it_cannot_be_noted(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OutboxUnavailable("the disk is full")

    app.till().day_closed(Z)
    monkeypatch.setattr(app.outbox, "write_note", fails)

    with pytest.raises(FactsDiffer):
        app.till().day_closed(OTHER)
