"""Every request that the plugin makes, and every answer it got, against PowerOffice's own description."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from posplugin.app import App
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.simulator import Simulator
from tests.contract import Contract
from tests.integration.sender.shop import Shop

pytestmark = pytest.mark.skipif(not Contract.available(), reason="openapi-v2.json is not beside the checkout")


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[httpx.Request, httpx.Response]]:
    """Everything said to the API and everything it said, tokens left out."""
    said: list[tuple[httpx.Request, httpx.Response]] = []
    once = PowerOfficeClient._once

    def listening(self: PowerOfficeClient, request: httpx.Request, *, writes: bool) -> httpx.Response:
        response = once(self, request, writes=writes)
        if "/v2/" in request.url.path:
            said.append((request, response))
        return response

    monkeypatch.setattr(PowerOfficeClient, "_once", listening)
    return said


def test_a_whole_morning_speaks_as_poweroffice_describes(
    tmp_path: Path, spoken: list[tuple[httpx.Request, httpx.Response]]
) -> None:
    """Customers, check, invoices, a credit note, an archived customer, a withdrawn draft, look-ups."""
    with Simulator(None, requests_per_second=1000) as go:
        shop = Shop(tmp_path, go, department_code='department_code = "10"')
        shop.app.office().check()
        shop.evening(3)
        shop.sell("20", customer=10003)
        go.archive_customer(10003)
        go.fault("drop-after", path="SalesOrders/Complete", times=1)
        shop.send()
        shop.later()
        shop.send()
        go.switch("U7", "b")
        shop.sell("30")
        shop.send()
        go.send_order(go.orders()[0]["Id"])
        app: App = shop.app
        app.sync_customers(everything=True)
        shop.close()
    contract = Contract()
    for request, response in spoken:
        path = request.url.path.removeprefix("/v2")
        body = json.loads(request.content) if request.content else None
        contract.request(request.method, path, dict(request.url.params), body)
        contract.answer(request.method, path, response.status_code, dict(response.headers), response.content)

    methods = {(request.method, request.url.path.removeprefix("/v2").split("/")[1]) for request, _ in spoken}
    assert {("POST", "SalesOrders"), ("DELETE", "SalesOrders"), ("GET", "OutgoingInvoices")} <= methods
