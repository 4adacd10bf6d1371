"""How often the disk is waited for: once for each promise, and no more than the crash-safety of each step takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from posplugin.accounting_system import AccountingError, AccountingSystem, Posted, Stage, Verdict
from posplugin.app import App
from posplugin.domain.documents import Invoice
from posplugin.domain.reasons import Reason
from posplugin.hooks import PosHost
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.sender.deliver import Delivery
from tests.disk.ledger import payment
from tests.disk.shim import Act, Disk


def test_a_sale_waits_for_the_disk_twice_and_what_is_repeated_not_at_all(
    under: Disk, config: Path, start: Callable[..., PosHost]
) -> None:
    host = start()
    host.authorize(payment("the day's first"))

    under.begin()
    host.authorize(payment("a"))
    assert under.asked[Act.SYNC] == 1
    host.capture(payment("a"))
    assert under.asked[Act.SYNC] == 2
    host.authorize(payment("a"))
    host.capture(payment("a"))
    host.status()
    host.find_customers("a")
    assert under.asked[Act.SYNC] == 2


class Answering:
    """An accounting system that answers at once."""

    def __init__(self, answer: Callable[[Invoice, str], Posted]) -> None:
        self.deliver = lambda invoice, reference, _: answer(invoice, reference)

    def request_for(self, *_: object) -> str:
        return "{}"


def as_asked(invoice: Invoice, reference: str) -> Posted:
    return Posted(
        reference=reference,
        accounting_id="1",
        number=1,
        customer_number=invoice.customer_number,
        total=invoice.total,
        stage=Stage.DRAFT,
    )


def lost(_: Invoice, __: str) -> Posted:
    raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, "no answer")


def refused(_: Invoice, __: str) -> Posted:
    raise AccountingError(Verdict.ATTENTION, Reason.REJECTED, "no such customer", status=400)


@pytest.fixture
def app(under: Disk, config: Path) -> Iterator[App]:
    with App.open(config) as app:
        yield app


def sold(app: App) -> Record:
    asked = payment("a")
    app.till().authorize(asked)
    app.till().capture(asked)
    (record,) = app.outbox.in_status(Status.PENDING)
    return record


@pytest.mark.parametrize(
    ("answer", "status"),
    [(as_asked, Status.DELIVERED), (lost, Status.UNCERTAIN), (refused, Status.NEEDS_ATTENTION)],
)
def test_a_delivery_waits_for_the_disk_before_it_is_sent_and_once_after(
    answer: Callable[[Invoice, str], Posted], status: Status, app: App, under: Disk
) -> None:
    record = sold(app)
    before: list[int] = []

    def answering(invoice: Invoice, reference: str) -> Posted:
        assert app.outbox.get(record.id).status is Status.SENDING
        before.append(under.asked[Act.SYNC])
        return answer(invoice, reference)

    under.begin()
    _deliver(app, record, answering)

    assert before == [1]
    assert under.asked[Act.SYNC] == 2
    assert app.outbox.get(record.id).status is status
    assert len(app.outbox.attempts(record)) == 1


def test_what_was_answered_is_kept_of_a_record_that_was_moved_meanwhile(app: App) -> None:
    record = sold(app)

    def moved(invoice: Invoice, reference: str) -> Posted:
        app.outbox.move(app.outbox.get(record.id), Status.UNCERTAIN, "another", "taken over")
        return as_asked(invoice, reference)

    assert _deliver(app, record, moved) is None
    assert app.outbox.get(record.id).status is Status.UNCERTAIN
    assert [attempt.outcome for attempt in app.outbox.attempts(record)] == ["accepted"]


def test_what_was_answered_is_kept_though_what_follows_from_it_fails(app: App) -> None:
    record = sold(app)

    def with_a_number_that_no_file_holds(invoice: Invoice, reference: str) -> Posted:
        return replace(as_asked(invoice, reference), number=2**64)

    with pytest.raises(OverflowError):
        _deliver(app, record, with_a_number_that_no_file_holds)
    assert app.outbox.get(record.id).status is Status.SENDING  # looked up by the next run
    assert [attempt.outcome for attempt in app.outbox.attempts(record)] == ["accepted"]


def _deliver(app: App, record: Record, answer: Callable[[Invoice, str], Posted]) -> Posted | AccountingError | None:
    system = cast(AccountingSystem, Answering(answer))
    return Delivery(outbox=app.outbox, system=system, clock=app.clock).attempt(record)
