"""Every route of the site, taken from the site itself: a new one is held to the same without being named here."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import pytest
from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.fixtures.long import IS_LONG
from tests.integration.console.visitor import BASE, HOST, PORT, Visitor
from tests.integration.sender.shop import OpenShop, Shop, settling

#: What stands in an address in the place of a number and of a name.
NUMBER, FILE = 1, "console.css"
ELSEWHERE: list[dict[str, str]] = [
    {},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": f"http://127.0.0.1:{PORT + 1}", "Sec-Fetch-Site": "same-site"},
]
#: Names that others may have point at this machine, and names that only look like ours.
HOSTS = [f"evil.example:{PORT}", f"127.0.0.1.evil.example:{PORT}", f"{HOST}@evil.example", "0.0.0.0", f"0:{PORT}", ""]


@dataclass(frozen=True, slots=True)
class Route:
    """One way to ask the site for something."""

    method: str
    path: str
    endpoint: str


def _path(rule: Rule, number: object = NUMBER) -> str:
    built = rule.build({name: FILE if name == "filename" else number for name in rule.arguments})
    assert built is not None
    return built[1]


def routes(visitor: Visitor, *methods: str) -> Iterator[Route]:
    """Return every route that takes one of these methods."""
    for rule in visitor.site.url_map.iter_rules():
        for method in sorted(set(methods) & (rule.methods or set())):
            yield Route(method, _path(rule), rule.endpoint)


def ask(visitor: Visitor, route: Route, **how: Any) -> TestResponse:
    """Ask for a route as one of our pages does, unless told otherwise."""
    ours = {"Origin": "null", "Sec-Fetch-Site": "same-origin"} if route.method == "POST" else {}
    how = {"headers": ours, "base_url": BASE, "buffered": True, **how}
    return visitor.client.open(route.path, method=route.method, **how)


@pytest.fixture
def busy(shops: OpenShop) -> Shop:
    """Delivered: 1001 and Z 1; failed: 1002; waiting: 1003. A customer is linked."""
    shop = settling(shops)
    shop.sell("1001")
    shop.sell("1002", customer=10003)
    shop.go.archive_customer(10003)
    shop.close_day(1)
    shop.send()
    shop.sell("1003")
    shop.app.customers.link("K-1", 10002, "technician")
    return shop


def state(shop: Shop) -> list[Any]:
    """Return all that a change could change: every row of the file, the settings, and what PowerOffice was asked."""
    tables = [name for (name,) in shop.app.database.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    rows = [(name, shop.app.database.rows(f"SELECT * FROM {name}")) for name in sorted(tables)]
    return [*rows, shop.config.read_text(), len(shop.requests())]


def test_the_routes_are_found(busy: Shop) -> None:
    found = {route.endpoint for route in routes(Visitor(busy.app), "GET", "POST")}
    assert {"queue.show", "record.discard", "runs.send", "settings.show", "leave", "static"} <= found
    assert len(found) > 25


def test_without_a_session_nothing_is_answered_and_nothing_happens(busy: Shop) -> None:
    visitor = Visitor(busy.app, inside=False)
    visitor.client.set_cookie(visitor.gate.cookie, "x" * 43, domain="127.0.0.1")
    before = state(busy)
    for route in routes(visitor, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        if route.endpoint == "static":
            continue
        answer = ask(visitor, route, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 403, route
        assert "Set-Cookie" not in answer.headers, route
        assert "1001" not in answer.text, route
        assert "Havnelag" not in answer.text, route
    assert state(busy) == before


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_a_change_that_another_site_asks_for_is_refused(busy: Shop, headers: dict[str, str]) -> None:
    visitor = Visitor(busy.app)
    before, inside = state(busy), list(routes(visitor, "POST"))
    assert len(inside) > 20
    for route in inside:
        assert ask(visitor, route, headers=headers).status_code == 403, route
    assert state(busy) == before
    assert visitor.get("/").status_code == 200  # not even logged out


@pytest.mark.parametrize("host", HOSTS)
def test_no_route_answers_to_another_name(busy: Shop, host: str) -> None:
    """As after DNS rebinding: the browser takes us for the other site, and sends no cookie of ours; one is given."""
    visitor, before = Visitor(busy.app), state(busy)
    cookie = visitor.client.get_cookie(visitor.gate.cookie, domain="127.0.0.1")
    assert cookie is not None
    visitor.client = visitor.site.test_client(use_cookies=False)
    theirs = {"Host": host, "Cookie": f"{cookie.key}={cookie.value}"}
    theirs |= {"Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    for route in routes(visitor, "GET", "HEAD", "POST"):
        answer = ask(visitor, route, headers=theirs)
        assert answer.status_code == 400, route
        assert "1001" not in answer.text, route
    assert state(busy) == before


def test_what_is_only_asked_for_changes_nothing(busy: Shop) -> None:
    visitor = Visitor(busy.app)
    pages = {route.path for route in routes(visitor, "GET")}
    changes = {route.path for route in routes(visitor, "POST")}
    before = state(busy)
    for path in pages | changes:
        for method in ("GET", "HEAD"):
            answer = ask(visitor, Route(method, path, ""))
            assert path in pages or answer.status_code == 405, (method, path)
            assert answer.status_code < 500, (method, path)
    assert state(busy) == before
    assert visitor.get("/").status_code == 200


def test_other_methods_are_not_taken(busy: Shop) -> None:
    visitor, before = Visitor(busy.app), state(busy)
    ours = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
    for route in routes(visitor, "GET", "POST"):
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"):
            answer = visitor.client.open(route.path, method=method, base_url=BASE, headers=ours, buffered=True)
            assert answer.status_code == 405, (method, route)
    assert state(busy) == before


@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1, 2**63, 10**40, "-1", "1.0", "x", "%00", "%2e%2e", "x" * 9000])
def test_an_address_with_an_odd_number_is_told_to_be_none(busy: Shop, number: object) -> None:
    visitor, before = Visitor(busy.app), state(busy)
    numbered = [rule for rule in visitor.site.url_map.iter_rules() if rule.arguments - {"filename"}]
    assert len(numbered) > 8
    for rule in numbered:
        path = re.sub("/1(?=/|$)", f"/{number}", _path(rule))
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            answer = ask(visitor, Route(method, path, rule.endpoint))
            assert answer.status_code in (303, 404, 405), (method, path)
            if answer.status_code == 303:  # back to where it can be told
                assert visitor.get(answer.headers["Location"]).status_code in (200, 404), (method, path)
    assert state(busy) == before


# -- what is asked with, and what is sent ------------------------------------------------------------------------------

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7 * 7 }}{reference}%s"
ODD = {
    "markup": SCRIPT,
    "sql": "1'; DROP TABLE records; --",
    "quotes": "' OR '1'='1\" UNION SELECT document FROM records --",
    "NUL": "10002\x00",
    "control": "a\x01\x08\x1b[31m\x7f\x85\u2028\ufeff",
    "lines": "a\r\nSet-Cookie: x=y\r\n\r\n<script>alert(1)</script>",
    "long": "x" * 10_000,
    "digits": "9" * 10_000,
    "one too many": str(2**63),
    "negative": "-1",
    "no day": "2026-99-99",
    "the last day": "9999-12-31",
    "exponent": "1e400",
    "NaN": "NaN",
    "other digits": "١٢٣",
    "path": "../../../../etc/passwd",
    "away": "//evil.example/\\evil.example",
    "surrogate": "\ud800",
    "emoji": "🍺\N{RIGHT-TO-LEFT OVERRIDE}\N{COMBINING ACUTE ACCENT}",
    "blank": "   ",
    "empty": "",
}

#: So many fields of a route are tried each by itself; the form of the settings has hundreds.
MOST_ALONE = 12


class _Noticed(ImmutableMultiDict[Any, Any]):
    """The fields of a request, which notices which ones the page looks for."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, key: Any) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def get(self, key: Any, *default: Any, **how: Any) -> Any:
        self.names.add(key)
        return super().get(key, *default, **how)

    def getlist(self, key: Any, *how: Any) -> list[Any]:
        self.names.add(key)
        return super().getlist(key, *how)


class _Noticing(Request):
    parameter_storage_class = _Noticed


def fields_of(visitor: Visitor, route: Route) -> list[str]:
    """Return the names of all that a route looks for in what it is asked with, by having it asked."""
    _Noticed.names, known = set(), set[str]()
    usual, visitor.site.request_class = visitor.site.request_class, _Noticing
    try:
        for text in ("", "1", "retry"):
            for but in ({"token"}, {"token", "seen"}):
                ask_with(visitor, route, [(name, text) for name in known - but])
                known |= _Noticed.names
    finally:
        visitor.site.request_class = usual
    return sorted(known - {"token"})  # which a page of ours never has


def ask_with(visitor: Visitor, route: Route, fields: list[tuple[str, str]]) -> TestResponse:
    """Ask for a page with these in its address, or send them as a form."""
    held: dict[str, list[str]] = {}
    for name, text in fields:
        held.setdefault(name, []).append(text)
    part = "query_string" if route.method == "GET" else "data"
    return ask(visitor, route, **{part: held})


def settled(visitor: Visitor) -> None:
    """Wait until nothing goes on beside the pages."""
    for route in routes(visitor, "GET"):
        if route.path.endswith("/progress"):
            for _ in range(600):
                if not visitor.get(route.path).get_json()["running"]:
                    break
                time.sleep(0.02)


def _is_harmless(answer: TestResponse, what: object) -> None:
    assert answer.status_code in (200, 303, 400, 403, 404), what
    assert "<script>alert" not in answer.text, what
    assert "<img" not in answer.text, what
    assert "Traceback" not in answer.text, what
    assert re.fullmatch(r"(/([^/\\]\S*)?)?", answer.headers.get("Location", "")), what
    assert [name for name, value in answer.headers if name == "Set-Cookie" and "x=y" in value] == [], what


def test_the_fields_of_a_route_are_noticed(busy: Shop) -> None:
    visitor = Visitor(busy.app)
    found = partial(fields_of, visitor)
    assert {"q", "amount", "from", "to", "before", "customer", "state"} <= set(found(Route("GET", "/", "")))
    assert {"how", "seen"} <= set(found(Route("POST", "/record/2/discard", "")))
    assert {"act", "id", "back"} <= set(found(Route("POST", "/queue/selected", "")))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whatever_a_route_is_given_it_is_refused_in_words_or_harmless(busy: Shop, method: str) -> None:
    """Every field that a route looks for: all of them odd together, each by itself, and without what was seen.

    `--hypothesis-profile=long` tries everything at every route; otherwise each route has a third of it.
    """
    visitor = Visitor(busy.app)
    facts = [(record.receipt, record.amount, record.business_date) for record in busy.records()]
    for turn, route in enumerate(routes(visitor, method)):
        if route.endpoint in ("static", "leave"):
            continue
        names = fields_of(visitor, route)
        settled(visitor)
        for what, text in list(ODD.items())[0 if IS_LONG else turn % 3 :: 1 if IS_LONG else 3]:
            forms = [[(name, text) for name in names]]
            forms += [[(name, text) for name in names if name != "seen"]] if "seen" in names else []
            if what in ("markup", "NUL", "digits", "lines"):  # of each third
                forms += [[(name, text)] for name in names[:MOST_ALONE]]
            for form in forms:
                try:
                    answer = ask_with(visitor, route, form)
                except UnicodeEncodeError:  # no browser could send it either
                    continue
                _is_harmless(answer, (route, what, [name for name, _ in form]))
                if answer.status_code == 303 and len(form) > 1:
                    _is_harmless(visitor.get(answer.headers["Location"]), (route, what, "after it"))
    settled(visitor)
    assert [(record.receipt, record.amount, record.business_date) for record in busy.records()] == facts
    assert busy.app.database.integrity() == "ok"
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "body", "statuses"),
    [
        ("application/x-www-form-urlencoded", b"back=" + b"x" * 1_100_000, {200, 303, 413}),
        ("application/x-www-form-urlencoded", b"id=1&" * 40_000, {200, 303, 400, 413}),
        ("application/x-www-form-urlencoded", b"a=1&" * 50_000, {200, 303, 400, 413}),
        ("application/x-www-form-urlencoded", b"back=%ff%fe&how=%00%zz&=&&;%", {200, 303, 400}),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: nonsense\r\n\r\n", {200, 303, 400, 413}),
        ("multipart/form-data", b"no boundary", {200, 303, 400}),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="how"; filename="a.exe"\r\n\r\nMZ\r\n--x--\r\n',
            {200, 303, 400},
        ),
        ("application/json", b'{"how": "x", "id": [1]}', {200, 303, 400, 415}),
        ("text/plain", b"how=x", {200, 303, 400, 415}),
    ],
    ids=["too large", "many ids", "many fields", "no text", "broken parts", "no boundary", "a file", "JSON", "plain"],
)
def test_a_form_that_is_none_or_huge_breaks_nothing(busy: Shop, kind: str, body: bytes, statuses: set[int]) -> None:
    visitor = Visitor(busy.app)
    amounts = [record.amount for record in busy.records()]
    for route in routes(visitor, "POST"):
        if route.endpoint == "leave":
            continue
        answer = ask(visitor, route, data=body, content_type=kind)
        assert answer.status_code in statuses | {403, 404}, route
        settled(visitor)
    assert [record.amount for record in busy.records()] == amounts
    assert visitor.get("/").status_code == 200
