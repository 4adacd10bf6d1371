"""A till and a PowerOffice to play a day with: in which VAT mode, on which lines, with what fee, rounded how."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.domain.documents import RecordKind
from posplugin.domain.payment import Terminal
from posplugin.sender.selection import Selection
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY, Simulator
from tests.acceptance import cash_journal
from tests.acceptance.till_day import TillDay
from tests.fixtures.settings import write_settings
from tests.integration.sender.shop import CLEARING_PRODUCTS, PRODUCTS, quick_pacer

_LEDGER = {
    "gratuity": cash_journal.TIPS,
    "gift_card": cash_journal.GIFT_CARDS,
    "rounding": cash_journal.ROUNDING,
    "cash_difference": cash_journal.DIFFERENCE,
    "invoice_clearing": cash_journal.CLEARING,
    # a gift card that is spent has no account of its own: it is taken off the debt
    "tenders": {name: account for name, account in cash_journal.TENDERS.items() if name != "gift_card"},
    "movements": {"11010": cash_journal.BANK, "11011": cash_journal.BANK},
    "sales": [
        {"article_group": "*", "vat": rate, "account": account, "vat_code": code}
        for rate, (account, code) in cash_journal.SALES.items()
    ],
}
TERMINAL = Terminal(terminal_id="bar-1", department="bar")


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a day is played with. `rounding` is PowerOffice's answer to U8, `prices` to U7."""

    vat_reported_by: str
    rounding: str
    prices: str = "a"
    per_item: bool = False
    makes_products: bool = False
    #: None: no fee; "": the price that the product has in PowerOffice.
    fee: str | None = None

    def __str__(self) -> str:
        told = [self.vat_reported_by, f"U7{self.prices}", f"U8{self.rounding}"]
        told += ["per item" if self.per_item else "per rate", *["new products"] * self.makes_products]
        return ", ".join([*told, *["fee"] * (self.fee is not None)])

    @property
    def settlement_reports(self) -> bool:
        return self.vat_reported_by == "settlement"

    def journal(self, till: TillDay) -> cash_journal.Lines:
        """Return the day's settlement: of the cash sales alone, or of all that was sold."""
        return cash_journal.lines_of(till.z, till.goods_delivered if self.settlement_reports else {})


class Clock:
    """The till's clock, which can be set ahead."""

    ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Place:
    """A folder with the settings of a till, and the PowerOffice that they name."""

    folder: Path
    go: Simulator
    clock: Clock

    @property
    def journal(self) -> Path:
        return self.folder / "journal.sqlite3"

    @property
    def config(self) -> Path:
        return self.folder / "posplugin.toml"

    def app(self) -> App:
        """Open the outbox."""
        app = App.open(self.config, clock=self.clock)
        app._pacers[SUBSCRIPTION_KEY, 1] = quick_pacer()
        return app

    def settle(self) -> cash_journal.Lines:
        """Send the day's settlement and no invoice; return what was posted."""
        with self.app() as app:
            report = app.send("hand", selection=Selection(kinds=frozenset({RecordKind.SETTLEMENT})))
            assert (report.delivered, report.outcome, report.attention) == (1, "done", 0)
        return cash_journal.posted(self.go)

    def later(self, by: timedelta) -> None:
        """Let time pass, at the till and at PowerOffice."""
        self.clock.ahead += by
        self.go.advance(by.total_seconds())


@contextmanager
def place(case: Case, folder: Path) -> Iterator[Place]:
    """Give a till whose set-up is proven, and a PowerOffice that sends at once and books; nothing waits for longer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("posplugin.sender.run.SEND_POLLS", (0.0, 0.1))
        switches = {"U7": case.prices, "U8": case.rounding}
        with Simulator(None, switches=switches, requests_per_second=10_000, send_seconds=0) as go:
            go.allow_send_invoice = True
            here = Place(folder, go, Clock())
            _write_settings(here.config, go.url, case)
            patch.setenv("POSPLUGIN_CONFIG", str(here.config))
            with here.app() as app:
                app.sync_customers()
                assert [finding for finding in app.office().check() if not finding.ok] == []
            yield here


def _write_settings(path: Path, url: str, case: Case) -> None:
    fee = {"invoice_fee_amount": case.fee} if case.fee else {}
    products = {**CLEARING_PRODUCTS, "fee": "7"} if case.settlement_reports else PRODUCTS
    keys = {"application_key": APPLICATION_KEY, "subscription_key": SUBSCRIPTION_KEY}
    write_settings(
        path,
        poweroffice={"simulator_url": url, **keys},
        invoicing={
            "vat_reported_by": case.vat_reported_by,
            "lines": "per_item" if case.per_item else "per_vat_rate",
            "create_missing_products": case.makes_products,
            "send_amount_excluding_vat": case.prices == "a",
            "delivery": "send",
            "tips_on_invoice": True,
            "invoice_fee": case.fee is not None,
            **fee,
        },
        departments={"bar": {"client_key": CLIENT_KEY, "products": products}},
        ledger=_LEDGER,
        saft={"customer_numbers": "poweroffice"},
    )
