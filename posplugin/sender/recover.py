"""What a run begins with: what a death in the last one left, and promises that nobody confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta

from posplugin.domain.clock import to_text
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.reasons import Reason
from posplugin.logs import get_logger
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.sender.settle import SENDER

log = get_logger("sender")

#: A promise that the till has not confirmed within this time needs a person.
UNCONFIRMED_AFTER = timedelta(days=1)


def recover(outbox: Outbox, now: datetime) -> None:
    """Let what was in hand be looked up before anything else, and tell of promises that have grown old."""
    for record in outbox.in_status(Status.SENDING):
        why = "the sender died with it in hand"
        _move(outbox, record, Status.UNCERTAIN, why, uncertain_since=to_text(now), looks=0)
    for record in outbox.in_status(Status.AUTHORIZED):
        if abs(now - record.created_at) > UNCONFIRMED_AFTER:  # ahead of us: made by a clock that was wrong
            why = "the till never said whether the sale became final"
            _move(outbox, record, Status.NEEDS_ATTENTION, why, reason=Reason.UNCONFIRMED_SALE, detail=why)


def _move(outbox: Outbox, record: Record, to: Status, why: str, **values: object) -> None:
    try:
        outbox.move(record, to, SENDER, why, **values)
    except IllegalTransition:
        log.info("record_moved_meanwhile", reference=record.reference)
