"""Invoice facts → the order that is posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posplugin.accounting_system import Posted, Stage
from posplugin.domain.documents import Invoice, InvoiceItem, VatReportedBy
from posplugin.domain.money import half_up, vat_in
from posplugin.domain.payment import PaymentField
from posplugin.domain.sale import LineKind, OriginalSale, SaleLine
from posplugin.poweroffice.mapping import NO_DEPARTMENT, OrderTerms, order
from posplugin.simulator import amounts
from posplugin.texts import texts
from tests.fixtures.sales import invoice, line, request, returned, sale, tender

#: Role → (id, VAT rate of the account behind it).
PRODUCTS = {
    "vat_25": (25, 25), "vat_15": (15, 15), "vat_12": (12, 12), "vat_0": (10, 0),
    "gratuity": (34, 0), "fee": (7, 25), "rounding": (35, 0), "gift_card": (36, 0),
}  # fmt: skip


class Ids:
    """Article 7 has a product of its own at each rate, article 8 one that is to be made; others have none."""

    def product_id(self, role: str) -> int:
        return PRODUCTS[role][0]

    def of_item(self, item: InvoiceItem) -> Mapping[str, int | str]:
        if item.article_id == "8":
            return {"ProductCode": f"P-8-{item.vat_rate}"}
        own = 700 if item.article_id == "7" else 0
        return {"ProductId": own + PRODUCTS[f"vat_{item.vat_rate}"][0]}


TERMS = OrderTerms(
    products=Ids(),
    department_id=None,
    prices_exclude_vat=True,
    texts=texts("nb").invoice,
    zone=ZoneInfo("Europe/Oslo"),
)
#: The same with a line for each item.
ITEMS = replace(TERMS, per_item=True)
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
    with_vat = replace(TERMS, prices_exclude_vat=False)
    assert _prices(order(facts, "pp-1", with_vat)) == [(25, 1, Decimal("100.00")), (7, 1, Decimal("39.00"))]


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


# -- per item ----------------------------------------------------------------------------------------------------------


def _items(body: dict[str, Any]) -> list[tuple[object, ...]]:
    """Description alone for text; description, product, quantity, unit price for the rest."""
    return [
        (each["Description"],)
        if each["LineType"] == "Text"
        else (
            each["Description"],
            each.get("ProductId") or each["ProductCode"],
            each["Quantity"],
            str(each["ProductUnitPrice"]),
        )
        for each in body["SalesOrderLines"]
    ]


def test_each_item_is_a_line_with_its_own_product_quantity_and_price() -> None:
    lines = [
        line(297_00, 25, "Øl", quantity=Decimal(3), article_id="7"),
        line(39_00, 15, "Skillingsbolle, med hjem", article_id="8"),
        line(0, 25, "uten løk"),
        line(-20_00, 25, "Rabatt"),
        line(500_00, 0, "Gavekort til Kari", kind=LineKind.GIFT_CARD, article_id="7"),
        line(50_00, 25, "Servicetillegg", kind=LineKind.SERVICE_CHARGE),
    ]
    facts = invoice(request(sale(lines, [tender(866_00, tip=50_00)])), fee=39_00)

    assert _items(order(facts, "pp-1", ITEMS)) == [
        ("Øl", 725, 3, "79.20"),
        ("Skillingsbolle, med hjem", "P-8-15", 1, "33.91"),
        ("uten løk",),
        ("Rabatt", 25, -1, "16.00"),
        ("Gavekort til Kari", 36, 1, "500.00"),
        ("Servicetillegg", 25, 1, "40.00"),
        ("Tips", 34, 1, "50.00"),
        ("Fakturagebyr", 7, 1, "31.20"),
        ("Nota s-1, 20.11.2026",),
    ]


def test_a_quantity_that_gives_no_whole_ore_stands_in_the_text() -> None:
    """2 at 15 % are 67.83 without VAT; and nobody knows whether PowerOffice keeps three decimals of a kilo."""
    lines = [
        line(78_00, 15, "Bolle", quantity=Decimal(2)),
        line(127_50, 25, "Reker", quantity=Decimal("1.275")),
        line(10_00, 25, "Kuvert", quantity=Decimal(0)),
    ]

    assert _items(order(invoice(request(sale(lines))), "pp-1", ITEMS))[:3] == [
        ("2 x Bolle", 15, 1, "67.83"),
        ("1,275 x Reker", 25, 1, "102.00"),
        ("Kuvert", 25, 1, "8.00"),
    ]


def test_a_share_says_so_and_names_the_whole() -> None:
    lines = [line(300_00, 25, "Øl", quantity=Decimal(3)), line(100_00, 25, "Vin")]
    split = sale(lines, [tender(200_00), tender(200_00, "card")])

    assert _items(order(invoice(request(split)), "pp-1", ITEMS)) == [
        ("Andel av 3 x Øl", 25, 1, "120.00"),
        ("Andel av Vin", 25, 1, "40.00"),
        ("Nota s-1, 20.11.2026",),
        ("Betalt på annen måte: 200,00",),
    ]


def test_an_item_of_which_nothing_is_invoiced_is_left_out() -> None:
    split = sale([line(1_00, 25, "Øl"), line(1, 25, "Pose")], [tender(50), tender(51, "card")])

    assert [told[0] for told in _items(order(invoice(request(split)), "pp-1", ITEMS))][:2] == [
        "Andel av Øl",
        "Nota s-1, 20.11.2026",
    ]


def test_a_return_credits_item_by_item() -> None:
    facts = invoice(request(returned([line(-297_00, 25, "Øl", quantity=Decimal(-3)), line(-39_00, 15, "Bolle")])))

    assert _items(order(facts, "pp-1", ITEMS))[:2] == [("Øl", 25, -3, "79.20"), ("Bolle", 15, -1, "33.91")]


def test_items_bear_no_vat_where_the_settlement_reports_it() -> None:
    """The till's own prices on clearing; base and VAT as text, once for each rate, whatever kinds have it."""
    lines = [
        line(297_00, 25, "Øl", quantity=Decimal(3)),
        line(78_00, 15, "Bolle", quantity=Decimal(2)),
        line(50_00, 25, "Servicetillegg", kind=LineKind.SERVICE_CHARGE),
    ]
    facts = invoice(request(sale(lines)), vat_reported_by=VatReportedBy.SETTLEMENT, fee=39_00)

    assert _items(order(facts, "pp-1", ITEMS)) == [
        ("Øl", 25, 3, "99.00"),
        ("Bolle", 15, 2, "39.00"),
        ("Servicetillegg", 25, 1, "50.00"),
        ("Fakturagebyr", 7, 1, "31.20"),
        ("Nota s-1, 20.11.2026",),
        ("Grunnlag 25 % mva: 277,60, mva: 69,40",),
        ("Grunnlag 15 % mva: 67,83, mva: 10,17",),
    ]


def test_items_with_vat_in_their_prices_are_the_tills_own() -> None:
    lines = [line(297_00, 25, "Øl", quantity=Decimal(3)), line(78_00, 15, "Bolle", quantity=Decimal(2))]
    body = order(invoice(request(sale(lines))), "pp-1", replace(ITEMS, prices_exclude_vat=False))

    assert _items(body)[:2] == [("Øl", 25, 3, "99.00"), ("Bolle", 15, 2, "39.00")]


def test_the_employee_is_named_only_where_that_is_wanted() -> None:
    facts = invoice(request(sale(employee_number=12)))

    assert "SalesPersonEmployeeNumber" not in order(facts, "pp-1", TERMS)
    wanted = replace(TERMS, with_employee=True)
    assert order(facts, "pp-1", wanted)["SalesPersonEmployeeNumber"] == 12
    assert "SalesPersonEmployeeNumber" not in order(invoice(), "pp-1", wanted)


# -- to the øre --------------------------------------------------------------------------------------------------------


Priced = tuple[int, Fraction]  # VAT rate, and what quantity times unit price comes to in øre


#: VAT rate by product id; and where the goods' products post to clearing.
RATES = {**dict(PRODUCTS.values()), **{700 + product: rate for product, rate in PRODUCTS.values()}}
CLEARING = {product: rate if product == PRODUCTS["fee"][0] else 0 for product, rate in RATES.items()}


def _priced(body: dict[str, Any], rates: Mapping[int, int] = RATES) -> list[Priced]:
    return [
        (rates[each["ProductId"]], Fraction(each["Quantity"]) * Fraction(each["ProductUnitPrice"]) * 100)
        for each in _lines(body)
    ]


def _even(value: Fraction) -> int:
    return round(value)


def _reckoned(lines: Sequence[Priced]) -> dict[str, tuple[int, int]]:
    """Return VAT and total for prices without VAT, in each way that PowerOffice might round (U8), øre."""
    per_rate: dict[int, int] = {}
    for rate, net in lines:
        per_rate[rate] = per_rate.get(rate, 0) + half_up(net)
    nets = sum(per_rate.values())
    exact = sum((net * rate / 100 for rate, net in lines), Fraction(0))
    total = half_up(sum((net for _, net in lines), exact))
    vat = {
        "a": sum(half_up(Fraction(net * rate, 100)) for rate, net in per_rate.items()),
        "b": sum(half_up(Fraction(half_up(net) * rate, 100)) for rate, net in lines),
        "c": total - nets,
        "d": sum(_even(Fraction(net * rate, 100)) for rate, net in per_rate.items()),
    }
    return {way: (amount, nets + amount) for way, amount in vat.items()}


def _played(body: dict[str, Any], *, with_vat: bool) -> dict[str, tuple[int, int]]:
    """Return the same as the simulated PowerOffice has it, in øre."""
    lines = [
        amounts.Priced(
            quantity=Decimal(each["Quantity"]),
            unit_price=each["ProductUnitPrice"],
            allowance=Decimal(0),
            rate=Decimal(RATES[each["ProductId"]]) / 100,
        )
        for each in _lines(body)
    ]
    orders = {way: amounts.amounts(lines, with_vat=with_vat, answer=way)[1] for way in "abcd"}
    return {way: (int(order.vat * 100), int(order.total * 100)) for way, order in orders.items()}


AMOUNT = st.integers(min_value=1, max_value=100_000_000)


@st.composite
def receipts(draw: st.DrawFn, most: int = 8) -> Invoice:
    """Invoices and credit notes, whole and split, of many kinds and quantities, with fee and tip."""
    rows = draw(
        st.lists(
            st.tuples(
                AMOUNT,
                st.sampled_from([25, 15, 12, 0]),
                st.sampled_from(["1", "2", "3", "7", "12", "0.5", "0.33", "1.275"]),
                st.sampled_from([LineKind.GOODS, LineKind.GOODS, LineKind.SERVICE_CHARGE, LineKind.DEPOSIT]),
                st.sampled_from([None, "7"]),
            ),
            min_size=1,
            max_size=most,
        )
    )
    sign = draw(st.sampled_from([1, -1]))
    lines = [
        line(sign * amount, rate, quantity=Decimal(quantity), kind=kind, article_id=article)
        for amount, rate, quantity, kind, article in rows
    ]
    back = draw(st.lists(st.tuples(st.integers(0, rows[0][0] - 1), st.sampled_from([25, 15, 12, 0])), max_size=2))
    lines += [line(-sign * (amount // 2), rate) for amount, rate in back]  # returns within a sale, and what is free
    total = sum(one.amount for one in lines)
    part = total if draw(st.booleans()) else sign * max(1, draw(st.integers(0, abs(total))))
    tenders = [tender(part, tip=draw(st.sampled_from([0, 25_00])) if sign > 0 else 0)]
    tenders += [tender(total - part, "card")] if part != total else []
    original = OriginalSale(terminal_id="bar-1", sale_id="s-0") if sign < 0 else None
    return invoice(request(sale(lines, tenders, original=original)), fee=draw(st.sampled_from([0, 39_00, 49_95])))


def _vat(facts: Invoice) -> int:
    return sum(each.vat for each in facts.lines) + vat_in(facts.fee, 25)


@given(facts=receipts(), per_item=st.booleans())
@settings(max_examples=300, deadline=None)
def test_vat_and_total_are_the_tills_to_the_ore_however_poweroffice_rounds(facts: Invoice, per_item: bool) -> None:
    """Amounts to a million kroner, splits, fees, tips and returns; and the rounding line is small."""
    body = order(facts, "pp-1", replace(TERMS, per_item=per_item))

    wanted = (_vat(facts), facts.total)
    assert _reckoned(_priced(body)) == dict.fromkeys("abcd", wanted)
    assert _played(body, with_vat=False) == dict.fromkeys("abcd", wanted)
    left_over = [each["ProductUnitPrice"] for each in _lines(body) if each["ProductId"] == PRODUCTS["rounding"][0]]
    assert all(amount <= Decimal("0.10") for amount in left_over)
    assert all(Fraction(each["ProductUnitPrice"] * 100).denominator == 1 for each in _lines(body))


@given(facts=receipts(most=60))
@settings(max_examples=25, deadline=None)
def test_a_long_receipt_is_right_line_by_line(facts: Invoice) -> None:
    body = order(facts, "pp-1", ITEMS)

    assert set(_played(body, with_vat=False).values()) == {(_vat(facts), facts.total)}
    left_over = [each["ProductUnitPrice"] for each in _lines(body) if each["ProductId"] == PRODUCTS["rounding"][0]]
    assert all(amount <= Decimal("0.10") for amount in left_over)


@given(facts=receipts(), per_item=st.booleans())
@settings(deadline=None)
def test_prices_with_vat_give_the_tills_total(facts: Invoice, per_item: bool) -> None:
    """PowerOffice then reckons the VAT itself: within half an øre for each amount that is rounded, there or here."""
    body = order(facts, "pp-1", replace(TERMS, per_item=per_item, prices_exclude_vat=False))

    played = _played(body, with_vat=True)
    assert {total for _, total in played.values()} == {facts.total}
    rounded = len(_lines(body)) + len(facts.lines) + 1
    assert all(abs(vat - _vat(facts)) <= Fraction(rounded, 2) for vat, _ in played.values())


@given(facts=receipts(), per_item=st.booleans())
@settings(deadline=None)
def test_where_the_settlement_reports_vat_only_the_fees_is_on_the_invoice(facts: Invoice, per_item: bool) -> None:
    facts = replace(facts, vat_reported_by=VatReportedBy.SETTLEMENT)
    body = order(facts, "pp-1", replace(TERMS, per_item=per_item))

    assert _reckoned(_priced(body, CLEARING)) == dict.fromkeys("abcd", (vat_in(facts.fee, 25), facts.total))
