"""PowerOffice GO as an `AccountingSystem`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from posplugin.accounting_system import AccountingError, Finding, Posted, Stage, Verdict
from posplugin.domain.customer import Customer, InvoiceDelivery
from posplugin.domain.documents import REFERENCE_PREFIX, Invoice
from posplugin.domain.money import half_up
from posplugin.domain.reasons import Reason
from posplugin.poweroffice.catalogue import Catalogue, DepartmentProducts, codes
from posplugin.poweroffice.client import PowerOfficeClient, encode
from posplugin.poweroffice.mapping import FEE_VAT_RATE, OrderTerms, order
from posplugin.poweroffice.setup import verify_setup
from posplugin.settings.model import Settings
from posplugin.texts import texts

#: What reading an answer raises that is not as described.
_NOT_UNDERSTOOD = (AttributeError, KeyError, TypeError, ValueError, ArithmeticError)


class PowerOfficeGateway:
    """One Go client, for the departments of the settings that share its client key. Thread-safe.

    Ids are looked up once in its life: make a new one for every run.
    """

    def __init__(self, client: PowerOfficeClient, settings: Settings, departments: Sequence[str]) -> None:
        self._client = client
        self._settings = settings
        self._names = tuple(departments)
        self._catalogue = Catalogue(client, [settings.department(name) for name in departments])

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._client.requests

    def posted_since(self, since: datetime) -> Sequence[Posted]:
        """Return our orders changed since then and the invoices sent since then: two requests.

        An order leaves /SalesOrders when it is sent; one sent by a person counts as made by that person, so the
        invoices are not filtered by integration (API texts of both lists).
        """
        asked = _stamp(since)
        orders = self._client.pages(
            "/SalesOrders", {"onlyCreatedByCurrentIntegration": "true", "lastChangedDateTimeOffsetGreaterThan": asked}
        )
        invoices = self._client.pages("/OutgoingInvoices", {"sentDateTimeOffsetGreaterThan": asked})
        return _posted(orders, invoices)

    def posted_for(self, customer_number: int) -> Sequence[Posted]:
        """Return all our orders and invoices of one customer, whatever application key made them: two requests."""
        asked = {"customerNos": str(customer_number)}
        orders = self._client.pages("/SalesOrders", asked)
        invoices = self._client.pages("/OutgoingInvoices", asked)
        return _posted(orders, invoices)

    def request_for(self, invoice: Invoice, reference: str, original: Posted | None = None) -> str:
        """Return the body that `deliver` would send."""
        return encode(self._order(invoice, reference, original))

    def deliver(self, invoice: Invoice, reference: str, original: Posted | None = None) -> Posted:
        """Post a draft; one request."""
        answer = self._client.post("/SalesOrders/Complete", self._order(invoice, reference, original))
        try:
            return _from_order(answer)
        except _NOT_UNDERSTOOD:
            words = "the order was accepted, but the answer cannot be understood"
            raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, words, status=201) from None

    def withdraw(self, posted: Posted) -> None:
        """Delete a draft of ours; harmless when it is gone."""
        try:
            self._client.delete(f"/SalesOrders/{posted.accounting_id}")
        except AccountingError as error:
            if error.status != 404 or error.verdict is not Verdict.ATTENTION:
                raise

    def customers(self, changed_since: datetime | None) -> Sequence[Customer]:
        """Return customers changed since then, archived ones too; those without a number are left out."""
        asked = {} if changed_since is None else {"lastChangedDateTimeOffsetGreaterThan": _stamp(changed_since)}
        rows = self._client.pages("/Customers", asked)
        return [_customer(row) for row in rows if row.get("Number") is not None]

    def fee_price(self, department: str) -> int | None:
        """Return the price of the fee product with VAT, øre."""
        code = codes(self._settings.department(department)).get("fee")
        found = [product for product in self._catalogue.products() if code and product.get("Code") == code]
        if not found or found[0].get("UnitPrice") is None:
            return None
        price = Fraction(found[0]["UnitPrice"]) * 100
        if self._settings.invoicing.send_amount_excluding_vat:
            price = price * (100 + FEE_VAT_RATE) / 100
        return half_up(price)

    def verify_setup(self) -> Sequence[Finding]:
        """Look at the keys, privileges, products and departments."""
        return verify_setup(self._client, self._catalogue, self._settings, self._names)

    def _order(self, invoice: Invoice, reference: str, original: Posted | None) -> dict[str, Any]:
        name = invoice.department
        if name not in self._names:
            raise AccountingError(Verdict.ATTENTION, Reason.DEPARTMENT_MISSING, f"no department {name} in the settings")
        department = self._settings.department(name)
        terms = OrderTerms(
            products=DepartmentProducts(name, department, self._catalogue),
            department_id=self._catalogue.department_id(name, department),
            prices_exclude_vat=self._settings.invoicing.send_amount_excluding_vat,
            texts=texts(self._settings.terminal.language).invoice,
            zone=self._settings.terminal.timezone,
        )
        return order(invoice, reference, terms, original)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _posted(orders: Iterable[Mapping[str, Any]], invoices: Iterable[Mapping[str, Any]]) -> Sequence[Posted]:
    """Return what has a reference of ours; other documents need not make sense to us."""
    try:
        return [
            read(row)
            for read, rows in ((_from_order, orders), (_from_invoice, invoices))
            for row in rows
            if (row.get("ExternalImportReference") or "").startswith(REFERENCE_PREFIX)
        ]
    except _NOT_UNDERSTOOD as error:
        words = f"PowerOffice's list of documents cannot be understood: {type(error).__name__}: {error}"
        raise AccountingError(Verdict.STOP, Reason.INTERNAL, words) from error


def _ore(amount: object) -> int:
    kroner = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    ore = kroner * 100
    if ore != ore.to_integral_value():
        raise ValueError(f"{amount} is not a whole number of øre")
    return int(ore)


def _from_order(row: Mapping[str, Any]) -> Posted:
    return Posted(
        reference=row.get("ExternalImportReference") or "",
        accounting_id=str(row["Id"]),
        number=row.get("SalesOrderNo"),
        customer_number=row.get("CustomerNo"),
        total=_ore(row["TotalAmount"]),
        stage=Stage.CONFIRMED if row.get("SalesOrderStatus") == "Confirmed" else Stage.DRAFT,
    )


def _from_invoice(row: Mapping[str, Any]) -> Posted:
    return Posted(
        reference=row.get("ExternalImportReference") or "",
        accounting_id=str(row["Id"]),
        number=row.get("OrderNo"),
        customer_number=row.get("CustomerNo"),
        total=_ore(row["TotalAmount"]),
        stage=Stage.SENT,
        invoice_number=row.get("InvoiceNo"),
    )


def _customer(row: Mapping[str, Any]) -> Customer:
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
