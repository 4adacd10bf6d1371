"""What `settlement preview` tells of a Z: its journal, its VAT, its invoices, and what is held back and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from posplugin.accounting_system import Stage
from posplugin.cli.output import coloured, prose, table, tell
from posplugin.cli.records import code_of, record_json
from posplugin.cli.settlement_tables import journal_json, journal_table, unplaced_json
from posplugin.cli.speech import language
from posplugin.cli.speech import words as spoken
from posplugin.domain.documents import VatReportedBy
from posplugin.domain.money import kroner_text
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.office import standing
from posplugin.outbox.lifecycle import OPEN, Status
from posplugin.outbox.record import Record
from posplugin.outbox.settlements import KeptAside
from posplugin.settings.model import Settings
from posplugin.settling.preview import ACCEPTED, InvoicedSale, Preview, heading
from posplugin.texts import SettlementText, Texts, details, history

# -- for people ----------------------------------------------------------------------------------------------------


def print_preview(preview: Preview, settings: Settings, texts: Texts) -> None:
    """Write all about one Z, in 80 columns."""
    _head(preview, settings, texts)
    _reasons(preview, texts)
    _mismatch(preview, settings, texts)
    _journal(preview, settings, texts)
    _vat(preview, texts)
    _invoices(preview, settings, texts)


def tell_aside(aside: KeptAside, settings: Settings, texts: Texts) -> None:
    """Write how many Z reports are not on their way, of which days, and how they are posted."""
    words, days = texts.settlement, f"{aside.first:%d.%m.%Y}"
    if aside.last != aside.first:
        days += f"–{aside.last:%d.%m.%Y}"
    told = words.aside if settings.settles(settings.terminal.department) else words.aside_off
    prose(coloured("yellow", told.format(count=aside.count, days=days)))
    tell(f"posplugin send --kind settlement --from {aside.first} --to {aside.last}", indent=3)


def _head(preview: Preview, settings: Settings, texts: Texts) -> None:
    z, words, record = preview.z, texts.settlement, preview.record
    prose(coloured("bold", words.title.format(z=z.name)))
    prose(f"{texts.paper.till}: {z.terminal_id} · {words.department}: {preview.department}")
    days = f"{words.business_date}: {z.business_date:%d.%m.%Y}"
    if preview.journal.posting_date != z.business_date:
        days += f" · {words.posting_date}: {preview.journal.posting_date:%d.%m.%Y}"
    prose(days)
    prose(f"{words.closed_at}: {_clock(z.closed_at, settings.terminal.timezone)}")
    is_on = preview.department in settings.departments and settings.settles(preview.department)
    if record is None:
        day = z.business_date
        prose(coloured("yellow", words.kept))
        tell(f"posplugin send --kind settlement --from {day} --to {day}", indent=3)
    elif not (record.status is Status.DISCARDED and preview.has_nothing_to_post):
        prose(coloured(_colour(preview), _standing(record, texts)))
        if record.detail and not record.needs_a_person and record.detail != preview.waits_for:
            prose(history.why(record.detail, language()))
    if record and record.status is Status.REVERSED:
        prose(spoken().settlement.after_all.format(z=z.name, code=code_of(record)))
    if not is_on and (record is None or record.status in OPEN):
        prose(coloured("yellow", words.switched_off))
    if preview.waits_for and record and record.status in OPEN:
        prose(words.waits.format(words=details.in_words(preview.waits_for, language())))
    if preview.agrees_by_now:
        prose(words.agrees_now)


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%d.%m.%Y %H:%M")


def _colour(preview: Preview) -> str:
    if preview.needs_a_person:
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
    for reason, words in preview.held_back.items():
        why = texts.reason[reason]
        prose()
        prose(coloured("red", f"{label} ({reason}):", f" {why.sentence}"))
        if words and not (reason is Reason.SETTLEMENT_MISMATCH and words == preview.reconciliation.words()):
            prose(details.in_words(words, language()), indent=3)
        if preview.record:
            prose(f"→ {why.remedy.replace('<reference>', code_of(preview.record))}", indent=3)


def _mismatch(preview: Preview, settings: Settings, texts: Texts) -> None:
    """Name each payment that the Z and we do not agree on, and who accepted that."""
    found, words, accepted = preview.reconciliation, texts.settlement, preview.accepted
    if found.agrees:
        return
    prose()
    if Reason.SETTLEMENT_MISMATCH not in preview.held_back:
        prose(words.accepted if accepted and not preview.is_posted else words.differ)
        if accepted:
            when, who = _clock(accepted.at, settings.terminal.timezone), history.who(accepted.who, language())
            why = (accepted.why or "").removeprefix(ACCEPTED)
            prose(words.accepted_by.format(who=who, when=when, why=why), indent=3)
    for title, refs in ((words.not_here, found.missing), (words.in_two, found.twice), (words.damaged, found.damaged)):
        if refs:
            prose(coloured("bold", f"{title}:"))
        for ref in refs:
            prose(_in_doubt(preview, ref, texts), indent=3)
    if found.unlisted:
        prose(coloured("bold", f"{words.in_no_z}:"))
        for invoice in found.unlisted:
            prose(f"{texts.receipt.receipt} {invoice.receipt} ({invoice.ref}) {kroner_text(invoice.total)}", indent=3)
    if found.totals:
        took, came_to = map(kroner_text, found.totals)
        prose(words.invoice_totals.format(took=took, came_to=came_to))


def _in_doubt(preview: Preview, ref: PaymentRef, texts: Texts) -> str:
    """Name a payment of the Z by what we know of it: receipt, amount, and where it stands."""
    record = preview.in_doubt.get(ref)
    if record is None:
        return texts.settlement.unknown.format(ref=ref)
    receipt, amount = f"{texts.receipt.receipt} {record.receipt} ({ref})", kroner_text(record.amount)
    return f"{receipt} {amount}: {standing(record, texts)}"


def _journal(preview: Preview, settings: Settings, texts: Texts) -> None:
    words = texts.settlement
    prose()
    if preview.has_nothing_to_post:
        prose(words.nothing_to_post)
    if not preview.lines:
        return
    prose(coloured("bold", heading(preview, words, settings.terminal.timezone)))
    journal_table(preview.lines, words)
    if preview.unplaced:
        prose(words.not_whole)


def _vat(preview: Preview, texts: Texts) -> None:
    if not preview.vat:
        return
    words, paper = texts.settlement, texts.paper
    rows = [
        (f"{row.rate} %", row.code or "–", *map(kroner_text, (row.gross, row.tills, row.books, row.difference)))
        for row in preview.vat
    ]
    head = [paper.rate, words.vat_code, paper.with_vat, words.tills_vat, words.books_vat, words.difference]
    prose(coloured("bold", f"\n{words.vat}"))
    table(head, rows, right=head)
    if any(row.difference for row in preview.vat):
        prose(words.vat_rounding)


def _invoices(preview: Preview, settings: Settings, texts: Texts) -> None:
    words = texts.settlement
    ours, let_go = preview.to_deliver, preview.let_go
    if ours:
        told = words.on_invoice.format(
            count=len(ours),
            amount=kroner_text(sum(sale.invoice.total for sale in ours)),
            delivered=sum(1 for sale in ours if sale.record.status is Status.DELIVERED),
        )
        prose(coloured("bold", f"\n{words.invoiced}:", f" {told}"))
        reporters = {sale.invoice.vat_reported_by for sale in ours}
        if VatReportedBy.INVOICE in reporters:
            prose(words.invoices_apart)
        if VatReportedBy.SETTLEMENT in reporters:
            prose(words.invoices_within)
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


def _why(record: Record, texts: Texts) -> str:
    detail = details.in_words(record.detail, language())
    return standing(record, texts) + (f" ({record.reason}): {detail}" if record.reason else "")


def _sales(title: str, sales: Sequence[InvoicedSale], texts: Texts, told: Sequence[str]) -> None:
    if sales:
        prose(f"\n{title}:")
        rows = [
            (sale.invoice.receipt, code_of(sale.record), kroner_text(sale.invoice.total), words)
            for sale, words in zip(sales, told, strict=True)
        ]
        table([texts.receipt.receipt, "", texts.paper.amount, ""], rows, right=[texts.paper.amount])


# -- for programs --------------------------------------------------------------------------------------------------


def preview_json(preview: Preview) -> dict[str, Any]:
    """Return all about one Z as data: amounts in øre, times in UTC."""
    z, found = preview.z, preview.reconciliation
    ours, let_go = preview.to_deliver, preview.let_go
    return {
        "z": z.name,
        "number": z.number,
        "terminal": z.terminal_id,
        "department": preview.department,
        "business_date": z.business_date,
        "closed_at": z.closed_at,
        "record": record_json(preview.record) if preview.record else None,
        "is_posted": preview.is_posted,
        "nothing_to_post": preview.has_nothing_to_post,
        "needs_a_person": preview.needs_a_person,
        "held_back": [{"reason": reason, "words": words or None} for reason, words in preview.held_back.items()],
        "waits_for": preview.waits_for,
        "journal": journal_json(preview.journal),
        "without_account": unplaced_json(preview.unplaced),
        "taken_back_at": preview.taken_back_at,
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
        "accepted": _accepted_json(preview),
        "missing_here": [str(ref) for ref in found.missing],
        "in_another_z": [str(ref) for ref in found.twice],
        "damaged_here": [str(ref) for ref in found.damaged],
        "in_no_z": [
            {"payment": str(invoice.ref), "receipt": invoice.receipt, "amount_ore": invoice.total}
            for invoice in found.unlisted
        ],
        "invoice_totals": {"z_ore": found.totals[0], "invoices_ore": found.totals[1]} if found.totals else None,
    }


def _accepted_json(preview: Preview) -> dict[str, Any] | None:
    told = preview.accepted
    return {"who": told.who, "at": told.at, "why": (told.why or "").removeprefix(ACCEPTED)} if told else None


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
