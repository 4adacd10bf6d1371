"""Where requests may go, and over what: PowerOffice by TLS that no setting and no environment weakens."""

from __future__ import annotations

import ssl
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
import httpx

from posplugin.accounting_system import AccountingError, Verdict
from posplugin.domain.errors import UsageError
from posplugin.domain.reasons import Reason

#: PowerOffice GO, the demo (/Demo) and the real one.
POWEROFFICE_HOST = "goapi.poweroffice.net"


def require_known(url: str) -> None:
    """Raise `UsageError` unless `url` is PowerOffice's, by https, or a simulator's on this machine."""
    parts = urlsplit(url)
    if "@" not in parts.netloc and (_is_poweroffice(parts.scheme, parts.netloc) or is_simulator(url)):
        return
    raise UsageError("keys are sent to PowerOffice GO alone, and not to {host}", host=parts.hostname or "nobody")


def is_simulator(url: str) -> bool:
    """Whether an address is on this machine, by plain HTTP."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        return parts.scheme == "http" and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def open_http(url: str, timeout: httpx.Timeout, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Return what sends to `url`, PowerOffice's or a simulator's; redirects are not followed.

    Of the environment only a proxy counts, and only on the way to PowerOffice: TLS goes through it to PowerOffice
    itself. With a proxy that cannot be used, PowerOffice cannot be reached: each request says so.
    """
    proxy = None if transport or is_simulator(url) else _proxy()
    try:
        return _client(timeout, transport, proxy)
    except (ValueError, ImportError, httpx.InvalidURL):
        return _client(timeout, _NoProxy(), None)


class _NoProxy(httpx.BaseTransport):
    """In the place of a proxy that cannot be used; its address is not told, since it may hold a password."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        words = (
            "PowerOffice cannot be reached: the proxy in HTTPS_PROXY or ALL_PROXY, or in the system's settings, cannot "
            "be used; it is written as http://host:port"
        )
        raise AccountingError(Verdict.STOP, Reason.INTERNAL, words)


def _client(timeout: httpx.Timeout, transport: httpx.BaseTransport | None, proxy: str | None) -> httpx.Client:
    return httpx.Client(
        timeout=timeout,
        transport=transport,
        proxy=proxy,
        verify=_tls(),
        trust_env=False,
        follow_redirects=False,
    )


def _is_poweroffice(scheme: str, host: str) -> bool:
    return scheme == "https" and host == POWEROFFICE_HOST


def _proxy() -> str | None:
    """Return the machine's proxy for PowerOffice, as most programs take it: its scheme may be left out."""
    known = getproxies()
    found = known.get("https") or known.get("all")
    if not found or proxy_bypass(POWEROFFICE_HOST):
        return None
    return found if "://" in found else f"http://{found}"


@cache
def _tls() -> ssl.SSLContext:
    """Return TLS as it always is: certifi's authorities, the host's name, 1.2 or newer.

    Made by hand, since what makes it elsewhere reads SSL_CERT_FILE (whose authorities would be believed) and
    SSLKEYLOGFILE (where the sessions' secrets would be written).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    return context
