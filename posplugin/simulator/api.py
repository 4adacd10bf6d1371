"""The API under /v2 and the token URL, as a Flask application."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Flask, request
from werkzeug.wrappers import Response

from . import master_api, order_api, orders, reports, sending, tokens, voucher_api
from .answers import Answer, RefusedError, gateway, json_answer, not_found, problem
from .call import Call, require, spelled
from .filters import day
from .gateway import PARAMETER, TOKEN_PATH, Gateway
from .lists import LISTS, Listing
from .office import Office
from .pages import PARAMETERS, page
from .state import Record


def create(office: Office) -> Flask:
    """Return the application; it expects paths in lower case."""
    app = Flask(__name__, static_folder=None)
    door = Gateway(office)

    def endpoint(
        method: str, rule: str, answer: Callable[..., Answer], roles: Iterable[str], query: Iterable[str] = ()
    ) -> None:
        def view(**path: object) -> Response:
            with office.state.lock:
                sending.settle(office)
                client, held, may_send = tokens.read(office, request.headers.get("Authorization", ""))
                require(office, held, roles)
                given = ((name, value) for name, value in request.args.items(multi=True) if name != PARAMETER)
                query_ = spelled(given, query)
                content, url = request.get_data(), request.base_url
                call = Call(office, client, query_, content, url, request.mimetype, may_send)
                return answer(call, **path).response()

        name = f"{method} {rule}".replace(".", " ")
        app.add_url_rule(rule, name, view, methods=[method], provide_automatic_options=False)

    for path, listing in LISTS.items():
        roles = _reading(listing.role)
        endpoint("GET", path, _lister(listing), roles, (*listing.filters, *listing.ignored, *PARAMETERS))
        if listing.by_id:
            endpoint("GET", f"{path}/<int:key>", _getter(listing), roles)
    endpoint(
        "GET", "/v2/outgoinginvoices/<uuid:key>", _getter(LISTS["/v2/outgoinginvoices"]), _reading("OutgoingInvoice")
    )
    endpoint("GET", "/v2/clientintegrationinformation", _information, ())
    for each in (*order_api.ENDPOINTS, *master_api.ENDPOINTS, *voucher_api.ENDPOINTS):
        endpoint(*each)

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
        for name in listing.required:
            if not call.query.get(name, "").strip():
                raise problem(400, "Invalid query parameter(s)", f"Query parameter '{name}' is required.")
        rows: Iterable[Record] = office.readable(call.client, listing.kind).values()
        if listing.kind == "entry":
            rows = reports.open_items(rows, day(call.query["date"]))
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
            "InvalidPrivileges": call.office.uncovered(),
            "AllowSendInvoice": call.office.may_send(),  # since 2026 (FACTS 6)
        },
    )


def _reading(role: str) -> tuple[str, str]:
    return role, f"{role}_Full"
