"""The simulated PowerOffice: what all its parts share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .clock import Clock
from .state import Record, State
from .switches import Switches

_ROLES = (
    *("SalesOrders", "SalesOrderAttachment", "OutgoingInvoice"),
    *("Customer", "Product", "GeneralLedgerAccount", "Department", "Employee"),
)
_BOOKS = ("JournalEntryVoucher", "AccountTransaction", "CustomerLedger")
_POSTING = ("CashVoucher", "ManualVoucher", "YearEndVoucher", "ReverseVoucher", "VoucherDocumentation")
PRIVILEGES = (
    *(role + suffix for role in (*_ROLES, "CommonServices", *_BOOKS) for suffix in ("", "_Full")),
    *(f"{role}_Full" for role in _POSTING),
)
"""The privileges that open something here; without a suffix they open reading only."""


@dataclass
class Office:
    """State, clock, switches and settings of one simulated installation."""

    state: State
    clock: Clock
    switches: Switches
    read_lag_seconds: float
    token_seconds: int
    requests_per_second: int
    send_seconds: float
    _written: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    def wrote(self, client: str, kind: str, key: str) -> None:
        """Note that a record was written now: under U4 b it is readable only after the lag."""
        self._written[client, kind, key] = self.clock.now()

    def readable(self, client: str, kind: str) -> dict[str, Record]:
        """Return the records a GET may see."""
        rows = self.state.rows(client, kind)
        if self.switches["U4"] == "a":
            return dict(rows)
        horizon = self.clock.now() - timedelta(seconds=self.read_lag_seconds)
        return {key: row for key, row in rows.items() if self._written.get((client, kind, key), horizon) <= horizon}

    def setting(self, name: str, default: object) -> object:
        """Return a setting that holds for the whole installation."""
        chosen = self.state.rows("", "setting").get(name)
        return chosen["value"] if chosen else default

    def set(self, name: str, value: object) -> None:
        """Keep a setting."""
        with self.state.change():
            self.state.put("", "setting", name, {"value": value})

    def privileges(self) -> list[str]:
        """Return what a token asked for now would open; all `_Full` unless taken away, by hand or by U21."""
        held = [name for name in self._given() if name not in self.uncovered()]
        return [name for name in held if self.switches["U21"] == "a" or not name.startswith("AccountTransaction")]

    def uncovered(self) -> list[str]:
        """Return the privileges that were given and that the client's subscriptions do not cover."""
        return [name for name in self._given() if self.setting(f"uncovered {name}", False) is True]

    def _given(self) -> list[str]:
        return [name for name in PRIVILEGES if self.setting(f"privilege {name}", name.endswith("_Full")) is True]

    def may_send(self) -> bool:
        """Return whether the integration may send invoices."""
        return self.setting("allow send invoice", False) is True

    def is_vat_registered(self, client: str) -> bool:
        """Return the client's VatSettings.IsVatRegistered."""
        return self.setting(f"vat registered {client}", True) is True
