"""The installed plugin, loaded as a till loads it: each hook, and the whole of a till's day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import apsw
import pytest

from posplugin.app import App
from posplugin.domain.clock import utc_now
from posplugin.domain.payment import (
    Authorization,
    Light,
    Outcome,
    PaymentField,
    PaymentRef,
    PaymentRequest,
    Refusal,
    RefusalCode,
    Terminal,
)
from posplugin.domain.sale import Sale
from posplugin.domain.zreport import CashSales, ZReport
from posplugin.hooks import PosHost
from posplugin.hooks.plugin import InvoicePlugin, create
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from tests.fixtures.clocks import EVENING
from tests.fixtures.customers import COMPANY, CUSTOMERS
from tests.fixtures.sales import DAY, line, request, sale, tender
from tests.integration.hooks.plugins import Good

TERMINAL = Terminal(terminal_id="bar-1", department="bar")
Z = ZReport(terminal_id="bar-1", number=1, business_date=DAY, closed_at=EVENING, cash=CashSales())


@dataclass(eq=False)
class Installation:
    """A till with the plugin installed. `look` opens the same file as a technician does."""

    config: Path
    journal: dict[PaymentRef, Outcome] = field(default_factory=dict)
    hosts: list[PosHost] = field(default_factory=list)

    def start(self, terminal: Terminal = TERMINAL, plugins: Mapping[str, object] | None = None) -> PosHost:
        """Switch the till on."""
        host = PosHost.load(terminal, lambda ref: self.journal.get(ref, Outcome.UNKNOWN), plugins=plugins)
        self.hosts.append(host)
        return host

    def records(self) -> list[Record]:
        with App.open(self.config) as app:
            return app.outbox.select("1 ORDER BY id")

    def status_of(self, asked: PaymentRequest) -> Status | None:
        return {record.ref: record.status for record in self.records()}.get(asked.ref)


@pytest.fixture
def till(settings_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    config = settings_file()
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(config))
    with App.open(config) as app:
        app.customers.store(CUSTOMERS, utc_now())
    till = Installation(config)
    yield till
    for host in till.hosts:
        host.shutdown()


def promised(host: PosHost, of: Sale | None = None) -> PaymentRequest:
    """A payment that the plugin has promised."""
    asked = request(of)
    assert isinstance(host.authorize(asked), Authorization)
    return asked


def test_the_installed_plugin_is_found_by_its_entry_point(till: Installation) -> None:
    host = till.start()
    assert host.failures == []
    assert [channel.channel_id for channel in host.channels()] == ["invoice"]


def test_the_entry_point_is_a_factory_of_independent_plugins() -> None:
    assert isinstance(create(), InvoicePlugin)
    assert create() is not create()


# -- every hook --------------------------------------------------------------------------------------------------------


def test_hook_pos_startup(till: Installation) -> None:
    """Settles what a crash left behind, by the journal's word."""
    host = till.start()
    final, abandoned, open_ = (promised(host, sale(sale_id=f"s-{n}")) for n in (1, 2, 3))
    till.journal = {final.ref: Outcome.FINAL, abandoned.ref: Outcome.ABANDONED}
    till.start()
    assert [till.status_of(one) for one in (final, abandoned, open_)] == [
        *(Status.PENDING, Status.CANCELLED, Status.AUTHORIZED),
    ]


def test_hook_pos_payment_channels(till: Installation) -> None:
    (button,) = till.start().channels()
    assert (button.label("nb"), button.label("en")) == ("Faktura", "Invoice")
    assert button.needs_customer
    assert set(button.fields) == set(PaymentField)


def test_hook_pos_find_customers(till: Installation) -> None:
    host = till.start()
    assert [match.customer for match in host.find_customers("aerlig h")] == [COMPANY]
    assert len(host.find_customers("", limit=2)) == 2
    assert host.find_customers("no such customer") == ()


def test_hook_pos_authorize_payment(till: Installation) -> None:
    """On disk when it answers; the same facts give the same answer."""
    host = till.start()
    asked = request(sale([line(80_00), line(20_00, 15)]))
    answer = host.authorize(asked)
    assert isinstance(answer, Authorization)
    assert answer.ref == asked.ref
    assert ("Kunde", "10001 Ærlig Håndverk AS") in answer.receipt.rows
    assert till.status_of(asked) is Status.AUTHORIZED
    assert host.authorize(asked) == answer
    refused = host.authorize(request(sale(sale_id="s-2"), None))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.text) == (
        RefusalCode.CUSTOMER_REQUIRED,
        "Velg kunde før du tar betalt med Faktura.",
    )
    assert len(till.records()) == 1


def test_hook_pos_capture_payment(till: Installation) -> None:
    """Repeatable for ever, in any process; a missing record is made anew."""
    host = till.start()
    asked = promised(host)
    assert host.capture(asked) is True
    assert host.capture(asked) is True
    host.shutdown()
    assert till.start().capture(asked) is True
    never_promised = request(sale(sale_id="s-2"))
    assert till.start().capture(never_promised) is True
    assert [record.status for record in till.records()] == [Status.PENDING, Status.PENDING]


def test_hook_pos_void_payment(till: Installation) -> None:
    """Repeatable, and harmless for a payment never heard of; a late authorize is refused."""
    host = till.start()
    asked = promised(host)
    host.void(asked.ref, "card declined")
    host.void(asked.ref, "card declined")
    unheard = request(sale(sale_id="s-2"))
    host.void(unheard.ref, "timeout")
    assert till.status_of(asked) is Status.CANCELLED
    for late in (asked, unheard):
        answer = host.authorize(late)
        assert isinstance(answer, Refusal)
        assert answer.code is RefusalCode.PAYMENT_VOIDED
    assert host.failures == []


def test_hook_pos_void_payment_after_capture_is_named_and_changes_nothing(till: Installation) -> None:
    host = till.start()
    asked = promised(host)
    host.capture(asked)
    host.void(asked.ref, "too late")
    assert "captured and cannot be voided" in host.failures[0].text
    assert till.status_of(asked) is Status.PENDING


def test_hook_pos_day_closed(till: Installation) -> None:
    """Durable and repeatable; another report of the number is not taken."""
    host = till.start()
    assert host.day_closed(Z) is True
    assert host.day_closed(Z) is True
    assert host.day_closed(replace(Z, includes_invoiced=True)) is False
    assert "already kept with other totals" in host.failures[-1].text
    host.shutdown()
    assert till.start().day_closed(Z) is True


def test_hook_pos_channel_status(till: Installation) -> None:
    (lamp,) = till.start().status()
    assert (lamp.channel_id, lamp.light) == ("invoice", Light.YELLOW)  # check has not passed yet
    assert "posplugin check" in lamp.text


def test_hook_pos_shutdown(till: Installation) -> None:
    """Ends every thread and closes the file; whatever is asked afterwards is a named failure."""
    before = threading.active_count()
    plugin = create()
    host = till.start(plugins={"posplugin": plugin})
    asked = promised(host)
    host.shutdown()
    assert threading.active_count() == before
    assert not till.config.with_name("outbox.sqlite3-wal").exists()
    with pytest.raises(Exception, match="has been shut down"):
        plugin.pos_capture_payment(request=asked)
    plugin.pos_shutdown()


# -- a plugin that cannot start ----------------------------------------------------------------------------------------


def test_another_terminals_settings_are_refused_by_name(till: Installation) -> None:
    host = till.start(Terminal(terminal_id="bar-2", department="bar"))
    assert host.channels() == ()
    assert "the till is terminal 'bar-2', but terminal.id in " in host.failures[0].text
    assert "'bar-1'" in host.failures[0].text


def test_without_settings_the_till_goes_on_and_knows_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    host = PosHost.load(TERMINAL, lambda _: Outcome.UNKNOWN)
    assert host.channels() == ()
    assert host.failures[0].plugin == "posplugin"
    assert "posplugin init" in host.failures[0].text
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_fails_leaves_the_promise_as_it_is_and_faktura_in_place(till: Installation) -> None:
    """A payment that nobody can tell about is UNKNOWN; the till still has its button."""
    promised(till.start())

    def broken(_: PaymentRef) -> Outcome:
        raise OSError("no journal")

    host = PosHost.load(TERMINAL, broken)
    assert [channel.channel_id for channel in host.channels()] == ["invoice"]
    assert host.failures == []
    host.shutdown()


def test_an_outbox_of_a_newer_version_keeps_the_plugin_out_by_name(till: Installation) -> None:
    connection = apsw.Connection(str(till.config.with_name("outbox.sqlite3")))
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    host = till.start()
    assert host.channels() == ()
    assert "written by a newer posplugin" in host.failures[0].text


def test_a_till_that_cannot_write_in_time_refuses_and_says_why(till: Installation) -> None:
    """Another process holds the file: a hook waits 800 ms and no more."""
    host = till.start()
    other = apsw.Connection(str(till.config.with_name("outbox.sqlite3")))
    other.execute("BEGIN IMMEDIATE")
    answer = host.authorize(request())
    captured = host.capture(request())
    other.execute("ROLLBACK")
    other.close()
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.PLUGIN_FAILED
    assert captured is False
    assert "OutboxUnavailable" in host.failures[0].text
    assert host.capture(request()) is True


# -- a day -------------------------------------------------------------------------------------------------------------


def logged(log: list[tuple[str, str]]) -> Good:
    """Our plugin behind one that writes down what it is asked."""
    ours = create()
    without_argument = {"pos_payment_channels": ours.pos_payment_channels, "pos_shutdown": ours.pos_shutdown}
    asked: dict[str, Callable[[Any], object]] = {
        name: getattr(ours, name) for name in dir(ours) if name.startswith("pos_") and name not in without_argument
    }
    asked |= {name: lambda _, hook=hook: hook() for name, hook in without_argument.items()}  # type: ignore[misc]
    return Good("invoice", log, **asked)


def test_the_hooks_of_a_tills_day_in_order(till: Installation) -> None:
    """A split sale, a refused one, a declined card, a crash and its replay, the Z, the end: all hooks as one list."""
    log: list[tuple[str, str]] = []
    host = till.start(plugins={"posplugin": logged(log), "other": Good("room", log)})
    host.find_customers("ær")
    dinner = promised(host, sale([line(400_00), line(100_00, 15)], [tender(300_00), tender(200_00, "card")]))
    assert host.capture(dinner)
    assert isinstance(host.authorize(request(sale(sale_id="s-2"), 99999)), Refusal)
    declined = promised(host, sale(sale_id="s-3"))
    host.void(declined.ref, "card declined")
    crashed = promised(host, sale(sale_id="s-4"))
    host.shutdown()
    till.journal = {crashed.ref: Outcome.FINAL}
    host = till.start(plugins={"posplugin": logged(log), "other": Good("room", log)})
    assert host.capture(crashed)
    host.status()
    assert host.day_closed(Z)
    host.shutdown()
    starts = [
        *(("invoice", "pos_startup"), ("invoice", "pos_payment_channels")),
        *(("room", "pos_startup"), ("room", "pos_payment_channels")),
    ]
    stops = [("room", "pos_shutdown"), ("invoice", "pos_shutdown")]
    assert log == [
        *starts,
        *(("invoice", "pos_find_customers"), ("room", "pos_find_customers")),
        *(("invoice", "pos_authorize_payment"), ("invoice", "pos_capture_payment")),
        ("invoice", "pos_authorize_payment"),  # refused: nothing to undo
        *(("invoice", "pos_authorize_payment"), ("invoice", "pos_void_payment")),
        ("invoice", "pos_authorize_payment"),  # and the power goes
        *stops,
        *starts,
        ("invoice", "pos_capture_payment"),
        *(("invoice", "pos_channel_status"), ("room", "pos_channel_status")),
        *(("invoice", "pos_day_closed"), ("room", "pos_day_closed")),
        *stops,
    ]
    assert [(record.sale_id, record.status, record.amount) for record in till.records()] == [
        ("s-1", Status.PENDING, 300_00),
        ("s-3", Status.CANCELLED, 100_00),
        ("s-4", Status.PENDING, 100_00),
    ]
    assert host.failures == []


def test_many_cashiers_pay_at_once(till: Installation) -> None:
    """Every hook from any thread: each payment has one record, and none is lost."""
    host = till.start()
    wrong: list[object] = []

    def pay(number: int) -> None:
        asked = request(sale(sale_id=f"s-{number}"))
        if not isinstance(host.authorize(asked), Authorization) or not host.capture(asked):
            wrong.append(asked)
        host.find_customers("a")
        host.status()

    threads = [threading.Thread(target=pay, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert host.failures == []
    assert [record.status for record in till.records()] == [Status.PENDING] * 12


def test_the_same_payment_from_many_threads_has_one_record(till: Installation) -> None:
    host = till.start()
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(host.authorize(request()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(till.records()) == 1
    assert answers == [answers[0]] * 8
    assert isinstance(answers[0], Authorization)


def test_two_terminals_in_one_process_keep_apart(
    till: Installation, settings_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = till.start()
    other = settings_file("other.toml", terminal={"id": "bar-2"}, outbox={"path": "other.sqlite3"})
    with App.open(other) as app:
        app.customers.store(CUSTOMERS, utc_now())
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(other))
    second = till.start(Terminal(terminal_id="bar-2", department="bar"))
    promised(first)
    promised(second, sale(terminal_id="bar-2"))
    second.shutdown()
    promised(first, sale(sale_id="s-2"))
    assert [record.terminal_id for record in till.records()] == ["bar-1", "bar-1"]
