"""One record, one try."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import timedelta

from posplugin.accounting_system import AccountingError, AccountingSystem, Posted, Verdict
from posplugin.domain.clock import Clock, to_text
from posplugin.domain.documents import Invoice
from posplugin.domain.errors import IllegalTransition, OutboxUnavailable
from posplugin.domain.money import kroner_text
from posplugin.domain.reasons import Reason
from posplugin.logs import get_logger
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Attempt, Record
from posplugin.outbox.reference import generations
from posplugin.outbox.steps import Step
from posplugin.outbox.store import Outbox
from posplugin.sender.originals import Waiting, original_of
from posplugin.sender.reconcile import Listing
from posplugin.sender.settle import SENDER, settle

log = get_logger("sender")

#: How long a credit note waits for an original that is nowhere to be seen.
_WAITS_FOR_ORIGINAL = timedelta(days=2)
_LOOK_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a try needs."""

    outbox: Outbox
    system: AccountingSystem
    clock: Clock
    #: What follows each delivery.
    steps: Sequence[Step] = ()
    run_id: int | None = None

    def attempt(self, record: Record) -> Posted | AccountingError | None:
        """Try one PENDING record; return what the accounting system answered, None when it was not asked."""
        try:
            return self._attempt(record)
        except IllegalTransition:
            log.info("record_moved_meanwhile", reference=record.reference)  # by a person: the next run sees it
            return None

    def _attempt(self, record: Record) -> Posted | AccountingError | None:
        try:
            invoice = record.invoice()
            original = original_of(self.outbox, self.system, record, invoice)
            if self._stands_there_already(record):
                return None
        except ContentDamaged as error:
            self._attention(record, Reason.CONTENT_DAMAGED, str(error))
            return None
        except Waiting as waiting:
            self._wait(record, waiting)
            return None
        except AccountingError as error:
            if error.verdict is not Verdict.STOP:
                self._attention(record, error.reason, error.words)
            return error
        claimed = self.outbox.move(record, Status.SENDING, SENDER, "taken in hand")
        return self._send(claimed, invoice, original)

    def _stands_there_already(self, record: Record) -> bool:
        """Before a document is made anew, it is looked for whoever made it and whomever it is on now."""
        if len(generations(record.reference)) == 1:
            return False
        if posted := Listing.made_of(self.system.posted_for(record.customer_number or 0)).find(record):
            settle(self.outbox, self.system, record, posted, "found before it was made anew", steps=self.steps)
            return True
        before = self.system.order(record.accounting_id) if record.accounting_id else None
        if before and before.reference in generations(record.reference)[1:]:
            words = f"order {before.number} of an earlier try stands there still: delete it, or let this record go"
            self._attention(record, Reason.CHANGED, words)
            return True
        return False

    def _send(self, record: Record, invoice: Invoice, original: Posted | None) -> Posted | AccountingError | None:
        began, at, request = time.monotonic(), self.clock(), ""
        posted, error = None, None
        try:
            request = self.system.request_for(invoice, record.reference, original)
            posted = self.system.deliver(invoice, record.reference, original)
        except AccountingError as fault:
            error = fault
        except Exception as fault:
            log.exception("delivery_failed", reference=record.reference)
            error = AccountingError(Verdict.ATTENTION, Reason.INTERNAL, f"{type(fault).__name__}: {fault}")
        outcome = "accepted" if posted else str(error.verdict if error else "")
        answered = Attempt(
            at=at,
            took_ms=round((time.monotonic() - began) * 1000),
            request=request,
            outcome=outcome,
            status=201 if posted else error.status if error else None,
            answer=_told(posted) if posted else error.words if error else None,
        )
        log.info("delivery_tried", reference=record.reference, outcome=outcome)
        self._conclude(record, answered, posted, error)
        return posted or error

    def _conclude(
        self, record: Record, answered: Attempt, posted: Posted | None, error: AccountingError | None
    ) -> None:
        """Write down what was answered and what follows from it: in one commit, where nothing more is asked first."""
        will_withdraw = posted is not None and posted.total != record.amount
        try:
            with nullcontext() if will_withdraw else self.outbox.database.transaction():
                self.outbox.attempted(record, answered, self.run_id)
                if posted:
                    how = "accepted by the accounting system"
                    settle(self.outbox, self.system, record, posted, how, steps=self.steps, just_made=True)
                elif error:
                    self._failed(record, error)
        except Exception:
            if not will_withdraw:  # moved meanwhile, or a fault of ours: what was answered is kept all the same
                with suppress(OutboxUnavailable):  # the same again: what was first wrong is told
                    self.outbox.attempted(record, answered, self.run_id)
            raise

    def _failed(self, record: Record, error: AccountingError) -> None:
        match error.verdict:
            case Verdict.STOP:  # nothing happened to this record: it costs no attempt
                self.outbox.move(record, Status.PENDING, SENDER, error.words, detail=error.words)
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

    def _wait(self, record: Record, waiting: Waiting) -> None:
        """Wait as long as its original is under way here; one that is nowhere to be seen needs a person in the end."""
        why = str(waiting)
        # counted from when it was first missed: after an outage its original may have been sent a moment ago
        missed = [event.at for event in self.outbox.events(record) if event.why == why]
        too_long = missed and self.clock() - missed[0] > _WAITS_FOR_ORIGINAL and not waiting.on_its_way
        if waiting.hopeless or too_long:
            self._attention(record, Reason.WAITING_FOR_ORIGINAL, why)
            return
        not_before = to_text(self.clock() + _LOOK_AGAIN)
        self.outbox.set(*(record, SENDER, why), reason=Reason.WAITING_FOR_ORIGINAL, detail=why, not_before=not_before)


def _told(posted: Posted) -> str:
    return f"order {posted.number}, total {kroner_text(posted.total)}"
