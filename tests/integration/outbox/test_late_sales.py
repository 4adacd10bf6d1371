"""A sale that is captured when its Z has been posted is a later Z's, once; what a person saw to stays theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from posplugin.bookkeeping.reconciliation import Reconciliation, reconcile
from posplugin.domain.documents import VatReportedBy
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Settlement
from posplugin.domain.zreport import ZReport
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.our_sales import NOTHING_TO_POST
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from tests.fixtures.clocks import EVENING, Watch
from tests.fixtures.journals import JOURNAL
from tests.fixtures.sales import invoice, request, sale
from tests.fixtures.zreports import z_report

Settle = Callable[[Outbox, Record], object]
A_DAY = timedelta(days=1)
LATE = PaymentRef("bar-1", "late", "invoice")


def closed(number: int, at: datetime, invoiced: Sequence[PaymentRef] | None = None) -> ZReport:
    names = None if invoiced is None else tuple(invoiced)
    return z_report(number=number, business_date=at.date(), closed_at=at, invoiced=names)


def keep(outbox: Outbox, z: ZReport) -> Record:
    outbox.settlements.keep(z, Settlement(z=z, department="bar"), "tester")
    record = outbox.settlements.of(z)
    assert record is not None
    return record


def promise(outbox: Outbox, at: datetime, sale_id: str = "late", mode: str = "settlement") -> Record:
    made = invoice(request(sale(sale_id=sale_id, at=at)), business_date=at.date(), vat_reported_by=VatReportedBy(mode))
    return outbox.authorize(made)


def unconfirmed(outbox: Outbox, record: Record) -> Record:
    return outbox.move(record, Status.NEEDS_ATTENTION, "sender", reason=Reason.UNCONFIRMED_SALE)


def capture(outbox: Outbox, record: Record) -> Record:
    return outbox.capture(record.invoice, record.ref)


def draw(outbox: Outbox, record: Record, *cleared: PaymentRef) -> Record:
    claimed = outbox.move(record, Status.SENDING, "sender")
    outbox.settlements.write_journal(claimed, JOURNAL, as_draft=False, cleared=cleared)
    return claimed


def post(outbox: Outbox, record: Record, *cleared: PaymentRef) -> Record:
    return outbox.move(draw(outbox, record, *cleared), Status.DELIVERED, "sender")


def reconciled(outbox: Outbox, z: ZReport) -> Reconciliation:
    ours = outbox.settlements.our_sales(z)
    told: dict[str, Any] = {"discarded": ours.discarded, "elsewhere": ours.elsewhere, "damaged": ours.damaged}
    return reconcile(z, ours.invoices, **told, settled=ours.settled)


def taken(outbox: Outbox, z: ZReport) -> list[str]:
    return [each.ref.sale_id for each in reconciled(outbox, z).cleared()]


def _hold(outbox: Outbox, record: Record) -> object:
    return outbox.move(record, Status.NEEDS_ATTENTION, "sender", reason=Reason.UNBALANCED)


def _by_hand(outbox: Outbox, record: Record) -> object:
    return outbox.move(record, Status.DISCARDED, "kari", detail="posted by hand, voucher 17")


def _empty(outbox: Outbox, record: Record) -> object:
    return outbox.move(record, Status.DISCARDED, "sender", NOTHING_TO_POST, detail=NOTHING_TO_POST)


def _take_back(outbox: Outbox, record: Record) -> object:
    return outbox.move(post(outbox, record), Status.REVERSED, "kari")


def _uncertain(outbox: Outbox, record: Record) -> object:
    return outbox.move(draw(outbox, record), Status.UNCERTAIN, "sender")


#: What has become of the Z in whose time it was sold → whether the next one takes what was captured afterwards.
FATES: dict[str, tuple[Settle, bool]] = {
    "posted": (post, True),
    "being posted": (draw, True),
    "of unknown fate": (_uncertain, True),
    "nothing to post": (_empty, True),
    "posted by hand": (_by_hand, True),
    "taken back": (_take_back, True),
    "waiting": (lambda *_: None, False),
    "needs a person": (_hold, False),
}


@pytest.mark.parametrize(("settle", "is_over"), FATES.values(), ids=FATES)
@pytest.mark.parametrize("is_late", [True, False], ids=["captured after", "captured before"])
def test_what_was_captured_when_its_z_was_over_is_the_next_ones(
    outbox: Outbox, clock: Watch, settle: Settle, *, is_over: bool, is_late: bool
) -> None:
    """Not what was captured before: a person, or the Z itself, has decided about that."""
    sold = unconfirmed(outbox, promise(outbox, EVENING))
    own = keep(outbox, closed(1, EVENING + timedelta(hours=1)))
    if not is_late:
        capture(outbox, sold)
    clock.passes(hours=30)
    settle(outbox, own)
    clock.passes(hours=1)
    if is_late:
        capture(outbox, sold)

    second = closed(2, EVENING + A_DAY)
    assert taken(outbox, second) == (["late"] if is_over and is_late else [])
    told = reconciled(outbox, closed(2, EVENING + A_DAY, invoiced=()))
    assert [each.ref.sale_id for each in told.unlisted] == taken(outbox, second)


def test_a_z_that_was_only_kept_leaves_it_to_whoever_posted_that_day(outbox: Outbox, clock: Watch) -> None:
    """Settlements were off then."""
    post(outbox, keep(outbox, closed(1, EVENING - A_DAY)))
    sold = promise(outbox, EVENING)
    outbox.settlements.keep(closed(2, EVENING + timedelta(hours=1)), None, "tester")
    clock.passes(hours=3)
    capture(outbox, sold)

    assert taken(outbox, closed(3, EVENING + A_DAY)) == []


def _late(outbox: Outbox, clock: Watch, at: datetime = EVENING, **told: Any) -> Record:
    """Sell in the time of Z 1, which is posted before the sale is captured."""
    sold = promise(outbox, at, **told)
    post(outbox, keep(outbox, closed(1, at + timedelta(hours=1))))
    clock.passes(hours=3)
    return capture(outbox, sold)


@pytest.mark.parametrize(("days", "found"), [(62, ["late"]), (63, [])])
def test_a_late_sale_is_found_for_62_days(outbox: Outbox, clock: Watch, days: int, found: list[str]) -> None:
    _late(outbox, clock)
    assert taken(outbox, closed(2, EVENING + timedelta(days=days))) == found


def test_what_the_invoice_itself_reports_is_no_later_zs(outbox: Outbox, clock: Watch) -> None:
    _late(outbox, clock, mode="invoice")
    for invoiced in (None, ()):
        assert reconciled(outbox, closed(2, EVENING + A_DAY, invoiced=invoiced)) == Reconciliation()


def test_what_is_let_go_or_never_final_is_no_later_zs(outbox: Outbox, clock: Watch) -> None:
    kept = promise(outbox, EVENING, "unconfirmed")
    gone = outbox.move(_late(outbox, clock), Status.NEEDS_ATTENTION, "t", reason=Reason.REJECTED)
    outbox.move(gone, Status.DISCARDED, "kari", "paid in cash")
    unconfirmed(outbox, kept)
    assert reconciled(outbox, closed(2, EVENING + A_DAY)) == Reconciliation()


def test_what_was_sold_before_the_first_z_of_all_is_none_of_ours(outbox: Outbox, clock: Watch) -> None:
    sold = promise(outbox, EVENING - 2 * A_DAY)
    post(outbox, keep(outbox, closed(1, EVENING)))
    clock.passes(hours=3)
    capture(outbox, sold)
    assert taken(outbox, closed(2, EVENING + A_DAY)) == []


def test_while_an_earlier_z_is_open_no_later_one_takes_it(outbox: Outbox, clock: Watch) -> None:
    """The open one takes it, once it is drawn up; posted by hand, it has been seen to."""
    _late(outbox, clock)
    second, third = closed(2, EVENING + A_DAY), closed(3, EVENING + 2 * A_DAY)
    held = keep(outbox, second)
    assert (taken(outbox, second), taken(outbox, third)) == (["late"], [])

    clock.passes(hours=1)
    _by_hand(outbox, held)
    assert taken(outbox, third) == []


def test_it_is_taken_once(outbox: Outbox, clock: Watch) -> None:
    """And again when what took it has been taken back, or was refused outright."""
    _late(outbox, clock)
    second, third = closed(2, EVENING + A_DAY), closed(3, EVENING + 2 * A_DAY)
    claimed = draw(outbox, keep(outbox, second), LATE)
    assert (taken(outbox, second), taken(outbox, third)) == (["late"], [])
    uncertain = outbox.move(claimed, Status.UNCERTAIN, "sender")
    assert taken(outbox, third) == []
    waits = outbox.move(uncertain, Status.PENDING, "sender", "not there on two looks: may be posted again")
    assert reconciled(outbox, closed(3, EVENING + 2 * A_DAY, invoiced=[LATE])).twice == (LATE,)

    outbox.settlements.forget_journal(waits)
    assert reconciled(outbox, closed(3, EVENING + 2 * A_DAY, invoiced=[LATE])).twice == ()


@pytest.mark.parametrize("fate", ["posted", "on its way", "of unknown fate", "may be tried again", "taken back"])
def test_what_one_settlement_put_on_clearing_no_other_does(outbox: Outbox, fate: str) -> None:
    """Accepted or not; however long ago, and whether the hosts name their payments or not."""
    capture(outbox, promise(outbox, EVENING))
    first, later = closed(1, EVENING + timedelta(hours=1)), closed(2, EVENING + 30 * A_DAY, invoiced=[LATE])
    record = draw(outbox, keep(outbox, first), LATE)
    if fate != "on its way":
        to = Status.UNCERTAIN if fate in ("of unknown fate", "may be tried again") else Status.DELIVERED
        record = outbox.move(record, to, "sender")
    if fate == "may be tried again":
        outbox.move(record, Status.PENDING, "sender")
    if fate == "taken back":
        outbox.move(record, Status.REVERSED, "kari")

    found = reconciled(outbox, later)
    stands = fate != "taken back"
    assert list(found.twice) == list(found.settled) == ([LATE] if stands else [])
    assert [each.ref for each in found.cleared(accepted=True)] == ([] if stands else [LATE])
    assert taken(outbox, first) == ["late"]


def test_what_is_promised_in_its_time_is_told(outbox: Outbox) -> None:
    """By its receipt; not what was sold after it, nor what is voided or of unknown end."""
    promise(outbox, EVENING, "promised")
    promise(outbox, EVENING + 3 * timedelta(hours=1), "later")
    outbox.void(promise(outbox, EVENING, "voided").ref, "declined")
    unconfirmed(outbox, promise(outbox, EVENING, "unconfirmed"))
    capture(outbox, promise(outbox, EVENING, "sold"))
    z = closed(1, EVENING + timedelta(hours=1))
    record = outbox.by_payment(PaymentRef("bar-1", "promised", "invoice"))
    assert record
    assert outbox.settlements.our_sales(z).promised == (record.receipt,)


def test_whatever_is_asked_of_late_sales_is_found_by_an_index(
    outbox: Outbox, clock: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    _late(outbox, clock)
    asked: list[tuple[str, Any]] = []
    rows, row = outbox.database.rows, outbox.database.row

    def told(answer: Callable[..., Any]) -> Callable[..., Any]:
        def asking(sql: str, values: Any = ()) -> Any:
            asked.append((sql, values))
            return answer(sql, values)

        return asking

    monkeypatch.setattr(outbox.database, "rows", told(rows))
    monkeypatch.setattr(outbox.database, "row", told(row))
    assert taken(outbox, closed(2, EVENING + A_DAY)) == ["late"]
    monkeypatch.undo()

    assert {"FROM cleared", "FROM events"} <= {
        name for sql, _ in asked for name in ("FROM cleared", "FROM events") if name in sql
    }
    for sql, values in asked:
        steps = [str(step[3]) for step in rows(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert not [step for step in steps if step.startswith("SCAN")], (sql, steps)
