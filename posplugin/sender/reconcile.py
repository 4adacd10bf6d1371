"""Look-ups: what the accounting system already has is never sent again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from posplugin.accounting_system import AccountingSystem, Posted
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.reasons import Reason
from posplugin.logs import get_logger
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import generations
from posplugin.outbox.retry import RetryPolicy
from posplugin.outbox.store import Outbox
from posplugin.sender.settle import SENDER, settle

log = get_logger("sender")

#: "Not there" is believed on the second look, never on one.
LOOKS = 2
#: Clocks differ; a listing begins this much before the oldest record.
_MARGIN = timedelta(hours=1)
#: A person decides about these, whatever stands in the accounting system.
_NOT_LOOKED_FOR = frozenset({Reason.CAPTURED_AFTER_VOID, Reason.UNCONFIRMED_SALE, Reason.CONTENT_DAMAGED})


@dataclass(frozen=True, slots=True)
class Listing:
    """Our documents in the accounting system, by reference."""

    by_reference: Mapping[str, Posted]

    @classmethod
    def of(cls, system: AccountingSystem, records: Iterable[Record]) -> Listing:
        """Ask for everything since the oldest of the records."""
        return cls.made_of(system.posted_since(min(map(_sold_after, records)) - _MARGIN))

    @classmethod
    def made_of(cls, posted: Sequence[Posted]) -> Listing:
        """Index documents; where a reference stands twice, the first made counts."""
        return cls({document.reference: document for document in reversed(posted)})

    def find(self, record: Record) -> Posted | None:
        """Return the document of a record, of its newest generation that is there."""
        found = (self.by_reference.get(name) for name in generations(record.reference))
        return next((posted for posted in found if posted), None)


def _sold_after(record: Record) -> datetime:
    """Return a moment before which a record cannot have been sent.

    A record may be younger than its order: made anew by the till after an old backup was put back.
    """
    return min(record.created_at, datetime.combine(record.business_date, time(), UTC))


def look_for(
    outbox: Outbox,
    system: AccountingSystem,
    records: Sequence[Record],
    *,
    now: datetime,
    settle_time: timedelta,
    policy: RetryPolicy,
) -> None:
    """Settle every record that stands in the accounting system, and count a look for those of unknown fate."""
    if not records:
        return
    listing = Listing.of(system, records)
    for record in records:
        posted = listing.find(record)
        try:
            if posted and record.reason not in _NOT_LOOKED_FOR:
                settle(outbox, system, record, posted, "found in the accounting system")
            elif record.status is Status.UNCERTAIN:
                _not_found(outbox, record, now, settle_time, policy)
        except IllegalTransition:
            log.info("record_moved_meanwhile", reference=record.reference)  # by a person: the next look sees it


def _not_found(outbox: Outbox, record: Record, now: datetime, settle_time: timedelta, policy: RetryPolicy) -> None:
    """Reads may lag writes, so a record is given time and a second look before "not there" counts."""
    looks = record.looks + 1
    lost_at = record.uncertain_since or record.updated_at
    if looks < LOOKS or now - lost_at < settle_time:
        outbox.set(record, SENDER, "looked for, not there (yet)", looks=looks)
        return
    told = {"looks": 0, "uncertain_since": None, "attempts": record.attempts + 1}
    if record.reason is Reason.REFERENCE_IN_USE:
        detail = "the accounting system says that the reference is in use, but has no document of that reference"
        outbox.move(
            record, Status.NEEDS_ATTENTION, SENDER, detail, reason=Reason.REFERENCE_BLOCKED, detail=detail, **told
        )
    elif policy.exhausted(record.attempts + 1):
        detail = f"not there after {record.attempts + 1} tries"
        outbox.move(
            record, Status.NEEDS_ATTENTION, SENDER, detail, reason=Reason.ATTEMPTS_EXHAUSTED, detail=detail, **told
        )
    else:
        outbox.move(record, Status.PENDING, SENDER, "not there on two looks: may be sent again", **told)
