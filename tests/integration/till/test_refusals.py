"""Every "no" that the till says, before the sale is final: with a code for programs and a sentence for the cashier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.clock import to_text
from posplugin.domain.customer import Customer, InvoiceDelivery
from posplugin.domain.payment import Authorization, PaymentField, PaymentRequest, PaymentVoid, Refusal, RefusalCode
from posplugin.domain.sale import CASH, LineKind
from posplugin.outbox.lifecycle import Status
from tests.fixtures.clocks import EVENING
from tests.fixtures.customers import ARCHIVED, COMPANY, EHF, PERSON, VAT_FREE
from tests.fixtures.sales import line, request, returned, sale, tender
from tests.fixtures.settings import LEDGER

OpenApp = Callable[..., App]
Settings = dict[str, Any]

YOURS = {PaymentField.YOUR_REFERENCE: "Kari"}
ORDER = {PaymentField.ORDER_NUMBER: "PO-7"}
NO_REFERENCE: Settings = {"require_reference": "never"}
SETTLEMENT: Settings = {"vat_reported_by": "settlement", "require_reference": "never"}


def tips(value: bool) -> Settings:
    return {"tips_on_invoice": value}


#: What is asked, under which [invoicing] → the code, or None where it is promised.
CASES: dict[str, tuple[PaymentRequest, Settings, RefusalCode | None]] = {
    "a plain sale": (request(), {}, None),
    "no customer": (request(customer=None), {}, RefusalCode.CUSTOMER_REQUIRED),
    "an unknown customer": (request(customer=99999), {}, RefusalCode.CUSTOMER_UNKNOWN),
    "an archived customer": (request(customer=ARCHIVED.number), {}, RefusalCode.CUSTOMER_ARCHIVED),
    "a customer without VAT": (request(customer=VAT_FREE.number), {}, RefusalCode.CUSTOMER_VAT_FREE),
    "a gift card to a customer without VAT": (
        request(sale([line(100_00, 0, kind=LineKind.GIFT_CARD)]), customer=VAT_FREE.number),
        {},
        None,
    ),
    "a gift card and goods to a customer without VAT": (
        request(sale([line(100_00, 0, kind=LineKind.GIFT_CARD), line()]), customer=VAT_FREE.number),
        {},
        RefusalCode.CUSTOMER_VAT_FREE,
    ),
    "a gift card with an invoice fee to a customer without VAT": (
        request(sale([line(100_00, 0, kind=LineKind.GIFT_CARD)]), customer=VAT_FREE.number),
        {"invoice_fee": True},
        RefusalCode.CUSTOMER_VAT_FREE,
    ),
    "a host's customer that is not linked": (
        request(customer=None, host_customer_id="crm-1"),
        {},
        RefusalCode.CUSTOMER_NOT_LINKED,
    ),
    "EHF without a reference": (request(customer=EHF.number), {}, RefusalCode.REFERENCE_REQUIRED),
    "EHF with a blank reference": (
        request(customer=EHF.number, fields={PaymentField.YOUR_REFERENCE: "  "}),
        {},
        RefusalCode.REFERENCE_REQUIRED,
    ),
    "EHF with a note alone": (
        request(customer=EHF.number, fields={PaymentField.NOTE: "Kari"}),
        {},
        RefusalCode.REFERENCE_REQUIRED,
    ),
    "EHF with a reference": (request(customer=EHF.number, fields=YOURS), {}, None),
    "EHF with an order number": (request(customer=EHF.number, fields=ORDER), {}, None),
    "EHF, none required": (request(customer=EHF.number), NO_REFERENCE, None),
    "a company without a reference": (request(), {"require_reference": "ehf"}, None),
    "a company without the reference that companies need": (
        request(),
        {"require_reference": "companies"},
        RefusalCode.REFERENCE_REQUIRED,
    ),
    "EHF where companies need a reference": (
        request(customer=EHF.number),
        {"require_reference": "companies"},
        RefusalCode.REFERENCE_REQUIRED,
    ),
    "a person where companies need a reference": (
        request(customer=PERSON.number),
        {"require_reference": "companies"},
        None,
    ),
    "EHF when the settlement reports VAT": (
        request(customer=EHF.number, fields=YOURS),
        SETTLEMENT,
        RefusalCode.VAT_DOCUMENT_NEEDED,
    ),
    "EHF with VAT in text": (
        request(customer=EHF.number, fields=YOURS),
        {**SETTLEMENT, "allow_vat_in_text": True},
        None,
    ),
    "PDF when the settlement reports VAT": (request(), SETTLEMENT, None),
    "a field of 250 characters": (request(fields={PaymentField.NOTE: "x" * 250}), {}, None),
    "a field that is too long": (
        request(fields={PaymentField.NOTE: "x" * 251}),
        {},
        RefusalCode.FIELD_TOO_LONG,
    ),
    "a tip": (request(sale(100, [tender(100, tip=10)])), tips(False), RefusalCode.TIP_NOT_ALLOWED),
    "a tip where tips may go on invoices": (request(sale(100, [tender(100, tip=10)])), tips(True), None),
    "a tip on the card": (request(sale(100, [tender(60), tender(40, "card", tip=10)])), tips(False), None),
    "an amount of nothing": (
        request(sale(100, [tender(0), tender(100, "card")])),
        {},
        RefusalCode.NOTHING_TO_INVOICE,
    ),
    "a sale of nothing": (request(sale([line(100), line(-100)])), {}, RefusalCode.NOTHING_TO_INVOICE),
    "more than the sale, with change": (
        request(sale(500, [tender(600), tender(-100, CASH)])),
        {},
        RefusalCode.NOTHING_TO_INVOICE,
    ),
    "more than the sale on two invoices": (
        request(sale(500, [tender(300), tender(300, tender_id="second"), tender(-100, CASH)])),
        {},
        RefusalCode.NOTHING_TO_INVOICE,
    ),
    "a credit note from a sale": (
        request(returned([line(500)], tenders=[tender(-100), tender(600, CASH)])),
        {},
        RefusalCode.NOTHING_TO_INVOICE,
    ),
    "goods back without their receipt": (request(sale(-100)), {}, RefusalCode.NEGATIVE_WITHOUT_ORIGINAL),
    "invoicing switched off": (request(), {"enabled": False}, RefusalCode.INVOICING_OFF),
    "before the first day": (
        request(),
        {"enabled_since": date(2026, 11, 21)},
        RefusalCode.BEFORE_ENABLED_SINCE,
    ),
    "on the first day": (request(), {"enabled_since": date(2026, 11, 20)}, None),
    "the night before the first day begins": (
        request(sale(at=EVENING + timedelta(hours=8, minutes=59))),  # 04:59
        {"enabled_since": date(2026, 11, 21)},
        RefusalCode.BEFORE_ENABLED_SINCE,
    ),
    "an unknown department": (request(sale(department="roof")), {}, RefusalCode.DEPARTMENT_UNKNOWN),
    "practice": (request(sale(training=True)), {}, RefusalCode.TRAINING_SALE),
    "another till's sale": (request(sale(terminal_id="bar-9")), {}, RefusalCode.OTHER_TERMINAL),
    "a gift card": (request(sale([line(500_00, 0, kind=LineKind.GIFT_CARD)])), {}, None),
}


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(("asked", "invoicing", "code"), CASES.values(), ids=CASES)
def test_the_till_answers(
    open_app: OpenApp, asked: PaymentRequest, invoicing: Settings, code: RefusalCode | None, language: str
) -> None:
    """With a whole sentence, and nothing of a refusal is stored."""
    app = open_app(invoicing=invoicing, terminal={"language": language}, ledger=LEDGER)
    answer = app.till().authorize(asked)
    assert answer.ref == asked.ref
    if code is None:
        assert isinstance(answer, Authorization)
        assert app.outbox.by_payment(asked.ref) is not None
    else:
        assert isinstance(answer, Refusal)
        assert answer.code is code
        assert len(answer.text) > 20
        assert "{" not in answer.text
        assert answer.text.endswith(".")
        assert app.outbox.select("1") == []
        assert app.database.row("SELECT count(*) FROM notes WHERE name LIKE 'vat_reported_by%'") == (0,)


def test_a_refusal_fixes_nothing_so_that_mended_settings_count_at_once(open_app: OpenApp) -> None:
    off = open_app(invoicing={"enabled": False})
    assert isinstance(off.till().authorize(request()), Refusal)
    on = open_app(invoicing=SETTLEMENT, ledger=LEDGER)
    assert isinstance(on.till().authorize(request()), Authorization)


def test_other_facts_under_the_same_name_are_refused(app: App) -> None:
    till = app.till()
    lines = [line(60_00), line(40_00, 15)]
    asked = request(sale(lines))
    assert isinstance(till.authorize(asked), Authorization)
    others = [
        request(asked.sale, PERSON.number),
        request(asked.sale, None),
        request(sale([line(61_00), line(40_00, 15)])),
        request(sale([line(60_00), line(40_00, 25)])),
        request(sale(lines, [tender(90_00), tender(10_00, "card")])),
        request(sale([line(60_00, description="Vin"), line(40_00, 15)])),
    ]
    for other in others:
        answer = till.authorize(other)
        assert isinstance(answer, Refusal)
        assert answer.code is RefusalCode.FACTS_DIFFER
    assert len(app.outbox.select("1")) == 1


def test_the_same_facts_again_give_the_same_answer_whatever_happened_since(app: App) -> None:
    """The customer may be archived meanwhile, the record captured, delivered, or in need of a person."""
    till = app.till()
    asked = request()
    first = till.authorize(asked)
    app.customers.store([replace(COMPANY, is_archived=True)], app.clock())
    assert till.authorize(asked) == first
    till.capture(asked)
    assert till.authorize(asked) == first
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    for status in (Status.SENDING, Status.DELIVERED):
        record = app.outbox.move(record, status, "test")
        assert till.authorize(asked) == first


def test_a_voided_payment_is_refused_even_if_it_was_never_promised(app: App) -> None:
    till = app.till()
    for sale_id, before in (("s-1", True), ("s-2", False)):
        asked = request(sale(sale_id=sale_id))
        if before:
            till.authorize(asked)
        till.void(PaymentVoid(ref=asked.ref, why="declined"))
        answer = till.authorize(asked)
        assert isinstance(answer, Refusal)
        assert answer.code is RefusalCode.PAYMENT_VOIDED


def test_a_customer_that_the_host_knows_by_its_own_id_is_found_by_its_link(app: App) -> None:
    till = app.till()
    asked = request(customer=None, host_customer_id="crm-1")
    assert isinstance(till.authorize(asked), Refusal)
    app.customers.link("crm-1", 99999, "test")
    unknown = till.authorize(asked)
    assert isinstance(unknown, Refusal)
    assert unknown.code is RefusalCode.CUSTOMER_UNKNOWN
    app.customers.link("crm-1", COMPANY.number, "test")
    assert isinstance(till.authorize(asked), Authorization)
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    assert (record.customer_number, record.customer_name) == (COMPANY.number, COMPANY.name)


@pytest.mark.parametrize("rule", ["ehf", "companies"])
def test_a_person_that_gets_ehf_needs_a_reference_too(open_app: OpenApp, rule: str) -> None:
    app = open_app(invoicing={"require_reference": rule})
    app.customers.store([replace(PERSON, delivery=InvoiceDelivery.EHF)], app.clock())
    answer = app.till().authorize(request(customer=PERSON.number))
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.REFERENCE_REQUIRED


def test_a_customers_name_is_never_taken_for_a_place_to_fill_in(app: App) -> None:
    odd = Customer(number=10009, name="{0} & {amount} AS", is_archived=True, delivery=InvoiceDelivery.EHF)
    app.customers.store([odd], app.clock())
    answer = app.till().authorize(request(customer=odd.number))
    assert isinstance(answer, Refusal)
    assert odd.name in answer.text


def test_the_first_thing_that_is_wrong_is_what_the_cashier_hears(app: App) -> None:
    """A training sale is told as such, whatever the customer."""
    answer = app.till().authorize(request(sale(training=True), None))
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.TRAINING_SALE


def test_a_register_that_is_too_old_warns_and_lets_through(app: App, clock: Any) -> None:
    assert app.till().authorize(request()).warnings == ()  # type: ignore[union-attr]
    clock.passes(days=8)
    answer = app.till().authorize(request(sale(sale_id="s-2", at=clock())))
    assert isinstance(answer, Authorization)
    assert "8" in answer.warnings[0]


def test_every_code_that_a_till_can_give_is_tried_here() -> None:
    tried = {code for _, _, code in CASES.values() if code}
    tried |= {RefusalCode.FACTS_DIFFER, RefusalCode.PAYMENT_VOIDED}
    # in test_returns, and what the host says by itself
    tried |= {RefusalCode.RETURN_EXCEEDS_ORIGINAL, RefusalCode.RETURN_OTHER_CUSTOMER}
    tried |= {RefusalCode.CREDIT_LIMIT}  # in test_credit_limit
    tried |= {RefusalCode.UNKNOWN_CHANNEL, RefusalCode.PLUGIN_FAILED}
    assert set(RefusalCode) == tried


def test_times_are_kept_as_text_of_one_width(app: App) -> None:
    app.till().authorize(request())
    assert app.database.row("SELECT created_at FROM records") == (to_text(EVENING),)
