"""What customers have open, out of PowerOffice's own rows, whoever wrote them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from posplugin.accounting_system import AccountingError, Verdict
from posplugin.domain.customer import OpenItem
from posplugin.poweroffice.reading import department_there, open_items

ORDER: dict[str, Any] = {"CustomerNo": 10001, "TotalAmount": Decimal("125.50"), "ExternalImportReference": "pp-1"}
INVOICE: dict[str, Any] = {"CustomerNo": 10001, "TotalAmount": Decimal(900), "Balance": Decimal("400.25")}

ORDERS = {
    "in kroner": ({}, 125_50),
    "in kroner, by name": ({"CurrencyCode": "NOK", "CurrencyExchangeRate": 1}, 125_50),
    "of nothing": ({"TotalAmount": None}, 0),
    "a credit note": ({"TotalAmount": -10}, -10_00),
    "in euro": ({"CurrencyCode": "EUR", "CurrencyExchangeRate": Decimal("11.5")}, 1_443_25),
    "in euro with no rate": ({"CurrencyCode": "EUR"}, 125_50),
    "half an øre": ({"TotalAmount": Decimal("0.005")}, 1),
}


@pytest.mark.parametrize(("changes", "amount"), ORDERS.values(), ids=ORDERS)
def test_an_order_is_open_with_its_total_in_kroner(changes: dict[str, Any], amount: int) -> None:
    (item,) = open_items([{**ORDER, **changes}], [])
    assert item == OpenItem(customer_number=10001, amount=amount, reference="pp-1")


INVOICES = {
    "paid in part": ({}, 400_25),
    "a credit note not used": ({"Balance": Decimal("-75.00")}, -75_00),
    "in euro, whose balance is in kroner": (
        {"CurrencyCode": "EUR", "CurrencyExchangeRate": Decimal("11.5")},
        400_25,
    ),
}


@pytest.mark.parametrize(("changes", "amount"), INVOICES.values(), ids=INVOICES)
def test_an_invoice_is_open_with_what_is_left_to_pay(changes: dict[str, Any], amount: int) -> None:
    (item,) = open_items([], [{**INVOICE, **changes}])
    assert item == OpenItem(customer_number=10001, amount=amount)


def test_what_has_no_customer_is_nobodys() -> None:
    assert open_items([{**ORDER, "CustomerNo": None}], [{**INVOICE, "CustomerNo": None}]) == []


@pytest.mark.parametrize("row", [{"CustomerNo": 10001}, {**ORDER, "TotalAmount": "?"}, {**ORDER, "CustomerNo": "x"}])
def test_a_list_that_cannot_be_understood_is_no_list(row: dict[str, Any]) -> None:
    """Better no open amounts than wrong ones."""
    with pytest.raises(AccountingError, match="cannot be understood") as caught:
        open_items([row], [])
    assert caught.value.verdict is Verdict.STOP


def test_a_department_is_active_unless_it_says_otherwise() -> None:
    rows: list[dict[str, Any]] = [{"Code": "10", "Name": "Bar"}, {"Code": 20, "Name": None, "IsActive": False}]
    assert [(d.code, d.name, d.is_active) for d in [department_there(row) for row in rows]] == [
        ("10", "Bar", True),
        ("20", "", False),
    ]
