"""The API under /v2 and the token URL, as a Flask application."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from flask import Flask, request
from werkzeug.wrappers import Response

from . import orders, tokens
from .answers import Answer, RefusedError, gateway, json_answer, not_found, problem
from .bodies import order_body
from .call import Call, require, spelled
from .gateway import PARAMETER, TOKEN_PATH, Gateway
from .lists import LISTS, Listing
from .members import LINE, ORDER
from .office import Office
from .pages import PARAMETERS, page
from .state import Record

_ORDER = "/v2/salesorders/<uuid:key>"


def create(office: Office) -> Flask:
    """Return the application; it expects paths in lower case."""
    app = Flask(__name__, static_folder=None)
    door = Gateway(office)

    def endpoint(
        method: str, rule: str, answer: Callable[..., Answer], roles: Iterable[str], query: Iterable[str] = ()
    ) -> None:
        def view(**path: object) -> Response:
            with office.state.lock:
                client, held = tokens.read(office, request.headers.get("Authorization", ""))
                require(office, held, roles)
                given = ((name, value) for name, value in request.args.items(multi=True) if name != PARAMETER)
                query_ = spelled(given, query)
                call = Call(office, client, query_, request.get_data(), request.base_url)
                return answer(call, **path).response()

        name = f"{method} {rule}".replace(".", " ")
        app.add_url_rule(rule, name, view, methods=[method], provide_automatic_options=False)

    for path, listing in LISTS.items():
        roles = _reading(listing.role)
        endpoint("GET", path, _lister(listing), roles, (*listing.filters, *listing.ignored, *PARAMETERS))
        if listing.by_id:
            endpoint("GET", f"{path}/<int:key>", _getter(listing), roles)
    reading = _reading("SalesOrders")
    endpoint(
        "GET", "/v2/outgoinginvoices/<uuid:key>", _getter(LISTS["/v2/outgoinginvoices"]), _reading("OutgoingInvoice")
    )
    endpoint("GET", "/v2/clientintegrationinformation", _information, ())
    endpoint("POST", "/v2/salesorders/complete", _create_order, ["SalesOrders_Full"])
    endpoint("DELETE", _ORDER, _delete_order, ["SalesOrders_Full"])
    endpoint("GET", _ORDER, _order, reading, ["showInherited"])
    endpoint("GET", f"{_ORDER}/complete", _complete_order, reading, ["showInherited"])
    endpoint("GET", f"{_ORDER}/lines", _order_lines, reading, PARAMETERS)

    @app.post(TOKEN_PATH, provide_automatic_options=False)
    def token() -> Response:
        authorization = request.headers.get("Authorization", "")
        return tokens.issue(office, authorization, request.form.get("grant_type")).response()

    @app.before_request
    def enter() -> None:
        if request.path.startswith("/simulator"):
            return
        door.admit(request.path, request.headers, request.args)
        if request.routing_exception is not None:
            raise gateway(404, "Resource not found")

    @app.errorhandler(RefusedError)
    def refused(error: RefusedError) -> Response:
        return error.answer.response()

    return app


def _lister(listing: Listing) -> Callable[[Call], Answer]:
    def answer(call: Call) -> Answer:
        office, whole_seconds = call.office, call.office.switches["U22"] == "b"
        keep = [
            listing.filters[name](value, whole_seconds)
            for name, value in call.query.items()
            if name in listing.filters and value.strip()
        ]
        rows = office.readable(call.client, listing.kind).values()
        found = [row for row in rows if all(wanted(row) for wanted in keep)]
        if listing.kind == "order" and call.asks("showInherited"):
            found = [orders.with_inherited(office, call.client, row) for row in found]
        return page(found, listing.members, call.query, call.url, office.switches["U6"])

    return answer


def _getter(listing: Listing) -> Callable[..., Answer]:
    def answer(call: Call, key: object) -> Answer:
        row = call.office.readable(call.client, listing.kind).get(str(key))
        if row is None:
            raise not_found(listing.noun, "id", key)
        return json_answer(200, row)

    return answer


def _information(call: Call) -> Answer:
    held = call.office.privileges()
    client = call.office.state.rows("", "client")[call.client]
    return json_answer(
        200,
        {
            "ClientId": client["Id"],
            "ClientName": client["Name"],
            "ActiveClientSubscriptions": ["Accounting"],
            "ValidPrivileges": held,
            "InvalidPrivileges": [],
            "AllowSendInvoice": call.office.may_send(),  # since 2026 (FACTS 6)
        },
    )


def _create_order(call: Call) -> Answer:
    if request.mimetype != "application/json":
        raise problem(415, "Unsupported Media Type", f"'{request.mimetype}' is not application/json.")
    posted = order_body(call.content, ignore_unknown=call.office.switches["U9"] == "b")
    return json_answer(201, orders.create(call.office, call.client, posted))


def _delete_order(call: Call, key: UUID) -> Answer:
    orders.delete(call.office, call.client, str(key))
    return Answer(200)


def _complete(call: Call, key: UUID) -> Record:
    order = call.office.readable(call.client, "order").get(str(key))
    if order is None:
        raise not_found("Sales order", "id", key)
    return orders.with_inherited(call.office, call.client, order) if call.asks("showInherited") else order


def _complete_order(call: Call, key: UUID) -> Answer:
    return json_answer(200, _complete(call, key))


def _order(call: Call, key: UUID) -> Answer:
    order = _complete(call, key)
    return json_answer(200, {name: order[name] for name in ORDER})


def _order_lines(call: Call, key: UUID) -> Answer:
    order = _complete(call, key)
    return page(order["SalesOrderLines"], LINE, call.query, call.url, call.office.switches["U6"])


def _reading(role: str) -> tuple[str, str]:
    return role, f"{role}_Full"
