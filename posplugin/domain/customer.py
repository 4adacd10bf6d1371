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
