"""What only a person may do, and what PowerOffice does by itself: seen, told, and never undone or done again by us."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from posplugin.accounting_system import Stage
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.acceptance.unknowns.conftest import OpenShop
from tests.acceptance.unknowns.evening import EVENING, POST
from tests.acceptance.unknowns.sending import (
    ATTACHED,
    CONFIRMED,
    SEND,
    SENT,
    SHORT_EVENING,
    SOLD,
    all_are_sent_once,
    deletions,
    none_is_sent_twice,
    retry_all,
    some_runs,
)

# -- U17: an invoice fee of PowerOffice's own --------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["us", "a person"])
@pytest.mark.parametrize("answer", ["U17a", "U17b"])
def test_a_fee_that_poweroffice_adds_when_sending_is_seen_and_told(answer: str, by: str, open_shop: OpenShop) -> None:
    """That customer would owe more than the guest's paper says; the others' invoices are as they should be."""
    paid = {receipt: EVENING[receipt] for receipt in (5, 8)}  # 5 is on a customer with UseInvoiceFee
    shop = open_shop(answer, invoicing=SENT if by == "us" else ATTACHED)
    shop.sell_evening(paid)
    shop.until_finished()
    if by == "a person":
        for order in shop.go.orders():
            shop.go.send_order(order["Id"])
        shop.later()
        assert shop.app.follow() == []

    if answer == "U17a":
        all_are_sent_once(shop, paid)
        return
    assert none_is_sent_twice(shop, paid) == {5: Reason.CHANGED}
    record = shop.record("5")
    assert (record.accounting_state, record.needs_a_person) == (Stage.CHANGED, True)
    assert "was sent with 91,25, and was delivered with 42,50" in (record.detail or "")
    assert shop.record("8").accounting_state is Stage.SENT
    books, requests = shop.books(), len(shop.go.requests)
    some_runs(shop)
    assert shop.books() == books
    assert not any(
        entry["method"] == "POST" and entry["acted"] and "Token" not in str(entry["path"])
        for entry in shop.go.requests[requests:]
    )


# -- U20: what we delete -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["U20a", "U20b"])
def test_a_draft_of_a_wrong_total_that_a_person_has_confirmed_is_never_deleted_by_us(
    answer: str, open_shop: OpenShop
) -> None:
    """The first try to delete it failed, or the order's answer was lost; meanwhile somebody has confirmed it."""
    shop = open_shop(answer, invoicing=SENT)
    shop.go.switch("U7", "b")  # since check measured it
    paid = {receipt: EVENING[receipt] for receipt in (1, 9, 10)}
    shop.sell_one(1)
    shop.sell_one(9)
    shop.go.fault("drop-after", path=POST, times=1)
    shop.go.fault("500-before", method="DELETE", times=1)
    shop.send()
    assert deletions(shop) == 2  # check's draft, and the one whose answer was not lost
    for order in shop.go.orders():
        shop.go.confirm_order(order["Id"])
    books = shop.books()
    assert books.keys() == {1, 9}

    shop.sell_one(10)  # something new, for which everything is looked at again
    some_runs(shop)
    assert (deletions(shop), shop.books()) == (3, books)  # its own draft, fresh and wrong
    assert none_is_sent_twice(shop, paid) == dict.fromkeys(paid, Reason.TOTALS_DIFFER)
    assert {order["SalesOrderStatus"] for order in shop.go.orders()} == {"Confirmed"}


@pytest.mark.parametrize("answer", ["U20a", "U20b"])
def test_a_draft_that_is_as_it_should_be_is_never_deleted(answer: str, open_shop: OpenShop) -> None:
    """Whatever goes wrong, and whatever is confirmed: the only draft we delete is the one that check measures with."""
    shop = open_shop(answer, invoicing=CONFIRMED)
    shop.sell_evening(SHORT_EVENING)
    for method in ("POST", "PATCH"):
        shop.go.fault("drop-after", path="/SalesOrders/", method=method, every=2)

    shop.until_finished()
    assert deletions(shop) == 1
    assert shop.books() == {receipt: [(each.customer, each.total)] for receipt, each in SHORT_EVENING.items()}


@pytest.mark.parametrize("answer", ["U20a", "U20b"])
def test_fresh_drafts_of_a_wrong_total_are_deleted_and_sent_once_when_mended(answer: str, open_shop: OpenShop) -> None:
    """The wrong ones are never sent."""
    shop = open_shop(answer, invoicing=SENT)
    shop.go.switch("U7", "b")
    shop.sell_evening(SOLD)
    some_runs(shop)
    assert set(none_is_sent_twice(shop, SOLD).values()) == {Reason.TOTALS_DIFFER}
    assert shop.go.orders() == []

    shop.write(invoicing=f"send_amount_excluding_vat = false\n{SENT}")
    shop.check()
    retry_all(shop)
    shop.until_finished()
    all_are_sent_once(shop, SOLD)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("U12a", "500-after"),
        ("U12b", "500-after"),
        ("U12c", "500-after"),
        ("U12a", "500-before"),
        ("U3a", "drop-after"),
    ],
)
def test_what_was_wrong_and_could_not_be_deleted_for_certain_is_sent_once_when_mended(
    answer: str, fault: str, open_shop: OpenShop
) -> None:
    """The draft went, or a person deleted it; the answer to our own deletion was lost."""
    shop = open_shop(answer, invoicing=SENT)
    shop.go.switch("U7", "b")
    shop.sell_one(1)
    shop.go.fault(fault, method="DELETE", times=1)
    shop.send()
    assert shop.record("1").reason is Reason.TOTALS_DIFFER
    for order in shop.go.orders():
        shop.go.delete_order(order["Id"])

    shop.write(invoicing=f"send_amount_excluding_vat = false\n{SENT}")
    shop.check()
    retry_all(shop)
    shop.until_finished()
    all_are_sent_once(shop, {1: EVENING[1]})


# -- U23: what a person does there -------------------------------------------------------------------------------------

#: With another draft of the same customer at hand.
Act = Callable[[Simulator, str, str], object]
_CHEAP = {"LineType": "Normal", "ProductCode": "30", "Quantity": 1, "ProductUnitPrice": 50}
#: What a person does to our draft → how it stands then, and why a person here must act.
ACTS: Mapping[str, tuple[Act, Stage, Reason | None]] = {
    "U23-edited-customer": (lambda go, order, _: go.edit_order(order, CustomerNo=10003), Stage.CHANGED, Reason.CHANGED),
    "U23-edited-total": (
        lambda go, order, _: go.edit_order(order, SalesOrderLines=[_CHEAP]),
        Stage.CHANGED,
        Reason.CHANGED,
    ),
    "U23-merged-into-it": (lambda go, order, other: go.merge_orders(order, other), Stage.CHANGED, Reason.CHANGED),
    "U23-merged-away": (lambda go, order, other: go.merge_orders(other, order), Stage.GONE, Reason.GONE),
    "U23-deleted": (lambda go, order, _: go.delete_order(order), Stage.GONE, Reason.GONE),
    "U23-sent": (lambda go, order, _: go.send_order(order), Stage.SENT, None),
    "U23-sent-changed": (lambda go, order, _: go.send_order(order, 10), Stage.CHANGED, Reason.CHANGED),
}


@pytest.mark.parametrize("invoicing", ["", SENT], ids=["draft", "send"])
@pytest.mark.parametrize("act", ACTS)
def test_what_a_person_does_to_our_draft_is_seen_and_nothing_is_sent_or_made_again(
    act: str, invoicing: str, open_shop: OpenShop
) -> None:
    """Also where it was to be sent, and that has failed so far."""
    paid = {1: EVENING[1], 11: EVENING[11]}  # of one customer
    shop = open_shop(invoicing=invoicing)
    shop.sell_evening(paid)
    shop.go.fault("500-before", path=SEND)
    shop.send()
    shop.go.clear_faults()
    do, stage, reason = ACTS[act]
    first, other = (shop.record(receipt).accounting_id or "" for receipt in ("1", "11"))
    do(shop.go, first, other)
    posts = shop.posts()

    for _ in range(3):
        shop.later()
        shop.send()
        assert shop.app.follow() == []

    record = shop.record("1")
    assert (record.status, record.accounting_state, record.reason) == (Status.DELIVERED, stage, reason)
    assert shop.posts() == posts
    none_is_sent_twice(shop, paid)
    assert shop.send().unfinished == 0
    if stage in (Stage.CHANGED, Stage.GONE):
        sent = [entry["path"] for entry in shop.go.requests if entry["acted"] and str(entry["path"]).endswith(SEND)]
        assert not any(first in str(path) for path in sent)
