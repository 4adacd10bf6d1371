"""A customer owes no more than its limit; what comes back is always taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.bookkeeping.exposure import exceeds, limit_of, open_by_customer
from posplugin.domain.customer import CustomerTerms, OpenItem

LIMITS = {
    "nothing is said": (CustomerTerms(), None, None),
    "the default counts": (CustomerTerms(), 20_000_00, 20_000_00),
    "its own goes before the default": (CustomerTerms(credit_limit=500_00), 20_000_00, 500_00),
    "its own without a default": (CustomerTerms(credit_limit=500_00), None, 500_00),
    "no credit at all": (CustomerTerms(credit_limit=0), 20_000_00, 0),
    "no limit, whatever the default": (CustomerTerms(unlimited=True), 20_000_00, None),
}


@pytest.mark.parametrize(("terms", "default", "limit"), LIMITS.values(), ids=LIMITS)
def test_the_limit_of_a_customer(terms: CustomerTerms, default: int | None, limit: int | None) -> None:
    assert limit_of(terms, default) == limit


SALES = {
    "up to the limit": (1000, 900, 100, False),
    "an øre above": (1000, 900, 101, True),
    "above already": (1000, 1001, 1, True),
    "with credit to use": (1000, -500, 1500, False),
    "more than credit and limit": (1000, -500, 1501, True),
    "a return, though above": (1000, 5000, -1, False),
    "nothing": (0, 5000, 0, False),
    "no credit at all": (0, 0, 1, True),
    "no limit": (None, 10**9, 10**9, False),
}


@pytest.mark.parametrize(("limit", "open_amount", "amount", "too_much"), SALES.values(), ids=SALES)
def test_a_sale_is_measured_by_limit_and_open_amount(
    limit: int | None, open_amount: int, amount: int, too_much: bool
) -> None:
    assert exceeds(limit, open_amount, amount) is too_much


AMOUNTS = st.integers(-1_000_000_00, 1_000_000_00)


@given(st.integers(0, 1_000_000_00), st.lists(AMOUNTS, max_size=20))
def test_however_the_evening_goes_nobody_is_taken_above_the_limit(limit: int, sales: list[int]) -> None:
    """Each sale that fits is made, each return too: the sum never passes the limit."""
    owed = 0
    for amount in sales:
        if not exceeds(limit, owed, amount):
            owed += amount
        assert owed <= limit
        assert not exceeds(limit, owed, -abs(amount))


@given(st.none() | st.integers(0, 10**8), AMOUNTS, AMOUNTS, st.integers(0, 10**8))
def test_what_is_refused_stays_refused_when_more_is_open_or_bought(
    limit: int | None, owed: int, amount: int, more: int
) -> None:
    if exceeds(limit, owed, amount):
        assert exceeds(limit, owed + more, amount)
        assert exceeds(limit, owed, amount + more)


ITEMS = st.lists(
    st.builds(
        OpenItem,
        customer_number=st.integers(1, 3),
        amount=AMOUNTS,
        reference=st.none() | st.sampled_from(["pp-1", "pp-2", "theirs"]),
    )
)


@given(ITEMS, st.sets(st.sampled_from(["pp-1", "pp-2"])))
def test_each_open_document_counts_for_its_customer_once(items: list[OpenItem], ours: set[str]) -> None:
    """What we count ourselves is left out, all else is in, credit notes below zero."""
    found = open_by_customer(items, ours)
    kept = [item for item in items if item.reference not in ours]
    assert sum(found.values()) == sum(item.amount for item in kept)
    for number in found:
        assert found[number] == sum(item.amount for item in kept if item.customer_number == number)
