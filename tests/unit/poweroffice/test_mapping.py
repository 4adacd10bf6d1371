"""Invoice facts → the order that is posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.accounting_system import Posted, Stage
from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.money import half_up
from posplugin.domain.payment import PaymentField
from posplugin.domain.sale import LineKind, OriginalSale, SaleLine
from posplugin.poweroffice.mapping import NO_DEPARTMENT, OrderTerms, order
from posplugin.texts import texts
from tests.fixtures.sales import invoice, line, request, returned, sale, tender

#: Role → (id, VAT rate of the account behind it).
PRODUCTS = {
    "vat_25": (25, 25), "vat_15": (15, 15), "vat_12": (12, 12), "vat_0": (10, 0),
    "gratuity": (34, 0), "fee": (7, 25), "rounding": (35, 0), "gift_card": (36, 0),
}  # fmt: skip


class Ids:
    def product_id(self, role: str) -> int:
        return PRODUCTS[role][0]


TERMS = OrderTerms(
    products=Ids(),
    department_id=None,
    prices_exclude_vat=True,
    texts=texts("nb").invoice,
    zone=ZoneInfo("Europe/Oslo"),
)
#: DESIGN's example: 500 kr, 400 at 25 % and 100 at 15 %; 300 by invoice, 200 + 40 tip by card.
EXAMPLE = sale([line(400_00), line(100_00, 15)], [tender(300_00), tender(200_00, "card", tip=40_00)])


def _lines(body: dict[str, Any], kind: str = "Normal") -> list[dict[str, Any]]:
    return [each for each in body["SalesOrderLines"] if each["LineType"] == kind]


def _prices(body: dict[str, Any]) -> list[tuple[int, int, Decimal]]:
    return [(each["ProductId"], each["Quantity"], each["ProductUnitPrice"]) for each in _lines(body)]


def _texts(body: dict[str, Any]) -> list[str]:
    return [each["Description"] for each in _lines(body, "Text")]


def test_the_example_with_vat_by_the_invoice() -> None:
    """192.00 + 48.00 and 52.17 + 7.83; what was paid by card is told."""
    body = order(invoice(request(EXAMPLE)), "pp-1", TERMS)

    assert _prices(body) == [(25, 1, Decimal("192.00")), (15, 1, Decimal("52.17"))]
    assert any("200,00" in text for text in _texts(body))


def test_the_example_with_vat_by_the_settlement() -> None:
    """240 + 60 on clearing, no VAT; base and VAT per rate as text."""
    facts = invoice(request(EXAMPLE), vat_reported_by=VatReportedBy.SETTLEMENT)
    body = order(facts, "pp-1", TERMS)

    assert _prices(body) == [(25, 1, Decimal("240.00")), (15, 1, Decimal("60.00"))]
    assert [text for text in _texts(body) if "Grunnlag" in text] == [
        "Grunnlag 25 % mva: 192,00, mva: 48,00",
        "Grunnlag 15 % mva: 52,17, mva: 7,83",
    ]


def test_everything_that_poweroffice_would_inherit_is_said() -> None:
    body = order(invoice(), "pp-1", TERMS)

    assert body["CurrencyCode"] == "NOK"
    assert body["DepartmentId"] == NO_DEPARTMENT
    assert body["SalesOrderStatus"] == "Draft"
    assert body["ExternalImportReference"] == "pp-1"
    assert body["DeliveryDate"] == body["SalesOrderDate"] == "2026-11-20"
    for each in _lines(body):
        assert (each["Allowance"], each["UseStandardSalesAccount"]) == (0, True)
    assert [each["SortOrder"] for each in body["SalesOrderLines"]] == list(range(len(body["SalesOrderLines"])))
    assert order(invoice(), "pp-1", replace(TERMS, department_id=7))["DepartmentId"] == 7


def test_the_calendar_date_is_oslos_not_the_business_date() -> None:
    late = sale(at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))

    assert order(invoice(request(late)), "pp-1", TERMS)["DeliveryDate"] == "2026-11-21"


@pytest.mark.parametrize(("receipt", "number"), [("1042", 1042), ("B-1042", None), ("٤٢", None), ("9" * 19, None)])
def test_a_receipt_number_goes_along_where_it_is_a_number(receipt: str, number: int | None) -> None:
    body = order(invoice(request(sale(receipt=receipt))), "pp-1", TERMS)

    assert body.get("ImportedOrderNo") == number
    assert any(receipt in text for text in _texts(body))


def test_what_the_cashier_entered_reaches_the_customer() -> None:
    fields = {
        PaymentField.NOTE: "Bord 7",
        PaymentField.YOUR_REFERENCE: "Kari",
        PaymentField.ORDER_NUMBER: "4711",
        PaymentField.PURPOSE: "Styremøte",
        PaymentField.PARTICIPANTS: "Kari, Ola",
    }
    body = order(invoice(request(fields=fields)), "pp-1", TERMS)

    assert (body["CustomerReference"], body["PurchaseOrderReference"]) == ("Kari", "4711")
    assert _texts(body)[-3:] == ["Formål: Styremøte", "Deltakere: Kari, Ola", "Bord 7"]


def test_tip_fee_gift_card_and_service_charge_have_products_of_their_own() -> None:
    lines: list[SaleLine] = [
        line(100_00),
        line(500_00, 0, kind=LineKind.GIFT_CARD),
        line(20_00, 25, kind=LineKind.SERVICE_CHARGE),
    ]
    facts = invoice(request(sale(lines, [tender(620_00, tip=50_00)])), fee=39_00)

    assert _prices(order(facts, "pp-1", TERMS)) == [
        (25, 1, Decimal("80.00")),
        (36, 1, Decimal("500.00")),
        (25, 1, Decimal("16.00")),
        (34, 1, Decimal("50.00")),
        (7, 1, Decimal("31.20")),
    ]


def test_the_fee_bears_vat_in_both_modes() -> None:
    facts = invoice(fee=39_00, vat_reported_by=VatReportedBy.SETTLEMENT)

    assert _prices(order(facts, "pp-1", TERMS)) == [(25, 1, Decimal("100.00")), (7, 1, Decimal("31.20"))]


def test_a_credit_note_credits_by_quantity_and_names_its_invoice() -> None:
    facts = invoice(request(returned([line(-100_00)])))
    sent = Posted(
        reference="pp-0", accounting_id="x", number=1, customer_number=1, total=1, stage=Stage.SENT, invoice_number=77
    )

    body = order(facts, "pp-1", TERMS, sent)

    assert _prices(body) == [(25, -1, Decimal("80.00"))]
    assert body["RelatedInvoiceNo"] == 77
    assert any("retur av nota s-1" in text for text in _texts(body))
    assert "RelatedInvoiceNo" not in order(facts, "pp-1", TERMS, replace(sent, invoice_number=None))


def test_a_return_from_elsewhere_names_receipt_and_date() -> None:
    original = OriginalSale(
        terminal_id="bar-2", sale_id="s-9", receipt="909", sold_on=datetime(2026, 11, 2, tzinfo=UTC).date()
    )
    facts = invoice(request(sale([line(-100_00)], original=original)))

    assert "Gjelder retur av nota 909, 02.11.2026" in _texts(order(facts, "pp-1", TERMS))


def test_prices_with_vat_are_the_tills_own() -> None:
    """Where PowerOffice is told prices with VAT, no øre is left over."""
    facts = invoice(request(sale([line(99_99), line(33_33, 15)])))

    body = order(facts, "pp-1", replace(TERMS, prices_exclude_vat=False))

    assert _prices(body) == [(25, 1, Decimal("99.99")), (15, 1, Decimal("33.33"))]


def _totals(body: dict[str, Any]) -> set[int]:
    """What PowerOffice's total could come to, in each way that it might round (U8 a to d), øre."""
    rates = dict(PRODUCTS.values())
    nets = [
        (rates[each["ProductId"]], half_up(each["ProductUnitPrice"] * 100) * each["Quantity"]) for each in _lines(body)
    ]
    per_rate: dict[int, int] = {}
    for rate, net in nets:
        per_rate[rate] = per_rate.get(rate, 0) + net
    net_sum = sum(net for _, net in nets)
    return {
        net_sum + sum(half_up(Fraction(net * rate, 100)) for rate, net in per_rate.items()),
        net_sum + sum(half_up(Fraction(net * rate, 100)) for rate, net in nets),
        half_up(sum((Fraction(net * (100 + rate), 100) for rate, net in nets), Fraction(0))),
        net_sum + sum(round(Fraction(net * rate, 100)) for rate, net in per_rate.items()),
    }


AMOUNT = st.integers(min_value=1, max_value=100_000_000)


@given(
    amounts=st.lists(st.tuples(AMOUNT, st.sampled_from([25, 15, 12, 0])), min_size=1, max_size=6),
    share=st.fractions(min_value=Fraction(1, 100), max_value=1),
    fee=st.sampled_from([0, 39_00, 49_95]),
    sign=st.sampled_from([1, -1]),
)
def test_the_total_is_the_tills_to_the_ore_however_poweroffice_rounds(
    amounts: list[tuple[int, int]], share: Fraction, fee: int, sign: int
) -> None:
    """Amounts to a million kroner, splits, fees and returns; and the rounding line is small."""
    total = sign * sum(amount for amount, _ in amounts)
    part = sign * max(1, int(abs(total) * share))
    lines = [line(sign * amount, rate) for amount, rate in amounts]
    tenders = [tender(part)] + ([tender(total - part, "card")] if part != total else [])
    original = OriginalSale(terminal_id="bar-1", sale_id="s-0") if sign < 0 else None
    facts: Invoice = invoice(request(sale(lines, tenders, original=original)), fee=fee)

    body = order(facts, "pp-1", TERMS)

    assert _totals(body) == {facts.total}
    left_over = [each["ProductUnitPrice"] for each in _lines(body) if each["ProductId"] == PRODUCTS["rounding"][0]]
    assert all(amount <= Decimal("0.10") for amount in left_over)
