"""`make screenshots`: the pictures of README and guides, taken of the real pages.

Simulator, till and console are started as `make till` does; a short evening is played through the till's own page. The
till's pictures are in Norwegian, for the cashiers' guide, the console's in English, for README and the other guides.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import APIRequestContext, Browser, Locator, Page, expect, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from posplugin.app import App  # noqa: E402  # all of these are found by the line above
from posplugin.domain.payment import Authorization, PaymentField, PaymentRef, PaymentRequest  # noqa: E402
from posplugin.domain.sale import INVOICE, LineKind, Sale, Tender  # noqa: E402
from posplugin.domain.zreport import CashSales, GroupTotal, TenderTotal, ZReport  # noqa: E402
from posplugin.sender.lock import is_sending  # noqa: E402
from sample_terminal.menu import ordered  # noqa: E402
from sample_terminal.processes import POSPLUGIN, run, title  # noqa: E402
from sample_terminal.stage import stage  # noqa: E402

FOLDER: Final = ROOT / "docs" / "pictures"
#: Every picture; a test holds them to the pages that show them.
PICTURES: Final = frozenset(
    {
        *("till-sale", "till-customers", "till-refused", "till-receipt", "till-split", "till-papers"),
        *("till-return", "till-count", "till-z", "till-phone", "lamp-green", "lamp-yellow", "lamp-red"),
        *("console-queue", "console-failed", "console-record", "console-runs", "console-settlement"),
        *("console-customers", "console-ledger", "simulator"),
    }
)
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_QUIETLY: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars"),
)
_EXITS_WITH_TROUBLE: Final = (0, 1, 3)
#: The till that the stage sets up; what was sold there in the weeks before, and to whom.
_TILL: Final = "till-1"
_DAYS: Final = 40
_ORDERS: Final = (
    *("2 meny, 1 flaske", "4 suppe, 4 kaffe", "3 lam, 3 pils"),
    *("12 skolebolle*, 12 kaffe*", "2 rom, 2 torsk"),
)
_GUESTS: Final = (10001, 10008, 10004, 10009, 10005)
#: Pixels: below that there is nothing on a page with papers.
_PAPER: Final = 520


@dataclass(eq=False)
class Album:
    """Where the pictures go, and which have been taken."""

    folder: Path
    taken: set[str] = field(default_factory=set)

    def take(self, name: str, of: Page | Locator, *, tall: int | None = None) -> None:
        """Write what a page shows, or a part of it; `tall` cuts a page off at so many pixels."""
        assert name in PICTURES, name
        path = str(self.folder / f"{name}.png")
        if isinstance(of, Locator):
            of.screenshot(path=path, animations="disabled")
        else:
            size = of.viewport_size or {"width": 1280, "height": 800}
            clip = {"x": 0.0, "y": 0.0, "width": float(size["width"]), "height": float(tall or size["height"])}
            of.screenshot(path=path, animations="disabled", full_page=tall is not None, clip=clip)  # type: ignore[arg-type]
        self.taken.add(name)


@dataclass(eq=False)
class Cashier:
    """Somebody at the till's page."""

    page: Page
    address: str

    def ring(self, *dishes: str) -> None:
        """Ring dishes up on a fresh ticket."""
        self.page.goto(self.address)
        for dish in dishes:
            self.page.get_by_role("button", name=dish).first.click()
        expect(self.page.locator(".lines li")).to_have_count(len(set(dishes)))

    def by(self, channel: str) -> None:
        """Go on to paying, and choose how."""
        if "/pay" not in self.page.url:
            self.page.locator("a.pay:visible").click()
            self.page.wait_for_url("**/pay")
        self.page.get_by_role("link", name=channel, exact=True).click()
        self.page.wait_for_url("**/pay?by=*")

    def find(self, typed: str) -> None:
        """Type in the customer picker until its list has followed."""
        self.page.get_by_role("searchbox").press_sequentially(typed)
        self.page.locator("#customers h2", has_text="Treff").wait_for()

    def pick(self, typed: str, name: str, **fields: str) -> None:
        """Pick a customer, and write what is asked for."""
        self.find(typed)
        self.page.get_by_role("button", name=name).click()
        self.page.locator(".picked").wait_for()
        for label, text in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(text)

    def tap(self, button: str) -> None:
        """Tap a button."""
        self.page.get_by_role("button", name=button).first.click()

    def done(self) -> None:
        """Wait for the papers."""
        self.page.wait_for_url("**/pay/done/*")

    def invoice(self, dishes: tuple[str, ...], typed: str, name: str, **fields: str) -> None:
        """Sell on Faktura from start to finish."""
        self.ring(*dishes)
        self.by("Faktura")
        self.pick(typed, name, **fields)
        self.tap("Sett på faktura")
        self.done()

    def cash(self, *dishes: str) -> None:
        """Sell for cash, paid exactly."""
        self.ring(*dishes)
        self.by("Kontant")
        self.tap("Nøyaktig")
        self.done()

    def card(self, *dishes: str, tip: str = "") -> None:
        """Sell by card."""
        self.ring(*dishes)
        self.by("Kort")
        self.page.get_by_label("Tips", exact=True).fill(tip)
        self.tap("Legg til kort")
        self.done()

    def lamp(self, light: str) -> Locator:
        """Wait until the lamp shines so, and return it."""
        self.page.goto(self.address)
        lamp = self.page.locator(f".lamp.{light}")
        lamp.wait_for(timeout=30_000)
        return lamp


def evening(cashier: Cashier, album: Album, send: Send) -> None:
    """Play the evening, taking the pictures of the till on the way."""
    page = cashier.page
    album.take("lamp-green", cashier.lamp("green").locator("summary"))
    cashier.cash("Pils", "IPA")
    cashier.ring("Treretters meny", "Treretters meny", "Riesling", "Kaffe", "Kaffe")
    album.take("till-sale", page)
    cashier.by("Faktura")
    cashier.find("as")
    album.take("till-customers", page)
    page.get_by_role("searchbox").fill("")
    cashier.pick("fjell", "Fjellheim Entreprenør AS", Formål="Styremøte")
    cashier.tap("Sett på faktura")
    page.locator("#stopped").wait_for()
    album.take("till-refused", page)
    page.get_by_label("Deres referanse").fill("Kari Nordmann")
    cashier.tap("Sett på faktura")
    cashier.done()
    album.take("till-receipt", page, tall=_PAPER)
    _split(cashier, album)
    send.without_poweroffice()
    album.take("lamp-yellow", cashier.lamp("yellow").locator("summary"))
    send.now()
    cashier.lamp("green")
    cashier.card("Hjorteburger", "IPA", tip="40")
    cashier.card("Skrei", "Husets vin", "Tilslørte")
    cashier.invoice(("Fårikål", "Fårikål", "Farris"), "10003", "Østlandet Revisjon AS")
    _take_back(cashier, album)
    cashier.invoice(("Hjorteburger", "Brus"), "solvik", "Solvik kommune", Bestillingsnummer="PO-2291")
    _close(cashier, album)


def _split(cashier: Cashier, album: Album) -> None:
    page = cashier.page
    cashier.ring("Treretters meny", "Husets vin", "Husets vin")
    cashier.by("Kort")
    page.get_by_label("Beløp", exact=True).fill("500")
    page.get_by_label("Tips", exact=True).fill("50")
    cashier.tap("Legg til kort")
    page.get_by_text("Lagt til så langt").wait_for()
    cashier.by("Faktura")
    cashier.pick("havne", "Bergen Havnelag AS")
    album.take("till-split", page)
    cashier.tap("Sett på faktura")
    cashier.done()
    album.take("till-papers", page, tall=_PAPER)


def _take_back(cashier: Cashier, album: Album) -> None:
    page = cashier.page
    cashier.invoice(("Riesling", "Riesling", "Fiskesuppe", "Fiskesuppe"), "nordlys", "Nordlys Kor og Orkester")
    page.get_by_role("link", name="Retur", exact=True).click()
    page.locator(".sales a").first.click()
    page.get_by_role("button", name="Én til: Riesling, flaske").click()
    album.take("till-return", page, tall=_PAPER)
    cashier.tap("Ta i retur")
    page.locator(".finish").wait_for()
    cashier.tap("Krediter Nordlys Kor og Orkester")
    cashier.done()


def _close(cashier: Cashier, album: Album) -> None:
    page = cashier.page
    page.goto(f"{cashier.address}day/count")
    for note, count in (("1000 kr", "2"), ("200 kr", "1"), ("20 kr", "1"), ("10 kr", "1"), ("1 kr", "3")):
        page.get_by_label(note, exact=True).fill(count)
    album.take("till-count", page, tall=600)
    cashier.tap("Vis differansen")
    cashier.tap("Lukk dagen")
    page.get_by_text("Dagen er lukket").wait_for()
    album.take("till-z", page)


def weeks_before(settings: Path) -> None:
    """Sell, close and send on each evening of the weeks before, as the till would have; some nights without a run."""
    today = datetime.now(UTC).replace(hour=18, minute=30)
    at = [today]
    with App.open(settings, clock=lambda: at[0]) as app:
        for day in range(_DAYS, 0, -1):
            at[0] = today - timedelta(days=day)
            sold = [_sold(app, at[0], f"{day}-{nr}", day + nr) for nr in range(1 + day * 7 % 4)]
            app.till().day_closed(_z(at[0], 1 + _DAYS - day, 4_000_00 + day * 175_00, tuple(sold)))
            at[0] += timedelta(hours=3)
            if day % 9:
                _sent(app)


def _sent(app: App) -> None:
    """Send, after the till's own run where it has just begun one for what is so old."""
    while is_sending(app.database.path):
        time.sleep(0.2)
    app.send("schedule")


def _sold(app: App, at: datetime, sale_id: str, taste: int) -> PaymentRef:
    lines = ordered(_ORDERS[taste % len(_ORDERS)])
    total = sum(line.amount for line in lines)
    sale = Sale(
        sale_id=sale_id,
        terminal_id=_TILL,
        at=at,
        lines=lines,
        tenders=(Tender(tender_id="1", channel=INVOICE, amount=total),),
        receipt=sale_id,
    )
    ref = PaymentRef(_TILL, sale_id, "1")
    reference = {PaymentField.YOUR_REFERENCE: "Kari Nordmann"}
    asked = PaymentRequest(ref=ref, sale=sale, customer_number=_GUESTS[taste % len(_GUESTS)], fields=reference)
    assert isinstance(app.till().authorize(asked), Authorization)
    app.till().capture(asked)
    return ref


def _z(at: datetime, number: int, sold: int, invoiced: tuple[PaymentRef, ...]) -> ZReport:
    group = GroupTotal(article_group="100", kind=LineKind.GOODS, vat_rate=25, amount=sold, vat=sold // 5)
    cash = CashSales(groups=(group,), tenders=(TenderTotal(channel="card", expected=sold),))
    return ZReport(
        terminal_id=_TILL, number=number, business_date=at.date(), closed_at=at, cash=cash, invoiced=invoiced
    )


@dataclass(eq=False)
class Send:
    """The night: what is sent, and what happens in PowerOffice, simulated."""

    folder: Path
    simulator: str
    request: APIRequestContext

    def ask(self, method: str, path: str, body: object = None) -> object:
        """Ask something of the simulator."""
        answer = self.request.fetch(f"{self.simulator}/{path}", method=method, data=body)
        assert answer.ok, answer.text()
        return answer.json()

    def now(self) -> None:
        """Send what waits."""
        run(self.folder, *POSPLUGIN, "send", expected=_EXITS_WITH_TROUBLE)

    def without_poweroffice(self) -> None:
        """Try to, while PowerOffice lets nobody in."""
        self.ask("POST", "faults", {"kind": "401"})
        self.now()
        self.ask("DELETE", "faults")

    def weeks(self) -> None:
        """The accountant has sent all of the weeks before, and most of it has been paid."""
        for order in self.found("orders"):
            self.ask("POST", f"orders/{order['Id']}/send", {})
        for invoice in self.found("invoices")[:-6]:
            self.ask("POST", f"invoices/{invoice['InvoiceNo']}/pay", {})
        run(self.folder, *POSPLUGIN, "outbox", "sync", expected=_EXITS_WITH_TROUBLE)

    def found(self, what: str) -> list[dict[str, Any]]:
        """Return the orders or the invoices that stand there, oldest first."""
        rows = self.ask("GET", what)
        assert isinstance(rows, list)
        return sorted(rows, key=lambda row: str(row["CreatedDateTimeOffset"]))

    def night(self) -> None:
        """Send with one customer archived since; the accountant sends some of the drafts, one is paid."""
        self.ask("POST", "customers/10003/archive")
        self.now()
        for order in self.found("orders")[:3]:
            self.ask("POST", f"orders/{order['Id']}/send", {})
        self.ask("POST", f"invoices/{self.found('invoices')[-1]['InvoiceNo']}/pay", {})
        run(self.folder, *POSPLUGIN, "outbox", "sync", expected=_EXITS_WITH_TROUBLE)


def look_around(page: Page, link: str, album: Album) -> None:
    """Take the pictures of the console."""
    page.goto(link)
    page.wait_for_url("**/")
    page.get_by_role("button", name="English").click()
    home = page.url
    album.take("console-queue", page, tall=1040)
    page.get_by_role("row").filter(has_text="Østlandet").get_by_role("link").first.click()
    album.take("console-failed", page)
    page.goto(home)
    page.get_by_role("row").filter(has_text="Fjellheim").get_by_role("link").first.click()
    album.take("console-record", page, tall=1100)
    for name, path in (("console-runs", "runs"), ("console-customers", "customers")):
        page.goto(home + path)
        page.wait_for_load_state("networkidle")
        album.take(name, page)
    page.goto(home + "settlements")
    page.get_by_role("link", name="Z E1").click()
    page.wait_for_load_state("networkidle")
    album.take("console-settlement", page, tall=1100)
    page.goto(home + "settings")
    page.locator(".savebar").evaluate("bar => bar.remove()")  # it would lie across the picture
    album.take("console-ledger", page.locator("#ledger"))


def _browser() -> str:
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        sys.exit(f"The pictures are taken in Chromium, and there is none here: install one of {', '.join(_BROWSERS)}.")
    return found


def _page(browser: Browser, width: int, height: int, *, scale: float) -> Page:
    phone = width < 600
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, has_touch=phone, is_mobile=phone
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def main() -> None:
    """Take every picture anew."""
    path, album = _browser(), Album(FOLDER)
    with tempfile.TemporaryDirectory(prefix="posplugin-pictures-") as name, ExitStack() as stack:
        folder = Path(name)
        simulator, console, till = stage(folder, stack)
        title("The pictures")
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIETLY))
        stack.callback(browser.close)
        desk = _page(browser, 1280, 800, scale=1)
        send = Send(folder, simulator, desk.request)
        cashier = Cashier(desk, till)
        weeks_before(folder / "posplugin.toml")
        send.weeks()
        evening(cashier, album, send)
        send.night()
        album.take("lamp-red", cashier.lamp("red").locator("summary"))
        cashier.invoice(("Pizza", "Brus"), "havne", "Bergen Havnelag AS")
        phone = Cashier(_page(browser, 390, 844, scale=1.5), till)
        phone.ring("Treretters meny", "Pils")
        album.take("till-phone", phone.page)
        look_around(_page(browser, 1280, 800, scale=1), console, album)
        desk.goto(simulator)
        album.take("simulator", desk)
    assert album.taken == PICTURES, sorted(PICTURES - album.taken)
    for old in FOLDER.glob("*.png"):
        if old.stem not in PICTURES:
            old.unlink()


if __name__ == "__main__":
    main()
