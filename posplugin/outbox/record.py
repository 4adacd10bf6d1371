"""A document on its way, as it was read from the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from posplugin.accounting_system import Stage
from posplugin.domain.clock import LONG_AGO, from_text, to_text
from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Settlement
from posplugin.outbox.facts import ContentDamaged, read_invoice, read_settlement
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.reference import is_of

#: No record is told to wait longer.
LONGEST_WAIT = timedelta(days=1)


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

    def is_due(self, now: datetime) -> bool:
        """Whether it waits no longer; what waits for days on end was told to by a clock that was wrong."""
        if not self.not_before:
            return True
        return not timedelta(0) < from_text(self.not_before) - now <= LONGEST_WAIT

    def settlement(self) -> Settlement:
        """Return the document of a settlement; raise `ContentDamaged` when it is not what was written."""
        settlement = read_settlement(self.document, self.schema_version, self.sha256)
        self._require_same(settlement, None, None)
        return settlement

    def invoice(self) -> Invoice:
        """Return the document of an invoice or credit note; raise `ContentDamaged` when it is not what was written."""
        invoice = read_invoice(self.document, self.schema_version, self.sha256)
        self._require_same(invoice, invoice.customer_number or None, invoice.customer_name or None)
        return invoice

    def _require_same(self, document: Invoice | Settlement, number: int | None, name: str | None) -> None:
        """The row says the same as its document, which the hash guards: it is searched, compared and sent by both."""
        told = {
            "kind": document.kind,
            "terminal_id": document.ref.terminal_id,
            "sale_id": document.ref.sale_id,
            "tender_id": document.ref.tender_id,
            "department": document.department,
            "business_date": document.business_date,
            "receipt": document.receipt,
            "amount": document.total,
            "customer_number": number,
            "customer_name": name,
        }
        wrong = [column for column, value in told.items() if (getattr(self, column) or None) != (value or None)]
        if not is_of(self.reference, document.kind, document.ref):
            wrong.append("reference")
        if wrong:
            raise ContentDamaged(f"the stored row does not match its document: {', '.join(wrong)}")


_NAMES = tuple(field.name for field in fields(Record))
#: The columns in the order in which `from_row` wants them.
COLUMNS = ", ".join(_NAMES)
#: The same, with texts as the bytes that stand in the file, which need not be text any more.
COLUMNS_AS_BYTES = ", ".join(
    field.name if field.type in ("int", "bool", "int | None") else f"CAST({field.name} AS BLOB)"
    for field in fields(Record)
)

_READERS: dict[str, Any] = {
    "kind": RecordKind,
    "status": Status,
    "reason": lambda text: Reason(text) if text in set(Reason) else Reason.INTERNAL,  # a newer version's
    "business_date": date.fromisoformat,
    "uncertain_since": from_text,
    "accounting_state": lambda text: Stage(text) if text in set(Stage) else None,
    "sent_at": from_text,
    "not_before": lambda text: text and to_text(from_text(text)),
    "hidden": bool,
    "created_at": from_text,
    "updated_at": from_text,
}
#: What stands for a value that nobody can read, so that one damaged row hides no other; its document says otherwise.
_UNREADABLE: dict[str, Any] = {
    "kind": RecordKind.INVOICE,
    "status": Status.NEEDS_ATTENTION,
    "business_date": LONG_AGO.date(),
    "uncertain_since": LONG_AGO,
    "sent_at": None,
    "not_before": "",
    "created_at": LONG_AGO,
    "updated_at": LONG_AGO,
}


def from_row(row: tuple[Any, ...]) -> Record:
    """Make a record of a row selected by `COLUMNS`; never raises, whatever stands there."""
    return Record(**_read(dict(zip(_NAMES, row, strict=True))))


def written(record: Record, columns: Mapping[str, Any]) -> Record:
    """Return a record as it is read once these columns have been written, as they stand in the file."""
    return replace(record, **_read(dict(columns)))


def _read(told: dict[str, Any]) -> dict[str, Any]:
    """Read in place what is no plain text or number."""
    for name in _READERS.keys() & told.keys():
        if told[name] is not None:
            try:
                told[name] = _READERS[name](told[name])
            except ValueError:
                told[name] = _UNREADABLE[name]
    return told


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
