"""PowerOffice GO as an `AccountingSystem`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from posplugin.accounting_system import AccountingError, DepartmentThere, Finding, Measured, Posted, SendState, Verdict
from posplugin.domain.clock import Clock
from posplugin.domain.customer import Customer, OpenItem
from posplugin.domain.documents import FEE_VAT_RATE, Invoice
from posplugin.domain.money import half_up
from posplugin.domain.reasons import Reason
from posplugin.poweroffice.articles import Articles
from posplugin.poweroffice.catalogue import Catalogue, DepartmentProducts, codes
from posplugin.poweroffice.client import PowerOfficeClient, encode
from posplugin.poweroffice.faults import not_there
from posplugin.poweroffice.journals import PowerOfficeJournals
from posplugin.poweroffice.mapping import OrderTerms, order
from posplugin.poweroffice.reading import (
    NOT_UNDERSTOOD,
    customers,
    department_there,
    from_order,
    identity,
    kroner,
    not_understood,
    open_items,
    ours,
    send_state,
    stamp,
)
from posplugin.poweroffice.setup import measure_prices, verify_connection, verify_setup
from posplugin.settings.model import Settings
from posplugin.texts import texts


class PowerOfficeGateway:
    """One Go client, for the departments of the settings that share its client key. Thread-safe.

    Ids are looked up once in its life: make a new one for every run.
    """

    def __init__(self, client: PowerOfficeClient, settings: Settings, departments: Sequence[str]) -> None:
        self._client = client
        self._settings = settings
        self._names = tuple(departments)
        self._catalogue = Catalogue(client, [settings.department(name) for name in departments])
        told = settings.invoicing
        self._articles = (
            Articles(
                client,
                told.product_prefix,
                may_create=told.create_missing_products,
                settle_time=settings.poweroffice.settle_time,
            )
            if told.lines == "per_item"
            else None
        )

        self._journals = PowerOfficeJournals(client, settings, departments, self._catalogue)

    @property
    def journals(self) -> PowerOfficeJournals:
        """The journals of the same departments."""
        return self._journals

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._client.requests

    def time_there(self) -> datetime | None:
        """Return what PowerOffice's clock said in its last answer, to the second."""
        return self._client.server_time

    def posted_since(self, since: datetime) -> Sequence[Posted]:
        """Return our orders changed since then and the invoices sent since then: two requests.

        An order leaves /SalesOrders when it is sent; one sent by a person counts as made by that person, so the
        invoices are not filtered by integration (API texts of both lists).
        """
        asked = stamp(since)
        orders = self._client.pages(
            "/SalesOrders", {"onlyCreatedByCurrentIntegration": "true", "lastChangedDateTimeOffsetGreaterThan": asked}
        )
        invoices = self._client.pages("/OutgoingInvoices", {"sentDateTimeOffsetGreaterThan": asked})
        return ours(orders, invoices)

    def posted_for(self, *customer_numbers: int) -> Sequence[Posted]:
        """Return all our orders and invoices of some customers, whatever application key made them: two requests."""
        asked = {"customerNos": ",".join(map(str, customer_numbers))}
        orders = self._client.pages("/SalesOrders", asked)
        invoices = self._client.pages("/OutgoingInvoices", asked)
        return ours(orders, invoices)

    def expect(self, invoices: Iterable[Invoice]) -> None:
        """Look up the products of all articles: one request for 50 of them, where there is a line for each item."""
        if self._articles:
            try:
                self._articles.look_up(item for invoice in invoices for item in invoice.items)
            except AccountingError as error:
                if error.verdict is Verdict.STOP:
                    raise
                # what cannot be asked for is told of the document that needs it

    def request_for(self, invoice: Invoice, reference: str, original: Posted | None = None) -> str:
        """Return the body that `deliver` would send."""
        return encode(self._order(invoice, reference, original))

    def deliver(self, invoice: Invoice, reference: str, original: Posted | None = None) -> Posted:
        """Post a draft; one request, and one for each product that has to be made first."""
        body = self._order(invoice, reference, original)
        self._products(invoice.department).create(invoice.items)
        answer = self._client.post("/SalesOrders/Complete", body)
        try:
            return from_order(answer)
        except NOT_UNDERSTOOD:
            words = "the order was accepted, but the answer cannot be understood"
            raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, words, status=201) from None

    def withdraw(self, posted: Posted) -> None:
        """Delete a draft of ours; harmless when it is gone."""
        try:
            self._client.delete(f"/SalesOrders/{posted.accounting_id}")
        except AccountingError as error:
            if not not_there(error):
                raise

    # -- after the delivery ----------------------------------------------------------------------------------------

    def client_id(self) -> str:
        """Ask which Go client the client key is of; one request."""
        try:
            return identity((self._client.get("/ClientIntegrationInformation") or {})["ClientId"])
        except NOT_UNDERSTOOD as error:
            raise not_understood("client", error) from error

    def order(self, accounting_id: str) -> Posted | None:
        """Read a draft anew; one request."""
        try:
            return from_order(self._client.get(f"/SalesOrders/{accounting_id}"))
        except AccountingError as error:
            if not_there(error):
                return None
            raise
        except NOT_UNDERSTOOD:
            raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, "the order cannot be understood") from None

    def confirm(self, accounting_id: str) -> None:
        """Mark a draft as confirmed; one request."""
        self._client.patch(f"/SalesOrders/{accounting_id}", {"SalesOrderStatus": "Confirmed"})

    def send(self, accounting_id: str) -> None:
        """Ask for a draft to be sent in the customer's own way, today; one request."""
        self._client.post(f"/SalesOrders/{accounting_id}/createAndSendInvoice", {"DeliveryType": "Auto"})

    def send_state(self, accounting_id: str) -> SendState | None:
        """Ask how far the sending is; one request."""
        try:
            rows = self._client.get("/SalesOrders/sentState", {"id": accounting_id}) or []
            return next((send_state(row) for row in rows if str(row["Id"]) == accounting_id), None)
        except AccountingError as error:
            if not_there(error):
                return None
            raise
        except NOT_UNDERSTOOD:
            raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, "the sent state cannot be understood") from None

    def attach(self, accounting_id: str, name: str, content: bytes) -> None:
        """Attach a PDF to a draft; one request."""
        self._client.upload(f"/SalesOrders/{accounting_id}/attachments", name, content)

    def attachments(self, accounting_id: str) -> Sequence[str]:
        """Ask what is attached to a draft; one request."""
        rows = self._client.get(f"/SalesOrders/{accounting_id}/attachments") or []
        try:
            return [str(row["FileName"]) for row in rows]
        except NOT_UNDERSTOOD:
            raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, "the list of files cannot be understood") from None

    def sent_since(self, since: datetime) -> Sequence[Posted]:
        """Return our invoices sent since then; one request."""
        return ours([], self._client.pages("/OutgoingInvoices", {"sentDateTimeOffsetGreaterThan": stamp(since)}))

    def balances_changed_since(self, since: datetime) -> Sequence[Posted]:
        """Return our invoices on which something was paid or matched since then; one request."""
        asked = {"balanceLastChangedDateTimeOffsetGreaterThan": stamp(since)}
        return ours([], self._client.pages("/OutgoingInvoices", asked))

    # -- customers and set-up --------------------------------------------------------------------------------------

    def customers(self, changed_since: datetime | None) -> Sequence[Customer]:
        """Return customers changed since then, archived ones too; those without a number are left out."""
        asked = {} if changed_since is None else {"lastChangedDateTimeOffsetGreaterThan": stamp(changed_since)}
        rows = self._client.pages("/Customers", asked)
        return customers(rows)

    def open_items(self) -> Sequence[OpenItem]:
        """Return all orders, and all invoices with a balance, whoever made them: two requests."""
        orders = self._client.pages("/SalesOrders")
        invoices = self._client.pages("/OutgoingInvoices", {"onlyUnpaidInvoices": "true"})
        return open_items(orders, invoices)

    def departments(self) -> Sequence[DepartmentThere]:
        """Return all departments: one request."""
        return [department_there(row) for row in self._client.pages("/Departments") if row.get("Code") is not None]

    def fee_price(self, department: str) -> int | None:
        """Return the price of the fee product with VAT, øre."""
        code = codes(self._settings.department(department)).get("fee")
        found = [product for product in self._catalogue.products() if code and product.get("Code") == code]
        if not found or found[0].get("UnitPrice") is None:
            return None
        try:
            price = Fraction(kroner(found[0]["UnitPrice"])) * 100
        except NOT_UNDERSTOOD as error:
            raise not_understood(f"price of product {code}", error) from error
        if self._settings.invoicing.send_amount_excluding_vat:
            price = price * (100 + FEE_VAT_RATE) / 100
        return half_up(price)

    def verify_connection(self, clock: Clock) -> Sequence[Finding]:
        """Ask who we are there; one request."""
        try:
            return verify_connection(self._client, self._names, clock)[1]
        except NOT_UNDERSTOOD as error:
            raise not_understood("answer", error) from error

    def verify_setup(self, clock: Clock, first: date) -> Sequence[Finding]:
        """Look at everything that documents of these departments need."""
        try:
            return verify_setup(self._client, self._catalogue, self._settings, self._names, clock=clock, first=first)
        except NOT_UNDERSTOOD as error:
            raise not_understood("answer", error) from error

    def measure_prices(self, reference: str, customer_number: int, day: date) -> Measured | None:
        """Post a draft of one line, look at its total and delete it; two requests."""
        name = self._names[0]
        department = self._settings.department(name)
        return measure_prices(
            self._client,
            DepartmentProducts(name, department, self._catalogue),
            self._settings,
            self._catalogue.department_id(name, department),
            reference=reference,
            customer_number=customer_number,
            day=day,
        )

    def _products(self, name: str) -> DepartmentProducts:
        return DepartmentProducts(name, self._settings.department(name), self._catalogue, self._articles)

    def _order(self, invoice: Invoice, reference: str, original: Posted | None) -> dict[str, Any]:
        name = invoice.department
        if name not in self._names:
            raise AccountingError(Verdict.ATTENTION, Reason.DEPARTMENT_MISSING, f"no department {name} in the settings")
        told = self._settings.invoicing
        if invoice.vat_reported_by is not told.vat_reported_by:  # its products would report the VAT twice, or never
            words = (
                f'sold while invoicing.vat_reported_by was "{invoice.vat_reported_by}", and the products in the '
                f'settings are for "{told.vat_reported_by}": set it and them back until this has been sent'
            )
            raise AccountingError(Verdict.ATTENTION, Reason.VAT_REPORTED_TWICE, words)
        if self._articles:
            self._articles.look_up(invoice.items)
        terms = OrderTerms(
            products=self._products(name),
            department_id=self._catalogue.department_id(name, self._settings.department(name)),
            prices_exclude_vat=told.send_amount_excluding_vat,
            texts=texts(self._settings.terminal.language).invoice,
            zone=self._settings.terminal.timezone,
            per_item=told.lines == "per_item",
            with_employee=told.include_employee_number,
        )
        return order(invoice, reference, terms, original)
