"""A credit note goes out after what it credits, and never for more."""

from __future__ import annotations

from collections.abc import Sequence

from posplugin.accounting_system import AccountingError, AccountingSystem, Posted, Stage, Verdict
from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.money import kroner_text
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import generation, is_invoice_of
from posplugin.outbox.steps import Step, StepState
from posplugin.outbox.store import Outbox
from posplugin.sender.reconcile import Listing
from posplugin.sender.standing import difference_of

_UNDER_WAY = frozenset({Status.AUTHORIZED, Status.PENDING, Status.SENDING, Status.UNCERTAIN})

_OUT = frozenset({Status.SENDING, Status.UNCERTAIN, Status.DELIVERED})


class Waiting(Exception):
    """The original is not there yet: `on_its_way` from this outbox, or `hopeless` when it never will be by itself."""

    def __init__(self, why: str, *, on_its_way: bool = False, hopeless: bool = False) -> None:
        self.on_its_way = on_its_way
        self.hopeless = hopeless
        super().__init__(why)


def original_of(outbox: Outbox, system: AccountingSystem, record: Record, invoice: Invoice) -> Posted | None:
    """Return what a credit note credits, as it stands in the accounting system; None for an invoice.

    Raises `Waiting` while the original is on its way or nowhere to be seen, and `AccountingError` when it is another
    terminal's and more would be credited here than it came to.
    """
    if record.kind is not RecordKind.CREDIT_NOTE or invoice.original is None:
        return None
    sale = (invoice.original.terminal_id, invoice.original.sale_id)
    local = outbox.of_sale(*sale)
    ours = [each for each in local if each.customer_number == invoice.customer_number] or local
    if ours and not any(each.status is Status.DELIVERED for each in ours):
        raise Waiting(
            f"its original is {ours[0].status}",
            on_its_way=any(each.status in _UNDER_WAY for each in ours),
            hopeless=all(each.status is Status.DISCARDED for each in ours),
        )
    if ours and all(each.reason is Reason.GONE for each in ours):
        raise Waiting("its original is gone from the accounting system", hopeless=True)
    if unsent := [each for each in ours if _to_be_sent(outbox, each)]:
        on_its_way = not any(each.needs_a_person for each in unsent)
        raise Waiting("its original has not been sent yet, and has no invoice number", on_its_way=on_its_way)
    there = system.posted_for(invoice.customer_number)
    if not ours:
        return _of_another_terminal(outbox, record, there, sale)
    listing = Listing.made_of(there)
    for each in ours:
        posted = listing.find(each)
        if posted is None:
            continue
        if posted.stage is Stage.GONE:
            raise Waiting("its original has been reversed", hopeless=True)
        if difference := difference_of(outbox, each, posted):
            raise Waiting(f"its original is another than was delivered: {difference}", hopeless=True)
        if posted.total != each.amount:  # accepted as it stands; the till knew only what it had delivered
            _refuse_too_much(outbox, record, posted.total, sale)
        return posted
    raise Waiting("its original is not in the accounting system")


def _of_another_terminal(outbox: Outbox, record: Record, there: Sequence[Posted], sale: tuple[str, str]) -> Posted:
    """The till could not compare a return with another terminal's sale; here at least the totals can be."""
    newest: dict[str, Posted] = {}
    for posted in sorted(there, key=lambda each: generation(each.reference)):
        if is_invoice_of(posted.reference, *sale) and posted.stage is not Stage.GONE:
            newest[posted.reference.rpartition("-")[0]] = posted
    if not newest:
        raise Waiting("its original is not in the accounting system")
    _refuse_too_much(outbox, record, sum(posted.total for posted in newest.values()), sale)
    return next(iter(newest.values()))


def _to_be_sent(outbox: Outbox, record: Record) -> bool:
    step = outbox.steps.get(record, Step.SEND)
    return record.status is Status.DELIVERED and step is not None and step.state is not StepState.DONE


def _comes_before(other: Record, record: Record) -> bool:
    """Whether another credit note of the sale counts: it is out, or is older and will be; two are tried at a time."""
    if other.id == record.id:
        return False
    return other.status in _OUT or (other.status is Status.PENDING and other.id < record.id)


def _refuse_too_much(outbox: Outbox, record: Record, total: int, sale: tuple[str, str]) -> None:
    before = [each.amount for each in outbox.credits_of(*sale) if _comes_before(each, record)]
    if total + sum(before) + record.amount < 0:
        words = (
            f"the original came to {kroner_text(total)}, {kroner_text(-sum(before))} of it has been credited, "
            f"and this would credit {kroner_text(-record.amount)} more"
        )
        raise AccountingError(Verdict.ATTENTION, Reason.TOTALS_DIFFER, words)
