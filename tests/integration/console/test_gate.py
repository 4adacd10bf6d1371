"""Who gets in, and whose changes are carried out."""

from __future__ import annotations

import re
import urllib.request
from urllib.error import HTTPError

import pytest

from posplugin.console.gate import LONGEST_IDLE, LONGEST_LINK, LONGEST_SESSION, Gate
from posplugin.console.serve import listen, port_of, serving
from posplugin.console.site import make_site
from posplugin.domain.errors import UsageError
from tests.integration.console.visitor import BASE, HOST, PORT, Visitor, seen
from tests.integration.sender.shop import Shop

PAGES = ["/", "/runs", "/settlements", "/customers", "/settings"]


class Time:
    """A clock that counts seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("path", [*PAGES, "/record/1", "/nowhere", "/?token=wrong", "/?token="])
def test_without_a_session_every_page_says_how_to_get_in_and_nothing_else(shop: Shop, path: str) -> None:
    shop.sell("1001")
    answer = Visitor(shop.app, inside=False).get(path)

    told = seen(answer, status=403)
    assert "Du er ikke logget inn" in told
    assert "posplugin console" in told
    assert "bar-1" not in told
    assert "1001" not in told
    assert "Set-Cookie" not in answer.headers


def test_a_link_lets_one_browser_in_once(shop: Shop) -> None:
    gate = Gate(PORT)
    link = gate.link().removeprefix(BASE)
    first, second = Visitor(shop.app, gate, inside=False), Visitor(shop.app, gate, inside=False)

    assert first.get(link).status_code == 200
    assert second.get(link).status_code == 403
    assert first.get("/").status_code == 200
    assert second.get("/").status_code == 403
    assert first.get(link).status_code == 303  # by who is inside already: on to the queue


def test_a_new_link_makes_the_unused_one_worthless(shop: Shop) -> None:
    gate = Gate(PORT)
    old = gate.link().removeprefix(BASE)
    gate.link()
    assert Visitor(shop.app, gate, inside=False).get(old).status_code == 403


def test_looking_at_the_head_of_a_link_does_not_use_it_up(shop: Shop) -> None:
    gate = Gate(PORT)
    link = gate.link().removeprefix(BASE)
    visitor = Visitor(shop.app, gate, inside=False)
    assert visitor.client.head(link, base_url=BASE).status_code == 403
    assert visitor.get(link).status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(shop: Shop) -> None:
    answer = Visitor(shop.app, inside=False).enter()
    cookie = answer.headers["Set-Cookie"]
    assert re.fullmatch(rf"posplugin-{PORT}=[\w-]{{43}}; HttpOnly; Path=/; SameSite=Strict", cookie)
    assert answer.headers["Refresh"] == "0; url=/"


@pytest.mark.parametrize(
    ("steps", "inside"),
    [
        ([LONGEST_IDLE - 1], True),
        ([LONGEST_IDLE + 1], False),
        ([LONGEST_IDLE - 1] * 8, True),
        ([LONGEST_IDLE - 1] * 8 + [9], False),
    ],
)
def test_a_session_ends_after_an_hour_unused_and_after_eight_in_any_case(
    shop: Shop, steps: list[float], inside: bool
) -> None:
    assert (LONGEST_IDLE, LONGEST_SESSION) == (3600, 8 * 3600)
    time = Time()
    visitor = Visitor(shop.app, Gate(PORT, monotonic=time))
    for step in steps:
        time.now += step
        status = visitor.get("/").status_code
    assert status == (200 if inside else 403)


def test_a_link_that_nobody_uses_ends_too(shop: Shop) -> None:
    time = Time()
    gate = Gate(PORT, monotonic=time)
    link = gate.link().removeprefix(BASE)
    time.now += LONGEST_LINK + 1
    assert Visitor(shop.app, gate, inside=False).get(link).status_code == 403


def test_who_logs_out_is_out(visitor: Visitor) -> None:
    told = seen(visitor.post("/leave"))
    assert "Du er logget ut" in told
    assert "Kø" not in told
    assert visitor.get("/").status_code == 403


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (HOST, 200),
        (f"localhost:{PORT}", 200),
        ("127.0.0.1", 400),
        (f"127.0.0.1:{PORT + 1}", 400),
        (f"127.0.0.2:{PORT}", 400),
        (f"[::1]:{PORT}", 400),
        (f"evil.example:{PORT}", 400),
        (f"127.0.0.1.evil.example:{PORT}", 400),
        ("", 400),
    ],
)
def test_only_this_machines_own_names_are_answered(shop: Shop, host: str, status: int) -> None:
    """A page elsewhere whose name is made to point here sends its own name as Host."""
    visitor = Visitor(shop.app)
    cookie = visitor.client.get_cookie(visitor.gate.cookie, domain="127.0.0.1")
    assert cookie is not None
    fresh = visitor.site.test_client(use_cookies=False)
    headers = {"Host": host, "Cookie": f"{cookie.key}={cookie.value}"}
    for path in ("/", "/static/console.css"):
        assert fresh.get(path, headers=headers, buffered=True).status_code == status


CHANGES = [
    ({"Origin": BASE}, 303),
    ({"Origin": BASE, "Sec-Fetch-Site": "same-origin"}, 303),
    ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
    ({"Sec-Fetch-Site": "same-origin"}, 303),
    ({}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "none"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
    ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
    ({"Origin": BASE, "Sec-Fetch-Site": "cross-site"}, 403),
    ({"Origin": f"http://127.0.0.1:{PORT + 1}"}, 403),
    ({"Origin": f"http://localhost:{PORT}"}, 403),
    ({"Origin": f"https://{HOST}"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), CHANGES)
def test_a_change_is_taken_from_our_own_pages_alone(visitor: Visitor, headers: dict[str, str], status: int) -> None:
    answer = visitor.post("/language", {"language": "en"}, headers=headers)
    assert answer.status_code == status
    assert ("Queue" in visitor.sees("/")) == (status == 303)


def test_get_changes_nothing(visitor: Visitor) -> None:
    assert visitor.get("/language?language=en").status_code == 404 or visitor.get("/language").status_code == 405
    assert "Kø" in visitor.sees("/")


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "\\\\evil", "x", "/\n/e"]
)
def test_no_form_leads_away(visitor: Visitor, back: str) -> None:
    assert visitor.post("/language", {"language": "nb", "back": back}).headers["Location"] == "/"


def test_a_form_leads_back_to_its_page(visitor: Visitor) -> None:
    answer = visitor.post("/language", {"language": "en", "back": "/runs?a=b"})
    assert answer.headers["Location"] == "/runs?a=b"
    assert "Runs" in visitor.sees("/runs")


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/static/console.css"])
def test_every_answer_keeps_the_browser_on_a_short_leash(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    if path not in ("/static/console.css",):
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:", answer.text)


def test_too_large_a_form_is_told_in_words(visitor: Visitor) -> None:
    assert "1 MB" in seen(visitor.post("/language", {"back": "x" * 1_100_000}), status=413)


def test_what_nobody_expected_is_logged_and_told_without_a_trace(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret cause")

    monkeypatch.setattr("posplugin.office.Office.find", fail)
    told = seen(visitor.get("/"), status=500)

    assert "Det oppsto en feil i programmet" in told
    assert "secret cause" not in told
    assert "Traceback" not in told
    assert "page_crashed" in caplog.text
    assert "secret cause" in caplog.text


def test_an_outbox_that_cannot_be_read_is_told_in_words(shop: Shop, visitor: Visitor) -> None:
    shop.app.database.close()
    assert "Køen svarer ikke" in seen(visitor.get("/"), status=503)


def test_it_is_served_on_this_machine_and_ends_with_its_block(shop: Shop) -> None:
    bound = listen(0)
    gate = Gate(port_of(bound))
    with serving(make_site(shop.app, gate), bound):
        with urllib.request.urlopen(gate.link()) as answer:
            assert answer.headers["Content-Security-Policy"]
            assert "Server" not in answer.headers or "waitress" not in answer.headers["Server"]
        with pytest.raises(HTTPError, match="403"):
            urllib.request.urlopen(f"http://127.0.0.1:{gate.port}/")
        with pytest.raises(UsageError, match="cannot be had"):
            listen(gate.port)
    listen(gate.port).close()
