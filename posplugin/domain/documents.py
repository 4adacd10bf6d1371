"""The documents we deliver, as facts: what happened at the till. Accounts and ids are looked up at each try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from posplugin.domain.errors import UsageError
from posplugin.domain.money import vat_in
from posplugin.domain.payment import PaymentRef
from posplugin.domain.sale import LineKind, OriginalSale

#: What every reference of ours begins with in an accounting system.
REFERENCE_PREFIX = "pp-"
#: The customer of a document from which people have been taken out, once the law allowed it.
NOBODY = 0
#: The VAT rate of an invoice fee: a service of the restaurant's own, whoever reports the VAT of the sale.
FEE_VAT_RATE = 25


class RecordKind(StrEnum):
    """What kind of document a record holds."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    SETTLEMENT = "settlement"


class VatReportedBy(StrEnum):
    """Which document carries the VAT to the authorities; the other must not."""

    INVOICE = "invoice"
    SETTLEMENT = "settlement"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """The invoiced share of everything of one kind at one VAT rate: øre with VAT, and the VAT the till printed."""

    kind: LineKind
    vat_rate: int
    amount: int
    vat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceItem:
    """One line of the receipt: its whole amount, and the part of it that this invoice carries, øre with VAT."""

    description: str
    quantity: Decimal
    kind: LineKind
    vat_rate: int
    amount: int
    invoiced: int
    article_id: str | None = None
    article_group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice draft to be, or a credit note when `original` is set (all amounts negative then).

    `total` is what PowerOffice's total must be, to the øre: Σ lines + tip + fee.
    """

    ref: PaymentRef
    department: str
    business_date: date
    delivered_at: datetime
    receipt: str
    customer_number: int
    customer_name: str
    vat_reported_by: VatReportedBy
    lines: tuple[InvoiceLine, ...]
    items: tuple[InvoiceItem, ...]
    tip: int = 0
    fee: int = 0
    #: How much of the same sale was paid in other ways, øre.
    paid_otherwise: int = 0
    note: str | None = None
    your_reference: str | None = None
    order_number: str | None = None
    purpose: str | None = None
    participants: str | None = None
    employee_number: int | None = None
    original: OriginalSale | None = None

    def __post_init__(self) -> None:
        if sum(item.invoiced for item in self.items) != sum(line.amount for line in self.lines):
            raise UsageError(f"invoice for {self.ref}: its items and its lines do not add up to the same")

    @property
    def kind(self) -> RecordKind:
        """Invoice or credit note."""
        return RecordKind.INVOICE if self.original is None else RecordKind.CREDIT_NOTE

    @property
    def taxed(self) -> dict[int, tuple[int, int]]:
        """What was sold at each VAT rate above 0, highest first: øre with VAT, and the VAT."""
        rates = sorted({line.vat_rate for line in self.lines} - {0}, reverse=True)
        mine = {rate: [line for line in self.lines if line.vat_rate == rate] for rate in rates}
        return {rate: (sum(x.amount for x in lines), sum(x.vat for x in lines)) for rate, lines in mine.items()}

    @property
    def total(self) -> int:
        """What the customer is to owe, øre with VAT, negative for a credit note."""
        return sum(line.amount for line in self.lines) + self.tip + self.fee

    @property
    def fee_vat(self) -> int:
        """The VAT in the fee, øre."""
        return vat_in(self.fee, FEE_VAT_RATE)
