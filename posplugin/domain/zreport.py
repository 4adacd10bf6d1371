"""The end of a register's day: its totals, numbered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from posplugin.domain.clock import require_aware
from posplugin.domain.errors import UsageError
from posplugin.domain.money import kroner_text, require_ore, require_vat_rate
from posplugin.domain.payment import PaymentRef
from posplugin.domain.sale import CASH, INVOICE, LineKind, require_id


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTotal:
    """Sales of one article group at one VAT rate, øre with VAT, returns taken off; `vat` as the till printed it."""

    #: The host's own id of the group.
    article_group: str | None
    kind: LineKind
    vat_rate: int
    amount: int
    vat: int
    #: The tax authority's code of the group, such as 04006; the ledger finds it where it does not know the id.
    saft_code: str | None = None

    def __post_init__(self) -> None:
        require_vat_rate(f"group {self.article_group}", self.vat_rate)
        require_ore(f"the amount of group {self.article_group}", self.amount)
        require_ore(f"the VAT of group {self.article_group}", self.vat)


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTotal:
    """What one channel took for sales, øre, tips with it; `counted` only where somebody counted (cash).

    What was counted is without the float, and with what was put in and taken out since (`CashMovement`).
    """

    channel: str
    expected: int
    counted: int | None = None
    #: The tax authority's code of the payment, such as 12002.
    saft_code: str | None = None

    def __post_init__(self) -> None:
        require_id("the channel", self.channel)
        require_ore(f"the total of {self.channel}", self.expected)
        if self.counted is not None:
            require_ore(f"what was counted of {self.channel}", self.counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashMovement:
    """Money put into the till (+) or taken out of it (−) that was no sale, øre, summed per kind."""

    #: The host's own name for it, such as "bank deposit", or a SAF-T code such as 11010.
    kind: str
    amount: int
    channel: str = CASH
    saft_code: str | None = None

    def __post_init__(self) -> None:
        require_id("the kind of a cash movement", self.kind)
        require_id("the channel of a cash movement", self.channel)
        require_ore(f"the amount of {self.kind}", self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class CashSales:
    """Everything paid at the till. In a day that adds up, Σ tenders = Σ groups + tips + rounding.

    A day that does not is kept all the same: it is the accountant's to see, and never posted (`unbalanced`).
    """

    groups: tuple[GroupTotal, ...] = ()
    tenders: tuple[TenderTotal, ...] = ()
    tips: int = 0
    #: Øre that cash was rounded up (+) or down (−) by.
    rounding: int = 0

    def __post_init__(self) -> None:
        require_ore("the day's tips", self.tips)
        require_ore("the day's rounding", self.rounding)

    @property
    def sold(self) -> int:
        """What the groups come to, øre with VAT."""
        return sum(group.amount for group in self.groups)

    @property
    def difference(self) -> int:
        """By how much the tenders exceed groups, tips and rounding, øre; 0 in a day that adds up."""
        return sum(tender.expected for tender in self.tenders) - self.sold - self.tips - self.rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class ZReport:
    """One Z of one register. `cash` holds the cash sales; `invoiced` the invoice payments that it knows of."""

    terminal_id: str
    #: As the register numbers its Z reports; text only where that is no number.
    number: int | str
    business_date: date
    #: In UTC, whatever zone it is told in: 02:30 comes twice in autumn, and a Z has to follow another.
    closed_at: datetime
    cash: CashSales
    #: None from a host that cannot tell them: what was invoiced since the Z before is then taken to be meant.
    invoiced: tuple[PaymentRef, ...] | None = ()
    #: True from a host whose totals hold the invoiced sales too, and the channel "invoice" among the tenders.
    includes_invoiced: bool = False
    movements: tuple[CashMovement, ...] = ()

    def __post_init__(self) -> None:
        require_id("the terminal id", self.terminal_id)
        closed_at = require_aware(f"the time of Z {self.number}", self.closed_at).astimezone(UTC)
        object.__setattr__(self, "closed_at", closed_at)
        if isinstance(self.number, str):
            text = require_id("the Z number", self.number, longest=35).strip()
            object.__setattr__(self, "number", int(text) if text.isascii() and text.isdecimal() else text)
        if isinstance(self.number, int) and self.number < 1:
            raise UsageError(f"Z number {self.number}: Z reports are numbered from 1")

    @property
    def name(self) -> str:
        """What people call it: "Z 26324"."""
        return f"Z {self.number}"

    @property
    def paid_tenders(self) -> tuple[TenderTotal, ...]:
        """What was paid at the till."""
        return tuple(tender for tender in self.cash.tenders if tender.channel != INVOICE)

    @property
    def invoice_tenders(self) -> tuple[TenderTotal, ...]:
        """What is to be invoiced, from a host whose totals hold that too."""
        return tuple(tender for tender in self.cash.tenders if tender.channel == INVOICE)


def disagreement(one: ZReport, other: ZReport) -> str | None:
    """Say in which sums two tellings of one Z differ; None when they are the same day, whatever their details."""
    return "; ".join(_differing(one, other)) or None


def _differing(one: ZReport, other: ZReport) -> Iterator[str]:
    for name, told in (("tips", _tips), ("rounding", _rounding), ("money put in and taken out", _moved)):
        if told(one) != told(other):
            yield f"{name} {kroner_text(told(one))} and {kroner_text(told(other))}"
    same_names = _paid_by_channel(one).keys() == _paid_by_channel(other).keys()
    for name, sums in (("sales at {} %", _sold_by_rate), ("paid by {}", _paid_by_channel if same_names else _paid)):
        mine, theirs = sums(one), sums(other)
        for key in sorted({*mine, *theirs}, key=str):
            if mine[key] != theirs[key]:
                yield f"{name.format(key)} {kroner_text(mine[key])} and {kroner_text(theirs[key])}"


def _tips(z: ZReport) -> int:
    return z.cash.tips


def _rounding(z: ZReport) -> int:
    return z.cash.rounding


def _moved(z: ZReport) -> int:
    return sum(movement.amount for movement in z.movements)


def _sold_by_rate(z: ZReport) -> Counter[object]:
    sums: Counter[object] = Counter()
    for group in z.cash.groups:
        sums[group.vat_rate] += group.amount
    return sums


def _paid(z: ZReport) -> Counter[object]:
    return Counter({"all": sum(_paid_by_channel(z).values())})


def _paid_by_channel(z: ZReport) -> Counter[object]:
    sums: Counter[object] = Counter()
    for tender in z.cash.tenders:
        sums[tender.channel] += tender.expected
    return sums
