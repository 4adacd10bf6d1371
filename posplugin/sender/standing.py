"""Where a delivered document stands in the accounting system: compared again, and written down."""

from __future__ import annotations

from posplugin.accounting_system import SENT_STAGES, Posted, Stage
from posplugin.domain.clock import to_text
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.money import kroner_text
from posplugin.domain.reasons import Reason
from posplugin.logs import get_logger
from posplugin.outbox.record import Record
from posplugin.outbox.steps import AGAIN, Step, StepState
from posplugin.outbox.store import Outbox
from posplugin.sender.settle import SENDER

log = get_logger("sender")

#: What is no trouble any more once the document stands there as it was delivered.
_SETTLED_BY_ITSELF = frozenset({Reason.GONE, Reason.CHANGED, Reason.UNSENT})
#: What we know better than a list of orders, in which both are drafts.
_OUR_OWN = frozenset({Stage.SENDING, Stage.SEND_FAILED})


def write_standing(outbox: Outbox, record: Record, posted: Posted) -> Record:
    """Write down how a delivered record stands, with an event when that is news; return it as it is now.

    A record that a person has moved meanwhile is left as it is.
    """
    try:
        return _write_standing(outbox, record, posted)
    except IllegalTransition:
        log.info("record_moved_meanwhile", reference=record.reference)
        return outbox.get(record.id)


def _write_standing(outbox: Outbox, record: Record, posted: Posted) -> Record:
    if posted.stage is Stage.GONE:
        return trouble(outbox, record, Reason.GONE, f"invoice {posted.invoice_number} has been reversed")
    if difference := difference_of(outbox, record, posted):
        return trouble(outbox, record, Reason.CHANGED, difference)
    is_sent = posted.stage in SENT_STAGES
    stage = record.accounting_state if record.accounting_state in _OUR_OWN and not is_sent else posted.stage
    reason = None if is_sent or record.reason in _SETTLED_BY_ITSELF else record.reason
    told = {
        "accounting_state": stage,
        "accounting_id": posted.accounting_id,
        "invoice_number": posted.invoice_number,
        "sent_at": to_text(posted.sent_at) if posted.sent_at else None,
        "reason": reason,
        "detail": record.detail if reason else None,
        "looks": 0,
    }
    with outbox.database.transaction():
        for row in outbox.steps.of(record):
            if row.step is Step.ACCEPT and row.detail is None:
                outbox.steps.write(record, row.step, StepState.DONE, as_it_stands(posted))
            elif is_sent and row.state is not StepState.DONE:
                outbox.steps.write(record, row.step, StepState.DONE, "sent")
            elif row.state is StepState.FAILED and record.reason in _SETTLED_BY_ITSELF:
                outbox.steps.write(record, row.step, StepState.TO_DO, AGAIN)  # what hid its failure is no more
        if (record.accounting_state, record.reason, record.looks) == (stage, reason, 0):
            return record
        return outbox.set(record, SENDER, f"is {stage} in the accounting system", **told)


def trouble(outbox: Outbox, record: Record, reason: Reason, detail: str) -> Record:
    """Say that a person must act on a delivered record; no news, no event. Raises `IllegalTransition`."""
    stage = {Reason.GONE: Stage.GONE, Reason.CHANGED: Stage.CHANGED, Reason.SEND_FAILED: Stage.SEND_FAILED}.get(reason)
    if (record.reason, record.detail) == (reason, detail):
        return record
    told = {"reason": reason, "detail": detail, "accounting_state": stage or record.accounting_state}
    return outbox.set(record, SENDER, detail, **told)


def as_it_stands(posted: Posted) -> str:
    """Return what a person accepts of a document that is another than we delivered."""
    return f"customer {posted.customer_number}, {posted.total} øre"


def difference_of(outbox: Outbox, record: Record, posted: Posted) -> str | None:
    """Say in what a document differs from what was delivered, unless a person has accepted that."""
    accepted = outbox.steps.get(record, Step.ACCEPT)
    if accepted and accepted.detail in (None, as_it_stands(posted)):
        return None
    what = f"invoice {posted.invoice_number}" if posted.invoice_number else f"order {posted.number}"
    if record.customer_number is not None and posted.customer_number != record.customer_number:
        return f"{what} is on customer {posted.customer_number} now, and was delivered on {record.customer_number}"
    if posted.total != record.amount:
        verb = "was sent with" if posted.stage in SENT_STAGES else "comes to"
        return f"{what} {verb} {kroner_text(posted.total)}, and was delivered with {kroner_text(record.amount)}"
    return None
