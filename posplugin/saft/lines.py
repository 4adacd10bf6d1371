"""Lines of a transaction to lines of a sale: signs, discounts on the whole, rates, and the VAT that was printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from posplugin.domain.money import allocate, kroner_text, vat_in
from posplugin.domain.sale import SaleLine
from posplugin.saft.codes import Codes
from posplugin.saft.entries import Line, Transaction
from posplugin.saft.errors import SaftError


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of the sale, and its VAT in øre as the till printed it."""

    line: SaleLine
    vat: int


def sold_lines(transaction: Transaction, total: int, codes: Codes, *, may_return: bool) -> tuple[SoldLine, ...]:
    """Return what was sold, adding up to `total`; raise `SaftError` with the sums when it does not.

    Where goods may come back, a positive amount marked D is negated. Lines are taken as they stand, after discount,
    when they add up; else the discounts of the whole transaction are shared over its rates by largest remainder.
    """
    lines = transaction.lines
    if not lines and total:
        raise SaftError(f"its total is {kroner_text(total)}, but it has no lines")
    rates = [codes.rate(line.vat) for line in lines]
    before = [-line.amount if may_return and line.debit and line.amount > 0 else line.amount for line in lines]
    after = _after_discount(before, rates, transaction, total)
    printed = [_printed_vat(line, amount) for line, amount in zip(lines, before, strict=True)]
    if after != before:
        printed = [vat_in(amount, rate) for amount, rate in zip(after, rates, strict=True)]
    return tuple(
        SoldLine(_sale_line(line, amount, rate, codes), vat)
        for line, amount, rate, vat in zip(lines, after, rates, printed, strict=True)
    )


def _after_discount(before: list[int], rates: Sequence[int], transaction: Transaction, total: int) -> list[int]:
    if sum(before) == total:
        return before
    discount = sum(abs(extra.amount) for extra in transaction.discounts) * (-1 if total < 0 else 1)
    if not discount or sum(before) - discount != total:
        given = f" and its discounts {kroner_text(discount)}" if discount else ""
        raise SaftError(
            f"its lines add up to {kroner_text(sum(before))}{given}, but its total is {kroner_text(total)}; "
            "correct it in the till and export again"
        )
    after = list(before)
    kinds = list(dict.fromkeys(rates))
    weights = [sum(amount for amount, rate in zip(before, rates, strict=True) if rate == kind) for kind in kinds]
    for kind, share in zip(kinds, allocate(discount, weights), strict=True):
        places = [place for place, rate in enumerate(rates) if rate == kind]
        for place, part in zip(places, allocate(share, [before[place] for place in places]), strict=True):
            after[place] -= part
    return after


def _printed_vat(line: Line, amount: int) -> int:
    vat = 0 if line.vat is None else abs(line.vat.amount)
    return -vat if amount < 0 else vat


def _sale_line(line: Line, amount: int, rate: int, codes: Codes) -> SaleLine:
    quantity = Decimal(1) if line.quantity is None else line.quantity
    article = codes.tables.articles.get(line.article_id or "")
    description = article or line.text or line.article_id or line.line_type
    return SaleLine(
        # A line of a receipt is one line, though the schema lets texts break.
        description=" ".join(description.split()),
        amount=amount,
        vat_rate=rate,
        kind=codes.line_kind(line),
        quantity=-abs(quantity) if amount < 0 else quantity,
        article_group=line.article_group,
        article_id=line.article_id,
    )
