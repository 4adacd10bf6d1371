"""After the delivery: attach the receipt, confirm, send. Each step is tried again alone, and never twice by mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from posplugin.accounting_system import AccountingError, AccountingSystem, Stage, Verdict
from posplugin.domain.clock import Clock
from posplugin.domain.documents import Invoice
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.reasons import SET_UP_REASONS, Reason
from posplugin.logs import get_logger
from posplugin.outbox.backlog import Backlog
from posplugin.outbox.record import Record
from posplugin.outbox.steps import Step, StepRow, StepState
from posplugin.outbox.store import Outbox
from posplugin.sender.reconcile import Listing
from posplugin.sender.settle import SENDER
from posplugin.sender.standing import trouble, write_standing

log = get_logger("sender")

#: A draft compared longer ago than this is compared once more before it is confirmed or sent.
_FRESH = timedelta(minutes=5)
_FAILURES = {Step.ATTACH: Reason.ATTACHMENT_FAILED, Step.SEND: Reason.SEND_FAILED, Step.CONFIRM: Reason.REJECTED}
#: What was asked for and has not been seen to happen.
ASKED = "asked for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """What the steps of one client need."""

    outbox: Outbox
    system: AccountingSystem
    clock: Clock
    settle_time: timedelta
    #: What the settings ask for now; other steps are left.
    wanted: Sequence[Step]
    #: Makes the PDF that is attached.
    paper: Callable[[Invoice], bytes]

    def take(self, record: Record) -> AccountingError | None:
        """Take the steps of one record in order, as far as they go; return what stopped them for now."""
        for row in self.outbox.steps.of(record):
            if row.state is StepState.DONE:
                continue
            try:
                record = self.outbox.get(record.id)
                if row.step not in self.wanted:
                    self.outbox.steps.write(record, row.step, StepState.DONE, "no longer in the settings")
                    continue
                if record.needs_a_person or row.state is StepState.FAILED or not self._take(record, row):
                    return None
                self.outbox.steps.write(record, row.step, StepState.DONE)
            except IllegalTransition:
                log.info("record_moved_meanwhile", reference=record.reference)
                return None
            except AccountingError as error:
                return self._not_taken(record, row.step, error, may_lag=row.detail is None)
            except Exception as fault:  # one record stops no other
                log.exception("step_failed", reference=record.reference)
                words = f"{type(fault).__name__}: {fault}"
                return self._not_taken(record, row.step, AccountingError(Verdict.ATTENTION, Reason.INTERNAL, words))
        return None

    def _take(self, record: Record, row: StepRow) -> bool:
        """Return whether the step is done; one that was asked for before is looked for first."""
        there = record.accounting_id or ""
        if row.step is Step.SEND and row.has_been_asked_for and self._is_asked_for(there, row):
            return False
        compared = self._as_delivered(record, row)
        if compared is None:
            return False
        match row.step:
            case Step.ATTACH:
                return self._attach(compared, row)
            case Step.CONFIRM:
                if compared.accounting_state is not Stage.CONFIRMED:
                    self.system.confirm(there)
                    self.outbox.set(compared, SENDER, "confirmed", accounting_state=Stage.CONFIRMED)
            case Step.SEND:
                self._asking(compared, row)
                self.system.send(there)
                if compared.accounting_state is not Stage.SENDING:
                    self.outbox.set(compared, SENDER, "asked to be sent", accounting_state=Stage.SENDING)
                return False  # it is done when it has been seen to be sent
        return True

    def _attach(self, record: Record, row: StepRow) -> bool:
        there = record.accounting_id or ""
        name = f"nota-{''.join(c if c.isalnum() else '-' for c in record.receipt)}.pdf"
        if not self._is_fresh(row):
            if name in self.system.attachments(there):
                return True
            if self._may_still_show(row):
                return False
        content = self.paper(record.invoice())
        self._asking(record, row)
        self.system.attach(there, name, content)
        return True

    def _is_asked_for(self, there: str, row: StepRow) -> bool:
        """Whether the sending is under way, or may be: the answer to a request that was lost may still show."""
        state = self.system.send_state(there)
        if state and state.error and not state.under_way:
            raise AccountingError(Verdict.ATTENTION, Reason.SEND_FAILED, state.error)
        if state and (state.under_way or state.sent_at):
            return True
        return self._may_still_show(row)

    def _may_still_show(self, row: StepRow) -> bool:
        """Whether it is too early to say that what was asked for has not been carried out: reads may lag behind."""
        return row.has_been_asked_for and self.clock() - row.at < self.settle_time

    def _is_fresh(self, row: StepRow) -> bool:
        """Whether the draft was made or looked at a moment ago, and nothing has been asked for since."""
        return row.detail is None and timedelta(0) <= self.clock() - row.at < _FRESH

    def _asking(self, record: Record, row: StepRow) -> None:
        """Remember that it has been asked for, before it is."""
        self.outbox.steps.write(record, row.step, StepState.TO_DO, ASKED)

    def _as_delivered(self, record: Record, row: StepRow) -> Record | None:
        """Return the record as it is now; None when its draft is not what we compared: a person has been at it."""
        if self._is_fresh(row):
            return record
        posted = self.system.order(record.accounting_id or "")
        if posted is None:
            raise AccountingError(Verdict.UNKNOWN, Reason.GONE, "the draft is not to be found (yet)", status=404)
        now = write_standing(self.outbox, record, posted)
        return None if now.needs_a_person else now

    def _not_taken(
        self, record: Record, step: Step, error: AccountingError, *, may_lag: bool = False
    ) -> AccountingError:
        """Let the step wait, or a person; a first 404 may be of a draft that cannot be read yet."""
        words = f"{step}: {error.words}"
        # A 409 is no duplicate here: the draft is being sent.
        if error.verdict is not Verdict.ATTENTION or (error.status == 404 and may_lag):
            self.outbox.steps.write(record, step, StepState.TO_DO, words)
        else:
            reason = error.reason if error.reason in SET_UP_REASONS else _FAILURES[step]
            with self.outbox.database.transaction():
                self.outbox.steps.write(record, step, StepState.FAILED, words)
                trouble(self.outbox, self.outbox.get(record.id), reason, words)
            log.warning("step_failed", reference=record.reference, step=step, reason=reason)
        return error

    # -- sent ------------------------------------------------------------------------------------------------------

    def see_sent(self, records: Backlog) -> Backlog:
        """See which of the records that were asked to be sent have been, in one request; return those that have not."""
        waiting = records.only(self._awaited)
        oldest = min((record.created_at for record in waiting), default=None)
        if oldest is None:
            return waiting
        listing = Listing.made_of(self.system.sent_since(oldest - timedelta(days=1)))
        for record in waiting:
            if posted := listing.find(record):
                write_standing(self.outbox, self.outbox.get(record.id), posted)
        return waiting.only(self._awaited)

    def hear_why_not(self, record: Record) -> None:
        """Ask of one record that was to be sent and is not there whether it could not be; one request."""
        state = self.system.send_state(record.accounting_id or "")
        if state and state.error and not state.under_way:
            self._not_taken(record, Step.SEND, AccountingError(Verdict.ATTENTION, Reason.SEND_FAILED, state.error))

    def has_asked_since(self, record: Record, moment: datetime) -> bool:
        """Whether a record has been asked to be sent since a moment."""
        row = self.outbox.steps.get(record, Step.SEND)
        return row is not None and row.at >= moment and self._awaited(record)

    def _awaited(self, record: Record) -> bool:
        row = self.outbox.steps.get(record, Step.SEND)
        return row is not None and row.state is StepState.TO_DO and row.has_been_asked_for
