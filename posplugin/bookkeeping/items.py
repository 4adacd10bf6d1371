"""What each item of a receipt is on an invoice: its part of the VAT, how many of it, and their price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from posplugin.domain.documents import InvoiceItem
from posplugin.domain.money import vat_in
from posplugin.domain.sale import LineKind


def item_vat(items: Sequence[InvoiceItem]) -> tuple[int, ...]:
    """Return the VAT of each item's invoiced part, øre; for each kind and rate they add up to what the till printed.

    Each gets what the VAT of all up to and with it, rounded, has grown by.
    """
    so_far: defaultdict[tuple[LineKind, int], int] = defaultdict(int)
    shares = []
    for item in items:
        before = so_far[item.kind, item.vat_rate]
        so_far[item.kind, item.vat_rate] = after = before + item.invoiced
        shares.append(vat_in(after, item.vat_rate) - vat_in(before, item.vat_rate))
    return tuple(shares)


def is_share(item: InvoiceItem) -> bool:
    """Whether only a part of the item is on this invoice."""
    return item.invoiced != item.amount


def counted(item: InvoiceItem, price: int) -> tuple[int | Decimal, int]:
    """Return the quantity and unit price (øre) that `price` is written with; their product is `price` exactly.

    It is the receipt's quantity where the whole item is invoiced and the unit price is a whole number of øre, and
    otherwise one. What comes back has a negative quantity, never a negative price.
    """
    sign = -1 if price < 0 else 1
    quantity = Fraction(abs(item.quantity))
    # Nobody knows how many decimals PowerOffice keeps of a quantity; kroner have two.
    if price and quantity and not is_share(item) and (quantity * 100).denominator == 1:
        unit_price = abs(price) / quantity
        if unit_price.denominator == 1:
            return sign * (int(quantity) if quantity.denominator == 1 else abs(item.quantity)), int(unit_price)
    return sign, abs(price)
