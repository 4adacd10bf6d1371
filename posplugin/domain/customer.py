"""The debtor, known by its number in PowerOffice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class InvoiceDelivery(StrEnum):
    """How a customer gets its invoices (PowerOffice's InvoiceDeliveryType)."""

    EMAIL = "PdfByEmail"
    PRINT = "Print"
    EHF = "EHF"
    AVTALEGIRO = "AvtaleGiro"
    EXTERNAL = "External"
    EFAKTURA = "Efaktura"
    FACTORING = "Factoring"
    #: PowerOffice told us nothing, or something newer than this version.
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What the till must know of a customer to pick it and to enforce it; nothing more is kept."""

    number: int
    name: str
    organization_number: str | None = None
    is_person: bool = False
    delivery: InvoiceDelivery = InvoiceDelivery.UNKNOWN
    is_vat_free: bool = False
    is_archived: bool = False

    @property
    def gets_ehf(self) -> bool:
        """Whether invoices go out as EHF, which demands a buyer reference or an order number (Peppol)."""
        return self.delivery is InvoiceDelivery.EHF


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTerms:
    """What is agreed with a customer. PowerOffice has no place for it, so we keep it."""

    #: Øre; None: the default of the settings.
    credit_limit: int | None = None
    #: No limit, whatever the default is.
    unlimited: bool = False
    #: Go on the invoice when the cashier enters neither.
    your_reference: str | None = None
    order_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """A draft, or an invoice that is not paid, as the accounting system has it: øre, negative for a credit note."""

    customer_number: int
    amount: int
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAccount:
    """What is agreed with a customer, and what it owes, øre."""

    terms: CustomerTerms = CustomerTerms()
    #: What was open in the accounting system when that was last read; None before the first time.
    open_there: int | None = None
    #: Ours that was not there then.
    on_its_way: int = 0

    @property
    def open_amount(self) -> int:
        """All that it owes, as far as this terminal can know."""
        return (self.open_there or 0) + self.on_its_way
