"""schemathesis at the console: every route of the site, with the fields that its pages look for, and anything in them.

The console has no OpenAPI description; one is made of its rules and of what each page asks its request for.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.schemas import APIOperation
from werkzeug.test import TestResponse

from posplugin.simulator import Simulator
from tests.fixtures.long import IS_LONG
from tests.fuzz.described import operations_of
from tests.integration.console.test_routes import Route, ask, fields_of, routes, settled
from tests.integration.console.visitor import Visitor
from tests.integration.sender.shop import SETTLES, Shop

EXAMPLES = 100 if IS_LONG else 2
#: What a field may hold beside any text.
_LIKELY = ("1", "2", "77", "bar-1", "10002", "on", "retry", "save", "nb", "2026-11-20", "100,00", "pending", "/", "K-1")
_MARKUP = "<script>alert(1)</script>"
_FIELD = {"anyOf": [{"type": "string"}, {"enum": [*_LIKELY, _MARKUP]}]}


@pytest.fixture
def shop(tmp_path: Any) -> Any:
    """Delivered, waiting, and a settlement."""
    with Simulator(None, requests_per_second=10_000) as go:
        opened = Shop(tmp_path, go, **SETTLES)
        opened.evening(2)
        opened.close_day(1)
        opened.send()
        opened.sell("77")
        yield opened
        opened.close()


def _described(visitor: Visitor) -> dict[str, Any]:
    """Describe the site: each route under its path, with the fields that it looks for."""
    paths: dict[str, Any] = {}
    for route in routes(visitor, "GET", "POST"):
        if route.endpoint in ("static", "leave"):
            continue
        names = fields_of(visitor, route)
        settled(visitor)
        told: dict[str, Any] = {"responses": {"default": {"description": ""}}}
        if route.method == "GET":
            told["parameters"] = [{"name": name, "in": "query", "schema": _FIELD} for name in names]
        else:
            form = {"type": "object", "properties": dict.fromkeys(names, _FIELD)}
            told["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
        paths.setdefault(route.path, {})[route.method.lower()] = told
    return {"openapi": "3.0.1", "info": {"title": "console", "version": "1"}, "paths": paths}


def test_no_route_breaks_and_no_sale_changes_whatever_it_is_asked_with(shop: Shop) -> None:
    visitor, answered = Visitor(shop.app), Counter[int]()
    facts = [(record.receipt, record.amount, record.business_date) for record in shop.records()]

    operations = operations_of(_described(visitor))
    for operation in operations:
        _ask(operation, visitor, answered)
        settled(visitor)

    assert len(operations) > 25
    assert answered.total() >= len(operations)
    assert {200, 303} <= set(answered), answered
    assert [(record.receipt, record.amount, record.business_date) for record in shop.records()] == facts
    assert shop.app.database.integrity() == "ok"
    assert visitor.get("/").status_code == 200


def _ask(operation: APIOperation[Any, Any, Any, Any], visitor: Visitor, answered: Counter[int]) -> None:
    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), number=st.sampled_from((1, 2, 3, 10002, 10**30)))
    def ask_once(case: Case[Any], number: int) -> None:
        route = Route(case.method, case.path.replace("/1", f"/{number}"), "")
        fields = case.query if case.method == "GET" else case.body if isinstance(case.body, dict) else {}
        part = "query_string" if case.method == "GET" else "data"
        try:
            answer = ask(visitor, route, **{part: {name: str(value) for name, value in (fields or {}).items()}})
        except UnicodeEncodeError:  # no browser could send it either
            return
        answered[answer.status_code] += 1
        _hold(answer, (route, fields))

    ask_once()


def _hold(answer: TestResponse, what: object) -> None:
    assert answer.status_code in (200, 303, 400, 403, 404), what
    assert _MARKUP not in answer.text, what
    assert "Traceback" not in answer.text, what
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"], what
