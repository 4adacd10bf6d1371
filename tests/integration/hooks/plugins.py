"""A plugin that does everything right, in which a test makes one thing go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from posplugin.domain.payment import (
    Authorization,
    ChannelStatus,
    CustomerMatch,
    CustomerSearch,
    Light,
    PaymentChannel,
    PaymentRequest,
    PaymentVoid,
    Receipt,
    Startup,
    Terminal,
)
from posplugin.domain.zreport import ZReport
from posplugin.hooks import CONTRACT, hookimpl
from tests.fixtures.customers import COMPANY

RECEIPT = Receipt(title="Utlevering", rows=())


class Good:
    """Owns one channel, answers every hook, and writes down what it was asked.

    `wrong` (hook → function of what the hook was given) takes the place of a right answer.
    """

    contract_version = CONTRACT

    def __init__(
        self,
        channel: str = "room",
        log: Any = None,
        **wrong: Callable[[Any], object],
    ) -> None:
        self.channel = channel
        self.log: list[tuple[str, str]] = [] if log is None else log
        self.wrong = wrong

    @property
    def asked(self) -> list[str]:
        """The hooks that were called, in order."""
        return [hook for _, hook in self.log]

    def _answer(self, hook: str, given: Any, right: object) -> Any:
        self.log.append((self.channel, hook))
        return self.wrong[hook](given) if hook in self.wrong else right

    @hookimpl
    def pos_startup(self, startup: Startup) -> None:
        return self._answer("pos_startup", startup, None)  # type: ignore[no-any-return]

    @hookimpl
    def pos_payment_channels(self, terminal: Terminal) -> list[PaymentChannel]:
        button = PaymentChannel(channel_id=self.channel, labels={"nb": "Rom", "en": "Room"})
        return self._answer("pos_payment_channels", terminal, [button])  # type: ignore[no-any-return]

    @hookimpl
    def pos_find_customers(self, search: CustomerSearch) -> list[CustomerMatch]:
        return self._answer("pos_find_customers", search, [CustomerMatch(customer=COMPANY)])  # type: ignore[no-any-return]

    @hookimpl
    def pos_authorize_payment(self, request: PaymentRequest) -> Authorization:
        yes = Authorization(ref=request.ref, receipt=RECEIPT)
        return self._answer("pos_authorize_payment", request, yes)  # type: ignore[no-any-return]

    @hookimpl
    def pos_capture_payment(self, request: PaymentRequest) -> bool:
        return self._answer("pos_capture_payment", request, True)  # type: ignore[no-any-return]

    @hookimpl
    def pos_void_payment(self, void: PaymentVoid) -> None:
        return self._answer("pos_void_payment", void, None)  # type: ignore[no-any-return]

    @hookimpl
    def pos_day_closed(self, z_report: ZReport) -> bool:
        return self._answer("pos_day_closed", z_report, True)  # type: ignore[no-any-return]

    @hookimpl
    def pos_channel_status(self, terminal: Terminal) -> list[ChannelStatus]:
        lamp = ChannelStatus(channel_id=self.channel, light=Light.GREEN, text="OK")
        return self._answer("pos_channel_status", terminal, [lamp])  # type: ignore[no-any-return]

    @hookimpl
    def pos_shutdown(self, terminal: Terminal) -> None:
        return self._answer("pos_shutdown", terminal, None)  # type: ignore[no-any-return]
