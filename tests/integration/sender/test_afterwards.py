"""What follows a delivery: the receipt attached, the draft confirmed or sent, each done once and tried again alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from posplugin.accounting_system import Stage
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import OriginalSale
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.steps import Step, StepState
from tests.integration.sender.shop import OpenShop, Shop


@pytest.fixture(autouse=True)
def _quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator sends within a moment, and need not be given what PowerOffice is."""
    monkeypatch.setattr("posplugin.sender.run.SEND_POLLS", (0.25, 0.25))


SEND = 'delivery = "send"'
ATTACH = "attach_receipt = true"


def _sending(shops: OpenShop, invoicing: str = SEND) -> Shop:
    shop = shops(invoicing=invoicing)
    shop.go.allow_send_invoice = True
    return shop


def _sends(shop: Shop) -> int:
    return sum(path.endswith("/createAndSendInvoice") for _, path in shop.requests())


def _steps(shop: Shop, receipt: str = "1") -> dict[Step, StepState]:
    return {row.step: row.state for row in shop.app.outbox.steps.of(shop.record(receipt))}


def _until_finished(shop: Shop, runs: int = 6) -> None:
    for _ in range(runs):
        if not shop.send().unfinished:
            return
        shop.later(timedelta(minutes=10))
    raise AssertionError([shop.app.outbox.steps.of(record) for record in shop.records()])


def _sent_once(shop: Shop, count: int) -> None:
    """Each invoice is there, with its number, and nothing is left as a draft."""
    assert shop.go.orders() == []
    assert shop.ledger() == shop.wanted()
    assert {record.accounting_state for record in shop.records()} == {Stage.SENT}
    assert {record.invoice_number for record in shop.records()} == {row["InvoiceNo"] for row in shop.go.invoices()}
    assert len(shop.go.invoices()) == count


def test_confirmed_drafts_are_confirmed(shops: OpenShop) -> None:
    shop = shops(invoicing='delivery = "confirmed"')
    shop.evening(3)

    assert shop.send().outcome == "done"

    assert {order["SalesOrderStatus"] for order in shop.go.orders()} == {"Confirmed"}
    assert {record.accounting_state for record in shop.records()} == {Stage.CONFIRMED}


def test_invoices_are_sent_and_followed_until_they_are(shops: OpenShop) -> None:
    shop = _sending(shops)
    shop.evening(3)

    assert shop.send().outcome == "done"

    _sent_once(shop, 3)
    assert _sends(shop) == 3


def test_a_credit_note_names_the_number_of_the_invoice_that_was_sent_before_it(shops: OpenShop) -> None:
    shop = _sending(shops)
    shop.sell("1")
    shop.sell("2", {25: -4000}, original=OriginalSale(terminal_id="bar-1", sale_id="s1", receipt="1"))

    _until_finished(shop)

    _sent_once(shop, 2)
    invoice, credit = shop.go.invoices()
    assert (credit["RelatedInvoiceNo"], credit["TotalAmount"]) == (invoice["InvoiceNo"], -40)


@pytest.mark.parametrize("fault", ["drop-after", "drop-before", "500-after", "500-before", "cut", "429", "401"])
def test_a_lost_answer_to_the_sending_sends_nothing_twice(fault: str, shops: OpenShop) -> None:
    shop = _sending(shops)
    shop.evening(3)
    shop.go.fault(fault, path="createAndSendInvoice", every=2, times=2)

    _until_finished(shop)

    _sent_once(shop, 3)


def test_what_could_not_be_sent_is_a_draft_that_a_person_mends(shops: OpenShop) -> None:
    """PowerOffice's own words stand beside it; tried again by hand it goes out."""
    shop = _sending(shops)
    shop.sell("1")
    shop.go.fail_sending("ABC AS no longer receives EHF")
    shop.send()
    record = shop.record("1")
    assert (record.status, record.accounting_state, record.reason) == (
        *(Status.DELIVERED, Stage.SEND_FAILED),
        Reason.SEND_FAILED,
    )
    assert "ABC AS no longer receives EHF" in (record.detail or "")
    assert shop.send().attention == 1
    assert _sends(shop) == 1

    shop.app.office().retry(record)
    _until_finished(shop)

    _sent_once(shop, 1)


def test_sent_by_hand_after_it_failed_here_it_is_settled(shops: OpenShop) -> None:
    shop = _sending(shops)
    shop.sell("1")
    shop.go.fail_sending("no address")
    shop.send()
    shop.go.send_order(shop.record("1").accounting_id or "")

    shop.later()
    shop.app.follow()

    assert (shop.record("1").accounting_state, shop.record("1").needs_a_person) == (Stage.SENT, False)
    assert _steps(shop) == {Step.SEND: StepState.DONE}


def test_without_the_right_to_send_everything_waits_as_drafts_and_goes_on_when_check_passes(
    shops: OpenShop,
) -> None:
    shop = shops(invoicing=SEND)
    shop.evening(2)
    shop.send()
    assert {record.reason for record in shop.records()} == {Reason.MISSING_PRIVILEGE}
    assert len(shop.go.orders()) == 2

    shop.go.allow_send_invoice = True
    shop.app.office().release([Reason.MISSING_PRIVILEGE])
    _until_finished(shop)

    _sent_once(shop, 2)


def test_a_draft_that_a_person_has_changed_meanwhile_is_not_sent(shops: OpenShop) -> None:
    shop = _sending(shops)
    shop.sell("1")
    shop.go.fault("500-before", path="createAndSendInvoice", times=1)
    shop.send()
    shop.go.edit_order(shop.record("1").accounting_id or "", CustomerNo=10003)
    shop.later()

    shop.send()

    assert (shop.record("1").reason, len(shop.go.invoices())) == (Reason.CHANGED, 0)


def test_a_draft_that_was_changed_before_the_retry_is_not_sent(shops: OpenShop) -> None:
    """Tried again by hand days later, it is compared once more."""
    shop = _sending(shops)
    shop.sell("1")
    shop.go.fail_sending("no address")
    shop.send()
    shop.later(timedelta(days=3))
    shop.go.edit_order(shop.record("1").accounting_id or "", CustomerNo=10003)

    shop.app.office().retry(shop.record("1"))
    shop.send()

    assert (shop.record("1").reason, len(shop.go.invoices())) == (Reason.CHANGED, 0)


def test_a_failed_step_goes_on_when_what_hid_it_is_put_right(shops: OpenShop) -> None:
    shop = _sending(shops)
    shop.sell("1")
    shop.go.fail_sending("no address")
    shop.send()
    order = shop.record("1").accounting_id or ""
    for customer in (10003, 10002):
        shop.go.edit_order(order, CustomerNo=customer)
        shop.later()
        shop.app.follow()

    _until_finished(shop)

    _sent_once(shop, 1)


def test_one_draft_that_cannot_be_asked_for_stops_no_other(shops: OpenShop) -> None:
    shop = _sending(shops)
    shop.evening(3)
    shop.go.fault("500-before", path="createAndSendInvoice", times=3)
    shop.send()
    poisoned = shop.record("2").accounting_id or ""
    shop.go.fault("500-before", path=f"/SalesOrders/{poisoned}", method="GET")
    shop.sell("90", {25: -1000}, original=OriginalSale(terminal_id="bar-1", sale_id="s1", receipt="1"))
    for _ in range(4):
        shop.later(timedelta(minutes=10))
        shop.send()

    assert {shop.record(receipt).accounting_state for receipt in ("1", "3", "90")} == {Stage.SENT}
    assert shop.record("2").accounting_state is Stage.DRAFT


def test_a_step_that_never_succeeds_shows_in_the_lamp_and_can_be_let_go(shops: OpenShop) -> None:
    shop = shops(invoicing=ATTACH)
    shop.app.office().check()
    shop.sell("1")
    shop.go.fault("500-before", path="/attachments")
    shop.send()
    shop.later(timedelta(days=4))
    shop.app.sync_customers()
    shop.app.follow()
    assert "outbox list" in shop.app.status().text

    shop.app.office().discard(shop.record("1"), "sent by post")

    assert (shop.record("1").status, shop.send().unfinished) == (Status.DELIVERED, 0)


def test_told_not_to_send_any_more_nothing_planned_is_sent(shops: OpenShop) -> None:
    shop = _sending(shops)
    shop.sell("1")
    shop.go.fault("500-before", path="createAndSendInvoice", times=1)
    shop.send()
    shop.write(invoicing='delivery = "draft"')
    shop.later()

    assert shop.send().unfinished == 0
    assert (shop.record("1").accounting_state, len(shop.go.invoices())) == (Stage.DRAFT, 0)


def test_while_an_old_sale_is_being_sent_it_is_not_called_unsent(shops: OpenShop) -> None:
    """Why it could not be sent is what a person must hear."""
    shop = _sending(shops)
    shop.sell("1", at=shop.clock() - timedelta(days=27))
    shop.go.fault("500-before", path="createAndSendInvoice", times=1)
    shop.send()
    shop.later()
    shop.app.follow()
    assert shop.record("1").reason is None

    shop.go.fail_sending("ABC AS no longer receives EHF")
    shop.send()

    assert shop.record("1").reason is Reason.SEND_FAILED


def test_the_receipt_is_attached_before_the_draft_is_sent(shops: OpenShop) -> None:
    shop = _sending(shops, f"{SEND}\n{ATTACH}")
    shop.sell("1")

    _until_finished(shop)

    _sent_once(shop, 1)
    paths = [path for method, path in shop.requests() if method == "POST"]
    assert [path.rpartition("/")[2] for path in paths[-2:]] == ["attachments", "createAndSendInvoice"]
    assert _steps(shop) == {Step.ATTACH: StepState.DONE, Step.SEND: StepState.DONE}


@pytest.mark.parametrize("fault", ["drop-after", "drop-before", "500-after", "cut"])
def test_a_receipt_whose_answer_was_lost_is_attached_once(fault: str, shops: OpenShop) -> None:
    shop = shops(invoicing=ATTACH)
    shop.sell("1")
    shop.go.fault(fault, path="/attachments", method="POST", times=1)

    _until_finished(shop)

    assert [row["FileName"] for row in _attached(shop)] == ["nota-1.pdf"]


@pytest.mark.parametrize("answer", ["b", "c"])
def test_a_receipt_that_is_refused_holds_the_sending_until_a_person_decides(
    answer: str, shops: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U19: too large, or of a kind that is not taken. Let go, the invoice is sent without it."""
    shop = _sending(shops, f"{SEND}\n{ATTACH}")
    if answer == "b":
        monkeypatch.setattr("posplugin.papers.pdf.receipt_pdf", lambda *_: b"%PDF-" + bytes(11_000_000))
    shop.go.switch("U19", answer)
    shop.sell("1")
    shop.send()
    record = shop.record("1")
    assert (record.status, record.reason) == (Status.DELIVERED, Reason.ATTACHMENT_FAILED)
    assert shop.go.invoices() == []

    shop.app.office().discard(record, "sent by post")
    _until_finished(shop)

    assert shop.record("1").status is Status.DELIVERED
    _sent_once(shop, 1)


def _attached(shop: Shop) -> list[dict[str, Any]]:
    return list(shop.go.attachments(shop.record("1").accounting_id or ""))
