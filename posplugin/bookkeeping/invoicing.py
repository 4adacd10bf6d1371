"""Sale → Invoice: the part of a sale that goes on the invoice, shared over what was sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date

from posplugin.domain.customer import Customer
from posplugin.domain.documents import Invoice, InvoiceItem, InvoiceLine, VatReportedBy
from posplugin.domain.errors import UsageError
from posplugin.domain.money import vat_in
from posplugin.domain.payment import PaymentField, PaymentRequest
from posplugin.domain.sale import INVOICE, LineKind, Sale
from posplugin.domain.shares import shared


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceTerms:
    """What the settings and the day say of an invoice: fixed when the promise is given."""

    department: str
    business_date: date
    vat_reported_by: VatReportedBy
    #: What the guest pays for getting an invoice, øre with VAT; never put on credit notes.
    fee: int = 0


def invoice_for(request: PaymentRequest, customer: Customer, terms: InvoiceTerms) -> Invoice:
    """Return the facts of the invoice, or of the credit note when the tender is negative."""
    sale, tender = request.sale, request.tender
    is_credit = tender.amount < 0
    items = invoiced_items(sale, tender.tender_id)
    return Invoice(
        ref=request.ref,
        department=terms.department,
        business_date=terms.business_date,
        delivered_at=sale.at.astimezone(UTC),
        receipt=sale.receipt,
        customer_number=customer.number,
        customer_name=customer.name,
        vat_reported_by=terms.vat_reported_by,
        lines=lines_of(items),
        items=items,
        tip=tender.tip,
        fee=0 if is_credit else terms.fee,
        paid_otherwise=sale.total - tender.amount,
        note=request.text(PaymentField.NOTE),
        your_reference=request.text(PaymentField.YOUR_REFERENCE),
        order_number=request.text(PaymentField.ORDER_NUMBER),
        purpose=request.text(PaymentField.PURPOSE),
        participants=request.text(PaymentField.PARTICIPANTS),
        employee_number=sale.employee_number,
        original=sale.original if is_credit else None,
    )


def invoiced_items(sale: Sale, tender_id: str) -> tuple[InvoiceItem, ...]:
    """Return every line of the sale with the part of it that one invoice tender carries.

    A split is shared first over kinds and VAT rates, then within each over its lines, by largest remainder. Several
    invoice tenders share what the ones before them left, so that together they never exceed a line.
    """
    left = [line.amount for line in sale.lines]
    groups = [(line.kind, line.vat_rate) for line in sale.lines]
    for tender in sale.tenders:
        if tender.channel != INVOICE:
            continue
        shares = shared(tender.amount, left, groups)
        if tender.tender_id == tender_id:
            return tuple(
                InvoiceItem(
                    description=line.description,
                    quantity=line.quantity,
                    kind=line.kind,
                    vat_rate=line.vat_rate,
                    amount=line.amount,
                    invoiced=share,
                    article_id=line.article_id,
                    article_group=line.article_group,
                )
                for line, share in zip(sale.lines, shares, strict=True)
            )
        left = [amount - share for amount, share in zip(left, shares, strict=True)]
    raise UsageError(f"sale {sale.sale_id} has no invoice tender {tender_id!r}")


def lines_of(items: Sequence[InvoiceItem]) -> tuple[InvoiceLine, ...]:
    """Return one line per kind and VAT rate, highest rate first, with the VAT that the till prints for it."""
    sums: dict[tuple[LineKind, int], int] = {}
    for item in items:
        key = (item.kind, item.vat_rate)
        sums[key] = sums.get(key, 0) + item.invoiced
    ordered = sorted(sums, key=lambda key: (list(LineKind).index(key[0]), -key[1]))
    return tuple(
        InvoiceLine(kind=kind, vat_rate=rate, amount=sums[kind, rate], vat=vat_in(sums[kind, rate], rate))
        for kind, rate in ordered
        if sums[kind, rate]
    )
