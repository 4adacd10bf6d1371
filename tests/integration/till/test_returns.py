"""Goods that come back: to whom they were invoiced, and never more than was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.documents import RecordKind
from posplugin.domain.payment import Authorization, PaymentField, PaymentRequest, PaymentVoid, Refusal, RefusalCode
from posplugin.domain.sale import SaleLine
from tests.fixtures.customers import COMPANY, EHF, PERSON
from tests.fixtures.sales import line, request, returned, sale, tender

REFERENCES = {PaymentField.YOUR_REFERENCE: "Kari", PaymentField.ORDER_NUMBER: "PO-7"}


def back(lines: Sequence[SaleLine] | int, sale_id: str = "r-1", **asked: Any) -> PaymentRequest:
    return request(returned(lines, sale_id=sale_id), **asked)


@pytest.fixture
def sold(app: App) -> App:
    """80 kr at 25 % and 20 kr at 15 %, invoiced to `COMPANY`."""
    asked = request(sale([line(80_00), line(20_00, 15)]))
    assert isinstance(app.till().authorize(asked), Authorization)
    app.till().capture(asked)
    return app


def code(app: App, asked: PaymentRequest) -> RefusalCode | None:
    answer = app.till().authorize(asked)
    return answer.code if isinstance(answer, Refusal) else None


def test_a_return_makes_a_credit_note_beside_the_invoice(sold: App) -> None:
    asked = back([line(-80_00), line(-20_00, 15)])
    answer = sold.till().authorize(asked)
    assert isinstance(answer, Authorization)
    assert ("Beløp som krediteres", "−100,00") in answer.receipt.rows
    record = sold.outbox.by_payment(asked.ref)
    assert record is not None
    assert (record.kind, record.amount) == (RecordKind.CREDIT_NOTE, -100_00)


def test_two_partial_returns_fit_and_a_third_does_not(sold: App) -> None:
    assert code(sold, back(-40_00, "r-1")) is None
    assert code(sold, back(-40_00, "r-2")) is None
    assert code(sold, back(-1, "r-3")) is RefusalCode.RETURN_EXCEEDS_ORIGINAL


def test_a_return_is_measured_per_rate_though_the_sum_is_less(sold: App) -> None:
    answer = sold.till().authorize(back([line(-20_01, 15)]))
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.RETURN_EXCEEDS_ORIGINAL
    assert answer.text == (
        "Returen er større enn det som er igjen på nota s-1 med 15 % mva: høyst 20,00 kr. Rett beløpet."
    )


LEFT = {
    "after a part came back": ([-30_00], [line(-60_00)], "25 % mva: høyst 50,00 kr"),
    "the rate that does not fit": ([-30_00], [line(-50_00), line(-20_01, 15)], "15 % mva: høyst 20,00 kr"),
    "nothing at a rate that was not sold": ([], [line(-1_00, 12)], "12 % mva: høyst 0,00 kr"),
    "when all came back": ([-40_00, -40_00], [line(-1)], "25 % mva: høyst 0,00 kr"),
}


@pytest.mark.parametrize(("before", "lines", "said"), LEFT.values(), ids=LEFT)
def test_a_refused_return_says_what_is_left_at_that_rate(
    sold: App, before: list[int], lines: list[SaleLine], said: str
) -> None:
    """Not what is left of the whole receipt, which could be more than may come back."""
    for number, amount in enumerate(before):
        assert code(sold, back(amount, f"b-{number}")) is None
    answer = sold.till().authorize(back(lines))
    assert isinstance(answer, Refusal)
    assert said in answer.text


def test_a_return_that_was_undone_leaves_room_for_another(sold: App) -> None:
    first = back(-80_00, "r-1")
    assert code(sold, first) is None
    sold.till().void(PaymentVoid(ref=first.ref, why="changed their mind"))
    assert code(sold, back(-80_00, "r-2")) is None


def test_the_same_return_again_is_not_counted_twice(sold: App) -> None:
    asked = back(-80_00)
    assert code(sold, asked) is None
    assert code(sold, asked) is None


def test_a_return_goes_to_the_customer_that_was_invoiced(sold: App) -> None:
    answer = sold.till().authorize(back(-10_00, customer=PERSON.number))
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.RETURN_OTHER_CUSTOMER
    assert "s-1" in answer.text


def test_a_sale_split_over_two_customers_is_returned_to_each_for_its_own_part(app: App) -> None:
    whole = sale(100_00, [tender(70_00, tender_id="a"), tender(30_00, tender_id="b")])
    for tender_id, customer in (("a", COMPANY.number), ("b", PERSON.number)):
        assert code(app, request(whole, customer, tender_id=tender_id)) is None
    assert code(app, back(-30_01, "r-1", customer=PERSON.number)) is RefusalCode.RETURN_EXCEEDS_ORIGINAL
    assert code(app, back(-30_00, "r-2", customer=PERSON.number)) is None
    assert code(app, back(-70_00, "r-3", customer=COMPANY.number)) is None


def test_a_return_of_another_terminals_sale_is_for_the_sender_to_compare(app: App) -> None:
    theirs = request(returned(-80_00, terminal_id="bar-1", sale_id="r-1"))
    assert code(app, theirs) is None


def test_a_return_inherits_the_references_of_the_invoice(app: App) -> None:
    """So that EHF takes the credit note, and the cashier is not asked again."""
    assert code(app, request(sale(), EHF.number, fields=REFERENCES)) is None
    assert code(app, back(-100_00, customer=EHF.number)) is None
    record = app.outbox.by_payment(back(-100_00).ref)
    assert record is not None
    assert (record.invoice().your_reference, record.invoice().order_number) == ("Kari", "PO-7")


def test_what_is_entered_on_the_return_goes_before_what_the_invoice_says(app: App) -> None:
    assert code(app, request(sale(), EHF.number, fields=REFERENCES)) is None
    asked = back(-100_00, customer=EHF.number, fields={PaymentField.ORDER_NUMBER: "PO-8"})
    assert code(app, asked) is None
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    assert (record.invoice().your_reference, record.invoice().order_number) == (None, "PO-8")


def test_a_return_of_a_sale_that_was_undone_is_for_a_person(app: App) -> None:
    """Nothing was invoiced; the sender will not find it, and asks."""
    asked = request()
    assert code(app, asked) is None
    app.till().void(PaymentVoid(ref=asked.ref, why="declined"))
    assert code(app, back(-100_00)) is None
