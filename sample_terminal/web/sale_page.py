"""Selling: the menu, and the ticket beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from posplugin.domain.sale import LineKind
from sample_terminal.menu import GROUPS, MENU
from sample_terminal.web.desk import Wrong
from sample_terminal.web.guard import session
from sample_terminal.web.page import Pages, amount_typed
from sample_terminal.web.ticket import Discount, Item, Ticket, Unit, carried, price_of
from sample_terminal.web.typed import hundredths, number, plain

_MOST, _LONGEST_NOTE, _LONGEST_LABEL = 999, 40, 30


def create(pages: Pages) -> Blueprint:
    """Return the routes of the page."""
    routes = Blueprint("sale", __name__)
    desk = pages.desk

    @routes.before_request
    def same_ticket() -> None:
        """Raise `Wrong` when the page that sends this showed another ticket: one that another window has paid since."""
        seen = request.args.get("ticket")
        if seen and request.method == "POST" and seen != desk.ticket(session()).ticket_id:
            raise Wrong("other_ticket")

    @routes.get("/")
    def show() -> str:
        return _page(pages)

    @routes.post("/ring")
    def ring() -> Response:
        dish = request.form.get("dish", "")
        if dish not in MENU:
            raise Wrong("no_such_dish")
        if price_of(MENU[dish], take_away=desk.ticket(session()).take_away) is None:
            raise Wrong("no_take_away", dish=MENU[dish].name)
        ticket = desk.change(session(), lambda ticket: _open(ticket).rung(dish))
        is_gift_card = GROUPS[MENU[dish].group].kind is LineKind.GIFT_CARD
        return _again(line=ticket.touched if is_gift_card else None)

    @routes.post("/where")
    def where() -> Response:
        take_away = request.form.get("take_away") == "1"
        desk.change(session(), lambda ticket: replace(ticket, take_away=take_away, touched=None))
        return _again()

    @routes.post("/line/<int:item_id>/<act>")
    def line(item_id: int, act: str) -> Response:
        change = _line_change(act)
        desk.change_item(session(), item_id, change)
        return _again(line=None if act == "remove" else item_id)

    @routes.post("/discount")
    def discount() -> Response:
        new = _discount()
        desk.change(session(), lambda ticket: replace(_open(ticket), discount=new, touched=None, payments=()))
        return _again()

    @routes.post("/label")
    def label() -> Response:
        text = plain(request.form.get("label", ""), _LONGEST_LABEL)
        desk.change(session(), lambda ticket: replace(ticket, label=text, touched=None))
        return _again()

    @routes.post("/park")
    def park() -> Response:
        desk.park(session())
        return _again()

    @routes.post("/take-up")
    def take_up() -> Response:
        left_open = request.form.get("left_open") == "1"
        desk.take_up(session(), request.form.get("ticket", ""), left_open=left_open)
        return _again()

    @routes.post("/clear")
    def clear() -> Response:
        desk.clear(session())
        return _again()

    @routes.errorhandler(Wrong)
    def wrong(error: Wrong) -> tuple[str, int]:
        return _page(pages, wrong=pages.wrong(error)), 409

    return routes


def _page(pages: Pages, wrong: str = "") -> str:
    ticket = pages.desk.ticket(session())
    group = request.args.get("group", "")
    dishes = [
        (name, dish, price_of(dish, take_away=ticket.take_away))
        for name, dish in MENU.items()
        if group not in GROUPS or dish.group == group
    ]
    return render_template(
        "sale.html",
        ticket=ticket,
        rows=list(zip(ticket.items, ticket.amounts(), strict=True)),
        group=group,
        groups=GROUPS,
        dishes=dishes,
        line=ticket.item(number(request.args.get("line", ""), 10**6) or 0) if not ticket.original else None,
        ask=request.args.get("ask", ""),
        can_carry=_can_carry,
        parked=pages.desk.shelf.parked(),
        elsewhere=pages.desk.shelf.elsewhere(session()),
        interrupted=pages.desk.was_interrupted(ticket),
        said=wrong or pages.said(ticket),
        wrong=wrong,
    )


def _again(line: int | None = None) -> Response:
    return redirect(url_for("sale.show", group=request.args.get("group") or None, line=line), 303)


def _open(ticket: Ticket) -> Ticket:
    """Return a ticket that takes more; raise `Wrong` for a return, which is what it is."""
    if ticket.original:
        raise Wrong("return_open")
    return ticket


def _can_carry(item: Item) -> bool:
    """Whether a line can be eaten here and taken away."""
    return carried(item, take_away=True).take_away


def _line_change(act: str) -> Callable[[Item], Item]:
    form = request.form
    match act:
        case "more":
            return lambda item: replace(item, quantity=min(item.quantity + 1, Decimal(_MOST)))
        case "less":
            return lambda item: replace(item, quantity=item.quantity - 1)
        case "remove":
            return lambda item: replace(item, quantity=Decimal(0))
        case "count":
            count = number(form.get("count", ""), _MOST)
            if count is None:
                raise Wrong("not_a_count", text=form.get("count", "")[:40])
            return lambda item: replace(item, quantity=Decimal(count))
        case "where":
            return lambda item: carried(item, take_away=form.get("take_away") == "1")
        case "discount":
            new = _discount()
            return lambda item: item if item.kind is LineKind.GIFT_CARD else replace(item, discount=new)
        case "note":
            note = plain(form.get("note", ""), _LONGEST_NOTE)
            return lambda item: replace(item, note=note)
        case "price":
            price = amount_typed(form.get("price", ""))
            return lambda item: replace(item, price=price) if item.kind is LineKind.GIFT_CARD and price else item
    raise Wrong("line_gone")


def _discount() -> Discount | None:
    """Return the discount that was typed; None takes it away."""
    unit, text = request.form.get("unit", ""), request.form.get("value", "")
    if unit not in set(Unit) or not text.strip():
        return None
    value = hundredths(text)
    if value is None or value < 0 or (unit == Unit.PER_CENT and value > 10000):
        raise Wrong("not_a_discount", text=text[:40])
    return Discount(Unit(unit), value) if value else None
