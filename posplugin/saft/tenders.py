"""Payments of a transaction to tenders of a sale: which are Faktura, whose the tip is, and that all agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from posplugin.domain.money import kroner_text
from posplugin.domain.sale import CASH, INVOICE, Tender
from posplugin.saft import code_lists
from posplugin.saft.codes import CARD, Codes
from posplugin.saft.entries import Transaction
from posplugin.saft.errors import SaftError


@dataclass(frozen=True, slots=True)
class Sums:
    """What payments must add up to: the total and the rounding, signs settled, and the tip that was given."""

    code: str
    total: int
    rounding: int
    tip: int
    #: Payments written positive are money going back.
    negated: bool


def tenders(transaction: Transaction, sums: Sums, codes: Codes) -> tuple[Tender, ...]:
    """Return how the sale was paid; raise `SaftError` when that cannot be told, or does not add up."""
    parts = _paid(transaction, sums, codes)
    if sums.rounding and all(part.channel != CASH for part in parts):
        raise SaftError(f"it is rounded by {kroner_text(sums.rounding)} without cash; only cash is rounded")
    parts += _on_credit(parts, sums)
    paid, due = sum(part.amount for part in parts), sums.total + sums.rounding
    if paid not in (due, due + sums.tip):
        raise SaftError(
            f"its payments add up to {kroner_text(paid)}, but total {kroner_text(sums.total)}, rounding "
            f"{kroner_text(sums.rounding)} and tip {kroner_text(sums.tip)} make {kroner_text(due)} or "
            f"{kroner_text(due + sums.tip)}; correct it in the till and export again"
        )
    if sums.tip:
        parts = _with_tip(parts, sums.tip, is_paid_within=paid != due)
    return tuple(parts)


def payment_ids(transaction: Transaction, parts: Sequence[Tender]) -> tuple[str | None, ...]:
    """Return the local payment id of each of a transaction's tenders, None for one that no payment stands for."""
    paid = [payment.kind for payment in transaction.payments if payment.amount]
    return (*paid, *(None for _ in parts[len(paid) :]))


def _paid(transaction: Transaction, sums: Sums, codes: Codes) -> list[Tender]:
    parts: list[Tender] = []
    for payment in transaction.payments:
        if payment.currency not in (None, "NOK"):
            raise SaftError(f"the payment {payment.kind} is in {payment.currency}; only NOK can be read")
        channel = codes.channel(payment.kind)
        if (
            channel == INVOICE
            and sums.code == code_lists.CASH_SALE
            and payment.kind not in codes.rules.invoice_payments
        ):
            raise SaftError(
                f"it is a cash sale paid by {payment.kind} (12006), which may be a prepaid card or a room charge; "
                f"if it is Faktura, add {payment.kind} to invoice_payments in [saft], else map it to another code"
            )
        if payment.amount:
            parts.append(Tender(tender_id=str(len(parts) + 1), channel=channel, amount=payment.amount))
    if sums.negated and sum(part.amount for part in parts) > 0:
        parts = [replace(part, amount=-part.amount) for part in parts]
    return parts


def _on_credit(parts: list[Tender], sums: Sums) -> list[Tender]:
    """Return what is on account without a payment saying so: by the transaction's type."""
    if any(part.channel == INVOICE for part in parts):
        return []
    if sums.code == code_lists.CREDIT_SALE and parts:
        raise SaftError("it is a credit sale, but all of it was paid otherwise; correct its type or its payments")
    if sums.code not in (code_lists.CREDIT_SALE, code_lists.CASH_AND_CREDIT_SALE, code_lists.CREDIT_SALE_AND_RETURN):
        return []
    rest = sums.total + sums.rounding - sum(part.amount for part in parts)
    if sums.tip and parts:
        raise SaftError(
            f"nothing tells whether the tip {kroner_text(sums.tip)} is within its payments, so not what is on account "
            "either; the file needs the payment 12006"
        )
    if sums.code == code_lists.CASH_AND_CREDIT_SALE and rest * sums.total < 0:
        raise SaftError(
            f"its payments exceed its total {kroner_text(sums.total)} by {kroner_text(abs(rest))}, "
            "which leaves nothing on account"
        )
    return [Tender(tender_id=str(len(parts) + 1), channel=INVOICE, amount=rest)] if rest else []


def _with_tip(parts: list[Tender], tip: int, *, is_paid_within: bool) -> list[Tender]:
    """Give the tip to the last card, else to the last payment but Faktura, and to Faktura only when it is alone."""
    able = [place for place, part in enumerate(parts) if part.amount >= tip or not is_paid_within]
    cards = [place for place in able if parts[place].channel == CARD]
    others = [place for place in able if parts[place].channel != INVOICE]
    alone = [place for place in able if len(parts) == 1]
    chosen = cards or others or alone
    if not chosen:
        raise SaftError(f"no payment of it can hold the tip {kroner_text(tip)}")
    taken = parts[chosen[-1]]
    parts[chosen[-1]] = replace(taken, amount=taken.amount - (tip if is_paid_within else 0), tip=tip)
    return parts
