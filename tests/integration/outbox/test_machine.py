"""One outbox and its model, through any order of promises, captures, voids, deliveries and restarts."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from posplugin.domain.documents import Invoice
from posplugin.domain.errors import FactsDiffer, IllegalTransition, PaymentVoided
from posplugin.domain.reasons import Reason
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import TRANSITIONS, Status
from posplugin.outbox.store import Outbox
from tests.fixtures.sales import invoice, request, sale

SALES = st.sampled_from(["s-1", "s-2", "s-3"])


def facts_of(sale_id: str, amount: int = 100_00) -> Invoice:
    return invoice(request(sale(amount, sale_id=sale_id)))


@dataclass
class Expected:
    """One payment, as the till knows it."""

    status: Status
    reason: Reason | None = None
    moves: int = 1


class OutboxMachine(RuleBasedStateMachine):
    """What the till, the sender and a technician do, on a real file."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.expected: dict[str, Expected] = {}
        self.voided: set[str] = set()
        self.references: dict[str, str] = {}
        self.open()

    def open(self) -> None:
        self.database = Database(Path(self.folder.name) / "outbox.sqlite3")
        self.outbox = Outbox(self.database)

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def goes(self, sale_id: str, to: Status, reason: Reason | None = None) -> None:
        """One more move in the model."""
        known = self.expected.setdefault(sale_id, Expected(Status.AUTHORIZED))
        if (known.status, known.reason) != (to, reason):
            self.expected[sale_id] = Expected(to, reason, known.moves + 1)

    @rule(sale_id=SALES)
    def authorize(self, sale_id: str) -> None:
        if sale_id in self.voided:
            with pytest.raises(PaymentVoided):
                self.outbox.authorize(facts_of(sale_id))
            return
        record = self.outbox.authorize(facts_of(sale_id))
        self.expected.setdefault(sale_id, Expected(Status.AUTHORIZED))
        assert self.references.setdefault(sale_id, record.reference) == record.reference

    @rule(sale_id=SALES)
    def authorize_with_other_facts(self, sale_id: str) -> None:
        if sale_id in self.expected and sale_id not in self.voided:
            with pytest.raises(FactsDiffer):
                self.outbox.authorize(facts_of(sale_id, 200_00))

    @rule(sale_id=SALES)
    def capture(self, sale_id: str) -> None:
        record = self.outbox.capture(lambda: facts_of(sale_id), facts_of(sale_id).ref)
        assert self.references.setdefault(sale_id, record.reference) == record.reference
        known = self.expected.setdefault(sale_id, Expected(Status.AUTHORIZED))
        if known.status in {Status.AUTHORIZED, Status.CANCELLED}:
            if sale_id in self.voided:
                self.goes(sale_id, Status.NEEDS_ATTENTION, Reason.CAPTURED_AFTER_VOID)
            else:
                self.goes(sale_id, Status.PENDING)
        elif known.reason is Reason.UNCONFIRMED_SALE:
            self.goes(sale_id, Status.PENDING)

    @rule(sale_id=SALES)
    def void(self, sale_id: str) -> None:
        known = self.expected.get(sale_id)
        open_ = known is None or known.status in {Status.AUTHORIZED, Status.CANCELLED}
        if open_ or (known and known.reason is Reason.UNCONFIRMED_SALE):
            self.outbox.void(facts_of(sale_id).ref, "declined")
            self.voided.add(sale_id)
            if known:
                self.goes(sale_id, Status.CANCELLED)
        else:
            with pytest.raises(IllegalTransition):
                self.outbox.void(facts_of(sale_id).ref, "declined")

    @precondition(lambda self: self.expected)
    @rule(data=st.data(), to=st.sampled_from(Status))
    def send_or_mend(self, data: st.DataObject, to: Status) -> None:
        """What the sender and a technician do: any move there is, and none there is not."""
        sale_id = data.draw(st.sampled_from(sorted(self.expected)))
        known = self.expected[sale_id]
        record = self.outbox.by_payment(facts_of(sale_id).ref)
        assert record is not None
        mine = {Status.SENDING, Status.DELIVERED, Status.UNCERTAIN, Status.PENDING, Status.NEEDS_ATTENTION}
        if (known.status, to) not in TRANSITIONS or (known.status, to) == (Status.DELIVERED, Status.PENDING):
            with pytest.raises(IllegalTransition):
                self.outbox.move(record, to, "sender")
        elif (
            to in mine
            and known.status is not Status.CANCELLED
            and (known.status, to) != (Status.AUTHORIZED, Status.PENDING)
        ):
            reason = None
            if to is Status.NEEDS_ATTENTION:
                reason = Reason.UNCONFIRMED_SALE if known.status is Status.AUTHORIZED else Reason.REJECTED
            self.outbox.move(record, to, "sender", reason=reason)
            self.goes(sale_id, to, reason)

    @rule()
    def reopen(self) -> None:
        self.database.close()
        self.open()

    @invariant()
    def the_file_is_as_the_model(self) -> None:
        records = {record.sale_id: record for record in self.outbox.select("1")}
        assert {sale_id: (one.status, one.reason) for sale_id, one in records.items()} == {
            sale_id: (one.status, one.reason) for sale_id, one in self.expected.items()
        }
        for sale_id, record in records.items():
            events = self.outbox.events(record)
            assert len(events) == self.expected[sale_id].moves
            assert [(event.was, event.now) for event in events[1:]] == [
                (before.now, after.now) for before, after in pairwise(events)
            ]
            assert record.invoice() == facts_of(sale_id)
            assert self.outbox.is_voided(record.ref) == (sale_id in self.voided)


OutboxMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestOutboxMachine = OutboxMachine.TestCase
