"""Every answer and every fault once more, for what follows a delivery: attached once, sent once, or a person is told."""

from __future__ import annotations

import pytest

from tests.acceptance.unknowns.conftest import OpenShop
from tests.acceptance.unknowns.evening import FAULTS, Shop
from tests.acceptance.unknowns.sending import (
    CONFIRMED,
    SENT,
    SHORT_EVENING,
    all_are_confirmed_once,
    all_are_sent_once,
)

#: What the steps write, and what they read when the answer to that was lost.
WRITES = [("/attachments", "POST"), ("/createAndSendInvoice", "POST"), ("/SalesOrders/", "PATCH")]
READS = [("/attachments", "GET"), ("/sentState", "GET")]
#: Those that say something of the steps; the first answers are played together.
FIRST = "U4a-U5a-U6a-U9a-U12a-U15a-U17a-U19a-U20a-U22a"
ANSWERS = [FIRST, "U5b", "U5c", "U6b", "U6c", "U9b", "U12b", "U12c", "U15b", "U20b", "U22b"]


def _set(shop: Shop, fault: str) -> None:
    if fault == "none":
        return
    for path, method in WRITES:
        shop.go.fault(fault, path=path, method=method, **FAULTS[fault])
    for path, method in READS:
        shop.go.fault(fault, path=path, method=method, times=1)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_whatever_is_answered_and_lost_every_invoice_is_sent_once(answer: str, fault: str, open_shop: OpenShop) -> None:
    shop = open_shop(*answer.split("-"), invoicing=SENT)
    shop.sell_evening(SHORT_EVENING)
    _set(shop, fault)

    shop.until_finished()

    all_are_sent_once(shop)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_whatever_is_answered_and_lost_every_draft_is_confirmed_once(
    answer: str, fault: str, open_shop: OpenShop
) -> None:
    shop = open_shop(*answer.split("-"), invoicing=CONFIRMED)
    shop.sell_evening(SHORT_EVENING)
    _set(shop, fault)

    shop.until_finished()

    all_are_confirmed_once(shop)
