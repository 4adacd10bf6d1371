from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY, Simulator
from tests.contract import Contract


class Client:
    """A client of the simulated API with a token; `order` posts an order of one line."""

    def __init__(self, go: Simulator, key: str = CLIENT_KEY) -> None:
        self.go = go
        self._key = key
        headers = {"Ocp-Apim-Subscription-Key": SUBSCRIPTION_KEY}
        # Without TLS there is nothing to verify, and reading the certificates takes longer than a test.
        self.http = httpx.Client(base_url=go.url, headers=headers, verify=False)
        self.log_in()

    def log_in(self) -> None:
        token = self.token().json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def token(self, application: str = APPLICATION_KEY, client: str | None = None) -> httpx.Response:
        keys = (application, client or self._key)
        return self.http.post("/OAuth/Token", auth=keys, data={"grant_type": "client_credentials"})

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(f"/v2{path}", params=query)

    def post(self, body: object) -> httpx.Response:
        return self.http.post("/v2/SalesOrders/Complete", json=body)

    def order(self, reference: str | None = None, **members: Any) -> httpx.Response:
        line = {"LineType": "Normal", "ProductCode": "30", "Quantity": 1, "ProductUnitPrice": 100.00}
        body = {"CustomerNo": 10001, "ExternalImportReference": reference, "SalesOrderLines": [line]}
        return self.post(body | members)

    def send(self, order_id: str, **asked: Any) -> httpx.Response:
        return self.http.post(f"/v2/SalesOrders/{order_id}/createAndSendInvoice", json=asked)

    def patch(self, order_id: str, *operations: dict[str, Any]) -> httpx.Response:
        headers = {"Content-Type": "application/json-patch+json"}
        return self.http.patch(f"/v2/SalesOrders/{order_id}", content=json.dumps(operations), headers=headers)

    def attach(self, order_id: str, name: str, content: bytes, media: str = "application/pdf") -> httpx.Response:
        return self.http.post(f"/v2/SalesOrders/{order_id}/attachments", files={"file": (name, content, media)})


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=1000) as simulator:
        yield simulator


@pytest.fixture
def connect() -> Iterator[Callable[..., Client]]:
    with ExitStack() as stack:

        def open_client(go: Simulator, key: str = CLIENT_KEY) -> Client:
            client = Client(go, key)
            stack.callback(client.http.close)
            return client

        yield open_client


@pytest.fixture
def api(go: Simulator, connect: Callable[..., Client]) -> Client:
    return connect(go)


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract()


@pytest.fixture
def checked(api: Client, contract: Contract) -> Client:
    """The client, with every answer held against the description as it arrives, and every request that was taken."""

    def check(response: httpx.Response) -> None:
        response.read()
        request = response.request
        path = request.url.path
        if path.lower() == "/oauth/token":
            return
        if response.is_success:
            contract.request(request.method, path, dict(request.url.params), _body(request))
        contract.answer(request.method, path, response.status_code, response.headers, response.content)

    api.http.event_hooks["response"].append(check)
    return api


def _body(request: httpx.Request) -> object:
    content = request.read()
    if request.headers.get("Content-Type", "").startswith("multipart/"):
        return {"file": content.decode(errors="replace")}
    return json.loads(content) if content else None
