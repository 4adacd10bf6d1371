"""What a customer owes, and whether it may be invoiced more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable

from posplugin.domain.customer import CustomerTerms, OpenItem


def limit_of(terms: CustomerTerms, default: int | None) -> int | None:
    """Return a customer's credit limit, øre; None when it has none."""
    if terms.unlimited:
        return None
    return default if terms.credit_limit is None else terms.credit_limit


def exceeds(limit: int | None, open_amount: int, amount: int) -> bool:
    """Whether `amount` more would take a customer above its limit. What comes back never does."""
    return limit is not None and amount > 0 and open_amount + amount > limit


def open_by_customer(items: Iterable[OpenItem], ours: Container[str]) -> dict[int, int]:
    """Return what each customer has open in the accounting system, without what we count ourselves.

    `ours` are references of documents that are counted here: they may be there already, and count once.
    """
    sums: Counter[int] = Counter()
    for item in items:
        if item.reference is None or item.reference not in ours:
            sums[item.customer_number] += item.amount
    return dict(sums)
