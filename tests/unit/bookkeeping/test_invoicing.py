"""Which part of a sale an invoice carries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.bookkeeping.invoicing import invoiced_items, lines_of
from posplugin.domain.documents import InvoiceLine, RecordKind
from posplugin.domain.errors import UsageError
from posplugin.domain.money import VAT_RATES, vat_in
from posplugin.domain.payment import PaymentField
from posplugin.domain.sale import CASH, INVOICE, LineKind, OriginalSale, SaleLine
from tests.fixtures.clocks import EVENING
from tests.fixtures.sales import invoice, line, request, returned, sale, tender

KINDS = [LineKind.GOODS, LineKind.SERVICE_CHARGE, LineKind.DEPOSIT, LineKind.GIFT_CARD]


def told(lines: tuple[InvoiceLine, ...]) -> list[tuple[str, int, int, int]]:
    """Kind, rate, amount, VAT."""
    return [(one.kind.value, one.vat_rate, one.amount, one.vat) for one in lines]


def test_designs_example() -> None:
    """500 kr, 400 at 25 % and 100 at 15 %; 300 by invoice, 200 + 40 tip by card."""
    split = sale([line(400_00), line(100_00, 15, "Burger")], [tender(300_00), tender(200_00, "card", tip=40_00)])
    made = invoice(request(split))
    assert told(made.lines) == [("goods", 25, 240_00, 48_00), ("goods", 15, 60_00, 7_83)]
    assert [item.invoiced for item in made.items] == [240_00, 60_00]
    assert [item.amount for item in made.items] == [400_00, 100_00]
    assert (made.total, made.tip, made.paid_otherwise) == (300_00, 0, 200_00)


def test_a_whole_sale_is_invoiced_line_by_line_as_it_stands() -> None:
    lines = [
        line(99_00, 25, "Øl", quantity=Decimal("0.5"), article_id="a-1", article_group="04003"),
        line(-9_00, 25, "Rabatt"),
        line(120_00, 15, "Burger"),
        line(500_00, 0, "Gavekort", kind=LineKind.GIFT_CARD),
        line(3_00, 25, "Pant", kind=LineKind.DEPOSIT),
        line(20_00, 25, "Servicetillegg", kind=LineKind.SERVICE_CHARGE),
    ]
    made = invoice(request(sale(lines)))
    assert [item.invoiced for item in made.items] == [99_00, -9_00, 120_00, 500_00, 3_00, 20_00]
    assert told(made.lines) == [
        ("goods", 25, 90_00, 18_00),
        ("goods", 15, 120_00, 15_65),
        ("gift_card", 0, 500_00, 0),
        ("service_charge", 25, 20_00, 4_00),
        ("deposit", 25, 3_00, 60),
    ]
    assert (made.items[0].article_id, made.items[0].article_group, made.items[0].quantity) == (
        *("a-1", "04003"),
        Decimal("0.5"),
    )


def test_a_tip_on_the_tender_comes_on_top() -> None:
    made = invoice(request(sale(100_00, [tender(100_00, tip=15_00)])))
    assert (made.total, made.tip, sum(one.amount for one in made.lines)) == (115_00, 15_00, 100_00)


def test_a_tip_on_another_tender_is_not_ours() -> None:
    made = invoice(request(sale(100_00, [tender(60_00), tender(40_00, "card", tip=15_00)])))
    assert (made.total, made.tip, made.paid_otherwise) == (60_00, 0, 40_00)


def test_rounding_of_the_cash_part_is_not_ours() -> None:
    split = sale(99_60, [tender(50_00), tender(50_00, CASH)], cash_rounding=40)
    made = invoice(request(split))
    assert (made.total, made.paid_otherwise) == (50_00, 49_60)


def test_a_fee_comes_on_top_of_an_invoice_and_never_on_a_credit_note() -> None:
    assert invoice(fee=39_00).total == 139_00
    credit = invoice(request(returned(-100_00)), fee=39_00)
    assert (credit.fee, credit.total) == (0, -100_00)


def test_a_return_is_a_credit_note_that_names_its_original() -> None:
    credit = invoice(request(returned([line(-80_00), line(-20_00, 15)])))
    assert credit.kind is RecordKind.CREDIT_NOTE
    assert credit.original == OriginalSale(terminal_id="bar-1", sale_id="s-1")
    assert told(credit.lines) == [("goods", 25, -80_00, -16_00), ("goods", 15, -20_00, -2_61)]


def test_an_exchange_that_is_paid_for_is_an_invoice() -> None:
    made = invoice(request(returned([line(-80_00), line(200_00, 15)])))
    assert made.kind is RecordKind.INVOICE
    assert told(made.lines) == [("goods", 25, -80_00, -16_00), ("goods", 15, 200_00, 26_09)]


def test_a_rate_whose_lines_cancel_out_has_no_line() -> None:
    made = invoice(request(sale([line(50_00), line(-50_00), line(20_00, 15)])))
    assert told(made.lines) == [("goods", 15, 20_00, 2_61)]
    assert made.total == 20_00


def test_what_was_entered_at_the_till_is_on_the_document() -> None:
    fields = {field: f"  {field.value} " for field in PaymentField}
    made = invoice(request(sale(employee_number=7), fields=fields))
    assert [getattr(made, field) for field in PaymentField] == [field.value for field in PaymentField]
    assert made.employee_number == 7


def test_the_time_of_delivery_is_kept_in_utc() -> None:
    made = invoice(request(sale(at=EVENING.astimezone(timezone(timedelta(hours=1))))))
    assert (made.delivered_at, made.delivered_at.tzinfo) == (EVENING, UTC)


def test_a_tender_of_another_channel_has_no_invoice() -> None:
    split = sale(100_00, [tender(60_00), tender(40_00, "card")])
    with pytest.raises(UsageError, match="no invoice tender 'card'"):
        invoiced_items(split, "card")


def test_a_document_whose_items_and_lines_differ_is_none() -> None:
    made = invoice()
    with pytest.raises(UsageError, match="do not add up to the same"):
        replace(made, lines=())


@st.composite
def receipts(draw: st.DrawFn) -> tuple[list[SaleLine], list[int]]:
    """Lines of one sign, and parts of their sum: each a tender."""
    rows = draw(
        st.lists(
            st.tuples(st.integers(1, 1_000_000_00), st.sampled_from(VAT_RATES), st.sampled_from(KINDS)),
            min_size=1,
            max_size=7,
        )
    )
    lines = [line(amount, 0 if kind is LineKind.GIFT_CARD else rate, kind=kind) for amount, rate, kind in rows]
    total = sum(one.amount for one in lines)
    cuts = sorted(draw(st.lists(st.integers(0, total), max_size=4)))
    return lines, [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]


@given(receipts(), st.data(), st.sampled_from([1, -1]))
def test_several_invoice_tenders_share_a_sale_without_exceeding_a_line(
    receipt: tuple[list[SaleLine], list[int]], data: st.DataObject, sign: int
) -> None:
    """Each carries its amount exactly; together never more of a line than there is, and all of it if they are all."""
    lines, parts = receipt
    channels = [data.draw(st.sampled_from([INVOICE, "card"])) for _ in parts]
    whole = sale(
        [replace(one, amount=sign * one.amount) for one in lines],
        [tender(sign * part, channel, f"t-{i}") for i, (part, channel) in enumerate(zip(parts, channels, strict=True))],
    )
    carried = [0] * len(lines)
    for one in whole.tenders:
        if one.channel == INVOICE:
            items = invoiced_items(whole, one.tender_id)
            assert sum(item.invoiced for item in items) == one.amount
            assert sum(made.amount for made in lines_of(items)) == one.amount
            carried = [before + item.invoiced for before, item in zip(carried, items, strict=True)]
    for amount, made in zip(carried, lines, strict=True):
        assert 0 <= sign * amount <= made.amount
    if "card" not in channels:
        assert [sign * amount for amount in carried] == [one.amount for one in lines]


@given(receipts())
def test_a_share_per_kind_and_rate_is_within_an_ore_of_its_due(receipt: tuple[list[SaleLine], list[int]]) -> None:
    """A split goes over kinds and rates first: that is where VAT hangs."""
    lines, parts = receipt
    split = sale(lines, [tender(parts[0]), tender(sum(parts[1:]), "card")])
    for made in invoice(request(split)).lines:
        of_rate = sum(one.amount for one in lines if (one.kind, one.vat_rate) == (made.kind, made.vat_rate))
        assert abs(made.amount - Fraction(of_rate * parts[0], split.total)) < 1
        assert made.vat == vat_in(made.amount, made.vat_rate)


@given(receipts())
def test_lines_stand_by_kind_then_by_rate_from_the_highest(receipt: tuple[list[SaleLine], list[int]]) -> None:
    made = invoice(request(sale(receipt[0]))).lines
    order = [(list(LineKind).index(one.kind), -one.vat_rate) for one in made]
    assert order == sorted(set(order))
