"""What people and machines may throw at the pages: markup in names and notes, endless inputs, SQL, odd characters."""

from __future__ import annotations

import pytest

from posplugin.domain.clock import to_text
from posplugin.domain.customer import Customer, InvoiceDelivery
from posplugin.domain.payment import PaymentField
from posplugin.outbox.lifecycle import Status
from tests.integration.console.visitor import Visitor, seen
from tests.integration.sender.shop import CUSTOMER, Shop

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
TEMPLATE = "{{ 7 * 7 }}{% raw %}"
BRACES = "{reference} {0} %s %(x)s"
QUOTES = "'; DROP TABLE records; --"
ALL = f"{SCRIPT}{IMAGE}{TEMPLATE}{BRACES}{QUOTES}"


@pytest.fixture
def hostile(shop: Shop) -> Visitor:
    """A record whose customer, note, references, receipt and history are all markup; it needs a person."""
    named = Customer(number=CUSTOMER, name=ALL, delivery=InvoiceDelivery.EMAIL)
    shop.app.customers.store([named], shop.clock())
    fields = {field: f"{field}{ALL}"[:250] for field in PaymentField}
    record = shop.sell("9<b>1", 12500, fields=fields)
    shop.app.outbox.move(record, Status.SENDING, f"sender{ALL}", ALL)
    held = shop.app.outbox.move(
        shop.record("9<b>1"), Status.NEEDS_ATTENTION, "sender", ALL, reason="rejected", detail=ALL
    )
    assert held.customer_name == ALL
    return Visitor(shop.app)


PAGES = ["/", "/record/1", "/runs", "/settlements", "/customers", "/settings"]


@pytest.mark.parametrize("path", PAGES)
def test_markup_in_what_people_wrote_is_shown_and_never_runs(hostile: Visitor, path: str) -> None:
    page = hostile.get(path).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "onerror=alert(1)>" not in page.replace("&gt;", "")
    assert "<b>" not in page
    if path in ("/", "/record/1"):
        assert "&lt;script&gt;alert(1)" in page
        assert "{{ 7 * 7 }}" in page
        assert BRACES in page


def test_markup_in_the_search_is_shown_in_its_field_alone(hostile: Visitor) -> None:
    page = hostile.client.get("/", base_url="http://127.0.0.1:8901", query_string={"q": IMAGE, "amount": SCRIPT}).text
    assert "<img" not in page
    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;img src=x onerror=alert(1)&gt;"' in page


def test_markup_in_a_message_is_shown(hostile: Visitor, shop: Shop) -> None:
    page = hostile.post("/record/1/discard", {"how": ALL})
    assert page.status_code == 303
    told = hostile.get("/record/1").text
    assert "<script>alert" not in told
    assert "&lt;script&gt;" in told
    assert shop.record("9<b>1").detail == ALL


FIELDS = ["q", "amount", "kind", "from", "to", "customer", "department", "hidden", "state", "before"]
ODD = [
    "x" * 10_000,
    QUOTES,
    "' OR '1'='1",
    '" UNION SELECT document FROM records --',
    "%_%",
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "🍺\N{RIGHT-TO-LEFT OVERRIDE}",
    "9" * 10_000,
    "-1",
    "../../etc/passwd",
]


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text)[:20])
def test_whatever_is_searched_for_nothing_breaks_and_nothing_changes(shop: Shop, text: str) -> None:
    shop.sell("1001")
    before = list(shop.records())
    visitor = Visitor(shop.app)
    for asked in ({field: text} for field in FIELDS):
        answer = visitor.client.get("/", base_url="http://127.0.0.1:8901", query_string=asked)
        assert answer.status_code == 200
    assert list(shop.records()) == before
    assert shop.app.database.integrity() == "ok"


@pytest.mark.parametrize("text", [text for text in ODD if "'" in text or '"' in text or "%" in text])
def test_sql_in_the_search_is_text_that_nothing_holds(shop: Shop, text: str) -> None:
    shop.sell("1001")
    answer = Visitor(shop.app).client.get("/", base_url="http://127.0.0.1:8901", query_string={"q": text})
    assert "Ingenting i køen passer til dette." in seen(answer)


@pytest.mark.parametrize(
    "path", ["/?q=%ff%fe", "/?%00=%00", "/?q=1&q=2&q=3", "/" + "x" * 10_000, "/record/%00", "/%2e%2e/"]
)
def test_an_address_that_is_no_text_breaks_nothing(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code in (200, 400, 404)


POSTS = {
    "/record/1/retry": ("seen",),
    "/record/1/discard": ("how", "seen"),
    "/record/1/amend": ("customer", "your_reference", "order_number", "seen"),
    "/queue/selected": ("act", "id", "back"),
    "/queue/retry-all": ("back",),
    "/language": ("language", "back"),
}


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text)[:20])
def test_whatever_a_form_holds_nothing_breaks(shop: Shop, text: str) -> None:
    """Each field by itself and all together: refused in words, or harmless."""
    shop.sell("1001")
    amount = shop.record("1001").amount
    visitor = Visitor(shop.app)
    for path, fields in POSTS.items():
        for form in [dict.fromkeys(fields, text), *({field: text} for field in fields)]:
            answer = visitor.post(path, form)
            assert answer.status_code == 303, (path, form)
            assert answer.headers["Location"] in ("/", "/record/1")
    assert "Kø" in visitor.sees("/")
    assert shop.record("1001").amount == amount
    assert shop.app.database.integrity() == "ok"
    shop.record("1001").invoice()  # not damaged


def test_no_log_tells_whom_a_refusal_was_about(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="posplugin")
    record = shop.sell("1001")
    visitor = Visitor(shop.app)
    unchanged = to_text(record.updated_at)
    for customer in shop.app.customers.everyone():
        visitor.post(f"/record/{record.id}/amend", {"customer": str(customer.number), "seen": unchanged})
    logged = [str(each.__dict__) for each in caplog.records if each.name == "posplugin.console"]
    assert any("refused" in each for each in logged)
    assert not [each for each in logged for one in shop.app.customers.everyone() if one.name in each]


def test_many_thousand_fields_are_refused(visitor: Visitor) -> None:
    answer = visitor.post("/queue/selected", {f"id{number}": "1" for number in range(50_000)})
    assert answer.status_code in (303, 413)
