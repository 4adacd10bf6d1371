"""The products of articles: found by code, made once, and never on another account than the VAT wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from posplugin.accounting_system import AccountingError, Verdict
from posplugin.domain.documents import InvoiceItem
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import LineKind
from posplugin.poweroffice.articles import Articles
from posplugin.poweroffice.client import Keys, PowerOfficeClient
from posplugin.poweroffice.pace import Pacer

#: The products for 25 % and 15 %, as the settings name them.
STANDARD = {"Id": 30, "Code": "30", "StandardSalesAccount": 3000}
AT_15 = {"Id": 31, "Code": "31", "StandardSalesAccount": 3001}
#: The same where the settlement reports VAT.
CLEARING = {"Id": 50, "Code": "50", "StandardSalesAccount": 1990}
ACCOUNTS = {3000: "3", 3010: "3", 3001: "31", 1990: "0", 2981: "0", 3100: "6"}
IN_USE = {"title": "Product validation error(s)", "status": 400, "detail": "Product code 'P-1-25' is already in use."}

Answer = Callable[[dict[str, Any]], httpx.Response]


class Go:
    """A PowerOffice that has products and accounts; `on_post` says what becomes of a new product."""

    def __init__(self) -> None:
        self.products: list[dict[str, Any]] = []
        self.asked: list[str] = []
        #: How long the machine has been on.
        self.seconds = 7.0
        self.on_post: Answer = self.make
        self.lock = threading.Lock()

    def has(self, code: str, account: int | None = 3000, **more: object) -> dict[str, Any]:
        row = {"Id": 900 + len(self.products), "Code": code, "StandardSalesAccount": account, **more}
        self.products.append(row)
        return row

    def make(self, body: dict[str, Any]) -> httpx.Response:
        if any(row["Code"] == body["Code"] for row in self.products):
            return httpx.Response(400, json=IN_USE)
        code, account = body["Code"], body["StandardSalesAccount"]
        return httpx.Response(200, json=self.has(code, account, Name=body["Name"], UnitPrice=body.get("UnitPrice")))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/OAuth/Token":
            return httpx.Response(200, json={"access_token": "a-token", "expires_in": 1200})
        with self.lock:
            wanted = dict(request.url.params)
            if request.method == "POST":
                self.asked.append("make")
                return self.on_post(json.loads(request.content))
            if request.url.path.endswith("/Products"):
                self.asked.append("look")
                codes = [code.strip() for code in wanted["codes"].split(",")]
                rows = [row for row in self.products if row["Code"] in codes]
            else:
                self.asked.append("accounts")
                numbers = map(int, wanted["accountNos"].split(","))
                rows = [{"AccountNo": no, "VatCode": ACCOUNTS[no]} for no in numbers if no in ACCOUNTS]
            return httpx.Response(200, json=rows) if rows else httpx.Response(204)


@pytest.fixture
def go() -> Go:
    return Go()


@pytest.fixture
def terminal(go: Go) -> Iterator[Callable[..., Articles]]:
    """Open a run of a terminal."""
    clients = []

    def start(*, may_create: bool = True, prefix: str = "P-") -> Articles:
        keys = Keys(token_url="http://localhost/OAuth/Token", api_url="http://localhost/v2",
                    application_key="app-key-1", client_key="client-key-2", subscription_key="sub-key-3")  # fmt: skip
        clients.append(PowerOfficeClient(keys, Pacer(0.0), transport=httpx.MockTransport(go)))
        return Articles(
            *(clients[-1], prefix),
            may_create=may_create,
            settle_time=timedelta(seconds=60),
            monotonic=lambda: go.seconds,
        )

    yield start
    for client in clients:
        client.close()


Start = Callable[..., Articles]


def item(article: str | None = "1", rate: int = 25, **more: Any) -> InvoiceItem:
    values: dict[str, Any] = {
        "description": "Øl",
        "quantity": Decimal(1),
        "kind": LineKind.GOODS,
        "amount": 100_00,
        "invoiced": 100_00,
    }
    return InvoiceItem(article_id=article, vat_rate=rate, **{**values, **more})


def test_a_product_that_is_there_is_used_by_its_id(go: Go, terminal: Start) -> None:
    there = go.has("P-1-25")
    articles = terminal()
    articles.look_up([item()])

    assert articles.product(item(), STANDARD) == {"ProductId": there["Id"]}
    assert not articles.lacks(item())


def test_a_product_that_is_not_there_is_made_once_on_the_account_of_its_rate(go: Go, terminal: Start) -> None:
    """Without a price: a line always says its own. Beforehand the line names it by the code it will have."""
    articles = terminal()
    articles.look_up([item()])
    assert articles.product(item(), STANDARD) == {"ProductCode": "P-1-25"}
    assert go.products == []

    for _ in range(3):
        articles.create(item(), STANDARD)

    assert go.products == [{"Id": 900, "Code": "P-1-25", "Name": "Øl", "StandardSalesAccount": 3000, "UnitPrice": None}]
    assert go.asked == ["look", "make"]
    assert articles.product(item(), STANDARD) == {"ProductId": 900}


def test_an_article_that_is_sold_at_two_rates_has_two_products(go: Go, terminal: Start) -> None:
    articles = terminal()
    both = [item(), item(rate=15)]
    articles.look_up(both)
    for one, standard in zip(both, (STANDARD, AT_15), strict=True):
        articles.create(one, standard)

    assert {row["Code"]: row["StandardSalesAccount"] for row in go.products} == {"P-1-25": 3000, "P-1-15": 3001}


def test_nothing_is_made_where_that_is_not_wanted(go: Go, terminal: Start) -> None:
    there = go.has("P-2-25")
    articles = terminal(may_create=False)
    articles.look_up([item(), item("2")])

    assert articles.product(item(), STANDARD) is None
    assert not articles.lacks(item())
    assert articles.product(item("2"), STANDARD) == {"ProductId": there["Id"]}


@pytest.mark.parametrize(
    "without",
    [
        item(None),
        item(""),
        item("a,b"),
        item("a\n"),
        item("9" * 96),
        item(kind=LineKind.GIFT_CARD, rate=0),
        item(invoiced=0),
    ],
    ids=lambda one: repr(one.article_id)[:12],
)
def test_what_can_have_no_product_of_its_own_has_none(go: Go, terminal: Start, without: InvoiceItem) -> None:
    """No article, or a code that PowerOffice could not be asked for; and gift cards, which are a debt."""
    articles = terminal()
    articles.look_up([without])

    assert (articles.product(without, STANDARD), articles.lacks(without)) == (None, False)
    assert go.asked == []


def test_a_look_up_asks_for_many_at_once_and_for_each_only_once(go: Go, terminal: Start) -> None:
    articles = terminal()
    for _ in range(2):
        articles.look_up([item(str(number)) for number in range(120)])
    articles.look_up([item("5"), item("500")])

    assert go.asked == ["look"] * 4  # 50, 50 and 20 codes, and then one more


def test_a_long_description_is_cut_to_what_a_name_can_hold(go: Go, terminal: Start) -> None:
    articles = terminal()
    for article, description in (("1", "Ø" * 500), ("2", "  ")):
        one = item(article, description=description)
        articles.look_up([one])
        articles.create(one, STANDARD)

    assert [row["Name"] for row in go.products] == ["Ø" * 400, "P-2-25"]


# -- two at the same time ----------------------------------------------------------------------------------------------


def test_another_terminal_that_was_quicker_has_made_it_for_both(go: Go, terminal: Start) -> None:
    """Both have looked, and neither has seen it: the second is told that the code is taken, and uses it."""
    one, other = terminal(), terminal()
    for each in (one, other):
        each.look_up([item()])
    one.create(item(), STANDARD)
    other.create(item(), STANDARD)

    assert len(go.products) == 1
    assert go.asked == ["look", "look", "make", "make", "look"]
    assert other.product(item(), STANDARD) == {"ProductId": 900}


def test_many_threads_make_one_product(go: Go, terminal: Start) -> None:
    articles = terminal()
    articles.look_up([item()])
    threads = [threading.Thread(target=articles.create, args=(item(), STANDARD)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert go.asked == ["look", "make"]


def lost(go: Go) -> Answer:
    """Make the product, and lose the answer."""

    def answer(body: dict[str, Any]) -> httpx.Response:
        go.make(body)
        raise httpx.ReadTimeout("no answer")

    return answer


def cut(go: Go) -> Answer:
    def answer(body: dict[str, Any]) -> httpx.Response:
        go.make(body)
        return httpx.Response(200, text='{"Id":')

    return answer


def broken(go: Go) -> Answer:
    def answer(body: dict[str, Any]) -> httpx.Response:
        go.make(body)
        return httpx.Response(500)

    return answer


def strange(go: Go) -> Answer:
    def answer(body: dict[str, Any]) -> httpx.Response:
        go.make(body)
        return httpx.Response(200, json=["?"])

    return answer


@pytest.mark.parametrize("happens", [lost, cut, broken, strange])
def test_a_product_whose_answer_was_lost_is_looked_for(
    go: Go, terminal: Start, happens: Callable[[Go], Answer]
) -> None:
    go.on_post = happens(go)
    articles = terminal()
    articles.look_up([item()])
    articles.create(item(), STANDARD)

    assert len(go.products) == 1
    assert articles.product(item(), STANDARD) == {"ProductId": 900}


def gone(_: dict[str, Any]) -> httpx.Response:
    raise httpx.ReadTimeout("no answer")


# What PowerOffice answers while the product cannot be seen; and what becomes of the document that needs it.
NOT_SEEN: dict[str, tuple[Answer, Verdict, Reason]] = {
    "the answer is lost": (gone, Verdict.UNKNOWN, Reason.INTERNAL),
    "taken, and reads lag": (lambda _: httpx.Response(400, json=IN_USE), Verdict.UNKNOWN, Reason.INTERNAL),
    "taken, as a conflict": (
        lambda _: httpx.Response(409, json={"title": "Object conflict"}),
        *(Verdict.UNKNOWN, Reason.INTERNAL),
    ),
    "taken, in other words": (
        lambda _: httpx.Response(400, json={"errors": {"Code": ["A product with this code exists."]}}),
        *(Verdict.UNKNOWN, Reason.INTERNAL),
    ),
    "refused": (
        lambda _: httpx.Response(400, json={"title": "Product validation error(s)", "detail": "Name is not nice."}),
        *(Verdict.ATTENTION, Reason.REJECTED),
    ),
    "not allowed, as for sending": (
        lambda _: httpx.Response(400, json={"title": "Missing privilege"}),
        *(Verdict.ATTENTION, Reason.MISSING_PRIVILEGE),
    ),
}


@pytest.mark.parametrize(("answer", "verdict", "reason"), NOT_SEEN.values(), ids=NOT_SEEN)
def test_what_cannot_be_seen_is_not_made_twice(
    go: Go, terminal: Start, answer: Answer, verdict: Verdict, reason: Reason
) -> None:
    """The document is tried again later or waits for a person; never is its own reference said to be taken.

    Another document that needs it looks once more; only after settle_time is it made anew.
    """
    go.on_post = answer
    articles = terminal()
    articles.look_up([item()])
    for _ in range(2):
        with pytest.raises(AccountingError, match="product P-1-25 could not be made") as caught:
            articles.create(item(), STANDARD)
        assert (caught.value.verdict, caught.value.reason) == (verdict, reason)

    assert go.asked == ["look", "make", "look", "look"]

    go.seconds += 60
    go.on_post = go.make
    articles.create(item(), STANDARD)
    assert go.asked[4:] == ["look", "make"]
    assert len(go.products) == 1


def test_a_product_that_shows_late_is_found(go: Go, terminal: Start) -> None:
    go.on_post = gone
    articles = terminal()
    articles.look_up([item()])
    with pytest.raises(AccountingError):
        articles.create(item(), STANDARD)
    there = go.has("P-1-25")
    articles.create(item(), STANDARD)

    assert go.asked.count("make") == 1
    assert articles.product(item(), STANDARD) == {"ProductId": there["Id"]}


def test_an_outage_stops_the_run_as_everywhere(go: Go, terminal: Start) -> None:
    go.on_post = lambda _: httpx.Response(403)
    articles = terminal()
    articles.look_up([item()])
    with pytest.raises(AccountingError) as caught:
        articles.create(item(), STANDARD)
    assert (caught.value.verdict, caught.value.reason) == (Verdict.STOP, Reason.MISSING_PRIVILEGE)


# -- VAT ---------------------------------------------------------------------------------------------------------------

# The account of the article's product, what the settings' product is, and whether the one serves for the other.
SERVES: list[tuple[int | None, dict[str, Any], bool]] = [
    (3000, STANDARD, True),
    (3010, STANDARD, True),
    (3001, STANDARD, False),
    (3100, STANDARD, False),
    (1990, STANDARD, False),
    (None, STANDARD, False),
    (4711, STANDARD, False),
    (1990, CLEARING, True),
    (2981, CLEARING, False),
    (3000, CLEARING, False),
    (3000, {"Code": "30", "StandardSalesAccount": None}, False),
]


@pytest.mark.parametrize(("account", "standard", "serves"), SERVES)
def test_a_product_serves_only_where_its_account_means_the_same_vat(
    go: Go, terminal: Start, account: int | None, standard: dict[str, Any], serves: bool
) -> None:
    """The same account, or the same VAT code of turnover; clearing and tips are both without VAT, and not the same."""
    there = go.has("P-1-25", account)
    articles = terminal()
    articles.look_up([item()])
    if serves:
        assert articles.product(item(), standard) == {"ProductId": there["Id"]}
    else:
        with pytest.raises(AccountingError, match=r"P-1-25|product 30") as caught:
            articles.product(item(), standard)
        assert (caught.value.verdict, caught.value.reason) == (Verdict.ATTENTION, Reason.VAT_REPORTED_TWICE)


def test_accounts_are_asked_for_once_and_only_where_they_differ(go: Go, terminal: Start) -> None:
    for number in range(5):
        go.has(f"P-{number}-25", 3010)
    go.has("P-9-25", 3000)
    articles = terminal()
    items = [item(str(number)) for number in (9, 0, 1, 2, 3, 4)]
    articles.look_up(items)
    for one in items:
        articles.product(one, STANDARD)

    assert go.asked == ["look", "accounts"]


def test_what_poweroffice_makes_on_another_account_is_not_used(go: Go, terminal: Start) -> None:
    go.on_post = lambda body: httpx.Response(200, json=go.has(body["Code"], None))
    articles = terminal()
    articles.look_up([item()])
    with pytest.raises(AccountingError, match="P-1-25 has no sales account of its own") as caught:
        articles.create(item(), STANDARD)
    assert caught.value.reason is Reason.VAT_REPORTED_TWICE


def test_an_archived_product_waits_for_a_person(go: Go, terminal: Start) -> None:
    """A living one beside it serves; of two that post alike, the older."""
    go.has("P-1-25", IsArchived=True)
    articles = terminal()
    articles.look_up([item()])
    with pytest.raises(AccountingError, match="P-1-25 is archived") as caught:
        articles.product(item(), STANDARD)
    assert caught.value.reason is Reason.PRODUCT_ARCHIVED

    go.has("P-1-25")
    go.has("P-1-25")
    again = terminal()
    again.look_up([item()])
    assert again.product(item(), STANDARD) == {"ProductId": 901}
