"""Net, VAT and total of an order's lines, and what is posted for each, under each answer to U7 and U8."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

_ORE = Decimal("0.01")
_HUNDRED = Decimal(100)
_NOTHING = Decimal("0.00")


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
    parts, rates = _worked_out(lines, with_vat, answer)
    net, vat = _net(rates.values()), _vat(rates.values())
    if answer == "c":
        return parts, Amounts(ore(net), ore(net + vat) - ore(net))
    return parts, Amounts(net, vat)


def posted(lines: Sequence[Priced], order: Amounts, *, with_vat: bool, answer: str) -> list[Amounts]:
    """Return what is posted for each line: whole øre, whose sums are the order's net and VAT.

    Each rate gets what the `answer` to U8 works out for it, and each line its part of that. What is
    over goes to the line that rounding has cut most.
    """
    parts, rates = _worked_out(lines, with_vat, answer)
    shares = [Amounts(_NOTHING, _NOTHING)] * len(lines)
    nets = spread(order.net, [rate.net for rate in rates.values()])
    vats = spread(order.vat, [rate.vat for rate in rates.values()])
    for rate, net, vat in zip(rates, nets, vats, strict=True):
        at = [index for index, line in enumerate(lines) if line.rate == rate]
        of_net = spread(net, [parts[index].net for index in at])
        of_vat = spread(vat, [parts[index].vat for index in at])
        for index, *share in zip(at, of_net, of_vat, strict=True):
            shares[index] = Amounts(*share)
    return shares


def spread(whole: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """Return the parts in whole øre, so that they add up to `whole`; a part of nothing stays so if it can."""
    shares = [ore(part) for part in parts]
    rest = whole - sum(shares, _NOTHING)
    step = _ORE.copy_sign(rest)
    taking = [index for index, part in enumerate(parts) if part] or list(range(len(parts)))
    taking.sort(key=lambda index: (parts[index] - shares[index]) * step, reverse=True)
    each, over = divmod(int(rest / step), max(len(taking), 1))
    for place, index in enumerate(taking):
        shares[index] += step * (each + (place < over))
    return shares


def ore(value: Decimal, rounding: str = ROUND_HALF_UP) -> Decimal:
    """Return the amount in whole øre. Half up is away from zero, so that a credit note mirrors its invoice."""
    return value.quantize(_ORE, rounding)


def _worked_out(
    lines: Sequence[Priced], with_vat: bool, answer: str
) -> tuple[list[Amounts], Mapping[Decimal, Amounts]]:
    """Return the amounts of each line and of each rate; under c unrounded."""
    rounding = ROUND_HALF_EVEN if answer == "d" else ROUND_HALF_UP

    def rounded(value: Decimal) -> Decimal:
        return value if answer == "c" else ore(value, rounding)

    def split(value: Decimal, rate: Decimal) -> Amounts:
        vat = rounded(value * rate / (1 + rate) if with_vat else value * rate)
        return Amounts(value - vat, vat) if with_vat else Amounts(value, vat)

    parts = [split(rounded(line.product), line.rate) for line in lines]
    of_rate: defaultdict[Decimal, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        of_rate[line.rate].append(index)
    if answer in ("a", "d"):
        sums = {rate: sum((rounded(lines[index].product) for index in at), _NOTHING) for rate, at in of_rate.items()}
        return parts, {rate: split(value, rate) for rate, value in sums.items()}
    picked = {rate: [parts[index] for index in at] for rate, at in of_rate.items()}
    return parts, {rate: Amounts(_net(those), _vat(those)) for rate, those in picked.items()}


def _net(parts: Iterable[Amounts]) -> Decimal:
    return sum((part.net for part in parts), _NOTHING)


def _vat(parts: Iterable[Amounts]) -> Decimal:
    return sum((part.vat for part in parts), _NOTHING)
