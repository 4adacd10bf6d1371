"""A return of an invoiced sale: never more than was invoiced, at any VAT rate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from posplugin.domain.documents import Invoice
from posplugin.domain.sale import LineKind


def exceeded(original: Iterable[Invoice], returned: Iterable[Invoice]) -> tuple[LineKind, int] | None:
    """Return the first kind and VAT rate of which more came back than was invoiced, or None.

    `original` are the invoices of the sale, `returned` all its credit notes, the new one among them.
    """
    balance: Counter[tuple[LineKind, int]] = Counter()
    for document in [*original, *returned]:
        for line in document.lines:
            balance[line.kind, line.vat_rate] += line.amount
    return next((key for key, amount in balance.items() if amount < 0), None)
