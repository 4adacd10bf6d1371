"""The one way to DELIVERED: what stands in the accounting system is compared before we believe it."""

from __future__ import annotations

from collections.abc import Sequence

from posplugin.accounting_system import SENT_STAGES, AccountingError, AccountingSystem, Posted, Stage
from posplugin.domain.clock import to_text
from posplugin.domain.money import kroner_text
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import generations
from posplugin.outbox.steps import FOUND, Step, StepState
from posplugin.outbox.store import Outbox

SENDER = "sender"


def settle(
    outbox: Outbox,
    system: AccountingSystem,
    record: Record,
    posted: Posted,
    how: str,
    *,
    steps: Sequence[Step] = (),
    just_made: bool = False,
) -> Record:
    """Compare reference, customer and total, and move the record: delivered, or a person must look.

    It does not matter whether the document came from our own order's answer, from a look-up or after a duplicate
    answer. With the delivery, the `steps` that follow it are written down, unless a person has sent the draft already.
    A draft that we have `just_made` and whose total differs is deleted again, so that nobody sends it; one that was
    found may have been changed by a person since, and is left alone.
    """
    if posted.reference not in generations(record.reference):
        detail = f"order {posted.number} carries the reference {posted.reference or '(none)'}, not {record.reference}"
        return _attention(outbox, record, Reason.REFERENCE_IN_USE, detail)
    told = {
        "accounting_id": posted.accounting_id,
        "accounting_number": posted.number,
        "accounting_state": posted.stage,
        "invoice_number": posted.invoice_number,
        "sent_at": to_text(posted.sent_at) if posted.sent_at else None,
        "uncertain_since": None,
    }
    if posted.customer_number != record.customer_number:
        detail = f"order {posted.number} of that reference is on customer {posted.customer_number}"
        return _attention(outbox, record, Reason.REFERENCE_IN_USE, detail)
    if posted.total != record.amount:
        detail = (
            f"order {posted.number} came to {kroner_text(posted.total)} instead of {kroner_text(record.amount)}; "
            + _withdrawn(outbox, system, record, posted, just_made=just_made)
        )
        return _attention(outbox, record, Reason.TOTALS_DIFFER, detail)
    if posted.stage is Stage.GONE:
        return _attention(outbox, record, Reason.GONE, f"invoice {posted.invoice_number} has been reversed there")
    with outbox.database.transaction():
        delivered = outbox.move(record, Status.DELIVERED, SENDER, how, **told)
        outbox.steps.forget(delivered)  # of a draft that was withdrawn, or could not be
        for step in steps if posted.stage not in SENT_STAGES else ():
            outbox.steps.plan(delivered, step, None if just_made else FOUND)
    return delivered


def _withdrawn(outbox: Outbox, system: AccountingSystem, record: Record, posted: Posted, *, just_made: bool) -> str:
    """Delete a draft that came out wrong, now or where that failed before, unless a person has touched it since."""
    as_it_is = f"{posted.accounting_id}, {posted.total} øre"
    if posted.stage is not Stage.DRAFT:
        return f"it is {posted.stage} already, and stays there"
    if not just_made and not _failed_before(outbox, record, as_it_is):
        return "somebody may have changed it there"
    try:
        system.withdraw(posted)
    except AccountingError as error:
        outbox.steps.write(record, Step.WITHDRAW, StepState.FAILED, as_it_is)
        return f"the draft could not be deleted ({error.words}): delete it in PowerOffice"
    outbox.steps.write(record, Step.WITHDRAW, StepState.DONE, as_it_is)
    return "the draft has been deleted again"


def _failed_before(outbox: Outbox, record: Record, as_it_is: str) -> bool:
    row = outbox.steps.get(record, Step.WITHDRAW)
    return row is not None and (row.state, row.detail) == (StepState.FAILED, as_it_is)


def _attention(outbox: Outbox, record: Record, reason: Reason, detail: str) -> Record:
    if (record.status, record.reason, record.detail) == (Status.NEEDS_ATTENTION, reason, detail):
        return record
    if record.status is Status.NEEDS_ATTENTION:
        return outbox.set(record, SENDER, detail, reason=reason, detail=detail)
    return outbox.move(record, Status.NEEDS_ATTENTION, SENDER, detail, reason=reason, detail=detail)
