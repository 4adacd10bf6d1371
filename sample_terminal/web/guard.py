"""Nobody but this machine: other hosts, other sites, and what a page may load."""

from __future__ import annotations

import ipaddress
import secrets
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, g, request
from werkzeug.wrappers import Response

COOKIE: Final = "till_page"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: Bytes of the longest form that is read.
_LONGEST: Final = 64 * 1024
#: How a session's name looks that was made here: as long as this, and printable.
_NAME: Final = 32


def guard(site: Flask) -> None:
    """Let nobody in who is not on this machine, and no other site's page change anything."""
    site.config["MAX_CONTENT_LENGTH"] = _LONGEST
    site.config["MAX_FORM_MEMORY_SIZE"] = _LONGEST
    site.before_request(_refuse_others)
    site.before_request(_name_session)
    site.after_request(_close_up)


def session() -> str:
    """Return the name of the page session that the request belongs to."""
    return str(g.session)


def _refuse_others() -> Response | None:
    host = urlsplit(f"//{request.host}").hostname
    reads = request.method in ("GET", "HEAD")
    if _is_loopback(host) and (reads or _is_of_this_page()):
        return None
    text = "Refused: the till is used from this machine alone, through http://127.0.0.1 or http://localhost.\n"
    return Response(text, 403, content_type="text/plain; charset=utf-8")


def _is_of_this_page() -> bool:
    """Whether a page of this site sends what it sends.

    A browser writes the Origin of a form as "null" where the page sends no referrer, as ours do; it tells by
    Sec-Fetch-Site then.
    """
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin in (None, "null"):
        return site == "same-origin"
    return origin == request.host_url.rstrip("/") and site in (None, "same-origin")


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _name_session() -> None:
    name = request.cookies.get(COOKIE, "")
    g.is_new = not (len(name) == _NAME and name.isascii() and name.isprintable())
    g.session = secrets.token_urlsafe(24) if g.is_new else name


def _close_up(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    if g.get("is_new", False) and response.status_code < 400:
        response.set_cookie(COOKIE, g.session, max_age=400 * 86400, httponly=True, samesite="Strict", path="/")
    return response
