"""Nightly, in few requests: what has become of all that was delivered and is not paid yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from posplugin.accounting_system import SENT_STAGES, AccountingSystem
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.reasons import Reason
from posplugin.logs import get_logger
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.sender.reconcile import MARGIN, Listing, sold_after
from posplugin.sender.standing import trouble, write_standing

log = get_logger("sender")

#: The law wants an invoice within a month of delivery: a draft this old needs a person.
UNSENT_AFTER = timedelta(days=25)
_DECIDED = frozenset({Reason.GONE, Reason.CHANGED})


def follow(
    outbox: Outbox,
    system: AccountingSystem,
    records: Sequence[Record],
    *,
    now: datetime,
    settle_time: timedelta,
    followed: datetime | None,
) -> None:
    """Write down where each delivered record stands: three requests, and two for each customer of what is missing.

    `followed` is when this was done last: payments are asked for since then.
    """
    if not records:
        return
    unsent = [record for record in records if record.accounting_state not in SENT_STAGES]
    documents = list(system.posted_since(min(map(sold_after, unsent)) - MARGIN)) if unsent else []
    since = followed or min(record.updated_at for record in records)
    listing = Listing.made_of([*documents, *system.balances_changed_since(since - MARGIN)])
    missing: defaultdict[int, list[Record]] = defaultdict(list)
    for record in records:
        if posted := listing.find(record):
            write_standing(outbox, record, posted)
        elif _may_be_gone(record) and now - record.updated_at > settle_time:
            missing[record.customer_number or 0].append(record)
    for customer, lost in missing.items():
        _look_once_more(outbox, system, customer, lost)
    for record in map(outbox.get, [record.id for record in unsent]):
        if record.reason is None and _too_old(record, now):
            _trouble(outbox, record, Reason.UNSENT, f"sold {record.business_date:%d.%m.%Y} and not sent yet")


def _look_once_more(outbox: Outbox, system: AccountingSystem, customer: int, records: Sequence[Record]) -> None:
    """Before we say that something is gone, everything its customer has is asked for, with no filter on time."""
    listing = Listing.made_of(system.posted_for(customer))
    for record in records:
        if posted := listing.find(record):
            write_standing(outbox, record, posted)
        else:
            log.warning("document_gone", reference=record.reference)
            _trouble(outbox, record, Reason.GONE, f"order {record.accounting_number} is no longer there")


def _trouble(outbox: Outbox, record: Record, reason: Reason, detail: str) -> None:
    with suppress(IllegalTransition):  # a person was quicker
        trouble(outbox, record, reason, detail)


def _may_be_gone(record: Record) -> bool:
    """An invoice stays in the list of invoices, and need not be in ours: only what changed is asked for."""
    return record.accounting_state not in SENT_STAGES and record.reason not in _DECIDED


def _too_old(record: Record, now: datetime) -> bool:
    return record.accounting_state not in SENT_STAGES and now - sold_after(record) > UNSENT_AFTER
