"""The desk over HTTP, under /simulator, for use from a shell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from .answers import decode, json_answer
from .desk import Desk
from .faults import Fault
from .loopback import refuse_other_sites
from .seed import CLIENT_KEY

_FAULT_MEMBERS = {name for name, field in Fault.__dataclass_fields__.items() if field.init}


def create(desk: Desk) -> Blueprint:
    """Return the routes; `?client=` names another Go client than the first by its client key."""
    routes = Blueprint("simulator", __name__, url_prefix="/simulator")
    routes.before_request(refuse_other_sites)
    _set_up(routes, desk)

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

    @routes.post("/orders/<key>/confirm")
    def confirm(key: str) -> Response:
        return _ok(desk.confirm_order(key, client=_client()))

    @routes.post("/orders/<key>/merge")
    def merge(key: str) -> Response:
        return _ok(desk.merge_orders(key, str(_body().get("other", "")), client=_client()))

    @routes.delete("/orders/<key>")
    def delete(key: str) -> Response:
        desk.delete_order(key, client=_client())
        return _ok(desk.orders(_client()))

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

    _books(routes, desk)

    @routes.errorhandler(LookupError)
    def missing(error: LookupError) -> Response:
        return json_answer(404, {"error": str(error)}).response()

    @routes.errorhandler(ValueError)
    @routes.errorhandler(TypeError)
    def wrong(error: Exception) -> Response:
        return json_answer(400, {"error": str(error)}).response()

    return routes


def _books(routes: Blueprint, desk: Desk) -> None:
    """Add the routes of the books."""

    @routes.get("/trial-balance")
    def trial_balance() -> Response:
        return _ok(desk.trial_balance(_client()))

    @routes.get("/vat-return")
    def vat_return() -> Response:
        return _ok({code: reported._asdict() for code, reported in desk.vat_return(_client()).items()})

    @routes.get("/customer-ledger")
    def customer_ledger() -> Response:
        return _ok(desk.customer_ledger(_client()))

    @routes.get("/postings")
    def postings() -> Response:
        return _ok(desk.postings(_client()))

    @routes.get("/vouchers")
    def vouchers() -> Response:
        return _ok(desk.vouchers(_client()))

    @routes.post("/vouchers/<key>/reverse")
    def reverse(key: str) -> Response:
        desk.reverse_voucher(key, client=_client())
        return _ok(desk.vouchers(_client()))

    @routes.get("/drafts")
    def drafts() -> Response:
        return _ok(desk.drafts(_client()))

    @routes.post("/drafts/<key>/post")
    def post_draft(key: str) -> Response:
        return _ok({"VoucherNo": desk.post_draft(key, client=_client())})

    @routes.delete("/drafts/<key>")
    def delete_draft(key: str) -> Response:
        desk.delete_draft(key, client=_client())
        return _ok(desk.drafts(_client()))

    @routes.post("/invoices/<int:number>/pay")
    def pay(number: int) -> Response:
        amount = _body().get("amount")
        return _ok(desk.pay(number, None if amount is None else Decimal(amount), client=_client()))


def _set_up(routes: Blueprint, desk: Desk) -> None:
    """Add the routes for what a person changes in Go's registers and settings."""
    setters: dict[str, Callable[[Any], None]] = {
        "lock_date": lambda day: desk.set_lock_date(day and date.fromisoformat(day), client=_client()),
        "conversion_date": lambda day: desk.set_conversion_date(date.fromisoformat(day), client=_client()),
        "vat_registered": lambda registered: desk.set_vat_registered(registered is True, client=_client()),
        "allow_send_invoice": lambda allowed: setattr(desk, "allow_send_invoice", allowed is True),
    }

    @routes.post("/customers/<int:number>/archive")
    def archive_customer(number: int) -> Response:
        desk.archive_customer(number, client=_client())
        return _ok({"archived": number})

    @routes.post("/products/<code>/archive")
    def archive_product(code: str) -> Response:
        desk.archive_product(code, client=_client())
        return _ok({"archived": code})

    @routes.post("/changes")
    def change() -> Response:
        given = _body()
        if given.keys() != {"kind", "member", "value", "changes"}:
            raise ValueError("A change has kind, member, value and changes.")
        where = (given["kind"], given["member"], given["value"])
        return _ok(desk.change(*where, client=_client(), **given["changes"]))

    @routes.post("/failing-sends")
    def fail_sending() -> Response:
        given = _body()
        desk.fail_sending(str(given["text"]), int(given.get("times", 1)))
        return _ok({})

    @routes.put("/settings")
    def settings() -> Response:
        for name, value in _body().items():
            if name not in setters:
                raise ValueError(f"There is no setting {name}: the simulator has {', '.join(setters)}.")
            setters[name](value)
        return _ok({})


def _client() -> str:
    return request.args.get("client", CLIENT_KEY)


def _body() -> dict[str, Any]:
    body = decode(request.get_data() or b"{}")
    if not isinstance(body, dict):
        raise TypeError("The body must be a JSON object.")
    return body


def _ok(value: object) -> Response:
    return json_answer(200, value).response()
