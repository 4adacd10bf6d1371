"""A split tender: how much of each line was paid at the till, and how much is to be invoiced."""

from __future__ import annotations

from posplugin.domain.money import allocate
from posplugin.domain.sale import INVOICE, LineKind, Sale


def invoiced_amount(sale: Sale) -> int:
    """Return what is to be invoiced of a sale, øre, tips aside."""
    return sum(tender.amount for tender in sale.tenders if tender.channel == INVOICE)


def paid_per_line(sale: Sale) -> tuple[int, ...]:
    """Return the øre of each line that was paid at the till.

    What is to be invoiced is shared over kinds and rates by largest remainder, in the order they stand on the
    receipt, as the invoice shares it; what is left was paid here. So each krone's VAT is reported in one place.
    """
    kinds: dict[tuple[LineKind, int], list[int]] = {}
    for place, line in enumerate(sale.lines):
        kinds.setdefault((line.kind, line.vat_rate), []).append(place)
    amounts = [line.amount for line in sale.lines]
    weights = [sum(amounts[place] for place in places) for places in kinds.values()]
    paid = list(amounts)
    for places, share in zip(kinds.values(), allocate(invoiced_amount(sale), weights), strict=True):
        for place, part in zip(places, _within(share, [amounts[place] for place in places]), strict=True):
            paid[place] -= part
    return tuple(paid)


def _within(share: int, amounts: list[int]) -> tuple[int, ...]:
    """Share over the lines of one rate; a rate that adds up to nothing has nothing to share."""
    return allocate(share, amounts) if sum(amounts) else tuple(0 for _ in amounts)
