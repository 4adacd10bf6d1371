"""Nightly: what has become of the settlements that were posted, or left as drafts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from posplugin.accounting_system import Journals, PostedJournal, Stage
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.reasons import Reason
from posplugin.outbox.record import Record
from posplugin.outbox.steps import FOUND, Step
from posplugin.outbox.store import Outbox
from posplugin.sender.journals import JournalListing, difference_from, row_of, told_of_several
from posplugin.sender.reconcile import LOOKS, MARGIN
from posplugin.sender.settle import SENDER
from posplugin.sender.standing import trouble

#: A settlement is followed this long: a year's accounts have been closed by then.
_FOLLOWED_FOR = timedelta(days=500)
#: What was tried twice, since the first was not to be found, may show twice: within such a time.
_SHOWS_WITHIN = timedelta(days=3)
#: Where reversals may not be read, each journal is asked for, this long.
_ASKED_ONE_BY_ONE = timedelta(days=40)


def follow_journals(
    outbox: Outbox,
    journals: Journals,
    departments: Sequence[str],
    now: datetime,
    settle_time: timedelta,
    *,
    papers: bool = False,
) -> None:
    """Write down what was reversed, what a person has posted or deleted of the drafts, and numbers not told before.

    `papers`: whether the Z report goes on what could not be read before. One request for all that was posted, one more
    for what was posted in the last three days, of which a second voucher may show yet, and up to two for each draft;
    one that a person has posted has no number to ask for. Raises `AccountingError`.
    """
    followed = [record for record in _delivered(outbox, now) if record.department in departments]
    posted = [record for record in followed if record.accounting_state is Stage.POSTED]
    _unread(outbox, journals, [record for record in followed if record.accounting_id is None], now, papers=papers)
    _doubled(outbox, journals, [record for record in posted if _may_be_doubled(outbox, record, now)], now)
    _reversed(outbox, journals, posted, now)
    for record in followed:
        if record.accounting_id is None:
            continue
        is_draft = record.accounting_state is Stage.DRAFT
        if is_draft or (record.accounting_number is None and not _left_as_draft(outbox, record)):
            there = journals.journal(record.accounting_id, as_draft=is_draft)
            if there or (is_draft and now - record.updated_at > settle_time):  # else it may not show yet
                _look(outbox, record, there)


def _delivered(outbox: Outbox, now: datetime) -> list[Record]:
    where = "kind = 'settlement' AND status = 'delivered' AND reason IS NOT 'gone' AND business_date >= ?"
    where += " ORDER BY business_date, id"  # as the index of settlements has them, so that it serves
    return outbox.select(where, ((now - _FOLLOWED_FOR).date().isoformat(),))


def _may_be_doubled(outbox: Outbox, record: Record, now: datetime) -> bool:
    is_young = now - record.updated_at < _SHOWS_WITHIN or record.reason is Reason.REFERENCE_IN_USE
    return is_young and record.accounting_id is not None and not _left_as_draft(outbox, record)


def _left_as_draft(outbox: Outbox, record: Record) -> bool:
    """Whether it was; what is followed for a year and more is asked of it no oftener than need be."""
    row = row_of(outbox, record)
    return row is not None and row.as_draft


def _doubled(outbox: Outbox, journals: Journals, posted: Sequence[Record], now: datetime) -> None:
    """Two vouchers of one reference are told; once all but one have been reversed, that one is what we posted."""
    if not posted:
        return
    rows = [row for record in posted for row in outbox.settlements.journals(record)]
    listing = JournalListing.of(journals, posted, rows, now, drafts=False)
    for record in posted:
        found = listing.find(record)
        with suppress(IllegalTransition):
            if len(found) > 1:
                trouble(outbox, record, Reason.REFERENCE_IN_USE, told_of_several(found))
            elif found and record.reason is Reason.REFERENCE_IN_USE:
                told = {"reason": None, "detail": None} | _as_read(outbox, record, found[0])
                outbox.set(record, SENDER, "one voucher alone carries its reference now", **told)


def _reversed(outbox: Outbox, journals: Journals, posted: Sequence[Record], now: datetime) -> None:
    if not posted:
        return
    days = [record.business_date for record in posted]
    since = min(record.created_at for record in posted) - MARGIN
    gone = journals.reversed_since(min(days), max([*days, now.date()]), since)
    if gone is None:  # one by one, then, as long as somebody may have second thoughts
        young = [r for r in posted if r.accounting_id and r.business_date >= (now - _ASKED_ONE_BY_ONE).date()]
        there = {r.accounting_id: journals.journal(r.accounting_id or "", as_draft=False) for r in young}
        gone = frozenset(key for key, journal in there.items() if key and journal and journal.is_reversed)
    for record in posted:
        if record.accounting_id in gone:
            name = record.accounting_number or record.accounting_id
            _trouble(outbox, record, f"voucher {name} has been reversed in the accounting system")


def _unread(outbox: Outbox, journals: Journals, records: Sequence[Record], now: datetime, *, papers: bool) -> None:
    """What was taken on a duplicate answer's word is looked for and compared: it may be read by now."""
    if not records:
        return
    rows = [row for record in records for row in outbox.settlements.journals(record)]
    listing = JournalListing.of(journals, records, rows, now, drafts=False)
    for record in records:
        found = listing.find(record)
        if not found and listing.was_reversed(record):
            _trouble(outbox, record, "its voucher has been reversed in the accounting system")
        if len(found) != 1:
            continue
        told = _as_read(outbox, record, found[0])
        with suppress(IllegalTransition), outbox.database.transaction():
            now_read = outbox.set(record, SENDER, "may be read by now", **told)
            if papers and "reason" not in told:
                outbox.steps.plan(now_read, Step.ATTACH, FOUND)


def _as_read(outbox: Outbox, record: Record, there: PostedJournal) -> dict[str, Any]:
    """Return what is known of a voucher, with a reason where it is not what was posted."""
    told: dict[str, Any] = {"accounting_id": there.accounting_id, "accounting_number": there.number}
    row = row_of(outbox, record)
    difference = difference_from(row.journal, there) if row else "what was posted cannot be read here"
    if difference:
        told |= {"reason": Reason.TOTALS_DIFFER, "detail": f"voucher {there.number}: {difference}"}
    return told


def _look(outbox: Outbox, record: Record, there: PostedJournal | None) -> None:
    """A draft that is not there on two looks has been deleted."""
    with suppress(IllegalTransition):  # a person was quicker
        if there is None:
            if record.looks + 1 >= LOOKS:
                _trouble(outbox, record, f"draft {record.accounting_id} is not there any more")
            else:
                outbox.set(record, SENDER, "not there; it is looked for once more", looks=record.looks + 1)
            return
        stage = Stage.POSTED if there.is_posted else Stage.DRAFT
        if (record.accounting_state, record.accounting_number, record.looks) != (stage, there.number, 0):
            told = {"accounting_state": stage, "accounting_number": there.number, "looks": 0}
            outbox.set(record, SENDER, f"is {stage} in the accounting system", **told)


def _trouble(outbox: Outbox, record: Record, words: str) -> None:
    with suppress(IllegalTransition):
        trouble(outbox, record, Reason.GONE, words)
