"""A sale as the till knows it: lines, tenders, and that they add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from posplugin.domain.clock import require_aware
from posplugin.domain.errors import UsageError
from posplugin.domain.money import require_nok, require_ore, require_vat_rate

#: The channel id of cash, the only tender that may be rounded to whole kroner.
CASH = "cash"
#: The channel id of our own tender, labelled Faktura.
INVOICE = "invoice"


def require_id(name: str, value: object, longest: int = 64) -> str:
    """Return an identifier that can be stored, printed and searched; raise `UsageError` otherwise."""
    if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
        raise UsageError(f"{name} is {value!r}; give 1 to {longest} printable characters")
    return value


def require_quantity(name: str, value: object) -> Decimal:
    """Return a finite `Decimal`; raise `UsageError` for floats and all else."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise UsageError(f"{name} is {value!r}; give a Decimal")
    return value


class LineKind(StrEnum):
    """What a sale line is to the books."""

    #: Food, drink and whatever else is sold.
    GOODS = "goods"
    #: A gift card sold: a debt to its holder, no revenue and no VAT yet.
    GIFT_CARD = "gift_card"
    #: A charge for service that the house decides, with VAT as the goods it serves.
    SERVICE_CHARGE = "service_charge"
    #: A bottle or glass deposit.
    DEPOSIT = "deposit"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleLine:
    """One line of a receipt. `amount` is øre with VAT, after discounts, negative when goods come back."""

    description: str
    amount: int
    vat_rate: int
    kind: LineKind = LineKind.GOODS
    quantity: Decimal = Decimal(1)
    #: The host's own group, or a SAF-T code such as 04006.
    article_group: str | None = None
    article_id: str | None = None

    def __post_init__(self) -> None:
        require_ore(f"the amount of {self.description!r}", self.amount)
        require_vat_rate(f"the line {self.description!r}", self.vat_rate)
        require_quantity(f"the quantity of {self.description!r}", self.quantity)
        if self.kind is LineKind.GIFT_CARD and self.vat_rate:
            raise UsageError(f"the gift card {self.description!r} has {self.vat_rate} % VAT; it has none until used")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """A payment on a sale, øre. `tip` was given on this tender and is not part of `amount`."""

    tender_id: str
    channel: str
    amount: int
    tip: int = 0
    currency: str = "NOK"

    def __post_init__(self) -> None:
        require_id("the tender id", self.tender_id)
        require_id("the channel", self.channel)
        require_ore(f"the amount of tender {self.tender_id}", self.amount)
        require_ore(f"the tip of tender {self.tender_id}", self.tip)
        require_nok(f"tender {self.tender_id}", self.currency)
        if self.tip < 0:
            raise UsageError(f"the tip of tender {self.tender_id} is {self.tip} øre; a tip is never negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalSale:
    """The sale whose goods come back; it may be another terminal's."""

    terminal_id: str
    sale_id: str
    receipt: str | None = None
    sold_on: date | None = None

    def __post_init__(self) -> None:
        require_id("the original's terminal id", self.terminal_id)
        require_id("the original's sale id", self.sale_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A whole receipt: what was sold, and how it is paid. Σ tenders = Σ lines + cash rounding; tips come on top.

    Raises `UsageError` when the sums differ, when anything but cash is rounded, or when `at` is naive.
    """

    sale_id: str
    terminal_id: str
    at: datetime
    lines: tuple[SaleLine, ...]
    tenders: tuple[Tender, ...]
    #: The number the guest's paper carries; the sale id when the host has no other.
    receipt: str = ""
    #: Another department than the terminal's own.
    department: str | None = None
    #: Øre that cash was rounded up (+) or down (−) by.
    cash_rounding: int = 0
    currency: str = "NOK"
    #: Set on a return: where the goods were sold.
    original: OriginalSale | None = None
    employee_number: int | None = None
    #: Practice at the till: never final, never an invoice.
    training: bool = False

    def __post_init__(self) -> None:
        require_id("the sale id", self.sale_id)
        require_id("the terminal id", self.terminal_id)
        require_aware(f"the time of sale {self.sale_id}", self.at)
        require_ore(f"the cash rounding of sale {self.sale_id}", self.cash_rounding)
        require_nok(f"sale {self.sale_id}", self.currency)
        if not self.receipt:
            object.__setattr__(self, "receipt", self.sale_id)
        require_id("the receipt number", self.receipt)
        self._check_sums()

    def _check_sums(self) -> None:
        names = [tender.tender_id for tender in self.tenders]
        if len(set(names)) != len(names):
            raise UsageError(f"sale {self.sale_id} has two tenders of the same id: {names}")
        if self.cash_rounding and not any(tender.channel == CASH for tender in self.tenders):
            raise UsageError(
                f"sale {self.sale_id} is rounded by {self.cash_rounding} øre without cash; only cash is rounded"
            )
        if abs(self.cash_rounding) >= 100:
            raise UsageError(f"sale {self.sale_id} is rounded by {self.cash_rounding} øre; the most is 99")
        paid = sum(tender.amount for tender in self.tenders)
        due = self.total + self.cash_rounding
        if paid != due:
            raise UsageError(
                f"sale {self.sale_id} does not add up: tenders {paid} øre, lines {self.total} øre and "
                f"rounding {self.cash_rounding} øre make {due}"
            )

    @property
    def total(self) -> int:
        """What the lines add up to, øre with VAT, before rounding and tips."""
        return sum(line.amount for line in self.lines)

    @property
    def is_return(self) -> bool:
        """Whether goods come back that were sold on another receipt."""
        return self.original is not None

    def tender(self, tender_id: str) -> Tender:
        """Return one tender; raise `UsageError` when the sale has no such tender."""
        for tender in self.tenders:
            if tender.tender_id == tender_id:
                return tender
        raise UsageError(f"sale {self.sale_id} has no tender {tender_id!r}")
