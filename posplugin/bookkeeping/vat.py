"""Prices without VAT, chosen so that the accounting system's VAT is the till's, to the øre."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from posplugin.domain.money import half_up

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount with VAT and the VAT the till printed for it, øre."""

    amount: int
    vat_rate: int
    vat: int


def net_prices(lines: Sequence[Taxed]) -> tuple[tuple[int, ...], int]:
    """Return a net price for each line, øre, and the øre left over for a rounding line without VAT.

    Nobody knows how PowerOffice rounds: VAT per line, per rate or on the total, half up or half even. So the exact VAT
    of the nets strays less than half an øre from the till's on every line, over every rate and over all: then every
    way of rounding gives the till's VAT. With two-decimal nets a fifth of all amounts at 25 % cannot be hit by one
    line: the rounding line takes the øre, as few as can be had.
    """
    nets = [line.amount for line in lines]
    for rate, total in _totals(lines).items():
        mine = [i for i, line in enumerate(lines) if line.vat_rate == rate]
        for i, net in zip(mine, _shared(total, [lines[i] for i in mine]), strict=True):
            nets[i] = net
    return tuple(nets), sum(line.amount - line.vat for line in lines) - sum(nets)


def _reach(rate: int, vat: int) -> range:
    """Return the nets whose exact VAT strays less than half an øre from `vat`."""
    return range((100 * vat - 50) // rate + 1, -((-100 * vat - 50) // rate))


def _totals(lines: Sequence[Taxed]) -> Mapping[int, int]:
    """Return what the nets of each rate with VAT add up to."""
    rates = sorted({line.vat_rate for line in lines} - {0})
    vat = {rate: sum(line.vat for line in lines if line.vat_rate == rate) for rate in rates}
    exact = {rate: sum(line.amount - line.vat for line in lines if line.vat_rate == rate) for rate in rates}

    def stray(nets: Sequence[int]) -> Fraction:
        return sum((Fraction(net * rate, 100) - vat[rate] for rate, net in zip(rates, nets, strict=True)), Fraction(0))

    def left_over(nets: Sequence[int]) -> tuple[int, int, Fraction]:
        missed = [net - exact[rate] for rate, net in zip(rates, nets, strict=True)]
        return abs(sum(missed)), sum(map(abs, missed)), abs(stray(nets))

    choices = itertools.product(*(_reach(rate, vat[rate]) for rate in rates))
    best = min((nets for nets in choices if abs(stray(nets)) < _HALF), key=left_over)
    return dict(zip(rates, best, strict=True))


def _shared(total: int, lines: Sequence[Taxed]) -> list[int]:
    """Share a rate's total, each line as near its own exact net as its VAT lets it.

    The reaches of the lines together always hold the total: each is wider than the steps in which nets go.
    """
    exact = [Fraction(line.amount * 100, 100 + line.vat_rate) for line in lines]
    reach = [_reach(line.vat_rate, line.vat) for line in lines]
    nets = [min(max(half_up(net), near[0]), near[-1]) for net, near in zip(exact, reach, strict=True)]
    while off := total - sum(nets):
        step = 1 if off > 0 else -1
        free = [i for i, net in enumerate(nets) if net + step in reach[i]]
        for i in sorted(free, key=lambda i: step * (nets[i] - exact[i]))[: abs(off)]:
            nets[i] += step
    return nets
