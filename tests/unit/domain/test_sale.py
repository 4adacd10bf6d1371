"""A sale adds up, or is not one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.errors import UsageError
from posplugin.domain.payment import PaymentChannel, PaymentField, PaymentRef, PaymentRequest, Receipt, Terminal
from posplugin.domain.sale import CASH, LineKind, OriginalSale, Sale, SaleLine, Tender
from tests.fixtures.clocks import EVENING
from tests.fixtures.sales import line, request, returned, sale, tender

BAD_LINES: dict[str, tuple[dict[str, Any], str]] = {
    "an amount in kroner": ({"amount": 12.5}, "whole øre"),
    "a rate as a fraction": ({"vat_rate": 0.25}, "VAT rate"),
    "raw fish": ({"vat_rate": Decimal("11.11")}, r"11\.11 %"),
    "a quantity in floating point": ({"quantity": 0.5}, "give a Decimal"),
    "an endless quantity": ({"quantity": Decimal("inf")}, "give a Decimal"),
    "a gift card with VAT": ({"kind": LineKind.GIFT_CARD}, "gift card .* none until used"),
}


@pytest.mark.parametrize(("values", "words"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_refuses(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        SaleLine(**{"description": "Øl", "amount": 100, "vat_rate": 25, **values})


BAD_TENDERS: dict[str, tuple[dict[str, Any], str]] = {
    "an amount in kroner": ({"amount": 12.5}, "the amount of tender t-1"),
    "a tip in kroner": ({"tip": 1.5}, "the tip of tender t-1"),
    "a negative tip": ({"tip": -1}, "never negative"),
    "dollars": ({"currency": "USD"}, "in NOK"),
    "no id": ({"tender_id": ""}, "the tender id"),
    "an id of spaces": ({"tender_id": "  "}, "the tender id"),
    "an id of two lines": ({"tender_id": "a\nb"}, "the tender id"),
    "a number for an id": ({"tender_id": 1}, "the tender id"),
    "an endless id": ({"tender_id": "x" * 65}, "1 to 64"),
    "no channel": ({"channel": ""}, "the channel"),
}


@pytest.mark.parametrize(("values", "words"), BAD_TENDERS.values(), ids=BAD_TENDERS)
def test_a_tender_refuses(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Tender(**{"tender_id": "t-1", "channel": "card", "amount": 100, **values})


BAD_SALES: dict[str, tuple[Callable[[], Sale], str]] = {
    "too little paid": (lambda: sale(100, [tender(99)]), "does not add up: tenders 99 øre, lines 100"),
    "too much paid": (lambda: sale(100, [tender(101)]), "does not add up"),
    "nothing paid": (lambda: sale(100, []), "does not add up"),
    "a tip counted as payment": (lambda: sale(100, [tender(90, tip=10)]), "does not add up"),
    "two tenders of one id": (lambda: sale(100, [tender(50), tender(50)]), "two tenders of the same id"),
    "rounding on card": (lambda: sale(99_60, [tender(100_00, "card")], cash_rounding=40), "only cash is rounded"),
    "rounding on Faktura": (lambda: sale(99_60, [tender(100_00)], cash_rounding=40), "only cash is rounded"),
    "rounding by a krone": (lambda: sale(99_00, [tender(100_00, CASH)], cash_rounding=100), "the most is 99"),
    "rounding down by a krone": (lambda: sale(101_00, [tender(100_00, CASH)], cash_rounding=-100), "the most is 99"),
    "rounding in kroner": (lambda: sale(99_60, [tender(100_00, CASH)], cash_rounding=0.4), "whole øre"),
    "a naive time": (lambda: sale(at=datetime(2026, 11, 20, 20, 0)), "without a time zone"),  # noqa: DTZ001
    "euro": (lambda: sale(currency="EUR"), "in NOK"),
    "no sale id": (lambda: sale(sale_id=""), "the sale id"),
    "no terminal": (lambda: sale(terminal_id=" "), "the terminal id"),
    "a receipt of two lines": (lambda: sale(receipt="1\n2"), "the receipt number"),
}


@pytest.mark.parametrize(("make", "words"), BAD_SALES.values(), ids=BAD_SALES)
def test_a_sale_refuses(make: Callable[[], Sale], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        make()


@pytest.mark.parametrize("rounding", [-49, 40, 99, -99])
def test_cash_may_be_rounded_beside_other_tenders(rounding: int) -> None:
    rounded = sale(500_00, [tender(300_00), tender(200_00 + rounding, CASH)], cash_rounding=rounding)
    assert rounded.total == 500_00


def test_a_sale_without_lines_and_tenders_is_one_of_nothing() -> None:
    assert sale([], []).total == 0


@given(
    st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=8),
    st.lists(st.integers(-(10**7), 10**7), max_size=4),
    st.integers(0, 10**5),
    st.integers(-3, 3),
)
def test_a_sale_is_taken_exactly_when_tenders_equal_lines_whatever_the_tips(
    lines: list[int], paid: list[int], tip: int, off_by: int
) -> None:
    rest = sum(lines) - sum(paid) + off_by
    tenders = [tender(amount, "card", f"t-{i}", tip) for i, amount in enumerate([*paid, rest])]
    made = [line(amount) for amount in lines]
    if off_by:
        with pytest.raises(UsageError, match="does not add up"):
            sale(made, tenders)
    else:
        assert sale(made, tenders).total == sum(lines)


def test_a_sale_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        sale().sale_id = "other"  # type: ignore[misc]


def test_the_receipt_number_is_the_sale_id_unless_the_host_has_another() -> None:
    assert sale(sale_id="s-9").receipt == "s-9"
    assert sale(receipt="1042").receipt == "1042"


def test_a_return_names_its_original() -> None:
    assert returned(-100).is_return
    assert not sale().is_return
    with pytest.raises(UsageError, match="the original's sale id"):
        OriginalSale(terminal_id="bar-1", sale_id="")


def test_a_tender_is_found_by_its_id_or_said_to_be_missing() -> None:
    assert sale().tender("invoice").amount == 100_00
    with pytest.raises(UsageError, match="no tender 'card'"):
        sale().tender("card")


def test_a_request_speaks_of_its_own_sale_and_of_a_tender_that_is_there() -> None:
    for ref in (PaymentRef("bar-1", "s-2", "invoice"), PaymentRef("bar-2", "s-1", "invoice")):
        with pytest.raises(UsageError, match="speaks of another sale"):
            PaymentRequest(ref=ref, sale=sale())
    with pytest.raises(UsageError, match="no tender"):
        PaymentRequest(ref=PaymentRef("bar-1", "s-1", "card"), sale=sale())


@pytest.mark.parametrize(("entered", "read"), [("  A-1 ", "A-1"), ("   ", None), ("", None)])
def test_fields_are_read_without_the_spaces_around_them(entered: str, read: str | None) -> None:
    assert request(fields={PaymentField.NOTE: entered}).text(PaymentField.NOTE) == read
    assert request().text(PaymentField.NOTE) is None


def test_names_of_terminals_and_payments_are_printable() -> None:
    with pytest.raises(UsageError, match="the terminal id"):
        Terminal(terminal_id="", department="bar")
    with pytest.raises(UsageError, match="the department"):
        Terminal(terminal_id="bar-1", department="\x00")
    assert str(PaymentRef("bar-1", "s-1", "t-1")) == "bar-1/s-1/t-1"


@pytest.mark.parametrize(
    ("labels", "label"), [({"nb": "Faktura", "en": "Invoice"}, "Invoice"), ({"nb": "Faktura"}, "Faktura"), ({}, "inv")]
)
def test_a_button_has_a_label_whatever_its_plugin_gave(labels: dict[str, str], label: str) -> None:
    assert PaymentChannel(channel_id="inv", labels=labels).label("en") == label


def test_a_receipt_is_laid_out_in_columns_and_breaks_what_is_too_wide() -> None:
    receipt = Receipt(
        title="Utlevering", rows=(("Kvittering", "1042"), ("Å fakturere", "1 234,50"), ("Kunde", "x" * 20))
    )
    text = receipt.text(20).splitlines()
    assert text == ["     Utlevering", "Kvittering      1042", "Å fakturere 1 234,50", "Kunde", "x" * 20]


def test_the_evening_is_an_evening() -> None:
    assert sale().at == EVENING
