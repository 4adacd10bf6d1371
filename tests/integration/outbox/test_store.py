"""Every change: one compare-and-swap with its event, or nothing at all."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import apsw
import peewee
import pytest

from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.errors import FactsDiffer, IllegalTransition, OutboxError, OutboxUnavailable, PaymentVoided
from posplugin.domain.reasons import Reason
from posplugin.outbox.database import Database
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import TRANSITIONS, Status
from posplugin.outbox.record import Attempt, Record
from posplugin.outbox.reference import generations, next_generation
from posplugin.outbox.steps import Step, StepState
from posplugin.outbox.store import Outbox
from tests.fixtures.clocks import Watch
from tests.fixtures.customers import PERSON
from tests.fixtures.sales import invoice, line, request, returned, sale

Raw = Callable[[], apsw.Connection]


def of(sale_id: str, **values: Any) -> Invoice:
    return invoice(request(sale(sale_id=sale_id, **values)))


def placed(outbox: Outbox, status: Status, sale_id: str = "s-1") -> Record:
    """A record that stands where it is wanted, put there past the rules."""
    record = outbox.authorize(of(sale_id))
    outbox.database.execute("UPDATE records SET status = ? WHERE id = ?", (status, record.id))
    return outbox.get(record.id)


def image(outbox: Outbox) -> list[Any]:
    """All that is in the outbox."""
    return [outbox.database.rows(f"SELECT * FROM {table}") for table in ("records", "events", "voids", "steps")]


# -- moves -------------------------------------------------------------------------------------------------------------


def test_what_a_change_returns_is_what_is_read_afterwards(outbox: Outbox, clock: Watch) -> None:
    """Nothing is read back: what was written is known, since it was compared with what had been read."""
    record = outbox.authorize(of("s-1"))
    moment = "2026-11-20T19:00:00.000000Z"
    changes: list[Callable[[Record], Record]] = [
        lambda r: outbox.move(r, Status.PENDING, "till"),
        lambda r: outbox.set(r, "sender", "wait", not_before=moment, reason=Reason.WAITING_FOR_ORIGINAL, detail="x"),
        lambda r: outbox.amend(r, replace(r.invoice(), customer_number=10003, customer_name="Kari"), "a", "b"),
        lambda r: outbox.move(r, Status.SENDING, "sender"),
        lambda r: outbox.move(r, Status.UNCERTAIN, "sender", uncertain_since=moment, looks=0, attempts=1),
        lambda r: outbox.move(
            *(r, Status.DELIVERED, "sender"),
            accounting_id="1",
            accounting_number=7,
            accounting_state="sent",
            invoice_number=9,
            sent_at=moment,
            hidden=1,
            uncertain_since=None,
        ),
        lambda r: outbox.next_generation(r, "a", "gone there"),
    ]
    for change in changes:
        clock.passes(minutes=1)
        record = change(record)
        assert record == outbox.get(record.id)


@pytest.mark.parametrize("was", Status)
@pytest.mark.parametrize("now", Status)
def test_a_record_moves_only_as_transitions_say_and_each_move_is_an_event(
    outbox: Outbox, clock: Watch, was: Status, now: Status
) -> None:
    record = placed(outbox, was)
    before = image(outbox)
    clock.passes(minutes=5)
    if (was, now) not in TRANSITIONS:
        with pytest.raises(IllegalTransition, match=f"cannot go from {was} to {now}"):
            outbox.move(record, now, "tester")
        assert image(outbox) == before
        return
    another = next_generation(record.reference) if was is Status.DELIVERED else record.reference
    told = {"reason": Reason.REJECTED, "detail": "their words", "reference": another}
    moved = outbox.move(record, now, "tester", "because", **told)
    assert moved == replace(
        record,
        reference=another,
        status=now,
        reason=Reason.REJECTED,
        detail="their words",
        updated_at=clock(),
        created_at=record.created_at,
    )
    _, event = outbox.events(record)
    assert (event.at, event.who, event.was, event.now, event.reason, event.why) == (
        *(clock(), "tester", was, now, "rejected", "because"),
    )


def test_a_move_clears_the_reason_of_where_the_record_was(outbox: Outbox) -> None:
    record = outbox.move(
        placed(outbox, Status.SENDING), Status.NEEDS_ATTENTION, "t", reason=Reason.REJECTED, detail="x"
    )
    moved = outbox.move(record, Status.PENDING, "t")
    assert (moved.reason, moved.detail) == (None, None)


def test_a_record_that_has_moved_on_is_not_moved_again(outbox: Outbox) -> None:
    """What was read is old: the swap finds nothing to swap, and nothing changes."""
    record = placed(outbox, Status.PENDING)
    outbox.move(record, Status.SENDING, "one")
    before = image(outbox)
    with pytest.raises(IllegalTransition, match="is no longer as it was read"):
        outbox.move(record, Status.SENDING, "two")
    with pytest.raises(IllegalTransition, match="is no longer as it was read"):
        outbox.set(record, "two", "hidden", hidden=1)
    assert image(outbox) == before


def test_a_move_and_its_event_are_one(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    record = placed(outbox, Status.PENDING)
    before = image(outbox)

    def fails(*_: object) -> None:
        raise OutboxUnavailable("the disk is full")

    monkeypatch.setattr(outbox, "_event", fails)
    changes: list[Callable[[], Record]] = [
        lambda: outbox.move(record, Status.SENDING, "t"),
        lambda: outbox.set(record, "t", "w", hidden=1),
        lambda: outbox.authorize(of("s-2")),
        lambda: outbox.capture(lambda: of("s-3"), of("s-3").ref),
    ]
    for change in changes:
        with pytest.raises(OutboxUnavailable):
            change()
    assert image(outbox) == before


@pytest.mark.parametrize("column", ["amount", "document", "sha256", "sale_id", "created_at", "no_such_column"])
def test_a_move_sets_no_column_that_holds_facts(outbox: Outbox, column: str) -> None:
    record = placed(outbox, Status.PENDING)
    with pytest.raises(OutboxError, match=f"columns .*{column}.* are not set by a move"):
        outbox.move(record, Status.SENDING, "t", None, **{column: 1})


def test_a_change_in_place_has_an_event_too(outbox: Outbox) -> None:
    record = outbox.set(placed(outbox, Status.PENDING), "tester", "hidden", hidden=1)
    assert record.hidden is True
    event = outbox.events(record)[-1]
    assert (event.who, event.was, event.now, event.why) == ("tester", "pending", "pending", "hidden")


def race(count: int, act: Callable[[], object]) -> list[object]:
    """What each thread got, all starting at once."""
    barrier, got = threading.Barrier(count), []

    def run() -> None:
        barrier.wait()
        try:
            got.append(act())
        except IllegalTransition as error:
            got.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_of_two_threads_on_one_connection_one_wins_the_move(outbox: Outbox) -> None:
    for number in range(10):
        record = placed(outbox, Status.PENDING, f"s-{number}")
        got = race(2, lambda record=record: outbox.move(record, Status.SENDING, "t"))  # type: ignore[misc]
        assert sorted(type(one).__name__ for one in got) == ["IllegalTransition", "Record"]
        assert len(outbox.events(record)) == 2


def _claim(path: Path, results: multiprocessing.Queue[tuple[str, int]]) -> None:
    with Database(path, wait=10) as database:
        outbox = Outbox(database)
        for record in outbox.in_status(Status.PENDING):
            try:
                outbox.move(record, Status.SENDING, "process")
                results.put(("won", record.id))
            except IllegalTransition:
                results.put(("lost", record.id))
    results.put(("done", 0))


def test_of_two_processes_one_wins_each_move(outbox: Outbox, path: Path) -> None:
    for number in range(30):
        placed(outbox, Status.PENDING, f"s-{number}")
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[tuple[str, int]] = context.Queue()
    processes = [context.Process(target=_claim, args=(path, results)) for _ in range(2)]
    for process in processes:
        process.start()
    got: list[tuple[str, int]] = []
    while got.count(("done", 0)) < 2:
        got.append(results.get(timeout=60))
    for process in processes:
        process.join()
    results.close()
    results.join_thread()
    assert sorted(number for what, number in got if what == "won") == list(range(1, 31))
    assert outbox.database.row("SELECT count(*) FROM events WHERE now = 'sending'") == (30,)


# -- identity ----------------------------------------------------------------------------------------------------------


def test_a_payment_has_one_record_and_a_reference_one_owner(outbox: Outbox) -> None:
    first = outbox.authorize(of("s-1"))
    second = outbox.authorize(of("s-2"))
    assert outbox.authorize(of("s-1")) == first
    for column in ("reference", "sale_id"):
        with pytest.raises(peewee.IntegrityError):
            outbox.database.execute(
                f"UPDATE records SET {column} = ? WHERE id = ?", (getattr(first, column), second.id)
            )


def test_the_same_payment_with_other_facts_is_refused_and_changes_nothing(outbox: Outbox) -> None:
    outbox.authorize(of("s-1"))
    before = image(outbox)
    for other in (
        invoice(request(sale(sale_id="s-1"), PERSON.number), PERSON),
        of("s-1", lines=200_00),
        of("s-1", lines=[line(100_00, 15)]),
    ):
        with pytest.raises(FactsDiffer, match="another customer, amount or lines"):
            outbox.authorize(other)
    assert image(outbox) == before


def test_another_kind_of_document_of_the_same_payment_is_refused(outbox: Outbox) -> None:
    outbox.authorize(of("s-1"))
    with pytest.raises(FactsDiffer):
        outbox.authorize(invoice(request(returned(-100_00, sale_id="s-1"))))


def test_references_are_stored_before_the_first_try_and_tell_kinds_apart(outbox: Outbox) -> None:
    sold, back = outbox.authorize(of("s-1")), outbox.authorize(invoice(request(returned(-100_00))))
    assert (sold.kind, back.kind) == (RecordKind.INVOICE, RecordKind.CREDIT_NOTE)
    assert sold.reference.startswith(f"pp-{outbox.installation}-i-")
    assert back.reference.startswith(f"pp-{outbox.installation}-c-")


def test_the_next_generation_starts_the_count_anew_and_knows_its_forebears(outbox: Outbox) -> None:
    record = outbox.set(placed(outbox, Status.NEEDS_ATTENTION), "t", "w", attempts=8, looks=2)
    moved = outbox.next_generation(record, "tester", "blocked")
    assert generations(moved.reference) == (moved.reference, record.reference)
    assert (moved.status, moved.attempts, moved.looks) == (Status.PENDING, 0, 0)
    assert outbox.by_reference(moved.reference) == moved


# -- void --------------------------------------------------------------------------------------------------------------


def test_a_void_is_remembered_even_of_a_payment_never_heard_of(outbox: Outbox) -> None:
    assert outbox.void(of("s-1").ref, "declined") is None
    assert outbox.void(of("s-1").ref, "declined") is None
    assert outbox.is_voided(of("s-1").ref)
    with pytest.raises(PaymentVoided, match="take a new tender id"):
        outbox.authorize(of("s-1"))


@pytest.mark.parametrize(
    "status",
    [Status.PENDING, Status.SENDING, Status.UNCERTAIN, Status.DELIVERED, Status.NEEDS_ATTENTION, Status.DISCARDED],
)
def test_what_is_captured_is_not_voided(outbox: Outbox, status: Status) -> None:
    record = placed(outbox, status)
    before = image(outbox)
    with pytest.raises(IllegalTransition, match="is captured and cannot be voided; make a return instead"):
        outbox.void(record.ref, "declined")
    assert image(outbox) == before
    assert not outbox.is_voided(record.ref)


# -- documents ---------------------------------------------------------------------------------------------------------


def test_a_flipped_byte_is_noticed_and_the_document_is_never_used(outbox: Outbox, raw: Raw) -> None:
    record = outbox.authorize(of("s-1"))
    raw().execute("UPDATE records SET document = replace(document, '10000', '90000')")
    damaged = outbox.get(record.id)
    assert damaged.document != record.document
    with pytest.raises(ContentDamaged, match="does not match its hash"):
        damaged.invoice()
    with pytest.raises(ContentDamaged):
        outbox.authorize(of("s-1"))
    assert outbox.authorize(of("s-2")).invoice() == of("s-2")  # the others go on


@pytest.mark.parametrize("status", [Status.PENDING, Status.NEEDS_ATTENTION])
def test_customer_and_references_may_be_amended(outbox: Outbox, status: Status) -> None:
    record = placed(outbox, status)
    changed = replace(
        record.invoice(), customer_number=10003, customer_name="Kari", your_reference="K", order_number="7"
    )
    amended = outbox.amend(record, changed, "tester", "wrong customer")
    assert amended.invoice() == changed
    assert (amended.customer_number, amended.customer_name, amended.status) == (10003, "Kari", status)
    assert (amended.reference, amended.amount) == (record.reference, record.amount)
    assert outbox.events(amended)[-1].why == "wrong customer"


FROZEN: dict[str, Callable[[Invoice], Invoice]] = {
    "a line": lambda made: replace(made, lines=(replace(made.lines[0], vat=0),)),
    "an item": lambda made: replace(made, items=(replace(made.items[0], description="Vin"),)),
    "a tip": lambda made: replace(made, tip=1),
    "a fee for a tip": lambda made: replace(made, fee=100, tip=-100),
    "what was paid otherwise": lambda made: replace(made, paid_otherwise=1),
    "its payment": lambda made: replace(made, ref=of("s-9").ref),
    "its day": lambda made: replace(made, business_date=made.business_date.replace(day=1)),
    "another sale": lambda _: of("s-1", lines=200_00),
}


@pytest.mark.parametrize("change", FROZEN.values(), ids=FROZEN)
def test_nothing_else_may_be_amended(outbox: Outbox, change: Callable[[Invoice], Invoice]) -> None:
    record = placed(outbox, Status.PENDING)
    before = image(outbox)
    with pytest.raises(FactsDiffer, match="amounts and lines are frozen"):
        outbox.amend(record, change(record.invoice()), "t", "w")
    assert image(outbox) == before


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PENDING, Status.NEEDS_ATTENTION}))
def test_what_is_on_its_way_or_done_is_not_amended(outbox: Outbox, status: Status) -> None:
    record = placed(outbox, status)
    with pytest.raises(IllegalTransition, match="only what is not delivered can be amended"):
        outbox.amend(record, record.invoice(), "t", "w")


# -- beside the records ------------------------------------------------------------------------------------------------


def test_attempts_are_kept_in_order(outbox: Outbox, clock: Watch) -> None:
    record = outbox.authorize(of("s-1"))
    tries = [
        Attempt(at=clock.passes(minutes=1), took_ms=n, request="{}", outcome="later", status=503, answer="busy")
        for n in range(3)
    ]
    for one in tries:
        outbox.attempted(record, one)
    assert outbox.attempts(record) == tries


def test_a_step_is_written_over_by_its_next_try(outbox: Outbox) -> None:
    record = outbox.authorize(of("s-1"))
    outbox.steps.write(record, Step.ATTACH, StepState.FAILED, "too large")
    outbox.steps.write(record, Step.ATTACH, StepState.DONE)
    assert outbox.database.rows("SELECT step, state, detail FROM steps") == [("attach", "done", None)]


def test_nothing_delivered_goes_out_again_under_its_reference(outbox: Outbox) -> None:
    """What is gone in PowerOffice is made again under the next one, by a person."""
    record = placed(outbox, Status.DELIVERED)
    with pytest.raises(IllegalTransition, match="never goes out again"):
        outbox.move(record, Status.PENDING, "t")
    again = outbox.next_generation(record, "t", "it is gone")
    assert (again.status, again.reference) == (Status.PENDING, record.reference[:-1] + "2")


def test_a_planned_step_does_not_undo_what_is_done(outbox: Outbox) -> None:
    """Delivered once more, after a look-up: the receipt that is attached already stays so."""
    record = outbox.authorize(of("s-1"))
    outbox.steps.plan(record, Step.ATTACH)
    assert [row.state for row in outbox.steps.of(record)] == [StepState.TO_DO]
    outbox.steps.write(record, Step.ATTACH, StepState.DONE)
    outbox.steps.plan(record, Step.ATTACH)
    outbox.steps.plan(record, Step.SEND)
    assert [(row.step, row.state) for row in outbox.steps.of(record)] == [
        (Step.ATTACH, StepState.DONE),
        (Step.SEND, StepState.TO_DO),
    ]


def test_a_note_is_written_over_and_dated(outbox: Outbox, clock: Watch) -> None:
    assert outbox.note("check_passed") is None
    outbox.write_note("check_passed", "a")
    later = clock.passes(hours=1)
    outbox.write_note("check_passed", "b")
    assert outbox.note("check_passed") == ("b", later)


def test_counts_are_of_all_that_is_open_hidden_or_not(outbox: Outbox) -> None:
    """Hiding takes a record out of lists, never out of the alarm."""
    for number, status in enumerate(Status):
        placed(outbox, status, f"s-{number}")
    hidden = placed(outbox, Status.PENDING, "s-hidden")
    outbox.set(hidden, "t", "hidden", hidden=1)
    closed = {Status.DELIVERED, Status.CANCELLED, Status.DISCARDED, Status.REVERSED}
    assert outbox.counts() == {s: 2 if s is Status.PENDING else 1 for s in Status if s not in closed}


def test_moves_are_counted_from_an_event_on(outbox: Outbox) -> None:
    placed(outbox, Status.PENDING)
    start = outbox.newest_event() + 1
    assert outbox.moves_since(start, Status.SENDING) == 0
    outbox.move(placed(outbox, Status.PENDING, "s-2"), Status.SENDING, "t")
    assert outbox.moves_since(start, Status.SENDING) == 1


def test_the_credit_notes_of_a_sale_are_found_by_what_they_name(outbox: Outbox) -> None:
    outbox.authorize(of("s-1"))
    backs = [outbox.authorize(invoice(request(returned(-10_00, sale_id=f"r-{n}")))) for n in range(3)]
    outbox.void(backs[0].ref, "undone")
    outbox.authorize(invoice(request(returned(-10_00, of="s-2", sale_id="r-9"))))
    assert [record.sale_id for record in outbox.credits_of("bar-1", "s-1")] == ["r-1", "r-2"]
    assert [record.kind for record in outbox.of_sale("bar-1", "s-1")] == [RecordKind.INVOICE]
