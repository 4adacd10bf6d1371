"""Files attached to a sales order; they stay with the invoice it becomes."""

from __future__ import annotations

import base64

from . import orders
from .answers import Answer, RefusedError, encode, not_found, problem
from .call import Part
from .members import ATTACHMENT, record
from .office import Office
from .state import Record

TITLE = "Attachment validation error(s)"

_LIMIT = 10 * 1024 * 1024
_IMAGES = ("image/png", "image/jpeg")


def add(office: Office, client: str, order_id: str, part: Part) -> Record:
    """Attach a file and return it without its content; what is refused is U19."""
    orders.changeable(office, client, order_id)
    if not part.content:
        raise problem(400, TITLE, "The file is empty.")
    answer = office.switches["U19"]
    if answer == "b" and len(part.content) > _LIMIT:
        body = encode({"title": "Request Entity Too Large", "status": 413, "detail": "The file is larger than 10 MB."})
        raise RefusedError(Answer(413, body, {"Content-Type": "application/json; charset=utf-8"}))
    if answer == "c" and part.media not in _IMAGES:
        raise problem(400, TITLE, f"The file type of '{part.name}' is not supported: use {' or '.join(_IMAGES)}.")
    now, state = office.clock.stamp(), office.state
    with state.change():
        key = state.number(client, "AttachmentId", 12_345)
        values = {"Id": key, "SalesOrderId": order_id, "FileName": part.name, "FileSize": len(part.content)}
        values |= {"CreatedDateTimeOffset": now, "LastChangedDateTimeOffset": now}
        state.put(client, "attachment", str(key), record(ATTACHMENT, values))
        text = base64.b64encode(part.content).decode()
        state.put(client, "file", str(key), {"Content": text, "MediaType": part.media})
    office.wrote(client, "attachment", str(key))
    return record(ATTACHMENT, values)


def of_order(office: Office, client: str, order_id: str) -> list[Record]:
    """Return an order's attachments that can be read, without their content."""
    rows = office.readable(client, "attachment").values()
    return [row for row in rows if row["SalesOrderId"] == order_id]


def content(office: Office, client: str, order_id: str, key: str) -> tuple[str, bytes]:
    """Return the media type and the bytes of an attachment."""
    _existing(office, client, order_id, key)
    kept = office.state.rows(client, "file")[key]
    return str(kept["MediaType"]), base64.b64decode(kept["Content"])


def complete(office: Office, client: str, key: str) -> list[Record]:
    """Return the attachments of an order, or of the invoice it became, with their Content; both Ids find them."""
    state = office.state
    orders_ = {key, *(order for order, made in state.rows(client, "sent").items() if made["Id"] == key)}
    rows = [row for row in state.rows(client, "attachment").values() if row["SalesOrderId"] in orders_]
    files = state.rows(client, "file")
    return [{**row, "Content": base64.b64decode(files[str(row["Id"])]["Content"])} for row in rows]


def remove(office: Office, client: str, order_id: str, key: str) -> None:
    """Take an attachment away."""
    _existing(office, client, order_id, key)
    orders.changeable(office, client, order_id, status=409)
    with office.state.change():
        office.state.remove(client, "attachment", key)
        office.state.remove(client, "file", key)


def _existing(office: Office, client: str, order_id: str, key: str) -> None:
    if all(str(row["Id"]) != key for row in of_order(office, client, order_id)):
        raise not_found("Attachment", "id", key)
