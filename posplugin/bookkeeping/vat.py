"""Prices without VAT, chosen so that the accounting system's VAT is the till's, to the øre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

#: How far from (gross − VAT) a net price is looked for, øre. At 12 % one øre of VAT is eight øre of price.
_REACH = 8
_HALF = Fraction(1, 2)
#: The key under which the strays of all rates are added up.
_ALL = -1


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount with VAT and the VAT the till printed for it, øre."""

    amount: int
    vat_rate: int
    vat: int


def net_prices(lines: Sequence[Taxed]) -> tuple[tuple[int, ...], int]:
    """Return a net price for each line, øre, and the øre left over for a rounding line without VAT.

    Nobody knows how PowerOffice rounds: VAT per line, per rate or on the total, half up or half even. So each net is
    the nearest to (gross − VAT) whose own exact VAT strays less than half an øre from the till's, alone and added up
    with the lines before it, of the same rate and of all rates; then every way of rounding gives the till's VAT. With
    two-decimal nets a fifth of all amounts at 25 % cannot be hit by one line: the rounding line takes the øre.
    """
    strays: defaultdict[int, Fraction] = defaultdict(Fraction)
    nets = []
    for line in lines:
        net = _net(line, strays)
        strays[line.vat_rate] += _stray(line, net)
        strays[_ALL] += _stray(line, net)
        nets.append(net)
    return tuple(nets), sum(line.amount - line.vat for line in lines) - sum(nets)


def _stray(line: Taxed, net: int) -> Fraction:
    return Fraction(net * line.vat_rate, 100) - line.vat


def _net(line: Taxed, strays: Mapping[int, Fraction]) -> int:
    exact = line.amount - line.vat

    def farthest(net: int) -> Fraction:
        stray = _stray(line, net)
        return max(abs(stray), abs(strays.get(line.vat_rate, 0) + stray), abs(strays.get(_ALL, 0) + stray))

    nearest_first = sorted(range(exact - _REACH, exact + _REACH + 1), key=lambda net: abs(net - exact))
    close = [net for net in nearest_first if farthest(net) < _HALF]
    return close[0] if close else min(nearest_first, key=farthest)
