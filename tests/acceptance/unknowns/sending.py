"""An evening whose invoices are sent, and what has become of each in PowerOffice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from posplugin.accounting_system import Stage
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.steps import StepState
from tests.acceptance.unknowns.evening import EVENING, Paid, Shop

#: What the settings ask for after each delivery.
SENT = 'delivery = "send"\nattach_receipt = true'
CONFIRMED = 'delivery = "confirmed"\nattach_receipt = true'
ATTACHED = "attach_receipt = true"
#: How the path ends by which an invoice is sent.
SEND = "createAndSendInvoice"
#: Two rates, a gift card, a tip, no VAT at all, and a return.
SHORT_EVENING: Mapping[int, Paid] = {receipt: EVENING[receipt] for receipt in (1, 7, 8, 9, 12)}
#: The same without the return, which waits for what it credits.
SOLD: Mapping[int, Paid] = {receipt: paid for receipt, paid in SHORT_EVENING.items() if not paid.returns}


def all_are_sent_once(shop: Shop, paid: Mapping[int, Paid] = SHORT_EVENING) -> None:
    """Every payment is an invoice, once, with its receipt; nothing is left as a draft, and a person is not needed."""
    assert shop.go.orders() == []
    assert shop.books() == {receipt: [(each.customer, each.total)] for receipt, each in paid.items()}
    assert none_is_sent_twice(shop, paid) == {}
    assert all_have_receipts(shop)
    assert {record.accounting_state for record in _captured(shop)} == {Stage.SENT}


def all_are_confirmed_once(shop: Shop, paid: Mapping[int, Paid] = SHORT_EVENING) -> None:
    """Every payment is a confirmed order, once, with its receipt."""
    assert shop.go.invoices() == []
    assert {order["SalesOrderStatus"] for order in shop.go.orders()} == {"Confirmed"}
    assert shop.books() == {receipt: [(each.customer, each.total)] for receipt, each in paid.items()}
    assert none_is_sent_twice(shop, paid) == {}
    assert all_have_receipts(shop)
    assert {record.accounting_state for record in _captured(shop)} == {Stage.CONFIRMED}


def none_is_sent_twice(shop: Shop, paid: Mapping[int, Paid] = SHORT_EVENING) -> dict[int, Reason | None]:
    """Nothing is there, sent or attached twice. Return what is not finished, and why it needs a person, if it does."""
    books = shop.books()
    assert books.keys() <= paid.keys()
    assert {receipt for receipt, documents in books.items() if len(documents) > 1} == set()
    waiting = {}
    for record in _captured(shop):
        attached = [row["FileName"] for row in shop.go.attachments(record.accounting_id or "")]
        assert attached in ([], [f"nota-{record.receipt}.pdf"]), record.receipt
        done = all(row.state is StepState.DONE for row in shop.app.outbox.steps.of(record))
        if record.status is not Status.DELIVERED or record.needs_a_person or not done:
            waiting[int(record.receipt)] = record.reason
    numbers = {invoice["ImportedOrderNo"]: invoice["InvoiceNo"] for invoice in shop.go.invoices()}
    for invoice in shop.go.invoices():
        assert invoice["RelatedInvoiceNo"] == numbers.get(paid[invoice["ImportedOrderNo"]].returns)
    return waiting


def all_have_receipts(shop: Shop) -> bool:
    """Whether the receipt is attached to every document that PowerOffice has."""
    return all(shop.go.attachments(document["Id"]) for document in [*shop.go.orders(), *shop.go.invoices()])


def _captured(shop: Shop) -> list[Record]:
    return [record for record in shop.records() if record.status is not Status.CANCELLED]


def some_runs(shop: Shop, runs: int = 3) -> None:
    """Make runs, ten minutes passing after each, whatever comes of them."""
    for _ in range(runs):
        shop.send()
        shop.later(timedelta(minutes=10))


def retry_all(shop: Shop) -> None:
    """Try again by hand all that waits for a person."""
    for record in shop.records():
        if record.needs_a_person:
            shop.app.office().retry(record)


def deletions(shop: Shop) -> int:
    """Return how often we have asked for something to be deleted."""
    return sum(method == "DELETE" for method, _ in shop.requests())
