"""A document on its way, as it was read from the outbox."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from posplugin.accounting_system import Stage
from posplugin.domain.clock import from_text
from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Settlement
from posplugin.outbox.facts import read_invoice, read_settlement
from posplugin.outbox.lifecycle import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row. It does not change; read it again to see what became of it."""

    id: int
    reference: str
    kind: RecordKind
    status: Status
    reason: Reason | None
    detail: str | None
    terminal_id: str
    sale_id: str
    tender_id: str
    department: str
    business_date: date
    receipt: str
    customer_number: int | None
    customer_name: str | None
    #: Øre with VAT: what the accounting system's total must be; of a settlement, what its Z sold.
    amount: int
    document: str
    schema_version: int
    sha256: str
    attempts: int
    not_before: str
    uncertain_since: datetime | None
    looks: int
    accounting_id: str | None
    #: The order number in the accounting system; of a settlement, the voucher's.
    accounting_number: int | None
    accounting_state: Stage | None
    invoice_number: int | None
    sent_at: datetime | None
    hidden: bool
    created_at: datetime
    updated_at: datetime

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody must act: it is not delivered, or was and something has happened to it since."""
        return self.status is Status.NEEDS_ATTENTION or (self.status is Status.DELIVERED and self.reason is not None)

    @property
    def ref(self) -> PaymentRef:
        """The payment it came from."""
        return PaymentRef(self.terminal_id, self.sale_id, self.tender_id)

    def settlement(self) -> Settlement:
        """Return the document of a settlement; raise `ContentDamaged` when it is not what was written."""
        return read_settlement(self.document, self.schema_version, self.sha256)

    def invoice(self) -> Invoice:
        """Return the document of an invoice or credit note; raise `ContentDamaged` when it is not what was written."""
        return read_invoice(self.document, self.schema_version, self.sha256)


#: The columns in the order in which `from_row` wants them.
COLUMNS = ", ".join(field.name for field in fields(Record))

_READERS: dict[str, Any] = {
    "kind": RecordKind,
    "status": Status,
    "reason": lambda text: Reason(text) if text in set(Reason) else Reason.INTERNAL,  # a newer version's
    "business_date": date.fromisoformat,
    "uncertain_since": from_text,
    "accounting_state": lambda text: Stage(text) if text in set(Stage) else None,
    "sent_at": from_text,
    "hidden": bool,
    "created_at": from_text,
    "updated_at": from_text,
}


def from_row(row: tuple[Any, ...]) -> Record:
    """Make a record of a row selected by `COLUMNS`."""
    values = {
        field.name: _READERS[field.name](value) if field.name in _READERS and value is not None else value
        for field, value in zip(fields(Record), row, strict=True)
    }
    return Record(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a record: who, when, from, to, why. Never deleted."""

    at: datetime
    who: str
    was: str | None
    now: str
    reason: str | None
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at the accounting system: what was asked, what came back, how long it took."""

    at: datetime
    took_ms: int
    request: str
    outcome: str
    status: int | None
    answer: str | None
