"""How long a run that goes on waits between two passes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from posplugin.domain.clock import from_text
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record

#: What one look missed was written down one after another, and is tried again together.
_TOGETHER = timedelta(seconds=1)


def until_one_goes_on(
    waiting: Iterable[Record], *, now: datetime, settle_time: timedelta, otherwise: timedelta
) -> timedelta:
    """Return how long it takes until the first of the records that wait can be sent; `otherwise` where there is none.

    One whose answer was lost can be when it has not been found for `settle_time`.
    """
    return min((_until(record, now, settle_time) for record in waiting), default=otherwise)


def _until(record: Record, now: datetime, settle_time: timedelta) -> timedelta:
    if record.status is Status.UNCERTAIN and record.looks:  # else nobody has looked: it could not be reached
        return max(timedelta(0), record.updated_at + settle_time + _TOGETHER - now)
    return timedelta(0) if record.is_due(now) else from_text(record.not_before) - now
