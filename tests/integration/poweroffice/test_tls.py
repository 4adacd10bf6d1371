"""Keys go to PowerOffice alone, over TLS that nothing in the environment weakens."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from posplugin.accounting_system import AccountingError, Verdict
from posplugin.poweroffice import connection
from posplugin.poweroffice.client import Keys, PowerOfficeClient
from posplugin.poweroffice.pace import Pacer
from tests.fixtures.settings import write_settings
from tests.integration.poweroffice.interceptor import HOST, Interceptor, intercepting

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_BASE = f"https://{HOST}/Demo"
#: Every spelling of the keys that may stand in what was sent.
_SECRETS = (b"app-3f1c", b"sub-77aa", b"bar-client-0b2d", b64encode(b"app-3f1c:bar-client-0b2d"))


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def _ask() -> AccountingError:
    keys = Keys(
        token_url=f"{_BASE}/OAuth/Token",
        api_url=f"{_BASE}/v2",
        application_key="app-3f1c",
        client_key="bar-client-0b2d",
        subscription_key="sub-77aa",
    )
    client = PowerOfficeClient(keys, Pacer(0.0))
    try:
        with pytest.raises(AccountingError) as caught:
            client.get("/Customers")
    finally:
        client.close()
    return caught.value


def _believe(between: Interceptor, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(between.authority)
    monkeypatch.setattr(connection, "_tls", lambda: context)


@pytest.mark.parametrize("mode", ["test", "production"])
def test_no_environment_makes_a_command_show_its_keys_to_somebody_in_between(mode: str, tmp_path: Path) -> None:
    """A real `posplugin check`, with every variable set that other programs would believe."""
    config = write_settings(tmp_path / "posplugin.toml", poweroffice={"endpoint_mode": mode, "settle_time": "60s"})
    secrets = tmp_path / "tls-secrets"
    with intercepting(tmp_path) as between:
        weakening = {
            **dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), str(between.authority)),
            "SSL_CERT_DIR": str(tmp_path),
            "SSLKEYLOGFILE": str(secrets),
            "PYTHONHTTPSVERIFY": "0",
            "HTTPX_VERIFY": "0",
            **dict.fromkeys(("HTTPS_PROXY", "https_proxy", "ALL_PROXY"), between.url),
        }
        done = subprocess.run(
            [sys.executable, "-m", "posplugin", "--verbose", "--config", str(config), "check"],
            capture_output=True,
            env={**os.environ, **weakening},
            cwd=Path(__file__).parents[3],
            timeout=60,
            check=False,
        )
    said = done.stdout + done.stderr

    assert done.returncode == 1, said.decode()
    assert set(between.asked) == {f"{HOST}:443".encode()}
    assert between.read == b""
    assert b"ertifi" in said  # the certificate, sertifikatet
    assert not secrets.exists()
    for secret in _SECRETS:
        assert secret not in between.plain + said


def test_somebody_who_is_believed_would_read_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test above can fail."""
    with intercepting(tmp_path) as between:
        monkeypatch.setenv("HTTPS_PROXY", between.url)
        _believe(between, monkeypatch)
        _ask()

    assert _SECRETS[-1] in between.read


def test_a_certificate_for_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with intercepting(tmp_path, "poweroffice.example") as between:
        monkeypatch.setenv("HTTPS_PROXY", between.url)
        _believe(between, monkeypatch)
        error = _ask()

    assert (between.read, error.verdict) == (b"", Verdict.STOP)
    assert "mismatch" in error.words


def test_tls_asks_for_a_certificate_a_name_and_1_2() -> None:
    context = connection._tls()

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.keylog_filename is None


def test_a_simulator_is_never_asked_through_a_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with intercepting(tmp_path) as between:
        for name in _PROXIES[:3]:
            monkeypatch.setenv(name, between.url)
        keys = Keys(
            token_url="http://127.0.0.1:9/OAuth/Token",
            api_url="http://127.0.0.1:9/v2",
            application_key="a",
            client_key="c",
            subscription_key="s",
        )
        client = PowerOfficeClient(keys, Pacer(0.0))
        with pytest.raises(AccountingError, match="cannot be reached"):
            client.get("/Customers")
        client.close()

    assert between.plain == b""


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("scheme", ["http://", ""], ids=["scheme", "none"])
def test_each_way_to_write_a_proxy_counts(
    variable: str, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with intercepting(tmp_path) as between:
        monkeypatch.setenv(variable, scheme + between.url.removeprefix("http://"))
        _ask()

    assert set(between.asked) == {f"{HOST}:443".encode()}


def test_the_proxy_for_https_goes_before_the_one_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with intercepting(tmp_path) as between:
        monkeypatch.setenv("HTTPS_PROXY", between.url)
        monkeypatch.setenv("ALL_PROXY", "nonsense://nowhere")
        _ask()

    assert set(between.asked) == {f"{HOST}:443".encode()}


@pytest.mark.parametrize(
    "proxy",
    ["socks5://u:Zq7-password@127.0.0.1:1080", "nonsense://Zq7-password", "http://[::1", "u:Zq7-password@proxy:port"],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
def test_a_proxy_that_cannot_be_used_is_said_without_its_password(
    proxy: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a network that is down: what waits goes out once it is mended."""
    monkeypatch.setenv(variable, proxy)

    error = _ask()

    assert error.verdict is Verdict.STOP
    assert "HTTPS_PROXY" in error.words
    assert "Zq7" not in str(error)
