"""The one way to DELIVERED: what stands in the accounting system is compared before we believe it."""

from __future__ import annotations

from posplugin.accounting_system import AccountingError, AccountingSystem, Posted, Stage
from posplugin.domain.money import kroner_text
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import generations
from posplugin.outbox.store import Outbox

SENDER = "sender"
_WITHDRAW = "withdraw"


def settle(
    outbox: Outbox,
    system: AccountingSystem,
    record: Record,
    posted: Posted,
    how: str,
    *,
    just_made: bool = False,
) -> Record:
    """Compare reference, customer and total, and move the record: delivered, or a person must look.

    It does not matter whether the document came from our own order's answer, from a look-up or after a duplicate
    answer. A draft that we have `just_made` and whose total differs is deleted again, so that nobody sends it; one
    that was found may have been changed by a person since, and is left alone.
    """
    if posted.reference not in generations(record.reference):
        detail = f"order {posted.number} carries the reference {posted.reference or '(none)'}, not {record.reference}"
        return _attention(outbox, record, Reason.REFERENCE_IN_USE, detail)
    told = {
        "accounting_id": posted.accounting_id,
        "accounting_number": posted.number,
        "accounting_state": posted.stage,
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
    return outbox.move(record, Status.DELIVERED, SENDER, how, **told)


def _withdrawn(outbox: Outbox, system: AccountingSystem, record: Record, posted: Posted, *, just_made: bool) -> str:
    """Delete a draft that came out wrong, now or where that failed before, unless a person has touched it since."""
    as_it_is = f"{posted.accounting_id}, {posted.total} øre"
    if posted.stage is not Stage.DRAFT:
        return f"it is {posted.stage} already, and stays there"
    if not just_made and outbox.step_of(record, _WITHDRAW) != ("failed", as_it_is):
        return "somebody may have changed it there"
    try:
        system.withdraw(posted)
    except AccountingError as error:
        outbox.step(record, _WITHDRAW, "failed", as_it_is)
        return f"the draft could not be deleted ({error.words}): delete it in PowerOffice"
    outbox.step(record, _WITHDRAW, "done", as_it_is)
    return "the draft has been deleted again"


def _attention(outbox: Outbox, record: Record, reason: Reason, detail: str) -> Record:
    if (record.status, record.reason, record.detail) == (Status.NEEDS_ATTENTION, reason, detail):
        return record
    if record.status is Status.NEEDS_ATTENTION:
        return outbox.set(record, SENDER, detail, reason=reason, detail=detail)
    return outbox.move(record, Status.NEEDS_ATTENTION, SENDER, detail, reason=reason, detail=detail)
