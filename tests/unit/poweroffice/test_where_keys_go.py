"""Two addresses and no others: PowerOffice GO by https, and a simulator on this machine."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from posplugin.accounting_system import AccountingError, Verdict
from posplugin.domain.errors import UsageError
from posplugin.poweroffice.client import Keys, PowerOfficeClient
from posplugin.poweroffice.pace import Pacer
from posplugin.settings.poweroffice import PowerOfficeSettings

GO = "https://goapi.poweroffice.net"


def _keys(token_url: str, api_url: str) -> Keys:
    return Keys(token_url=token_url, api_url=api_url, application_key="a-1", client_key="c-2", subscription_key="s-3")


@pytest.mark.parametrize(
    ("mode", "base"), [("test", f"{GO}/Demo"), ("production", GO), ("simulator", "http://127.0.0.1:8900")]
)
def test_each_mode_has_its_one_address_whatever_the_simulators_is(mode: str, base: str) -> None:
    settings = PowerOfficeSettings.model_validate(
        {
            "endpoint_mode": mode,
            "simulator_url": "http://127.0.0.1:8900",
            "application_key": "a",
            "subscription_key": "s",
        }
    )

    assert (settings.token_url, settings.api_url) == (f"{base}/OAuth/Token", f"{base}/v2")
    _keys(settings.token_url, settings.api_url)


@pytest.mark.parametrize(
    "url",
    [
        "http://goapi.poweroffice.net/v2",
        "https://goapi.poweroffice.net.evil.example/v2",
        "https://evil.example/goapi.poweroffice.net",
        "https://goapi.poweroffice.net@evil.example/v2",
        "https://u:p@goapi.poweroffice.net/v2",
        "https://goapi.poweroffice.net:8443/v2",
        "https://evil.example\\@goapi.poweroffice.net/v2",
        "http://192.168.1.20:8900/v2",
        "http://0.0.0.0:8900/v2",
        "http://127.0.0.1.evil.example/v2",
        "http://localhost.evil.example/v2",
        "http://127.0.0.1@evil.example/v2",
        "https://127.0.0.1/v2",
        "ftp://goapi.poweroffice.net/v2",
        "//goapi.poweroffice.net/v2",
        "",
    ],
)
def test_keys_are_made_for_no_other_address(url: str) -> None:
    for token_url, api_url in ((url, f"{GO}/v2"), (f"{GO}/OAuth/Token", url)):
        with pytest.raises(UsageError, match="keys are sent to PowerOffice"):
            _keys(token_url, api_url)


_ASKS: dict[str, Callable[[PowerOfficeClient], object]] = {
    "get": lambda client: client.get("/Customers"),
    "pages": lambda client: list(client.pages("/Customers")),
    "post": lambda client: client.post("/SalesOrders/Complete", {}),
    "delete": lambda client: client.delete("/SalesOrders/1"),
}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("ask", _ASKS.values(), ids=_ASKS)
@pytest.mark.parametrize("of_token", [True, False])
def test_no_redirect_is_followed(status: int, ask: Callable[[PowerOfficeClient], object], of_token: bool) -> None:
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        if request.url.path == "/OAuth/Token" and not of_token:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 1200})
        return httpx.Response(status, headers={"Location": f"https://evil.example{request.url.path}"})

    keys = _keys(f"{GO}/OAuth/Token", f"{GO}/v2")
    client = PowerOfficeClient(keys, Pacer(0.0), transport=httpx.MockTransport(answer))

    with pytest.raises(AccountingError) as caught:
        ask(client)
    client.close()
    assert set(hosts) == {"goapi.poweroffice.net"}
    assert caught.value.verdict in {Verdict.STOP, Verdict.UNKNOWN}


@pytest.mark.parametrize("name", ["a\nb", "a\x00b", "a" * 70_000], ids=["line", "nul", "long"])
def test_an_id_that_makes_no_address_is_one_records_matter(name: str) -> None:
    """PowerOffice gives the ids that stand in addresses."""
    keys = _keys(f"{GO}/OAuth/Token", f"{GO}/v2")
    client = PowerOfficeClient(keys, Pacer(0.0), transport=httpx.MockTransport(lambda _: httpx.Response(204)))

    with pytest.raises(AccountingError) as caught:
        client.get(f"/SalesOrders/{name}")
    client.close()
    assert caught.value.verdict is Verdict.ATTENTION
