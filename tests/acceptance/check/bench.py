"""A till that has sold by invoice and never been checked, at a PowerOffice that can be changed."""

from __future__ import annotations

from contextlib import suppress

from posplugin.accounting_system import Finding
from posplugin.app import App
from posplugin.checking import not_opened
from posplugin.domain.errors import ConfigError, OutboxError, PosPluginError
from posplugin.domain.fault import Fault
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import SUBSCRIPTION_KEY
from posplugin.simulator.state import Record as Document
from posplugin.till.status import check_has_passed
from tests.integration.sender.shop import CLEARING_PRODUCTS, PRODUCTS, Shop, quick_pacer


def products(settlement: bool = False, **changes: str | None) -> str:
    """Return product codes for the settings, some otherwise; None leaves one out."""
    codes = {**(CLEARING_PRODUCTS if settlement else PRODUCTS), **changes}
    return ", ".join(f'{role} = "{code}"' for role, code in codes.items() if code is not None)


class Bench(Shop):
    """Looks at the set-up as the command does, and lets the time for sending come."""

    def change(self, **settings: str) -> None:
        """Write the settings file anew, and open with it."""
        self.write(**settings)
        self.reopen()

    def check(self, *, draft: bool = True) -> list[Finding]:
        """Do what `posplugin check` does."""
        try:
            app = App.open(self.config, clock=self.clock)
        except (ConfigError, OutboxError) as error:
            return [not_opened(error)]
        app._pacers[SUBSCRIPTION_KEY, 1] = quick_pacer()
        with app:
            return app.office().check(draft=draft)

    def faults(self, *, draft: bool = True) -> set[Fault]:
        """Return what is wrong with the set-up."""
        return {finding.fault for finding in self.check(draft=draft) if finding.fault}

    def due(self) -> None:
        """Let the time come at which the till sends by itself."""
        with suppress(PosPluginError), App.open(self.config, clock=self.clock) as app:
            app._pacers[SUBSCRIPTION_KEY, 1] = quick_pacer()
            app._tick()

    def gate_is_open(self) -> bool:
        """Whether what is due is sent."""
        with App.open(self.config, clock=self.clock) as app:
            return check_has_passed(app.outbox, app.settings)

    def invoiced(self) -> list[Document]:
        """Return what stands in PowerOffice for sales."""
        return [order for order in [*self.go.orders(), *self.go.invoices()] if not _of_check(order)]

    def trial_drafts(self) -> list[Document]:
        """Return what stands in PowerOffice of `check` itself."""
        return [order for order in self.go.orders() if _of_check(order)]

    def waiting(self) -> int:
        """Return how many sales wait to be sent."""
        return len(self.app.outbox.in_status(Status.PENDING))


def _of_check(order: Document) -> bool:
    return "-check-" in (order["ExternalImportReference"] or "")
