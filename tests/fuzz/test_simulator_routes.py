"""schemathesis at the simulated PowerOffice: what the OpenAPI description allows, and what it does not.

No answer is a 5xx that nobody asked for, and each is as described. The description of PowerOffice lies beside the
checkout, or that part is skipped; the simulator's own routes have none, and are described here from their rules.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation

from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY, Simulator
from tests.contract import DESCRIPTION, Contract
from tests.fixtures.long import IS_LONG
from tests.fuzz.described import operations_of

#: For each operation, in either mode.
EXAMPLES = 60 if IS_LONG else 1
#: What looks like a name of something, and is none.
_ODD = ("00000000-0000-0000-0000-000000000000", "x", "0", "10002", "30", "%00", "..", "9" * 400)
#: Members of what the simulator's own routes take.
_MEMBERS = (
    *("kind", "member", "value", "changes", "text", "times", "total_changed", "other", "advance", "amount"),
    *("lock_date", "conversion_date", "vat_registered", "allow_send_invoice", "method", "path", "every", "U1", "U6"),
    *("CustomerNo", "SalesOrderLines", "Order", "Product", "act", "key"),
)


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=1_000_000) as simulator:
        simulator.allow_send_invoice = True
        yield simulator


@pytest.fixture
def http(go: Simulator) -> Iterator[requests.Session]:
    """A client of the API with a token, and some orders to name."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Ocp-Apim-Subscription-Key"] = SUBSCRIPTION_KEY
        keys, wanted = (APPLICATION_KEY, CLIENT_KEY), {"grant_type": "client_credentials"}
        token = session.post(f"{go.url}/OAuth/Token", auth=keys, data=wanted).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        line = {"LineType": "Normal", "ProductCode": "30", "Quantity": 1, "ProductUnitPrice": 100.00}
        order: dict[str, Any] = {"CustomerNo": 10001, "SalesOrderLines": [line]}
        for _ in range(4):
            assert session.post(f"{go.url}/v2/SalesOrders/Complete", json=order).status_code == 201
        go.send_order(go.orders()[0]["Id"])
        yield session


@pytest.mark.skipif(not Contract.available(), reason="openapi-v2.json of PowerOffice GO is not beside this checkout")
@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: str(mode.value))
def test_every_answer_of_the_api_is_as_described(mode: GenerationMode, go: Simulator, http: requests.Session) -> None:
    contract = Contract()

    def hold(case: Case[Any], answer: Any) -> None:
        headers = {name: ", ".join(values) for name, values in answer.headers.items()}
        contract.answer(case.method, case.operation.path, answer.status_code, headers, answer.content)

    described = _simulated(json.loads(DESCRIPTION.read_text(encoding="utf-8")), go)
    _Asking(f"{go.url}/v2", mode, go, http, hold).all_of(described)

    assert sum(go.trial_balance().values()) == 0


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: str(mode.value))
def test_every_route_of_the_simulators_own_answers_in_words(
    mode: GenerationMode, go: Simulator, http: requests.Session
) -> None:
    def hold(case: Case[Any], answer: Any) -> None:
        go.clear_faults()  # one of them may have been asked for
        if answer.status_code in (200, 400, 404) and "json" in answer.headers["content-type"][0]:
            json.loads(answer.content)

    _Asking(go.url, mode, go, http, hold).all_of(_own_routes(go))


@dataclass
class _Asking:
    """Asks for everything that is described, and keeps what fell."""

    url: str
    mode: GenerationMode
    go: Simulator
    http: requests.Session
    #: Raises where an answer is not as it should be.
    hold: Callable[[Case[Any], Any], None]
    fallen: list[str] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)

    def all_of(self, description: dict[str, Any]) -> None:
        operations = operations_of(description)
        found = len(operations)
        for each in operations:
            try:
                self._ask(each)
            except Unsatisfiable:  # nothing can be wrong in a request that takes nothing
                assert self.mode is GenerationMode.NEGATIVE, each.label
        assert found > 20
        assert self.answered.total() > found * EXAMPLES // 2
        assert len(self.answered) > 1, self.answered
        assert not self.fallen, f"{len(self.fallen)} of {self.answered.total()}:\n" + "\n".join(self.fallen[:40])

    def _ask(self, operation: APIOperation[Any, Any, Any, Any]) -> None:
        @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=self.mode), pick=st.integers(0, 30))
        def ask(case: Case[Any], pick: int) -> None:
            there = _there(self.go)
            if case.path_parameters and pick % 2 == 0:
                case.path_parameters = dict.fromkeys(case.path_parameters, there[pick // 2 % len(there)])
            answer = case.call(base_url=self.url, session=self.http, timeout=20)
            self.answered[answer.status_code] += 1
            try:
                assert answer.status_code < 500, answer.content[:200]
                self.hold(case, answer)
            except (AssertionError, ValueError) as error:
                told = f"{operation.label} {answer.status_code} {str(error)[:400]}"
                self.fallen.append(f"{told}\n  {case.as_curl_command()[-300:]}")

        ask()


def _there(go: Simulator) -> list[str]:
    """Everything that can be named at the moment, and what cannot."""
    rows = [*go.orders()[-3:], *go.invoices()[-2:], *go.drafts()[-2:], *go.vouchers()[-2:]]
    return [*(str(row["Id"]) for row in rows), *_ODD]


def _simulated(description: dict[str, Any], go: Simulator) -> dict[str, Any]:
    """Leave out what the simulator does not have."""
    rules = go._wire._app.url_map.bind("go")  # type: ignore[attr-defined]

    def is_there(path: str, method: str) -> bool:
        filled = (re.sub(r"\{\w+\}", each, f"/v2{path}".lower()) for each in (_ODD[0], "1"))
        mixed = re.sub(r"\{\w+\}", "1", re.sub(r"\{\w+\}", _ODD[0], f"/v2{path}".lower(), count=1))
        return any(rules.test(each, method.upper()) for each in (*filled, mixed))

    paths = {
        path: {method: told for method, told in methods.items() if is_there(path, method)}
        for path, methods in description["paths"].items()
    }
    return description | {"paths": {path: methods for path, methods in paths.items() if methods}}


def _own_routes(go: Simulator) -> dict[str, Any]:
    """Describe the routes under /simulator from the rules of the site itself."""
    paths: dict[str, Any] = {}
    anything: dict[str, Any] = {"type": "object", "properties": {name: {} for name in _MEMBERS}}
    for rule in go._wire._app.url_map.iter_rules():  # type: ignore[attr-defined]
        if not rule.rule.startswith("/simulator"):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        named = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
            for name in sorted(rule.arguments)
        ]
        query = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("client", "klient", "gjort")]
        media = "application/x-www-form-urlencoded" if path.endswith("/act") else "application/json"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            described: dict[str, Any] = {"parameters": [*named, *query], "responses": {"default": {"description": ""}}}
            if method != "GET":
                described["requestBody"] = {"required": True, "content": {media: {"schema": anything}}}
            paths.setdefault(path, {})[method.lower()] = described
    return {"openapi": "3.0.1", "info": {"title": "simulator", "version": "1"}, "paths": paths}
