"""What every page is made of: its language, its words, its frame, and what was said of the last change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, g, redirect, render_template, request

from posplugin.app import App
from posplugin.console.gate import Message, Session
from posplugin.domain.errors import PosPluginError
from posplugin.domain.payment import ChannelStatus
from posplugin.logs import get_logger
from posplugin.texts import Texts, texts
from posplugin.texts.console import ConsoleText
from posplugin.texts.refused import in_words

log = get_logger("console")

#: Where a site keeps the app it shows.
APP = "posplugin.app"
#: The pages in the navigation: the blueprint's name, which is also its name in the texts.
PAGES = ("queue", "runs", "settlements", "customers", "settings")


def shown_app() -> App:
    """Return the app that the site shows."""
    app: App = current_app.extensions[APP]
    return app


def session() -> Session | None:
    """Return the session of this request; None before the gate, and outside."""
    found: Session | None = g.get("session")
    return found


def language() -> str:
    """Return the language of the page: what the person chose, else the terminal's."""
    inside = session()
    return (inside and inside.language) or shown_app().settings.terminal.language


def all_words() -> Texts:
    """Return all texts in the page's language."""
    return texts(language())


def words() -> ConsoleText:
    """Return the console's texts in the page's language."""
    return all_words().console


def render(template: str, *, page: str = "", **values: Any) -> str:
    """Return a page; `page` is its place in the navigation. Messages of the last change are said on it, once."""
    inside = session()
    said: list[Message] = []
    if inside is not None:
        said, inside.messages = inside.messages, []
    return _framed(template, inside=inside, said=said, lamp=_lamp() if inside else None, page=page, **values)


def render_bare(template: str, **values: Any) -> str:
    """Return a page that reads nothing from the outbox: who is outside learns nothing, and it may be what failed."""
    return _framed(template, inside=None, said=[], lamp=None, page="", **values)


def _framed(template: str, **values: Any) -> str:
    t, app = all_words(), shown_app()
    return render_template(template, t=t, w=t.console, language=language(), pages=PAGES, app=app, **values)


def _lamp() -> ChannelStatus | None:
    try:
        return shown_app().status(language())
    except PosPluginError as error:
        log.warning("no_lamp", error=error.template)
        return None


def say(text: str, detail: str = "", *, refused: bool = False) -> None:
    """Say on the next page what became of a change."""
    inside = session()
    if inside is not None:
        inside.messages.append(Message(text, detail, refused))


def carry_out(do: Callable[[], object], done: str) -> bool:
    """Make a change and say that it is done, or what refused it; return whether it is."""
    try:
        do()
    except PosPluginError as error:
        log.info("refused", error=error.template)
        say(words().refused, in_words(error, language()), refused=True)
        return False
    say(done)
    return True


def back_to(address: str) -> Response:
    """Answer a change: go on to a page by GET, so that reloading it changes nothing twice."""
    answer: Response = redirect(address, 303)  # type: ignore[assignment]
    return answer


def back_here(default: str) -> Response:
    """Answer a change by the page it was asked for on (the form's field "back"), else by `default`."""
    wanted = request.form.get("back", "")
    parts = urlsplit(wanted.replace("\\", "/"))
    ours = wanted.startswith("/") and not wanted.startswith("//") and not parts.netloc and not parts.scheme
    return back_to(wanted if ours and wanted.isprintable() else default)
