"""A settlement as it will be posted, or was: accounts, VAT, and what is held back. Asks nobody, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from posplugin.accounting_system import Stage
from posplugin.bookkeeping.reconciliation import Reconciliation
from posplugin.domain.documents import Invoice
from posplugin.domain.money import vat_in
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Journal, JournalLine, Settlement
from posplugin.domain.zreport import ZReport
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import OPEN, Status
from posplugin.outbox.record import Event, Record
from posplugin.outbox.settlements import JournalRow
from posplugin.outbox.store import Outbox
from posplugin.sender.draw import SettlementTerms, Trouble, draw_up
from posplugin.texts import SettlementText

#: What the event of a Z that was accepted though it differs begins with; the reason that was given follows.
ACCEPTED = "accepted: "
#: What stands in the books, or did: another drawing would not show it.
_POSTED = frozenset({Status.DELIVERED, Status.REVERSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRow:
    """The VAT of one rate and code: the till's own, and PowerOffice's from the gross amounts posted. Øre."""

    rate: int
    code: str
    gross: int
    tills: int
    books: int

    @property
    def difference(self) -> int:
        """What rounding makes of it; shown, and never posted."""
        return self.books - self.tills


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicedSale:
    """A sale of the Z that is invoiced, and what has become of its document."""

    invoice: Invoice
    record: Record
    #: Whether what was posted of the Z put it on clearing.
    on_clearing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One Z: what is posted of it, or why nothing is."""

    z: ZReport
    department: str
    #: None: it was kept while settlements were off, and is not on its way.
    record: Record | None
    journal: Journal
    reconciliation: Reconciliation
    #: Why it needs a person now.
    trouble: Trouble | None
    waits_for: str | None
    #: The journal is what was posted, and not what would be.
    is_posted: bool
    invoiced: tuple[InvoicedSale, ...]
    #: What has no account: lines whose account is 0, beside those of the journal.
    unplaced: tuple[JournalLine, ...] = ()
    #: What was posted was a draft.
    was_draft: bool = False
    #: When it was taken back, or was seen to have been in the accounting system; None while it stands.
    taken_back_at: datetime | None = None
    #: Who took it though it and our invoices differ, when and why; None where nobody did.
    accepted: Event | None = None
    #: Our records of the payments that the Z and we do not agree on, as far as there are any.
    in_doubt: Mapping[PaymentRef, Record] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[JournalLine, ...]:
        """The journal's lines, and what has no account: the whole of the Z."""
        return (*self.journal.lines, *self.unplaced)

    @property
    def difference(self) -> int:
        """Debit less credit of the whole, øre."""
        return sum(line.amount for line in self.lines)

    @property
    def vat(self) -> tuple[VatRow, ...]:
        """The VAT of each rate and code, highest rate first; the code of what has no account is ""."""
        keys = sorted({_key(line) for line in self.lines if line.vat_rate is not None}, reverse=True)
        return tuple(_vat_row(rate, code, self.lines) for rate, code in keys)

    @property
    def has_nothing_to_post(self) -> bool:
        """Whether nothing was sold on it, or all of it is invoiced."""
        return not self.lines and self.trouble is None

    @property
    def held_back(self) -> dict[Reason, str]:
        """Why it is not posted and needs a person, with the details: as its last try said, and as it is now."""
        found, record, trouble = {}, self.record, self.trouble
        if record and record.needs_a_person and record.reason and not self.agrees_by_now:
            found[record.reason] = record.detail or ""
        if trouble and (record is None or record.status in OPEN):
            found[trouble.reason] = trouble.words
        return found

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody must act before it can be posted, being on its way, or must look at what was."""
        return self.record is not None and bool(self.held_back)

    @property
    def agrees_by_now(self) -> bool:
        """Whether it waits for a mismatch to be mended that is none any more: the next run sees it."""
        was = self.record is not None and self.record.reason is Reason.SETTLEMENT_MISMATCH
        return was and (self.trouble is None or self.trouble.reason is not Reason.SETTLEMENT_MISMATCH)

    @property
    def to_deliver(self) -> tuple[InvoicedSale, ...]:
        """The invoices of it that are ours to deliver."""
        return tuple(sale for sale in self.invoiced if sale.record.status is not Status.DISCARDED)

    @property
    def let_go(self) -> tuple[InvoicedSale, ...]:
        """The invoices of it that a person let go: what was sold on them is posted by nobody here."""
        return tuple(sale for sale in self.invoiced if sale.record.status is Status.DISCARDED)


def previews(outbox: Outbox, terms: SettlementTerms, z_reports: Sequence[ZReport], department: str) -> list[Preview]:
    """Return what is, or will be, posted of each Z; `department` is whose a Z without a record is."""
    return [_preview(outbox, terms, z, department) for z in z_reports]


def in_question(outbox: Outbox, first: date | None, last: date | None) -> list[ZReport]:
    """Return the Z reports of some days.

    Without days: those on their way, waiting for a person, or taken back and not posted anew; else the newest.
    """
    kept = outbox.settlements.between(first or date.min, last or date.max)
    if first or last:
        return kept
    open_ones = [z for z in kept if (record := outbox.settlements.of(z)) and _is_open(record)]
    return open_ones or kept[-1:]


def _is_open(record: Record) -> bool:
    return record.status in OPEN or record.needs_a_person or record.status is Status.REVERSED


def _preview(outbox: Outbox, terms: SettlementTerms, z: ZReport, department: str) -> Preview:
    record = outbox.settlements.of(z)
    settlement, damaged = Settlement(z=z, department=record.department if record else department), None
    try:
        settlement = record.settlement() if record else settlement
    except ContentDamaged as error:
        damaged = Trouble(reason=Reason.CONTENT_DAMAGED, words=str(error))
    drawn = draw_up(outbox, settlement, terms, record=record)
    journal, is_posted = drawn.journal, record is not None and record.status in _POSTED
    row = _row(outbox, record) if record and is_posted else None
    journal = row.journal if row else journal
    of_z = (*drawn.reconciliation.invoices, *drawn.reconciliation.discarded)
    invoiced = [(invoice, outbox.by_payment(invoice.ref)) for invoice in of_z]
    return Preview(
        z=z,
        department=settlement.department,
        record=record,
        journal=journal,
        reconciliation=drawn.reconciliation,
        trouble=None if is_posted else damaged or drawn.trouble,
        waits_for=None if is_posted else drawn.waits_for,
        is_posted=is_posted,
        unplaced=() if row else drawn.unplaced,
        was_draft=row is not None and row.as_draft,
        taken_back_at=_taken_back(outbox, record) if record else None,
        accepted=_accepted(outbox, record) if record and not drawn.reconciliation.agrees else None,
        in_doubt=_in_doubt(outbox, drawn.reconciliation),
        invoiced=tuple(
            InvoicedSale(invoice=invoice, record=found, on_clearing=_on_clearing(outbox, record, invoice, is_posted))
            for invoice, found in invoiced
            if found
        ),
    )


def heading(preview: Preview, words: SettlementText, zone: ZoneInfo) -> str:
    """Return what stands over a journal: what has been, is or will be done with it; times in `zone`."""
    record = preview.record
    if record and preview.taken_back_at:
        return _no_more(preview, record, words).format(
            when=preview.taken_back_at.astimezone(zone).strftime("%d.%m.%Y %H:%M")
        )
    if record is None or record.status is Status.DISCARDED:
        return words.would_post
    if record.status is Status.DELIVERED:
        return words.left_as_draft if record.accounting_state is Stage.DRAFT else words.posted
    return words.would_post if preview.held_back else words.to_post


def _no_more(preview: Preview, record: Record, words: SettlementText) -> str:
    """A person has taken it back here, or somebody has in the accounting system."""
    was_draft = preview.was_draft and record.accounting_number is None
    if record.status is Status.REVERSED:
        return words.draft_deleted if was_draft else words.taken_back
    return words.draft_gone if was_draft else words.reversed_there


def _row(outbox: Outbox, record: Record) -> JournalRow | None:
    rows = {row.reference: row for row in outbox.settlements.journals(record)}
    return rows.get(record.reference)


def _taken_back(outbox: Outbox, record: Record) -> datetime | None:
    """A reversal in the accounting system is known from when it was seen."""
    is_gone = record.status is Status.DELIVERED and record.reason is Reason.GONE
    if not (is_gone or record.status is Status.REVERSED):
        return None
    events = reversed(outbox.events(record))
    of_it = (each.at for each in events if (each.why == record.detail if is_gone else each.was != each.now))
    return next(of_it, record.updated_at)


def _accepted(outbox: Outbox, record: Record) -> Event | None:
    """What was accepted before it was made anew is to be accepted anew."""
    for event in reversed(outbox.events(record)):
        if (event.why or "").startswith(ACCEPTED):
            return event
        if event.was in _POSTED and event.now == Status.PENDING:
            break
    return None


def _in_doubt(outbox: Outbox, found: Reconciliation) -> dict[PaymentRef, Record]:
    refs = (*found.missing, *found.twice, *found.damaged)
    return {ref: record for ref in refs if (record := outbox.by_payment(ref))}


def _on_clearing(outbox: Outbox, record: Record | None, invoice: Invoice, is_posted: bool) -> bool:
    return bool(record and is_posted and outbox.settlements.is_cleared_by(record, invoice.ref))


def _key(line: JournalLine) -> tuple[int, str]:
    return line.vat_rate or 0, line.vat_code or ""


def _vat_row(rate: int, code: str, lines: Sequence[JournalLine]) -> VatRow:
    mine = [line for line in lines if line.vat_rate is not None and _key(line) == (rate, code)]
    return VatRow(
        rate=rate,
        code=code,
        gross=-sum(line.amount for line in mine),
        tills=-sum(line.vat for line in mine),
        books=sum(vat_in(-line.amount, rate) for line in mine),
    )
