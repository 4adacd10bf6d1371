"""Nobody gets at the till's page but this machine, and nothing that anybody types becomes part of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sample_terminal.fake_invoicing import FakeInvoicing
from tests.integration.terminal.web_guest import OpenTill

PAGES = ("/", "/pay", "/returns", "/day", "/day/count", "/lamp", "/invoice/customers")
EVIL = "<script>alert(1)</script>'\"; DROP TABLE sale; --"


@pytest.fixture
def till(tmp_path: Path) -> Iterator[OpenTill]:
    opened = OpenTill(tmp_path / "j", FakeInvoicing().load)
    yield opened
    opened.stack.close()


@pytest.fixture
def client(till: OpenTill) -> FlaskClient:
    return till.browser()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8902", "10.0.0.5", "[::2]:8902", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_host_is_refused(client: FlaskClient, host: str, method: str) -> None:
    answer = client.open("/", method=method, headers={"Host": host})

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", ["127.0.0.1:8902", "localhost:9999", "[::1]:8902"])
def test_this_machine_is_let_in_by_every_name_of_its_own(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost:1"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_post_of_another_site_is_refused_and_changes_nothing(
    till: OpenTill, client: FlaskClient, headers: dict[str, str]
) -> None:
    for path in ("/ring", "/clear", "/pay/card", "/day/close", "/day/move"):
        answer = client.post(path, data={"dish": "suppe", "amount": "5", "way": "in"}, headers=headers)
        assert answer.status_code == 403
    assert till.journal.noted("moved") == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_post_of_its_own_page_is_taken(till: OpenTill, headers: dict[str, str]) -> None:
    """With scripts; from a browser that does not tell the site; a form, of a page that sends no referrer."""
    assert till.site.test_client().post("/ring", data={"dish": "suppe"}, headers=headers).status_code == 303


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}])
def test_a_post_that_does_not_tell_where_it_comes_from_is_refused(till: OpenTill, headers: dict[str, str]) -> None:
    assert till.site.test_client().post("/ring", data={"dish": "suppe"}, headers=headers).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_closed_up(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_script_or_a_style_of_its_own(client: FlaskClient, path: str) -> None:
    client.post("/ring", data={"dish": "suppe"})
    page = client.get(path, follow_redirects=True).text

    assert page.count("<script") == page.count("<script src=")
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def test_reading_changes_nothing(till: OpenTill, client: FlaskClient) -> None:
    for path in ("/ring?dish=suppe", "/clear", "/park", "/pay/card", "/day/close", "/invoice/customer?number=1"):
        assert client.get(path).status_code in (404, 405)
    assert till.journal.tickets("") == {}


def test_the_cookie_is_for_this_site_alone(client: FlaskClient) -> None:
    cookie = client.get("/").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("value", ["x", "parked:1" + "x" * 24, "../" * 11, "é" * 32])
def test_a_cookie_that_was_made_elsewhere_reaches_nothing(till: OpenTill, client: FlaskClient, value: str) -> None:
    till.journal.keep_ticket("parked:1", "not a ticket")
    client.set_cookie("till_page", value)
    till.journal.keep_ticket("parked:1", None)

    assert client.get("/").status_code == 200


def test_what_is_typed_is_text_and_nothing_else(client: FlaskClient) -> None:
    client.post("/ring", data={"dish": "suppe"})
    client.post("/line/1/note", data={"note": EVIL})
    client.post("/label", data={"label": EVIL})
    pages = [client.get(path).text for path in ("/?line=1", "/pay", f"/returns?receipt={EVIL}", f"/day?x={EVIL}")]
    pages.append(client.post("/discount", data={"value": EVIL, "unit": "kroner"}).text)

    assert not any("<script>alert" in page for page in pages)
    assert "&lt;script&gt;" in pages[0]


@pytest.mark.parametrize("length", [10_000, 60_000, 500_000])
def test_a_very_long_text_is_cut_or_refused_in_words(client: FlaskClient, length: int) -> None:
    client.post("/ring", data={"dish": "suppe"})

    for path in ("/line/1/note", "/label", "/invoice/customer", "/ring", "/discount"):
        answer = client.post(
            path, data=dict.fromkeys(("note", "label", "number", "dish", "value"), "å" * (length // 5))
        )
        assert answer.status_code in (303, 409, 413)
        assert "Traceback" not in answer.text
    assert client.get(f"/invoice/customers?q={'x' * 10_000}").status_code == 200


@pytest.mark.parametrize("path", ["/nowhere", "/pay/done/nothing", "/returns/nothing", "/day/z/77", "/line/1/explode"])
def test_what_is_not_there_is_said_in_words(client: FlaskClient, path: str) -> None:
    answer = client.post(path) if path.startswith("/line") else client.get(path)

    assert answer.status_code in (404, 409)
    assert 'role="alert"' in answer.text


def test_a_fault_of_the_till_is_said_in_words_and_logged(
    till: OpenTill, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/ring", data={"dish": "suppe"})
    monkeypatch.setattr(till.desk, "park", lambda _: 1 / 0)

    answer = client.post("/park")

    assert answer.status_code == 500
    assert "står notaen der ennå, er den ikke betalt" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text
