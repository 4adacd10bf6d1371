"""What is invoiced by another department than the till's: sold where it is invoiced, or by nobody here."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import CLIENT_KEY, SECOND_CLIENT_KEY, Simulator
from tests.integration.sender.settled import CLEARING, settled, stand_settled_once
from tests.integration.sender.shop import CAFE, CLEARING_MODE, INVOICED, OpenShop, Shop, settling

BAR = 'department_code = "10"'
#: Another department of the bar's client, whose sales at 25 % have an account of their own.
RESTAURANT = f"""
[departments.restaurant]
client_key = "{CLIENT_KEY}"
department_code = "20"
products = {{ {CLEARING_MODE["products"]} }}

[departments.restaurant.ledger]
sales = [ {{ article_group = "*", vat = 25, account = 3100, vat_code = "3" }} ]
"""
#: Of a client of its own.
OTHER_CLIENT = CAFE.replace('"30"', '"50"').replace('"31"', '"51"')


def _by_department(go: Simulator, *accounts: int) -> Counter[tuple[int, str]]:
    """Return øre with VAT by account and department, invoices and settlements together."""
    sums: Counter[tuple[int, str]] = Counter()
    for row in go.postings():
        if row["AccountNo"] in accounts and not row["Description"].startswith("Mva"):
            sums[row["AccountNo"], row["DepartmentCode"]] += int((row["Amount"] + row["VatAmount"]) * 100)
    return sums


@pytest.mark.parametrize("posting", ["post", "draft"])
def test_what_another_department_invoices_is_sold_in_that_one(shops: OpenShop, posting: str) -> None:
    """By its ledger, and against clearing there; the invoice credits clearing in the same department."""
    settings = {**CLEARING_MODE, "department_code": BAR, "more": RESTAURANT}
    shop = settling(shops, f'posting = "{posting}"', **settings)
    assert [finding for finding in shop.app.office().check() if not finding.ok] == []
    shop.sell("101", INVOICED, department="restaurant")
    shop.sell("102", {25: 1000})
    shop.close_day(1)

    shop.until_quiet()
    for draft in shop.go.drafts():
        shop.go.post_draft(draft["Id"])

    assert _by_department(shop.go, 1580, 1990, 2981, 3000, 3001, 3100) == {
        (1580, "10"): 24000,
        (2981, "10"): -4000,
        (3000, "10"): -17000,
        (3001, "10"): -4000,
        (CLEARING, "10"): 1000,
        (3100, "20"): -24000,
        (3001, "20"): -6000,
        (CLEARING, "20"): 30000,
    }
    for order in shop.go.orders():
        shop.go.send_order(order["Id"])
    assert _by_department(shop.go, CLEARING) == {(CLEARING, "10"): 0, (CLEARING, "20"): 0}
    reported = shop.go.vat_return()
    assert reported["3"].base + reported["3"].vat == Decimal("410.00")


def _held(shop: Shop) -> str:
    shop.send()
    record = shop.record("Z 1")
    assert (record.status, record.reason) == (Status.NEEDS_ATTENTION, Reason.SETTLEMENT_MISMATCH)
    return record.detail or ""


@pytest.mark.parametrize("is_listed", [True, False])
def test_what_another_client_invoices_is_sold_by_nobody_here(shops: OpenShop, is_listed: bool) -> None:
    """Told; accepted, the Z is posted without it, and no later one asks about it again."""
    shop = settling(shops, more=OTHER_CLIENT, **CLEARING_MODE)
    ref = shop.sell("101", INVOICED, department="cafe").ref
    first = shop.close_day(1, invoiced=[ref] if is_listed else [])
    assert "receipt 101" in _held(shop)

    shop.app.settlement_desk().accept(shop.record("Z 1"), "the café's accountant posts it")
    shop.send()
    second = shop.close_day(2, {25: 100}, invoiced=[])
    third = shop.close_day(3, {25: 200}, invoiced=None)
    shop.until_quiet()

    stand_settled_once(shop.go, first, second, third)
    assert CLEARING not in {account for days in settled(shop.go).values() for day in days for account in day}
    stand_settled_once(shop.go, client=SECOND_CLIENT_KEY)
