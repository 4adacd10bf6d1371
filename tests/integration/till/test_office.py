"""What a technician does to a record: find, hide, amend, retry, discard, release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.errors import IllegalTransition, UsageError
from posplugin.domain.reasons import SET_UP_REASONS, Reason
from posplugin.office import Filter, Office, technician
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from tests.fixtures.clocks import EVENING
from tests.fixtures.customers import ARCHIVED, COMPANY, EHF, PERSON, VAT_FREE
from tests.fixtures.sales import DAY, request, returned, sale


@pytest.fixture
def office(app: App) -> Office:
    return app.office()


@pytest.fixture
def held(app: App) -> Callable[..., Record]:
    """Makes a record that needs a person."""

    def make(reason: Reason = Reason.REJECTED, sale_id: str = "s-1", **values: Any) -> Record:
        asked = request(sale(sale_id=sale_id))
        app.till().capture(asked)
        record = app.outbox.by_payment(asked.ref)
        assert record is not None
        return app.outbox.move(record, Status.NEEDS_ATTENTION, "sender", "no", reason=reason, **values)

    return make


def test_a_retry_starts_the_count_anew_and_says_who_did_it(
    app: App, office: Office, held: Callable[..., Record]
) -> None:
    record = office.retry(held(attempts=8, looks=2, not_before="2026-11-21T06:00:00.000000Z", detail="their words"))
    assert (record.status, record.reason, record.detail) == (Status.PENDING, None, None)
    assert (record.attempts, record.looks, record.not_before) == (0, 0, "")
    assert app.outbox.events(record)[-1].who == technician()
    assert technician().startswith("technician")


def test_a_retry_of_a_blocked_reference_takes_the_next(office: Office, held: Callable[..., Record]) -> None:
    record = held(Reason.REFERENCE_BLOCKED)
    assert office.retry(record).reference == record.reference[:-1] + "2"


def test_a_damaged_document_is_never_tried_again(app: App, office: Office, held: Callable[..., Record]) -> None:
    record = held(Reason.CONTENT_DAMAGED)
    app.database.execute("UPDATE records SET document = replace(document, '10000', '90000')")
    with pytest.raises(IllegalTransition, match="does not match its hash; it is never sent"):
        office.retry(app.outbox.get(record.id))
    app.database.execute("UPDATE records SET document = ?", [record.document])  # put back from a backup
    assert office.retry(app.outbox.get(record.id)).status is Status.PENDING


@pytest.mark.parametrize(
    "act", [lambda o, r: o.retry(r), lambda o, r: o.discard(r, "by hand")], ids=["retry", "discard"]
)
@pytest.mark.parametrize("status", sorted(set(Status) - {Status.NEEDS_ATTENTION}))
def test_only_what_needs_a_person_is_tried_again_or_discarded(
    app: App, office: Office, held: Callable[..., Record], status: Status, act: Callable[[Office, Record], object]
) -> None:
    record = held()
    app.database.execute("UPDATE records SET status = ?, reason = NULL", [status])
    with pytest.raises(IllegalTransition, match=f"is {status}; only what needs attention"):
        act(office, app.outbox.get(record.id))
    assert app.outbox.get(record.id).status is status


def test_a_discard_says_how_it_was_handled(app: App, office: Office, held: Callable[..., Record]) -> None:
    record = held()
    for nothing in ("", "  "):
        with pytest.raises(UsageError, match="say how it was handled"):
            office.discard(record, nothing)
    discarded = office.discard(record, "invoiced by hand, number 1042")
    assert (discarded.status, discarded.detail) == (Status.DISCARDED, "invoiced by hand, number 1042")
    assert app.outbox.events(discarded)[-1].why == "invoiced by hand, number 1042"


def test_two_technicians_at_once_do_one_thing(office: Office, held: Callable[..., Record]) -> None:
    record = held()
    office.retry(record)
    with pytest.raises(IllegalTransition, match="is no longer as it was read"):
        office.discard(record, "by hand")


def test_hiding_takes_a_record_out_of_the_lists_and_changes_nothing_else(
    app: App, office: Office, held: Callable[..., Record]
) -> None:
    record = office.discard(held(), "by hand")  # what needs a person is listed, hidden or not
    hidden = office.hide(record)
    assert replace(hidden, hidden=False, updated_at=record.updated_at) == record
    assert office.find(Filter()) == []
    assert [one.id for one in office.find(Filter(hidden=True))] == [record.id]
    assert office.find(Filter()) == [] != [office.hide(hidden, hidden=False)]
    assert [event.why for event in app.outbox.events(record)][-2:] == ["hidden", "shown"]


def test_an_amendment_is_told_in_an_event(app: App, office: Office, held: Callable[..., Record]) -> None:
    record = office.amend(held(), customer=EHF.number, your_reference="Kari", order_number="PO-7")
    assert (record.customer_number, record.customer_name, record.status) == (
        *(EHF.number, EHF.name),
        Status.NEEDS_ATTENTION,
    )
    assert (record.invoice().your_reference, record.invoice().order_number) == ("Kari", "PO-7")
    assert app.outbox.events(record)[-1].why == (
        "amended: customer_number 10001 → 10002, your_reference None → Kari, order_number None → PO-7"
    )
    assert office.amend(record, your_reference="").invoice().your_reference is None


def test_an_amendment_of_nothing_or_to_nobody_is_refused(office: Office, held: Callable[..., Record]) -> None:
    record = held()
    with pytest.raises(UsageError, match="nothing to amend"):
        office.amend(record)
    with pytest.raises(UsageError, match="nothing to amend"):
        office.amend(record, customer=COMPANY.number)
    with pytest.raises(UsageError, match="customer 99999 is not in the register"):
        office.amend(record, customer=99999)


@pytest.mark.parametrize("reason", Reason)
def test_only_what_waits_for_the_set_up_goes_on_when_it_is_mended(
    app: App, office: Office, held: Callable[..., Record], reason: Reason
) -> None:
    record = held(reason, attempts=5)
    released = office.release(SET_UP_REASONS)
    assert bool(released) == (reason in SET_UP_REASONS)
    now = app.outbox.get(record.id)
    if released:
        assert (now.status, now.reason, now.attempts) == (Status.PENDING, None, 0)
        assert app.outbox.events(now)[-1].who == "check"
    else:
        assert now == record


@pytest.fixture
def many(app: App) -> list[Record]:
    """Three sales and a return, over two days, departments and customers."""
    till = app.till()
    asked = [
        request(sale(sale_id="s-1", receipt="1041")),
        request(sale(sale_id="s-2", receipt="1042"), PERSON.number),
        request(sale(sale_id="s-3", at=EVENING + timedelta(days=1), department="roof")),
        request(returned(-10_00, sale_id="r-1")),
    ]
    for one in asked:
        till.capture(one)
    last = app.outbox.by_payment(asked[0].ref)
    assert last is not None
    app.outbox.move(last, Status.SENDING, "sender")
    return app.outbox.select("1")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), ["r-1", "s-3", "s-2", "s-1"]),
        (Filter(limit=2), ["r-1", "s-3"]),
        (Filter(statuses=frozenset({Status.SENDING})), ["s-1"]),
        (Filter(statuses=frozenset({Status.SENDING, Status.PENDING})), ["r-1", "s-3", "s-2", "s-1"]),
        (Filter(kind="credit_note"), ["r-1"]),
        (Filter(first_day=DAY + timedelta(days=1)), ["s-3"]),
        (Filter(last_day=DAY), ["r-1", "s-2", "s-1"]),
        (Filter(first_day=DAY, last_day=DAY), ["r-1", "s-2", "s-1"]),
        (Filter(last_day=date(2020, 1, 1)), []),
        (Filter(customer=PERSON.number), ["s-2"]),
        (Filter(department="roof"), ["s-3"]),
        (Filter(text="1042"), ["s-2"]),
        (Filter(text="Nordmann"), ["s-2"]),
        (Filter(text="%"), []),
        (Filter(kind="invoice", customer=COMPANY.number, last_day=DAY), ["s-1"]),
    ],
)
def test_records_are_found_newest_first(office: Office, many: list[Record], wanted: Filter, found: list[str]) -> None:
    assert [record.sale_id for record in office.find(wanted)] == found


def test_a_record_is_found_by_a_piece_of_its_reference(office: Office, many: list[Record]) -> None:
    assert [record.id for record in office.find(Filter(text=many[0].reference[10:]))] == [many[0].id]


@pytest.mark.parametrize(
    ("customer", "words"),
    [(EHF.number, "Deres referanse"), (VAT_FREE.number, "uten mva"), (ARCHIVED.number, "arkivert")],
)
def test_an_amendment_is_refused_what_a_cashier_is(
    customer: int, words: str, office: Office, held: Callable[..., Record]
) -> None:
    with pytest.raises(UsageError, match=words):
        office.amend(held(), customer=customer)
    assert office.amend(held(sale_id="s-2"), customer=EHF.number, your_reference="Kari").customer_number == EHF.number
