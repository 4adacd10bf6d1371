"""Net, VAT and total of an order's lines, under each answer to U7 and U8."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

_ORE = Decimal("0.01")
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Amounts:
    """Net and VAT in kroner."""

    net: Decimal
    vat: Decimal

    @property
    def total(self) -> Decimal:
        """Net and VAT together."""
        return self.net + self.vat


@dataclass(frozen=True)
class Priced:
    """What a line's amounts follow from: allowance in per cent, rate as a fraction."""

    quantity: Decimal
    unit_price: Decimal
    allowance: Decimal
    rate: Decimal

    @property
    def product(self) -> Decimal:
        """Quantity times unit price less the allowance, unrounded."""
        return self.quantity * self.unit_price * (_HUNDRED - self.allowance) / _HUNDRED


def amounts(lines: Sequence[Priced], *, with_vat: bool, answer: str) -> tuple[list[Amounts], Amounts]:
    """Return each line's amounts and the order's, as the `answer` to U8 says.

    `with_vat` tells that unit prices include VAT (U7 b): then the total of a line is what its price
    gives, and its net follows; otherwise the other way about.
    """
    # Half up is away from zero, so that a credit note mirrors its invoice.
    rounding = ROUND_HALF_EVEN if answer == "d" else ROUND_HALF_UP

    def ore(value: Decimal) -> Decimal:
        return value.quantize(_ORE, rounding)

    def split(value: Decimal, rate: Decimal, *, exact: bool = False) -> Amounts:
        vat = value * rate / (1 + rate) if with_vat else value * rate
        vat = vat if exact else ore(vat)
        return Amounts(value - vat, vat) if with_vat else Amounts(value, vat)

    if answer == "c":
        parts = [split(line.product, line.rate, exact=True) for line in lines]
        net, total = ore(_net(parts)), ore(_net(parts) + _vat(parts))
        return parts, Amounts(net, total - net)

    parts = [split(ore(line.product), line.rate) for line in lines]
    if answer == "b":
        return parts, Amounts(_net(parts), _vat(parts))
    by_rate: defaultdict[Decimal, Decimal] = defaultdict(Decimal)
    for line in lines:
        by_rate[line.rate] += ore(line.product)
    sums = [split(value, rate) for rate, value in by_rate.items()]
    return parts, Amounts(_net(sums), _vat(sums))


def _net(parts: Sequence[Amounts]) -> Decimal:
    return sum((part.net for part in parts), Decimal("0.00"))


def _vat(parts: Sequence[Amounts]) -> Decimal:
    return sum((part.vat for part in parts), Decimal("0.00"))
