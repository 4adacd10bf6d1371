"""Whole runs at a PowerOffice whose answers are wrong now and then: every record is delivered once, or says why not.

`--hypothesis-profile=long` for more of them.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from posplugin.domain.errors import PosPluginError
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.fixtures.long import IS_LONG
from tests.fuzz.twisting import WRONG, Twist, places
from tests.integration.sender.settled import settled
from tests.integration.sender.shop import SETTLES, Shop

NIGHTS = 40 if IS_LONG else 4


class Liar:
    """Twists one answer in so many."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._one_in = self._random.choice((2, 4, 8))
        self.is_on = False
        self.told: list[str] = []

    def answer(self, request: httpx.Request, told: httpx.Response) -> httpx.Response:
        content = told.read()
        if not (self.is_on and content and told.is_success and self._random.randrange(self._one_in) == 0):
            return told
        place = self._random.choice(list(places(json.loads(content))))
        twist = Twist(f"{request.method} {request.url.path}", place, self._random.choice(WRONG))
        self.told.append(str(twist))
        headers = {name: value for name, value in told.headers.items() if name != "content-length"}
        return httpx.Response(told.status_code, headers=headers, content=twist.apply(content))


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000) as simulator:
        simulator.allow_send_invoice = True
        yield simulator


@pytest.mark.parametrize("seed", range(NIGHTS))
def test_nothing_is_lost_doubled_or_left_without_a_reason(
    seed: int, tmp_path: Path, go: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    liar, send = Liar(seed), httpx.HTTPTransport.handle_request
    monkeypatch.setattr(
        httpx.HTTPTransport, "handle_request", lambda self, request: liar.answer(request, send(self, request))
    )
    monkeypatch.setattr("posplugin.sender.run.SEND_POLLS", (0.0,))
    delivery = random.Random(seed).choice(("draft", "confirmed", "send"))
    shop = Shop(tmp_path, go, **SETTLES, invoicing=f'delivery = "{delivery}"')
    try:
        shop.evening(4)
        shop.close_day(1)
        liar.is_on = True
        for _ in range(4):
            for work in (
                shop.send,
                shop.app.follow,
                shop.app.sync_customers,
                lambda: shop.app.office().check(draft=True),
            ):
                try:
                    work()
                except PosPluginError as error:
                    liar.told.append(f"  said: {error}")
            shop.later()
        liar.is_on = False
        shop.app.sync_customers()
        shop.until_quiet()

        for record in shop.records():
            if record.status is not Status.DELIVERED:
                assert record.status is Status.NEEDS_ATTENTION, (shop.standing(), liar.told)
                assert record.reason, (shop.standing(), liar.told)
                assert record.detail, (shop.standing(), liar.told)
        assert any("=" in told for told in liar.told)
        there = Counter(reference for reference, _, _ in shop.ledger())
        assert set(there.values()) <= {1}, (there, liar.told)
        assert all(len(each) == 1 for each in settled(go).values()), liar.told
        wanted = {(record.reference, record.amount) for record in shop.records()}
        assert {(reference, amount) for reference, _, amount in shop.ledger() if "-i-" in reference} <= wanted
    finally:
        shop.close()
