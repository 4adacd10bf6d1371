"""The end of a register's day: its totals, numbered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from posplugin.domain.clock import require_aware
from posplugin.domain.errors import UsageError
from posplugin.domain.money import require_ore, require_vat_rate
from posplugin.domain.payment import PaymentRef
from posplugin.domain.sale import LineKind, require_id


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTotal:
    """Sales of one article group at one VAT rate, øre with VAT, returns taken off; `vat` as the till printed it."""

    article_group: str | None
    kind: LineKind
    vat_rate: int
    amount: int
    vat: int

    def __post_init__(self) -> None:
        require_vat_rate(f"group {self.article_group}", self.vat_rate)
        require_ore(f"the amount of group {self.article_group}", self.amount)
        require_ore(f"the VAT of group {self.article_group}", self.vat)


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTotal:
    """What one channel took, øre, tips with it; `counted` only where somebody counted (cash)."""

    channel: str
    expected: int
    counted: int | None = None

    def __post_init__(self) -> None:
        require_id("the channel", self.channel)
        require_ore(f"the total of {self.channel}", self.expected)
        if self.counted is not None:
            require_ore(f"what was counted of {self.channel}", self.counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashSales:
    """Everything paid at the till: Σ tenders = Σ groups + tips + rounding."""

    groups: tuple[GroupTotal, ...] = ()
    tenders: tuple[TenderTotal, ...] = ()
    tips: int = 0
    rounding: int = 0

    def __post_init__(self) -> None:
        require_ore("the day's tips", self.tips)
        require_ore("the day's rounding", self.rounding)
        paid = sum(tender.expected for tender in self.tenders)
        due = sum(group.amount for group in self.groups) + self.tips + self.rounding
        if paid != due:
            raise UsageError(f"the day does not add up: tenders {paid} øre, groups, tips and rounding {due} øre")


@dataclass(frozen=True, slots=True, kw_only=True)
class ZReport:
    """One Z of one register. `cash` holds the cash sales; `invoiced` the invoice payments that it knows of."""

    terminal_id: str
    number: int
    business_date: date
    closed_at: datetime
    cash: CashSales
    invoiced: tuple[PaymentRef, ...] = ()
    #: True from a host whose totals hold the invoiced sales too.
    includes_invoiced: bool = False

    def __post_init__(self) -> None:
        require_id("the terminal id", self.terminal_id)
        require_aware(f"the time of Z {self.number}", self.closed_at)
        if self.number < 1:
            raise UsageError(f"Z number {self.number}: Z reports are numbered from 1")
