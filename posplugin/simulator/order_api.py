"""The endpoints of sales orders: drafts, sending and attachments."""

from __future__ import annotations

from uuid import UUID

from . import attachments, bodies, orders, sending
from .answers import Answer, json_answer, not_found, problem
from .call import Call, Endpoint, file_part
from .members import ATTACHMENT, LINE, ORDER
from .pages import PARAMETERS, page
from .references import TITLE
from .state import Record

_ORDERS = "/v2/salesorders"
_ORDER = f"{_ORDERS}/<uuid:key>"
_FILES = f"{_ORDER}/attachments"
_READ, _WRITE = ("SalesOrders", "SalesOrders_Full"), ("SalesOrders_Full",)
_READ_FILES, _WRITE_FILES = ("SalesOrderAttachment", "SalesOrderAttachment_Full"), ("SalesOrderAttachment_Full",)


def _create(call: Call) -> Answer:
    posted = call.posted("SalesOrderCompletePostDto", TITLE)
    return json_answer(201, orders.create(call.office, call.client, posted))


def _delete(call: Call, key: UUID) -> Answer:
    orders.delete(call.office, call.client, str(key))
    return Answer(200)


def _change(call: Call, key: UUID) -> Answer:
    if call.mimetype != "application/json-patch+json":
        raise problem(415, "Unsupported Media Type", f"'{call.mimetype}' is not application/json-patch+json.")
    ignore = call.office.switches["U9"] == "b"
    changes = bodies.patch(call.content, "SalesOrderPatchDto", TITLE, ignore_unknown=ignore)
    _readable(call, key)
    return json_answer(200, _header(orders.patch(call.office, call.client, str(key), changes)))


def _show(call: Call, key: UUID) -> Answer:
    return json_answer(200, _header(_shown(call, key)))


def _show_complete(call: Call, key: UUID) -> Answer:
    return json_answer(200, _shown(call, key))


def _lines(call: Call, key: UUID) -> Answer:
    order = _shown(call, key)
    return page(order["SalesOrderLines"], LINE, call.query, call.url, call.office.switches["U6"])


def _send(call: Call, key: UUID) -> Answer:
    if not call.may_send:
        # A 400, not a 403 (FACTS 3).
        text = "The integration does not have the required privileges to send invoices."
        raise problem(400, "Missing privilege", text)
    asked = call.posted("SendInvoiceRequestPostDto", TITLE)
    _readable(call, key)
    made = sending.begin(call.office, call.client, str(key), asked)
    base = call.url.lower().partition(_ORDERS)[0]
    return json_answer(202, made, {"Location": f"{base}/v2/SalesOrders/sentState?id={key}"})


def _sent_state(call: Call) -> Answer:
    try:
        key = str(UUID(call.query.get("id", "")))
    except ValueError:
        raise problem(400, "Unable to cast object(s)", "The value of id is not valid.") from None
    return json_answer(200, [sending.state(call.office, call.client, key)])


def _attach(call: Call, key: UUID) -> Answer:
    part = file_part(attachments.TITLE)
    _readable(call, key)
    return json_answer(201, attachments.add(call.office, call.client, str(key), part))


def _list_files(call: Call, key: UUID) -> Answer:
    _readable(call, key)
    rows = attachments.of_order(call.office, call.client, str(key))
    return page(rows, ATTACHMENT, call.query, call.url, call.office.switches["U6"])


def _show_file(call: Call, key: UUID, number: int) -> Answer:
    _readable(call, key)
    media, content = attachments.content(call.office, call.client, str(key), str(number))
    return Answer(200, content, {"Content-Type": media})


def _delete_file(call: Call, key: UUID, number: int) -> Answer:
    _readable(call, key)
    attachments.remove(call.office, call.client, str(key), str(number))
    return Answer(200)


def _readable(call: Call, key: UUID) -> Record:
    """Return an order that is there already, as U4 says."""
    order = call.office.readable(call.client, "order").get(str(key))
    if order is None:
        raise not_found("Sales order", "id", key)
    return order


def _shown(call: Call, key: UUID) -> Record:
    order = _readable(call, key)
    return orders.with_inherited(call.office, call.client, order) if call.asks("showInherited") else order


def _header(order: Record) -> Record:
    return {name: order[name] for name in ORDER}


ENDPOINTS = (
    Endpoint("POST", f"{_ORDERS}/complete", _create, _WRITE),
    Endpoint("DELETE", _ORDER, _delete, _WRITE),
    Endpoint("PATCH", _ORDER, _change, _WRITE),
    Endpoint("GET", _ORDER, _show, _READ, ["showInherited"]),
    Endpoint("GET", f"{_ORDER}/complete", _show_complete, _READ, ["showInherited"]),
    Endpoint("GET", f"{_ORDER}/lines", _lines, _READ, PARAMETERS),
    Endpoint("POST", f"{_ORDER}/createandsendinvoice", _send, _WRITE),
    Endpoint("GET", f"{_ORDERS}/sentstate", _sent_state, _WRITE, ["id"]),
    Endpoint("POST", _FILES, _attach, _WRITE_FILES),
    Endpoint("GET", _FILES, _list_files, _READ_FILES, PARAMETERS),
    Endpoint("GET", f"{_FILES}/<int:number>", _show_file, _READ_FILES),
    Endpoint("DELETE", f"{_FILES}/<int:number>", _delete_file, _WRITE_FILES),
)
