"""What becomes of a sale paid with Faktura."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from posplugin.domain.documents import VatReportedBy
from posplugin.settings.values import Kroner, Section, Text


class InvoicingSettings(Section):
    """Whether, since when and how invoices are made."""

    enabled: bool = True
    #: May lie in the past; frozen once something has been delivered.
    enabled_since: date | None = None
    vat_reported_by: Annotated[VatReportedBy, Field(strict=False)] = VatReportedBy.INVOICE
    lines: Literal["per_vat_rate", "per_item"] = "per_vat_rate"
    #: What PowerOffice expects in prices. When the settlement reports VAT, only a fee has any.
    send_amount_excluding_vat: bool = True
    delivery: Literal["draft", "confirmed", "send"] = "draft"
    invoice_fee: bool = False
    #: Øre with VAT; None is the fee product's own price in PowerOffice.
    invoice_fee_amount: Kroner | None = None
    tips_on_invoice: bool = False
    #: Who must give "Deres referanse" or an order number. Peppol demands it of EHF.
    require_reference: Literal["ehf", "companies", "never"] = "ehf"
    #: What happens when a customer would owe more than its limit.
    credit_limit: Literal["warn", "block", "off"] = "warn"
    #: Øre; of a customer that has none of its own. None: no limit.
    default_credit_limit: Kroner | None = None
    attach_receipt: bool = False
    include_employee_number: bool = False
    #: Only with lines per item.
    create_missing_products: bool = False
    #: An article's product has the code prefix, article id, "-" and VAT rate.
    product_prefix: Text = "P-"
    #: When the settlement reports VAT: EHF customers too, with VAT in text lines.
    allow_vat_in_text: bool = False
