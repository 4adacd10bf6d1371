"""Logs of a whole evening with faults, at DEBUG: no customer's name, no note, no reference, whoever says it."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from posplugin.accounting_system import AccountingError
from posplugin.console.gate import Gate
from posplugin.domain.customer import Customer
from posplugin.domain.errors import PosPluginError
from posplugin.domain.payment import PaymentField, PaymentVoid
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from posplugin.till.till import Till
from tests.integration.console.visitor import Visitor
from tests.integration.sender.shop import SETTLES, Shop, quick_pacer

#: A part of every name, note and reference here, and of nothing else.
NAME = "Hemmeligsen"
PEOPLE = (10002, 10003, 10005, 10777)


class Gossip:
    """A PowerOffice that names people in everything it complains of, now and then."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.is_on = False

    def __call__(self, answer: httpx.Response) -> httpx.Response:
        if not self.is_on or self._random.random() < 0.6:
            return answer
        answer.read()
        status = self._random.choice((200, 400, 401, 403, 404, 409, 422, 429, 500, 503))
        title = f"Customer Ola {NAME} (Kari {NAME}) {self._random.choice(('is archived', 'not found', 'privilege'))}"
        content = json.dumps({"title": title, "detail": title, "errors": {"CustomerNo": [title]}}).encode()
        return httpx.Response(status, headers={"Retry-After": "0"}, content=content)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setattr("posplugin.app.Pacer", lambda *_, **__: quick_pacer(10_000))
    monkeypatch.setattr("posplugin.sender.run.SEND_POLLS", (0.0,))
    with Simulator(None, requests_per_second=10_000) as go:
        opened = Shop(tmp_path, go, **SETTLES, invoicing='delivery = "confirmed"')
        people = [Customer(number=number, name=f"Ola {NAME} {number}") for number in PEOPLE]
        opened.app.customers.store(people, opened.clock())
        yield opened
        opened.close()


def _fields(number: int) -> dict[PaymentField, str]:
    return {field: f"{field} {NAME} {number}" for field in PaymentField}


@pytest.mark.parametrize("seed", [1, 2])
def test_no_name_and_no_note_is_in_any_log_line(
    seed: int, shop: Shop, records: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    gossip, send = Gossip(seed), httpx.HTTPTransport.handle_request
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda self, r: gossip(send(self, r)))
    gossip.is_on = True
    for number in range(8):
        customer = PEOPLE[number % len(PEOPLE)]
        request = shop.promise(str(number), {25: 10000 + number}, customer=customer, fields=_fields(number))
        if number == 3:
            shop.app.till().void(PaymentVoid(ref=request.ref, why=f"betalt av {NAME}"))
        else:
            shop.app.till().capture(request)
    assert shop.app.till().authorize(shop.request("99", {25: 1000}, customer=1, fields=_fields(99))).__class__
    shop.close_day(1)
    visitor = Visitor(shop.app, Gate(8901))
    for night in range(4):
        if night == 2:  # what nobody expected, and it names somebody
            monkeypatch.setattr("posplugin.poweroffice.gateway.from_order", _crash)
        for work in (shop.send, shop.app.follow, shop.app.sync_customers, shop.app.office().check, shop.app._tick):
            with suppress(PosPluginError, AccountingError):
                work()
        shop.later()
    for record in shop.app.outbox.in_status(Status.NEEDS_ATTENTION):
        for path, form in ((f"/record/{record.id}/amend", {"customer": "1"}), (f"/record/{record.id}/discard", {})):
            visitor.post(path, {**form, "how": f"ringte {NAME}", "your_reference": f"Per {NAME}"})
    monkeypatch.setattr(Till, "find_customers", _crash)
    monkeypatch.setattr("posplugin.office.Office.find", _crash)
    assert visitor.get("/", query_string={"q": NAME}).status_code == 500

    told = [f"{record.getMessage()} {_shown(record)}" for record in records if record.name.startswith("posplugin")]
    assert len(told) > 20
    assert any("page_crashed" in each for each in told)
    assert any("Traceback" in each for each in told)
    assert [each for each in told if NAME in each] == []
    assert [record.name for record in records if NAME in _shown(record)] == []


def _crash(*_: object, **__: object) -> None:
    raise RuntimeError(f"what {NAME} wrote cannot be shown")


def _shown(record: logging.LogRecord) -> str:
    """Return all that a handler could write of a record."""
    trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    return f"{record.getMessage()} {vars(record)!r} {trace}"
