"""What PowerOffice is asked in a run, counted: docs/poweroffice.md states these figures."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from posplugin.domain.sale import OriginalSale
from tests.integration.sender.shop import PAPERS, OpenShop, Shop, settling

#: Documents in the run.
N = 12
#: Token, our orders, our invoices, products, departments: however many documents there are.
A_RUN = 5
#: Token, what was posted, drafts, lock date, accounts, VAT codes, departments: however many settlements there are.
A_SETTLING_RUN = 7
DRAFTS = 'posting = "draft"'


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


@pytest.mark.parametrize(
    ("settlement", "adds"),
    [
        ("", 0),
        (PAPERS, N),
        (DRAFTS, 0),
        (f"{DRAFTS}\n{PAPERS}", 2 * N),
    ],
)
def test_a_run_of_n_settlements_costs_n_and_seven_and_what_the_z_reports_add(
    settlement: str, adds: int, shops: OpenShop
) -> None:
    """A page on a draft is looked for first."""
    shop = settling(shops, settlement, department_code='department_code = "10"')
    for number in range(1, N + 1):
        shop.close_day(number, {25: 100 * number})

    asked = _asked(shop)

    assert asked.total() == N + A_SETTLING_RUN + adds, asked


def test_settlements_that_follow_invoices_share_token_and_departments_with_them(shops: OpenShop) -> None:
    shop = settling(shops, department_code='department_code = "10"')
    shop.sell("1")
    shop.close_day(1)

    asked = _asked(shop)

    assert asked.total() == 1 + A_RUN + 1 + A_SETTLING_RUN - 2, asked


def test_a_number_that_the_answer_does_not_tell_adds_one_for_each(shops: OpenShop) -> None:
    shop = settling(shops, department_code='department_code = "10"')
    shop.go.switch("U16", "b")
    for number in range(1, N + 1):
        shop.close_day(number, {25: 100 * number})

    asked = _asked(shop)

    assert asked.total() == N + A_SETTLING_RUN + N, asked


def test_each_draft_that_was_left_before_adds_one(shops: OpenShop) -> None:
    """Of the last days: it is read to see whose it is."""
    shop = settling(shops, DRAFTS, department_code='department_code = "10"')
    for number in range(1, N + 1):
        shop.close_day(number, {25: 100 * number})
    shop.send()
    shop.close_day(N + 1)

    asked = _asked(shop)

    assert asked.total() == 1 + A_SETTLING_RUN + N, asked


def test_a_night_takes_one_for_all_that_was_posted_and_one_more_while_a_second_voucher_may_show(
    shops: OpenShop,
) -> None:
    """For three days."""
    shop = settling(shops)
    for number in range(1, N + 1):
        shop.close_day(number, {25: 100 * number})
    shop.send()

    assert [_night(shop), _night(shop)] == [2, 2]
    shop.later(timedelta(days=3))
    assert [_night(shop), _night(shop)] == [1, 1]


def test_a_night_takes_two_for_each_draft_that_nobody_has_posted(shops: OpenShop) -> None:
    """And once the chart of accounts, by which they are read."""
    shop = settling(shops, DRAFTS)
    for number in range(1, N + 1):
        shop.close_day(number, {25: 100 * number})
    shop.send()

    assert [_night(shop), _night(shop)] == [2 * N + 1, 2 * N + 1]
    for draft in shop.go.drafts():
        shop.go.post_draft(draft["Id"])
    assert [_night(shop), _night(shop)] == [2 * N + 1, 1]


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
