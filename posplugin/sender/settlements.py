"""The settlements of one client in one pass: looked for, drawn up, posted, compared, documented."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from posplugin.accounting_system import AccountingError, Journals, PostedJournal, Stage, Verdict
from posplugin.domain.clock import Clock, to_text
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.reasons import SET_UP_REASONS, Reason
from posplugin.logs import get_logger
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.our_sales import NOTHING_TO_POST
from posplugin.outbox.record import Attempt, Record
from posplugin.outbox.retry import RetryPolicy
from posplugin.outbox.settlements import JournalRow
from posplugin.outbox.steps import Step, StepState
from posplugin.outbox.store import Outbox
from posplugin.sender.draw import Paper, SettlementTerms, Trouble, draw_up
from posplugin.sender.journals import JournalListing, look_for_journals, row_of, settle_journal, settle_unread
from posplugin.sender.patience import Patience
from posplugin.sender.settle import SENDER
from posplugin.sender.standing import trouble

log = get_logger("sender")

#: What is told from the Z, our records and the settings, and may be over by the next run.
_LOOKED_AT_ANEW = frozenset(
    {Reason.SETTLEMENT_MISMATCH, Reason.ACCOUNT_MISSING, Reason.UNBALANCED, Reason.PERIOD_LOCKED}
)


@dataclass(slots=True, kw_only=True)
class SettlementDelivery:
    """What the settlements of one client need in one pass."""

    outbox: Outbox
    journals: Journals
    terms: SettlementTerms
    clock: Clock
    settle_time: timedelta
    policy: RetryPolicy
    run_id: int | None = None
    #: Whether what was posted may be read; known once it has been looked for.
    listing: JournalListing | None = None
    _locked_until: list[date | None] = field(default_factory=list)
    _drawing: threading.Lock = field(default_factory=threading.Lock)

    def serve(
        self,
        patience: Patience,
        of: Callable[..., list[Record]],
        unfinished: Callable[[], list[Record]],
        each: Callable[[Sequence[Record], Callable[[Record], None]], None],
    ) -> None:
        """Make one pass.

        `of` gives the settlements of some statuses, `unfinished` those that lack their paper, and `each` does something
        with each of several.

        What stopped it is in `patience`.
        """
        self._mended(of(Status.NEEDS_ATTENTION))
        due = [record for record in of(Status.PENDING) if record.is_due(self.clock())]
        if due or of(Status.UNCERTAIN):
            self.look(of(Status.PENDING, Status.UNCERTAIN, Status.NEEDS_ATTENTION))
            due = [record for record in of(Status.PENDING) if record.is_due(self.clock())]
        each(due, lambda record: patience.hear(record, self.attempt))
        each(unfinished(), lambda record: patience.hear(record, self.document))
        reached = patience.given_up is None or patience.given_up.status is not None
        if reached and of(Status.UNCERTAIN):
            self.look(of(Status.UNCERTAIN))

    def look(self, records: Sequence[Record]) -> None:
        """Settle what stands there already; count a look for those of unknown fate."""
        self.listing = look_for_journals(
            *(self.outbox, self.journals, records, self.terms),
            now=self.clock(),
            settle_time=self.settle_time,
            policy=self.policy,
        )

    def _mended(self, records: Sequence[Record]) -> None:
        """Let those go on that nothing holds back any more: captured again, accepted, a ledger mended, a day opened.

        What PowerOffice has refused in this run is not tried once more in it.
        """
        for record in records:
            if record.reason not in _LOOKED_AT_ANEW or (self.run_id and self.outbox.was_tried(record, self.run_id)):
                continue
            with suppress(ContentDamaged, IllegalTransition):
                held = self._held_by(record)
                if held is None:
                    self.outbox.move(record, Status.PENDING, SENDER, "nothing holds it back any more", not_before="")
                elif (held.reason, held.words) != (record.reason, record.detail):
                    self.outbox.set(record, SENDER, held.words, reason=held.reason, detail=held.words)

    def _held_by(self, record: Record) -> Trouble | None:
        """Return what holds it back now, as far as that is known without posting."""
        locked = self._locked() if record.reason is Reason.PERIOD_LOCKED else None
        drawn = draw_up(self.outbox, record.settlement(), self.terms, record=record, locked_until=locked)
        if drawn.trouble is None and record.reason is Reason.ACCOUNT_MISSING:
            try:
                self.journals.request_for(drawn.journal, record.reference, as_draft=self.terms.as_draft)
            except AccountingError as error:
                if error.verdict is not Verdict.ATTENTION:
                    raise
                return Trouble(reason=error.reason, words=error.words)
        return drawn.trouble

    def document(self, record: Record) -> AccountingError | None:
        """Put the Z report on a delivered settlement; return what stopped that for now."""
        step = self.outbox.steps.get(record, Step.ATTACH)
        if step is None or step.state is not StepState.TO_DO or record.needs_a_person:
            return None
        if self.terms.paper is None:
            self.outbox.steps.write(record, Step.ATTACH, StepState.DONE, "no longer in the settings")
            return None
        try:
            self._document(record, self.terms.paper)
        except AccountingError as error:
            return self._not_documented(record, error)
        except Exception as fault:  # one record stops no other
            log.exception("step_failed", reference=record.reference)
            words = f"{type(fault).__name__}: {fault}"
            return self._not_documented(record, AccountingError(Verdict.ATTENTION, Reason.INTERNAL, words))
        self.outbox.steps.write(record, Step.ATTACH, StepState.DONE)
        return None

    def _document(self, record: Record, paper: Paper) -> None:
        settlement, row = record.settlement(), row_of(self.outbox, record)
        if row is None:
            raise AccountingError(
                Verdict.ATTENTION, Reason.CONTENT_DAMAGED, "what was posted of it cannot be read here"
            )
        of_z = draw_up(self.outbox, settlement, self.terms, record=record).reconciliation.invoices
        content = paper(settlement, row.journal, of_z)
        name = f"{''.join(c if c.isalnum() else '-' for c in settlement.receipt)}.pdf"
        is_draft = record.accounting_state is Stage.DRAFT
        self.journals.document(record.accounting_id or "", name, content, as_draft=is_draft)

    def _not_documented(self, record: Record, error: AccountingError) -> AccountingError:
        words = f"{Step.ATTACH}: {error.words}"
        if error.verdict is not Verdict.ATTENTION:
            self.outbox.steps.write(record, Step.ATTACH, StepState.TO_DO, words)
            return error
        reason = error.reason if error.reason in SET_UP_REASONS else Reason.ATTACHMENT_FAILED
        with suppress(IllegalTransition), self.outbox.database.transaction():
            self.outbox.steps.write(record, Step.ATTACH, StepState.FAILED, words)
            trouble(self.outbox, self.outbox.get(record.id), reason, words)
        return error

    def attempt(self, record: Record) -> PostedJournal | AccountingError | None:
        """Try one PENDING settlement; return what was answered, None when the accounting system was not asked."""
        try:
            return self._attempt(record)
        except ContentDamaged as error:
            self._attention(record, Reason.CONTENT_DAMAGED, str(error))
            return None
        except IllegalTransition:
            log.info("record_moved_meanwhile", reference=record.reference)  # by a person: the next run sees it
            return None
        except AccountingError as error:
            if error.verdict is not Verdict.STOP:
                self._attention(record, error.reason, error.words)
            return error

    def _attempt(self, record: Record) -> PostedJournal | AccountingError | None:
        rows = self.outbox.settlements.journals(record)
        before = next((row for row in rows if row.reference == record.reference), None)
        if before and self.listing and not self.listing.may_be_read:
            # It may stand there: the very same is posted, so that a duplicate answer speaks of just that.
            return self._post(self.outbox.move(record, Status.SENDING, SENDER, "taken in hand"), before, again=True)
        with self._drawing:  # what two Z reports might both put on clearing, one of them does
            locked = self._locked()
            drawn = draw_up(*(self.outbox, record.settlement(), self.terms), record=record, locked_until=locked)
            if drawn.trouble:
                self._attention(record, drawn.trouble.reason, drawn.trouble.words)
                return None
            if drawn.waits_for:
                self._wait(record, drawn.waits_for)
                return None
            if drawn.is_empty:
                self.outbox.move(record, Status.DISCARDED, SENDER, NOTHING_TO_POST, detail=NOTHING_TO_POST)
                return None
            with self.outbox.database.transaction():
                claimed = self.outbox.move(record, Status.SENDING, SENDER, "taken in hand")
                cleared = [invoice.ref for invoice in drawn.cleared]
                as_draft = self.terms.as_draft
                self.outbox.settlements.write_journal(claimed, drawn.journal, as_draft=as_draft, cleared=cleared)
        row = JournalRow(reference=record.reference, as_draft=as_draft, journal=drawn.journal, at=self.clock())
        return self._post(claimed, row, again=before is not None)

    def _wait(self, record: Record, words: str) -> None:
        """No news, no event; it is drawn up anew in every pass."""
        if record.detail != words:
            self.outbox.set(record, SENDER, words, detail=words)

    def _locked(self) -> date | None:
        if not self._locked_until:
            self._locked_until.append(self.journals.locked_until())
        return self._locked_until[0]

    def _post(self, record: Record, row: JournalRow, *, again: bool) -> PostedJournal | AccountingError | None:
        began, at, request = time.monotonic(), self.clock(), ""
        posted, error = None, None
        try:
            request = self.journals.request_for(row.journal, record.reference, as_draft=row.as_draft)
            posted = self.journals.post(row.journal, record.reference, as_draft=row.as_draft)
        except AccountingError as fault:
            error = fault
        except Exception as fault:
            log.exception("delivery_failed", reference=record.reference)
            error = AccountingError(Verdict.ATTENTION, Reason.INTERNAL, f"{type(fault).__name__}: {fault}")
        outcome = "accepted" if posted else str(error.verdict if error else "")
        self.outbox.attempted(
            record,
            Attempt(
                at=at,
                took_ms=round((time.monotonic() - began) * 1000),
                request=request,
                outcome=outcome,
                status=201 if posted else error.status if error else None,
                answer=f"voucher {posted.number or posted.accounting_id}" if posted else error.words if error else None,
            ),
            self.run_id,
        )
        log.info("delivery_tried", reference=record.reference, outcome=outcome)
        if posted:
            settle_journal(self.outbox, record, posted, "accepted by the accounting system", steps=self._steps())
        elif error:
            self._failed(record, error, again=again)
        return posted or error

    def _steps(self) -> Sequence[Step]:
        return (Step.ATTACH,) if self.terms.paper else ()

    def _failed(self, record: Record, error: AccountingError, *, again: bool) -> None:
        is_refused = error.verdict is Verdict.ATTENTION and error.reason is not Reason.INTERNAL
        if not again and (is_refused or error.verdict is Verdict.STOP):
            self.outbox.settlements.forget_journal(record)
        match error.verdict:
            case Verdict.STOP:  # nothing happened to this record: it costs no attempt
                self.outbox.move(record, Status.PENDING, SENDER, error.words, detail=error.words)
            case Verdict.DUPLICATE if again and self.listing and not self.listing.may_be_read:
                settle_unread(self.outbox, record, error.words)
            case Verdict.UNKNOWN | Verdict.DUPLICATE:
                self.outbox.move(
                    *(record, Status.UNCERTAIN, SENDER, error.words),
                    reason=Reason.REFERENCE_IN_USE if error.verdict is Verdict.DUPLICATE else None,
                    detail=error.words,
                    uncertain_since=to_text(self.clock()),
                    looks=0,
                )
            case Verdict.ATTENTION:
                self._attention(record, error.reason, error.words)

    def _attention(self, record: Record, reason: Reason, words: str) -> None:
        self.outbox.move(record, Status.NEEDS_ATTENTION, SENDER, words, reason=reason, detail=words)
        log.warning("record_needs_attention", reference=record.reference, reason=reason)
