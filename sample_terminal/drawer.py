"""The cash drawer beside the sales: its float, money put in and taken out, and what was missing when it was counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from posplugin.domain.sale import CASH, Sale
from posplugin.domain.zreport import CashMovement
from posplugin.saft.code_lists import FLOAT
from posplugin.saft.codes import Codes
from posplugin.saft.entries import Transaction
from posplugin.saft.movements import Difference, Moved, moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """What happened to a drawer in a day, øre."""

    opening_float: int = 0
    #: One by one, in the order of the day.
    movements: tuple[CashMovement, ...] = ()
    #: What was counted less what should have been there; None when nobody counted.
    difference: int | None = None

    def after(self, transaction: Transaction, codes: Codes) -> Drawer:
        """Return the drawer after a transaction that is no sale; one that moves no money changes nothing.

        Raises `SaftError` when it cannot be told what it does to the money.
        """
        if codes.transaction(transaction.kind) == FLOAT:
            return replace(self, opening_float=self.opening_float + transaction.amount)
        match moved(transaction, codes):
            case Moved(movements):
                return replace(self, movements=(*self.movements, *movements))
            case Difference(amount):
                return replace(self, difference=(self.difference or 0) + amount)
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
