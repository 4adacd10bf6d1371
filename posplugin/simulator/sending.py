"""Orders on their way to become invoices: asked to be sent by the integration, and sent a little later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from . import books, invoices, orders
from .answers import RefusedError, decode, not_found, problem
from .invoices import Delivery
from .members import SENT_STATE, record
from .office import Office
from .references import TITLE, invalid
from .state import Record


def begin(office: Office, client: str, order_id: str, asked: dict[str, Any]) -> Record:
    """Queue an order to be sent as the checked body `asked` says, and return the SendInvoiceRequestDto."""
    orders.changeable(office, client, order_id)
    asked = {**asked, "DeliveryType": asked["DeliveryType"] or "Auto"}
    day = asked["VoucherDate"] or office.clock.today().isoformat()
    if asked["OverrideDueDate"] is not None and asked["OverrideDueDate"] < day:
        raise invalid("OverrideDueDate cannot be before VoucherDate.")
    books.refuse_locked(office, client, TITLE, [day])
    until = office.clock.now() + timedelta(seconds=office.send_seconds)
    row = {**asked, "Until": until.isoformat(timespec="microseconds"), "LastErrorMessage": None}
    with office.state.change():
        office.state.put(client, "sending", order_id, row)
    return {**asked, "Id": order_id}


def settle(office: Office) -> None:
    """Let every order whose time has come become an invoice, or keep why it could not."""
    if not office.state.is_open:
        return
    now = office.clock.now()
    due = [
        (row["Until"], client, key)
        for client in office.state.rows("", "client")
        for key, row in office.state.rows(client, "sending").items()
        if row["LastErrorMessage"] is None and datetime.fromisoformat(row["Until"]) <= now
    ]
    for _, client, key in sorted(due):
        _finish(office, client, key)


def state(office: Office, client: str, key: str) -> Record:
    """Return the InvoiceSentStateDto of an order, or of the invoice it became; both Ids find it."""
    made = office.state.rows(client, "sent").get(key, {"Id": key})["Id"]
    invoice = office.state.rows(client, "invoice").get(made)
    if invoice is not None:
        names = ("Id", "InvoiceNo", "SentDateTimeOffset", "DueDate", "InvoiceDeliveryType")
        return record(SENT_STATE, {name: invoice[name] for name in names} | {"IsInvoiceBeingProcessed": False})
    if key not in office.readable(client, "order"):
        raise not_found("Sales order", "id", key)
    row = office.state.rows(client, "sending").get(key)
    error = row and row["LastErrorMessage"]
    waits = row is not None and error is None
    return record(SENT_STATE, {"Id": key, "IsInvoiceBeingProcessed": waits, "LastErrorMessage": error})


def fail(office: Office, text: str, times: int) -> None:
    """Let the next sendings that come to their end fail with this text."""
    office.set("failing sends", {"text": text, "times": times})


def _finish(office: Office, client: str, key: str) -> None:
    asked = office.state.rows(client, "sending")[key]
    try:
        _fail_if_told(office)
        way = _way(office, client, key, asked)
        how = Delivery(asked["VoucherDate"], asked["OverrideDueDate"], way, by_integration=True)
        invoices.send(office, client, key, how)
    except RefusedError as error:
        text = decode(error.answer.body)["detail"]
        with office.state.change():
            office.state.put(client, "sending", key, {**asked, "LastErrorMessage": text})


def _fail_if_told(office: Office) -> None:
    failing: Any = office.setting("failing sends", {"text": "", "times": 0})
    if failing["times"]:
        office.set("failing sends", {**failing, "times": failing["times"] - 1})
        raise problem(400, TITLE, failing["text"])


def _way(office: Office, client: str, key: str, asked: Record) -> str:
    """Return how the invoice reaches the customer (OpenAPI text of SendInvoiceDeliveryType)."""
    order = orders.existing(office, client, key)
    customer = office.state.rows(client, "customer")[str(order["CustomerId"])]
    if asked["DeliveryType"] == "PdfPrintForDownload":
        return "Print"
    if asked["DeliveryType"] == "Auto" and customer["InvoiceDeliveryType"] not in ("PdfByEmail", "Print", None):
        return str(customer["InvoiceDeliveryType"])
    if not (asked["EmailAddress"] or customer["InvoiceEmailAddress"] or customer["EmailAddress"]):
        raise invalid(f"{customer['Name']} has no e-mail address to deliver the invoice to.")
    return "PdfByEmail"
