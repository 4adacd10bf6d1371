"""What one register's transactions come to, added up one by one: the cash sales of a Z, and what its report may say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from posplugin.domain.money import vat_in
from posplugin.domain.payment import PaymentRef
from posplugin.domain.sale import CASH, INVOICE, LineKind, SaleLine
from posplugin.domain.shares import paid_per_line
from posplugin.domain.zreport import CashMovement, CashSales, GroupTotal, TenderTotal
from posplugin.saft import code_lists
from posplugin.saft.codes import Codes
from posplugin.saft.sales import Played


@dataclass(slots=True)
class RateSum:
    """Sales at one VAT rate: øre with VAT, VAT as printed, and of how many lines."""

    amount: int = 0
    vat: int = 0
    lines: int = 0


@dataclass(slots=True)
class SaleSums:
    """Sales by VAT rate, and what of them a report may leave out or put in."""

    rates: dict[int, RateSum] = field(default_factory=dict)
    gift_cards: int = 0
    tips: int = 0

    def add_line(self, line: SaleLine, amount: int, vat: int) -> None:
        """Add what was sold by a line, or a part of it."""
        rate = self.rates.setdefault(line.vat_rate, RateSum())
        rate.amount += amount
        rate.vat += vat
        rate.lines += 1
        if line.kind is LineKind.GIFT_CARD:
            self.gift_cards += amount

    @property
    def sold(self) -> int:
        """Everything sold, øre with VAT."""
        return sum(rate.amount for rate in self.rates.values())


@dataclass(slots=True)
class Totals:
    """The sums so far. Sales that cannot be shared raise `UsageError` from `add_sale` and change nothing."""

    codes: Codes
    #: What was paid at the till, and everything that was sold, on account too.
    paid: SaleSums = field(default_factory=SaleSums)
    whole: SaleSums = field(default_factory=SaleSums)
    #: Øre without tips, and tips, by local payment id; None is what is on account without a payment saying so.
    payments: Counter[str | None] = field(default_factory=Counter)
    payment_tips: Counter[str | None] = field(default_factory=Counter)
    #: What was paid at the till in each way, tips with it: (channel, SAF-T code) to øre.
    taken: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    rounding: int = 0
    receipts: int = 0
    on_account: int = 0
    on_account_amount: int = 0
    invoiced: list[PaymentRef] = field(default_factory=list)
    #: Counted less expected, øre; None when nobody counted.
    difference: int | None = None
    _groups: Counter[tuple[str | None, LineKind, int]] = field(default_factory=Counter)
    _vat: Counter[tuple[str | None, LineKind, int]] = field(default_factory=Counter)
    _moved: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)

    def add_sale(self, played: Played) -> None:
        """Add a sale. Of a part that was paid at the till the VAT is reckoned; else it is what the till printed."""
        sale = played.sale
        for line, paid, vat in zip(sale.lines, paid_per_line(sale), played.line_vat, strict=True):
            key = (line.article_group, line.kind, line.vat_rate)
            paid_vat = vat if paid == line.amount else vat_in(paid, line.vat_rate)
            self._groups[key] += paid
            self._vat[key] += paid_vat
            self.paid.add_line(line, paid, paid_vat)
            self.whole.add_line(line, line.amount, vat)
        self.receipts += 1
        self.rounding += sale.cash_rounding
        self._add_tenders(played)

    def _add_tenders(self, played: Played) -> None:
        on_account = False
        for tender, local in zip(played.sale.tenders, played.payment_ids, strict=True):
            self.payments[local] += tender.amount
            self.payment_tips[local] += tender.tip
            self.whole.tips += tender.tip
            if tender.channel == INVOICE:
                on_account = True
                self.on_account_amount += tender.amount
                self.invoiced.append(PaymentRef(played.sale.terminal_id, played.sale.sale_id, tender.tender_id))
                continue
            self.paid.tips += tender.tip
            code = self.codes.predefined(code_lists.PAYMENT, local)
            self.taken[tender.channel, code] += tender.amount + tender.tip
        self.on_account += on_account

    def add_movement(self, movement: CashMovement) -> None:
        """Add money put in or taken out."""
        self._moved[movement.kind, movement.channel, movement.saft_code] += movement.amount

    def add_difference(self, amount: int) -> None:
        """Add a cash difference: the drawer has been counted."""
        self.difference = (self.difference or 0) + amount

    @property
    def movements(self) -> tuple[CashMovement, ...]:
        """What was put in and taken out, summed per kind and channel."""
        return tuple(
            CashMovement(kind=kind, amount=amount, channel=channel, saft_code=code)
            for (kind, channel, code), amount in sorted(self._moved.items(), key=str)
        )

    def cash_sales(self) -> CashSales:
        """Return everything that was paid at the till, with what was counted of cash where it was counted."""
        taken = Counter(self.taken)
        if self.difference is not None:
            taken[CASH, code_lists.CASH_PAYMENT] += 0
        return CashSales(
            groups=tuple(self._group(key) for key in sorted(self._groups, key=str) if self._is_sold(key)),
            tenders=tuple(
                TenderTotal(channel=channel, expected=amount, counted=self._counted(channel, amount), saft_code=code)
                for (channel, code), amount in sorted(taken.items(), key=str)
            ),
            tips=self.paid.tips,
            rounding=self.rounding,
        )

    def _is_sold(self, key: tuple[str | None, LineKind, int]) -> bool:
        """Whether a group was sold at the till at all; its sales may all have been invoiced."""
        return bool(self._groups[key] or self._vat[key])

    def _group(self, key: tuple[str | None, LineKind, int]) -> GroupTotal:
        group, kind, rate = key
        return GroupTotal(
            article_group=group,
            kind=kind,
            vat_rate=rate,
            amount=self._groups[key],
            vat=self._vat[key],
            saft_code=self.codes.article_group(group),
        )

    def _counted(self, channel: str, expected: int) -> int | None:
        if channel != CASH or self.difference is None:
            return None
        moved = sum(amount for (_, moved_by, _), amount in self._moved.items() if moved_by == CASH)
        return expected + moved + self.difference
