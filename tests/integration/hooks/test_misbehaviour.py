"""No plugin can stop the till, whatever it does; the failure names it, and the others go on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from typing import Any, NoReturn

import pluggy
import pytest

from posplugin.domain.payment import (
    Authorization,
    ChannelStatus,
    Light,
    Outcome,
    PaymentChannel,
    PaymentRef,
    PaymentRequest,
    PaymentVoid,
    Refusal,
    RefusalCode,
    Terminal,
)
from posplugin.domain.sale import Sale
from posplugin.domain.zreport import CashSales, ZReport
from posplugin.hooks import HostFailure, PosHost, hookimpl
from posplugin.texts import texts
from tests.fixtures.clocks import EVENING
from tests.fixtures.sales import DAY, request, sale, tender
from tests.integration.hooks.plugins import RECEIPT, Good

TERMINAL = Terminal(terminal_id="bar-1", department="bar")
PATIENCE = 0.1
Z = ZReport(terminal_id="bar-1", number=1, business_date=DAY, closed_at=EVENING, cash=CashSales())

HOOKS = (
    "pos_startup",
    "pos_payment_channels",
    "pos_find_customers",
    "pos_authorize_payment",
    "pos_capture_payment",
    "pos_void_payment",
    "pos_day_closed",
    "pos_channel_status",
    "pos_shutdown",
)
#: Hooks whose answer the host reads; of the others any answer will do.
ANSWERED = HOOKS[1:5] + HOOKS[6:8]
#: Hooks that are called before the plugin is in use.
LOADING = HOOKS[:2]


def unknown(_: PaymentRef) -> Outcome:
    return Outcome.UNKNOWN


def host_of(terminal: Terminal = TERMINAL, /, **plugins: object) -> PosHost:
    return PosHost.load(terminal, unknown, plugins=plugins, patience=PATIENCE)


def room(sale_id: str = "s-1", channel: str = "room") -> PaymentRequest:
    """A payment on the channel of `Good`."""
    asked: Sale = sale(100_00, [tender(100_00, channel)], sale_id=sale_id)
    return request(asked, tender_id=channel)


def use(host: PosHost) -> dict[str, object]:
    """Call everything a till calls, of "bad" too; hook → what the till got of "room"."""
    if any(channel.channel_id == "bad" for channel in host.channels()):
        host.authorize(room(channel="bad"))
        host.capture(room(channel="bad"))
    return {
        "pos_payment_channels": host.channels(),
        "pos_find_customers": host.find_customers("a"),
        "pos_authorize_payment": host.authorize(room()),
        "pos_capture_payment": host.capture(room()),
        "pos_void_payment": host.void(room("s-2").ref, "no"),  # type: ignore[func-returns-value]
        "pos_day_closed": host.day_closed(Z),
        "pos_channel_status": host.status(),
        "pos_shutdown": host.shutdown(),  # type: ignore[func-returns-value]
    }


def raises(_: object) -> NoReturn:
    raise RuntimeError("the disk is full")


def raises_without_words(_: object) -> NoReturn:
    raise KeyError


class Stop(BaseException):
    """Not an Exception."""


def raises_base(_: object) -> NoReturn:
    raise Stop("at once")


def exits(_: object) -> NoReturn:
    raise SystemExit(3)


@pytest.fixture
def release() -> Iterator[threading.Event]:
    """Lets go, at the end, of the threads of plugins that hang."""
    event = threading.Event()
    yield event
    event.set()


def coroutine(_: object) -> object:
    async def answer() -> bool:
        return True

    return answer()


RAISES: dict[str, tuple[Callable[[Any], object], str]] = {
    "raises": (raises, "raised RuntimeError: the disk is full"),
    "raises without words": (raises_without_words, "raised KeyError"),
    "raises no Exception": (raises_base, "raised Stop: at once"),
    "exits": (exits, "raised SystemExit: 3"),
    "is a coroutine": (coroutine, "returned a coroutine"),
}
WRONG: dict[str, tuple[Callable[[Any], object], str]] = {
    "None": (lambda _: None, "returned NoneType instead of"),
    "text": (lambda _: "yes", "returned str instead of"),
    "a number": (lambda _: 1, "returned int instead of"),
    "a dict": (lambda _: {}, "returned dict instead of"),
}


def check_failed(host: PosHost, hook: str, words: str) -> None:
    """The one failure names plugin, hook and cause."""
    first = host.failures[0]
    assert (first.plugin, first.hook) == ("bad", hook)
    assert words in first.text
    assert str(first) == f"bad: {hook}: {first.text}"


def check_others_go_on(host: PosHost, other: Good) -> None:
    """Another plugin was asked everything, once."""
    assert [hook for hook in other.asked if hook != "pos_void_payment"] == [
        hook for hook in HOOKS if hook != "pos_void_payment"
    ]
    assert {failure.plugin for failure in host.failures} == {"bad"}


@pytest.mark.parametrize("first", ["bad", "good"])
@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize(("does", "words"), RAISES.values(), ids=RAISES)
def test_a_plugin_that_raises_costs_its_own_answer_alone(
    hook: str, does: Callable[[Any], object], words: str, first: str
) -> None:
    other = Good()
    bad = Good("bad", **{hook: does})
    host = host_of(**({"bad": bad, "good": other} if first == "bad" else {"good": other, "bad": bad}))
    used = use(host)
    check_failed(host, hook, words)
    check_others_go_on(host, other)
    assert isinstance(used["pos_authorize_payment"], Authorization)
    assert used["pos_capture_payment"] is True


@pytest.mark.parametrize("hook", HOOKS)
def test_a_plugin_that_hangs_costs_its_time_and_no_more(hook: str, release: threading.Event) -> None:
    other = Good()
    host = host_of(bad=Good("bad", **{hook: lambda _: release.wait(30)}), good=other)
    use(host)
    check_failed(host, hook, "gave no answer within 0.1 seconds")
    check_others_go_on(host, other)


@pytest.mark.parametrize("hook", ANSWERED)
@pytest.mark.parametrize(("does", "words"), WRONG.values(), ids=WRONG)
def test_an_answer_of_a_wrong_type_is_no_answer(hook: str, does: Callable[[Any], object], words: str) -> None:
    other = Good()
    bad = Good("bad", **{hook: does})
    host = host_of(bad=bad, good=other)
    use(host)
    check_failed(host, hook, words)
    check_others_go_on(host, other)


@pytest.mark.parametrize("hook", ["pos_payment_channels", "pos_find_customers", "pos_channel_status"])
def test_a_list_with_something_else_in_it_is_no_list(hook: str) -> None:
    host = host_of(bad=Good("bad", **{hook: lambda _: [coroutine(0).close(), "x"]}))  # type: ignore[attr-defined]
    use(host)
    check_failed(host, hook, "returned NoneType among its ")


@pytest.mark.parametrize("hook", ["pos_authorize_payment", "pos_capture_payment", "pos_day_closed"])
def test_a_list_where_one_is_due_is_no_answer(hook: str) -> None:
    host = host_of(bad=Good("room", **{hook: lambda _: [True]}))
    assert not isinstance(host.authorize(room()), Authorization) or hook != "pos_authorize_payment"
    assert host.capture(room()) is (hook != "pos_capture_payment")
    assert host.day_closed(Z) is (hook != "pos_day_closed")
    check_failed(host, hook, "returned list instead of ")


MISBEHAVES = {**{name: does for name, (does, _) in (RAISES | WRONG).items()}, "a promise for another": None}


@pytest.mark.parametrize("does", MISBEHAVES.values(), ids=MISBEHAVES)
@pytest.mark.parametrize(("language", "words"), [("nb", "Rom virker ikke"), ("en", "Room does not work right now")])
def test_a_promise_that_is_none_is_a_refusal_in_the_cashiers_language(
    does: Callable[[Any], object] | None, language: str, words: str
) -> None:
    other = PaymentRef("bar-1", "s-1", "another")
    does = does or (lambda _: Authorization(ref=other, receipt=RECEIPT))
    host = host_of(
        Terminal(terminal_id="bar-1", department="bar", language=language), bad=Good(pos_authorize_payment=does)
    )
    answer = host.authorize(room())
    assert isinstance(answer, Refusal)
    assert (answer.ref, answer.code) == (room().ref, RefusalCode.PLUGIN_FAILED)
    assert words in answer.text
    assert len(host.failures) == 1


def test_a_refusal_for_another_payment_is_no_answer_either() -> None:
    wrong = Refusal(ref=PaymentRef("bar-1", "s-1", "another"), code=RefusalCode.TRAINING_SALE, text="No")
    host = host_of(bad=Good(pos_authorize_payment=lambda _: wrong))
    answer = host.authorize(room())
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.PLUGIN_FAILED
    check_failed(host, "pos_authorize_payment", "answered for bar-1/s-1/another, not bar-1/s-1/room")


def test_a_button_without_a_label_still_gets_a_sentence() -> None:
    button = PaymentChannel(channel_id="room", labels={})
    host = host_of(bad=Good(pos_payment_channels=lambda _: [button], pos_authorize_payment=raises))
    answer = host.authorize(room())
    assert isinstance(answer, Refusal)
    assert answer.text.startswith("room virker ikke")


def test_an_answer_that_comes_too_late_is_not_taken(release: threading.Event) -> None:
    """The host has voided by then, so that a plugin which promised all the same knows that it may not."""

    def late(asked: PaymentRequest) -> Authorization:
        release.wait(30)
        return Authorization(ref=asked.ref, receipt=RECEIPT)

    slow = Good(pos_authorize_payment=late)
    host = host_of(slow=slow)
    assert isinstance(host.authorize(room()), Refusal)
    assert slow.asked[-2:] == ["pos_authorize_payment", "pos_void_payment"]


# -- loading -----------------------------------------------------------------------------------------------------------


class Misspelt(Good):
    @hookimpl
    def pos_autorize_payment(self, request: PaymentRequest) -> None: ...


class MarkedWithoutPrefix(Good):
    @hookimpl
    def authorize(self, request: PaymentRequest) -> None: ...


class Unmarked:
    def pos_shutdown(self) -> None: ...


class MarkedForAnother:
    @pluggy.HookimplMarker("posterminal")
    def pos_shutdown(self) -> None: ...


class WrongArgument:
    @hookimpl
    def pos_shutdown(self, till: Terminal) -> None: ...


class Newer(Good):
    contract_version = (2, 0)


class NewerMinor(Good):
    contract_version = (1, 9)


class Older(Good):
    contract_version = (0, 9)


class NoVersion(Good):
    contract_version = None  # type: ignore[assignment]


class Explodes:
    def __dir__(self) -> list[str]:
        raise Stop("do not look")


UNUSABLE: dict[str, tuple[object, str]] = {
    "misspelt": (Misspelt(), "pos_autorize_payment, which is no hook; hooks are pos_authorize_payment, "),
    "a hook of no name": (MarkedWithoutPrefix(), "authorize"),
    "no marker": (Unmarked(), "no hook marked for 'pos_terminal'"),
    "another marker": (MarkedForAnother(), "no hook marked for 'pos_terminal'"),
    "a wrong argument": (WrongArgument(), "till"),
    "a class": (Good, "gave a class"),
    "nothing": (None, "gave nothing"),
    "a number": (7, "no hook marked"),
    "a newer contract": (Newer(), "version 2 of the contract, this till speaks 1"),
    "an older contract": (Older(), "version 0 of the contract, this till speaks 1"),
    "a contract of no version": (NoVersion(), "TypeError"),
    "an object that will not be looked at": (Explodes(), "Stop: do not look"),
}


@pytest.mark.parametrize(("plugin", "words"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_used_is_left_out_and_named(plugin: object, words: str) -> None:
    other = Good()
    host = host_of(bad=plugin, good=other)
    check_failed(host, "load", words)
    assert "plugin bad given is left out: " in host.failures[0].text
    assert [channel.channel_id for channel in host.channels()] == ["room"]
    use(host)
    check_others_go_on(host, other)
    assert len(host.failures) == 1


def test_a_minor_version_of_the_contract_only_adds() -> None:
    assert host_of(newer=NewerMinor()).failures == []


def entry_points(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    found = [EntryPoint(name, value, "pos_terminal") for name, value in values.items()]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: found)


@pytest.fixture
def modules(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules as a broken installation has them."""
    (tmp_path / "broken_import.py").write_text("import no_such_module_anywhere\n")
    (tmp_path / "exits_on_import.py").write_text("import sys\nsys.exit(2)\n")
    (tmp_path / "raising_factory.py").write_text("def create():\n    raise OSError('no disk')\n")
    (tmp_path / "none_factory.py").write_text("def create():\n    return None\n")
    (tmp_path / "good_one.py").write_text("from tests.integration.hooks.plugins import Good as create\n")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("broken_import:create", "ModuleNotFoundError: No module named 'no_such_module_anywhere'"),
        ("exits_on_import:create", "SystemExit: 2"),
        ("raising_factory:create", "OSError: no disk"),
        ("none_factory:create", "gave nothing"),
        ("good_one:missing", "AttributeError"),
        ("no_such_module_at_all:create", "ModuleNotFoundError"),
    ],
)
def test_an_entry_point_that_fails_stops_nobody(monkeypatch: pytest.MonkeyPatch, value: str, words: str) -> None:
    entry_points(monkeypatch, bad=value, good="good_one:create")
    host = PosHost.load(TERMINAL, unknown, patience=PATIENCE)
    check_failed(host, "load", words)
    assert [channel.channel_id for channel in host.channels()] == ["room"]
    host.shutdown()


@pytest.mark.usefixtures("modules")
def test_two_plugins_of_one_name_leave_the_first_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [EntryPoint("twin", "good_one:create", "pos_terminal")] * 2
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: found)
    host = PosHost.load(TERMINAL, unknown, patience=PATIENCE)
    assert [failure.plugin for failure in host.failures] == ["twin"]
    assert isinstance(host.authorize(room()), Authorization)


def test_a_second_owner_of_a_channel_is_refused_whole_and_stopped() -> None:
    log: list[tuple[str, str]] = []
    first, thief = Good("room", log=[]), Good("room", log)
    host = host_of(good=first, bad=thief)
    check_failed(host, "load", "claims the channel 'room', which belongs to good")
    assert thief.asked == ["pos_startup", "pos_payment_channels", "pos_shutdown"]
    use(host)
    check_others_go_on(host, first)
    assert len(thief.asked) == 3


def test_a_plugin_that_claims_our_channel_and_one_of_its_own_gets_neither() -> None:
    buttons = [PaymentChannel(channel_id=name, labels={"nb": name}) for name in ("tab", "room")]
    host = host_of(good=Good(), bad=Good(pos_payment_channels=lambda _: buttons))
    assert [channel.channel_id for channel in host.channels()] == ["room"]
    refused = host.authorize(room(channel="tab"))
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.UNKNOWN_CHANNEL


def test_a_plugin_whose_startup_fails_is_asked_nothing_more() -> None:
    bad = Good("bad", pos_startup=raises)
    use(host_of(bad=bad))
    assert bad.asked == ["pos_startup"]


def test_a_plugin_that_fails_to_say_its_channels_has_none_and_its_other_hooks_go_on() -> None:
    bad = Good(pos_payment_channels=raises)
    host = host_of(bad=bad)
    assert host.channels() == ()
    assert host.find_customers("a") != ()


def test_a_failed_load_never_ends_the_till_but_ctrl_c_does(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def __dir__(self) -> list[str]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        host_of(bad=Interrupted())


# -- routing -----------------------------------------------------------------------------------------------------------


def test_payments_go_to_the_channels_owner_alone() -> None:
    log: list[tuple[str, str]] = []
    host = host_of(one=Good("one", log), two=Good("two", log))
    log.clear()
    asked = room(channel="two")
    host.authorize(asked)
    host.capture(asked)
    host.authorize(room("s-2", channel="two"))
    host.void(room("s-2", channel="two").ref, "card declined")
    assert log == [
        ("two", "pos_authorize_payment"),
        ("two", "pos_capture_payment"),
        ("two", "pos_authorize_payment"),
        ("two", "pos_void_payment"),
    ]


def test_a_void_after_a_restart_reaches_every_plugin_since_nobody_knows_whose_it_is() -> None:
    log: list[tuple[str, str]] = []
    host = host_of(one=Good("one", log), two=Good("two", log))
    log.clear()
    host.void(room().ref, "abandoned")
    assert log == [("one", "pos_void_payment"), ("two", "pos_void_payment")]


@pytest.mark.parametrize("does", [raises, raises_base, coroutine, lambda _: None])
def test_a_plugin_that_gave_no_answer_is_told_that_the_payment_will_not_be(does: Callable[[Any], object]) -> None:
    voids: list[PaymentVoid] = []
    bad = Good(pos_authorize_payment=does, pos_void_payment=voids.append)
    host_of(bad=bad, other=Good("other")).authorize(room())
    assert voids == [PaymentVoid(ref=room().ref, why="plugin_failed")]


def test_a_plugin_that_refused_is_not_voided() -> None:
    no = Refusal(ref=room().ref, code=RefusalCode.TRAINING_SALE, text="No")
    plugin = Good(pos_authorize_payment=lambda _: no)
    assert host_of(plugin=plugin).authorize(room()) == no
    assert plugin.asked[-1] == "pos_authorize_payment"


@pytest.mark.parametrize(("language", "words"), [("nb", "ingen betalingsmåte"), ("en", "no payment method")])
def test_an_unknown_channel_is_refused_in_the_cashiers_language(language: str, words: str) -> None:
    host = host_of(Terminal(terminal_id="bar-1", department="bar", language=language))
    refused = host.authorize(room(channel="coupon"))
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.UNKNOWN_CHANNEL
    assert words in refused.text
    assert "coupon" in refused.text
    assert host.capture(room(channel="coupon")) is False
    assert host.failures == []


def test_an_unknown_language_falls_back_to_bokmal() -> None:
    refused = host_of(Terminal(terminal_id="bar-1", department="bar", language="fi")).authorize(room())
    assert isinstance(refused, Refusal)
    assert "ingen betalingsmåte" in refused.text


# -- the Z and the lamp ------------------------------------------------------------------------------------------------


def test_a_z_is_kept_only_when_every_plugin_that_takes_it_kept_it() -> None:
    assert host_of(one=Good("one"), two=Good("two")).day_closed(Z) is True
    assert host_of(one=Good("one"), two=Good("two", pos_day_closed=lambda _: False)).day_closed(Z) is False
    assert host_of(one=Good("one"), two=Good("two", pos_day_closed=raises)).day_closed(Z) is False


def test_a_z_that_nobody_kept_is_not_kept() -> None:
    """Otherwise the till's journal would strike it out, and the settlement be lost."""
    assert host_of().day_closed(Z) is False
    host = host_of(one=Good("one"))
    host.shutdown()
    assert host.day_closed(Z) is False


@pytest.mark.parametrize("plugin", [Unmarked(), Good("bad", pos_startup=raises)], ids=["load", "startup"])
def test_a_z_is_not_kept_while_a_plugin_is_left_out(plugin: object) -> None:
    assert host_of(bad=plugin, good=Good()).day_closed(Z) is False


@pytest.mark.parametrize(("language", "words"), [("nb", "Rom virker ikke"), ("en", "Room does not work")])
def test_a_plugin_that_cannot_say_how_it_is_has_a_red_lamp_with_the_cause(language: str, words: str) -> None:
    host = host_of(
        Terminal(terminal_id="bar-1", department="bar", language=language), bad=Good(pos_channel_status=raises)
    )
    (lamp,) = host.status()
    assert (lamp.channel_id, lamp.light) == ("room", Light.RED)
    assert words in lamp.text
    assert lamp.notices == ("bad: pos_channel_status: raised RuntimeError: the disk is full",)


def test_nobody_speaks_for_anothers_lamp() -> None:
    green = ChannelStatus(channel_id="room", light=Light.GREEN, text="OK")
    host = host_of(good=Good(pos_channel_status=raises), bad=Good("tab", pos_channel_status=lambda _: [green]))
    assert {lamp.channel_id: lamp.light for lamp in host.status()} == {"room": Light.RED, "tab": Light.RED}


def test_customers_of_all_plugins_are_found_and_no_more_than_asked_for() -> None:
    host = host_of(one=Good("one"), two=Good("two"), bad=Good("bad", pos_find_customers=raises))
    assert len(host.find_customers("a")) == 2
    assert len(host.find_customers("a", limit=1)) == 1


# -- the end -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["raises", "hangs"])
def test_the_till_stops_although_a_plugin_will_not(how: str, release: threading.Event) -> None:
    does = raises if how == "raises" else lambda _: release.wait(30)
    log: list[tuple[str, str]] = []
    host = host_of(first=Good("first", log), bad=Good("bad", log, pos_shutdown=does))
    host.shutdown()
    assert log[-2:] == [("bad", "pos_shutdown"), ("first", "pos_shutdown")]  # last loaded, first stopped
    check_failed(host, "pos_shutdown", "raised" if how == "raises" else "no answer")


def test_after_shutdown_every_method_answers_and_asks_nobody() -> None:
    plugin = Good()
    host = host_of(good=plugin)
    host.shutdown()
    asked = len(plugin.asked)
    host.shutdown()
    assert host.channels() == ()
    assert host.find_customers("a") == ()
    assert isinstance(host.authorize(room()), Refusal)
    assert host.capture(room()) is False
    host.void(room().ref, "late")
    assert host.status() == ()
    assert len(plugin.asked) == asked


def test_two_hosts_in_one_process_share_nothing() -> None:
    one, two = Good(), Good()
    first, second = host_of(plugin=one), host_of(Terminal(terminal_id="bar-2", department="bar"), plugin=two)
    first.authorize(room())
    first.shutdown()
    assert isinstance(second.authorize(room()), Authorization)
    assert two.asked.count("pos_authorize_payment") == 1
    assert "pos_shutdown" not in two.asked


def test_many_threads_may_pay_at_once() -> None:
    plugin = Good()
    host = host_of(plugin=plugin)
    host.patience = 10
    answers: list[object] = []

    def pay(number: int) -> None:
        asked = room(f"s-{number}")
        answers.append(host.authorize(asked))
        answers.append(host.capture(asked))

    threads = [threading.Thread(target=pay, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, Authorization) for answer in answers) == 20
    assert answers.count(True) == 20
    assert host.failures == []


def test_a_failure_is_a_sentence() -> None:
    assert str(HostFailure("posplugin", "load", "no settings")) == "posplugin: load: no settings"
    assert RefusalCode.PLUGIN_FAILED in texts("nb").refusal
