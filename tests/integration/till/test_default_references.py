"""A reference that is agreed with the customer goes on the invoice when the cashier enters none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posplugin.app import App
from posplugin.domain.customer import CustomerTerms
from posplugin.domain.documents import Invoice
from posplugin.domain.payment import (
    Authorization,
    CustomerSearch,
    PaymentField,
    PaymentRequest,
    Refusal,
    RefusalCode,
)
from posplugin.outbox.lifecycle import Status
from tests.fixtures.customers import EHF
from tests.fixtures.sales import request, returned, sale

OpenApp = Callable[..., App]
AGREED = CustomerTerms(your_reference="Ola Innkjøp", order_number="RAM-1")


def agree(app: App, terms: CustomerTerms = AGREED) -> None:
    app.customers.accounts.set_terms(EHF.number, terms, "test")


def kept(app: App, asked: PaymentRequest) -> Invoice:
    answer = app.till().authorize(asked)
    assert isinstance(answer, Authorization), answer
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    return record.invoice()


def references(invoice: Invoice) -> tuple[str | None, str | None]:
    return invoice.your_reference, invoice.order_number


ENTERED = {
    "nothing": ({}, ("Ola Innkjøp", "RAM-1")),
    "blanks": ({PaymentField.YOUR_REFERENCE: "  "}, ("Ola Innkjøp", "RAM-1")),
    "a note alone": ({PaymentField.NOTE: "bord 4"}, ("Ola Innkjøp", "RAM-1")),
    "a reference": ({PaymentField.YOUR_REFERENCE: "Kari"}, ("Kari", None)),
    "an order number": ({PaymentField.ORDER_NUMBER: "PO-7"}, (None, "PO-7")),
}


@pytest.mark.parametrize(("fields", "on_invoice"), ENTERED.values(), ids=ENTERED)
def test_it_is_used_when_the_cashier_enters_neither(
    app: App, fields: dict[PaymentField, str], on_invoice: tuple[str | None, str | None]
) -> None:
    """What is entered goes alone: a default order number beside another's reference would be wrong."""
    agree(app)
    assert references(kept(app, request(sale(), EHF.number, fields=fields))) == on_invoice


@pytest.mark.parametrize("terms", [CustomerTerms(your_reference="Ola"), CustomerTerms(order_number="RAM-1")])
def test_it_satisfies_the_rule_that_a_reference_must_be_given(app: App, terms: CustomerTerms) -> None:
    without = app.till().authorize(request(sale(), EHF.number))
    assert isinstance(without, Refusal)
    assert without.code is RefusalCode.REFERENCE_REQUIRED
    agree(app, terms)
    assert any(references(kept(app, request(sale(), EHF.number))))


def test_the_cashier_and_the_guest_see_it(app: App) -> None:
    agree(app)
    found = {match.customer.number: match for match in app.till().find_customers(CustomerSearch(text=""))}
    assert (found[EHF.number].default_reference, found[EHF.number].default_order_number) == ("Ola Innkjøp", "RAM-1")
    assert {match.default_reference for number, match in found.items() if number != EHF.number} == {None}
    answer = app.till().authorize(request(sale(), EHF.number))
    assert isinstance(answer, Authorization)
    assert ("Deres referanse", "Ola Innkjøp") in answer.receipt.rows


def test_a_return_takes_the_originals_though_another_is_agreed_by_now(open_app: OpenApp) -> None:
    app = open_app(invoicing={"require_reference": "never"})
    entered = {PaymentField.YOUR_REFERENCE: "Kari"}
    kept(app, request(sale(sale_id="s-1"), EHF.number, fields=entered))
    kept(app, request(sale(sale_id="s-2"), EHF.number))
    agree(app)
    assert references(kept(app, request(returned(-10_00, "s-1", sale_id="r-1"), EHF.number))) == ("Kari", None)
    assert references(kept(app, request(returned(-10_00, "s-2", sale_id="r-2"), EHF.number))) == (None, None)


def test_a_return_of_another_terminals_sale_takes_what_is_agreed(app: App) -> None:
    """The original is not here to be asked."""
    agree(app)
    assert references(kept(app, request(returned(-10_00, "elsewhere"), EHF.number))) == ("Ola Innkjøp", "RAM-1")


def test_an_agreement_that_changes_makes_no_other_facts(app: App) -> None:
    """Authorized again and captured, the promise is as it was given."""
    agree(app)
    asked = request(sale(), EHF.number)
    first, promised = app.till().authorize(asked), kept(app, asked)
    for terms in (CustomerTerms(your_reference="Ny Person"), CustomerTerms()):
        agree(app, terms)
        assert app.till().authorize(asked) == first
    assert app.till().capture(asked)
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    assert (record.status, record.invoice()) == (Status.PENDING, promised)


def test_a_capture_without_a_promise_has_it_too(app: App) -> None:
    agree(app)
    asked = request(sale(), EHF.number)
    app.till().capture(asked)
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    assert references(record.invoice()) == ("Ola Innkjøp", "RAM-1")
