"""The till of the year: the sample terminal with the real plugin, selling, dying, and started again."""

from __future__ import annotations

import gc
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from posplugin.app import App
from posplugin.domain.clock import business_date
from posplugin.domain.payment import Authorization, PaymentField, PaymentRef, PaymentRequest, Refusal, Terminal
from posplugin.domain.sale import INVOICE, OriginalSale, Sale
from posplugin.domain.zreport import ZReport
from posplugin.hooks import PosHost
from posplugin.hooks.plugin import InvoicePlugin
from posplugin.simulator import SUBSCRIPTION_KEY
from sample_terminal.card import CardDeclined
from sample_terminal.checkout import NOBODY, Buyer, Done, Till
from sample_terminal.evening import sale_of
from sample_terminal.journal import Journal
from sample_terminal.menu import MENU
from sample_terminal.play import NoPrinter
from tests.integration.sender.shop import quick_pacer
from tests.year.clocks import OSLO, Dial, OnCall, Time
from tests.year.office import CUSTOMERS

TERMINAL: Final = "BAR-1"
#: Who buys on account; every second is known to the till by an id of its own, linked to the number in PowerOffice.
CUSTOMER_NUMBERS: Final = (10001, 10002, 10003, 10004, 10005, 10008, *range(20001, 20001 + CUSTOMERS))
LINKED: Final = {f"guest-{number}": number for number in CUSTOMER_NUMBERS[::2]}
_NOBODY: Final = 99999
#: How sales are paid, and how often.
_PAID: Final = {
    "cash": 75,
    "card": 115,
    "gift card sold": 2,
    "declined": 2,
    "invoice": 70,
    "split": 20,
    "tip": 6,
    "return": 6,
    "nobody": 4,
}
_DISHES: Final = [name for name in MENU if name not in ("gavekort", "service")]
_MEASURED: Final = 4096
#: So many sales on account are remembered, that guests may bring back.
_REMEMBERED: Final = 100
#: The steps at which a till dies: what has been done by then.
DEATHS: Final = ("authorized", "final", "captured", "day made", "day closed")
#: A hook may be slow on a machine that has other work; how slow it is is measured.
_PATIENCE_SECONDS: Final = 60.0


class Died(BaseException):
    """The till is no more."""


class Host(PosHost):
    """The till's host; takes the time of the hooks of a sale, and dies when it is told to."""

    dies: str | None = None
    #: Seconds, by payment, of its two hooks.
    took: deque[float]
    _began: float = 0.0

    def authorize(self, request: PaymentRequest) -> Authorization | Refusal:
        began = time.perf_counter()
        answer = super().authorize(request)
        self._began = time.perf_counter() - began
        self.after("authorized")
        return answer

    def capture(self, request: PaymentRequest) -> bool:
        self.after("final")
        began = time.perf_counter()
        kept = super().capture(request)
        self.took.append(self._began + time.perf_counter() - began)
        self.after("captured")
        return kept

    def day_closed(self, z_report: ZReport) -> bool:
        self.after("day made")
        return super().day_closed(z_report)

    def after(self, step: str) -> None:
        """Die here, if this is the step."""
        if self.dies == step:
            raise Died(step)


class Card:
    """A card reader that keeps nothing."""

    declines = False

    def charge(self, amount: int) -> str:  # noqa: ARG002
        if self.declines:
            raise CardDeclined("Kortet ble avvist.")
        return "charged"

    def reverse(self, reference: str) -> None:
        """Nothing to undo."""


class Bar:
    """One till, across its restarts. It remembers little: what it sold is in its journal."""

    def __init__(self, folder: Path, clock: Time, dice: random.Random) -> None:
        self._folder = folder
        self._time = clock
        self._dice = dice
        self._number = 0
        self._bought: deque[tuple[Sale, Buyer]] = deque(maxlen=_REMEMBERED)
        self.took: deque[float] = deque(maxlen=_MEASURED)
        self.failures: list[str] = []
        #: What happened, counted.
        self.seen: Counter[str] = Counter()
        self._open()

    # -- starting and ending -------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self.journal = Journal(self._folder / "journal.sqlite3")
        terminal = Terminal(terminal_id=TERMINAL, department="bar")
        host = Host.load(terminal, outcome=self.journal.outcome, patience=_PATIENCE_SECONDS)
        assert isinstance(host, Host)
        self.host, host.took = host, self.took
        assert not self.host.failures, self.host.failures
        self.app.stopping = Dial(self._time)
        self.app._pacers[SUBSCRIPTION_KEY, 1] = quick_pacer(1000)
        self._till = Till(self.host, self.journal, Card(), NoPrinter())
        self._till.replay()

    @property
    def app(self) -> App:
        """What the plugin has opened."""
        plugin = self.host._manager.get_plugin("posplugin")
        assert isinstance(plugin, InvoicePlugin)
        assert plugin._app
        return plugin._app

    def close(self) -> None:
        """End it as in the morning."""
        self.failures += map(str, self.host.failures)
        self.host.shutdown()
        self.journal.close()

    def reopen(self) -> None:
        """End it and start it again."""
        self.close()
        self._open()
        self.seen["restarts"] += 1

    def _dies_of(self, work: Callable[..., None], *arguments: Any) -> bool:
        try:
            work(*arguments)
        except Died as death:
            self.seen[f"died: {death}"] += 1
            return True
        return False

    def _open_again(self) -> None:
        """Start it after a death: no shutdown, no close; its threads have ended, and what it held is gone."""
        self.failures += map(str, self.host.failures)
        for ticker in self.app._tickers:
            ticker.stop()
        self.journal.close()
        del self._till, self.host, ticker
        gc.collect()
        self._open()

    def look(self) -> None:
        """Let the scheduler look, on both its threads, until nothing of the day is due any more."""
        for ticker in self.app._tickers * 3:
            assert isinstance(ticker, OnCall)
            ticker.call()

    # -- an evening ----------------------------------------------------------------------------------------------------

    def sells(self, count: int, seconds: float) -> None:
        """Take so many sales, evenly over so many seconds; die now and then."""
        fatal = self._dice.randrange(count) if self._dice.random() < 0.25 else None
        for number in range(count):
            self._time.pass_at_the_till(seconds / count)
            if number == fatal:
                self.host.dies = self._dice.choice(DEATHS)
            if self._dies_of(self._takes, self._dice.choices([*_PAID], [*_PAID.values()])[0]):
                self._open_again()

    def closes(self, number: int, begun: datetime) -> None:
        """Close the day with a Z; who dies of it closes it, where that had not been done, when it is there again."""
        day, source = business_date(begun, OSLO), f"Z {number}"
        if self._dies_of(self._close_day, number, day, source):
            self._open_again()
        if not self.journal.has_z(TERMINAL, source):
            self._close_day(number, day, source)
        self.host.dies = None

    def _close_day(self, number: int, day: Any, source: str) -> None:
        sales = self.journal.open_sales(TERMINAL)
        cash = sum(t.amount + t.tip for sale in sales for t in sale.tenders if t.channel == "cash")
        counted = cash - self._dice.choice((0, 0, 0, 100, -2000))
        self._till.close_day(day, self._time.now(), source, sales, counted, number=number)
        self.host.after("day closed")

    def _takes(self, how: str) -> None:
        self._number += 1
        made = self._returned() if how == "return" else self._rung_up(how)
        if made is None:
            return
        sale, buyer = made
        card = self._till.card
        assert isinstance(card, Card)
        card.declines = how == "declined"
        answer = self._till.checkout(sale, buyer)
        card.declines = False
        self.seen[how] += 1
        if isinstance(answer, Done):
            if how == "invoice":
                self._bought.append((answer.sale, buyer))
            return
        if how not in ("nobody", "declined"):
            self.failures.append(f"{how} was refused: {answer.text} {sale}")
        if how == "nobody":  # it could not be put on account, and is paid by card
            instead = replace(sale.tenders[0], tender_id="k", channel="card")
            self._till.checkout(replace(sale, tenders=(instead,)))

    def _rung_up(self, how: str) -> tuple[Sale, Buyer]:
        dice = self._dice
        order = ", ".join(f"{dice.randint(1, 4)} {self._dish()}" for _ in range(dice.randint(1, 4)))
        pay = {
            "cash": "cash",
            "card": "card",
            "gift card sold": "card",
            "declined": "invoice 10,card",
            "split": f"invoice {dice.randint(5, 35)},card",
            "tip": f"invoice+{dice.randint(5, 90)}",
        }.get(how, "invoice")
        order = "1 gavekort" if how == "gift card sold" else order
        sale = sale_of(order, pay, f"{self._number}", self._time.now().astimezone(OSLO))
        return sale, self._buyer(how) if INVOICE in pay else NOBODY

    def _dish(self) -> str:
        name = self._dice.choice(_DISHES)
        take_away = MENU[name].take_away is not None and self._dice.random() < 0.3
        return f"{name}*" if take_away else name

    def _buyer(self, how: str) -> Buyer:
        fields = {PaymentField.YOUR_REFERENCE: "Kari Nordmann"}
        if how == "nobody":
            return Buyer(customer_number=_NOBODY, fields=fields)
        if self._dice.random() < 0.5:
            return Buyer(host_customer_id=self._dice.choice([*LINKED]), fields=fields)
        return Buyer(customer_number=self._dice.choice(CUSTOMER_NUMBERS), fields=fields)

    def _returned(self) -> tuple[Sale, Buyer] | None:
        """Some of an earlier sale's goods come back."""
        if not self._bought:
            return None
        place = self._dice.randrange(len(self._bought))
        sold, buyer = self._bought[place]
        del self._bought[place]
        kept = sold.lines[: self._dice.randint(1, len(sold.lines))]
        lines = tuple(replace(line, amount=-line.amount, quantity=-line.quantity) for line in kept)
        back = replace(
            sold,
            sale_id=f"{self._number}",
            receipt=f"{self._number}",
            at=self._time.now().astimezone(OSLO),
            lines=lines,
            tenders=(replace(sold.tenders[0], tender_id="1", amount=sum(line.amount for line in lines)),),
            original=OriginalSale(terminal_id=TERMINAL, sale_id=sold.sale_id, receipt=sold.receipt),
        )
        return back, buyer


def payments(journal: Journal) -> Iterator[tuple[PaymentRef, int, int | None]]:
    """Yield what is final on account: the payment, øre, and the customer where the cashier named a number."""
    for _, request in journal.on_account():
        number = request.customer_number or LINKED[request.host_customer_id or ""]
        yield request.ref, request.tender.amount + request.tender.tip, number
