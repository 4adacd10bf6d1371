"""PowerOffice's answers with one thing wrong in them: understood, or told; never a crash, never another type.

Every member of every answer that we read is replaced by everything that it should not be: `--hypothesis-profile=long`
tries them all, a few minutes; otherwise a part of them, another for each member.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

from posplugin.accounting_system import AccountingError
from posplugin.domain.documents import Invoice
from posplugin.poweroffice.client import Keys, PowerOfficeClient
from posplugin.poweroffice.gateway import PowerOfficeGateway
from posplugin.poweroffice.pace import Pacer
from posplugin.settings import Settings
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY, Simulator
from tests.fixtures.journals import DAY, JOURNAL, NEXT, REFERENCE
from tests.fixtures.long import IS_LONG
from tests.fuzz.twisting import Recorder, Replay, Twist
from tests.integration.sender.shop import SETTLES, Shop

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
#: One in so many is tried, unless all are.
ONE_IN = 1 if IS_LONG else 9

Ask = Callable[[PowerOfficeGateway], Any]


@dataclasses.dataclass
class World:
    """A PowerOffice with documents in it, and what was recorded of it."""

    settings: Settings
    url: str
    invoice: Invoice
    ids: dict[str, str]
    asks: dict[str, Ask] = dataclasses.field(default_factory=dict)
    recorded: dict[str, Recorder] = dataclasses.field(default_factory=dict)

    def gateway(self, transport: Any) -> PowerOfficeGateway:
        keys = Keys(
            token_url=f"{self.url}/OAuth/Token",
            api_url=f"{self.url}/v2",
            application_key=APPLICATION_KEY,
            client_key=CLIENT_KEY,
            subscription_key=SUBSCRIPTION_KEY,
        )
        client = PowerOfficeClient(keys, Pacer(0.0, sleep=lambda _: None), transport=transport)
        client.pause = lambda _: None  # type: ignore[method-assign,assignment]
        return PowerOfficeGateway(client, self.settings, ["bar"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Everything that is ever asked, asked once."""
    with Simulator(None, requests_per_second=10_000) as go:
        go.allow_send_invoice = True
        shop = Shop(
            Path(tmp_path_factory.mktemp("till")),
            go,
            **SETTLES,
            invoicing='lines = "per_item"\ninvoice_fee = true\ninvoice_fee_amount = "39.00"',
        )
        shop.evening(2)
        shop.send()
        shop.sell("9", {25: 10000, 15: 5000})
        sent, draft = (shop.record(receipt).accounting_id or "" for receipt in ("1", "2"))
        made = World(shop.app.settings, go.url, shop.record("9").invoice(), {"sent": sent, "draft": draft})
        made.asks = _asks(made, shop.record("9").reference)
        for name, ask in made.asks.items():
            recorder = Recorder()
            gateway = made.gateway(recorder)
            try:
                ask(gateway)
            except AccountingError as error:
                raise AssertionError(f"{name}: {error}") from error
            finally:
                gateway.close()
            made.recorded[name] = recorder
        shop.close()
        yield made


def _asks(world: World, reference: str) -> dict[str, Ask]:
    invoice, sent, draft = world.invoice, world.ids["sent"], world.ids["draft"]
    left: dict[str, str] = {}

    def leave(go: PowerOfficeGateway) -> Any:
        posted = go.journals.post(JOURNAL, REFERENCE, as_draft=True)
        left.setdefault("draft", posted.accounting_id)
        return posted

    def post(go: PowerOfficeGateway) -> Any:
        posted = go.journals.post(JOURNAL, NEXT, as_draft=False)
        left.setdefault("journal", posted.accounting_id)
        return posted

    def expect(go: PowerOfficeGateway) -> Any:
        go.expect([invoice])
        return go.request_for(invoice, reference)

    return {
        "deliver": lambda go: go.deliver(invoice, reference),
        "posted_since": lambda go: go.posted_since(SINCE),
        "posted_for": lambda go: go.posted_for(10002),
        "expect": expect,
        "client_id": lambda go: go.client_id(),
        "order": lambda go: go.order(draft),
        "confirm": lambda go: go.confirm(draft),
        "attach": lambda go: go.attach(draft, "a.pdf", b"%PDF-1.4"),
        "attachments": lambda go: go.attachments(draft),
        "send": lambda go: go.send(sent),
        "send_state": lambda go: go.send_state(sent),
        "sent_since": lambda go: go.sent_since(SINCE),
        "balances": lambda go: go.balances_changed_since(SINCE),
        "customers": lambda go: go.customers(None),
        "open_items": lambda go: go.open_items(),
        "departments": lambda go: go.departments(),
        "fee_price": lambda go: go.fee_price("bar"),
        "connection": lambda go: go.verify_connection(
            lambda: NOW,
        ),
        "setup": lambda go: go.verify_setup(lambda: NOW, DAY),
        "measure": lambda go: go.measure_prices("pp-check-1", 10002, DAY),
        "leave": leave,
        "post": post,
        "journal_request": lambda go: go.journals.request_for(JOURNAL, NEXT, as_draft=False),
        "posted_between": lambda go: go.journals.posted_between(DAY, DAY, SINCE),
        "drafts_since": lambda go: go.journals.drafts_since(SINCE),
        "journal": lambda go: go.journals.journal(left["journal"], as_draft=False),
        "a_draft": lambda go: go.journals.journal(left["draft"], as_draft=True),
        "locked": lambda go: go.journals.locked_until(),
        "document": lambda go: go.journals.document(left["draft"], "z.pdf", b"%PDF-1.4", as_draft=True),
        "delete": lambda go: go.journals.delete_draft(left["draft"]),
        "reverse": lambda go: go.journals.reverse(left["journal"]),
        "reversed": lambda go: go.journals.reversed_since(DAY, DAY + timedelta(days=1), SINCE),
    }


NAMES = (
    *("deliver", "posted_since", "posted_for", "expect", "client_id", "order", "confirm", "attach", "attachments"),
    *("send", "send_state", "sent_since", "balances", "customers", "open_items", "departments", "fee_price"),
    *("connection", "setup", "measure", "leave", "post", "journal_request", "posted_between", "drafts_since"),
    *("journal", "a_draft", "locked", "document", "delete", "reverse", "reversed"),
)


def test_every_ask_is_tried(world: World) -> None:
    assert tuple(world.asks) == NAMES
    assert all(recorder.kept for recorder in world.recorded.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_answer_is_understood_or_told(name: str, world: World) -> None:
    recorder, fallen, tried = world.recorded[name], [], 0
    for number, twist in enumerate([None, *recorder.twists()]):
        if number and number % ONE_IN != len(name) % ONE_IN:
            continue
        tried += 1
        if fault := _fault(world, recorder, world.asks[name], twist):
            fallen.append(f"{twist}: {fault}")

    assert tried > 1 or not any(recorder.kinds)
    assert not fallen, f"{len(fallen)} of {tried}:\n" + "\n".join(fallen[:40])


def _fault(world: World, recorder: Recorder, ask: Ask, twist: Twist | None) -> str | None:
    gateway = world.gateway(Replay(recorder, twist))
    try:
        answer = ask(gateway)
    except AccountingError as error:
        if twist is None:
            return f"without a twist: {error}"
        _printable(error.words)
        return None if len(error.words) < 5000 else "its words are without end"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:100]}"
    finally:
        gateway.close()
    return _not_as_promised(answer)


def _not_as_promised(answer: Any) -> str | None:
    """Return what is wrong with the types of an answer, all the way down."""
    if isinstance(answer, str):
        return _printable(answer)
    if isinstance(answer, Sequence | frozenset | set):
        return next(filter(None, map(_not_as_promised, answer)), None)
    if not dataclasses.is_dataclass(answer):
        return None
    for field in dataclasses.fields(answer):
        value = getattr(answer, field.name)
        try:
            _hint(type(answer), field.name).validate_python(value, strict=True)
        except ValidationError:
            return f"{type(answer).__name__}.{field.name} is {value!r:.60}"
        if isinstance(value, int) and abs(value) >= 2**63:
            return f"{type(answer).__name__}.{field.name} is larger than a database takes"
        if isinstance(value, str) and (told := _printable(value)):
            return told
    return None


def _hint(kind: Any, name: str) -> TypeAdapter[Any]:
    hint = get_type_hints(kind)[name]
    return TypeAdapter(hint, config={"arbitrary_types_allowed": True} if not isinstance(hint, type) else None)


def _printable(text: str) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "half a letter"
    return None
