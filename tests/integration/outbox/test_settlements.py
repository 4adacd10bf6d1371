"""A Z is kept once, by whichever way it comes; each sale is in one of them; what was posted is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import apsw
import pytest

from posplugin.accounting_system import Stage
from posplugin.domain.documents import RecordKind
from posplugin.domain.errors import FactsDiffer, OutboxUnavailable
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Settlement, settlement_ref
from posplugin.domain.zreport import ZReport
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import CODE_AT, generations
from posplugin.outbox.settlements import Source
from posplugin.outbox.steps import Step
from posplugin.outbox.store import Outbox
from tests.fixtures.clocks import EVENING, Watch
from tests.fixtures.journals import JOURNAL
from tests.fixtures.sales import DAY, invoice, request, sale
from tests.fixtures.zreports import group, took, z_report

OSLO = ZoneInfo("Europe/Oslo")
Z = z_report(group(160_00), group(40_00, 15, 5_22), took("card", 240_00), tips=40_00, number=7)


def settlement(z: ZReport = Z) -> Settlement:
    return Settlement(z=z, department="bar")


def keep(outbox: Outbox, z: ZReport = Z, source: Source = Source.TILL) -> bool:
    return outbox.settlements.keep(z, settlement(z), "tester", source)


def kept(outbox: Outbox, z: ZReport = Z) -> Record:
    record = outbox.settlements.of(z)
    assert record is not None
    return record


def image(outbox: Outbox) -> list[Any]:
    return [outbox.database.rows(f"SELECT * FROM {table}") for table in ("z_reports", "records", "events", "journals")]


# -- a Z is kept once --------------------------------------------------------------------------------------------------


def test_a_z_and_its_settlement_are_kept_together(outbox: Outbox) -> None:
    assert keep(outbox) is True
    record = kept(outbox)
    assert outbox.settlements.find("bar-1", 7) == Z
    assert record.settlement() == settlement()
    assert (record.kind, record.status, record.ref) == (RecordKind.SETTLEMENT, Status.PENDING, settlement().ref)
    assert (record.department, record.business_date, record.receipt, record.amount) == ("bar", DAY, "Z 7", 200_00)
    assert (record.customer_number, record.customer_name) == (None, None)
    assert record.reference.startswith(f"pp-{outbox.installation}-s-")
    assert [(event.who, event.now, event.why) for event in outbox.events(record)] == [
        ("tester", "pending", "the day was closed")
    ]


def test_a_z_without_a_settlement_is_kept_alone(outbox: Outbox) -> None:
    assert outbox.settlements.keep(Z, None, "tester") is True
    assert (outbox.settlements.find("bar-1", 7), outbox.settlements.of(Z)) == (Z, None)


def test_a_z_and_its_settlement_are_one_transaction(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OutboxUnavailable("the disk is full")

    monkeypatch.setattr(outbox, "_event", fails)
    with pytest.raises(OutboxUnavailable):
        keep(outbox)
    assert image(outbox) == [[], [], [], []]


@pytest.mark.parametrize("number", [7, "7", "007", "Z-7"])
def test_the_same_z_again_changes_nothing(outbox: Outbox, clock: Watch, number: int | str) -> None:
    z = replace(Z, number=number)
    keep(outbox, z)
    before = image(outbox)
    clock.passes(hours=1)
    assert [keep(outbox, replace(z, number=again)) for again in (number, str(number))] == [False, False]
    assert image(outbox) == before


def test_a_z_of_another_number_or_terminal_is_another(outbox: Outbox) -> None:
    others = [replace(Z, number=8), replace(Z, number="Z 7"), replace(Z, terminal_id="bar-2")]
    assert [keep(outbox, z) for z in (Z, *others)] == [True] * 4
    assert outbox.settlements.find("bar-2", 7) == others[-1]
    assert outbox.settlements.find("bar-2", 8) is None
    assert len({kept(outbox, z).id for z in (Z, *others)}) == 4


OTHER_SUMS = z_report(group(160_01), group(40_00, 15, 5_22), took("card", 240_01), tips=40_00, number=7)


@pytest.mark.parametrize("first", Source)
@pytest.mark.parametrize("then", Source)
def test_other_totals_of_the_same_number_are_refused_and_change_nothing(
    outbox: Outbox, first: Source, then: Source
) -> None:
    keep(outbox, Z, first)
    before = image(outbox)
    with pytest.raises(FactsDiffer, match=r"Z 7 of bar-1 is already kept with other totals \(sales at 25 % 160,00 and"):
        keep(outbox, OTHER_SUMS, then)
    assert image(outbox) == before


#: The same day as a file tells it: no tips by name of the group, another second, what was invoiced.
AS_FILED = replace(
    Z,
    cash=replace(Z.cash, groups=(group(160_00, saft_code="04003", name="1"), group(40_00, 15, 5_23, "2"))),
    closed_at=EVENING - timedelta(seconds=1),
    invoiced=None,
)


@pytest.mark.parametrize("way", Source)
def test_by_one_way_other_details_are_another_z(outbox: Outbox, way: Source) -> None:
    keep(outbox, Z, way)
    with pytest.raises(FactsDiffer, match=r"with other totals \(in its details\)"):
        keep(outbox, AS_FILED, way)


def test_a_z_of_the_hour_that_comes_twice_may_be_told_again(outbox: Outbox) -> None:
    """As the till told it, in its own zone; it is read back in UTC."""
    for number, fold in ((7, 0), (8, 1)):
        z = replace(Z, number=number, closed_at=datetime(2026, 10, 25, 2, 30, tzinfo=OSLO, fold=fold))
        assert [keep(outbox, z), keep(outbox, z)] == [True, False]
    assert [z.number for z in outbox.settlements.between(DAY, DAY)] == [7, 8]


def test_a_z_that_comes_by_the_file_after_the_till_is_there_already(outbox: Outbox) -> None:
    keep(outbox, Z)
    before = image(outbox)
    assert keep(outbox, AS_FILED, Source.FILE) is False
    assert image(outbox) == before


def test_a_z_that_comes_by_the_till_after_the_file_is_told_by_the_till(outbox: Outbox) -> None:
    """One record still; the till knows what it invoiced."""
    keep(outbox, AS_FILED, Source.FILE)
    record = kept(outbox)
    for _ in range(2):
        assert keep(outbox, Z) is False
        again = kept(outbox)
        assert (again.id, again.reference, again.settlement()) == (record.id, record.reference, settlement())
        assert outbox.settlements.find("bar-1", 7) == Z
        assert [event.why for event in outbox.events(again)][1:] == ["the till has told of the same day itself"]
    assert keep(outbox, AS_FILED, Source.FILE) is False
    assert kept(outbox) == again


def test_the_tills_telling_leaves_alone_what_is_posted(outbox: Outbox) -> None:
    keep(outbox, AS_FILED, Source.FILE)
    posted = outbox.move(kept(outbox), Status.DELIVERED, "t")
    keep(outbox, Z)
    assert kept(outbox) == posted
    assert outbox.settlements.find("bar-1", 7) == Z


def test_a_z_that_was_kept_while_settlements_were_off_is_enqueued_once(outbox: Outbox) -> None:
    outbox.settlements.keep(Z, None, "till")
    record = outbox.settlements.enqueue(settlement(), "kari", "settlements are on by now")
    assert record is not None
    assert (record, record.status) == (kept(outbox), Status.PENDING)
    assert [(event.who, event.why) for event in outbox.events(record)] == [("kari", "settlements are on by now")]
    assert outbox.settlements.enqueue(settlement(), "kari", "again") is None
    assert keep(outbox) is False


def test_z_reports_of_some_days_come_in_the_order_in_which_they_closed(outbox: Outbox) -> None:
    late, early, tied = (
        replace(Z, number=number, closed_at=EVENING + timedelta(hours=hours))
        for number, hours in ((9, 5), (10, 1), (2, 1))
    )
    other_day = replace(Z, number=11, business_date=DAY + timedelta(days=1))
    for z in (late, early, tied, other_day):
        keep(outbox, z)
    assert outbox.settlements.between(DAY, DAY) == [tied, early, late]
    assert outbox.settlements.between(DAY + timedelta(days=2), date.max) == []


# -- what was posted ---------------------------------------------------------------------------------------------------


def test_a_journal_is_written_over_by_the_next_try_under_the_same_reference(outbox: Outbox, clock: Watch) -> None:
    keep(outbox)
    record = kept(outbox)
    assert outbox.settlements.journals(record) == []
    outbox.settlements.write_journal(record, replace(JOURNAL, lines=()), as_draft=True)
    later = clock.passes(minutes=5)
    outbox.settlements.write_journal(record, JOURNAL, as_draft=False)
    (row,) = outbox.settlements.journals(record)
    assert (row.reference, row.as_draft, row.journal, row.at) == (record.reference, False, JOURNAL, later)


def test_each_generation_keeps_its_own_journal(outbox: Outbox, clock: Watch) -> None:
    keep(outbox)
    keep(outbox, replace(Z, number=8))
    first = kept(outbox)
    outbox.settlements.write_journal(first, JOURNAL, as_draft=True)
    outbox.settlements.write_journal(kept(outbox, replace(Z, number=8)), replace(JOURNAL, number=8), as_draft=False)
    clock.passes(hours=1)
    taken_back = outbox.move(outbox.move(first, Status.DELIVERED, "t"), Status.REVERSED, "kari", "wrong account")
    second = outbox.next_generation(taken_back, "kari", "posted anew")
    anew = replace(JOURNAL, posting_date=DAY + timedelta(days=1))
    outbox.settlements.write_journal(second, anew, as_draft=False)

    assert [(row.reference, row.journal) for row in outbox.settlements.journals(second)] == [
        (first.reference, JOURNAL),
        (second.reference, anew),
    ]
    assert generations(second.reference) == (second.reference, first.reference)
    # What was found posted under the first one is written under that.
    outbox.settlements.write_journal(second, anew, as_draft=False, reference=first.reference)
    assert {row.reference: row.journal for row in outbox.settlements.journals(second)} == {
        first.reference: anew,
        second.reference: anew,
    }


def test_a_journal_that_is_not_what_was_written_is_never_compared_with(
    outbox: Outbox, raw: Callable[[], apsw.Connection]
) -> None:
    keep(outbox)
    outbox.settlements.write_journal(kept(outbox), JOURNAL, as_draft=False)
    raw().execute("UPDATE journals SET document = replace(document, '24000', '24001')")
    assert outbox.settlements.journals(kept(outbox)) == []


# -- beside the invoices -----------------------------------------------------------------------------------------------


def test_a_settlement_is_no_payment(outbox: Outbox) -> None:
    keep(outbox)
    record = kept(outbox)
    assert outbox.by_payment(settlement_ref("bar-1", 7)) is None
    assert outbox.of_sale("bar-1", "Z 7") == []
    assert outbox.by_reference("Z 7") == outbox.by_reference(record.reference[CODE_AT : CODE_AT + 8]) == record
    made = invoice(request(sale(sale_id="Z 7")))
    paid = outbox.capture(lambda: made, made.ref)
    assert (outbox.by_payment(paid.ref), kept(outbox)) == (paid, record)


@pytest.mark.parametrize("stage", [Stage.POSTED, Stage.DRAFT])
def test_nobody_sends_or_pays_a_settlement(outbox: Outbox, stage: Stage) -> None:
    keep(outbox)
    delivered = outbox.move(kept(outbox), Status.DELIVERED, "t", accounting_state=stage)
    followed, far = outbox.deliveries, DAY + timedelta(days=400)
    assert followed.unsent(["bar"]) == followed.of_no([]) == []
    assert (followed.unsent_before(far), followed.sent_and_unpaid_since(["bar"])) == (0, None)
    assert (followed.count(), followed.first_followed()) == (1, delivered.created_at)  # somebody may reverse it
    assert followed.named([delivered.reference]) == [delivered]
    # Its Z report has to be attached, and what is the matter with it is told.
    outbox.steps.plan(delivered, Step.ATTACH)
    assert ([*followed.to_do()], followed.to_do_before(far)) == ([delivered], 1)
    troubled = outbox.set(delivered, "t", "reversed there", reason=Reason.GONE)
    assert followed.troubled() == outbox.needing_a_person() == [troubled]
