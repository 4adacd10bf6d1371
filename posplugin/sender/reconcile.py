"""Look-ups: what the accounting system already has is never sent again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from posplugin.accounting_system import SENT_STAGES, AccountingSystem, Posted, Stage
from posplugin.domain.clock import to_text
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.reasons import Reason
from posplugin.logs import get_logger
from posplugin.outbox.backlog import Backlog
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import generations
from posplugin.outbox.retry import RetryPolicy
from posplugin.outbox.steps import Step
from posplugin.outbox.store import Outbox
from posplugin.sender.settle import SENDER, settle

log = get_logger("sender")

#: "Not there" is believed on the second look, never on one.
LOOKS = 2
#: How many customers are asked for in one request at most.
_CUSTOMERS_AT_ONCE = 50
_NO_ORDERS = SENT_STAGES | {Stage.GONE}
#: Clocks differ; a listing begins this much before the oldest record.
MARGIN = timedelta(days=2)
#: A person decides about these, whatever stands in the accounting system.
_NOT_LOOKED_FOR = frozenset({Reason.CAPTURED_AFTER_VOID, Reason.UNCONFIRMED_SALE, Reason.CONTENT_DAMAGED})


@dataclass(frozen=True, slots=True)
class Listing:
    """Our documents in the accounting system, by reference."""

    by_reference: Mapping[str, Posted]
    #: References that more than one document carries, which the accounting system should never have let in.
    doubled: frozenset[str] = frozenset()

    @classmethod
    def of(cls, system: AccountingSystem, records: Iterable[Record]) -> Listing:
        """Ask for everything since the oldest of the records; nothing where there is none."""
        oldest = min(map(sold_after, records), default=None)
        return cls({}) if oldest is None else cls.made_of(system.posted_since(oldest - MARGIN))

    @classmethod
    def made_of(cls, posted: Sequence[Posted]) -> Listing:
        """Index documents by reference. One that is an order here and an invoice there has been sent meanwhile."""
        counts = Counter((document.reference, document.stage in _NO_ORDERS) for document in posted)
        doubled = frozenset(reference for (reference, _), count in counts.items() if count > 1)
        return cls({document.reference: document for document in posted}, doubled)

    def find(self, record: Record) -> Posted | None:
        """Return the document of a record, of its newest generation that is there.

        An earlier generation that was sent with something else, or reversed, is no draft that can be put right: a
        person has seen it and had the record made anew.
        """
        found = (self.by_reference.get(name) for name in generations(record.reference))
        return next((posted for posted in found if posted and not _left_behind(posted, record)), None)


def _left_behind(posted: Posted, record: Record) -> bool:
    """Whether nothing can come of an earlier generation any more: reversed, or sent wrong and since credited."""
    if posted.reference == record.reference:
        return False
    same = (posted.customer_number, posted.total) == (record.customer_number, record.amount)
    return posted.stage is Stage.GONE or (posted.stage is Stage.PAID and not same)


def sold_after(record: Record) -> datetime:
    """Return a moment before which a record cannot have been sent.

    A record may be younger than its order: made anew by the till after an old backup was put back.
    """
    return min(record.created_at, datetime.combine(record.business_date, time(), UTC))


def look_for(
    outbox: Outbox,
    system: AccountingSystem,
    records: Backlog,
    *,
    now: datetime,
    settle_time: timedelta,
    policy: RetryPolicy,
    steps: Sequence[Step] = (),
) -> None:
    """Settle every record that stands in the accounting system, and count a look for those of unknown fate."""
    listing = Listing.of(system, records)
    missing = []
    for record in records:
        posted = listing.find(record)
        try:
            if posted and posted.reference in listing.doubled:
                _doubled(outbox, record, posted)
            elif posted and record.reason not in _NOT_LOOKED_FOR:
                settle(outbox, system, record, posted, "found in the accounting system", steps=steps)
            elif record.status is Status.UNCERTAIN and has_had_time(
                outbox, record, system.time_there(), now=now, settle_time=settle_time
            ):
                missing.append(record)
        except IllegalTransition:
            log.info("record_moved_meanwhile", reference=record.reference)  # by a person: the next look sees it
    for first in range(0, len(missing), _CUSTOMERS_AT_ONCE):
        _not_found(outbox, system, missing[first : first + _CUSTOMERS_AT_ONCE], policy=policy, steps=steps)


def _doubled(outbox: Outbox, record: Record, posted: Posted) -> None:
    if record.status is not Status.NEEDS_ATTENTION:
        detail = f"several orders carry the reference {posted.reference}: delete all but one in the accounting system"
        outbox.move(record, Status.NEEDS_ATTENTION, SENDER, detail, reason=Reason.REFERENCE_IN_USE, detail=detail)


def has_had_time(
    outbox: Outbox, record: Record, there: datetime | None, *, now: datetime, settle_time: timedelta
) -> bool:
    """Whether what was posted must show by now: `settle_time` has passed since the first look, by both clocks.

    Ours may be put right meanwhile, and many servers tell the accounting system's, each by its own. The first look is
    kept in `uncertain_since` by theirs, None where it tells none, and in `updated_at` by ours: no later look changes
    the record. Only a clock that has gone back, or is told no more, or told for the first time, begins the wait anew.
    """
    first, first_here = record.uncertain_since, record.updated_at
    is_first = record.looks < LOOKS - 1
    if is_first or first_here > now or (first is None) != (there is None) or (first and there and first > there):
        since = to_text(there) if there else None
        outbox.set(record, SENDER, "looked for, not there (yet)", looks=LOOKS - 1, uncertain_since=since)
        return False
    passed = [now - first_here, *([there - first] if there and first else [])]
    return min(passed) >= settle_time


def _not_found(
    outbox: Outbox, system: AccountingSystem, records: Sequence[Record], *, policy: RetryPolicy, steps: Sequence[Step]
) -> None:
    """Reads may lag writes, so a record has been given time and a second look before "not there" counts.

    The last look asks for everything their customers have, whenever it was made and by whomever: our clock may be
    wrong, and so may the filters.
    """
    listing = Listing.made_of(system.posted_for(*sorted({record.customer_number or 0 for record in records})))
    for record in records:
        try:
            if posted := listing.find(record):
                settle(outbox, system, record, posted, "found among the customer's documents", steps=steps)
                continue
            reason, detail = None, "not there on two looks: may be sent again"
            if record.reason is Reason.REFERENCE_IN_USE:
                reason = Reason.REFERENCE_BLOCKED
                detail = (
                    "the accounting system says that the reference is in use, but has no document of that reference"
                )
            elif policy.exhausted(record.attempts):
                reason, detail = Reason.ATTEMPTS_EXHAUSTED, f"not there after {record.attempts} tries"
            to = Status.NEEDS_ATTENTION if reason else Status.PENDING
            outbox.move(record, to, SENDER, detail, reason=reason, detail=detail, looks=0, uncertain_since=None)
        except IllegalTransition:
            log.info("record_moved_meanwhile", reference=record.reference)
