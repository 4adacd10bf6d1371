"""One Z as an accountant wants to see it: its journal, its VAT, its invoices, and what is held back and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posplugin.accounting_system import Stage
from posplugin.app import App
from posplugin.console.document import group_name, side
from posplugin.console.shown import Tone, code_of, tone
from posplugin.domain.documents import VatReportedBy
from posplugin.domain.reasons import Reason
from posplugin.domain.zreport import GroupTotal, ZReport
from posplugin.office import standing
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import OPEN, Status
from posplugin.outbox.settlements import JournalRow
from posplugin.settling.preview import InvoicedSale, Preview, previews
from posplugin.texts import SettlementText, Texts, details, history


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Why it is not posted, or what is the matter with what was."""

    sentence: str
    words: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that is shown of one Z."""

    z: ZReport
    preview: Preview
    tone: Tone
    #: Where it stands, and what else is told of that.
    stands: str
    told: Sequence[str]
    held: Sequence[Held]
    #: Over the journal.
    heading: str
    groups: Sequence[tuple[str, GroupTotal]]
    debit: int
    credit: int
    #: On what of its invoices it depends who reports their VAT.
    on_invoice: Sequence[str]
    #: Invoices that are not delivered or need a person, and why.
    not_delivered: Sequence[tuple[InvoicedSale, str]]
    let_go: Sequence[tuple[InvoicedSale, str]]
    #: Where the Z and our invoices differ, and a person has taken it so.
    is_accepted: bool
    #: What was posted under each of its references, newest first.
    posted: Sequence[tuple[JournalRow, int, int]]

    @property
    def may_reverse(self) -> bool:
        """Whether it stands in PowerOffice, and we know as what."""
        record = self.preview.record
        return record is not None and record.status is Status.DELIVERED and record.accounting_id is not None

    @property
    def is_draft(self) -> bool:
        """Whether what stands there is a draft."""
        return self.preview.record is not None and self.preview.record.accounting_state is Stage.DRAFT

    @property
    def may_accept(self) -> bool:
        """Whether a person may take it as it differs now."""
        record, held = self.preview.record, Reason.SETTLEMENT_MISMATCH in self.preview.held_back
        return record is not None and held and record.status in (Status.PENDING, Status.NEEDS_ATTENTION)


def sheet_of(app: App, z: ZReport, t: Texts, language: str) -> Sheet:
    """Return all that is shown of a Z, without asking PowerOffice."""
    preview = previews(app.outbox, app.settlement_desk().terms, [z], app.settings.terminal.department)[0]
    record, lines, held = preview.record, preview.journal.lines, preview.held_back
    return Sheet(
        z=z,
        preview=preview,
        tone=Tone.RED if held and record else Tone.GREY if record is None else tone(record),
        stands=standing(record, t) if record else t.console.settlements.kept,
        told=[*_told(app, preview, t, language)],
        held=[_held(reason, words, preview, t, language) for reason, words in held.items()],
        heading=_heading(preview, t.settlement),
        groups=[(group_name(group, t.settlement), group) for group in z.cash.groups],
        debit=side(lines, 1),
        credit=side(lines, -1),
        on_invoice=[*_on_invoice(preview, t.settlement)],
        not_delivered=[
            (sale, _why(sale, t, language))
            for sale in preview.to_deliver
            if sale.record.status is not Status.DELIVERED or sale.record.needs_a_person
        ],
        let_go=[(sale, sale.record.detail or "") for sale in preview.let_go],
        is_accepted=not preview.reconciliation.agrees and Reason.SETTLEMENT_MISMATCH not in held,
        posted=_posted(app, preview),
    )


def _told(app: App, preview: Preview, t: Texts, language: str) -> list[str]:
    words, record, settings = t.settlement, preview.record, app.settings
    is_on = preview.department in settings.departments and settings.settles(preview.department)
    found = [] if record else [t.console.settlements.not_on_its_way]
    if record and record.detail and not record.needs_a_person and record.detail != preview.waits_for:
        found.append(history.why(record.detail, language))
    if not is_on and (record is None or record.status in OPEN):
        found.append(t.console.settlements.not_settled.format(department=preview.department))
    if preview.waits_for and record and record.status in OPEN:
        found.append(words.waits.format(words=details.in_words(preview.waits_for, language)))
    if preview.agrees_by_now:
        found.append(words.agrees_now)
    return found


def _held(reason: Reason, words: str, preview: Preview, t: Texts, language: str) -> Held:
    why, record = t.reason[reason], preview.record
    by_name = reason is Reason.SETTLEMENT_MISMATCH and words == preview.reconciliation.words()
    return Held(
        sentence=why.sentence,
        words="" if by_name else details.in_words(words, language),
        remedy=why.remedy.replace("<reference>", code_of(record)) if record else "",
    )


def _heading(preview: Preview, words: SettlementText) -> str:
    record = preview.record
    if record is None or record.status is Status.DISCARDED:
        return words.would_post
    if record.status is Status.REVERSED:
        return words.taken_back
    if record.status is Status.DELIVERED:
        return words.left_as_draft if record.accounting_state is Stage.DRAFT else words.posted
    return words.would_post if preview.held_back else words.to_post


def _on_invoice(preview: Preview, words: SettlementText) -> list[str]:
    reporters = {sale.invoice.vat_reported_by for sale in preview.to_deliver}
    told = {VatReportedBy.INVOICE: words.invoices_apart, VatReportedBy.SETTLEMENT: words.invoices_within}
    return [sentence for reporter, sentence in told.items() if reporter in reporters]


def _why(sale: InvoicedSale, t: Texts, language: str) -> str:
    record = sale.record
    if record.reason is None:
        return standing(record, t)
    return ": ".join(filter(None, [t.reason[record.reason].sentence, details.in_words(record.detail, language)]))


def _posted(app: App, preview: Preview) -> list[tuple[JournalRow, int, int]]:
    if preview.record is None:
        return []
    try:
        rows = app.outbox.settlements.journals(preview.record)
    except ContentDamaged:
        return []
    return [(row, side(row.journal.lines, 1), side(row.journal.lines, -1)) for row in reversed(rows)]
