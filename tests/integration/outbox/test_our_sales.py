"""Each sale that was invoiced is in exactly one Z, whenever it was sold and however the till tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posplugin.bookkeeping.reconciliation import Reconciliation, reconcile
from posplugin.domain.clock import business_date
from posplugin.domain.documents import Invoice
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Settlement
from posplugin.domain.zreport import ZReport
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.sender.follow_journals import _delivered
from tests.fixtures.clocks import EVENING
from tests.fixtures.sales import DAY, invoice, request, returned, sale
from tests.fixtures.zreports import z_report

OSLO = ZoneInfo("Europe/Oslo")


def keep(outbox: Outbox, z: ZReport) -> Record:
    outbox.settlements.keep(z, Settlement(z=z, department="bar"), "tester")
    record = outbox.settlements.of(z)
    assert record is not None
    return record


def oslo(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO, fold=fold)


def ref(sale_id: str) -> PaymentRef:
    return PaymentRef("bar-1", sale_id, "invoice")


def closed(number: int, day: str, at: datetime) -> ZReport:
    return z_report(number=number, business_date=date.fromisoformat(day), closed_at=at)


#: Two Z reports in the hour that comes twice, the second named by the day on the calendar; one of a week across a
#: month's end, closed when the next business day has begun; two within one second; and one after weeks.
CLOSINGS = [
    closed(1, "2026-10-24", oslo("2026-10-25T02:30:00")),
    closed(2, "2026-10-25", oslo("2026-10-25T02:30:00", fold=1)),
    closed(9, "2026-10-31", oslo("2026-11-01T06:00:00")),
    closed(10, "2026-11-01", oslo("2026-11-01T23:59:59")),
    closed(11, "2026-11-01", oslo("2026-11-01T23:59:59")),
    closed(12, "2026-11-20", oslo("2026-11-20T23:00:00")),
]
#: When something was sold, and in which Z that is; None: in none, nobody having closed it.
SALES: dict[str, tuple[datetime, int | None]] = {
    "the day before the first": (oslo("2026-10-23T20:00:00"), None),
    "the first day": (oslo("2026-10-24T05:00:00"), 1),
    "after midnight": (oslo("2026-10-25T00:10:00"), 1),
    "the closing minute": (oslo("2026-10-25T02:29:59"), 1),
    "the closing second": (oslo("2026-10-25T02:30:00"), 1),
    "a second after": (oslo("2026-10-25T02:30:01"), 2),
    "the second 02:10": (oslo("2026-10-25T02:10:00", fold=1), 2),
    "the second 02:30:01": (oslo("2026-10-25T02:30:01", fold=1), 9),
    "the old business date": (oslo("2026-10-25T04:59:00"), 9),
    "the last of the month": (oslo("2026-10-31T23:59:59"), 9),
    "the first of the month": (oslo("2026-11-01T00:00:00"), 9),
    "the next business date": (oslo("2026-11-01T05:30:00"), 9),
    "the same day": (oslo("2026-11-01T06:00:01"), 10),
    "the last second of two": (oslo("2026-11-01T23:59:59"), 10),
    "a day without a Z": (oslo("2026-11-02T20:00:00"), 12),
    "weeks later": (oslo("2026-11-20T22:00:00"), 12),
    "not closed yet": (oslo("2026-11-20T23:00:01"), None),
}


def sell(outbox: Outbox, sale_id: str, at: datetime = EVENING, terminal_id: str = "bar-1") -> Record:
    asked = request(sale(sale_id=sale_id, at=at, terminal_id=terminal_id))
    made = invoice(asked, business_date=business_date(at, OSLO))
    return outbox.capture(lambda: made, made.ref)


def reconciled(outbox: Outbox, z: ZReport) -> Reconciliation:
    ours = outbox.settlements.our_sales(z)
    return reconcile(z, ours.invoices, discarded=ours.discarded, elsewhere=ours.elsewhere)


def names(invoices: Iterable[Invoice]) -> list[str]:
    return [each.ref.sale_id for each in invoices]


@pytest.mark.parametrize("names_them", [True, False], ids=["a host that names them", "a host that cannot"])
def test_each_sale_is_in_exactly_one_z(outbox: Outbox, names_them: bool) -> None:
    for name, (at, _) in reversed(SALES.items()):
        sell(outbox, name, at)
        sell(outbox, name, at, "bar-2")
    wanted = {z.number: [name for name, (_, number) in SALES.items() if number == z.number] for z in CLOSINGS}
    told = [
        replace(z, invoiced=tuple(ref(name) for name in wanted[z.number]) if names_them else None) for z in CLOSINGS
    ]
    for z in reversed(told):
        keep(outbox, z)
    for z in [keep(outbox, z).settlement().z for z in told] + told:
        found = reconciled(outbox, z)
        assert sorted(names(found.invoices)) == sorted(wanted[z.number])
        assert found.agrees


def test_what_a_z_does_not_name_of_its_time_is_told(outbox: Outbox) -> None:
    for name, (at, _) in SALES.items():
        sell(outbox, name, at)
    for z in CLOSINGS:
        keep(outbox, z)
    unlisted = {z.number: names(reconciled(outbox, z).unlisted) for z in CLOSINGS}
    assert unlisted == {z.number: [name for name, (_, n) in SALES.items() if n == z.number] for z in CLOSINGS}


@pytest.mark.parametrize("days", [0, 1, 7])
def test_a_sale_that_a_later_z_names_is_that_ones(outbox: Outbox, days: int) -> None:
    """Captured late, or listed late: until then it is told."""
    sell(outbox, "late", oslo("2026-10-25T00:10:00"))
    first, at = CLOSINGS[0], CLOSINGS[1].closed_at + timedelta(days=days)
    second = z_report(number=2, business_date=date(2026, 10, 24 + days), closed_at=at, invoiced=(ref("late"),))
    keep(outbox, first)
    assert names(reconciled(outbox, first).unlisted) == ["late"]
    keep(outbox, second)
    assert reconciled(outbox, first) == Reconciliation()
    assert names(reconciled(outbox, second).invoices) == ["late"]


def test_a_sale_that_two_z_reports_name_needs_a_person(outbox: Outbox) -> None:
    sell(outbox, "twice", oslo("2026-10-25T00:10:00"))
    for z in CLOSINGS[:2]:
        keep(outbox, replace(z, invoiced=(ref("twice"),)))
        keep(outbox, replace(z, invoiced=(ref("twice"),), terminal_id="bar-2"))
    for z in CLOSINGS[:2]:
        found = reconciled(outbox, replace(z, invoiced=(ref("twice"),)))
        assert (found.twice, found.missing, found.unlisted) == ((ref("twice"),), (), ())


def test_only_what_is_final_is_invoiced(outbox: Outbox) -> None:
    """A promise is no sale: a Z that names it names what is not here."""
    promised = outbox.authorize(invoice(request(sale(sale_id="promised"))))
    outbox.void(outbox.authorize(invoice(request(sale(sale_id="voided")))).ref, "declined")
    asked = outbox.authorize(invoice(request(sale(sale_id="unconfirmed"))))
    outbox.move(asked, Status.NEEDS_ATTENTION, "t", reason=Reason.UNCONFIRMED_SALE)
    gone = outbox.move(sell(outbox, "let go"), Status.NEEDS_ATTENTION, "t", reason=Reason.REJECTED)
    outbox.move(gone, Status.DISCARDED, "kari", "invoiced by hand")
    sell(outbox, "sold")

    cannot_tell = reconciled(outbox, z_report(invoiced=None))
    assert (names(cannot_tell.invoices), names(cannot_tell.discarded)) == (["sold"], ["let go"])

    all_named = [ref(name) for name in ("promised", "voided", "unconfirmed", "let go", "sold")]
    told = reconciled(outbox, z_report(invoiced=tuple(all_named)))
    assert (names(told.invoices), names(told.discarded)) == (["sold"], ["let go"])
    assert [each.sale_id for each in told.missing] == ["promised", "voided", "unconfirmed"]

    outbox.capture(promised.invoice, promised.ref)
    assert names(reconciled(outbox, z_report(invoiced=None)).invoices) == ["promised", "sold"]


def test_a_credit_note_is_of_the_z_of_its_own_day(outbox: Outbox) -> None:
    back = invoice(request(returned(-50_00, sale_id="back")))
    outbox.capture(lambda: back, back.ref)
    assert reconciled(outbox, z_report(invoiced=None)).invoices == (back,)
    assert reconciled(outbox, z_report(invoiced=(back.ref,))).invoices == (back,)


def test_what_is_damaged_is_never_counted_and_is_told(outbox: Outbox) -> None:
    """Whether the Z names it or not; until a person has let it go."""
    record = sell(outbox, "s-1")
    outbox.database.execute("UPDATE records SET document = replace(document, '10000', '90000')")
    for invoiced in (None, (), (ref("s-1"),)):
        z = z_report(invoiced=invoiced)
        ours = outbox.settlements.our_sales(z)
        told = {"discarded": ours.discarded, "elsewhere": ours.elsewhere, "damaged": ours.damaged}
        found = reconcile(z, ours.invoices, **told)
        assert (found.invoices, found.missing, found.words()) == ((), (), f"here, and damaged: {ref('s-1')}")
        let_go = reconcile(z, ours.invoices, damaged=ours.damaged, discarded=[record.ref])
        assert let_go.agrees


def test_whatever_is_asked_of_settlements_is_found_by_an_index(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many years are in the file, which has but one terminal."""
    for z in CLOSINGS:
        keep(outbox, replace(z, invoiced=(ref("s-1"),)))
    asked: list[tuple[str, Any]] = []
    rows, row = outbox.database.rows, outbox.database.row

    def told(sql: str, values: Any = ()) -> Any:
        asked.append((sql, values))
        return rows(sql, values)

    def told_one(sql: str, values: Any = ()) -> Any:
        asked.append((sql, values))
        return row(sql, values)

    monkeypatch.setattr(outbox.database, "rows", told)
    monkeypatch.setattr(outbox.database, "row", told_one)
    for z in CLOSINGS:
        reconciled(outbox, replace(z, invoiced=(ref("s-1"),)))
    outbox.settlements.between(DAY, DAY)
    outbox.settlements.journals(keep(outbox, replace(CLOSINGS[0], invoiced=(ref("s-1"),))))
    outbox.settlements.find("bar-1", 1)
    _delivered(outbox, EVENING)
    assert len(asked) > 20
    plans = {sql: [str(step[3]) for step in rows(f"EXPLAIN QUERY PLAN {sql}", values)] for sql, values in asked}
    for sql, plan in plans.items():
        searched = [step for step in plan if not step.startswith("USE TEMP B-TREE FOR ORDER BY")]
        assert all("USING INDEX" in step or "USING COVERING INDEX" in step for step in searched), (sql, plan)
        assert not any("(terminal_id=?)" in step for step in searched), (sql, plan)
    assert any("records_settlements" in step for plan in plans.values() for step in plan)
