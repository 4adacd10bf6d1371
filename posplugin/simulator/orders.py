"""Sales orders: created, shown, edited and deleted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from . import lines, references
from .amounts import amounts
from .answers import not_found, problem
from .members import COMPLETE_ORDER, LINE_POST, ORDER_POST, record
from .office import Office
from .references import TITLE, invalid, missing
from .state import Record

_TWINS = (
    ("CustomerId", "CustomerNo"),
    ("DepartmentId", "DepartmentCode"),
    ("SalesPersonEmployeeId", "SalesPersonEmployeeNumber"),
)


def create(office: Office, client: str, posted: dict[str, Any]) -> Record:
    """Make a draft of a checked body and return it complete with lines and amounts."""
    reference = posted["ExternalImportReference"]
    if reference is not None:
        _refuse_duplicate(office, client, reference)
    order = _build(office, client, posted, str(uuid.uuid4()))
    state = office.state
    with state.change():
        order["SalesOrderNo"] = state.number(client, "SalesOrderNo", 50001)
        order["CreatedDateTimeOffset"] = order["LastChangedDateTimeOffset"]
        state.put(client, "order", order["Id"], order)
        if reference is not None:
            users = state.rows(client, "reference").get(reference, {"orders": []})["orders"]
            state.put(client, "reference", reference, {"orders": [*users, order["Id"]]})
    office.wrote(client, "order", order["Id"])
    return order


def edit(office: Office, client: str, order_id: str, changes: Mapping[str, Any]) -> Record:
    """Set members of a draft and work out its amounts anew, as a person does in Go.

    A line under SalesOrderLines may leave members out; the lines given replace those there were.
    """
    before = changeable(office, client, order_id)
    unknown = changes.keys() - ORDER_POST.keys()
    if unknown:
        raise ValueError(f"A sales order has no member {', '.join(sorted(unknown))}.")
    if changes.keys() == {"SalesOrderStatus"}:
        order = {**before, **changes, "LastChangedDateTimeOffset": office.clock.stamp()}
    else:
        order = _rebuilt(office, client, before, changes)
    with office.state.change():
        office.state.put(client, "order", order_id, order)
    return order


def patch(office: Office, client: str, order_id: str, changes: Mapping[str, Any]) -> Record:
    """Set members of an order's header and return it; a Confirmed order takes only to be a Draft again."""
    order = changeable(office, client, order_id)
    status = changes.get("SalesOrderStatus") or order["SalesOrderStatus"]
    others = {name: value for name, value in changes.items() if name != "SalesOrderStatus"}
    if others and order["SalesOrderStatus"] == "Confirmed" and status == "Confirmed":
        raise invalid(f"Sales order with id = {order_id} is confirmed and cannot be edited.")
    return edit(office, client, order_id, {**others, "SalesOrderStatus": status})


def merge(office: Office, client: str, order_id: str, other_id: str) -> Record:
    """Move the lines of another draft to the end of this one, as a person does, and delete the other."""
    order, other = (changeable(office, client, each) for each in (order_id, other_id))
    if order["CustomerId"] != other["CustomerId"] or order_id == other_id:
        raise invalid("Only two sales orders of the same customer can be merged.")
    moved = [{**line, "SortOrder": None, "ExternalImportReference": None} for line in other["SalesOrderLines"]]
    lines_ = [{**line, "SortOrder": None} for line in order["SalesOrderLines"]]
    with office.state.change():
        delete(office, client, other_id)
        return edit(office, client, order_id, {"SalesOrderLines": [*lines_, *moved]})


def delete(office: Office, client: str, order_id: str) -> None:
    """Delete a draft and its attachments; whether its reference is free again is U3."""
    order = changeable(office, client, order_id, status=409)
    if order["SalesOrderStatus"] == "Confirmed" and office.switches["U20"] == "b":
        raise problem(409, "Object conflict", f"Sales order with id = {order_id} is confirmed and cannot be deleted.")
    state, reference = office.state, order["ExternalImportReference"]
    with state.change():
        state.remove(client, "order", order_id)
        state.forget(client, "sending", order_id)
        for key in [key for key, row in state.rows(client, "attachment").items() if row["SalesOrderId"] == order_id]:
            state.remove(client, "attachment", key)
            state.remove(client, "file", key)
        if reference is not None and reference in state.rows(client, "reference"):
            users = state.rows(client, "reference")[reference]["orders"]
            left = [user for user in users if user != order_id]
            if left or office.switches["U3"] == "b":
                state.put(client, "reference", reference, {"orders": left or users})
            else:
                state.remove(client, "reference", reference)


def existing(office: Office, client: str, order_id: str) -> Record:
    """Return an order that stands there, whether readable yet or not."""
    order = office.state.rows(client, "order").get(order_id)
    if order is None:
        raise not_found("Sales order", "id", order_id)
    return order


def changeable(office: Office, client: str, order_id: str, status: int = 400) -> Record:
    """Return an order; refuses one that is on its way to become an invoice."""
    order = existing(office, client, order_id)
    sending = office.state.rows(client, "sending").get(order_id)
    if sending is not None and sending["LastErrorMessage"] is None:
        title = "Object conflict" if status == 409 else TITLE
        raise problem(status, title, f"Sales order with id = {order_id} is being sent.")
    return order


def with_inherited(office: Office, client: str, order: Record) -> Record:
    """Return the order as Go's screen shows it, with what it inherits (showInherited=true)."""
    customer = office.state.rows(client, "customer")[str(order["CustomerId"])]
    shown = {**order}
    for name in ("DepartmentId", "DepartmentCode", "PaymentTerm", "CurrencyCode", "DeliveryTerm"):
        shown[name] = customer[name] if order[name] is None else order[name]
    shown["SalesOrderLines"] = [
        {**line, **{name: shown[name] for name in ("DepartmentId", "DepartmentCode")}}
        if line["DepartmentId"] is None
        else line
        for line in order["SalesOrderLines"]
    ]
    return shown


def _rebuilt(office: Office, client: str, before: Record, changes: Mapping[str, Any]) -> Record:
    posted = {name: before[name] for name in ORDER_POST} | dict(changes)
    for one, other in (*_TWINS, *(twins[::-1] for twins in _TWINS)):
        if one in changes and other not in changes:
            posted[other] = None
    posted["SalesOrderLines"] = [{name: line.get(name) for name in LINE_POST} for line in posted["SalesOrderLines"]]
    kept = {name: before[name] for name in ("SalesOrderNo", "CreatedDateTimeOffset")}
    order = _build(office, client, posted, str(before["Id"])) | kept
    if "SalesOrderLines" not in changes:
        for line, was in zip(order["SalesOrderLines"], before["SalesOrderLines"], strict=True):
            line["Id"] = was["Id"]
    return order


def _build(office: Office, client: str, posted: dict[str, Any], order_id: str) -> Record:
    references.refuse_empty_registers(posted)
    customer = references.customer(office, client, posted)
    if posted["CurrencyCode"] not in (None, "NOK"):
        raise missing("Currency", "code", posted["CurrencyCode"])
    built, priced = lines.build(office, client, customer, order_id, posted["SalesOrderLines"] or [])
    parts, total = amounts(priced, with_vat=office.switches["U7"] == "b", answer=office.switches["U8"])
    for line, part in zip(built, parts, strict=True):
        line |= {"NetAmount": part.net, "VatAmount": part.vat, "TotalAmount": part.total}
    _check_related_invoice(office, client, posted["RelatedInvoiceNo"], total.total)
    default = "Confirmed" if office.switches["U18"] == "b" else "Draft"
    return record(
        COMPLETE_ORDER,
        {
            **posted,
            **references.department(office, client, posted),
            **references.employee(office, client, posted, _TWINS[2]),
            "Id": order_id,
            "CustomerId": customer["Id"],
            "CustomerNo": customer["Number"],
            "CurrencyCode": "NOK",
            "SalesOrderStatus": posted["SalesOrderStatus"] or default,
            "SalesOrderLines": built,
            "LineCount": len(built),
            "NetAmount": total.net,
            "TotalAmount": total.total,
            "IsCreatedByCurrentIntegration": True,
            "LastChangedDateTimeOffset": office.clock.stamp(),
        },
    )


def _check_related_invoice(office: Office, client: str, number: int | None, total: Decimal) -> None:
    if number is None:
        return
    if total >= 0:
        raise invalid("RelatedInvoiceNo can only be set on credit note drafts.")
    if not office.state.matching(client, "invoice", "InvoiceNo", number):
        raise missing("Invoice", "number", number)


def _refuse_duplicate(office: Office, client: str, reference: str) -> None:
    """Refuse a reference some order has, or the invoice made from it, under each answer to U1."""
    used = office.state.rows(client, "reference").get(reference)
    if used is None or office.switches["U1"] == "d":
        return
    text = f"'{reference}' is used on sales order with Id = {used['orders'][0]}."
    raise references.in_use(office.switches["U1"], TITLE, text)
