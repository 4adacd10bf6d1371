"""A till with several cashiers at once: threads that sell, return, search, look at the lamp and close the day."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from posplugin.domain.clock import business_date
from posplugin.domain.payment import (
    Authorization,
    ChannelStatus,
    CustomerMatch,
    PaymentField,
    PaymentRef,
    PaymentRequest,
    Refusal,
    RefusalCode,
    Terminal,
)
from posplugin.domain.sale import CASH, INVOICE, OriginalSale, Sale, SaleLine, Tender
from posplugin.domain.zreport import ZReport
from posplugin.hooks import PosHost
from posplugin.outbox.database import HOOK_WAIT_SECONDS
from sample_terminal.card import FakeCard
from sample_terminal.checkout import Buyer, Done, Till
from sample_terminal.journal import Journal
from sample_terminal.play import NoPrinter
from tests.concurrency.notes import Notes, is_stopped
from tests.crash.checker import TERMINAL
from tests.crash.processes import OPENED, Tell

_OSLO = ZoneInfo("Europe/Oslo")
_CUSTOMERS: Final = (10002, 10003)
#: What a cashier does, and how often. "whole" sales may be returned, "split" ones discarded by a technician.
_ACTS: Final = {"whole": 8, "split": 6, "cash": 3, "declined": 2, "return": 2, "search": 6, "lamp": 4}
#: Shorter than the till's own wait, SQLite having slept in whole milliseconds.
_WAITED = HOOK_WAIT_SECONDS * 0.95


@dataclass(eq=False)
class WatchedHost(PosHost):
    """Notes how long each hook took, and whether one failed before the till's own wait was used up."""

    notes: Notes = field(default_factory=Notes)
    _asked_at: threading.local = field(default_factory=threading.local)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        self._asked_at.began = time.monotonic()
        with self.notes.timed(name):
            yield

    def authorize(self, request: PaymentRequest) -> Authorization | Refusal:
        with self._timed("till: promise"):
            answer = super().authorize(request)
        if isinstance(answer, Refusal) and answer.code != RefusalCode.PLUGIN_FAILED:
            self.notes.wrong(f"refused: {answer.code} {answer.text}")
        return answer

    def capture(self, request: PaymentRequest) -> bool:
        with self._timed("till: capture"):
            return super().capture(request)

    def void(self, ref: PaymentRef, why: str) -> None:
        with self._timed("till: void"):
            super().void(ref, why)

    def day_closed(self, z_report: ZReport) -> bool:
        with self._timed("till: day closed"):
            return super().day_closed(z_report)

    def status(self) -> tuple[ChannelStatus, ...]:
        with self._timed("till: lamp"):
            return super().status()

    def find_customers(self, text: str, limit: int = 20, department: str | None = None) -> tuple[CustomerMatch, ...]:
        with self._timed("till: search"):
            return super().find_customers(text, limit, department)

    def _fail(self, name: str, hook: str, text: str) -> Exception:  # type: ignore[override]
        if time.monotonic() - self._asked_at.began >= _WAITED:
            self.notes.count(f"{hook} failed, its wait used up")
        else:
            self.notes.wrong(f"failed at once: {hook} {text}")
        return super()._fail(name, hook, text)


def sell(folder: Path, tell: Tell, name: str, threads: int, pause: float) -> None:
    """Let `threads` cashiers work until everything is stopped, with up to `pause` seconds between two acts."""
    with Journal(folder / "journal.sqlite3") as journal:
        host = WatchedHost.load(Terminal(terminal_id=TERMINAL, department="bar"), outcome=journal.outcome)
        assert isinstance(host, WatchedHost)
        if host.failures:
            raise RuntimeError(str(host.failures))
        tell({OPENED: True})
        closing = threading.Thread(target=_close_days, args=(folder, host, journal, pause * 20))
        cashiers = [_Cashier(folder, host, journal, f"{name}-{number}", pause) for number in range(threads)]
        at_work = [closing, *(threading.Thread(target=cashier.work) for cashier in cashiers)]
        for thread in at_work:
            thread.start()
        for thread in at_work:
            thread.join()
        Till(host, journal, FakeCard(), NoPrinter()).replay()
        host.shutdown()
        host.notes.tell(tell)


class _Cashier:
    """One of those at the till."""

    def __init__(self, folder: Path, host: WatchedHost, journal: Journal, name: str, pause: float) -> None:
        self._folder, self._notes, self._name, self._pause = folder, host.notes, name, pause
        self._dice = random.Random(name)
        self._card = FakeCard()
        self._till = Till(host, journal, self._card, NoPrinter())
        self._sold: list[tuple[Sale, int]] = []

    def work(self) -> None:
        number = 0
        while not is_stopped(self._folder):
            number += 1
            act = self._dice.choices([*_ACTS], [*_ACTS.values()])[0]
            try:
                self._do(act, f"{self._name}-{number}-{act}")
            except Exception as error:
                self._notes.wrong(f"{act}: {type(error).__name__}: {error}")
            time.sleep(self._dice.random() * self._pause)

    def _do(self, act: str, name: str) -> None:
        if act == "search":
            if not self._till.host.find_customers(self._dice.choice(["1000", "havn", "a"])):
                self._notes.count("searches that found nobody")
        elif act == "lamp":
            self._till.host.status()
        elif act == "return":
            if self._sold:
                self._check_out(*self._back(name, *self._sold.pop()))
        else:
            sale, customer = self._sale(act, name)
            if self._check_out(sale, customer, declines=act == "declined") and act == "whole":
                self._sold.append((sale, customer))

    def _check_out(self, sale: Sale, customer: int, *, declines: bool = False) -> bool:
        self._card.declines = declines
        with self._notes.timed("checkouts"):
            ended = self._till.checkout(sale, Buyer(customer_number=customer, fields={PaymentField.ORDER_NUMBER: "0"}))
        if isinstance(ended, Done):
            self._notes.done(sale.sale_id)
            return True
        if not declines and ended.code != RefusalCode.PLUGIN_FAILED:
            self._notes.wrong(f"stopped: {ended.code} {ended.text}")
        return False

    def _sale(self, act: str, name: str) -> tuple[Sale, int]:
        parts = [self._dice.randint(2, 100_000), self._dice.randint(2, 50_000)]
        amount = sum(parts)
        invoiced = {"cash": 0, "whole": amount}.get(act, self._dice.randint(1, amount - 1))
        tenders = [Tender(tender_id="f", channel=INVOICE, amount=invoiced)] if invoiced else []
        if invoiced < amount:
            channel = CASH if act == "cash" else "card"
            tenders.append(Tender(tender_id="k", channel=channel, amount=amount - invoiced))
        lines = tuple(
            SaleLine(description="Middag", amount=part, vat_rate=rate, article_group="mat")
            for part, rate in zip(parts, (25, 15), strict=True)
        )
        sale = Sale(
            sale_id=name, terminal_id=TERMINAL, at=datetime.now(UTC), lines=lines, tenders=tuple(tenders), receipt=name
        )
        return sale, self._dice.choice(_CUSTOMERS)

    def _back(self, name: str, sold: Sale, customer: int) -> tuple[Sale, int]:
        """A part of a sale comes back."""
        (line, *_) = sold.lines
        original = OriginalSale(terminal_id=TERMINAL, sale_id=sold.sale_id, receipt=sold.receipt)
        back = Sale(
            sale_id=name,
            terminal_id=TERMINAL,
            at=datetime.now(UTC),
            lines=(replace(line, amount=-line.amount),),
            tenders=(Tender(tender_id="f", channel=INVOICE, amount=-line.amount),),
            receipt=name,
            original=original,
        )
        return back, customer


def _close_days(folder: Path, host: WatchedHost, journal: Journal, pause: float) -> None:
    """Close the day every now and then, while the others sell on."""
    dice, till = random.Random(pause), Till(host, journal, FakeCard(), NoPrinter())
    while not is_stopped(folder):
        time.sleep(dice.uniform(0.5, 1.0) * pause)
        if not (sales := journal.open_sales(TERMINAL)):
            continue
        number = len(journal.z_reports(TERMINAL)) + 1
        day = business_date(min(sale.at for sale in sales), _OSLO)
        try:
            z = till.close_day(day, datetime.now(UTC), f"day {number}", sales, number=number)
        except Exception as error:
            host.notes.wrong(f"closing the day: {type(error).__name__}: {error}")
        else:
            host.notes.closed(z.number)
