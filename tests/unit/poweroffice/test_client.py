"""The client: tokens, pace, pages, deadlines. The network is a function."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import httpx
import pytest

from posplugin.accounting_system import AccountingError, Verdict
from posplugin.domain.reasons import Reason
from posplugin.poweroffice import client as client_module
from posplugin.poweroffice.auth import Token, TokenKeeper
from posplugin.poweroffice.client import Keys, PowerOfficeClient, encode
from posplugin.poweroffice.pace import Pacer

KEYS = Keys(
    token_url="http://localhost/OAuth/Token",
    api_url="http://localhost/v2",
    application_key="app-key-1",
    client_key="client-key-2",
    subscription_key="sub-key-3",
)
Handler = Callable[[httpx.Request], httpx.Response]


class Go:
    """A PowerOffice of one function; counts what it is asked."""

    def __init__(self, handler: Handler | None = None, *, lives: int = 1200) -> None:
        self.handler = handler or (lambda _: httpx.Response(204))
        self.lives = lives
        self.tokens = 0
        self.requests: list[httpx.Request] = []
        self._lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
            if request.url.path == "/OAuth/Token":
                self.tokens += 1
                return httpx.Response(200, json={"access_token": f"token-{self.tokens}", "expires_in": self.lives})
        return self.handler(request)


@pytest.fixture
def connect() -> Iterator[Callable[..., PowerOfficeClient]]:
    made: list[PowerOfficeClient] = []

    def make(go: Go, **more: Any) -> PowerOfficeClient:
        made.append(PowerOfficeClient(KEYS, Pacer(0.0), transport=httpx.MockTransport(go), **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


Connect = Callable[..., PowerOfficeClient]


def test_each_call_carries_token_and_subscription_key(connect: Connect) -> None:
    go = Go()
    connect(go).get("/Customers")

    token, call = go.requests
    assert token.headers["Authorization"].startswith("Basic ")
    assert token.content == b"grant_type=client_credentials"
    assert call.headers["Authorization"] == "Bearer token-1"
    assert [r.headers["Ocp-Apim-Subscription-Key"] for r in go.requests] == ["sub-key-3", "sub-key-3"]


def test_many_threads_share_one_token(connect: Connect) -> None:
    go = Go()
    client = connect(go)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: client.get("/Customers"), range(40)))

    assert (go.tokens, len(go.requests)) == (1, 41)


def test_a_token_is_renewed_before_it_expires() -> None:
    now = [0.0]
    asked: list[float] = []

    def ask() -> Token:
        asked.append(now[0])
        return Token(f"t{len(asked)}", 1200)

    keeper = TokenKeeper(ask, monotonic=lambda: now[0])
    for second in range(0, 2400, 10):
        now[0] = float(second)
        keeper.token()

    assert asked == [0, 1140, 2280]


def test_a_401_is_answered_with_one_new_token_and_no_more(connect: Connect) -> None:
    go = Go(lambda _: httpx.Response(401))
    with pytest.raises(AccountingError) as error:
        connect(go).get("/Customers")

    assert (error.value.verdict, error.value.reason) == (Verdict.STOP, Reason.CREDENTIALS)
    assert (go.tokens, len(go.requests)) == (2, 4)


def test_a_401_in_the_middle_is_not_noticed(connect: Connect) -> None:
    go = Go(lambda r: httpx.Response(401 if r.headers["Authorization"] == "Bearer token-1" else 204))

    assert connect(go).get("/Customers") is None


PAGE = [{"Id": n} for n in range(5000)]
PAGINATIONS: list[dict[str, str]] = [
    {"X-Pagination": json.dumps({"nextPageLink": "http://next"})},
    {"X-Pagination": json.dumps({"totalCount": 5001, "pageSize": 5000, "currentPage": 1, "totalPages": 2})},
    {},
]


@pytest.mark.parametrize("pagination", PAGINATIONS)
def test_a_list_is_read_to_its_end_whatever_the_header_looks_like(connect: Connect, pagination: dict[str, str]) -> None:
    """U6: a link, totals, or nothing."""

    def pages(request: httpx.Request) -> httpx.Response:
        if request.url.params["PageNumber"] == "1":
            return httpx.Response(200, json=PAGE, headers=pagination)
        last = {"nextPageLink": "", "currentPage": 2, "totalPages": 2} if pagination else None
        return httpx.Response(200, json=[{"Id": 5000}], headers={"X-Pagination": json.dumps(last)} if last else {})

    assert len(list(connect(Go(pages)).pages("/Customers"))) == 5001


def test_an_empty_list_is_204_and_numbers_are_exact(connect: Connect) -> None:
    assert list(connect(Go()).pages("/Customers")) == []
    body = connect(Go(lambda _: httpx.Response(200, text='{"TotalAmount": 0.1}'))).get("/x")
    assert body == {"TotalAmount": Decimal("0.1")}


def test_a_429_is_waited_out_and_sent_again(connect: Connect) -> None:
    """The gateway did not carry it out; a pause that is longer than a till's patience stops the run instead."""
    answers = iter([httpx.Response(429), httpx.Response(429, headers={"Retry-After": "1"}), httpx.Response(204)])
    slept: list[float] = []
    pacer = Pacer(0.0, monotonic=lambda: sum(slept), sleep=slept.append)
    client = PowerOfficeClient(KEYS, pacer, transport=httpx.MockTransport(Go(lambda _: next(answers))))

    assert client.get("/Customers") is None
    assert [round(s) for s in slept if s] == [1, 1]
    client.close()

    go = Go(lambda _: httpx.Response(429, headers={"Retry-After": "3600"}))
    with pytest.raises(AccountingError) as error:
        connect(go).post("/x", {})
    assert (error.value.verdict, error.value.retry_after, len(go.requests)) == (Verdict.STOP, 3600, 2)


def test_a_cut_answer_to_a_write_leaves_its_fate_unknown(connect: Connect) -> None:
    client = connect(Go(lambda _: httpx.Response(201, text='{"Id": "7')))

    with pytest.raises(AccountingError) as write:
        client.post("/SalesOrders/Complete", {})
    with pytest.raises(AccountingError) as read:
        client.get("/SalesOrders")
    assert (write.value.verdict, read.value.verdict) == (Verdict.UNKNOWN, Verdict.STOP)


def test_an_answer_that_drips_is_given_up_at_the_deadline(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """httpx's own limits are for each read; a slow drip would keep within them for ever."""

    class Drip(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b" "

    client = connect(Go(lambda request: httpx.Response(201, stream=Drip()) if request.content else httpx.Response(204)))
    client.get("/Customers")
    monkeypatch.setattr(client_module, "DEADLINE_SECONDS", 0.0)

    with pytest.raises(AccountingError) as error:
        client.post("/x", {})
    assert error.value.verdict is Verdict.UNKNOWN


def test_nothing_is_sent_once_it_is_told_to_stop(connect: Connect) -> None:
    stop = threading.Event()
    go = Go()
    client = connect(go, stop=stop)
    stop.set()

    with pytest.raises(AccountingError, match="stopped"):
        client.post("/x", {})
    assert go.requests == []


def test_requests_are_spaced_so_that_no_second_holds_more_than_ten() -> None:
    now = [0.0]
    starts: list[float] = []

    def sleep(seconds: float) -> None:
        now[0] += seconds

    pacer = Pacer(monotonic=lambda: now[0], sleep=sleep)
    for _ in range(200):
        pacer.wait()
        starts.append(now[0])

    assert max(sum(1 for s in starts if begin <= s < begin + 1) for begin in starts) <= 10
    assert starts[-1] < 200 / 9.5


def test_no_key_and_no_token_shows(connect: Connect) -> None:
    client = connect(Go(lambda _: httpx.Response(500, text="boom")))
    with pytest.raises(AccountingError) as error:
        client.post("/x", {"a": 1})

    shown = f"{KEYS!r} {KEYS} {client!r} {error.value!r} {error.value} {Token('token-1', 1)!r}"
    for secret in ("app-key-1", "client-key-2", "sub-key-3", "token-1"):
        assert secret not in shown


def test_an_amount_that_a_double_cannot_hold_is_not_sent() -> None:
    assert encode({"ProductUnitPrice": Decimal("0.10")}) == '{"ProductUnitPrice": 0.1}'
    with pytest.raises(TypeError):
        encode({"ProductUnitPrice": Decimal("0.1000000000000000000001")})
