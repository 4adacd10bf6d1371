"""The end of the day: a Z report of what was paid at the till, with the names of what is to be invoiced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from posplugin.domain.money import vat_in
from posplugin.domain.payment import PaymentRef
from posplugin.domain.sale import CASH, INVOICE, LineKind, Sale
from posplugin.domain.zreport import CashMovement, CashSales, GroupTotal, TenderTotal, ZReport
from sample_terminal.drawer import summed
from sample_terminal.menu import GROUPS, Group
from sample_terminal.shares import paid_per_line

#: Channel to the tax authority's payment code.
PAYMENT_CODES: Final = {"cash": "12001", "card": "12002", "bank": "12004", "gift_card": "12005", "mobile": "12011"}


def z_report(
    terminal_id: str,
    number: int | str,
    *,
    business_date: date,
    closed_at: datetime,
    sales: Iterable[Sale],
    counted_cash: int | None = None,
    movements: Iterable[CashMovement] = (),
    groups: Mapping[str, Group] = GROUPS,
) -> ZReport:
    """Return the Z report of these sales.

    `counted_cash` is what lay in the drawer, float aside, after `movements`; `groups` are the article groups that
    the sales speak of.
    """
    sales = tuple(sales)
    return ZReport(
        terminal_id=terminal_id,
        number=number,
        business_date=business_date,
        closed_at=closed_at,
        cash=cash_sales(sales, counted_cash, groups),
        invoiced=tuple(
            PaymentRef(sale.terminal_id, sale.sale_id, tender.tender_id)
            for sale in sales
            for tender in sale.tenders
            if tender.channel == INVOICE
        ),
        movements=summed(movements),
    )


def cash_sales(
    sales: Iterable[Sale], counted_cash: int | None = None, groups: Mapping[str, Group] = GROUPS
) -> CashSales:
    """Return the totals of what was paid at the till; VAT is a sum of rounded lines, as receipts print it."""
    amounts: Counter[tuple[str | None, LineKind, int]] = Counter()
    vat: Counter[tuple[str | None, LineKind, int]] = Counter()
    taken: Counter[str] = Counter()
    tips = rounding = 0
    for sale in sales:
        for line, paid in zip(sale.lines, paid_per_line(sale), strict=True):
            key = (line.article_group, line.kind, line.vat_rate)
            amounts[key] += paid
            vat[key] += vat_in(paid, line.vat_rate)
        for tender in sale.tenders:
            if tender.channel != INVOICE:
                taken[tender.channel] += tender.amount + tender.tip
                tips += tender.tip
        rounding += sale.cash_rounding
    # A group whose sales were all invoiced was not sold for cash; one that came back in full stays, at nothing.
    sold = [key for key in amounts if amounts[key] or vat[key]]
    if counted_cash is not None:
        taken[CASH] += 0  # what was counted is told, though nothing was sold for it
    return CashSales(
        groups=tuple(
            GroupTotal(
                article_group=group,
                kind=kind,
                vat_rate=rate,
                amount=amounts[key],
                vat=vat[key],
                saft_code=groups[group].code or None if group and group in groups else None,
            )
            for key in sorted(sold, key=lambda key: (key[0] or "", key[1], key[2]))
            for group, kind, rate in [key]
        ),
        tenders=tuple(
            TenderTotal(
                channel=channel,
                expected=amount,
                counted=counted_cash if channel == CASH else None,
                saft_code=PAYMENT_CODES.get(channel),
            )
            for channel, amount in sorted(taken.items())
        ),
        tips=tips,
        rounding=rounding,
    )
