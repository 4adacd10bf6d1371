"""What only a person can decide is put before a person, and stays there until one does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posplugin.app import App
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.payment import Light, Outcome, PaymentRequest, Refusal, RefusalCode
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.settings import fingerprint
from posplugin.till.status import CHECK_PASSED
from tests.fixtures.clocks import Watch
from tests.fixtures.sales import line, request, sale, tender

OpenApp = Callable[..., App]


def _record(app: App, asked: PaymentRequest) -> Record:
    record = app.outbox.by_payment(asked.ref)
    assert record is not None
    return record


def test_what_is_captured_with_other_facts_than_were_promised_waits_for_a_person(app: App) -> None:
    """The till's mistake must not become the guest's invoice; the promise stays as it was."""
    promised = request(sale(100_00))
    app.till().authorize(promised)

    assert app.till().capture(request(sale(150_00)))

    record = _record(app, promised)
    assert (record.status, record.reason, record.amount) == (Status.NEEDS_ATTENTION, Reason.INTERNAL, 100_00)


def test_a_capture_repeated_after_an_amendment_changes_nothing(app: App) -> None:
    """A technician has corrected the reference meanwhile; the host repeats what it knew."""
    asked = request()
    app.till().authorize(asked)
    app.till().capture(asked)
    app.office().amend(_record(app, asked), your_reference="Kari")

    assert app.till().capture(asked)

    assert _record(app, asked).status is Status.PENDING


def test_an_unconfirmed_sale_that_was_discarded_comes_back_when_it_was_final_after_all(app: App, clock: Watch) -> None:
    """Discarding it voids it; the till's word afterwards is not lost."""
    asked = request()
    app.till().authorize(asked)
    record = app.outbox.move(_record(app, asked), Status.NEEDS_ATTENTION, "sender", "?", reason=Reason.UNCONFIRMED_SALE)
    assert app.office().discard(record, "the guest left").status is Status.CANCELLED

    app.till().capture(asked)

    assert (_record(app, asked).status, _record(app, asked).reason) == (
        Status.NEEDS_ATTENTION,
        Reason.CAPTURED_AFTER_VOID,
    )


def test_an_unconfirmed_sale_is_settled_by_the_journal_at_the_next_start(app: App) -> None:
    """The till has been off for days; its journal still knows."""
    asked = request()
    app.till().authorize(asked)
    app.outbox.move(_record(app, asked), Status.NEEDS_ATTENTION, "sender", "?", reason=Reason.UNCONFIRMED_SALE)

    app.till().settle(lambda _: Outcome.FINAL)

    assert _record(app, asked).status is Status.PENDING


def test_what_was_read_before_an_amendment_can_not_be_moved_by_it(app: App) -> None:
    """A sender that read the old document finds that it may not send it."""
    asked = request()
    app.till().authorize(asked)
    app.till().capture(asked)
    read_before = _record(app, asked)
    app.office().amend(read_before, your_reference="Kari")

    with pytest.raises(IllegalTransition, match="no longer as it was read"):
        app.outbox.move(read_before, Status.SENDING, "sender")


def test_the_lamp_tells_of_what_should_have_been_sent_whatever_kept_it(open_app: OpenApp, clock: Watch) -> None:
    """Yellow once a run's window has passed over it, red after fourteen days, green again when it is gone."""
    app = open_app(schedule={"automatic": True, "window": "6h"})
    app.outbox.write_note(CHECK_PASSED, fingerprint(app.settings))
    asked = request()
    app.till().authorize(asked)
    app.till().capture(asked)
    assert app.status().light is Light.GREEN

    clock.passes(days=1)
    assert (app.status().light, "send" in app.status().text) == (Light.YELLOW, True)
    clock.passes(days=14)
    app.customers.store([], clock())
    assert app.status().light is Light.RED

    app.outbox.move(_record(app, asked), Status.DELIVERED, "sender")
    assert app.status().light is Light.GREEN


def test_a_hidden_record_still_lights_the_lamp(app: App) -> None:
    """Out of the list is not out of the alarm."""
    asked = request()
    app.till().capture(asked)
    record = app.outbox.move(_record(app, asked), Status.NEEDS_ATTENTION, "sender", reason=Reason.REJECTED)

    app.office().hide(record)

    assert app.status().light is Light.RED


def test_a_fee_is_told_to_the_cashier(open_app: OpenApp) -> None:
    """The guest will ask."""
    app = open_app(invoicing={"invoice_fee": True, "invoice_fee_amount": "39.00"})

    answer = app.till().authorize(request())

    assert not isinstance(answer, Refusal)
    assert "39,00" in " ".join(answer.warnings)


def test_change_is_not_given_on_faktura(app: App) -> None:
    """More on the invoice than was sold, with cash back, is refused."""
    asked = request(sale([line(500_00)], [tender(600_00), tender(-100_00, "cash")]))

    answer = app.till().authorize(asked)

    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.NOTHING_TO_INVOICE
