"""The delivery receipt as a PDF, to be attached to the invoice: what was sold, and how much of it is on the invoice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from posplugin.domain.documents import FEE_VAT_RATE, Invoice, InvoiceItem, RecordKind
from posplugin.domain.money import kroner_text, quantity_text
from posplugin.domain.payment import PaymentField
from posplugin.papers.page import facts, heading, new_paper, section, sums, table
from posplugin.texts import Texts

if TYPE_CHECKING:
    from fpdf import FPDF


def receipt_pdf(invoice: Invoice, texts: Texts, zone: ZoneInfo) -> bytes:
    """Return the receipt, always the same bytes for the same invoice. Letters that the fonts lack get the nearest.

    Raises `ImportError` with the remedy where fpdf2 is not installed.
    """
    pdf = new_paper(texts)
    words = texts.receipt
    is_credit = invoice.kind is RecordKind.CREDIT_NOTE
    pdf.set_creation_date(invoice.delivered_at)
    pdf.set_title(f"{words.receipt} {invoice.receipt}")
    heading(pdf, words.credit_title if is_credit else words.title, words.not_a_sales_receipt)
    facts(pdf, _about(invoice, texts, zone))
    _items(pdf, invoice, texts)
    sums(pdf, _reckoning(invoice, texts))
    _vat(pdf, invoice, texts)
    facts(pdf, [(texts.field[each], told) for each in PaymentField if (told := getattr(invoice, each))])
    return bytes(pdf.output())


def _about(invoice: Invoice, texts: Texts, zone: ZoneInfo) -> Iterable[tuple[str, str]]:
    words = texts.receipt
    yield words.receipt, invoice.receipt
    yield texts.paper.date, invoice.delivered_at.astimezone(zone).strftime("%d.%m.%Y %H:%M")
    yield texts.paper.till, invoice.ref.terminal_id
    yield words.customer, f"{invoice.customer_number} {invoice.customer_name}"
    if original := invoice.original:
        on = f", {original.sold_on:%d.%m.%Y}" if original.sold_on else ""
        yield texts.paper.original, (original.receipt or original.sale_id) + on


def _items(pdf: FPDF, invoice: Invoice, texts: Texts) -> None:
    """Write what was sold; where others pay a part, with the share that is on the invoice."""
    paper = texts.paper
    shared = any(item.invoiced != item.amount for item in invoice.items)
    head = [paper.item, paper.quantity, paper.vat, paper.amount, *([paper.share] if shared else [])]

    def row(item: InvoiceItem) -> list[str]:
        amounts = [item.amount, item.invoiced] if shared else [item.amount]
        return [item.description, quantity_text(item.quantity), f"{item.vat_rate} %", *map(kroner_text, amounts)]

    table(pdf, head, map(row, invoice.items), widths=(40, 9, 9, 15, 15))


def _reckoning(invoice: Invoice, texts: Texts) -> Iterable[tuple[str, int]]:
    """From what was sold to what is invoiced; the last row is that."""
    if invoice.paid_otherwise or invoice.tip or invoice.fee:
        yield texts.paper.goods, sum(item.amount for item in invoice.items)
    for label, amount in (
        (texts.receipt.paid_otherwise, -invoice.paid_otherwise),
        (texts.invoice.tip, invoice.tip),
        (texts.invoice.fee, invoice.fee),
    ):
        if amount:
            yield label, amount
    is_credit = invoice.kind is RecordKind.CREDIT_NOTE
    yield texts.receipt.to_credit if is_credit else texts.receipt.to_invoice, invoice.total


def _vat(pdf: FPDF, invoice: Invoice, texts: Texts) -> None:
    taxed = [(f"{rate} %", amount, vat) for rate, (amount, vat) in invoice.taxed.items()]
    if invoice.fee:
        taxed.append((f"{FEE_VAT_RATE} %, {texts.invoice.fee}", invoice.fee, invoice.fee_vat))
    if not taxed:
        return
    paper = texts.paper
    rows = [[what, kroner_text(amount - vat), kroner_text(vat), kroner_text(amount)] for what, amount, vat in taxed]
    section(pdf, paper.vat_table, 2 * len(rows) + 1)
    table(pdf, [paper.rate, paper.basis, paper.vat, paper.with_vat], rows, widths=(1, 1, 1, 1))
