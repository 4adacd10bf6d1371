"""What `check` costs: docs/check.md's numbers, counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from posplugin.simulator import CLIENT_KEY, SECOND_CLIENT_KEY
from tests.acceptance.check.bench import Bench, products
from tests.acceptance.check.faults import ledger

PAGE = (Path(__file__).parents[3] / "docs" / "check.md").read_text()
PLAIN, MOST = 9, 12
DEPARTMENT, EMPLOYEES = 'department_code = "10"', "include_employee_number = true"


def _cost(bench: Bench) -> int:
    before = len(bench.go.requests)
    assert bench.faults() == set()
    return len(bench.go.requests) - before


@pytest.mark.parametrize(
    ("settings", "cost"),
    [
        ({}, PLAIN),
        ({"department_code": DEPARTMENT}, PLAIN + 1),
        ({"more": ledger()}, PLAIN + 1),
        ({"invoicing": EMPLOYEES}, PLAIN + 1),
        ({"department_code": DEPARTMENT, "more": ledger(), "invoicing": EMPLOYEES}, MOST),
        ({"vat_reported_by": "settlement", "products": products(settlement=True)}, PLAIN - 2),
    ],
    ids=["plain", "department", "ledger", "employees", "all", "nothing-to-measure"],
)
def test_a_check_costs_what_the_page_says(bench: Bench, settings: dict[str, str], cost: int) -> None:
    bench.change(**settings)

    assert _cost(bench) == cost


def test_each_client_key_costs_the_same(bench: Bench) -> None:
    bench.change(more=f'[departments.cafe]\nclient_key = "{SECOND_CLIENT_KEY}"\nproducts = {{ {products()} }}\n')
    bench.app.sync_customers()

    assert _cost(bench) == 2 * PLAIN
    assert bench.go.orders(SECOND_CLIENT_KEY) == []


def test_departments_that_share_a_client_key_cost_nothing_more(bench: Bench) -> None:
    bench.change(more=f'[departments.terrace]\nclient_key = "{CLIENT_KEY}"\nproducts = {{ {products()} }}\n')

    assert _cost(bench) == PLAIN


def test_a_draft_of_unknown_fate_costs_two_more_once(bench: Bench) -> None:
    bench.go.fault("drop-before", method="POST", path="/SalesOrders/Complete", times=1)
    bench.faults()
    bench.later()

    assert _cost(bench) == PLAIN + 2
    assert _cost(bench) == PLAIN


def test_the_page_says_so() -> None:
    page = " ".join(PAGE.split())
    assert f"For each client key `check` makes {PLAIN} requests" in page
    assert f"{MOST} at most" in page
    assert "costs 2 more, once" in page
