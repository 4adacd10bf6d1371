"""A return of an invoiced sale: never more than was invoiced, of any kind and VAT rate that comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from posplugin.domain.documents import Invoice
from posplugin.domain.sale import LineKind


def left_of(documents: Iterable[Invoice]) -> Counter[tuple[LineKind, int]]:
    """Return what invoices and credit notes of one sale come to, per kind and VAT rate, øre."""
    left: Counter[tuple[LineKind, int]] = Counter()
    for document in documents:
        for line in document.lines:
            left[line.kind, line.vat_rate] += line.amount
    return left


def exceeded(invoiced: Iterable[Invoice], returned: Iterable[Invoice], credit: Invoice) -> tuple[LineKind, int] | None:
    """Return the first kind and VAT rate of `credit` of which more would have come back than was invoiced, or None.

    `invoiced` are the invoices of the sale, `returned` its other credit notes.
    """
    left = left_of([*invoiced, *returned])
    for line in credit.lines:
        here = left[line.kind, line.vat_rate]
        if line.amount * here >= 0 or abs(line.amount) > abs(here):
            return line.kind, line.vat_rate
    return None
