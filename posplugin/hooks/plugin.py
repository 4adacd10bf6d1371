"""The plugin that a till loads: each hook, said to the `Till`. Thin on purpose."""

from __future__ import annotations

from collections.abc import Sequence

from posplugin.app import App
from posplugin.domain.errors import PluginLoadError
from posplugin.domain.payment import (
    Authorization,
    ChannelStatus,
    CustomerMatch,
    CustomerSearch,
    PaymentChannel,
    PaymentRequest,
    PaymentVoid,
    Refusal,
    Startup,
    Terminal,
)
from posplugin.domain.zreport import ZReport
from posplugin.hooks.specs import CONTRACT, hookimpl
from posplugin.outbox import facts
from posplugin.till.till import Till


class InvoicePlugin:
    """Faktura. Settings are found by POSPLUGIN_CONFIG, or as posplugin.toml in the till's working folder."""

    contract_version = CONTRACT

    def __init__(self) -> None:
        self._app: App | None = None
        self._till: Till | None = None

    @hookimpl
    def pos_startup(self, startup: Startup) -> None:
        """Open the outbox, settle what a crash left, and start the sender if it lives in the till."""
        app = App.open_for_start()
        try:
            _same_terminal(startup.terminal.terminal_id, app)
            facts.prepare()
            till = app.till()
            till.settle(startup.outcome)
            app.hurry()
            if app.settings.schedule.runs_in == "till":
                app.start_schedule()
        except BaseException:
            app.close()
            raise
        self._app, self._till = app, till

    @hookimpl
    def pos_payment_channels(self) -> Sequence[PaymentChannel]:
        """Return the Faktura button."""
        return [self._ready().channel()]

    @hookimpl
    def pos_find_customers(self, search: CustomerSearch) -> Sequence[CustomerMatch]:
        """Search the register in the file."""
        return self._ready().find_customers(search)

    @hookimpl
    def pos_authorize_payment(self, request: PaymentRequest) -> Authorization | Refusal:
        """Promise or refuse."""
        return self._ready().authorize(request)

    @hookimpl
    def pos_capture_payment(self, request: PaymentRequest) -> bool:
        """Let it go out."""
        return self._ready().capture(request)

    @hookimpl
    def pos_void_payment(self, void: PaymentVoid) -> None:
        """Let it go."""
        self._ready().void(void)

    @hookimpl
    def pos_day_closed(self, z_report: ZReport) -> bool:
        """Keep the Z report."""
        return self._ready().day_closed(z_report)

    @hookimpl
    def pos_channel_status(self, terminal: Terminal) -> Sequence[ChannelStatus]:  # noqa: ARG002
        """Say how it goes."""
        self._ready()
        app = self._app
        if app is None:
            return []
        return [app.status()]

    @hookimpl
    def pos_shutdown(self) -> None:
        """Stop the sender and close the file."""
        app, self._app, self._till = self._app, None, None
        if app is not None:
            app.close()

    def _ready(self) -> Till:
        if self._till is None:
            raise PluginLoadError("the plugin has not been started, or has been shut down")
        return self._till


def _same_terminal(wanted: str, app: App) -> None:
    if (told := app.settings.terminal.id) != wanted:
        raise PluginLoadError(
            f"the till is terminal {wanted!r}, but terminal.id in {app.settings.path} is {told!r}; "
            "give each terminal a settings file of its own"
        )


def create() -> InvoicePlugin:
    """Make the plugin: the entry point in the group `pos_terminal`."""
    return InvoicePlugin()
