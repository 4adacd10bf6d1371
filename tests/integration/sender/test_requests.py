"""What PowerOffice is asked in a run, counted: docs/poweroffice.md states these figures."""

from __future__ import annotations

from collections import Counter

import pytest

from posplugin.domain.sale import OriginalSale
from tests.integration.sender.shop import OpenShop, Shop

#: Documents in the run.
N = 12
#: Token, our orders, our invoices, products, departments: however many documents there are.
A_RUN = 5


@pytest.fixture(autouse=True)
def _patient_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """All has been sent before the first look."""
    monkeypatch.setattr("posplugin.sender.run.SEND_POLLS", (1.5,))


def _asked(shop: Shop) -> Counter[str]:
    """Make one run, of which `check` has passed; return how often each address was asked for."""
    shop.app.office().check()
    before = len(shop.requests())
    assert shop.send().outcome == "done"
    return Counter(path.rpartition("/")[2] for _, path in shop.requests()[before:])


@pytest.mark.parametrize(
    ("invoicing", "adds"),
    [
        ("", 0),
        ('delivery = "confirmed"', N),
        ("attach_receipt = true", N),
        ('delivery = "send"', N + 1),
        ('delivery = "send"\nattach_receipt = true', 2 * N + 1),
    ],
)
def test_a_run_of_n_drafts_costs_n_and_five_and_what_each_option_adds(
    invoicing: str, adds: int, shops: OpenShop
) -> None:
    shop = shops(invoicing=invoicing, department_code='department_code = "10"')
    shop.go.allow_send_invoice = True
    shop.evening(N)

    asked = _asked(shop)

    assert asked.total() == N + A_RUN + adds, asked


def test_a_credit_note_adds_two_requests_for_its_original(shops: OpenShop) -> None:
    shop = shops(department_code='department_code = "10"')
    shop.sell("1")
    shop.sell("2", {25: -4000}, original=OriginalSale(terminal_id="bar-1", sale_id="s1", receipt="1"))

    asked = _asked(shop)

    assert asked.total() == 2 + A_RUN + 2, asked


def test_a_night_with_something_missing_adds_two_requests_for_its_customer(shops: OpenShop) -> None:
    """Three for all that stands there, once which client it is, and two for each customer of what is missing."""
    shop = shops()
    shop.evening(N)
    shop.send()
    shop.go.send_order(shop.record("1").accounting_id or "")

    assert [_night(shop), _night(shop)] == [3 + 1, 3]
    shop.go.delete_order(shop.record("3").accounting_id or "")
    assert [_night(shop), _night(shop), _night(shop)] == [3 + 2, 3 + 2, 3]


def _night(shop: Shop) -> int:
    shop.later()
    before = len(shop.requests())
    assert shop.app.follow() == []
    return sum("Token" not in path for _, path in shop.requests()[before:])


def test_a_document_made_again_adds_three(shops: OpenShop) -> None:
    shop = shops(department_code='department_code = "10"')
    shop.sell("1")
    shop.send()
    shop.go.delete_order(shop.record("1").accounting_id or "")
    for _ in range(2):
        shop.later()
        shop.app.follow()
    shop.app.office().retry(shop.record("1"))

    asked = _asked(shop)

    assert asked.total() == 1 + A_RUN + 3, asked
