"""The console as a Flask application: one blueprint per page, one gate before them all."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request, url_for
from werkzeug.exceptions import HTTPException

from posplugin.app import App
from posplugin.console import customers, queue, record, runs, settings, settlements, shown
from posplugin.console.entrance import LARGEST_FORM, FromElsewhere, NotInside, WrongHost, guard
from posplugin.console.gate import Gate
from posplugin.console.page import APP, back_here, language, render, render_bare, session, shown_app, words
from posplugin.domain.errors import OutboxUnavailable, PosPluginError
from posplugin.domain.money import quantity_text
from posplugin.logs import get_logger, kind_of
from posplugin.outbox.finding import standing_of
from posplugin.texts import details
from posplugin.texts.refused import in_words

log = get_logger("console")

#: Languages that a person can choose, each by its own name.
LANGUAGES = {"nb": "Norsk bokmål", "en": "English"}


def make_site(app: App, gate: Gate) -> Flask:
    """Return the console of an open app, to be served on the gate's port alone."""
    site = Flask(__name__)
    site.config.update(MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_MEMORY_SIZE=LARGEST_FORM)
    site.extensions[APP] = app
    guard(site, gate)
    site.register_error_handler(Exception, _in_words)
    site.jinja_env.trim_blocks = site.jinja_env.lstrip_blocks = True
    site.jinja_env.globals.update(languages=LANGUAGES, signs=shown.SIGNS, tones=shown.TONES)
    site.jinja_env.filters.update(
        kroner=shown.kroner,
        day=shown.day,
        moment=_moment,
        exact=_exact,
        tone=shown.tone,
        code=shown.code_of,
        standing=standing_of,
        thousands=shown.thousands,
        quantity=quantity_text,
        detail=_detail,
    )
    for page in (queue, record, runs, settlements, customers, settings):
        site.register_blueprint(page.create(app))

    @site.post("/language")
    def choose_language() -> Response:
        inside, wanted = session(), request.form.get("language", "")
        if inside is not None and wanted in LANGUAGES:
            inside.language = wanted
        return back_here(url_for("queue.show"))

    return site


def _detail(told: str | None) -> str:
    return details.in_words(told, language())


def _moment(when: Any) -> str:
    return shown.moment(when, shown_app().settings.terminal.timezone)


def _exact(when: Any) -> str:
    return shown.exact(when, shown_app().settings.terminal.timezone)


def _in_words(error: Exception) -> tuple[str, int]:
    """Tell a person what is the matter, without a stack trace; what nobody expected is logged with one."""
    fault = words().fault
    if isinstance(error, HTTPException):
        by_kind = {WrongHost: fault.wrong_host, FromElsewhere: fault.from_elsewhere, NotInside: fault.not_inside}
        by_code = {404: fault.not_found, 405: fault.not_found, 413: fault.too_large}
        code = error.code or 500
        said = by_kind.get(type(error)) or by_code.get(code, fault.not_understood)
        return render("fault.html", fault=said, may_go_on=session() is not None), code
    if isinstance(error, OutboxUnavailable):
        log.warning("page_failed", error=error.template)
        return render_bare(
            "fault.html", fault=fault.outbox_busy, detail=in_words(error, language()), may_go_on=True
        ), 503
    if isinstance(error, PosPluginError):
        log.warning("page_failed", error=kind_of(error))
        return render_bare("fault.html", fault=fault.refused, detail=in_words(error, language()), may_go_on=True), 400
    log.exception("page_crashed", path=request.path)
    return render_bare("fault.html", fault=fault.crashed, may_go_on=True), 500
