"""The settlements of one client in one pass: looked for, drawn up, posted, compared, documented."""

from __future__ import annotations

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
from posplugin.outbox.record import Attempt, Record
from posplugin.outbox.retry import RetryPolicy
from posplugin.outbox.steps import Step, StepState
from posplugin.outbox.store import Outbox
from posplugin.sender.draw import DrawnUp, Paper, SettlementTerms, draw_up
from posplugin.sender.journals import JournalListing, look_for_journals, row_of, settle_journal, settle_unread
from posplugin.sender.patience import Patience
from posplugin.sender.settle import SENDER
from posplugin.sender.standing import trouble

log = get_logger("sender")

_LOOK_AGAIN = timedelta(minutes=10)


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
        self.mended(of(Status.NEEDS_ATTENTION))
        due = [record for record in of(Status.PENDING) if record.not_before <= to_text(self.clock())]
        if due or of(Status.UNCERTAIN):
            self.look(of(Status.PENDING, Status.UNCERTAIN, Status.NEEDS_ATTENTION))
            due = [record for record in of(Status.PENDING) if record.not_before <= to_text(self.clock())]
        each(due, lambda record: patience.heard(record, self.attempt(record)))
        each(unfinished(), lambda record: patience.heard(record, self.document(record)))
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

    def mended(self, records: Sequence[Record]) -> None:
        """Let those go on whose Z and records agree by now: captured again, or accepted by a person."""
        for record in records:
            if record.status is Status.NEEDS_ATTENTION and record.reason is Reason.SETTLEMENT_MISMATCH:
                with suppress(ContentDamaged, IllegalTransition):
                    drawn = draw_up(self.outbox, record.settlement(), self.terms, record=record)
                    if drawn.trouble is None or drawn.trouble.reason is not Reason.SETTLEMENT_MISMATCH:
                        self.outbox.move(record, Status.PENDING, SENDER, "the Z and the invoices agree by now")

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
        drawn = draw_up(*(self.outbox, record.settlement(), self.terms), record=record, locked_until=self._locked())
        if drawn.trouble:
            self._attention(record, drawn.trouble.reason, drawn.trouble.words)
            return None
        if drawn.waits_for:
            not_before = to_text(self.clock() + _LOOK_AGAIN)
            self.outbox.set(record, SENDER, drawn.waits_for, detail=drawn.waits_for, not_before=not_before)
            return None
        if drawn.is_empty:
            words = "nothing to post: nothing was sold, or all of it is invoiced"
            self.outbox.move(record, Status.DISCARDED, SENDER, words, detail=words)
            return None
        tried_before = any(row.reference == record.reference for row in self.outbox.settlements.journals(record))
        with self.outbox.database.transaction():
            claimed = self.outbox.move(record, Status.SENDING, SENDER, "taken in hand")
            self.outbox.settlements.write_journal(claimed, drawn.journal, as_draft=self.terms.as_draft)
        return self._post(claimed, drawn, tried_before=tried_before)

    def _locked(self) -> date | None:
        if not self._locked_until:
            self._locked_until.append(self.journals.locked_until())
        return self._locked_until[0]

    def _post(self, record: Record, drawn: DrawnUp, *, tried_before: bool) -> PostedJournal | AccountingError | None:
        began, at, request = time.monotonic(), self.clock(), ""
        posted, error = None, None
        as_draft = self.terms.as_draft
        try:
            request = self.journals.request_for(drawn.journal, record.reference, as_draft=as_draft)
            posted = self.journals.post(drawn.journal, record.reference, as_draft=as_draft)
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
            self._failed(record, error, tried_before=tried_before)
        return posted or error

    def _steps(self) -> Sequence[Step]:
        return (Step.ATTACH,) if self.terms.paper else ()

    def _failed(self, record: Record, error: AccountingError, *, tried_before: bool) -> None:
        match error.verdict:
            case Verdict.STOP:  # nothing happened to this record: it costs no attempt
                self.outbox.move(record, Status.PENDING, SENDER, error.words, detail=error.words)
            case Verdict.DUPLICATE if tried_before and self.listing and not self.listing.may_be_read:
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
