"""PowerOffice's rows → what the rest of posplugin speaks of. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from posplugin.accounting_system import AccountingError, DepartmentThere, Posted, SendState, Stage, Verdict
from posplugin.domain.customer import Customer, InvoiceDelivery, OpenItem
from posplugin.domain.documents import REFERENCE_PREFIX
from posplugin.domain.money import half_up
from posplugin.domain.reasons import Reason

#: What reading an answer raises that is not as described.
NOT_UNDERSTOOD = (AttributeError, KeyError, TypeError, ValueError, ArithmeticError)


_NO_ORE = Decimal("0.0001")


def stamp(moment: datetime) -> str:
    """Write a moment as PowerOffice reads it in a filter."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ours(orders: Iterable[Mapping[str, Any]], invoices: Iterable[Mapping[str, Any]]) -> Sequence[Posted]:
    """Return the orders and invoices that have a reference of ours; others need not make sense to us."""
    try:
        return [
            _readable(read, row)
            for read, rows in ((from_order, orders), (from_invoice, invoices))
            for row in rows
            if (row.get("ExternalImportReference") or "").startswith(REFERENCE_PREFIX)
        ]
    except NOT_UNDERSTOOD as error:
        words = f"PowerOffice's list of documents cannot be understood: {type(error).__name__}: {error}"
        raise AccountingError(Verdict.STOP, Reason.INTERNAL, words) from error


def _readable(read: Callable[[Mapping[str, Any]], Posted], row: Mapping[str, Any]) -> Posted:
    """One document that cannot be read stops no other: it is there, and is not as we know it."""
    try:
        return read(row)
    except NOT_UNDERSTOOD:
        return Posted(
            reference=str(row.get("ExternalImportReference")),
            accounting_id=str(row.get("Id")),
            number=None,
            customer_number=None,
            total=0,
            stage=Stage.CHANGED,
        )


def ore(amount: object) -> int:
    """Read kroner; a sum of doubles may be off by what no øre is."""
    kroner = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    whole = (kroner * 100).quantize(Decimal(1))
    if abs(kroner * 100 - whole) > _NO_ORE:
        raise ValueError(f"{amount} is not a whole number of øre")
    return int(whole)


def from_order(row: Mapping[str, Any]) -> Posted:
    """Read a sales order."""
    return Posted(
        reference=row.get("ExternalImportReference") or "",
        accounting_id=str(row["Id"]),
        number=row.get("SalesOrderNo"),
        customer_number=row.get("CustomerNo"),
        total=ore(row["TotalAmount"]),
        stage=Stage.CONFIRMED if row.get("SalesOrderStatus") == "Confirmed" else Stage.DRAFT,
    )


def from_invoice(row: Mapping[str, Any]) -> Posted:
    """Read an invoice or credit note that has been sent."""
    return Posted(
        reference=row.get("ExternalImportReference") or "",
        accounting_id=str(row["Id"]),
        number=row.get("OrderNo"),
        customer_number=row.get("CustomerNo"),
        total=ore(row["TotalAmount"]),
        stage=_stage(row),
        invoice_number=row.get("InvoiceNo"),
        sent_at=moment(row.get("SentDateTimeOffset")),
    )


def _stage(invoice: Mapping[str, Any]) -> Stage:
    """An invoice whose balance is nothing has been paid, or credited, "usually" (API text of Balance)."""
    if invoice.get("IsReversed"):
        return Stage.GONE
    return Stage.PAID if invoice.get("Balance") is not None and not invoice["Balance"] else Stage.SENT


def send_state(row: Mapping[str, Any]) -> SendState:
    """Read how far a document is that was asked to be sent."""
    return SendState(
        under_way=bool(row.get("IsInvoiceBeingProcessed")),
        sent_at=moment(row.get("SentDateTimeOffset")),
        invoice_number=row.get("InvoiceNo"),
        error=row.get("LastErrorMessage") or None,
    )


def moment(text: str | None) -> datetime | None:
    """Read a timestamp; PowerOffice's are in UTC, with and without saying so."""
    if not text:
        return None
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def day(text: str | None) -> date | None:
    """Read a date; only the date counts, whatever follows it."""
    return date.fromisoformat(text[:10]) if text else None


def customer(row: Mapping[str, Any]) -> Customer:
    """Read a customer."""
    delivery = row.get("InvoiceDeliveryType")
    person = " ".join(filter(None, [row.get("FirstName"), row.get("LastName")]))
    return Customer(
        number=int(row["Number"]),
        name=row.get("Name") or row.get("LegalName") or person or f"Kunde {row['Number']}",
        organization_number=row.get("OrganizationNumber") or None,
        is_person=bool(row.get("IsPerson")),
        delivery=InvoiceDelivery(delivery) if delivery in set(InvoiceDelivery) else InvoiceDelivery.UNKNOWN,
        is_vat_free=bool(row.get("IsVatFree")),
        is_archived=bool(row.get("IsArchived")) or row.get("IsActive") is False,
    )


def open_items(orders: Iterable[Mapping[str, Any]], invoices: Iterable[Mapping[str, Any]]) -> Sequence[OpenItem]:
    """Read what customers have open: what orders come to, and what is left to pay of invoices."""
    try:
        return [
            OpenItem(
                customer_number=int(row["CustomerNo"]),
                amount=half_up(Fraction(row[amount] or 0) * Fraction(rate(row)) * 100),
                reference=row.get("ExternalImportReference") or None,
            )
            for amount, rate, rows in (("TotalAmount", _rate, orders), ("Balance", lambda _: 1, invoices))
            for row in rows
            if row.get("CustomerNo") is not None
        ]
    except NOT_UNDERSTOOD as error:
        words = f"PowerOffice's list of open documents cannot be understood: {type(error).__name__}: {error}"
        raise AccountingError(Verdict.STOP, Reason.INTERNAL, words) from error


def _rate(order: Mapping[str, Any]) -> Decimal | int:
    """An order is in its own currency; a balance is in kroner always."""
    in_kroner = order.get("CurrencyCode") in (None, "NOK")
    return 1 if in_kroner else order.get("CurrencyExchangeRate") or 1


def department_there(row: Mapping[str, Any]) -> DepartmentThere:
    """Read a department."""
    return DepartmentThere(
        code=str(row["Code"]), name=row.get("Name") or "", is_active=row.get("IsActive") is not False
    )
