"""Returns: pick an earlier sale from the journal, choose what comes back."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from posplugin.domain.money import quantity_text
from sample_terminal.web.coming_back import Earlier, earlier, return_ticket
from sample_terminal.web.desk import Desk, Wrong
from sample_terminal.web.guard import session
from sample_terminal.web.page import Pages
from sample_terminal.web.typed import number, plain

_MOST, _LONGEST = 999, 64


def create(pages: Pages) -> Blueprint:
    """Return the routes of the page."""
    routes = Blueprint("returning", __name__, url_prefix="/returns")
    desk = pages.desk

    @routes.get("")
    def show() -> str:
        return _list(pages)

    @routes.get("/<sale_id>")
    def choose(sale_id: str) -> str:
        return _choose(pages, sale_id)

    @routes.post("/<sale_id>")
    def take_back(sale_id: str) -> Response:
        with desk.lock:
            found = _found(desk, sale_id)
            if found.is_return:
                raise Wrong("is_return")
            ticket = return_ticket(desk, found, _quantities(found))
            if not ticket.items:
                raise Wrong("nothing_returned")
            desk.begin(session(), ticket)
        return redirect(url_for("pay.show"), 303)

    @routes.errorhandler(Wrong)
    def wrong(error: Wrong) -> tuple[str, int]:
        sale_id = (request.view_args or {}).get("sale_id")
        if sale_id and error.name != "no_such_sale":
            return _choose(pages, sale_id, wrong=pages.wrong(error)), 409
        return _list(pages, wrong=pages.wrong(error)), 409

    return routes


def _list(pages: Pages, wrong: str = "") -> str:
    receipt = plain(request.args.get("receipt", ""), _LONGEST)
    sales = pages.desk.journal.latest_sales(pages.desk.terminal_id, receipt)
    return render_template("returns.html", sales=sales, receipt=receipt, labels=_labels(pages), wrong=wrong, said=wrong)


def _choose(pages: Pages, sale_id: str, wrong: str = "") -> str:
    found = _found(pages.desk, sale_id)
    number = found.on_account.customer_number if found.on_account else None
    match = pages.desk.customer(number) if number is not None else None
    facts = {"number": number, "name": match.customer.name if match else ""}
    return render_template("return.html", found=found, labels=_labels(pages), wrong=wrong, said=wrong, **facts)


def _labels(pages: Pages) -> dict[str, str]:
    return {**pages.words.channel, **pages.channels()}


def _found(desk: Desk, sale_id: str) -> Earlier:
    found = earlier(desk, sale_id)
    if found is None:
        raise Wrong("no_such_sale")
    return found


def _quantities(found: Earlier) -> dict[int, int]:
    """Return how many of each line were chosen, by its place; raise `Wrong` for what is no number."""
    quantities = {}
    for place, left in enumerate(found.lines):
        text = request.form.get(f"count-{place}", "").strip() or "0"
        count = number(text, _MOST)
        if count is None:
            raise Wrong("not_a_count", text=text[:40])
        if count > left.quantity:
            raise Wrong("too_many", dish=left.line.description, limit=quantity_text(left.quantity))
        quantities[place] = count
    return quantities
