"""Every answer and every fault once more, for what follows a delivery: attached once, and sent once."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from tests.acceptance.unknowns.conftest import OpenShop
from tests.acceptance.unknowns.evening import FAULTS, Shop
from tests.acceptance.unknowns.sending import (
    CONFIRMED,
    SENT,
    SHORT_EVENING,
    SOLD,
    all_are_confirmed_once,
    all_are_sent_once,
)

#: What the steps write, and what they read when the answer to that was lost.
WRITES = [("/attachments", "POST"), ("/createAndSendInvoice", "POST"), ("/SalesOrders/", "PATCH")]
READS = [("/SalesOrders/", "GET"), ("/OutgoingInvoices", "GET")]
#: The first answers are played together.
FIRST = "U1a-U3a-U4a-U5a-U6a-U9a-U12a-U15a-U17a-U19a-U20a-U22a"
LOST = ["drop-after", "cut", "500-after"]
#: Every answer that says something of the steps, with the faults that it bears on.
CELLS = [
    *((FIRST, fault) for fault in FAULTS),
    *(("U15b", fault) for fault in [*LOST, "drop-before", "429"]),
    *((answer, "429") for answer in ("U5b", "U5c")),
    *((answer, fault) for answer in ("U12b", "U12c") for fault in ("500-after", "500-before")),
    *((answer, "drop-after") for answer in ("U6b", "U6c", "U22b")),
    *((answer, "none") for answer in ("U9b", "U20b")),
]
CONFIRMING = [*((FIRST, fault) for fault in FAULTS), ("U12b", "500-after"), ("U12c", "500-after")]


def _set(shop: Shop, fault: str) -> None:
    if fault == "none":
        return
    for path, method in WRITES:
        shop.go.fault(fault, path=path, method=method, **FAULTS[fault])
    for path, method in READS:
        shop.go.fault(fault, path=path, method=method, every=2, times=2)


@pytest.mark.parametrize(("answer", "fault"), CELLS)
def test_whatever_is_answered_and_lost_every_invoice_is_sent_once(answer: str, fault: str, open_shop: OpenShop) -> None:
    shop = open_shop(*answer.split("-"), invoicing=SENT)
    shop.sell_evening(SHORT_EVENING)
    _set(shop, fault)

    shop.until_finished()

    all_are_sent_once(shop)


@pytest.mark.parametrize(("answer", "fault"), CONFIRMING)
def test_whatever_is_answered_and_lost_every_draft_is_confirmed_once(
    answer: str, fault: str, open_shop: OpenShop
) -> None:
    shop = open_shop(*answer.split("-"), invoicing=CONFIRMED)
    shop.sell_evening(SHORT_EVENING)
    _set(shop, fault)

    shop.until_finished()

    all_are_confirmed_once(shop)


@pytest.mark.parametrize("fault", ["none", "drop-after"])
@pytest.mark.parametrize("answer", ["U15a", "U15b"])
def test_what_takes_hours_to_be_sent_is_asked_for_once(answer: str, fault: str, open_shop: OpenShop) -> None:
    """Runs meanwhile see that it is under way, also where the answer to the first request was lost."""
    shop = open_shop(answer, send_seconds=2 * 3600, invoicing=SENT)
    shop.sell_evening(SOLD)
    _set(shop, fault)

    for _ in range(4):
        shop.send()
        shop.later(timedelta(minutes=10))
    assert shop.go.invoices() == []
    shop.later(timedelta(hours=2))
    shop.until_finished()

    all_are_sent_once(shop, SOLD)


@pytest.mark.parametrize("answer", ["U1a", "U1b", "U1c", "U1d"])
def test_every_fifth_answer_of_any_kind_is_lost_and_every_invoice_is_sent_once(
    answer: str, open_shop: OpenShop
) -> None:
    """Orders, receipts, sendings, looks and tokens alike."""
    shop = open_shop(answer, invoicing=SENT)
    shop.sell_evening(SHORT_EVENING)
    shop.go.fault("drop-after", path="/v2/", every=5, times=20)
    shop.go.fault("drop-after", path="/OAuth/Token", every=3)

    shop.until_finished(runs=40)
    all_are_sent_once(shop)


@pytest.mark.parametrize("fault", ["none", "drop-after", "500-after", "drop-before"])
@pytest.mark.parametrize("answer", ["U4b"])
def test_reads_that_lag_attach_and_send_nothing_twice(answer: str, fault: str, open_shop: OpenShop) -> None:
    """Runs within seconds of each other: what was just made is 404 at first, and what was just attached not listed."""
    shop = open_shop(answer, read_lag_seconds=6, invoicing=SENT)
    shop.sell_evening(SHORT_EVENING)
    _set(shop, fault)

    for _ in range(8):
        shop.send()
        shop.later(timedelta(seconds=2))
    shop.until_finished()

    all_are_sent_once(shop)


@pytest.mark.parametrize("fault", ["none", "drop-after"])
@pytest.mark.parametrize("answer", ["U4b"])
def test_reads_that_lag_in_real_time_attach_and_send_nothing_twice(
    answer: str, fault: str, open_shop: OpenShop
) -> None:
    """With a lag shorter than settle_time."""
    shop = open_shop(answer, read_lag_seconds=0.3, settle_time="1s", invoicing=SENT)
    shop.sell_evening(SHORT_EVENING)
    _set(shop, fault)

    for _ in range(8):
        shop.send()
        time.sleep(0.15)
    shop.until_finished()

    all_are_sent_once(shop)
