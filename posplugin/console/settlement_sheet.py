"""One Z as an accountant wants to see it: its journal, its VAT, its invoices, and what is held back and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from posplugin.accounting_system import Stage
from posplugin.app import App
from posplugin.console.document import group_name, side
from posplugin.console.settlement_sales import Doubtful, Sold, doubtful, sold_by_invoice
from posplugin.console.shown import Tone, code_of, moment, tone
from posplugin.domain.documents import VatReportedBy
from posplugin.domain.reasons import Reason
from posplugin.domain.zreport import GroupTotal, ZReport
from posplugin.office import standing
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import OPEN, Status
from posplugin.outbox.our_sales import NOTHING_TO_POST
from posplugin.outbox.settlements import JournalRow
from posplugin.settling.preview import ACCEPTED, Preview, heading, previews
from posplugin.texts import Texts, details, history


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
    #: What was invoiced: by the heading over it. The first are those to deliver.
    sold: Sequence[tuple[str, Sequence[Sold]]]
    #: Payments that the Z and we do not agree on: by the heading over them.
    doubtful: Sequence[tuple[str, Sequence[Doubtful]]]
    #: That they differ, where that is not said above, and who has taken it so.
    differ: str
    accepted: str
    #: Whether the Z and we speak of the same.
    agrees: bool
    #: What was posted under each of its references, newest first.
    posted: Sequence[tuple[JournalRow, int, int]]

    @property
    def may_reverse(self) -> bool:
        """Whether it stands in PowerOffice, and we know as what."""
        record = self.preview.record
        if record is None or record.status is not Status.DELIVERED or record.accounting_state is Stage.GONE:
            return False
        return record.accounting_id is not None

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
    terms, words = app.settlement_desk().terms, t.settlement
    preview = previews(app.outbox, terms, [z], app.settings.terminal.department)[0]
    record, lines, held = preview.record, preview.lines, preview.held_back
    sold = sold_by_invoice(app, preview, terms, t, language)
    is_held = Reason.SETTLEMENT_MISMATCH in held
    is_apart = any(each.elsewhere for _, those in sold for each in those)
    return Sheet(
        z=z,
        preview=preview,
        tone=Tone.RED if held and record else Tone.GREY if record is None else tone(record),
        stands=standing(record, t) if record else t.console.settlements.kept,
        told=[*_told(app, preview, t, language)],
        held=[_held(reason, told, preview, t, language) for reason, told in held.items()],
        heading=heading(preview, words, app.settings.terminal.timezone),
        groups=[(group_name(group, words), group) for group in z.cash.groups],
        debit=side(lines, 1),
        credit=side(lines, -1),
        on_invoice=[*_on_invoice(sold[0][1], t)],
        sold=[(title, those) for title, those in sold if those],
        doubtful=doubtful(app, preview, t),
        differ=words.accepted if preview.accepted and not preview.is_posted else "" if is_held else words.differ,
        accepted=_accepted(app, preview, t, language),
        agrees=preview.reconciliation.agrees and not is_held and not is_apart,
        posted=_posted(app, preview),
    )


def _told(app: App, preview: Preview, t: Texts, language: str) -> list[str]:
    words, record, settings = t.settlement, preview.record, app.settings
    is_on = preview.department in settings.departments and settings.settles(preview.department)
    found = [] if record else [t.console.settlements.not_on_its_way]
    if record and record.detail and not record.needs_a_person and record.detail != preview.waits_for:
        if record.status is Status.REVERSED:
            found.append(f"{t.status[Status.REVERSED]}: {record.detail}")
        elif record.detail != NOTHING_TO_POST:  # the page says so itself
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
        remedy=t.console.settlements.remedies.get(reason) or why.remedy.replace("<reference>", code_of(record))
        if record
        else "",
    )


def _accepted(app: App, preview: Preview, t: Texts, language: str) -> str:
    event = preview.accepted
    if event is None:
        return ""
    when, who = moment(event.at, app.settings.terminal.timezone), history.who(event.who, language)
    return t.settlement.accepted_by.format(who=who, when=when, why=(event.why or "").removeprefix(ACCEPTED))


def _on_invoice(sold: Sequence[Sold], t: Texts) -> Iterator[str]:
    reporters = {each.sale.invoice.vat_reported_by for each in sold if not each.elsewhere}
    told = {
        VatReportedBy.INVOICE: t.settlement.invoices_apart,
        VatReportedBy.SETTLEMENT: t.settlement.invoices_within,
    }
    yield from (sentence for reporter, sentence in told.items() if reporter in reporters)
    if any(each.elsewhere for each in sold):
        yield t.console.settlements.of_another_client


def _posted(app: App, preview: Preview) -> list[tuple[JournalRow, int, int]]:
    if preview.record is None:
        return []
    try:
        rows = app.outbox.settlements.journals(preview.record)
    except ContentDamaged:
        return []
    return [(row, side(row.journal.lines, 1), side(row.journal.lines, -1)) for row in reversed(rows)]
