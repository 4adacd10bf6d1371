"""VAT by code, as the till printed it beside what PowerOffice reports, and what rounding may make them differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from posplugin.domain.money import kroner_text
from tests.acceptance.cash_journal import SALES


@dataclass(frozen=True)
class Row:
    """The VAT of one code, øre."""

    code: str
    printed: int
    reported: int
    #: How many amounts were rounded, on either side.
    rounded: int

    @property
    def difference(self) -> int:
        return self.reported - self.printed

    @property
    def at_most(self) -> float:
        """Half an øre for each amount that was rounded."""
        return self.rounded / 2

    @property
    def too_much(self) -> bool:
        return abs(self.difference) > self.at_most


def compared(
    printed: Mapping[int, int],
    reported: Mapping[str, Decimal],
    printed_roundings: Mapping[int, int],
    reported_roundings: Mapping[str, int],
) -> list[Row]:
    """Return a row for each code. The till's side goes by rate and is øre, PowerOffice's by code and kroner."""
    till = Counter({code_of(rate): amount for rate, amount in printed.items()})
    rounded = Counter(reported_roundings)
    rounded.update({code_of(rate): count for rate, count in printed_roundings.items()})
    codes = sorted({*till, *reported})
    return [Row(code, till[code], int(reported.get(code, Decimal(0)) * 100), rounded[code]) for code in codes]


def show(title: str, rows: list[Row]) -> None:
    """Print the table."""
    print(f"\n{title}\n{'code':>6} {'till':>12} {'PowerOffice':>12} {'difference':>10} {'at most':>8}")
    for row in rows:
        told = (kroner_text(row.printed), kroner_text(row.reported), kroner_text(row.difference))
        print(f"{row.code:>6} {told[0]:>12} {told[1]:>12} {told[2]:>10} {row.at_most / 100:>8.3f}")


def code_of(rate: int) -> str:
    """Return the VAT code of what is sold at a rate."""
    return SALES[rate][1]
