"""The figures of a register's day, for its Z on paper and for X and Z in its SAF-T file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from posplugin.domain.sale import INVOICE, Sale
from posplugin.domain.zreport import CashSales
from sample_terminal.drawer import Drawer
from sample_terminal.shares import invoiced_amount, paid_per_line


@dataclass(frozen=True, slots=True)
class Count:
    """How many, and øre in all."""

    number: int = 0
    amount: int = 0

    @classmethod
    def of(cls, amounts: Sequence[int]) -> Count:
        """Count amounts."""
        return cls(len(amounts), sum(amounts))

    def plus(self, amount: int) -> Count:
        """Return this with one more."""
        return Count(self.number + 1, self.amount + amount)


@dataclass(frozen=True, slots=True)
class GrandTotals:
    """Cash sales so far in a register's life, and returns of them, both positive, øre."""

    sales: int = 0
    returns: int = 0

    @property
    def net(self) -> int:
        """Sales less returns."""
        return self.sales - self.returns

    def after(self, sales: Iterable[Sale]) -> GrandTotals:
        """Return the totals after more sales; what is to be invoiced of them is no cash sale."""
        paid = [sale.total - invoiced_amount(sale) for sale in sales]
        return GrandTotals(
            self.sales + sum(amount for amount in paid if amount > 0),
            self.returns - sum(amount for amount in paid if amount < 0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLog:
    """What a day holds beside its sales."""

    drawer: Drawer = field(default_factory=Drawer)
    voids: Count = Count()
    training: Count = Count()
    #: Sales with a discount, and lines taken off before they were paid; None where the till is given prices alone.
    discounts: Count | None = None
    corrections: Count | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFigures:
    """The day's figures. `cash` is what was paid at the till; what is to be invoiced stands under credit sales."""

    cash: CashSales = field(default_factory=CashSales)
    #: Article group to how many were sold for cash, and channel to how often it was used.
    sold: Mapping[str, Decimal] = field(default_factory=dict)
    used: Mapping[str, int] = field(default_factory=dict)
    tips: Count = Count()
    receipts: int = 0
    returns: Count = Count()
    #: One for each payment to be invoiced; what is taken back counts as well, and lessens the amount.
    deliveries: Count = Count()
    credit_sales: Count = Count()
    credit_memos: Count = Count()
    grand: GrandTotals = GrandTotals()
    log: DayLog = field(default_factory=DayLog)


def day_figures(
    sales: Iterable[Sale], cash: CashSales, log: DayLog | None = None, before: GrandTotals | None = None
) -> ReportFigures:
    """Return the figures of a day's sales. `cash` is what they come to, and `before` what was sold until then."""
    sales = tuple(sales)
    paid = [sale.total - invoiced_amount(sale) for sale in sales]
    credit = [amount for sale in sales for amount in _invoiced(sale)]
    tips = [tender.tip for sale in sales for tender in sale.tenders if tender.channel != INVOICE and tender.tip]
    return ReportFigures(
        cash=cash,
        sold=_sold(sales),
        used=Counter(tender.channel for sale in sales for tender in sale.tenders),
        tips=Count.of(tips),
        receipts=sum(1 for amount in paid if amount > 0),
        returns=Count.of([-amount for amount in paid if amount < 0]),
        deliveries=Count.of(credit),
        credit_sales=Count.of([amount for amount in credit if amount > 0]),
        credit_memos=Count.of([-amount for amount in credit if amount < 0]),
        grand=(before or GrandTotals()).after(sales),
        log=log or DayLog(),
    )


def _invoiced(sale: Sale) -> list[int]:
    return [tender.amount for tender in sale.tenders if tender.channel == INVOICE]


def _sold(sales: Iterable[Sale]) -> Mapping[str, Decimal]:
    """Return how many of each article group were paid at the till, in part or whole."""
    sold: dict[str, Decimal] = {}
    for sale in sales:
        for line, paid in zip(sale.lines, paid_per_line(sale), strict=True):
            if paid:
                group = line.article_group or ""
                sold[group] = sold.get(group, Decimal(0)) + line.quantity
    return sold
