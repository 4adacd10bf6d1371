"""What a guest gets for goods that are invoiced later: the plugin's part of the delivery receipt."""

from __future__ import annotations

from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.money import kroner_text
from posplugin.domain.payment import PaymentField, Receipt
from posplugin.texts import Texts


def receipt_for(invoice: Invoice, texts: Texts) -> Receipt:
    """Return title and rows: whom, how much, VAT per rate, fee, tip, references."""
    words = texts.receipt
    is_credit = invoice.kind is RecordKind.CREDIT_NOTE
    rows = [
        (words.customer, f"{invoice.customer_number} {invoice.customer_name}"),
        (words.receipt, invoice.receipt),
        (words.to_credit if is_credit else words.to_invoice, kroner_text(invoice.total)),
        *((words.vat.format(rate=rate), kroner_text(vat)) for rate, (_, vat) in invoice.taxed.items()),
    ]
    for label, amount in (
        (words.fee, invoice.fee),
        (words.fee_vat, invoice.fee_vat),
        (words.tip, invoice.tip),
        (words.paid_otherwise, invoice.paid_otherwise),
    ):
        if amount:
            rows.append((label, kroner_text(amount)))
    for field in PaymentField:
        if entered := getattr(invoice, field):
            rows.append((texts.field[field], entered))
    return Receipt(
        title=words.credit_title if is_credit else words.title, rows=(*rows, (words.not_a_sales_receipt, ""))
    )
