"""Journals that stand there already: found again by reference, compared with what was posted, and never made twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from posplugin.accounting_system import Journals, PostedJournal, Stage
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.money import kroner_text
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Journal
from posplugin.logs import get_logger
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import generation, same_document
from posplugin.outbox.retry import RetryPolicy
from posplugin.outbox.settlements import JournalRow
from posplugin.outbox.steps import FOUND, Step
from posplugin.outbox.store import Outbox
from posplugin.sender.draw import SettlementTerms, draw_up
from posplugin.sender.reconcile import LOOKS, MARGIN, has_had_time, sold_after
from posplugin.sender.settle import SENDER

log = get_logger("sender")

#: A journal counts on another day than its Z's where that one's period has been locked.
_POSTED_WITHIN = timedelta(days=366)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_REVERSED = "it was posted, and has been reversed in the accounting system since"


@dataclass(frozen=True, slots=True)
class JournalListing:
    """Our journals in the accounting system, by reference; several of one reference should never be."""

    by_reference: Mapping[str, Sequence[PostedJournal]] = field(default_factory=dict)
    #: Whether what was posted may be read at all.
    may_be_read: bool = True

    @classmethod
    def of(
        cls,
        journals: Journals,
        records: Sequence[Record],
        rows: Sequence[JournalRow],
        now: datetime,
        *,
        drafts: bool,
        since: datetime | None = None,
    ) -> JournalListing:
        """Ask for what was posted on the days of these records, and for `drafts` too: the settings may have changed.

        What was made before the oldest of them, or `since`, is left out.
        """
        days = [*(record.business_date for record in records), *(row.journal.posting_date for row in rows)]
        since = since or min([*map(sold_after, records), now]) - MARGIN
        found = journals.posted_between(min(days), max([*days, now.date()]) + _POSTED_WITHIN, since)
        left = journals.drafts_since(since) if drafts else ()
        listed: dict[str, list[PostedJournal]] = {}
        for posted in (*(found or ()), *(left or ())):
            listed.setdefault(posted.reference, []).append(posted)
        return cls(listed, found is not None)

    def find(self, record: Record) -> Sequence[PostedJournal]:
        """Return what stands there of a record, of the newest generation that does; what was reversed left out.

        It may be newer than the record knows, when an old backup has been put back.
        """
        for name in self._generations(record):
            standing = [posted for posted in self.by_reference[name] if not posted.is_reversed]
            if standing:
                return standing
        return ()

    def _generations(self, record: Record) -> list[str]:
        ours = [name for name in self.by_reference if same_document(name, record.reference)]
        return sorted(ours, key=generation, reverse=True)

    def was_reversed(self, record: Record) -> bool:
        """Whether somebody has reversed what stands there under the record's present reference."""
        return any(posted.is_reversed for posted in self.by_reference.get(record.reference, ()))


def look_for_journals(
    outbox: Outbox,
    journals: Journals,
    records: Sequence[Record],
    terms: SettlementTerms,
    *,
    now: datetime,
    settle_time: timedelta,
    policy: RetryPolicy,
) -> JournalListing:
    """Settle every record that stands there, and count a look for those of unknown fate."""
    if not records:
        return JournalListing()
    rows = [row for record in records for row in outbox.settlements.journals(record)]
    listing = JournalListing.of(journals, records, rows, now, drafts=True)
    steps = (Step.ATTACH,) if terms.paper else ()
    for record in records:
        seen = _last_look(outbox, journals, record, listing, now)
        found = seen.find(record)
        try:
            if len(found) > 1:
                _attention(outbox, record, Reason.REFERENCE_IN_USE, told_of_several(found))
            elif found and record.reason is not Reason.CONTENT_DAMAGED:
                _found(outbox, record, found[0], terms, steps)
            elif record.status is Status.UNCERTAIN:
                if has_had_time(outbox, record, journals.time_there(), now=now, settle_time=settle_time):
                    _not_found(outbox, record, seen, policy=policy)
            elif record.status is Status.PENDING and listing.was_reversed(record):  # as an outbox of old sees it
                _attention(outbox, record, Reason.GONE, _REVERSED)
        except IllegalTransition:
            log.info("record_moved_meanwhile", reference=record.reference)  # by a person: the next look sees it
    return listing


def _last_look(
    outbox: Outbox, journals: Journals, record: Record, listing: JournalListing, now: datetime
) -> JournalListing:
    """Ask for all that was ever posted on its days before "not there" is believed: our clock may have been wrong."""
    is_last = record.status is Status.UNCERTAIN and record.looks + 1 >= LOOKS and listing.may_be_read
    if not is_last or listing.find(record):
        return listing
    rows = outbox.settlements.journals(record)
    return JournalListing.of(journals, [record], rows, now, drafts=False, since=_EVER)


def settle_journal(
    outbox: Outbox, record: Record, posted: PostedJournal, how: str, *, steps: Sequence[Step] = (), found: bool = False
) -> Record:
    """Compare reference and amounts with what was posted, and move the record: delivered, or a person must look.

    Amounts on accounts that bear VAT are PowerOffice's to split and round; all others agree to the øre.
    """
    posted_as = {row.reference: row.journal for row in outbox.settlements.journals(record)}
    told = {
        "accounting_id": posted.accounting_id,
        "accounting_number": posted.number,
        "accounting_state": Stage.POSTED if posted.is_posted else Stage.DRAFT,
        "uncertain_since": None,
        "reference": max(posted.reference, record.reference, key=generation),
    }
    if not same_document(posted.reference, record.reference) or posted.reference not in posted_as:
        words = f"voucher {posted.number} carries the reference {posted.reference}, which this outbox never posted"
        return _attention(outbox, record, Reason.REFERENCE_IN_USE, words)
    if difference := difference_from(posted_as[posted.reference], posted):
        return _attention(outbox, record, Reason.TOTALS_DIFFER, f"voucher {posted.number or '(draft)'}: {difference}")
    with outbox.database.transaction():
        delivered = outbox.move(record, Status.DELIVERED, SENDER, how, **told)
        outbox.steps.forget(delivered)
        for step in steps:
            outbox.steps.plan(delivered, step, FOUND if found else None)
    return delivered


def row_of(outbox: Outbox, record: Record) -> JournalRow | None:
    """Return what stands in the accounting system of a delivered settlement, as it was posted.

    Where an earlier generation was found, the newest that was tried; None where nothing of it can be read here.
    """
    rows = outbox.settlements.journals(record)
    newest = max(rows, key=lambda row: generation(row.reference), default=None)
    return next((row for row in rows if row.reference == record.reference), newest)


def settle_unread(outbox: Outbox, record: Record, words: str) -> Record:
    """Take a duplicate answer's word for it: posted before under this reference, and not to be read (U21)."""
    how = f"it stands there already, says the accounting system; it may not be read, and is not compared: {words}"
    unknown = {"accounting_id": None, "accounting_number": None, "uncertain_since": None}
    return outbox.move(record, Status.DELIVERED, SENDER, how, accounting_state=Stage.POSTED, **unknown)


def _found(
    outbox: Outbox, record: Record, posted: PostedJournal, terms: SettlementTerms, steps: Sequence[Step]
) -> None:
    """An outbox that was put back from a backup posted it and does not know: it is drawn up anew to be compared."""
    known = {row.reference for row in outbox.settlements.journals(record)}
    if posted.reference not in known:
        try:
            drawn = draw_up(outbox, record.settlement(), terms, record=record)
        except ContentDamaged as error:
            _attention(outbox, record, Reason.CONTENT_DAMAGED, str(error))
            return
        is_draft = not posted.is_posted or posted.number is None  # one that a person has posted has no number here
        cleared = [invoice.ref for invoice in drawn.cleared]
        outbox.settlements.write_journal(
            record, drawn.journal, as_draft=is_draft, cleared=cleared, reference=posted.reference
        )
    settle_journal(outbox, record, posted, "found in the accounting system", steps=steps, found=True)


def told_of_several(found: Sequence[PostedJournal]) -> str:
    """Say of several vouchers of one reference what is to be done."""
    numbers = ", ".join(str(posted.number or posted.accounting_id) for posted in found)
    return f"vouchers {numbers} carry the reference {found[0].reference}: reverse all but one in the accounting system"


def _not_found(outbox: Outbox, record: Record, listing: JournalListing, *, policy: RetryPolicy) -> None:
    """Let it be posted again, now that it has had time to show. No draft is made again by itself."""
    rows = {row.reference: row for row in outbox.settlements.journals(record)}
    row = rows.get(record.reference)
    reason, words = None, "not there on two looks: may be posted again"
    if listing.was_reversed(record):
        reason, words = Reason.GONE, _REVERSED
    elif row and row.as_draft:
        reason, words = Reason.DRAFT_UNCERTAIN, f"no draft carries the reference {record.reference}"
    elif record.reason is Reason.REFERENCE_IN_USE and listing.may_be_read:
        reason = Reason.REFERENCE_BLOCKED
        words = "the accounting system says that the reference is in use, but has no voucher of that reference"
    elif policy.exhausted(record.attempts):
        reason, words = Reason.ATTEMPTS_EXHAUSTED, f"not there after {record.attempts} tries"
    elif not listing.may_be_read:
        words = "what was posted may not be read: posted again under the same reference, so that the answer tells"
    to = Status.NEEDS_ATTENTION if reason else Status.PENDING
    outbox.move(record, to, SENDER, words, reason=reason, detail=words, looks=0, uncertain_since=None)


def difference_from(journal: Journal, posted: PostedJournal) -> str | None:
    """Say on which account something else stands than was posted; None where all agree that may."""
    for account, amount in sorted(journal.fixed.items()):
        there = posted.amounts.get(account, 0)
        if there != amount:
            return f"account {account} has {kroner_text(there)} instead of {kroner_text(amount)}"
    return None


def _attention(outbox: Outbox, record: Record, reason: Reason, words: str) -> Record:
    if (record.status, record.reason, record.detail) == (Status.NEEDS_ATTENTION, reason, words):
        return record
    if record.status is Status.NEEDS_ATTENTION:
        return outbox.set(record, SENDER, words, reason=reason, detail=words)
    return outbox.move(record, Status.NEEDS_ATTENTION, SENDER, words, reason=reason, detail=words)
