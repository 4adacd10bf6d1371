"""What would be posted of a settlement now, or why it cannot be: for the sender, and for whoever wants to see first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from posplugin.bookkeeping.ledger import LedgerAccounts
from posplugin.bookkeeping.reconciliation import Reconciliation, reconcile
from posplugin.bookkeeping.settlement import journal_lines, likely_cause
from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.money import kroner_text
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Journal, JournalLine, Settlement
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.our_sales import OurSales
from posplugin.outbox.record import Record
from posplugin.outbox.steps import Step
from posplugin.outbox.store import Outbox

_ON_THEIR_WAY = (Status.PENDING, Status.SENDING, Status.UNCERTAIN, Status.NEEDS_ATTENTION)
#: So many receipts are named.
_NAMED = 5
#: Makes the PDF of a Z: the settlement, what was posted of it, and what was invoiced in its time.
Paper = Callable[[Settlement, Journal, Sequence[Invoice]], bytes]
#: The accounting system's limit of SAF-T ids (API text).
_LONGEST_SAFT_ID = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementTerms:
    """What the settings say of settlements."""

    #: Whether settlements are switched on.
    enabled: bool
    #: A department's ledger; None where it has none.
    ledger_of: Callable[[str], LedgerAccounts | None]
    #: Whether two departments are of the same client of the accounting system.
    same_client: Callable[[str, str], bool]
    #: The head of the journal, and its lines with words for what is on them.
    description: Callable[[Settlement], str]
    worded: Callable[[Sequence[JournalLine]], tuple[JournalLine, ...]]
    #: The register's SystemID in its own SAF-T.
    saft_source_id: Callable[[Settlement], str]
    #: Makes the PDF of the Z; None: none is wanted.
    paper: Paper | None = None
    as_draft: bool = False
    after_invoices: bool = False
    first_open_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a settlement needs a person."""

    reason: Reason
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnUp:
    """A settlement as it would be posted now."""

    settlement: Settlement
    reconciliation: Reconciliation
    #: As whole as it can be drawn; post it only when there is no `trouble` and nothing to wait for.
    journal: Journal
    trouble: Trouble | None = None
    #: What it waits for, in words.
    waits_for: str | None = None
    #: Our invoices that it puts on clearing.
    cleared: tuple[Invoice, ...] = ()
    #: What has no account: lines whose account is 0, which are never posted.
    unplaced: tuple[JournalLine, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to post."""
        return not self.journal.lines


def draw_up(
    outbox: Outbox,
    settlement: Settlement,
    terms: SettlementTerms,
    *,
    record: Record | None = None,
    locked_until: date | None = None,
) -> DrawnUp:
    """Return what would be posted; nothing is written. `record` is the settlement's, where it has one already."""
    z = settlement.z
    ours = outbox.settlements.our_sales(z)
    found = reconcile(
        *(z, ours.invoices),
        discarded=ours.discarded,
        elsewhere=ours.elsewhere,
        damaged=ours.damaged,
        settled=ours.settled,
    )
    ledger = terms.ledger_of(settlement.department)
    journal = Journal(
        department=settlement.department,
        day=z.business_date,
        posting_date=z.business_date,
        description=terms.description(settlement),
        lines=(),
        number=z.number if isinstance(z.number, int) else None,
        saft_source_id=terms.saft_source_id(settlement)[:_LONGEST_SAFT_ID],
        saft_batch_id=str(z.number)[:_LONGEST_SAFT_ID],
    )
    drawn = DrawnUp(settlement=settlement, reconciliation=found, journal=journal)
    if ledger is None:
        words = f"department {settlement.department} has no ledger in the settings"
        return replace(drawn, trouble=Trouble(reason=Reason.ACCOUNT_MISSING, words=words))
    mismatch, accepted = _mismatch(outbox, drawn, record, terms)
    theirs = {invoice.department for invoice in (*found.invoices, *found.unlisted)} - {settlement.department}
    here = {name for name in theirs if terms.same_client(name, settlement.department)} | {settlement.department}
    cleared = tuple(invoice for invoice in found.cleared(accepted=accepted) if invoice.department in here)
    ledgers = {name: own for name in here - {settlement.department} if (own := terms.ledger_of(name))}
    booked = journal_lines(z, found, ledger, cleared=cleared, ledgers=ledgers)
    on = z.business_date
    if locked_until and on <= locked_until and terms.first_open_day:
        on = locked_until + timedelta(days=1)
    journal = replace(journal, lines=terms.worded(booked.lines), posting_date=on)
    drawn = replace(drawn, journal=journal, cleared=cleared, unplaced=terms.worded(booked.unplaced))
    troubles = (
        mismatch,
        _gaps(settlement, booked.gaps),
        _unbalanced(drawn),
        _locked(drawn, locked_until),
    )
    trouble = next((each for each in troubles if each), None)
    return replace(drawn, trouble=trouble, waits_for=_promised(ours) or _waits_for(outbox, settlement, terms))


def _mismatch(
    outbox: Outbox, drawn: DrawnUp, record: Record | None, terms: SettlementTerms
) -> tuple[Trouble | None, bool]:
    """Return what the till and we do not agree on, and whether a person has accepted just that."""
    words = "; ".join(filter(None, [drawn.reconciliation.words(), *_of_other_clients(drawn, terms)]))
    step = outbox.steps.get(record, Step.ACCEPT) if record else None
    accepted = bool(words) and step is not None and step.detail == words
    return Trouble(reason=Reason.SETTLEMENT_MISMATCH, words=words) if words and not accepted else None, accepted


def _of_other_clients(drawn: DrawnUp, terms: SettlementTerms) -> Iterator[str]:
    """What is cleared in another client's books cannot stand on this one's clearing account."""
    for invoice in drawn.reconciliation.invoices:
        is_cleared = invoice.vat_reported_by is VatReportedBy.SETTLEMENT
        if is_cleared and not terms.same_client(invoice.department, drawn.settlement.department):
            yield f"receipt {invoice.receipt} is department {invoice.department}'s, another client in PowerOffice"


def _gaps(settlement: Settlement, gaps: Sequence[str]) -> Trouble | None:
    if not gaps:
        return None
    return Trouble(reason=Reason.ACCOUNT_MISSING, words=f"department {settlement.department}: {'; '.join(gaps)}")


def _unbalanced(drawn: DrawnUp) -> Trouble | None:
    difference = drawn.journal.difference
    if not difference:
        return None
    cause = likely_cause(drawn.settlement.z, drawn.reconciliation.invoices)
    told = f"tenders exceed groups, tips and rounding by {kroner_text(difference)}"
    return Trouble(reason=Reason.UNBALANCED, words=f"{told}: {cause}" if cause else told)


def _locked(drawn: DrawnUp, locked_until: date | None) -> Trouble | None:
    if locked_until is None or drawn.journal.posting_date > locked_until:
        return None
    words = (
        f"{drawn.journal.posting_date:%d.%m.%Y} is locked: the books are closed up to and with {locked_until:%d.%m.%Y}"
    )
    return Trouble(reason=Reason.PERIOD_LOCKED, words=words)


def _promised(ours: OurSales) -> str | None:
    """Payments of the Z's time of which the till has not said whether they are final; it says so within a day."""
    if not ours.promised:
        return None
    return f"the till has not said yet whether these are final: {', '.join(ours.promised)}"


def _waits_for(outbox: Outbox, settlement: Settlement, terms: SettlementTerms) -> str | None:
    """The day's invoices that are still on their way, where the settlement is to come after them."""
    if not terms.after_invoices:
        return None
    z = settlement.z
    open_ones = [
        record.receipt
        for record in outbox.in_status(*_ON_THEIR_WAY)
        if record.terminal_id == z.terminal_id
        and record.business_date == z.business_date
        and record.kind is not settlement.kind
    ]
    if not open_ones:
        return None
    named = ", ".join(open_ones[:_NAMED]) + (", …" if len(open_ones) > _NAMED else "")
    return f"{len(open_ones)} of the day's invoices are on their way still: {named}"
