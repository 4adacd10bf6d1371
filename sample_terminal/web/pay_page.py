"""Paying: cash, card, gift card, or a plugin's channel, one or several; then the papers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from posplugin.domain.money import half_up, kroner_text
from posplugin.domain.sale import CASH, INVOICE
from sample_terminal.checkout import Done, Stopped
from sample_terminal.web.desk import Wrong
from sample_terminal.web.guard import session
from sample_terminal.web.invoice_page import bought, field_of, invoice_facts
from sample_terminal.web.page import OWN_CHANNELS, Pages, amount_typed
from sample_terminal.web.ticket import Planned, Ticket

_CARD = "card"
#: Tips that are offered, in per cent of the amount.
_TIPS = (5, 10, 15)
#: Notes that guests pay with, øre.
_NOTES = (5000, 10000, 20000, 50000, 100000)


def create(pages: Pages) -> Blueprint:
    """Return the routes of the page."""
    routes = Blueprint("pay", __name__, url_prefix="/pay")
    desk = pages.desk

    @routes.get("")
    def show() -> str | Response:
        if not desk.ticket(session()).items:
            return redirect(url_for("sale.show"), 303)
        return pay_page(pages, request.args.get("by", ""))

    @routes.post("/<channel>")
    def take(channel: str) -> str | tuple[str, int] | Response:
        if channel not in pages.channels():
            raise Wrong("no_such_channel")
        return _paid(channel, _plan(channel))

    @routes.post("/finish")
    def finish() -> str | tuple[str, int] | Response:
        return _paid("", lambda ticket: ticket)

    @routes.post("/take-off")
    def take_off() -> Response:
        channel = request.form.get("channel", "")
        if desk.ticket(session()).original and channel not in OWN_CHANNELS:
            raise Wrong("return_is_fixed")
        desk.change(session(), lambda ticket: ticket.without(channel))
        return redirect(url_for("pay.show"), 303)

    @routes.get("/done/<ticket_id>")
    def done(ticket_id: str) -> str:
        sale = desk.journal.sale(desk.terminal_id, ticket_id)
        if sale is None:
            raise Wrong("no_such_sale")
        told = desk.tray.finished(ticket_id)
        papers = desk.tray.papers(ticket_id)
        labels = {**pages.words.channel, **pages.channels()}
        facts = {"invoice": INVOICE, "section": _section(is_return=sale.total < 0)}
        return render_template("done.html", sale=sale, told=told, papers=papers, labels=labels, **facts)

    @routes.errorhandler(Wrong)
    def wrong(error: Wrong) -> tuple[str, int]:
        channel = (request.view_args or {}).get("channel", "")
        return pay_page(pages, channel, wrong=pages.wrong(error), focus="amount"), 409

    def _paid(channel: str, plan: Callable[[Ticket], Ticket]) -> str | tuple[str, int] | Response:
        ticket_id = request.form.get("ticket", "")
        if desk.journal.sale(desk.terminal_id, ticket_id) is not None:
            return redirect(url_for("pay.done", ticket_id=ticket_id), 303)  # tapped twice
        # Told as soon as it is tapped: of a split, the checkout would say it with the last payment.
        if desk.ticket(session()).buyer is None and (text := desk.till.wants_customer(channel)):
            return pay_page(pages, channel, stopped=text), 409
        answer = desk.pay(session(), ticket_id, plan)
        if isinstance(answer, Done):
            return redirect(url_for("pay.done", ticket_id=ticket_id), 303)
        if isinstance(answer, Stopped):
            culprit = _CARD if answer.code == "card_declined" else INVOICE if channel in OWN_CHANNELS else channel
            return pay_page(pages, culprit, stopped=pages.stopped(answer), focus=field_of(answer.code)), 409
        return redirect(url_for("pay.show"), 303)

    return routes


def pay_page(pages: Pages, channel: str, wrong: str = "", stopped: str = "", focus: str = "") -> str:
    """Return the page, with the form of a way to pay; `focus` is the field that is to be put right."""
    ticket = pages.desk.ticket(session())
    channels = pages.channels()
    if ticket.original:  # a credit note is planned already where there is to be one
        channels = {name: label for name, label in channels.items() if name in OWN_CHANNELS}
    chosen = channel if channel in channels else ""
    owner = pages.desk.channel(chosen)
    rest = ticket.without(chosen)
    return render_template(
        "pay.html",
        ticket=ticket,
        rows=list(zip(ticket.items, ticket.amounts(), strict=True)),
        channels=channels,
        labels=pages.channels(),
        chosen=chosen,
        owner=owner,
        left=abs(rest.left),
        in_cash=abs(rest.in_cash),
        quick=_quick(rest.in_cash),
        tips=[(per_cent, half_up(Fraction(abs(rest.left) * per_cent, 100 * 100)) * 100) for per_cent in _TIPS],
        section=_section(is_return=ticket.original is not None),
        focus=focus,
        wrong=wrong,
        stopped=stopped,
        interrupted=pages.desk.was_interrupted(ticket),
        said=wrong or stopped or pages.words.said_total.format(total=kroner_text(abs(ticket.left))),
        **(invoice_facts(pages, ticket) if owner and owner.needs_customer else {}),
    )


def _section(*, is_return: bool) -> str:
    return "returns" if is_return else "sale"


def _quick(due: int) -> list[int]:
    """Return what guests are likely to give for an amount, øre: it, and the next round ones."""
    rounds = {-(-due // note) * note for note in _NOTES}
    return sorted(amount for amount in rounds if amount > due)[:4] if due > 0 else []


def _plan(channel: str) -> Callable[[Ticket], Ticket]:
    form = request.form
    if channel == CASH:
        return _cash_plan(form.get("quick") or form.get("given", ""))

    def plan(ticket: Ticket) -> Ticket:
        rest = bought(ticket).without(channel) if channel not in OWN_CHANNELS else ticket.without(channel)
        limit, sign = abs(rest.left), -1 if rest.left < 0 else 1
        amount = amount_typed(form["amount"]) if form.get("amount", "").strip() else limit
        tip = amount_typed(form["tip"]) if form.get("tip", "").strip() else 0
        if not amount:
            raise Wrong("above_zero")
        if amount > limit:
            raise Wrong("too_much", limit=kroner_text(limit))
        return rest.paying(Planned(channel=channel, amount=sign * amount, tip=tip if sign > 0 else 0))

    return plan


def _cash_plan(text: str) -> Callable[[Ticket], Ticket]:
    given = amount_typed(text) if text.strip() else None
    if given == 0:
        raise Wrong("above_zero")
    if given is not None and given % 100:
        raise Wrong("whole_kroner")
    return lambda ticket: ticket.paying_cash(given if ticket.total > 0 else None)
