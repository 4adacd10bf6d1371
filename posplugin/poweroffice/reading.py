"""PowerOffice's rows → what the rest of posplugin speaks of. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from posplugin.accounting_system import AccountingError, DepartmentThere, Posted, SendState, Stage, Verdict
from posplugin.domain.customer import Customer, InvoiceDelivery, OpenItem
from posplugin.domain.documents import REFERENCE_PREFIX
from posplugin.domain.money import half_up, parse_decimal
from posplugin.domain.reasons import Reason

#: What reading an answer raises that is not as described.
NOT_UNDERSTOOD = (AttributeError, KeyError, TypeError, ValueError, ArithmeticError)
#: The most that is told of what could not be understood.
_LONGEST_TOLD = 200

_NO_ORE = Decimal("0.0001")
#: Kroner: more than any amount, and what is ours to keep as øre.
_MOST_KRONER = Decimal(10) ** 15
_MOST_WHOLE = 2**63
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


def not_understood(what: str, error: Exception) -> AccountingError:
    """Say that something read makes no sense: nothing can be looked up now."""
    words = f"PowerOffice's {what} cannot be understood: {type(error).__name__}: {error}"
    return AccountingError(Verdict.STOP, Reason.INTERNAL, words[:_LONGEST_TOLD])


def is_ours(row: Mapping[str, Any]) -> bool:
    """Whether a document has a reference of ours."""
    reference = row.get("ExternalImportReference")
    return isinstance(reference, str) and reference.startswith(REFERENCE_PREFIX)


def whole(value: object) -> int | None:
    """Read a number that documents and customers are known by; None where there is none."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= _MOST_WHOLE:
        raise ValueError(f"{value!r:.40}: expected int")
    return value


def whole_or_none(value: object) -> int | None:
    """Read the same where another reading than a refusal is wanted: None also for what is no such number."""
    try:
        return whole(value)
    except ValueError:
        return None


def text(value: object) -> str | None:
    """Read a text; None where there is none."""
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{value!r:.40}: expected str")
    return value


def identity(value: object) -> str:
    """Read an id, which goes into addresses."""
    written = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not _ID.fullmatch(written):
        raise ValueError("no id")
    return written


def kroner(amount: object) -> Decimal:
    """Read an amount."""
    if isinstance(amount, bool) or not isinstance(amount, int | float | str | Decimal):
        raise TypeError(f"{amount!r:.40}: expected number")
    read = amount if isinstance(amount, Decimal) else parse_decimal(str(amount))
    if not read.is_finite() or abs(read) >= _MOST_KRONER:
        raise ValueError(f"{amount!r:.40}: beyond all amounts")
    return read


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
            if is_ours(row)
        ]
    except NOT_UNDERSTOOD as error:
        raise not_understood("list of documents", error) from error


def _readable(read: Callable[[Mapping[str, Any]], Posted], row: Mapping[str, Any]) -> Posted:
    """One document that cannot be read stops no other: it is there, and is not as we know it."""
    try:
        return read(row)
    except NOT_UNDERSTOOD:
        return Posted(
            reference=str(row.get("ExternalImportReference")),
            accounting_id=str(row.get("Id"))[:64],
            number=None,
            customer_number=None,
            total=0,
            stage=Stage.CHANGED,
        )


def ore(amount: object) -> int:
    """Read kroner; a sum of doubles may be off by what no øre is."""
    exact = kroner(amount) * 100
    rounded = exact.quantize(Decimal(1))
    if abs(exact - rounded) > _NO_ORE:
        raise ValueError(f"{amount} is not a whole number of øre")
    return int(rounded)


def from_order(row: Mapping[str, Any]) -> Posted:
    """Read a sales order."""
    return Posted(
        reference=text(row.get("ExternalImportReference")) or "",
        accounting_id=identity(row["Id"]),
        number=whole(row.get("SalesOrderNo")),
        customer_number=whole(row.get("CustomerNo")),
        total=ore(row["TotalAmount"]),
        stage=Stage.CONFIRMED if row.get("SalesOrderStatus") == "Confirmed" else Stage.DRAFT,
    )


def from_invoice(row: Mapping[str, Any]) -> Posted:
    """Read an invoice or credit note that has been sent."""
    return Posted(
        reference=text(row.get("ExternalImportReference")) or "",
        accounting_id=identity(row["Id"]),
        number=whole(row.get("OrderNo")),
        customer_number=whole(row.get("CustomerNo")),
        total=ore(row["TotalAmount"]),
        stage=_stage(row),
        invoice_number=whole(row.get("InvoiceNo")),
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
        invoice_number=whole(row.get("InvoiceNo")),
        error=text(row.get("LastErrorMessage")) or None,
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


def customers(rows: Iterable[Mapping[str, Any]]) -> list[Customer]:
    """Read customers; those without a number that can be read are left out."""
    found = []
    for row in rows:
        number = whole_or_none(row.get("Number"))
        if number is not None:
            found.append(customer(row, number))
    return found


def customer(row: Mapping[str, Any], number: int) -> Customer:
    """Read a customer; of what stands there that cannot be read, nothing is known."""
    told = {name: value for name, value in row.items() if isinstance(value, str)}
    person = " ".join(filter(None, [told.get("FirstName"), told.get("LastName")]))
    delivery = told.get("InvoiceDeliveryType")
    return Customer(
        number=number,
        name=told.get("Name") or told.get("LegalName") or person or f"Kunde {number}",
        organization_number=told.get("OrganizationNumber") or None,
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
                customer_number=number,
                amount=half_up(Fraction(kroner(row[amount] or 0)) * Fraction(rate(row)) * 100),
                reference=str(row["ExternalImportReference"]) if is_ours(row) else None,
            )
            for amount, rate, rows in (("TotalAmount", _rate, orders), ("Balance", lambda _: 1, invoices))
            for row in rows
            if (number := whole(row.get("CustomerNo"))) is not None
        ]
    except NOT_UNDERSTOOD as error:
        raise not_understood("list of open documents", error) from error


def _rate(order: Mapping[str, Any]) -> Decimal | int:
    """An order is in its own currency; a balance is in kroner always."""
    in_kroner = order.get("CurrencyCode") in (None, "NOK")
    return 1 if in_kroner else kroner(order.get("CurrencyExchangeRate") or 1)


def department_there(row: Mapping[str, Any]) -> DepartmentThere:
    """Read a department."""
    return DepartmentThere(
        code=str(row["Code"])[:64], name=str(row.get("Name") or "")[:200], is_active=row.get("IsActive") is not False
    )
