"""What a technician does with one settlement, or with a period of them; every change is durable and names who."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from posplugin.accounting_system import AccountingError, Journals, Stage
from posplugin.domain.documents import RecordKind
from posplugin.domain.errors import IllegalTransition, UsageError
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import SETTLEMENTS_OFF, Settlement
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.settlements import KeptAside
from posplugin.outbox.steps import Step, StepState
from posplugin.outbox.store import Outbox
from posplugin.sender.draw import SettlementTerms, draw_up
from posplugin.sender.journals import row_of
from posplugin.sender.lock import only_sender
from posplugin.sender.run import Client
from posplugin.settings.model import Settings
from posplugin.settling.preview import ACCEPTED, Preview, in_question, previews

#: PowerOffice's answer to the deletion of a draft that is not one any more, or about to be none.
_CONFLICT = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementDesk:
    """The settlements of one outbox."""

    settings: Settings
    outbox: Outbox
    terms: SettlementTerms
    #: Whom the events will name.
    who: str
    #: Opens the accounting system of every client key.
    clients: Callable[[], AbstractContextManager[list[Client]]]

    def preview(self, first: date | None = None, last: date | None = None) -> list[Preview]:
        """Return what is or will be posted of the Z reports of some days.

        Without days: of those on their way, waiting for a person, or taken back and not posted anew; else of the
        newest.
        """
        z_reports = in_question(self.outbox, first, last)
        return previews(self.outbox, self.terms, z_reports, self.settings.terminal.department)

    def aside(self) -> KeptAside | None:
        """Return which Z reports of this terminal could be posted and are not on their way: kept while that was off."""
        since = self.settings.invoicing.enabled_since or date.min
        return self.outbox.settlements.aside(self.settings.terminal.id, since)

    def enqueue(self, first: date, last: date) -> list[Record]:
        """Let the Z reports of a period be posted that were kept while settlements were off; return their records.

        Those on their way, posted or let go already stay as they are, and what lies before `enabled_since` too.
        """
        department = self.settings.terminal.department
        if not self.settings.settles(department):
            return []
        why = f"chosen by hand: {first} to {last}"
        found = [
            self.outbox.settlements.enqueue(Settlement(z=z, department=department), self.who, why)
            for z in self.outbox.settlements.between(first, last)
            if z.terminal_id == self.settings.terminal.id and self.settings.settles(department, z.business_date)
        ]
        return [record for record in found if record]

    def accept(self, record: Record, how: str) -> Record:
        """Take a Z although it and our invoices differ, as they differ now; should that change, a person is asked anew.

        Raises `IllegalTransition` for what does not wait for that, and `UsageError` without a `how`.
        """
        if not how.strip():
            raise UsageError("say why the Z is right, for the accountant")
        no = IllegalTransition(
            "{receipt} is {status}; only a settlement_mismatch can be accepted",
            receipt=record.receipt,
            status=record.status,
        )
        is_untried = record.status is Status.PENDING
        if record.kind is not RecordKind.SETTLEMENT or not (is_untried or record.reason is Reason.SETTLEMENT_MISMATCH):
            raise no
        trouble = draw_up(self.outbox, record.settlement(), self.terms, record=record).trouble
        differs = trouble if trouble and trouble.reason is Reason.SETTLEMENT_MISMATCH else None
        if is_untried and differs is None:
            raise no
        with self.outbox.database.transaction():
            if differs:
                self.outbox.steps.write(record, Step.ACCEPT, StepState.DONE, differs.words)
            if is_untried:
                return self.outbox.set(record, self.who, f"{ACCEPTED}{how}", detail=None)
            return self.outbox.move(record, Status.PENDING, self.who, f"{ACCEPTED}{how}")

    def reverse(self, record: Record, why: str, *, again: bool = False) -> Record:
        """Take a posted settlement back in the accounting system, or delete its draft; then post it anew, if `again`.

        Both stay in the history. Repeatable after a crash. Raises `AccountingError`, `AlreadySending`,
        `IllegalTransition` for what is not posted by us (a draft that a person has posted is theirs to reverse), and
        `UsageError` where it would not be posted anew, since no settlements are.
        """
        if not why.strip():
            raise UsageError("say why, for the accountant")
        if record.kind is not RecordKind.SETTLEMENT or record.status is not Status.DELIVERED:
            raise IllegalTransition(
                "{receipt} is {status}; only a posted settlement can be reversed",
                receipt=record.receipt,
                status=record.status,
            )
        if record.accounting_id is None:
            raise IllegalTransition(
                "{receipt} was posted, but which voucher it is may not be read: reverse it in PowerOffice",
                receipt=record.receipt,
            )
        settings = self.settings
        if again and not (record.department in settings.departments and settings.settles(record.department)):
            raise UsageError(SETTLEMENTS_OFF)
        with only_sender(self.outbox.database.path), self.clients() as clients:
            system = next((each.system for each in clients if record.department in each.departments), None)
            if system is None:
                raise UsageError(
                    "no department {department} in the settings; reverse it in PowerOffice",
                    department=record.department,
                )
            if self.outbox.get(record.id) != record:
                raise IllegalTransition(
                    "{reference} is no longer as it was read; read it again", reference=record.receipt
                )
            if record.accounting_state is Stage.DRAFT:
                self._delete_draft(system.journals, record)
            elif record.accounting_state is not Stage.GONE:  # else somebody has done so there
                self._require_ours(record)
                system.journals.reverse(record.accounting_id)
            reversed_one = self.outbox.move(record, Status.REVERSED, self.who, why, detail=why)
        if not again:
            return reversed_one
        return self.outbox.next_generation(reversed_one, self.who, "to be posted anew")

    def _delete_draft(self, journals: Journals, record: Record) -> None:
        try:
            journals.delete_draft(record.accounting_id or "")
        except AccountingError as error:
            if error.status != _CONFLICT:
                raise
            raise IllegalTransition(
                "{receipt} was left as a draft, which somebody has posted by now or is approving: take it back in "
                "PowerOffice ({error})",
                receipt=record.receipt,
                error=error.words,
            ) from error

    def _require_ours(self, record: Record) -> None:
        row = row_of(self.outbox, record)
        if row and row.as_draft:
            raise IllegalTransition(
                "{receipt} was left as a draft, and somebody has posted it: reverse it in PowerOffice",
                receipt=record.receipt,
            )
