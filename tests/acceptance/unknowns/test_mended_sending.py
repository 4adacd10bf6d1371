"""Answers that stop what follows a delivery: nothing is sent meanwhile, and once it is mended everything is, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from posplugin.accounting_system import Stage
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.papers.pdf import receipt_pdf
from posplugin.poweroffice.gateway import PowerOfficeGateway
from posplugin.simulator import Simulator
from tests.acceptance.unknowns.conftest import OpenShop
from tests.acceptance.unknowns.evening import EVENING, POST, Shop
from tests.acceptance.unknowns.sending import (
    CONFIRMED,
    SENT,
    SHORT_EVENING,
    SOLD,
    all_are_sent_once,
    all_have_receipts,
    none_is_sent_twice,
)

SEND = "createAndSendInvoice"
ATTACHED = "attach_receipt = true"


def _runs(shop: Shop, runs: int = 3) -> None:
    for _ in range(runs):
        shop.send()
        shop.later(timedelta(minutes=10))


def _retry(shop: Shop) -> None:
    for record in shop.records():
        if record.needs_a_person:
            shop.app.office().retry(record)


# -- an outbox whose sender dies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["attach", "confirm", "send"])
@pytest.mark.parametrize("answer", ["U15a", "U15b"])
def test_a_sender_that_dies_in_a_step_takes_it_once(
    answer: str, step: str, open_shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PowerOffice has done it, and nobody is there to hear."""
    shop = open_shop(answer, invoicing=CONFIRMED if step == "confirm" else SENT)
    shop.sell_one(1)
    take = getattr(PowerOfficeGateway, step)

    def take_and_die(*told: Any) -> None:
        take(*told)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(PowerOfficeGateway, step, take_and_die)
        with pytest.raises(KeyboardInterrupt):
            shop.send()
    shop.until_finished()
    assert none_is_sent_twice(shop, {1: EVENING[1]}) == {}
    assert all_have_receipts(shop)


# -- U11: a locked period ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["U11a", "U11b"])
def test_what_cannot_be_sent_into_a_locked_period_waits_until_it_is_open(answer: str, open_shop: OpenShop) -> None:
    """Also where PowerOffice says it as if something were not there."""
    shop = open_shop(answer, invoicing=SENT)
    shop.sell_evening(SOLD)
    shop.go.set_lock_date(shop.go.today)

    _runs(shop)
    assert none_is_sent_twice(shop, SOLD) == dict.fromkeys(SOLD, Reason.PERIOD_LOCKED)
    assert shop.go.invoices() == []

    shop.go.set_lock_date(None)
    shop.check()
    shop.until_finished()
    all_are_sent_once(shop, SOLD)


# -- U15: an outbox that knows less than PowerOffice --------------------------------------------------------------


@pytest.mark.parametrize("taken", ["sold", "delivered"])
@pytest.mark.parametrize("invoicing", [CONFIRMED, SENT], ids=["confirmed", "send"])
@pytest.mark.parametrize("answer", ["U15a", "U15b"])
def test_an_old_outbox_put_back_attaches_and_sends_nothing_again(
    answer: str, invoicing: str, taken: str, open_shop: OpenShop, tmp_path: Path
) -> None:
    """Copied before the delivery, or between that and the steps after it; all has been done since."""
    shop = open_shop(answer, invoicing=invoicing)
    shop.sell_evening(SOLD)
    backup = tmp_path / "backup.sqlite3"
    if taken == "sold":
        shop.app.database.backup(backup)
    shop.send(progress=lambda done, of: None if done < of or backup.exists() else shop.app.database.backup(backup))
    shop.until_finished()
    shop.later(timedelta(hours=3))

    shop.put_back(backup)
    _runs(shop)
    assert shop.app.follow() == []
    assert none_is_sent_twice(shop, SOLD) == {}
    assert all_have_receipts(shop)
    stages = {CONFIRMED: Stage.CONFIRMED, SENT: Stage.SENT}
    assert {record.accounting_state for record in shop.records() if record.accounting_id} == {stages[invoicing]}


@pytest.mark.parametrize("answer", ["U15a", "U15b"])
def test_a_credit_note_waits_days_and_not_for_ever_for_an_original_that_a_person_must_see_to(
    answer: str, open_shop: OpenShop
) -> None:
    """It could not be sent. Then the credit note needs a person too, and names the original's number in the end."""
    paid = {receipt: EVENING[receipt] for receipt in (1, 12)}
    shop = open_shop(answer, invoicing=SENT)
    shop.sell_evening(paid)
    shop.go.fail_sending("no address")
    shop.send()
    shop.later(timedelta(hours=1))
    shop.send()
    assert none_is_sent_twice(shop, paid) == {1: Reason.SEND_FAILED, 12: Reason.WAITING_FOR_ORIGINAL}
    assert shop.record("12").status is Status.PENDING

    shop.later(timedelta(days=2))
    shop.send()
    assert shop.record("12").status is Status.NEEDS_ATTENTION
    _retry(shop)
    shop.until_finished()
    all_are_sent_once(shop, paid)


# -- U5, U13: limits and keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["U5a", "U5b", "U5c"])
def test_a_limit_that_lasts_while_invoices_are_sent_loses_none(answer: str, open_shop: OpenShop) -> None:
    """Thirty 429s on end for what follows the deliveries, then room again."""
    shop = open_shop(answer, invoicing=SENT)
    shop.sell_evening(SOLD)
    shop.go.fault("429", path="/attachments", times=15)
    shop.go.fault("429", path=SEND, times=15)

    assert shop.send().stopped
    assert set(none_is_sent_twice(shop, SOLD).values()) == {None}
    shop.until_finished()
    all_are_sent_once(shop, SOLD)


@pytest.mark.parametrize("answer", ["U13a", "U13b", "U13c"])
def test_keys_that_stop_working_while_invoices_are_sent_lose_none(answer: str, open_shop: OpenShop) -> None:
    """The third sending is a 401, and no new token is to be had until the next run."""
    shop = open_shop(answer, invoicing=SENT)
    shop.sell_evening(SOLD)
    shop.go.fault("401", path=SEND, every=2)
    shop.go.fault("401", path="/OAuth/Token", every=2)

    shop.send()
    assert set(none_is_sent_twice(shop, SOLD).values()) <= {None}
    shop.go.clear_faults()
    shop.until_finished()
    all_are_sent_once(shop, SOLD)


# -- U12: one that PowerOffice never gets done -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "path"),
    [("U12a", SEND), ("U12b", SEND), ("U12a", "attachments")],
    ids=["U12a-send", "U12b-send", "U12a-attach"],
)
def test_an_invoice_that_never_gets_sent_is_told_to_a_person_before_the_month_is_over(
    answer: str, path: str, open_shop: OpenShop
) -> None:
    """A 5xx at every try, while the others get through; the law wants it sent within a month."""
    shop = open_shop(answer, invoicing=SENT)
    shop.sell_evening(SOLD)
    shop.go.fault("503", path="/attachments")
    shop.send()
    shop.go.clear_faults()
    shop.go.fault("500-before", path=f"{shop.record('8').accounting_id}/{path}", method="POST")

    for _ in range(6):
        shop.later(timedelta(days=4))
        shop.send()
        assert shop.app.follow() == []
    assert none_is_sent_twice(shop, SOLD) == {8: None}

    shop.later(timedelta(days=2))
    shop.send()
    assert shop.app.follow() == []
    assert none_is_sent_twice(shop, SOLD) == {8: Reason.UNSENT}
    shop.go.clear_faults()
    shop.go.send_order(shop.record("8").accounting_id or "")
    shop.later()
    assert shop.app.follow() == []
    assert none_is_sent_twice(shop, SOLD) == {}
    assert shop.books() == {receipt: [(each.customer, each.total)] for receipt, each in SOLD.items()}


# -- U14: privileges ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["U14a", "U14b"])
def test_without_the_right_to_attach_nothing_is_sent_until_check_passes(answer: str, open_shop: OpenShop) -> None:
    """Drafts stand there; what is sent without its receipt could not get it any more."""
    shop = open_shop(answer, invoicing=SENT)
    shop.sell_evening(SOLD)
    shop.go.set_privilege("SalesOrderAttachment_Full", False)

    report = shop.send()
    assert report.stopped if answer == "U14a" else report.attention == len(SOLD)
    _runs(shop)
    assert set(none_is_sent_twice(shop, SOLD).values()) == {None if answer == "U14a" else Reason.MISSING_PRIVILEGE}
    assert shop.go.invoices() == []

    shop.go.set_privilege("SalesOrderAttachment_Full", True)
    shop.check()
    shop.until_finished()
    all_are_sent_once(shop, SOLD)


@pytest.mark.parametrize("answer", ["U14a", "U14b"])
def test_without_the_right_to_send_drafts_wait_until_check_passes(answer: str, open_shop: OpenShop) -> None:
    """Taken away since check: PowerOffice says it with a 400, whatever it says of other privileges."""
    shop = open_shop(answer, invoicing=SENT)
    shop.sell_evening(SOLD)
    shop.go.allow_send_invoice = False

    _runs(shop)
    assert none_is_sent_twice(shop, SOLD) == dict.fromkeys(SOLD, Reason.MISSING_PRIVILEGE)
    assert shop.go.invoices() == []
    assert all_have_receipts(shop)

    shop.go.allow_send_invoice = True
    shop.check()
    shop.until_finished()
    all_are_sent_once(shop, SOLD)


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
    _runs(shop)
    assert shop.books() == books
    assert not any(
        entry["method"] == "POST" and entry["acted"] and "Token" not in str(entry["path"])
        for entry in shop.go.requests[requests:]
    )


# -- U18: the status that an order is posted with ----------------------------------------------------------------------


@pytest.mark.parametrize("invoicing", ["", CONFIRMED, SENT], ids=["draft", "confirmed", "send"])
@pytest.mark.parametrize("answer", ["U18a", "U18b"])
def test_every_order_is_posted_as_a_draft_in_so_many_words(answer: str, invoicing: str, open_shop: OpenShop) -> None:
    """Also the one that check measures prices with, and a credit note."""
    shop = open_shop(answer, invoicing=invoicing)
    shop.sell_evening(SHORT_EVENING)
    shop.until_finished()

    posted = [entry["body"] for entry in shop.go.requests if str(entry["path"]).endswith(POST)]
    assert len(posted) == 1 + len(SHORT_EVENING)
    assert {body["SalesOrderStatus"] for body in posted} == {"Draft"}  # type: ignore[index]


# -- U19: what may be attached -----------------------------------------------------------------------------------------


def test_u19_a_any_receipt_is_attached(open_shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that is large."""
    monkeypatch.setattr("posplugin.papers.pdf.receipt_pdf", _large)
    shop = open_shop("U19a", invoicing=SENT)
    shop.sell_evening(SOLD)

    shop.until_finished()
    all_are_sent_once(shop, SOLD)


@pytest.mark.parametrize(("answer", "refused"), [("U19b", {8}), ("U19c", set(SOLD))], ids=["U19b", "U19c"])
def test_a_receipt_that_is_refused_holds_its_invoice_alone_until_a_person_decides(
    answer: str, refused: set[int], open_shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too large, or of a kind that is not taken: let go, the invoice is sent without it, once."""
    monkeypatch.setattr("posplugin.papers.pdf.receipt_pdf", _large)
    shop = open_shop(answer, invoicing=SENT)
    shop.sell_evening(SOLD)

    _runs(shop)
    assert none_is_sent_twice(shop, SOLD) == dict.fromkeys(refused, Reason.ATTACHMENT_FAILED)
    assert len(shop.go.invoices()) == len(SOLD) - len(refused)

    for receipt in refused:
        shop.app.office().discard(shop.record(str(receipt)), "sent by post")
    shop.until_finished()
    assert none_is_sent_twice(shop, SOLD) == {}
    assert shop.books() == {receipt: [(each.customer, each.total)] for receipt, each in SOLD.items()}
    assert shop.go.orders() == []


def _deletions(shop: Shop) -> int:
    return sum(method == "DELETE" for method, _ in shop.requests())


def _large(*invoice: Any) -> bytes:
    """Receipt 8 as if it had pictures on it."""
    pdf = receipt_pdf(*invoice)
    return pdf + bytes(11_000_000) if invoice[0].receipt == "8" else pdf


@pytest.mark.parametrize("answer", ["U19a"])
def test_a_receipt_that_cannot_be_made_holds_its_invoice_alone(
    answer: str, open_shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong with the paper of one, the others are sent."""

    def paper(*invoice: Any) -> bytes:
        if invoice[0].receipt == "8":
            raise RuntimeError("no such glyph")
        return receipt_pdf(*invoice)

    monkeypatch.setattr("posplugin.papers.pdf.receipt_pdf", paper)
    shop = open_shop(answer, invoicing=SENT)
    shop.sell_evening(SOLD)

    _runs(shop)
    assert none_is_sent_twice(shop, SOLD) == {8: Reason.ATTACHMENT_FAILED}
    assert "no such glyph" in (shop.record("8").detail or "")
    monkeypatch.undo()
    _retry(shop)
    shop.until_finished()
    all_are_sent_once(shop, SOLD)


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
    assert _deletions(shop) == 2  # check's draft, and the one whose answer was not lost
    for order in shop.go.orders():
        shop.go.confirm_order(order["Id"])
    books = shop.books()
    assert books.keys() == {1, 9}

    shop.sell_one(10)  # something new, for which everything is looked at again
    _runs(shop)
    assert (_deletions(shop), shop.books()) == (3, books)  # its own draft, fresh and wrong
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
    assert _deletions(shop) == 1
    assert shop.books() == {receipt: [(each.customer, each.total)] for receipt, each in SHORT_EVENING.items()}


@pytest.mark.parametrize("answer", ["U20a", "U20b"])
def test_fresh_drafts_of_a_wrong_total_are_deleted_and_sent_once_when_mended(answer: str, open_shop: OpenShop) -> None:
    """The wrong ones are never sent."""
    shop = open_shop(answer, invoicing=SENT)
    shop.go.switch("U7", "b")
    shop.sell_evening(SOLD)
    _runs(shop)
    assert set(none_is_sent_twice(shop, SOLD).values()) == {Reason.TOTALS_DIFFER}
    assert shop.go.orders() == []

    shop.write(invoicing=f"send_amount_excluding_vat = false\n{SENT}")
    shop.check()
    _retry(shop)
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
    _retry(shop)
    shop.until_finished()
    all_are_sent_once(shop, {1: EVENING[1]})


# -- U23: what a person does there -------------------------------------------------------------------------------------

Act = Callable[[Simulator, str, str], object]
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
_CHEAP = {"LineType": "Normal", "ProductCode": "30", "Quantity": 1, "ProductUnitPrice": 50}


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
