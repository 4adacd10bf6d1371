"""What `settlement preview` tells of a Z: its journal, its VAT, its invoices, and what is held back and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from posplugin.accounting_system import Stage
from posplugin.cli.output import code_of, coloured, out, record_json, table
from posplugin.cli.settlement_tables import journal_json, journal_table
from posplugin.domain.documents import VatReportedBy
from posplugin.domain.money import kroner_text
from posplugin.domain.reasons import Reason
from posplugin.office import standing
from posplugin.outbox.lifecycle import OPEN, Status
from posplugin.outbox.record import Record
from posplugin.settings.model import Settings
from posplugin.settling.preview import InvoicedSale, Preview
from posplugin.texts import SettlementText, Texts


def held_back(preview: Preview) -> dict[Reason, str]:
    """Return why a Z is not posted and needs a person, with the details: as its last try said, and as it is now."""
    found, record, trouble = {}, preview.record, preview.trouble
    if record and record.needs_a_person and record.reason and not _agrees_by_now(preview):
        found[record.reason] = record.detail or ""
    if trouble and (record is None or record.status in OPEN):
        found[trouble.reason] = trouble.words
    return found


def needs_a_person(preview: Preview) -> bool:
    """Whether somebody must act before a Z that is on its way can be posted, or must look at what was."""
    return preview.record is not None and bool(held_back(preview))


def _agrees_by_now(preview: Preview) -> bool:
    """Whether it waits for a mismatch to be mended that is none any more: the next run sees it."""
    was = preview.record is not None and preview.record.reason is Reason.SETTLEMENT_MISMATCH
    return was and (preview.trouble is None or preview.trouble.reason is not Reason.SETTLEMENT_MISMATCH)


# -- for people ----------------------------------------------------------------------------------------------------


def print_preview(preview: Preview, settings: Settings, texts: Texts) -> None:
    """Write all about one Z, in 80 columns."""
    _head(preview, settings, texts)
    _reasons(preview, texts)
    _mismatch(preview, texts)
    _journal(preview, texts)
    _vat(preview, texts)
    _invoices(preview, settings, texts)


def _head(preview: Preview, settings: Settings, texts: Texts) -> None:
    z, words, record = preview.z, texts.settlement, preview.record
    out.print(coloured("bold", words.title.format(z=z.name)))
    out.print(f"{texts.paper.till}: {z.terminal_id} · {words.department}: {preview.department}")
    days = f"{words.business_date}: {z.business_date:%d.%m.%Y}"
    if preview.journal.posting_date != z.business_date:
        days += f" · {words.posting_date}: {preview.journal.posting_date:%d.%m.%Y}"
    out.print(days)
    out.print(f"{words.closed_at}: {_closed(preview, settings.terminal.timezone)}")
    is_on = preview.department in settings.departments and settings.settles(preview.department)
    if record is None:
        day = z.business_date
        out.print(coloured("yellow", words.kept))
        out.print(f"   posplugin send --kind settlement --from {day} --to {day}")
    elif not (record.status is Status.DISCARDED and preview.has_nothing_to_post):
        out.print(coloured(_colour(preview), _standing(record, texts)))
        if record.detail and not record.needs_a_person and record.detail != preview.waits_for:
            out.print(record.detail)
    if not is_on and (record is None or record.status in OPEN):
        out.print(coloured("yellow", words.switched_off))
    if preview.waits_for and record and record.status in OPEN:
        out.print(words.waits.format(words=preview.waits_for))
    if _agrees_by_now(preview):
        out.print(words.agrees_now)


def _closed(preview: Preview, zone: ZoneInfo) -> str:
    return preview.z.closed_at.astimezone(zone).strftime("%d.%m.%Y %H:%M")


def _colour(preview: Preview) -> str:
    if needs_a_person(preview):
        return "red"
    return "green" if preview.record and preview.record.status is Status.DELIVERED else "yellow"


def _standing(record: Record, texts: Texts) -> str:
    told = standing(record, texts)
    if record.accounting_number is None or record.status not in (Status.DELIVERED, Status.REVERSED):
        return told  # what has a number otherwise was taken back, and goes out anew
    return f"{told}, {texts.settlement.voucher.format(number=record.accounting_number)}"


def _reasons(preview: Preview, texts: Texts) -> None:
    """Write what is held back, and for a Z on its way what to do; a mismatch is told by name below."""
    label = texts.status[Status.NEEDS_ATTENTION] if preview.is_posted else texts.settlement.held_back
    for reason, words in held_back(preview).items():
        why = texts.reason[reason]
        out.print("")
        out.print(coloured("red", f"{label} ({reason}):", f" {why.sentence}"))
        if words and not (reason is Reason.SETTLEMENT_MISMATCH and words == preview.reconciliation.words()):
            out.print(f"   {words}")
        if preview.record:
            out.print(f"   → {why.remedy.replace('<reference>', code_of(preview.record))}", soft_wrap=True)


def _mismatch(preview: Preview, texts: Texts) -> None:
    found, words = preview.reconciliation, texts.settlement
    if found.agrees:
        return
    out.print("")
    if Reason.SETTLEMENT_MISMATCH not in held_back(preview):
        out.print(words.accepted)
    if found.missing:
        out.print(coloured("bold", f"{words.not_here}:"))
        for ref in found.missing:
            out.print(f"   {ref}")
    if found.unlisted:
        out.print(coloured("bold", f"{words.in_no_z}:"))
        for invoice in found.unlisted:
            out.print(f"   {texts.receipt.receipt} {invoice.receipt} ({invoice.ref}) {kroner_text(invoice.total)}")
    if found.totals:
        took, came_to = map(kroner_text, found.totals)
        out.print(words.invoice_totals.format(took=took, came_to=came_to))


def _journal(preview: Preview, texts: Texts) -> None:
    words = texts.settlement
    out.print("")
    if preview.has_nothing_to_post:
        out.print(words.nothing_to_post)
    if not preview.journal.lines:
        return
    out.print(coloured("bold", _journal_head(preview, words)))
    journal_table(preview.journal, words)
    if preview.trouble and preview.trouble.reason is Reason.ACCOUNT_MISSING:
        out.print(words.not_whole)


def _journal_head(preview: Preview, words: SettlementText) -> str:
    record = preview.record
    if record is None or record.status is Status.DISCARDED:
        return words.would_post
    if record.status is Status.REVERSED:
        return words.taken_back
    if record.status is Status.DELIVERED:
        return words.left_as_draft if record.accounting_state is Stage.DRAFT else words.posted
    return words.would_post if held_back(preview) else words.to_post


def _vat(preview: Preview, texts: Texts) -> None:
    if not preview.vat:
        return
    words, paper = texts.settlement, texts.paper
    rows = [
        (f"{row.rate} %", row.code, *map(kroner_text, (row.gross, row.tills, row.books, row.difference)))
        for row in preview.vat
    ]
    head = [paper.rate, words.vat_code, paper.with_vat, words.tills_vat, words.books_vat, words.difference]
    out.print(coloured("bold", f"\n{words.vat}"))
    table(head, rows, right=head)
    if any(row.difference for row in preview.vat):
        out.print(words.vat_rounding)


def _invoices(preview: Preview, settings: Settings, texts: Texts) -> None:
    words = texts.settlement
    ours, let_go = _by_fate(preview)
    if ours:
        told = words.on_invoice.format(
            count=len(ours),
            amount=kroner_text(sum(sale.invoice.total for sale in ours)),
            delivered=sum(1 for sale in ours if sale.record.status is Status.DELIVERED),
        )
        out.print(coloured("bold", f"\n{words.invoiced}:", f" {told}"))
        reporters = {sale.invoice.vat_reported_by for sale in ours}
        if VatReportedBy.INVOICE in reporters:
            out.print(words.invoices_apart)
        if VatReportedBy.SETTLEMENT in reporters:
            out.print(words.invoices_within)
        open_ones = [s for s in ours if s.record.status is not Status.DELIVERED or s.record.needs_a_person]
        _sales(words.not_delivered, open_ones, texts, [_why(sale.record, texts) for sale in open_ones])
    for title, mine in _let_go(preview, let_go, settings, words):
        _sales(title, mine, texts, [sale.record.detail or "" for sale in mine])


def _let_go(
    preview: Preview, sales: Sequence[InvoicedSale], settings: Settings, words: SettlementText
) -> Iterator[tuple[str, list[InvoicedSale]]]:
    """Give what a person let go: what nobody posts, and what was on the voucher already, with its title."""
    on_clearing = [sale for sale in sales if _is_on_clearing(preview, sale)]
    yield words.discarded, [sale for sale in sales if sale not in on_clearing]
    if on_clearing:
        account = _clearing_account(preview, settings, words)
        yield words.discarded_on_clearing.format(account=account), on_clearing


def _is_on_clearing(preview: Preview, sale: InvoicedSale) -> bool:
    """Whether it stands on clearing now: what was posted put it there, and has not been taken back."""
    record = preview.record
    stands = record is not None and record.status is Status.DELIVERED and record.accounting_state is not Stage.GONE
    return stands and sale.on_clearing


def _clearing_account(preview: Preview, settings: Settings, words: SettlementText) -> int | str:
    """Return the account as it was posted; where nothing is left of it on the voucher, as the settings have it."""
    posted = (line.account for line in preview.journal.lines if words.line["clearing"] in line.names)
    ledger = settings.ledger_of(preview.department) if preview.department in settings.departments else None
    return next(posted, ledger and ledger.invoice_clearing) or "19xx"


def _by_fate(preview: Preview) -> tuple[list[InvoicedSale], list[InvoicedSale]]:
    """Return the invoices of a Z that are ours to deliver, and those that a person let go."""
    let_go = [sale for sale in preview.invoiced if sale.record.status is Status.DISCARDED]
    return [sale for sale in preview.invoiced if sale not in let_go], let_go


def _why(record: Record, texts: Texts) -> str:
    return standing(record, texts) + (f" ({record.reason}): {record.detail or ''}" if record.reason else "")


def _sales(title: str, sales: Sequence[InvoicedSale], texts: Texts, told: Sequence[str]) -> None:
    if sales:
        out.print(f"\n{title}:")
        rows = [
            (sale.invoice.receipt, code_of(sale.record), kroner_text(sale.invoice.total), words)
            for sale, words in zip(sales, told, strict=True)
        ]
        table([texts.receipt.receipt, "", texts.paper.amount, ""], rows, right=[texts.paper.amount])


# -- for programs --------------------------------------------------------------------------------------------------


def preview_json(preview: Preview) -> dict[str, Any]:
    """Return all about one Z as data: amounts in øre, times in UTC."""
    z, found = preview.z, preview.reconciliation
    ours, let_go = _by_fate(preview)
    return {
        "z": z.name,
        "number": z.number,
        "terminal": z.terminal_id,
        "department": preview.department,
        "business_date": z.business_date.isoformat(),
        "closed_at": z.closed_at.isoformat(),
        "record": record_json(preview.record) if preview.record else None,
        "is_posted": preview.is_posted,
        "nothing_to_post": preview.has_nothing_to_post,
        "needs_a_person": needs_a_person(preview),
        "held_back": [{"reason": reason, "words": words} for reason, words in held_back(preview).items()],
        "waits_for": preview.waits_for,
        "journal": journal_json(preview.journal),
        "vat": [
            {
                "rate": row.rate,
                "vat_code": row.code,
                "gross_ore": row.gross,
                "till_ore": row.tills,
                "poweroffice_ore": row.books,
                "difference_ore": row.difference,
            }
            for row in preview.vat
        ],
        "invoiced": [*_invoices_json(preview, ours)],
        "discarded": [*_invoices_json(preview, let_go)],
        "missing_here": [str(ref) for ref in found.missing],
        "in_no_z": [
            {"payment": str(invoice.ref), "receipt": invoice.receipt, "amount_ore": invoice.total}
            for invoice in found.unlisted
        ],
        "invoice_totals": {"z_ore": found.totals[0], "invoices_ore": found.totals[1]} if found.totals else None,
    }


def _invoices_json(preview: Preview, sales: Sequence[InvoicedSale]) -> Iterator[dict[str, Any]]:
    for sale in sales:
        record, invoice = sale.record, sale.invoice
        yield {
            "reference": record.reference,
            "payment": str(invoice.ref),
            "kind": record.kind,
            "receipt": invoice.receipt,
            "amount_ore": invoice.total,
            "vat_reported_by": invoice.vat_reported_by,
            "on_clearing": _is_on_clearing(preview, sale),
            "status": record.status,
            "reason": record.reason,
            "detail": record.detail,
        }
