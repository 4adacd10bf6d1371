"""Authorize, capture, void and a restart, in every order: what must hold of one payment, whatever a till does to it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from posplugin.app import App
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.payment import Authorization, Outcome, PaymentRef, PaymentVoid, Refusal, RefusalCode
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from tests.fixtures.sales import request, sale

STEPS = ("authorize", "capture", "void", "restart")
ORDERS = [order for length in range(1, 5) for order in itertools.product(STEPS, repeat=length)]


@dataclass
class Model:
    """What a payment has been through, as far as the till may know."""

    promised: bool = False
    voided: bool = False
    captured: bool = False

    @property
    def status(self) -> tuple[Status, Reason | None] | None:
        """Where its one record stands; None when there is none."""
        if self.captured:
            late = (Status.NEEDS_ATTENTION, Reason.CAPTURED_AFTER_VOID)
            return late if self.voided else (Status.PENDING, None)
        if not self.promised:
            return None
        return (Status.CANCELLED if self.voided else Status.AUTHORIZED), None


def play(app: App, step: str, model: Model, sale_id: str) -> None:
    """Take one step, in the till and in the model, and compare what the till says."""
    asked = request(sale(sale_id=sale_id))
    till = app.till()
    if step == "authorize":
        answer = till.authorize(asked)
        if model.voided and not model.captured:
            assert isinstance(answer, Refusal)
            assert answer.code is RefusalCode.PAYMENT_VOIDED
        elif not model.voided:
            assert isinstance(answer, Authorization)
            model.promised = True
    elif step == "capture":
        assert till.capture(asked) is True
        model.promised = model.captured = True
    elif step == "void":
        if model.captured:
            with pytest.raises(IllegalTransition, match="captured and cannot be voided"):
                till.void(PaymentVoid(ref=asked.ref, why="declined"))
        else:
            till.void(PaymentVoid(ref=asked.ref, why="declined"))
            model.voided = True


def check(app: App, model: Model, sale_id: str) -> None:
    """One record at most, where the model has it; one event for every place it has been."""
    found = app.outbox.select("sale_id = ?", [sale_id])
    assert [(record.status, record.reason) for record in found] == ([model.status] if model.status else [])
    for record in found:
        events = app.outbox.events(record)
        assert (events[0].was, events[-1].now) == (None, record.status)
        assert [event.was for event in events[1:]] == [event.now for event in events[:-1]]


def test_every_order_of_authorize_capture_void_and_restart(open_app: Callable[..., App]) -> None:
    """Captured means one record, pending or before a person; a void before it cancels, and refuses a late promise."""
    apps = {order: f"s-{number}" for number, order in enumerate(ORDERS)}
    models = {order: Model() for order in ORDERS}
    app = open_app()
    for place in range(4):
        for restarts in (True, False):  # first all that restart here, by one restart of the till
            if restarts:
                app.close()
                app = open_app()
            for order in (order for order in ORDERS if len(order) > place):
                if (order[place] == "restart") == restarts:
                    play(app, order[place], models[order], apps[order])
                    check(app, models[order], apps[order])
    assert len(ORDERS) == 340
    assert {model.status for model in models.values()} == {
        None,
        (Status.AUTHORIZED, None),
        (Status.CANCELLED, None),
        (Status.PENDING, None),
        (Status.NEEDS_ATTENTION, Reason.CAPTURED_AFTER_VOID),
    }


OUTCOMES = {
    Outcome.FINAL: Status.PENDING,
    Outcome.ABANDONED: Status.CANCELLED,
    Outcome.UNKNOWN: Status.AUTHORIZED,
}


@pytest.mark.parametrize(("outcome", "status"), OUTCOMES.items())
def test_what_a_crash_left_is_settled_by_the_journals_word(app: App, outcome: Outcome, status: Status) -> None:
    till = app.till()
    till.authorize(request())
    till.authorize(request(sale(sale_id="s-2")))
    till.capture(request(sale(sale_id="s-2")))
    asked: list[PaymentRef] = []

    def journal(ref: PaymentRef) -> Outcome:
        asked.append(ref)
        return outcome

    till.settle(journal)
    till.settle(journal)
    assert set(asked) == {request().ref}  # what is captured already is not asked about
    record = app.outbox.by_payment(request().ref)
    assert record is not None
    assert record.status is status
    if outcome is not Outcome.UNKNOWN:
        assert app.outbox.events(record)[-1].who == "startup"
        assert len(asked) == 1


@pytest.mark.parametrize(("outcome", "status"), {**OUTCOMES, Outcome.UNKNOWN: Status.NEEDS_ATTENTION}.items(), ids=str)
def test_a_promise_that_waits_for_a_person_is_settled_when_the_journal_knows(
    app: App, outcome: Outcome, status: Status
) -> None:
    till = app.till()
    till.authorize(request())
    record = app.outbox.by_payment(request().ref)
    assert record is not None
    app.outbox.move(record, Status.NEEDS_ATTENTION, "sender", "too old", reason=Reason.UNCONFIRMED_SALE)
    till.settle(lambda _: outcome)
    assert app.outbox.get(record.id).status is status


def test_the_till_may_still_say_itself_what_became_of_a_promise_that_waits(app: App) -> None:
    till = app.till()
    for sale_id in ("s-1", "s-2"):
        asked = request(sale(sale_id=sale_id))
        till.authorize(asked)
        record = app.outbox.by_payment(asked.ref)
        assert record is not None
        app.outbox.move(record, Status.NEEDS_ATTENTION, "sender", reason=Reason.UNCONFIRMED_SALE)
    till.capture(request())
    till.void(PaymentVoid(ref=asked.ref, why="abandoned"))
    assert [record.status for record in app.outbox.select("1 ORDER BY id")] == [Status.PENDING, Status.CANCELLED]


def test_other_records_that_need_a_person_are_not_the_journals_matter(app: App) -> None:
    till = app.till()
    till.void(PaymentVoid(ref=request().ref, why="declined"))
    till.capture(request())
    till.settle(lambda _: Outcome.ABANDONED)
    record = app.outbox.by_payment(request().ref)
    assert record is not None
    assert record.reason is Reason.CAPTURED_AFTER_VOID


def test_a_capture_never_refuses_whatever_the_customer(app: App) -> None:
    """The sale is final; who is to pay is for a person to say."""
    till = app.till()
    cases = {
        "s-1": request(sale(sale_id="s-1"), None),
        "s-2": request(sale(sale_id="s-2"), 99999),
        "s-3": request(sale(sale_id="s-3"), None, host_customer_id="crm-1"),
        "s-4": request(sale(sale_id="s-4", department="roof")),
        "s-5": request(sale(sale_id="s-5", training=True)),
    }
    for asked in cases.values():
        assert till.capture(asked) is True
    kept = {record.sale_id: (record.status, record.customer_number) for record in app.outbox.select("1")}
    assert kept == {
        "s-1": (Status.PENDING, 0),
        "s-2": (Status.PENDING, 99999),
        "s-3": (Status.PENDING, 0),
        "s-4": (Status.PENDING, 10001),
        "s-5": (Status.PENDING, 10001),
    }
