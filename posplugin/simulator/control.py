"""The desk over HTTP, under /simulator, for use from a shell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from .answers import decode, json_answer
from .desk import Desk
from .faults import Fault
from .seed import CLIENT_KEY

_FAULT_MEMBERS = {name for name, field in Fault.__dataclass_fields__.items() if field.init}


def create(desk: Desk) -> Blueprint:
    """Return the routes; `?client=` names another Go client than the first by its client key."""
    routes = Blueprint("simulator", __name__, url_prefix="/simulator")

    @routes.get("/switches")
    def switches() -> Response:
        return _ok(desk.switches)

    @routes.put("/switches")
    def switch() -> Response:
        for name, answer in _body().items():
            desk.switch(name, answer)
        return _ok(desk.switches)

    @routes.get("/faults")
    def faults() -> Response:
        return _ok(desk.faults)

    @routes.post("/faults")
    def fault() -> Response:
        given = _body()
        unknown = given.keys() - _FAULT_MEMBERS
        if unknown or "kind" not in given:
            raise ValueError(f"A fault has a kind, and may have {', '.join(sorted(_FAULT_MEMBERS - {'kind'}))}.")
        desk.fault(given.pop("kind"), **given)
        return _ok(desk.faults)

    @routes.delete("/faults")
    def clear() -> Response:
        desk.clear_faults()
        return _ok(desk.faults)

    @routes.get("/requests")
    def requests() -> Response:
        return _ok(desk.requests)

    @routes.get("/orders")
    def orders() -> Response:
        return _ok(desk.orders(_client()))

    @routes.get("/invoices")
    def invoices() -> Response:
        return _ok(desk.invoices(_client()))

    @routes.post("/orders/<key>/send")
    def send(key: str) -> Response:
        changed = Decimal(_body().get("total_changed", 0))
        return _ok(desk.send_order(key, changed, client=_client()))

    @routes.post("/orders/<key>/edit")
    def edit(key: str) -> Response:
        return _ok(desk.edit_order(key, client=_client(), **_body()))

    @routes.delete("/orders/<key>")
    def delete(key: str) -> Response:
        desk.delete_order(key, client=_client())
        return _ok(desk.orders(_client()))

    @routes.post("/customers/<int:number>/archive")
    def archive_customer(number: int) -> Response:
        desk.archive_customer(number, client=_client())
        return _ok({"archived": number})

    @routes.post("/products/<code>/archive")
    def archive_product(code: str) -> Response:
        desk.archive_product(code, client=_client())
        return _ok({"archived": code})

    @routes.put("/privileges")
    def privileges() -> Response:
        for name, held in _body().items():
            desk.set_privilege(name, held is True)
        return _ok({})

    @routes.delete("/tokens")
    def revoke() -> Response:
        desk.revoke_tokens()
        return _ok({})

    @routes.post("/clock")
    def clock() -> Response:
        desk.advance(float(_body().get("advance", 0)))
        return _ok({})

    @routes.errorhandler(LookupError)
    def missing(error: LookupError) -> Response:
        return json_answer(404, {"error": str(error)}).response()

    @routes.errorhandler(ValueError)
    @routes.errorhandler(TypeError)
    def wrong(error: Exception) -> Response:
        return json_answer(400, {"error": str(error)}).response()

    return routes


def _client() -> str:
    return request.args.get("client", CLIENT_KEY)


def _body() -> dict[str, Any]:
    body = decode(request.get_data() or b"{}")
    if not isinstance(body, dict):
        raise TypeError("The body must be a JSON object.")
    return body


def _ok(value: object) -> Response:
    return json_answer(200, value).response()
