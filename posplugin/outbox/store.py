"""The outbox itself: every change is one compare-and-swap with its event, in one synced transaction."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import peewee

from posplugin.accounting_system import Stage
from posplugin.domain.clock import Clock, from_stored, to_text, utc_now
from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.errors import FactsDiffer, IllegalTransition, OutboxError, PaymentVoided
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Settlement
from posplugin.outbox import facts
from posplugin.outbox.backlog import Backlog
from posplugin.outbox.database import Database
from posplugin.outbox.deliveries import Deliveries
from posplugin.outbox.lifecycle import OPEN, OPEN_SQL, TRANSITIONS, Status
from posplugin.outbox.naming import named
from posplugin.outbox.reading import records
from posplugin.outbox.record import COLUMNS, Attempt, Event, Record, from_row, written
from posplugin.outbox.reference import next_generation, reference
from posplugin.outbox.settlements import Settlements
from posplugin.outbox.steps import AGAIN, Step, Steps, StepState

_INSERT = f"""INSERT INTO records (reference, kind, status, terminal_id, sale_id, tender_id, department, business_date,
    receipt, customer_number, customer_name, amount, document, schema_version, sha256, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING {COLUMNS}"""
_EVENT = "INSERT INTO events (record_id, at, who, was, now, reason, why) VALUES (?, ?, ?, ?, ?, ?, ?)"
#: What `move` may set beside the status.
_SETTABLE = frozenset(
    {"reason", "detail", "attempts", "not_before", "uncertain_since", "looks", "reference"}
    | {"accounting_id", "accounting_number", "accounting_state", "invoice_number", "sent_at", "hidden"}
)

_MOVED_ON = "{reference} is no longer as it was read; read it again"
_NOT_AMENDED = (
    "{reference} is {status}; only what is not delivered can be amended. What is delivered is corrected in "
    "PowerOffice, or by a return at the till"
)

#: The compare in compare-and-swap: where it stood, and what it said.
_AS_READ = "id = ? AND status = ? AND sha256 = ? AND updated_at = ?"


def _as_read(record: Record) -> tuple[object, ...]:
    return record.id, record.status, record.sha256, to_text(record.updated_at)


def _of(kinds: Iterable[RecordKind]) -> str:
    marks = ", ".join(f"'{kind}'" for kind in kinds)
    return f"kind IN ({marks})"


def _standing(statuses: Iterable[Status]) -> str:
    marks = ", ".join(f"'{status}'" for status in statuses)
    return f"status IN ({marks})" + (f" AND {OPEN_SQL}" if OPEN.issuperset(statuses) else "")


def _amendable(invoice: Invoice) -> Invoice:
    """The document without what may be amended: two that are equal differ in nothing else."""
    return replace(invoice, customer_number=0, customer_name="", your_reference=None, order_number=None)


class Outbox:
    """All that a till, a sender and a technician do with records. Thread-safe; every change is durable on return.

    Any method raises `OutboxUnavailable` when the file cannot be read or written in time; then nothing has changed.
    """

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self.database = database
        self._clock = clock
        self.steps = Steps(database, clock)
        self.deliveries = Deliveries(database, self.select)
        self.settlements = Settlements(database, self.select, self._insert, self.set, clock)
        row = database.row("SELECT id FROM installation")
        self.installation: str = row[0] if row else ""

    # -- the till --------------------------------------------------------------------------------------------------

    def authorize(self, invoice: Invoice, who: str = "till") -> Record:
        """Keep a promise, or return the record that already keeps it, whatever its status.

        Raises `PaymentVoided` when the till has let the payment go, and `FactsDiffer` when it is there with another
        customer, amount or lines.
        """
        with self.database.transaction():
            if self.is_voided(invoice.ref):
                raise PaymentVoided(f"payment {invoice.ref} has been voided; take a new tender id")
            if known := self.by_payment(invoice.ref):
                if not facts.same_payment(known.invoice(), invoice):
                    raise FactsDiffer(f"payment {invoice.ref} is already there with another customer, amount or lines")
                return known
            return self._insert(invoice, Status.AUTHORIZED, who, "authorized by the till")

    def capture(self, invoice: Callable[[], Invoice], ref: PaymentRef, who: str = "till") -> Record:
        """Carry a payment out: repeatable for ever, and a missing record is made anew from `invoice()`."""
        with self.database.transaction():
            record = self.by_payment(ref)
            if record is None:
                status = Status.NEEDS_ATTENTION if self.is_voided(ref) else Status.PENDING
                record = self._insert(invoice(), Status.AUTHORIZED, who, "captured without a promise on file")
                if status is Status.PENDING:
                    return self.move(record, Status.PENDING, who, "the sale is final")
            if record.status is Status.AUTHORIZED and not self.is_voided(ref):
                return self.move(record, Status.PENDING, who, "the sale is final")
            if record.status is Status.NEEDS_ATTENTION and record.reason is Reason.UNCONFIRMED_SALE:
                return self.move(record, Status.PENDING, who, "the sale is final after all")
            if record.status in (Status.AUTHORIZED, Status.CANCELLED):
                return self.move(
                    record, Status.NEEDS_ATTENTION, who, "captured after void", reason=Reason.CAPTURED_AFTER_VOID
                )
            return record

    def void(self, ref: PaymentRef, why: str, who: str = "till") -> Record | None:
        """Let a payment go, and remember that it went, so that a late promise is refused. Repeatable.

        Raises `IllegalTransition` when the payment has been captured: the sale is final, and stays so.
        """
        with self.database.transaction():
            record = self.by_payment(ref)
            waits = record is not None and record.reason is Reason.UNCONFIRMED_SALE
            if record and not waits and record.status not in (Status.AUTHORIZED, Status.CANCELLED):
                raise IllegalTransition(
                    "payment {ref} is captured and cannot be voided; make a return instead", ref=ref
                )
            self.database.execute(
                "INSERT OR IGNORE INTO voids VALUES (?, ?, ?, ?, ?)",
                (ref.terminal_id, ref.sale_id, ref.tender_id, to_text(self._clock()), why),
            )
            if record and record.status is not Status.CANCELLED:
                return self.move(record, Status.CANCELLED, who, why)
            return record

    def is_voided(self, ref: PaymentRef) -> bool:
        """Whether the till has let this payment go."""
        sql = "SELECT 1 FROM voids WHERE terminal_id = ? AND sale_id = ? AND tender_id = ?"
        return self.database.row(sql, (ref.terminal_id, ref.sale_id, ref.tender_id)) is not None

    # -- moving ----------------------------------------------------------------------------------------------------

    def move(self, record: Record, to: Status, who: str, why: str | None = None, **values: Any) -> Record:
        """Move a record, if it still stands where it was read, and write the event; return it as it is now.

        `values` are further columns. `reason` is cleared unless given. Raises `IllegalTransition` otherwise.
        """
        if (record.status, to) not in TRANSITIONS:
            raise IllegalTransition(f"{record.reference} cannot go from {record.status} to {to}")
        if record.status in (Status.DELIVERED, Status.REVERSED) and to is Status.PENDING and "reference" not in values:
            raise IllegalTransition(f"{record.reference} was delivered; it never goes out again under its reference")
        if wrong := set(values) - _SETTABLE:
            raise OutboxError(f"columns {sorted(wrong)} are not set by a move")
        with self.database.transaction():
            now = to_text(self._clock())  # not before: it may have to wait for the file
            changes = {"reason": None, "detail": None, **values, "status": to, "updated_at": now}
            self._write(record, changes)
            self._event(record.id, now, who, record.status, to, changes["reason"], why)
            return written(record, changes)

    def set(self, record: Record, who: str, why: str, **values: Any) -> Record:
        """Change columns of a record that stays where it is, with an event."""
        with self.database.transaction():
            now = to_text(self._clock())
            changes = {**values, "updated_at": now}
            self._write(record, changes)
            self._event(record.id, now, who, record.status, record.status, record.reason, why)
            return written(record, changes)

    def amend(self, record: Record, invoice: Invoice, who: str, why: str) -> Record:
        """Replace the document of a record that waits for a person or its turn; amounts must be the same."""
        if record.status not in (Status.PENDING, Status.NEEDS_ATTENTION):
            raise IllegalTransition(_NOT_AMENDED, reference=record.receipt, status=record.status)
        if _amendable(invoice) != _amendable(record.invoice()):
            raise FactsDiffer(
                "{reference}: amounts and lines are frozen; make a return and a new sale", reference=record.reference
            )
        text = facts.write(invoice)
        return self.set(
            record,
            who,
            why,
            document=text,
            sha256=facts.digest(text),
            schema_version=facts.SCHEMA_VERSION,
            customer_number=invoice.customer_number,
            customer_name=invoice.customer_name,
        )

    def next_generation(self, record: Record, who: str, why: str) -> Record:
        """Let a record go out under its next reference, since the present one is blocked or what it named is gone."""
        # A voucher of before must never be reversed in the place of the next; an order of before is looked at again.
        is_settlement = record.kind is RecordKind.SETTLEMENT
        unknown: dict[str, Any] = {"accounting_id": None, "accounting_number": None} if is_settlement else {}
        with self.database.transaction():
            self.steps.forget(record)
            return self.move(
                *(record, Status.PENDING, who, why),
                reference=next_generation(record.reference),
                attempts=0,
                not_before="",
                looks=0,
                uncertain_since=None,
                accounting_state=None,
                invoice_number=None,
                sent_at=None,
                **unknown,
            )

    def steps_again(self, record: Record, who: str, why: str) -> Record:
        """Let the unfinished steps of a delivered record be taken again, once its draft has been compared anew."""
        return self._end_steps(record, StepState.TO_DO, AGAIN, who, why)

    def let_steps_go(self, record: Record, who: str, how: str) -> Record:
        """Let the failed step of a delivered record be as it is, or all that are left to do where none has failed.

        What comes after a failed step goes on.
        """
        return self._end_steps(record, StepState.DONE, how, who, how)

    def accept(self, record: Record, who: str, how: str) -> Record:
        """Take what stands there though it is another than was delivered: a person says that it is right."""
        with self.database.transaction():
            self.steps.write(record, Step.ACCEPT, StepState.DONE)
            return self.set(record, who, how, reason=None, detail=None)

    def _end_steps(self, record: Record, to: StepState, detail: str, who: str, why: str) -> Record:
        with self.database.transaction():
            left = [row for row in self.steps.of(record) if row.state is not StepState.DONE]
            for row in [row for row in left if row.state is StepState.FAILED] or left:
                self.steps.write(record, row.step, to, detail)
            state = Stage.DRAFT if record.accounting_state is Stage.SEND_FAILED else record.accounting_state
            return self.set(record, who, why, reason=None, detail=None, accounting_state=state)

    def changed_since(self, event_id: int, who: str = "%", kinds: Iterable[RecordKind] = RecordKind) -> list[Record]:
        """Return the records of some kinds that anybody, or `who`, has changed since an event, that one left out."""
        changed = "id IN (SELECT record_id FROM events WHERE id > ? AND who LIKE ?)"
        return self.select(f"{changed} AND {_of(kinds)} ORDER BY id", (event_id, who))

    def attempted(self, record: Record, attempt: Attempt, run_id: int | None = None) -> None:
        """Write down one try at the accounting system."""
        with self.database.transaction():
            self.database.execute(
                "INSERT INTO attempts (record_id, run_id, at, took_ms, request, outcome, status, answer)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(record.id, run_id, to_text(attempt.at), attempt.took_ms),
                    *(attempt.request, attempt.outcome, attempt.status, attempt.answer),
                ),
            )

    def was_tried(self, record: Record, run_id: int) -> bool:
        """Whether a record has been tried at the accounting system in a run."""
        sql = "SELECT 1 FROM attempts WHERE record_id = ? AND run_id = ? LIMIT 1"
        return self.database.row(sql, (record.id, run_id)) is not None

    # -- reading ---------------------------------------------------------------------------------------------------

    def get(self, record_id: int) -> Record:
        """Return a record by its row id."""
        return self._one("id = ?", (record_id,))

    def by_reference(self, reference: str) -> Record:
        """Return a record by its reference, its receipt number or its code, as `naming.named` does."""
        return named(self.select, reference)

    def by_payment(self, ref: PaymentRef) -> Record | None:
        """Return the record of a payment, if there is one."""
        where = "terminal_id = ? AND sale_id = ? AND tender_id = ? AND kind <> 'settlement'"
        found = self.select(where, (ref.terminal_id, ref.sale_id, ref.tender_id))
        return found[0] if found else None

    def of_sale(self, terminal_id: str, sale_id: str, kind: RecordKind = RecordKind.INVOICE) -> list[Record]:
        """Return the records of a sale that was not cancelled."""
        where = "terminal_id = ? AND sale_id = ? AND kind = ? AND status <> 'cancelled'"
        return self.select(where, (terminal_id, sale_id, kind))

    def credits_of(self, terminal_id: str, sale_id: str) -> list[Record]:
        """Return the credit notes of a sale that are not cancelled; they name it in their document."""
        where = (
            "kind = 'credit_note' AND status <> 'cancelled' AND json_extract(document, '$.original.terminal_id') = ?"
            " AND json_extract(document, '$.original.sale_id') = ?"
        )
        return self.select(where, (terminal_id, sale_id))

    def in_status(self, *statuses: Status) -> list[Record]:
        """Return all records that stand somewhere, oldest first."""
        return self.select(f"{_standing(statuses)} ORDER BY id")

    def backlog(self, *statuses: Status) -> Backlog:
        """Return the same to be gone through: each is read when its turn comes."""
        rows = self.database.rows(f"SELECT id FROM records WHERE {_standing(statuses)} ORDER BY id")
        return Backlog(self.select, array("q", (id_ for (id_,) in rows)), lambda record: record.status in statuses)

    def counts(self, kinds: Iterable[RecordKind] = RecordKind) -> dict[Status, int]:
        """Return how many records of some kinds stand where, open ones only."""
        sql = f"SELECT status, count(*) FROM records WHERE {OPEN_SQL} AND {_of(kinds)} GROUP BY status"
        return {Status(status): count for status, count in self.database.rows(sql)}

    def needing_a_person(self) -> list[Record]:
        """Return what a person must act on: not delivered, or delivered with something the matter since."""
        found = [*self.in_status(Status.NEEDS_ATTENTION), *self.deliveries.troubled()]
        return sorted(found, key=lambda record: record.id)

    def oldest_waiting(self, kinds: Iterable[RecordKind] = RecordKind) -> datetime | None:
        """Return when the oldest record of some kinds came that waits for a sender."""
        sql = f"SELECT min(created_at) FROM records WHERE status IN ('pending', 'sending', 'uncertain') AND {OPEN_SQL}"
        row = self.database.row(f"{sql} AND {_of(kinds)}")
        return from_stored(row[0]) if row and row[0] else None

    def select(self, where: str, parameters: Iterable[Any] = ()) -> list[Record]:
        """Return the records for which a condition (SQL with ?) holds."""
        return records(self.database, self.installation, where, parameters)

    def events(self, record: Record) -> list[Event]:
        """Return all that happened to a record, oldest first."""
        sql = "SELECT at, who, was, now, reason, why FROM events WHERE record_id = ? ORDER BY id"
        return [
            Event(at=from_stored(at), who=who, was=was, now=now, reason=reason, why=why)
            for at, who, was, now, reason, why in self.database.rows(sql, (record.id,))
        ]

    def newest_event(self) -> int:
        """Return the id of the newest event, 0 in an empty outbox."""
        row = self.database.row("SELECT coalesce(max(id), 0) FROM events")
        return int(row[0]) if row else 0

    def moves_since(self, event_id: int, to: Status) -> int:
        """Return how many records have moved to a status since an event, that one included."""
        row = self.database.row("SELECT count(*) FROM events WHERE id >= ? AND now = ? AND was <> now", (event_id, to))
        return int(row[0]) if row else 0

    def attempts(self, record: Record) -> list[Attempt]:
        """Return every try at the accounting system, oldest first."""
        sql = "SELECT at, took_ms, request, outcome, status, answer FROM attempts WHERE record_id = ? ORDER BY id"
        return [
            Attempt(at=from_stored(at), took_ms=took, request=request, outcome=outcome, status=status, answer=answer)
            for at, took, request, outcome, status, answer in self.database.rows(sql, (record.id,))
        ]

    def note(self, name: str) -> tuple[str, datetime] | None:
        """Return a note about the installation and when it was written."""
        row = self.database.row("SELECT value, at FROM notes WHERE name = ?", (name,))
        return (row[0], from_stored(row[1])) if row else None

    def write_note(self, name: str, value: str) -> None:
        """Keep a note about the installation, such as what the last check found."""
        with self.database.transaction():
            self.database.execute(
                "INSERT INTO notes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at",
                (name, value, to_text(self._clock())),
            )

    # -- inside ----------------------------------------------------------------------------------------------------

    def _insert(self, document: Invoice | Settlement, status: Status, who: str, why: str) -> Record:
        text, now, ref = facts.write(document), to_text(self._clock()), document.ref
        to_whom = (document.customer_number, document.customer_name) if isinstance(document, Invoice) else (None, None)
        try:
            row = self.database.row(
                _INSERT,
                (
                    reference(self.installation, document.kind, ref, 1),
                    *(document.kind, status, ref.terminal_id, ref.sale_id, ref.tender_id),
                    *(document.department, document.business_date.isoformat(), document.receipt),
                    *(*to_whom, document.total),
                    *(text, facts.SCHEMA_VERSION, facts.digest(text), now, now),
                ),
            )
        except peewee.IntegrityError as error:
            raise FactsDiffer(f"payment {ref} meets another record of the same name: {error}") from error
        assert row is not None
        record = from_row(row)
        self._event(record.id, now, who, None, status, None, why)
        return record

    def _write(self, record: Record, changes: Mapping[str, Any]) -> None:
        """Change columns of a record, if it still is as it was read."""
        names = ", ".join(f"{name} = ?" for name in changes)
        sql = f"UPDATE records SET {names} WHERE {_AS_READ}"
        if not self.database.execute(sql, (*changes.values(), *_as_read(record))):
            raise IllegalTransition(_MOVED_ON, reference=record.reference)

    def _event(self, *values: Any) -> None:
        """Write (record id, at, who, was, now, reason, why)."""
        self.database.execute(_EVENT, values)

    def _one(self, where: str, parameters: Iterable[Any]) -> Record:
        found = self.select(where, parameters)
        if not found:
            raise OutboxError("the record is gone")
        return found[0]
