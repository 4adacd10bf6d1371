"""Faults between the till and PowerOffice: whatever the network does, each sale and each day stands there once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posplugin.accounting_system import AccountingError, Posted, Stage, Verdict
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.poweroffice import client as client_module
from posplugin.sender.patience import Patience
from posplugin.simulator import Simulator
from tests.faults.conftest import Behind
from tests.faults.ledger import is_delivered_whole
from tests.faults.proxy import TOXICS, Proxy
from tests.integration.sender.settled import stand_settled_once
from tests.integration.sender.shop import LEDGER

OpenBehind = Callable[..., Behind]
#: Which requests are struck: the posting of orders and of settlements, what is looked up first, all.
ORDERS, DAYS, LOOKS, ALL = "POST /v2/SalesOrders", "POST /v2/Vouchers", "GET /v2/SalesOrders", ""
#: Toxics after which there is nothing but to wait.
SILENT = {"latency", "bandwidth", "bandwidth_body", "timeout", "timeout_after"}
#: A till that settles, without papers.
SETTLES = {"settlement": "attach_z_report = false", "ledger": LEDGER}

#: What is the matter, whom it strikes, how.
FAULTS: list[tuple[str, str, dict[str, float]]] = [
    ("latency", ALL, {"seconds": 0.02}),
    ("latency", ORDERS, {"seconds": 0.5, "every": 2}),
    ("slicer", ALL, {"size": 50}),
    ("bandwidth", ORDERS, {"seconds": 0.02, "every": 3}),
    ("bandwidth", LOOKS, {"seconds": 0.02, "times": 1}),
    ("bandwidth_body", DAYS, {"seconds": 0.02, "times": 1}),
    ("reset_before", ORDERS, {"every": 2}),
    ("reset_before", ALL, {"every": 3, "times": 8}),
    ("reset_peer", ORDERS, {"every": 2}),
    ("reset_peer", ORDERS, {"every": 2, "size": 20}),
    ("reset_peer", DAYS, {"size": 300, "times": 2}),
    ("reset_peer", ALL, {"every": 3, "size": 250, "times": 8}),
    ("limit_data", ORDERS, {"every": 2, "size": 1}),
    ("limit_data", ALL, {"every": 3, "size": 260, "times": 8}),
    ("timeout", ORDERS, {"every": 3}),
    ("timeout", DAYS, {"times": 1}),
    ("timeout_after", ORDERS, {"every": 3}),
    ("timeout_after", ALL, {"every": 9, "times": 3}),
    ("slicer_up", ALL, {"size": 100, "seconds": 0.001}),
    ("limit_data_up", ORDERS, {"every": 2, "size": 10}),
    ("limit_data_up", ORDERS, {"every": 2, "size": 900}),
    ("limit_data_up", DAYS, {"times": 2, "size": 900}),
    ("slow_close", ORDERS, {"every": 2}),
    ("slow_close", ALL, {"every": 3, "times": 8, "seconds": 0.02}),
]


def _told(fault: tuple[str, str, dict[str, float]]) -> str:
    kind, struck, how = fault
    return "-".join([kind, struck.rpartition("/")[2] or "all", *(f"{name}{value:g}" for name, value in how.items())])


@pytest.mark.parametrize("fault", FAULTS, ids=_told)
def test_whatever_the_way_there_does_all_stands_there_once(
    fault: tuple[str, str, dict[str, float]],
    behind: OpenBehind,
    proxy: Proxy,
    go: Simulator,
    request: pytest.FixtureRequest,
) -> None:
    """Four sales and their day; no run fails, and when the fault is over nothing is left to a person."""
    kind, struck, how = fault
    if kind in SILENT:
        request.getfixturevalue("impatient")
    shop = behind(**SETTLES)
    shop.evening(4)
    z = shop.close_day(1)
    toxic = proxy.add(kind, struck, **how)

    shop.until_quiet()

    assert toxic.hit
    is_delivered_whole(shop)
    stand_settled_once(go, z)


def test_every_toxic_is_tried() -> None:
    assert {kind for kind, _, _ in FAULTS} == set(TOXICS)


@pytest.mark.parametrize("kind", ["bandwidth", "bandwidth_body"])
def test_an_answer_that_drips_for_ever_holds_no_run_up_longer_than_the_deadline(
    kind: str, behind: OpenBehind, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte is in time by itself, in the head of the answer as in its body."""
    shop = behind()
    shop.sell("1")
    monkeypatch.setattr(client_module, "DEADLINE_SECONDS", 0.4)
    proxy.add(kind, ORDERS, seconds=0.05, times=1)

    while not (tries := shop.app.outbox.attempts(shop.record("1"))):  # a busy machine is late with the token too
        shop.app.send("hand")

    assert "no whole answer within 0.4 seconds" in str(tries[0].answer)
    proxy.clear()
    shop.until_quiet()
    is_delivered_whole(shop)


def test_a_way_that_goes_down_in_the_middle_of_a_run_uses_up_no_attempt(behind: OpenBehind, proxy: Proxy) -> None:
    """What was in hand is looked up; what had not been tried waits; and nobody is to blame."""
    shop = behind()
    shop.evening(40)
    sent = []

    def after_three(done: int, _: int) -> None:
        sent.append(done)
        if len(sent) == 3:
            proxy.down()

    report = shop.app.send("hand", progress=after_three)

    assert report.stopped
    assert {record.attempts for record in shop.records()} == {0}
    assert {record.status for record in shop.records()} <= {Status.DELIVERED, Status.PENDING, Status.UNCERTAIN}
    for _ in range(10):  # and as long as it stays down
        shop.later()
        assert shop.send().stopped
    assert {record.attempts for record in shop.records()} == {0}
    proxy.up()
    shop.until_quiet()
    is_delivered_whole(shop)


def test_a_way_that_swallows_everything_in_the_middle_of_a_run_is_given_up_and_blames_nobody(
    behind: OpenBehind, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections are accepted and never answered: ten lost in a row, beside those in flight, are no record's fault."""
    shop = behind()
    shop.evening(80)

    def after_three(done: int, _: int) -> None:
        if done == 3:
            monkeypatch.setattr(client_module, "DEADLINE_SECONDS", 0.3)
            proxy.add("timeout")

    report = shop.app.send("hand", progress=after_three)

    monkeypatch.setattr(client_module, "DEADLINE_SECONDS", 60.0)
    standing = [record.status for record in shop.records()]
    assert report.stopped
    assert standing.count(Status.PENDING) > 5
    assert {record.attempts for record in shop.records()} == {0}
    proxy.clear()
    shop.until_quiet()
    is_delivered_whole(shop)


LOST = AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, "the answer was lost")
GONE = AccountingError(Verdict.STOP, Reason.INTERNAL, "PowerOffice cannot be reached")


@pytest.mark.parametrize(
    ("answers", "to_blame", "given_up"),
    [
        ("l", "", False),  # alone
        ("al", "l", False),
        ("la", "l", False),
        ("lalg", "l", False),  # the second went down with the line
        ("lalggg", "l", True),
        ("alllggg", "", True),
        ("alggalgg", "l", False),  # refused now and then: no outage
        ("a" + 9 * "l", 9 * "l", False),
        ("la" + 10 * "l", "l", True),  # ten in a row: nobody's fault
        (9 * "l" + "a" + 9 * "l", 18 * "l", False),
    ],
)
def test_a_try_counts_against_a_record_where_others_got_through_and_the_line_held(
    answers: str, to_blame: str, given_up: bool, behind: OpenBehind
) -> None:
    shop = behind()
    record = shop.sell("1")
    posted = Posted(reference="", accounting_id="", number=1, customer_number=1, total=1, stage=Stage.DRAFT)
    told: dict[str, Posted | AccountingError] = {"a": posted, "l": LOST, "g": GONE}
    patience = Patience()
    coming = iter(answers)
    for _ in answers:
        patience.hear(record, lambda _: told[next(coming)])

    assert len(patience.to_blame()) == len(to_blame)
    assert (patience.given_up is not None) is given_up


def test_what_hangs_while_others_are_answered_is_no_outage(behind: OpenBehind) -> None:
    shop = behind()
    record = shop.sell("1")
    posted = Posted(reference="", accounting_id="", number=1, customer_number=1, total=1, stage=Stage.DRAFT)
    patience = Patience()

    def hang(beside: int) -> AccountingError:
        patience.hear(record, lambda _: hang(beside - 1) if beside else posted)
        return LOST

    patience.hear(record, lambda _: hang(15))

    assert len(patience.lost) == 16
    assert patience.given_up is None
    for _ in range(10):
        patience.hear(record, lambda _: LOST)
    assert patience.given_up is LOST


def test_what_was_in_flight_beside_an_answer_that_came_at_last_went_down_with_the_line(behind: OpenBehind) -> None:
    """Begun before the other was lost, it tells nothing of the line after that."""
    shop = behind()
    first, second = shop.sell("1"), shop.sell("2")
    posted = Posted(reference="", accounting_id="", number=1, customer_number=1, total=1, stage=Stage.DRAFT)
    patience = Patience()

    def slowly(_: Record) -> Posted:
        patience.hear(first, lambda _: LOST)
        return posted

    patience.hear(second, slowly)
    patience.hear(first, lambda _: GONE)

    assert patience.to_blame() == []


def test_an_answer_that_was_long_in_coming_takes_back_nothing_that_others_have_told_of_the_line(
    behind: OpenBehind,
) -> None:
    shop = behind()
    first, second, third = (shop.sell(receipt) for receipt in "123")
    posted = Posted(reference="", accounting_id="", number=1, customer_number=1, total=1, stage=Stage.DRAFT)
    patience = Patience()

    def slowly(_: Record) -> Posted:
        patience.hear(first, lambda _: LOST)
        patience.hear(third, lambda _: posted)
        return posted

    patience.hear(second, slowly)
    patience.hear(third, lambda _: GONE)

    assert patience.to_blame() == [first]
