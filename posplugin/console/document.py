"""A record's document as an accountant reads it: an invoice with its VAT, or a Z with its journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posplugin.app import App
from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.payment import PaymentField
from posplugin.domain.settlement import JournalLine
from posplugin.domain.zreport import GroupTotal, ZReport
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.record import Record
from posplugin.settling.preview import Preview, heading, previews
from posplugin.texts import SettlementText, Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRow:
    """What was sold of one kind at one rate, øre."""

    kind: str
    rate: int
    basis: int
    vat: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSheet:
    """An invoice or credit note."""

    invoice: Invoice
    rows: Sequence[VatRow]
    #: What the cashier entered, by its label.
    references: Sequence[tuple[str, str]]
    #: Whether others pay a part of it.
    is_split: bool
    #: The record of the invoice that a credit note is of, and those of the credit notes of an invoice.
    original: Record | None
    credits: Sequence[Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementSheet:
    """A Z, and what is or will be posted of it."""

    z: ZReport
    preview: Preview
    heading: str
    groups: Sequence[tuple[str, GroupTotal]]
    debit: int
    credit: int


def invoice_sheet(app: App, record: Record, t: Texts) -> InvoiceSheet | None:
    """Return the invoice of a record; None where it is damaged or no invoice."""
    if record.kind is RecordKind.SETTLEMENT:
        return None
    try:
        invoice = record.invoice()
    except ContentDamaged:
        return None
    kinds = t.console.record.kind
    named = [(field, getattr(invoice, field)) for field in PaymentField]
    original = invoice.original
    sold = app.outbox.of_sale(original.terminal_id, original.sale_id) if original else []
    return InvoiceSheet(
        invoice=invoice,
        rows=[
            VatRow(
                kind=kinds[line.kind],
                rate=line.vat_rate,
                basis=line.amount - line.vat,
                vat=line.vat,
                amount=line.amount,
            )
            for line in invoice.lines
        ],
        references=[(t.field[field], told) for field, told in named if told],
        is_split=any(item.invoiced != item.amount for item in invoice.items),
        original=sold[0] if sold else None,
        credits=[] if original else app.outbox.credits_of(record.terminal_id, record.sale_id),
    )


def settlement_sheet(app: App, record: Record, t: Texts) -> SettlementSheet | None:
    """Return the settlement of a record, without asking PowerOffice; None where it is damaged or no settlement."""
    if record.kind is not RecordKind.SETTLEMENT:
        return None
    try:
        z = record.settlement().z
    except ContentDamaged:
        return None
    preview = previews(app.outbox, app.settlement_desk().terms, [z], record.department)[0]
    lines, words = preview.lines, t.settlement
    return SettlementSheet(
        z=z,
        preview=preview,
        heading=heading(preview, words, app.settings.terminal.timezone),
        groups=[(group_name(group, words), group) for group in z.cash.groups],
        debit=side(lines, 1),
        credit=side(lines, -1),
    )


def group_name(group: GroupTotal, words: SettlementText) -> str:
    """Return what a group of a Z is called."""
    names = (words.kind.get(group.kind), group.article_group or group.saft_code)
    return ", ".join(name for name in names if name) or words.no_group


def side(lines: Sequence[JournalLine], sign: int) -> int:
    """Return what a journal's lines come to on one side, øre: debit for 1, credit for -1."""
    return sum(sign * line.amount for line in lines if sign * line.amount > 0)
