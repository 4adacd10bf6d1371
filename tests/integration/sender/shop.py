"""A terminal with an outbox of its own, and the simulated PowerOffice that it sends to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from posplugin.app import App
from posplugin.domain.errors import PosPluginError
from posplugin.domain.payment import Authorization, PaymentField, PaymentRef, PaymentRequest
from posplugin.domain.sale import INVOICE, LineKind, OriginalSale, Sale, SaleLine, Tender
from posplugin.domain.zreport import ZReport
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.poweroffice.pace import Pacer
from posplugin.sender.run import RunReport
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SECOND_CLIENT_KEY, SUBSCRIPTION_KEY, Simulator
from tests.integration.sender.settled import z_of

#: The customer of a sale that names none.
CUSTOMER = 10002
#: Longer than any settle_time here.
A_MINUTE = timedelta(seconds=61)

_SETTINGS = """\
[terminal]
id = "{terminal}"
department = "{department}"

[outbox]
path = "outbox.sqlite3"

[poweroffice]
endpoint_mode = "simulator"
simulator_url = "{url}"
application_key = "{application_key}"
subscription_key = "{subscription_key}"
settle_time = "60s"

[schedule]
{schedule}

[invoicing]
tips_on_invoice = true
vat_reported_by = "{vat_reported_by}"
{invoicing}

[settlement]
{settlement}

[departments.bar]
client_key = "{client_key}"
{department_code}
products = {{ {products} }}
{more}
{ledger}
"""
#: Product roles and codes, as the simulated restaurant has them.
PRODUCTS = {
    "vat_25": "30",
    "vat_15": "31",
    "vat_12": "32",
    "vat_0": "33",
    "gratuity": "34",
    "fee": "7",
    "rounding": "35",
    "gift_card": "36",
}
#: The products for `vat_reported_by = "settlement"`.
CLEARING_PRODUCTS = {**PRODUCTS, "vat_25": "50", "vat_15": "51", "vat_12": "52", "vat_0": "53", "fee": "57"}
#: The simulated restaurant's accounts, as its accountant would write them down.
LEDGER = """
[ledger]
gratuity = 2981
gift_card = 2901
rounding = 7745
cash_difference = 7746
invoice_clearing = 1990
tenders = { cash = 1900, card = 1580 }
movements = { "bank deposit" = 1920 }
sales = [
  { article_group = "*", vat = 25, account = 3000, vat_code = "3" },
  { article_group = "*", vat = 15, account = 3001, vat_code = "31" },
  { article_group = "*", vat = 12, account = 3002, vat_code = "33" },
  { article_group = "*", vat = 0, account = 3003, vat_code = "5" },
]
"""
#: Where the Z reports are put on their vouchers.
PAPERS = "attach_z_report = true"
#: What a till needs that settles: `shops(**SETTLES)`.
SETTLES = {"settlement": "", "ledger": LEDGER}
#: What a till needs whose settlement reports the VAT of what is invoiced.
CLEARING_MODE = {
    "vat_reported_by": "settlement",
    "products": ", ".join(f'{role} = "{code}"' for role, code in CLEARING_PRODUCTS.items()),
}
#: DESIGN's example: the part of it that is invoiced; `close_day` without more is the rest.
INVOICED: Mapping[int, int] = {25: 24000, 15: 6000}
#: A second department with a client key of its own.
CAFE = f"""
[departments.cafe]
client_key = "{SECOND_CLIENT_KEY}"
products = {{ vat_25 = "30", vat_15 = "31", rounding = "35" }}
"""


def quick_pacer(times: int = 100) -> Pacer:
    """A pacer whose seconds are shorter, so that a test need not wait for a 429 to pass."""
    return Pacer(monotonic=lambda: time.monotonic() * times, sleep=lambda seconds: time.sleep(seconds / times))


def settings_text(url: str, **changes: str) -> str:
    """Return a settings file for the simulator at `url`."""
    values = {
        "terminal": "bar-1",
        "department": "bar",
        "url": url,
        "application_key": APPLICATION_KEY,
        "subscription_key": SUBSCRIPTION_KEY,
        "client_key": CLIENT_KEY,
        "schedule": 'window = "1m"',
        "invoicing": "",
        "vat_reported_by": "invoice",
        "department_code": "",
        "products": ", ".join(f'{role} = "{code}"' for role, code in PRODUCTS.items()),
        "settlement": "enabled = false",
        "ledger": "",
        "more": "",
    }
    assert changes.keys() <= values.keys()
    return _SETTINGS.format(**values | changes)


def sale_of(
    receipt: str,
    amounts: Mapping[int, int],
    *,
    at: datetime,
    terminal: str = "bar-1",
    tip: int = 0,
    original: OriginalSale | None = None,
    department: str | None = None,
    gift_card: int = 0,
) -> Sale:
    """Return a sale paid by invoice alone: VAT rate to øre."""
    lines = [SaleLine(description=f"vare {rate}", amount=amount, vat_rate=rate) for rate, amount in amounts.items()]
    if gift_card:
        lines.append(SaleLine(description="gavekort", amount=gift_card, vat_rate=0, kind=LineKind.GIFT_CARD))
    total = sum(line.amount for line in lines)
    return Sale(
        sale_id=f"s{receipt}",
        terminal_id=terminal,
        at=at,
        lines=tuple(lines),
        tenders=(Tender(tender_id="1", channel=INVOICE, amount=total, tip=tip),),
        receipt=receipt,
        original=original,
        department=department,
    )


#: Opens a till: `shops("bar-2", invoicing="…")`.
OpenShop = Callable[..., "Shop"]


def settling(shops: OpenShop, settlement: str = "", **settings: str) -> Shop:
    """Open a till that settles, as `settlement` says; without papers on its vouchers, unless it asks for them."""
    told = settlement if "attach_z_report" in settlement else f"attach_z_report = false\n{settlement}"
    return shops(**SETTLES | {"settlement": told} | settings)


class Shop:
    """One till: sells by invoice, sends, and shows both ledgers."""

    def __init__(self, folder: Path, go: Simulator, **settings: str) -> None:
        self.go = go
        self.ahead = timedelta(0)
        #: Payments by invoice that no Z has listed yet.
        self.unlisted: list[PaymentRef] = []
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "posplugin.toml"
        self.settings = settings
        self.write(**settings)
        self.app = self.open()
        self.app.sync_customers()

    def write(self, **settings: str) -> None:
        """Write the settings file anew."""
        self.settings = {**self.settings, **settings}
        self.config.write_text(settings_text(self.go.url, **self.settings))
        self.config.chmod(0o600)

    def open(self) -> App:
        """Open the outbox as a process of its own would."""
        app = App.open(self.config, clock=self.clock)
        app._pacers[SUBSCRIPTION_KEY, 1] = quick_pacer()
        return app

    def reopen(self) -> None:
        """Close and open again, as after a restart, with the settings as they are now."""
        self.app.close()
        self.app = self.open()

    def close(self) -> None:
        """Close the outbox."""
        self.app.close()

    def clock(self) -> datetime:
        """The till's clock."""
        return datetime.now(UTC) + self.ahead

    def later(self, by: timedelta = A_MINUTE) -> None:
        """Let time pass, at the till and at PowerOffice."""
        self.ahead += by
        self.go.advance(by.total_seconds())

    # -- the till --------------------------------------------------------------------------------------------------

    def request(
        self,
        receipt: str,
        amounts: Mapping[int, int],
        *,
        customer: int = CUSTOMER,
        fields: Mapping[PaymentField, str] | None = None,
        **of_sale: Any,
    ) -> PaymentRequest:
        sale = sale_of(receipt, amounts, at=of_sale.pop("at", self.clock()), **of_sale)
        ref = PaymentRef(sale.terminal_id, sale.sale_id, "1")
        return PaymentRequest(ref=ref, sale=sale, customer_number=customer, fields=fields or {})

    def promise(self, receipt: str, amounts: Mapping[int, int], **told: Any) -> PaymentRequest:
        """Authorize a payment by invoice."""
        request = self.request(receipt, amounts, **told)
        answer = self.app.till().authorize(request)
        assert isinstance(answer, Authorization), answer
        return request

    def sell(self, receipt: str, amounts: Mapping[int, int] | int = 10000, **told: Any) -> Record:
        """Sell by invoice, the sale final."""
        amounts = {25: amounts} if isinstance(amounts, int) else amounts
        request = self.promise(receipt, amounts, **told)
        self.app.till().capture(request)
        self.unlisted.append(request.ref)
        return self.record(receipt)

    def evening(self, count: int, first: int = 1) -> None:
        """Sell to `count` customers, another amount each."""
        for number in range(first, first + count):
            self.sell(str(number), {25: 10000 + number, 15: 5000 + number})

    def close_day(self, number: int, sold: Mapping[int, int] | None = None, **told: Any) -> ZReport:
        """Close the day with a Z as `z_of` makes it, which lists what was sold by invoice since the last; return it."""
        told.setdefault("invoiced", tuple(self.unlisted))
        told.setdefault("terminal", self.settings.get("terminal", "bar-1"))
        z = z_of(number, sold, at=told.pop("at", self.clock()), **told)
        assert self.app.till().day_closed(z)
        self.unlisted = [ref for ref in self.unlisted if ref not in (z.invoiced or ())]
        return z

    # -- sending ---------------------------------------------------------------------------------------------------

    def send(self, **how: Any) -> RunReport:
        """Make one run."""
        return self.app.send("hand", **how)

    def until_quiet(self, runs: int = 40) -> None:
        """Make runs, time passing between them, until nothing waits for one."""
        for _ in range(runs):
            try:
                report = self.send()
            except PosPluginError as error:
                raise AssertionError(f"a run failed: {error}") from error
            if not report.waiting and not report.stopped:
                return
            self.later(timedelta(hours=2))
        raise AssertionError(f"not quiet after {runs} runs: {self.standing()}")

    # -- both ledgers ----------------------------------------------------------------------------------------------

    def record(self, receipt: str) -> Record:
        found = self.app.outbox.select("receipt = ?", (receipt,))
        assert len(found) == 1
        return found[0]

    def records(self) -> Sequence[Record]:
        return self.app.outbox.select("1 ORDER BY id")

    def standing(self) -> dict[str, str]:
        """Return status, and reason where a person must act, by receipt."""
        return {
            record.receipt: f"{record.status}" + (f": {record.reason}" if record.reason else "")
            for record in self.records()
        }

    def statuses(self) -> set[Status]:
        return {record.status for record in self.records()}

    def wanted(self) -> list[tuple[str, int | None, int]]:
        """Return what should stand in PowerOffice: reference, customer, øre."""
        return sorted((record.reference, record.customer_number, record.amount) for record in self.records())

    def ledger(self, client: str = CLIENT_KEY) -> list[tuple[str, int, int]]:
        """Return what stands there, drafts and invoices: reference, customer, øre."""
        orders = [*self.go.orders(client), *self.go.invoices(client)]
        return sorted((o["ExternalImportReference"], o["CustomerNo"], int(o["TotalAmount"] * 100)) for o in orders)

    def journal_posts(self) -> int:
        """Return how often a settlement has been posted, or left as a draft, whatever came of it."""
        paths = ("/v2/Vouchers/CashJournals", "/v2/JournalEntryVouchers/ManualJournals")
        return sum(self.requests().count(("POST", path)) for path in paths)

    def documents(self) -> list[str]:
        """Return what became of every upload of a Z report: "204", "404"…, "lost" where it arrived unanswered."""
        uploads = ("/v2/VoucherDocumentation", "/VoucherPages")
        sent = [entry for entry in self.go.requests if str(entry["path"]).endswith(uploads)]
        return [str(entry["status"] or ("lost" if entry["acted"] else "never")) for entry in sent]

    def requests(self) -> list[tuple[str, str]]:
        """Return method and path of every request so far."""
        return [(str(entry["method"]), str(entry["path"])) for entry in self.go.requests]

    def posts(self) -> int:
        """Return how often an order has been posted, whatever came of it."""
        return self.requests().count(("POST", "/v2/SalesOrders/Complete"))
