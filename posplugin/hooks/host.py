"""The till's side of the contract: typed, one object per terminal, no globals, and no plugin can stop the till."""

from __future__ import annotations

import importlib.metadata
import inspect
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import pluggy

from posplugin.domain.errors import PluginLoadError
from posplugin.domain.payment import (
    Authorization,
    ChannelStatus,
    CustomerMatch,
    CustomerSearch,
    Light,
    Outcome,
    PaymentChannel,
    PaymentRef,
    PaymentRequest,
    PaymentVoid,
    Refusal,
    RefusalCode,
    Startup,
    Terminal,
)
from posplugin.domain.zreport import ZReport
from posplugin.hooks.specs import CONTRACT, PROJECT, PosTerminalSpec

T = TypeVar("T")

#: Seconds that a plugin may take to answer before the till goes on without it.
PATIENCE_SECONDS = 5.0
#: Seconds that the cashier waits for the void after a plugin has failed; it goes on by itself.
_VOID_SECONDS = 1.0

_SORRY = {
    "nb": "{label} virker ikke akkurat nå. Prøv én gang til, eller ta betalt på en annen måte.",
    "en": "{label} does not work right now. Try once more, or take payment another way.",
}
_NO_CHANNEL = {
    "nb": "Kassen har ingen betalingsmåte som heter «{channel}». Velg en annen.",
    "en": "The till has no payment method called “{channel}”. Take another.",
}


@dataclass(frozen=True, slots=True)
class HostFailure:
    """Something a plugin did that it must not; kept in `PosHost.failures` for whoever looks after the till."""

    plugin: str
    hook: str
    text: str

    def __str__(self) -> str:
        return f"{self.plugin}: {self.hook}: {self.text}"


class _Failed(Exception):
    """A plugin's call went wrong; the failure has been noted."""


@dataclass(eq=False)
class PosHost:
    """What a till uses to reach its payment plugins. Its methods may be called from any thread and never raise."""

    terminal: Terminal
    #: Everything that went wrong, oldest first.
    failures: list[HostFailure] = field(default_factory=list)
    #: Seconds that one call may take.
    patience: float = PATIENCE_SECONDS
    _manager: pluggy.PluginManager = field(init=False, repr=False)
    _owners: dict[str, str] = field(init=False, default_factory=dict, repr=False)
    _channels: dict[str, PaymentChannel] = field(init=False, default_factory=dict, repr=False)
    #: Whom a payment was asked of, until it is captured or voided.
    _asked: dict[PaymentRef, str] = field(init=False, default_factory=dict, repr=False)
    #: Whether every plugin could be loaded: one that could not may be the one that keeps Z reports.
    _whole: bool = field(init=False, default=True, repr=False)

    def __post_init__(self) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(PosTerminalSpec)

    @classmethod
    def load(
        cls,
        terminal: Terminal,
        outcome: Callable[[PaymentRef], Outcome],
        *,
        plugins: Mapping[str, object] | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> PosHost:
        """Load and start every plugin installed under the entry-point group `pos_terminal`. Never raises.

        A plugin that cannot be used is left out and named in `failures`; the others go on. `plugins` (name to
        object) takes the place of the installed ones.
        """
        host = cls(terminal, patience=patience)
        startup = Startup(terminal=terminal, contract=CONTRACT, outcome=outcome)
        for name, version, make in _installed() if plugins is None else _given(plugins):
            host._add(name, version, make, startup)
        return host

    def channels(self) -> tuple[PaymentChannel, ...]:
        """Return the payment buttons of all plugins."""
        return tuple(self._channels.values())

    def find_customers(self, text: str, limit: int = 20, department: str | None = None) -> tuple[CustomerMatch, ...]:
        """Return customers to pick for what has been typed; name the sale's department where it has one of its own."""
        search = CustomerSearch(text=text, limit=limit, department=department)
        found: list[CustomerMatch] = []
        for name in self._names():
            found += self._listed(name, "pos_find_customers", CustomerMatch, search=search)
        return tuple(found[:limit])

    def authorize(self, request: PaymentRequest) -> Authorization | Refusal:
        """Ask the channel's owner to promise a payment.

        After a `Refusal` the sale's other promises must be voided; this one needs nothing. After PLUGIN_FAILED the
        payment has been voided, so another try takes a new tender id.
        """
        channel = request.tender.channel
        owner = self._owners.get(channel)
        if owner is None:
            text = self._say(_NO_CHANNEL).format(channel=channel)
            return Refusal(ref=request.ref, code=RefusalCode.UNKNOWN_CHANNEL, text=text)
        self._asked[request.ref] = owner
        try:
            answer: Authorization | Refusal = self._typed(
                owner, "pos_authorize_payment", (Authorization, Refusal), request=request
            )
            if answer.ref != request.ref:
                raise self._fail(owner, "pos_authorize_payment", f"answered for {answer.ref}, not {request.ref}")
        except _Failed:
            # It may have promised all the same; but one that hangs is not waited for a second time.
            letting_go = threading.Thread(target=self.void, args=(request.ref, RefusalCode.PLUGIN_FAILED), daemon=True)
            letting_go.start()
            letting_go.join(_VOID_SECONDS)
            text = self._sorry(channel)
            return Refusal(ref=request.ref, code=RefusalCode.PLUGIN_FAILED, text=text)
        return answer

    def capture(self, request: PaymentRequest) -> bool:
        """Tell the owner that the sale is final. On False, repeat later: at start and before the Z."""
        owner = self._owners.get(request.tender.channel)
        kept = owner is not None and self._true(owner, "pos_capture_payment", request=request)
        if kept:
            self._asked.pop(request.ref, None)
        return kept

    def void(self, ref: PaymentRef, why: str) -> None:
        """Tell the owner that the payment will not happen; after a restart, when nobody knows it, all plugins."""
        owner = self._asked.pop(ref, None)
        for name in self._names() if owner is None else [owner]:
            self._quietly(name, "pos_void_payment", void=PaymentVoid(ref=ref, why=why))

    def day_closed(self, z_report: ZReport) -> bool:
        """Hand over a Z report. On False (a plugin failed, is left out, or none keeps them) repeat later."""
        names = [name for name in self._names() if self._has(name, "pos_day_closed")]
        kept = [self._true(name, "pos_day_closed", z_report=z_report) for name in names]
        return bool(kept) and all(kept) and self._whole

    def status(self) -> tuple[ChannelStatus, ...]:
        """Return a lamp per channel; red with the cause for a plugin that could not be asked."""
        lamps: list[ChannelStatus] = []
        for name in self._names():
            told = self._listed(name, "pos_channel_status", ChannelStatus, terminal=self.terminal)
            lamps += [lamp for lamp in told if self._owners.get(lamp.channel_id) == name]
        answered = {lamp.channel_id for lamp in lamps}
        for channel in self.channels():
            if channel.channel_id not in answered:
                text = self._sorry(channel.channel_id)
                notices = tuple(str(f) for f in self.failures if f.plugin == self._owners[channel.channel_id])
                lamps.append(
                    ChannelStatus(channel_id=channel.channel_id, light=Light.RED, text=text, notices=notices[-1:])
                )
        return tuple(lamps)

    def shutdown(self) -> None:
        """Stop every plugin, last loaded first."""
        for name in reversed(self._names()):
            self._quietly(name, "pos_shutdown", terminal=self.terminal)
            self._manager.unregister(name=name)
        self._owners.clear()
        self._channels.clear()

    # -- loading ---------------------------------------------------------------------------------------------------

    def _add(self, name: str, version: str, make: Callable[[], object], startup: Startup) -> None:
        plugin: object = None
        try:
            plugin = make()
            self._register(name, plugin)
            if self._has(name, "pos_startup"):
                self._call(name, "pos_startup", partial(_shut_down, plugin, self.terminal), startup=startup)
            self._claim(name)
        except _Failed:
            self._drop(name, plugin)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a plugin's module may raise SystemExit; the till must live
            self._drop(name, plugin)
            cause = PluginLoadError(f"plugin {name} {version} is left out: {_in_words(error)}")
            self._fail(name, "load", str(cause))

    def _register(self, name: str, plugin: object) -> None:
        if plugin is None:
            raise PluginLoadError("the entry point gave nothing; it must give an object")
        if inspect.isclass(plugin):
            raise PluginLoadError("the entry point gave a class; it must give an object")
        if (version := getattr(plugin, "contract_version", CONTRACT))[0] != CONTRACT[0]:
            raise PluginLoadError(
                f"it speaks version {version[0]} of the contract, this till speaks {CONTRACT[0]}; "
                "install versions of both that fit"
            )
        known = {hook for hook in vars(PosTerminalSpec) if hook.startswith("pos_")}
        unknown = [hook for hook in dir(plugin) if hook.startswith("pos_") and hook not in known]
        if unknown:
            names = ", ".join(sorted(known))
            raise PluginLoadError(f"it has {', '.join(unknown)}, which is no hook; hooks are {names}")
        self._manager.register(plugin, name)
        self._manager.check_pending()
        if not self._manager.get_hookcallers(plugin):
            raise PluginLoadError(f"it has no hook marked for {PROJECT!r}; use posplugin.hooks.hookimpl")

    def _claim(self, name: str) -> None:
        claimed = self._listed(name, "pos_payment_channels", PaymentChannel, terminal=self.terminal)
        for channel in claimed:
            if owner := self._owners.get(channel.channel_id):
                self._quietly(name, "pos_shutdown", terminal=self.terminal)
                raise PluginLoadError(f"it claims the channel {channel.channel_id!r}, which belongs to {owner}")
        for channel in claimed:
            self._owners[channel.channel_id] = name
            self._channels[channel.channel_id] = channel

    def _drop(self, name: str, plugin: object) -> None:
        """Leave a plugin out; the one that has its name already, if any, stays."""
        self._whole = False
        if plugin is not None and self._manager.get_plugin(name) is plugin:
            self._manager.unregister(name=name)

    # -- calling ---------------------------------------------------------------------------------------------------

    def _names(self) -> list[str]:
        return [name for name, _ in self._manager.list_name_plugin()]

    def _has(self, name: str, hook: str) -> bool:
        callers = self._manager.get_hookcallers(self._manager.get_plugin(name)) or []
        return any(caller.name == hook for caller in callers)

    def _call(self, name: str, hook: str, if_late: Callable[[], None] | None = None, /, **arguments: object) -> object:
        """Call one plugin on a thread of its own, so that one that hangs costs `patience` and no more.

        `if_late` is called there when the answer comes after all, and nobody waits for it any more.
        """
        others = [plugin for other, plugin in self._manager.list_name_plugin() if other != name]
        caller = self._manager.subset_hook_caller(hook, others)
        outcome: list[Any] = []
        deciding, given_up = threading.Lock(), threading.Event()

        def run() -> None:
            try:
                answer = (True, caller(**arguments))
            except BaseException as error:  # a plugin may raise SystemExit; the till must live
                answer = (False, error)
            with deciding:
                outcome.append(answer)
            if given_up.is_set() and if_late:
                if_late()

        thread = threading.Thread(target=run, name=f"{name}.{hook}", daemon=True)
        thread.start()
        thread.join(self.patience)
        with deciding:
            if not outcome:
                given_up.set()
        if given_up.is_set():
            raise self._fail(name, hook, f"gave no answer within {self.patience:g} seconds")
        went_well, value = outcome[0]
        if not went_well:
            raise self._fail(name, hook, f"raised {_in_words(value)}") from value
        answer: object = value[0] if value else None
        if inspect.iscoroutine(answer):
            answer.close()
            raise self._fail(name, hook, "returned a coroutine; hooks are plain functions")
        return answer

    def _typed(self, name: str, hook: str, wanted: tuple[type[Any], ...], **arguments: object) -> Any:
        answer = self._call(name, hook, **arguments)
        if not isinstance(answer, wanted):
            expected = " or ".join(kind.__name__ for kind in wanted)
            raise self._fail(name, hook, f"returned {type(answer).__name__} instead of {expected}")
        return answer

    def _true(self, name: str, hook: str, **arguments: object) -> bool:
        try:
            return bool(self._typed(name, hook, (bool,), **arguments))
        except _Failed:
            return False

    def _quietly(self, name: str, hook: str, **arguments: object) -> None:
        if self._has(name, hook):
            try:
                self._call(name, hook, **arguments)
            except _Failed:
                return

    def _listed(self, name: str, hook: str, kind: type[T], **arguments: object) -> Sequence[T]:
        if not self._has(name, hook):
            return ()
        try:
            answer = self._typed(name, hook, (list, tuple), **arguments)
        except _Failed:
            return ()
        if wrong := [item for item in answer if not isinstance(item, kind)]:
            self._fail(name, hook, f"returned {type(wrong[0]).__name__} among its {kind.__name__}s")
            return ()
        return tuple(answer)

    def _fail(self, name: str, hook: str, text: str) -> _Failed:
        self.failures.append(HostFailure(name, hook, text))
        return _Failed(text)

    def _sorry(self, channel: str) -> str:
        return self._say(_SORRY).format(label=self._channels[channel].label(self.terminal.language))

    def _say(self, texts: Mapping[str, str]) -> str:
        return texts.get(self.terminal.language) or texts["nb"]


def _shut_down(plugin: object, terminal: Terminal) -> None:
    """End a plugin that has been left out while it was still starting."""
    alone = pluggy.PluginManager(PROJECT)
    alone.add_hookspecs(PosTerminalSpec)
    alone.register(plugin)
    alone.hook.pos_shutdown(terminal=terminal)


def _in_words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _installed() -> Sequence[tuple[str, str, Callable[[], object]]]:
    found = importlib.metadata.entry_points(group=PROJECT)
    return [(e.name, e.dist.version if e.dist else "?", lambda e=e: e.load()()) for e in found]  # type: ignore[misc]


def _given(plugins: Mapping[str, object]) -> Sequence[tuple[str, str, Callable[[], object]]]:
    return [(name, "given", lambda p=plugin: p) for name, plugin in plugins.items()]  # type: ignore[misc]
