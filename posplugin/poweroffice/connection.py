"""Where requests may go, and over what: PowerOffice by TLS that no setting and no environment weakens."""

from __future__ import annotations

import ssl
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
import httpx

from posplugin.domain.errors import ConfigError, UsageError

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
    itself. Raises `ConfigError` for a proxy that cannot be used.
    """
    proxy = None if transport or is_simulator(url) else _proxy()
    try:
        return httpx.Client(
            timeout=timeout,
            transport=transport,
            proxy=proxy,
            verify=_tls(),
            trust_env=False,
            follow_redirects=False,
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        # its address may hold a password
        words = "the proxy in HTTPS_PROXY, or in the system's settings, cannot be used: http://host:port is understood"
        raise ConfigError([words]) from error


def _is_poweroffice(scheme: str, host: str) -> bool:
    return scheme == "https" and host == POWEROFFICE_HOST


def _proxy() -> str | None:
    """Return the machine's proxy for PowerOffice."""
    found = getproxies().get("https")
    return found if found and not proxy_bypass(POWEROFFICE_HOST) else None


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
