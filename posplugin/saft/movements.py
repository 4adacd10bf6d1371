"""What a transaction that is no sale does to the money in the till: put in, taken out, counted, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from posplugin.domain.money import kroner_text
from posplugin.domain.sale import CASH, INVOICE
from posplugin.domain.zreport import CashMovement
from posplugin.saft import code_lists
from posplugin.saft.codes import Codes
from posplugin.saft.entries import Transaction
from posplugin.saft.errors import SaftError

#: Money put in (+) or taken out (−), whatever sign the file gives it.
SIGNS: Final[Mapping[str, int]] = {"11003": -1, "11004": -1, "11010": -1, "11011": 1}


@dataclass(frozen=True, slots=True)
class Moved:
    """Money put in or taken out, one movement for each way that it was paid; none when it was nothing."""

    movements: tuple[CashMovement, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What was counted in the drawer less what should have been there, øre."""

    amount: int


@dataclass(frozen=True, slots=True)
class NotPosted:
    """Nothing for the books: the float, a correction, a stock movement… `text` names it where a person may ask."""

    text: str | None


def moved(transaction: Transaction, codes: Codes) -> Moved | Difference | NotPosted:
    """Return what a transaction of a type in `code_lists.NO_SALES` does to the money.

    Raises `SaftError` when that cannot be told: payments that its type does not account for, or that do not add up.
    """
    code = codes.transaction(transaction.kind)
    if code == code_lists.FLOAT:
        return NotPosted(None)
    paid = _paid(transaction, codes)
    if code == code_lists.CASH_DIFFERENCE:
        if set(paid) - {CASH}:
            raise SaftError(f"it is a cash difference, but of {', '.join(sorted(set(paid) - {CASH}))}")
        _require_sum(transaction, paid)
        is_short = transaction.debit and transaction.amount > 0
        return Difference(-transaction.amount if is_short else transaction.amount)
    if code not in SIGNS:
        if paid:
            raise SaftError(
                f"it is {code_lists.NO_SALES[code]} ({code}) of {kroner_text(transaction.amount)} with payments, and "
                "nothing tells what they are; book it by hand, or map its type to another code in [saft]"
            )
        return NotPosted(f"{transaction} is {code_lists.NO_SALES[code]} ({code}): not posted")
    _require_sum(transaction, paid)
    parts = paid or {CASH: transaction.amount}
    sign = SIGNS[code] if sum(parts.values()) > 0 else -SIGNS[code]
    return Moved(
        tuple(
            CashMovement(kind=transaction.kind or code, amount=sign * amount, channel=channel, saft_code=code)
            for channel, amount in parts.items()
            if amount
        )
    )


def _paid(transaction: Transaction, codes: Codes) -> dict[str, int]:
    """Return øre by channel, signs as they stand."""
    paid: Counter[str] = Counter()
    for payment in transaction.payments:
        if payment.currency not in (None, "NOK"):
            raise SaftError(f"the payment {payment.kind} is in {payment.currency}; only NOK can be read")
        if payment.amount:
            channel = codes.channel(payment.kind)
            if channel == INVOICE:
                raise SaftError(f"it is no sale, but paid by {payment.kind}, which is Faktura")
            paid[channel] += payment.amount
    return dict(paid)


def _require_sum(transaction: Transaction, paid: Mapping[str, int]) -> None:
    total = sum(paid.values())
    if paid and abs(total) not in (abs(transaction.amount), abs(transaction.amount + transaction.rounding)):
        raise SaftError(
            f"its payments add up to {kroner_text(total)}, but its total is {kroner_text(transaction.amount)}; "
            "correct it in the till and export again"
        )
