"""A split sale: how much of each line its invoices carry, and how much was paid at the till."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from posplugin.domain.money import allocate
from posplugin.domain.sale import INVOICE, Sale


def invoiced_amount(sale: Sale) -> int:
    """Return what is to be invoiced of a sale, øre, tips aside."""
    return sum(tender.amount for tender in sale.tenders if tender.channel == INVOICE)


def paid_per_line(sale: Sale) -> tuple[int, ...]:
    """Return the øre of each line that was paid at the till; what its invoices carry is taken off, one by one.

    The shares are those of the invoices, so that each krone's VAT is reported in one place. Raises `UsageError` when
    something is to be invoiced of lines that add up to nothing.
    """
    paid = [line.amount for line in sale.lines]
    kinds = [(line.kind, line.vat_rate) for line in sale.lines]
    for tender in sale.tenders:
        if tender.channel == INVOICE:
            shares = shared(tender.amount, paid, kinds)
            paid = [amount - share for amount, share in zip(paid, shares, strict=True)]
    return tuple(paid)


def shared(total: int, amounts: Sequence[int], kinds: Sequence[Hashable]) -> list[int]:
    """Share `total` øre over `amounts`: first over their kinds, then within each, by largest remainder.

    Kinds are such as (kind of line, VAT rate), one for each amount. The shares add up to `total` exactly. Raises
    `UsageError` when the amounts add up to nothing but the total does not.
    """
    names = list(dict.fromkeys(kinds))
    sums = [sum(amount for amount, kind in zip(amounts, kinds, strict=True) if kind == name) for name in names]
    shares = [0] * len(amounts)
    for name, of_kind in zip(names, allocate(total, sums), strict=True):
        places = [place for place, kind in enumerate(kinds) if kind == name]
        for place, share in zip(places, allocate(of_kind, [amounts[place] for place in places]), strict=True):
            shares[place] = share
    return shares
