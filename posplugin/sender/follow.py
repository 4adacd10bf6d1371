"""Nightly, in few requests: what has become of all that was delivered and is not paid yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from posplugin.accounting_system import AccountingError, AccountingSystem, Verdict
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.reasons import Reason
from posplugin.logs import get_logger
from posplugin.outbox.record import Record
from posplugin.outbox.steps import Step, StepState
from posplugin.outbox.store import Outbox
from posplugin.sender.reconcile import LOOKS, MARGIN, Listing, sold_after
from posplugin.sender.settle import SENDER
from posplugin.sender.standing import trouble, write_standing

log = get_logger("sender")

#: The law wants an invoice within a month of delivery: a draft this old needs a person.
UNSENT_AFTER = timedelta(days=25)
#: How long after the delivery, or what has happened to it since, an invoice need not have been sent from here.
_SENT_WITHIN = timedelta(days=2)
_DECIDED = frozenset({Reason.GONE, Reason.CHANGED})


def last_followed(outbox: Outbox, departments: Sequence[str]) -> datetime | None:
    """Return when it was last asked where the documents of a client's departments stand."""
    note = outbox.note(_note(departments))
    return datetime.fromisoformat(note[0]) if note else None


def note_followed(outbox: Outbox, departments: Sequence[str], now: datetime) -> None:
    """Remember that it has been asked where all documents of a client's departments stand."""
    outbox.write_note(_note(departments), now.isoformat())


def _note(departments: Sequence[str]) -> str:
    return f"followed {departments[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Follows the documents of one client."""

    outbox: Outbox
    system: AccountingSystem
    departments: Sequence[str]
    settle_time: timedelta

    def follow(self, now: datetime) -> None:
        """Write down where each delivered record stands: three requests, and two for each customer of what is missing.

        Raises `AccountingError`; then what was done last still counts.
        """
        unsent = self.outbox.deliveries.unsent(self.departments)
        documents = self.system.posted_since(min(map(sold_after, unsent)) - MARGIN) if unsent else []
        listing = Listing.made_of(documents)
        missing = [record for record in unsent if not self._found(record, listing)]
        self._payments(now)
        if missing and not documents:
            self._refuse_another_client()
        elif documents:
            self._remember_client()
        by_customer: defaultdict[int, list[Record]] = defaultdict(list)
        for record in missing:
            if record.reason not in _DECIDED and now - record.updated_at > self.settle_time:
                by_customer[record.customer_number or 0].append(record)
        for customer, lost in by_customer.items():
            self._look_once_more(customer, lost)
        for record in self.outbox.deliveries.unsent(self.departments):
            if (
                record.reason is None
                and now - sold_after(record) > UNSENT_AFTER
                and not self._may_yet_be_sent(record, now)
            ):
                self._trouble(record, Reason.UNSENT, f"sold {record.business_date:%d.%m.%Y} and not sent yet")

    def _found(self, record: Record, listing: Listing) -> bool:
        posted = listing.find(record)
        if posted:
            write_standing(self.outbox, record, posted)
        return posted is not None

    def _payments(self, now: datetime) -> None:
        """An invoice that was sent is in no list of ours any more, until its balance changes."""
        since = self.outbox.deliveries.sent_and_unpaid_since(self.departments)
        if since is None:
            return
        followed = last_followed(self.outbox, self.departments)
        since = min(followed, now) if followed else since
        changed = {posted.reference: posted for posted in self.system.balances_changed_since(since - MARGIN)}
        for record in self.outbox.deliveries.named(list(changed)):
            write_standing(self.outbox, record, changed[record.reference])

    def _look_once_more(self, customer: int, records: Sequence[Record]) -> None:
        """Before we say that something is gone, everything its customer has is asked for, on two nights."""
        listing = Listing.made_of(self.system.posted_for(customer))
        for record in records:
            if self._found(record, listing):
                continue
            words = f"order {record.accounting_number} is not there"
            if record.looks + 1 >= LOOKS:
                log.warning("document_gone", reference=record.reference)
                self._trouble(record, Reason.GONE, words)
            else:
                with suppress(IllegalTransition):
                    self.outbox.set(record, SENDER, f"{words}; it is looked for once more", looks=record.looks + 1)

    def _may_yet_be_sent(self, record: Record, now: datetime) -> bool:
        """Whether it is to be sent from here, and nothing has kept it from that for long."""
        row = self.outbox.steps.get(record, Step.SEND)
        return row is not None and row.state is StepState.TO_DO and now - record.updated_at < _SENT_WITHIN

    def _trouble(self, record: Record, reason: Reason, detail: str) -> None:
        with suppress(IllegalTransition):  # a person was quicker
            trouble(self.outbox, record, reason, detail)

    # -- the same client? ------------------------------------------------------------------------------------------

    def _remember_client(self) -> None:
        if self.outbox.note(self._client_note) is None:
            self.outbox.write_note(self._client_note, self.system.client_id())

    def _refuse_another_client(self) -> None:
        """Nothing of ours is there at all: with another client's key everything would seem to be gone."""
        known, there = self.outbox.note(self._client_note), self.system.client_id()
        if known and known[0] != there:
            words = (
                f"the documents were delivered to client {known[0]}, and the client key of {self.departments[0]} leads "
                f"to client {there} now: where they stand cannot be asked with it"
            )
            raise AccountingError(Verdict.STOP, Reason.CREDENTIALS, words)

    @property
    def _client_note(self) -> str:
        return f"go_client {self.departments[0]}"
