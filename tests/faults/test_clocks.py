"""Clocks that are wrong, are put right, or are changed for summer: nothing waits for a time that will never come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from posplugin.domain.customer import Customer
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import OriginalSale
from posplugin.outbox.lifecycle import Status
from posplugin.poweroffice import client as client_module
from posplugin.schedule import last_due, next_run
from posplugin.settings import read_settings
from posplugin.simulator import Simulator
from tests.faults.conftest import Behind
from tests.faults.ledger import is_delivered_whole
from tests.faults.nights import AUTOMATIC, OSLO, let_pass, open_till, set_clocks
from tests.faults.proxy import Proxy
from tests.integration.sender.settled import stand_settled_once
from tests.integration.sender.shop import LEDGER, Shop

OpenShop = Callable[..., Shop]
SettingsFile = Callable[..., Path]
POST = "/SalesOrders/Complete"
A_YEAR, A_MONTH, A_DAY, AN_HOUR = timedelta(days=366), timedelta(days=31), timedelta(days=1), timedelta(hours=1)
SETTLES = {"settlement": "attach_z_report = false", "ledger": LEDGER}


# -- the till's clock alone --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [A_YEAR, A_DAY, AN_HOUR, -AN_HOUR, -A_DAY, -A_YEAR], ids=str)
@pytest.mark.parametrize("fault", ["none", "drop-before", "drop-after", "cut"])
def test_what_was_sold_and_tried_by_a_clock_that_was_wrong_is_delivered_once_it_is_right(
    fault: str, by: timedelta, shops: OpenShop, go: Simulator
) -> None:
    """PowerOffice's clock is right all the time. Waits that were told by the wrong clock are over at once."""
    shop = shops(**SETTLES)
    shop.ahead += by
    shop.evening(3)
    z = shop.close_day(1)
    if fault != "none":
        go.fault(fault, path=POST, every=2)
        go.fault(fault, path="/Vouchers", times=1)
    shop.send()
    shop.ahead -= by

    shop.until_quiet(runs=6)
    shop.sell("4")
    shop.until_quiet(runs=6)

    is_delivered_whole(shop)
    stand_settled_once(go, z)


@pytest.mark.parametrize("by", [A_YEAR, A_DAY, -A_DAY], ids=str)
def test_a_clock_that_jumps_while_an_answer_is_lost_makes_nothing_twice(
    by: timedelta, shops: OpenShop, go: Simulator
) -> None:
    """Though PowerOffice would let a second order in (U1d) and reads lag behind writes (U4b)."""
    shop = shops(**SETTLES)
    go.switch("U1", "d")
    go.switch("U2", "d")
    go.switch("U4", "b")
    shop.evening(3)
    z = shop.close_day(1)
    go.fault("drop-after", path=POST)
    go.fault("drop-after", path="/Vouchers", times=1)
    shop.send()
    go.clear_faults()
    shop.ahead += by

    shop.later()
    shop.until_quiet(runs=6)

    is_delivered_whole(shop)
    stand_settled_once(go, z)


def test_a_credit_note_told_to_wait_by_a_clock_that_was_wrong_waits_no_longer(shops: OpenShop, go: Simulator) -> None:
    shop = shops()
    shop.ahead += A_YEAR
    shop.sell("1", {25: 10000})
    shop.sell("2", {25: -4000}, original=OriginalSale(terminal_id="bar-1", sale_id="s1", receipt="1"))
    go.fault("500-before", path=POST, times=1)
    shop.send()
    assert shop.record("2").reason is Reason.WAITING_FOR_ORIGINAL
    shop.ahead -= A_YEAR

    shop.until_quiet(runs=4)

    is_delivered_whole(shop)


def test_a_promise_of_a_clock_that_was_wrong_needs_a_person_and_goes_out_when_it_is_final_after_all(
    shops: OpenShop,
) -> None:
    shop = shops()
    shop.ahead += A_YEAR
    asked = shop.promise("1", {25: 10000})
    shop.ahead -= A_YEAR
    shop.send()
    assert shop.record("1").reason is Reason.UNCONFIRMED_SALE

    shop.app.till().capture(asked)
    shop.until_quiet()

    is_delivered_whole(shop)


def test_customers_read_by_a_clock_that_was_wrong_are_all_read_anew(shops: OpenShop, go: Simulator) -> None:
    """What has changed since a time that has not been yet, nobody can tell."""
    shop = shops()
    shop.ahead += A_YEAR
    shop.app.sync_customers()
    shop.ahead -= A_YEAR
    go.archive_customer(10003)

    shop.app.sync_customers()

    known = shop.app.customers.get(10003)
    assert isinstance(known, Customer)
    assert known.is_archived


# -- runs --------------------------------------------------------------------------------------------------------------


def _runs_by_day(shop: Shop) -> Counter[str]:
    runs = shop.app.runs.latest(999)
    return Counter(f"{run.started_at.astimezone(OSLO):%m-%d}" for run in runs if run.cause != "hand")


def test_a_clock_set_forward_by_days_and_back_keeps_nothing_longer_than_a_night(shops: OpenShop) -> None:
    """A night that is lived twice has had its run; what was sold in it goes with the next."""
    shop = shops(schedule=AUTOMATIC)
    set_clocks(shop, "2026-11-16 12:00")
    open_till(shop)
    assert all(finding.ok for finding in shop.app.office().check())
    shop.app._tick()
    jumps = (timedelta(0), timedelta(days=9), timedelta(days=-9), timedelta(hours=-8), A_DAY, -A_DAY)
    for day, jump in enumerate(jumps):
        assert Status.PENDING not in {record.status for record in shop.records()[: day - 1 if day else 0]}, jump
        shop.ahead += jump
        shop.sell(str(day))
        let_pass(shop, A_DAY)
    let_pass(shop, A_DAY)

    is_delivered_whole(shop)


@pytest.mark.parametrize(
    ("zone", "time"),
    [
        ("Europe/Oslo", "00:00"),
        ("Europe/Oslo", "00:45"),
        ("Europe/Oslo", "01:45"),
        ("Europe/Oslo", "03:00"),
        ("Europe/Oslo", "23:55"),
        ("Europe/London", "01:00"),  # skipped in spring and shown twice in autumn
        ("Europe/London", "01:30"),
    ],
)
def test_every_day_has_one_run_through_both_nights_on_which_the_clocks_change(
    zone: str, time: str, settings_file: SettingsFile
) -> None:
    """Looked at every half hour for the days around them, from wherever one begins to look."""
    settings = read_settings(
        settings_file(terminal={"timezone": zone}, schedule={"automatic": True, "time": time, "times": {}})
    )
    for change in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        seen = set()
        for half_hours in range(-2 * 48, 3 * 48):
            now = change + timedelta(minutes=30 * half_hours)
            due, following = last_due(settings, now), next_run(settings, now)
            assert due is not None
            assert following is not None
            assert due <= now <= following
            seen |= {due, following}
        moments = sorted(seen)
        gaps = [later - sooner for sooner, later in pairwise(moments)]
        assert all(timedelta(hours=22) < gap < timedelta(hours=26) for gap in gaps), moments


def test_the_week_and_the_month_after_the_clocks_change_have_their_run(settings_file: SettingsFile) -> None:
    """Monday 30 March and 1 April, from every hour of the days before."""
    for schedule, wanted in (
        ({"frequency": "weekly", "weekday": "mon"}, "2026-03-30"),
        ({"frequency": "monthly", "day": 1}, "2026-04-01"),
    ):
        settings = read_settings(settings_file(schedule={"automatic": True, "time": "00:10", **schedule}))
        for hours in range(60):
            following = next_run(settings, datetime(2026, 3, 27, 10, tzinfo=UTC) + timedelta(hours=hours))
            assert following is not None
            assert following.astimezone(OSLO).date().isoformat() == wanted


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24"])
def test_sales_of_the_night_on_which_the_clocks_change_are_delivered_with_it(
    night: str, shops: OpenShop, go: Simulator
) -> None:
    """Sales every hour of it, runs in the middle of them, and a Z in the morning."""
    shop = shops(schedule=AUTOMATIC.replace("06:00", "01:50"), **SETTLES)
    set_clocks(shop, f"{night} 20:00")
    open_till(shop)
    assert all(finding.ok for finding in shop.app.office().check())
    shop.app._tick()
    for number in range(1, 8):
        shop.sell(str(number))
        let_pass(shop, AN_HOUR)
    z = shop.close_day(1)
    let_pass(shop, 2 * A_DAY)

    is_delivered_whole(shop)
    stand_settled_once(go, z)
    assert max(_runs_by_day(shop).values()) <= 2
    assert {record.business_date.isoformat() for record in shop.records()} == {night}


def test_a_clock_put_right_in_the_middle_of_a_run_ends_it_in_time(behind: Callable[..., Behind], proxy: Proxy) -> None:
    """A window is not longer for it: what is left goes with the next night."""
    shop = behind(schedule=AUTOMATIC)
    set_clocks(shop, "2026-11-20 05:00")
    open_till(shop)
    assert all(finding.ok for finding in shop.app.office().check())
    shop.sell("1")
    proxy.down()
    let_pass(shop, A_DAY)
    shop.ahead -= 3 * AN_HOUR
    let_pass(shop, A_DAY)
    proxy.up()
    let_pass(shop, A_DAY)

    is_delivered_whole(shop)


@pytest.mark.parametrize("by", [AN_HOUR, A_DAY, A_YEAR], ids=str)
def test_a_clock_that_is_put_right_is_no_time_that_has_passed(by: timedelta, shops: OpenShop, go: Simulator) -> None:
    """An hour at the till is a moment at PowerOffice, where what was posted cannot be read yet, nor is guarded."""
    shop = shops(**SETTLES)
    for unknown, answer in (("U1", "d"), ("U2", "d"), ("U4", "b")):
        go.switch(unknown, answer)
    shop.ahead -= by
    shop.evening(2)
    z = shop.close_day(1)
    go.fault("drop-after", path=POST, times=2)
    go.fault("drop-after", path="/Vouchers", times=1)
    shop.send()
    shop.ahead += by

    for _ in range(3):
        shop.send()
    shop.until_quiet(runs=6)

    is_delivered_whole(shop)
    stand_settled_once(go, z)


class Dates:
    """What PowerOffice's answers tell of the time there; each of its servers has a clock of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        #: How far that of the server that answers now is ahead; None where it tells no time.
        self.ahead: timedelta | None = timedelta(0)
        self._read = client_module._moment
        monkeypatch.setattr(client_module, "_moment", self._moment)

    def _moment(self, date: str | None) -> datetime | None:
        told = self._read(date)
        return told + self.ahead if told and self.ahead is not None else None


@pytest.fixture
def dates(monkeypatch: pytest.MonkeyPatch) -> Dates:
    return Dates(monkeypatch)


NO_TIME = timedelta(0)
#: Of the answers to the first look and to those that follow.
Told = tuple[timedelta | None, timedelta | None]


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ((timedelta(seconds=-90), NO_TIME), NO_TIME),  # a second server has a clock that is right
        ((NO_TIME, timedelta(seconds=90)), NO_TIME),
        ((None, NO_TIME), AN_HOUR),  # and ours is put right meanwhile
        ((NO_TIME, None), AN_HOUR),
    ],
    ids=str,
)
def test_time_that_one_clock_alone_tells_is_no_time_that_has_passed(
    told: Told, ours: timedelta, shops: OpenShop, go: Simulator, dates: Dates
) -> None:
    """Between two looks a few seconds have passed, whatever PowerOffice's Date or our clock make of them."""
    shop = shops(**SETTLES)
    for unknown, answer in (("U1", "d"), ("U2", "d"), ("U4", "b")):
        go.switch(unknown, answer)
    shop.ahead -= ours
    shop.evening(2)
    z = shop.close_day(1)
    go.fault("drop-after", path=POST, times=2)
    go.fault("drop-after", path="/Vouchers", times=1)
    dates.ahead = told[0]
    shop.send()
    shop.ahead += ours
    dates.ahead = told[1]

    for _ in range(3):
        shop.later(timedelta(seconds=4))
        shop.send()
    shop.until_quiet(runs=6)

    is_delivered_whole(shop)
    stand_settled_once(go, z)


@pytest.mark.parametrize(
    "told", [(A_YEAR, NO_TIME), (A_YEAR, None), (-A_YEAR, NO_TIME), (NO_TIME, -A_YEAR), (None, None)], ids=str
)
def test_no_clock_of_poweroffices_makes_anything_wait_for_ever(
    told: Told, shops: OpenShop, go: Simulator, dates: Dates
) -> None:
    shop = shops(**SETTLES)
    shop.evening(1)
    z = shop.close_day(1)
    go.fault("drop-before", path=POST, times=1)
    go.fault("drop-before", path="/Vouchers", times=1)
    dates.ahead = told[0]
    shop.send()
    assert shop.statuses() == {Status.UNCERTAIN}
    dates.ahead = told[1]

    shop.until_quiet(runs=4)

    is_delivered_whole(shop)
    stand_settled_once(go, z)


@pytest.mark.parametrize("by", [A_DAY, A_MONTH, A_YEAR], ids=str)
def test_a_settlement_posted_before_its_own_day_is_found_again(by: timedelta, shops: OpenShop, go: Simulator) -> None:
    """The till's clock is ahead all the time: by its own, PowerOffice made the voucher long before the Z."""
    shop = shops(**SETTLES)
    go.switch("U2", "d")
    shop.ahead += by
    shop.evening(1)
    z = shop.close_day(1)
    go.fault("cut", path="/Vouchers", times=1)

    shop.until_quiet(runs=6)

    is_delivered_whole(shop)
    stand_settled_once(go, z)
