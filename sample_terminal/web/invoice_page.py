"""Faktura: the customer picker, and what the cashier writes for the invoice."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from posplugin.domain.payment import LONGEST_FIELD, PaymentField, RefusalCode
from posplugin.domain.sale import INVOICE
from sample_terminal.web.desk import Desk, Wrong
from sample_terminal.web.guard import session
from sample_terminal.web.page import Pages
from sample_terminal.web.ticket import Picked, Ticket
from sample_terminal.web.typed import number

#: Characters of a search that are looked at; a name is shorter.
_LONGEST_SEARCH = 100
_SHOWN = 20
#: The fields that refusals speak of.
_FIELDS: Final[dict[str, str]] = {
    RefusalCode.REFERENCE_REQUIRED: PaymentField.YOUR_REFERENCE,
    RefusalCode.TIP_NOT_ALLOWED: "tip",
    RefusalCode.NOTHING_TO_INVOICE: "amount",
    RefusalCode.RETURN_EXCEEDS_ORIGINAL: "amount",
}


def create(pages: Pages) -> Blueprint:
    """Return the routes of the page."""
    routes = Blueprint("invoice", __name__, url_prefix="/invoice")
    desk = pages.desk

    @routes.get("/customers")
    def customers() -> str:
        return render_template("_customers.html", ticket=desk.ticket(session()), chosen=INVOICE, **_search(desk))

    @routes.post("/customer")
    def pick() -> Response:
        picked = number(request.form.get("number", ""), 10**9)
        match = desk.customer(picked) if picked is not None else None
        if match is None:
            raise Wrong("no_such_customer")
        written = {
            PaymentField.YOUR_REFERENCE: match.default_reference,
            PaymentField.ORDER_NUMBER: match.default_order_number,
        }
        buyer = Picked(
            number=match.customer.number,
            name=match.customer.name,
            fields={field: text for field, text in written.items() if text},
        )
        desk.change(session(), lambda ticket: replace(ticket, buyer=buyer))
        return redirect(url_for("pay.show", by=INVOICE), 303)

    @routes.post("/other-customer")
    def other() -> Response:
        if desk.ticket(session()).original:
            raise Wrong("return_is_fixed")
        desk.change(session(), lambda ticket: replace(ticket.without(INVOICE), buyer=None))
        return redirect(url_for("pay.show", by=INVOICE), 303)

    return routes


def invoice_facts(pages: Pages, ticket: Ticket) -> dict[str, object]:
    """Return what the form of Faktura shows: the customer that was picked, or those to pick from."""
    if ticket.buyer is None:
        return {"match": None, **_search(pages.desk)}
    return {"match": pages.desk.customer(ticket.buyer.number), "longest": LONGEST_FIELD}


def bought(ticket: Ticket) -> Ticket:
    """Return the ticket with what the cashier has written, as it was written."""
    if ticket.buyer is None:
        return ticket
    fields = {field: request.form[field] for field in PaymentField if request.form.get(field, "").strip()}
    return replace(ticket, buyer=replace(ticket.buyer, fields=fields))


def field_of(code: str) -> str:
    """Return the field of the form that a refusal speaks of; "" where it is none, or cannot be told."""
    if code != RefusalCode.FIELD_TOO_LONG:
        return _FIELDS.get(code, "")
    return next((field for field in PaymentField if len(request.form.get(field, "").strip()) > LONGEST_FIELD), "")


def _search(desk: Desk) -> dict[str, object]:
    text = request.args.get("q", "").replace("\0", " ")[:_LONGEST_SEARCH]
    return {"q": text, "found": desk.host.find_customers(text, _SHOWN)}
