"""The gate before every request, and the headers on every answer."""

from __future__ import annotations

from flask import Flask, Response, g, redirect, request, url_for
from werkzeug.exceptions import BadRequest, Forbidden

from posplugin.console.gate import Gate
from posplugin.console.page import render_bare
from posplugin.logs import get_logger

log = get_logger("console")

#: The most that a form may be, bytes.
LARGEST_FORM = 1_000_000
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class WrongHost(BadRequest):
    """The request is for another host: some page has its name point at this machine."""


class FromElsewhere(Forbidden):
    """A change that no page of ours asked for."""


class NotInside(Forbidden):
    """There is no session, or it has expired."""


def guard(site: Flask, gate: Gate) -> None:
    """Have every request of a site pass the gate."""

    @site.before_request
    def look() -> Response | None:
        if request.host not in gate.hosts:
            raise WrongHost
        if request.method not in ("GET", "HEAD") and not gate.may_change(
            request.host, request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        ):
            log.warning("refused_from_elsewhere", path=request.path)
            raise FromElsewhere
        if request.method == "GET" and "token" in request.args:
            return _enter(gate, request.args["token"])
        g.session = gate.session(request.cookies.get(gate.cookie))
        if g.session is None and request.endpoint != "static":
            raise NotInside
        return None

    @site.after_request
    def dress(answer: Response) -> Response:
        for name, value in _HEADERS.items():
            answer.headers[name] = value
        return answer

    @site.post("/leave")
    def leave() -> Response:
        answer = Response(render_bare("left.html"))  # in the language that was chosen
        gate.leave(request.cookies.get(gate.cookie))
        g.session = None
        answer.delete_cookie(gate.cookie, httponly=True, samesite="Strict")
        return answer


def _enter(gate: Gate, token: str) -> Response:
    """Let a browser in. The page goes on by itself, since a redirect from another site's link brings no cookie."""
    here = gate.session(request.cookies.get(gate.cookie))
    value = gate.enter(token)
    if value is None:
        if here is not None:
            return _to_the_queue()  # the same link again, by who is inside already
        log.warning("refused_link")
        raise NotInside
    answer = Response(render_bare("entered.html"), headers={"Refresh": f"0; url={url_for('queue.show')}"})
    answer.set_cookie(gate.cookie, value, httponly=True, samesite="Strict", path="/")
    log.info("entered")
    return answer


def _to_the_queue() -> Response:
    answer: Response = redirect(url_for("queue.show"), 303)  # type: ignore[assignment]
    return answer
