"""What each item of a receipt is on an invoice."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.bookkeeping.items import counted, is_share, item_vat
from posplugin.domain.documents import InvoiceItem
from posplugin.domain.money import VAT_RATES
from posplugin.domain.sale import LineKind

MILLION = 1_000_000_00
KINDS = [LineKind.GOODS, LineKind.SERVICE_CHARGE, LineKind.DEPOSIT]


def item(amount: int, quantity: str = "1", rate: int = 25, invoiced: int | None = None) -> InvoiceItem:
    """A whole item, or a share of it."""
    return InvoiceItem(
        description="Øl",
        quantity=Decimal(quantity),
        kind=LineKind.GOODS,
        vat_rate=rate,
        amount=amount,
        invoiced=amount if invoiced is None else invoiced,
    )


def test_vat_that_cannot_be_divided_goes_where_the_sum_so_far_says() -> None:
    """Three of 39.00 at 15 % hold 15.26 of VAT: 5.09, 5.08 and 5.09."""
    assert item_vat([item(39_00, rate=15)] * 3) == (5_09, 5_08, 5_09)


def test_what_costs_nothing_holds_no_vat() -> None:
    assert item_vat([item(39_00, rate=15), item(0, rate=15), item(39_00, rate=15)])[1] == 0
    assert item_vat([]) == ()


@given(
    st.lists(st.tuples(st.integers(-MILLION, MILLION), st.sampled_from(VAT_RATES), st.sampled_from(KINDS)), max_size=30)
)
def test_the_items_vat_adds_up_to_the_tills_and_is_nobodys_but_its_own(rows: list[tuple[int, int, LineKind]]) -> None:
    """For each kind and rate, to the øre; and none has an øre more or less than its own."""
    items = [
        InvoiceItem(description="x", quantity=Decimal(1), kind=kind, vat_rate=rate, amount=amount, invoiced=amount)
        for amount, rate, kind in rows
    ]
    shares = item_vat(items)
    sums: defaultdict[tuple[LineKind, int], int] = defaultdict(int)
    amounts: defaultdict[tuple[LineKind, int], int] = defaultdict(int)
    for one, share in zip(items, shares, strict=True):
        exact = Fraction(one.invoiced * one.vat_rate, 100 + one.vat_rate)
        assert abs(share - exact) <= 1
        sums[one.kind, one.vat_rate] += share
        amounts[one.kind, one.vat_rate] += one.invoiced
    for (kind, rate), vat in sums.items():
        exact = Fraction(amounts[kind, rate] * rate, 100 + rate)
        assert abs(vat - exact) <= Fraction(1, 2)


# What stands on the receipt, the line's price, and how the line is written.
COUNTED = [
    (item(297_00, "3"), 237_60, 3, 79_20),
    (item(297_00, "1"), 237_60, 1, 237_60),
    (item(297_00, "3"), 237_61, 1, 237_61),
    (item(297_00, "3", invoiced=99_00), 79_20, 1, 79_20),
    (item(-297_00, "-3"), -237_60, -3, 79_20),
    (item(-297_00, "3"), -237_60, -3, 79_20),
    (item(50_00, "0.5"), 40_00, Decimal("0.5"), 80_00),
    (item(50_00, "0.40"), 40_00, Decimal("0.40"), 100_00),
    (item(127_50, "1.275"), 102_00, 1, 102_00),
    (item(50_00, "0"), 40_00, 1, 40_00),
    (item(1, "1E+30"), 0, 1, 0),
    (item(30_00, "3.00"), 24_00, 3, 8_00),
]


@pytest.mark.parametrize(("of", "price", "quantity", "unit_price"), COUNTED)
def test_the_receipts_quantity_stands_where_the_unit_price_is_whole_ore(
    of: InvoiceItem, price: int, quantity: Decimal, unit_price: int
) -> None:
    """Otherwise, and for a share, it is one: quantity times unit price is the line's price in any case."""
    assert counted(of, price) == (quantity, unit_price)


@given(st.integers(-MILLION, MILLION), st.decimals(0, 1000, places=2), st.booleans())
def test_quantity_times_unit_price_is_always_the_price(price: int, quantity: Decimal, share: bool) -> None:
    of = item(price, str(quantity), invoiced=price // 2 if share else price)
    written, unit_price = counted(of, price)
    assert Fraction(written) * unit_price == price
    assert unit_price >= 0


def test_a_share_is_told_from_a_whole() -> None:
    assert is_share(item(100, invoiced=99))
    assert not is_share(item(100))
