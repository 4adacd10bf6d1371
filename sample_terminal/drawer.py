"""The cash drawer beside the sales: its float, money put in and taken out, and what was missing when it was counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from posplugin.domain.sale import CASH, Sale
from posplugin.domain.zreport import CashMovement
from posplugin.saft.entries import Transaction

FLOAT: Final = "11007"
DIFFERENCE: Final = "11008"
TAKEN_OUT: Final = "11010"
PUT_IN: Final = "11011"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """What happened to a drawer in a day, øre."""

    opening_float: int = 0
    #: One by one, in the order of the day.
    movements: tuple[CashMovement, ...] = ()
    #: What was counted less what should have been there; None when nobody counted.
    difference: int | None = None

    def after(self, code: str, transaction: Transaction) -> Drawer:
        """Return the drawer after a transaction of a SAF-T code; one that moves no money changes nothing.

        Money is taken out by 11010 and put in by 11011 whatever their sign; a shortage is negative, or marked D.
        """
        amount = abs(transaction.amount)
        signed = -amount if transaction.debit else transaction.amount
        if code == FLOAT:
            return replace(self, opening_float=self.opening_float + signed)
        if code == DIFFERENCE:
            return replace(self, difference=(self.difference or 0) + signed)
        if code in (TAKEN_OUT, PUT_IN):
            moved = CashMovement(
                kind=transaction.kind or code, amount=amount if code == PUT_IN else -amount, saft_code=code
            )
            return replace(self, movements=(*self.movements, moved))
        return self

    def counted(self, sales: Iterable[Sale]) -> int | None:
        """Return what was counted after these sales, øre without the float; None when nobody counted."""
        if self.difference is None:
            return None
        taken = sum(tender.amount + tender.tip for sale in sales for tender in sale.tenders if tender.channel == CASH)
        return taken + sum(movement.amount for movement in self.movements) + self.difference


def summed(movements: Iterable[CashMovement]) -> tuple[CashMovement, ...]:
    """Return one movement per kind and channel, as a Z has them."""
    sums: dict[tuple[str, str, str | None], int] = {}
    for movement in movements:
        key = (movement.kind, movement.channel, movement.saft_code)
        sums[key] = sums.get(key, 0) + movement.amount
    return tuple(
        CashMovement(kind=kind, amount=amount, channel=channel, saft_code=code)
        for (kind, channel, code), amount in sums.items()
    )
