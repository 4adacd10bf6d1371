"""The till's page as a site: its pages, its words, and what it says when something is not right."""

from __future__ import annotations

import logging
from typing import Final

from flask import Flask, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from posplugin.domain.money import kroner_text, quantity_text
from posplugin.saft.moments import OSLO
from sample_terminal.web import day_page, invoice_page, pay_page, return_page, sale_page
from sample_terminal.web.desk import Desk, Wrong
from sample_terminal.web.guard import guard
from sample_terminal.web.lamp import Lamp
from sample_terminal.web.language import words
from sample_terminal.web.page import Pages

log = logging.getLogger(__name__)

#: Which page a part of the site belongs to, for the mark in the navigation.
_SECTIONS: Final = {"sale": "sale", "pay": "sale", "invoice": "sale", "returning": "returns", "day": "day"}


def make_site(desk: Desk) -> Flask:
    """Return the site of a till."""
    site = Flask(__name__)
    site.jinja_env.trim_blocks = site.jinja_env.lstrip_blocks = True
    guard(site)
    pages = Pages(desk=desk, words=words(desk.language), lamp=Lamp(desk.host))
    for part in (sale_page, pay_page, invoice_page, return_page, day_page):
        site.register_blueprint(part.create(pages))

    @site.context_processor
    def everywhere() -> dict[str, object]:
        return {
            "w": pages.words,
            "house": desk.till.house,
            "terminal": desk.host.terminal,
            "section": _SECTIONS.get(request.blueprint or "", ""),
            "lamp": pages.lamp.now(),
            "kroner": kroner_text,
            "quantity": quantity_text,
            "clock": lambda moment: moment.astimezone(OSLO).strftime("%d.%m. %H:%M"),
        }

    @site.get("/lamp")
    def lamp() -> str:
        return render_template("_lamp.html")

    @site.errorhandler(Wrong)
    def wrong(error: Wrong) -> tuple[str, int]:
        return _problem(pages.wrong(error), 409)

    @site.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int] | Response:
        code = error.code or 500
        return _problem(pages.words.problems.get(code, pages.words.problems[405]), code)

    @site.errorhandler(Exception)
    def failed(error: Exception) -> tuple[str, int]:
        log.error("the page failed at %s", request.path, exc_info=error)
        return _problem(pages.words.problems[500], 500)

    return site


def _problem(text: str, code: int) -> tuple[str, int]:
    return render_template("problem.html", text=text, home=url_for("sale.show")), code
