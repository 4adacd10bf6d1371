"""Nobody but this machine: addresses and web pages from elsewhere."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import request
from werkzeug.wrappers import Response


def is_loopback(host: str | None) -> bool:
    """Return whether a host name or address is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def refuse_other_sites() -> Response | None:
    """Refuse a request that changes something when a page of another site may have sent it."""
    if request.method in ("GET", "HEAD"):
        return None
    origin = request.headers.get("Origin")
    if is_loopback(urlsplit(f"//{request.host}").hostname) and origin in (None, request.host_url.rstrip("/")):
        return None
    text = "Refused: the simulator is changed only from this machine, through http://127.0.0.1 or http://localhost.\n"
    return Response(text, 403, content_type="text/plain; charset=utf-8")
