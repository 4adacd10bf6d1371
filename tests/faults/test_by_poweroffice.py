"""Faults by PowerOffice itself, as the simulator plays them: each sale and each day stands there once all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from posplugin.outbox.lifecycle import Status
from posplugin.simulator import FAULTS, Simulator
from tests.faults.ledger import is_delivered_whole
from tests.integration.sender.settled import stand_settled_once
from tests.integration.sender.shop import LEDGER, Shop

OpenShop = Callable[..., Shop]
ORDERS, DAYS, LOOKS, TOKENS, ALL = "/SalesOrders/Complete", "/Vouchers", "/OutgoingInvoices", "/OAuth/Token", "/"
SETTLES = {"settlement": "attach_z_report = false", "ledger": LEDGER}

#: The fault, whom it strikes, how, and how PowerOffice answers what nobody knows.
ROWS: list[tuple[str, str, dict[str, Any], str]] = [
    ("drop-before", ORDERS, {"every": 2}, ""),
    ("drop-before", TOKENS, {"times": 2}, ""),
    ("drop-after", ORDERS, {"every": 2}, "U1d"),
    ("drop-after", ORDERS, {"every": 2}, "U4b"),
    ("drop-after", DAYS, {"times": 1}, "U2d"),
    ("drop-after", ALL, {"every": 4, "times": 10}, ""),
    ("cut", ORDERS, {"every": 2}, "U1b"),
    ("cut", LOOKS, {"times": 1}, ""),
    ("delay-before", ORDERS, {"seconds": 0.5, "every": 3}, ""),
    ("delay-after", ORDERS, {"seconds": 0.5, "every": 3}, "U4b"),
    ("drip", ORDERS, {"seconds": 1.2, "every": 3}, ""),
    ("429", ALL, {"every": 2, "times": 20}, "U5a"),
    ("429", ALL, {"every": 2, "times": 20}, "U5b"),
    ("429", ORDERS, {"times": 30}, "U5c"),
    ("500-before", ORDERS, {"every": 2, "times": 6}, "U12a"),
    ("500-after", ORDERS, {"every": 2, "times": 6}, "U12b"),
    ("500-after", DAYS, {"times": 2}, "U12c"),
    ("503", ALL, {"every": 3, "times": 9}, ""),
    ("401", ALL, {"every": 3, "times": 9}, ""),
    ("403", ORDERS, {"every": 2, "times": 4}, ""),
    ("404", ALL, {"every": 4, "times": 6}, ""),
]


def _told(row: tuple[str, str, dict[str, Any], str]) -> str:
    fault, struck, how, answer = row
    parts = [fault, struck.rpartition("/")[2] or "all", *(f"{name}{value:g}" for name, value in how.items()), answer]
    return "-".join(filter(None, parts))


@pytest.mark.parametrize("row", ROWS, ids=_told)
def test_whatever_poweroffice_does_all_stands_there_once(
    row: tuple[str, str, dict[str, Any], str], shops: OpenShop, go: Simulator, request: pytest.FixtureRequest
) -> None:
    """Four sales and their day; no run fails, and nothing is left to a person when it is over."""
    fault, struck, how, answer = row
    if "seconds" in how:
        request.getfixturevalue("impatient")
    shop = shops(**SETTLES)
    if answer:
        go.switch(answer[:-1], answer[-1])
    shop.evening(4)
    z = shop.close_day(1)
    go.fault(fault, path=struck, **how)

    shop.until_quiet()

    assert go.faults[0]["hit"]
    is_delivered_whole(shop)
    stand_settled_once(go, z)


def test_every_fault_of_the_simulator_is_tried() -> None:
    assert {fault for fault, _, _, _ in ROWS} == set(FAULTS)


def test_a_token_that_expires_in_the_middle_of_a_run_is_renewed_and_nobody_notices(shops: OpenShop) -> None:
    shop = shops()
    shop.evening(50)

    def in_the_middle(done: int, _: int) -> None:
        if done in (3, 40):
            shop.go.revoke_tokens()

    report = shop.app.send("hand", progress=in_the_middle)

    assert (report.delivered, report.stopped) == (50, [])
    assert shop.posts() >= 50
    is_delivered_whole(shop)


@pytest.mark.parametrize("answer", ["U5a", "U5b", "U5c"])
def test_a_storm_of_429_that_lasts_stops_the_run_and_counts_against_nobody(
    answer: str, shops: OpenShop, go: Simulator
) -> None:
    shop = shops()
    shop.evening(6)
    go.switch(answer[:-1], answer[-1])
    go.fault("429")
    for _ in range(4):
        assert shop.send().stopped
        shop.later()

    assert {(record.status, record.attempts) for record in shop.records()} == {(Status.PENDING, 0)}
    go.clear_faults()
    shop.until_quiet()
    is_delivered_whole(shop)


@pytest.mark.parametrize("fault", ["drop-after", "cut", "500-after"])
def test_what_was_done_and_is_not_to_be_seen_yet_is_not_done_again_by_the_next_run(
    fault: str, shops: OpenShop, go: Simulator
) -> None:
    """The worst that PowerOffice may be like: a second one is let in (U1d, U2d), and reads lag behind writes (U4b)."""
    shop = shops(**SETTLES)
    for unknown, answer in (("U1", "d"), ("U2", "d"), ("U4", "b"), ("U12", "b")):
        go.switch(unknown, answer)
    shop.evening(2)
    z = shop.close_day(1)
    go.fault(fault, path="/SalesOrders/Complete", times=2)
    go.fault(fault, path="/Vouchers", times=1)
    for seconds in (0, 0, 2, 2):
        shop.send()
        shop.later(timedelta(seconds=seconds))

    shop.until_quiet()

    assert all(told["hit"] for told in go.faults)
    is_delivered_whole(shop)
    stand_settled_once(go, z)
