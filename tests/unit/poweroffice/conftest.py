"""The simulated PowerOffice over real HTTP, each request held against PowerOffice's own description."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from posplugin.poweroffice.client import Keys, PowerOfficeClient
from posplugin.poweroffice.gateway import PowerOfficeGateway
from posplugin.poweroffice.journals import PowerOfficeJournals
from posplugin.poweroffice.pace import Pacer
from posplugin.settings.read import read_settings
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY, Simulator
from tests.contract import Contract
from tests.fixtures.settings import LEDGER, write_settings

#: Makes a gateway of these departments (bar), for settings that are changed as in `write_settings`.
Gateway = Callable[..., PowerOfficeGateway]
#: Not among what we have of the description.
_NOT_DESCRIBED = ("/OAuth/Token", "/VoucherDocumentation")


@pytest.fixture
def go() -> Iterator[Simulator]:
    """A PowerOffice in memory."""
    with Simulator(None, requests_per_second=1000) as simulator:
        yield simulator


@pytest.fixture
def gateway(go: Simulator, tmp_path: Path, requests_sent: list[httpx.Request]) -> Iterator[Gateway]:
    """Makes gateways, each with nothing looked up yet."""
    made: list[PowerOfficeGateway] = []
    keys = Keys(
        token_url=f"{go.url}/OAuth/Token",
        api_url=f"{go.url}/v2",
        application_key=APPLICATION_KEY,
        client_key=CLIENT_KEY,
        subscription_key=SUBSCRIPTION_KEY,
    )

    def make(*departments: str, **changes: Any) -> PowerOfficeGateway:
        settings = read_settings(write_settings(tmp_path / "posplugin.toml", **{"ledger": LEDGER, **changes}), {})
        made.append(PowerOfficeGateway(PowerOfficeClient(keys, Pacer(0.0)), settings, departments or ["bar"]))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def journals(gateway: Gateway) -> PowerOfficeJournals:
    """The journals of department bar."""
    return gateway().journals


@pytest.fixture
def requests_sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[httpx.Request]]:
    """Every request that was made; at the end each of them is checked."""
    sent: list[httpx.Request] = []
    once = PowerOfficeClient._once

    def listening(self: PowerOfficeClient, request: httpx.Request, *, writes: bool) -> httpx.Response:
        sent.append(request)
        return once(self, request, writes=writes)

    monkeypatch.setattr(PowerOfficeClient, "_once", listening)
    yield sent
    contract = Contract() if Contract.available() else None
    for request in sent:
        path = request.url.path.removeprefix("/v2")
        if contract and path not in _NOT_DESCRIBED:
            contract.request(request.method, path, dict(request.url.params), _body(request))


def _body(request: httpx.Request) -> Any:
    if request.headers.get("Content-Type", "").startswith("multipart/"):
        return {"file": request.content.decode()}
    return json.loads(request.content) if request.content else None
