"""The day: what has been sold, the drawer, and the Z."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from posplugin.domain.money import kroner_text
from sample_terminal.web import evening
from sample_terminal.web.desk import Desk, Wrong
from sample_terminal.web.guard import session
from sample_terminal.web.page import Pages, amount_typed
from sample_terminal.web.typed import number, plain

#: Notes and coins in kroner.
_MONEY = (1000, 500, 200, 100, 50, 20, 10, 5, 1)
_MOST, _LONGEST, _LONGEST_COUNT = 9999, 80, 12


def create(pages: Pages) -> Blueprint:
    """Return the routes of the page."""
    routes = Blueprint("day", __name__, url_prefix="/day")
    desk = pages.desk

    @routes.get("")
    def show() -> str:
        return _page(pages)

    @routes.post("/float")
    def set_float() -> Response:
        evening.set_float(desk, amount_typed(request.form.get("amount", "")))
        return redirect(url_for("day.show"), 303)

    @routes.post("/move")
    def move() -> Response:
        way, amount = request.form.get("way", ""), amount_typed(request.form.get("amount", ""))
        if not amount or way not in set(evening.Way):
            raise Wrong("above_zero")
        evening.move_money(desk, evening.Way(way), amount, plain(request.form.get("text", ""), _LONGEST))
        return redirect(url_for("day.show"), 303)

    @routes.get("/count")
    def count() -> str:
        return _counting()

    @routes.post("/count")
    def compare() -> str:
        return _comparison(desk, _counted())

    @routes.post("/close")
    def close() -> Response | tuple[str, int]:
        with desk.lock:
            if request.form.get("made") != str(_made(desk)):  # tapped twice
                made = evening.z_numbers(desk)
                return redirect(url_for("day.z", z_number=made[0]) if made else url_for("day.show"), 303)
            counted = amount_typed(request.form.get("counted", ""))
            if request.form.get("expected") != str(evening.evening(desk).in_drawer):
                return _comparison(desk, counted, pages.words.sold_since), 409
            report = evening.close(desk, counted)
        return redirect(url_for("day.z", z_number=report.number, new=1), 303)

    @routes.get("/z/<z_number>")
    def z(z_number: str) -> str:
        paper = evening.z_paper_of(desk, z_number)
        if paper is None:
            raise Wrong("no_such_sale")
        new = "new" in request.args
        shine = pages.lamp.ask() if new else pages.lamp.now()
        sent = evening.to_send(desk, z_number)
        return render_template("z.html", z_number=z_number, paper=paper, new=new, shine=shine, sent=sent, said="")

    @routes.errorhandler(Wrong)
    def wrong(error: Wrong) -> tuple[str, int]:
        said = pages.wrong(error)
        if request.endpoint == "day.compare":
            return _counting(said), 409
        return _page(pages, said), 409

    return routes


def _page(pages: Pages, wrong: str = "") -> str:
    desk = pages.desk
    day = evening.evening(desk)
    numbers = {request.customer_number for _, request in day.on_account} - {None}
    return render_template(
        "day.html",
        day=day,
        names={one: _name(desk, one) for one in numbers if one is not None},
        labels={**pages.words.channel, **pages.channels()},
        shine=pages.lamp.now(),
        made=evening.z_numbers(desk)[:10],
        still_open=_open(desk),
        wrong=wrong,
        said=wrong,
    )


def _comparison(desk: Desk, counted: int, wrong: str = "") -> str:
    """Show what was counted beside what should be in the drawer; the day is closed on these two alone."""
    return render_template(
        "close.html",
        day=evening.evening(desk),
        still_open=_open(desk),
        counted=counted,
        typed=_typed(),
        made=_made(desk),
        wrong=wrong,
        said=wrong,
    )


def _counting(wrong: str = "") -> str:
    """Show the form with what has been typed in it already."""
    typed = _typed()
    pieces = sum(one * 100 * (number(typed.get(f"of-{one}", ""), _MOST) or 0) for one in _MONEY)
    return render_template("count.html", money=_MONEY, typed=typed, pieces=pieces, wrong=wrong, said=wrong)


def _typed() -> dict[str, str]:
    """Return what was typed when the drawer was counted, field by field."""
    names = [*(f"of-{one}" for one in _MONEY), "total"]
    return {name: text[:_LONGEST_COUNT] for name in names if (text := request.values.get(name, "").strip())}


def _name(desk: Desk, customer: int) -> str:
    match = desk.customer(customer)
    return match.customer.name if match else str(customer)


def _open(desk: Desk) -> int:
    """Return how many tickets are not paid: those that are parked, and those of this page and of others."""
    others = len(desk.shelf.parked()) + len(desk.shelf.elsewhere(session()))
    return others + bool(desk.ticket(session()).items)


def _made(desk: Desk) -> int:
    return len(desk.journal.z_reports(desk.terminal_id))


def _counted() -> int:
    """Return what was counted, øre: so many of each note and coin, or the sum; both where they agree."""
    typed = _typed()
    if not typed:
        raise Wrong("not_counted")
    total = amount_typed(typed.pop("total")) if "total" in typed else None
    pieces = 0
    for kroner in _MONEY:
        text = typed.get(f"of-{kroner}", "0")
        count = number(text, _MOST)
        if count is None:
            raise Wrong("not_a_count", text=text)
        pieces += count * kroner * 100
    if total is None or not typed:
        return pieces if total is None else total
    if total != pieces:
        raise Wrong("counted_twice", notes=kroner_text(pieces), total=kroner_text(total))
    return total
