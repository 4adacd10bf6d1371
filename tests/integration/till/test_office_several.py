"""What a technician does to several records at once, and what is offered for one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posplugin.app import App
from posplugin.domain.errors import PosPluginError, UsageError
from posplugin.domain.payment import RefusalCode
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Settlement
from posplugin.office import ONE_BY_ONE, Act, Office
from posplugin.outbox import facts
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.steps import Step, StepState
from posplugin.texts import texts
from posplugin.texts.refused import in_words
from tests.fixtures.customers import ARCHIVED
from tests.fixtures.sales import request, sale
from tests.fixtures.zreports import z_report


@pytest.fixture
def held(app: App) -> Callable[..., Record]:
    """Makes a record that stands as told."""

    def make(
        reason: Reason | None = Reason.REJECTED, status: Status = Status.NEEDS_ATTENTION, number: int = 1
    ) -> Record:
        asked = request(sale(sale_id=f"s-{number}", receipt=str(number)))
        app.till().capture(asked)
        record = app.outbox.by_payment(asked.ref)
        assert record is not None
        app.database.execute("UPDATE records SET status = ?, reason = ? WHERE id = ?", (status, reason, record.id))
        return app.outbox.get(record.id)

    return make


def test_several_go_on_but_what_a_person_decides_about_alone_is_left(app: App, held: Callable[..., Record]) -> None:
    plain, alone = held(number=1), held(Reason.GONE, Status.DELIVERED, number=2)
    refused = held(None, Status.CANCELLED, number=3)

    done = app.office().retry_all([plain, alone, refused])

    assert [record.receipt for record in done.again] == ["1"]
    assert [record.receipt for record in done.left] == ["2"]
    assert [(record.receipt, "cancelled" in str(error)) for record, error in done.refused] == [("3", True)]
    assert app.outbox.get(plain.id).status is Status.PENDING
    assert app.outbox.get(alone.id) == alone
    assert app.outbox.get(refused.id) == refused


@pytest.mark.parametrize("reason", sorted(ONE_BY_ONE - {Reason.UNSENT, Reason.CONTENT_DAMAGED}))
def test_one_is_left_though_no_other_is_named(app: App, held: Callable[..., Record], reason: Reason) -> None:
    record = held(reason)
    done = app.office().retry_all([record])
    assert (done.again, done.left, done.refused) == ((), (record,), ())
    assert app.outbox.get(record.id) == record


def test_what_was_taken_back_is_left(app: App, held: Callable[..., Record]) -> None:
    """It is posted anew where a person asks for it alone."""
    held(None, Status.REVERSED)
    app.database.execute("UPDATE records SET kind = 'settlement'")
    _hold_a_z(app)
    (record,) = app.outbox.select("1")
    assert app.office().retry_all([record]).left == (record,)


def test_nothing_is_tried_again_where_nothing_is_named(app: App) -> None:
    done = app.office().retry_all([])
    assert (done.again, done.left, done.refused) == ((), (), ())


_STANDS = [
    *[(status, None) for status in Status if status is not Status.NEEDS_ATTENTION],
    *[(Status.NEEDS_ATTENTION, reason) for reason in Reason],
    *[(Status.DELIVERED, reason) for reason in Reason if reason is not Reason.UNCONFIRMED_SALE],  # that is never sent
]


@pytest.mark.parametrize("unfinished", [False, True])
@pytest.mark.parametrize("is_settlement", [False, True])
@pytest.mark.parametrize(("status", "reason"), _STANDS)
def test_what_is_offered_is_what_is_not_refused(
    app: App, status: Status, reason: Reason | None, is_settlement: bool, unfinished: bool
) -> None:
    """Each thing tried on a copy: offered exactly when it goes through."""
    app.till().capture(request())
    app.database.execute(
        "UPDATE records SET status = ?, reason = ?, kind = ? WHERE 1",
        (status, reason, "settlement" if is_settlement else "invoice"),
    )
    record = app.outbox.select("1")[0]
    if is_settlement:
        _hold_a_z(app)
        record = app.outbox.select("1")[0]
    if unfinished:
        app.outbox.steps.write(record, Step.ATTACH, StepState.FAILED)
    office = app.office()
    trials: dict[Act, Callable[[Office], object]] = {
        Act.RETRY: lambda o: o.retry(record),
        Act.DISCARD: lambda o: o.discard(record, "by hand"),
        Act.AMEND: lambda o: o.amend(record, your_reference="Kari"),
    }
    for act, trial in trials.items():
        assert (act in office.may(record)) == _goes_through(app, office, trial), act


def _hold_a_z(app: App) -> None:
    """Give the record the document of a settlement."""
    text = facts.write(Settlement(z=z_report(), department="bar"))
    app.database.execute("UPDATE records SET document = ?, sha256 = ?", (text, facts.digest(text)))


class _Undone(Exception):
    pass


def _goes_through(app: App, office: Office, trial: Callable[[Office], object]) -> bool:
    try:
        with app.database.transaction():
            trial(office)
            _undo()
    except PosPluginError:
        return False
    except _Undone:
        return True
    return True


def _undo() -> None:
    raise _Undone


def test_a_damaged_document_can_be_let_go_alone(app: App, held: Callable[..., Record]) -> None:
    record = held(Reason.CONTENT_DAMAGED)
    app.database.execute("UPDATE records SET document = replace(document, '10000', '90000')")
    assert app.office().may(app.outbox.get(record.id)) == {Act.DISCARD}


def test_a_reference_as_long_as_no_cashier_may_enter_is_refused(app: App, held: Callable[..., Record]) -> None:
    record = held()
    for field in ("your_reference", "order_number"):
        with pytest.raises(UsageError, match="250"):
            app.office().amend(record, **{field: "x" * 251})  # type: ignore[arg-type]
    assert app.outbox.get(record.id) == record


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_a_cashier_would_be_refused_is_said_in_the_readers_language(
    app: App, held: Callable[..., Record], language: str
) -> None:
    with pytest.raises(UsageError) as refused:
        app.office().amend(held(), customer=ARCHIVED.number)
    sentence = texts(language).refusal[RefusalCode.CUSTOMER_ARCHIVED]
    assert in_words(refused.value, language) == sentence.format(customer=ARCHIVED.name)
