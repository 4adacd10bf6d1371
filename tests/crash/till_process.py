"""A till to be killed: opens, settles what the last death left, says how the books stand, then sells.

It tells its witness {"checked": …} once at the start, then {"begin": sale} and {"done": sale} around every checkout,
{"closed": Z} after a day's end.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from posplugin.domain.clock import business_date
from posplugin.domain.payment import PaymentField, Terminal
from posplugin.domain.sale import CASH, INVOICE, OriginalSale, Sale, SaleLine, Tender
from posplugin.hooks import PosHost
from posplugin.outbox.database import Database
from posplugin.outbox.store import Outbox
from sample_terminal.card import FakeCard
from sample_terminal.checkout import Buyer, Done, Till
from sample_terminal.journal import Journal
from sample_terminal.play import NoPrinter
from tests.crash.checker import TERMINAL, check_till
from tests.crash.processes import OPENED, Tell

_OSLO = ZoneInfo("Europe/Oslo")
_CUSTOMERS: Final = (10002, 10003)
#: What a till does at random, and how often.
_ACTS: Final = {"whole": 8, "split": 5, "cash": 3, "declined": 2, "unknown": 1, "return": 2, "close": 2}


def till(folder: Path, tell: Tell, acts: Iterable[str] | None = None, name: str = "0") -> None:
    """Do what is told and come to an end; without, act at random until killed. `name` begins the ids of its sales."""
    dice = random.Random(f"{name} {acts}")
    with Journal(folder / "journal.sqlite3") as journal:
        host = PosHost.load(Terminal(terminal_id=TERMINAL, department="bar"), outcome=journal.outcome)
        if host.failures:
            raise RuntimeError(str(host.failures))
        at_work = Till(host, journal, FakeCard(), NoPrinter())
        at_work.replay()
        with Database(folder / "outbox.sqlite3") as database:
            found = check_till(journal, Outbox(database))
        tell({"checked": found, "final": journal.count_sales(TERMINAL), OPENED: True})
        for number, act in enumerate(_endless(dice) if acts is None else acts, 1):
            _act(at_work, act, f"{name}-{number}", dice, tell)
        host.shutdown()


def _endless(dice: random.Random) -> Iterator[str]:
    while True:
        time.sleep(dice.random() * 0.005)
        yield dice.choices([*_ACTS], [*_ACTS.values()])[0]


def _act(at_work: Till, act: str, name: str, dice: random.Random, tell: Tell) -> None:
    if act == "close":
        _close(at_work, tell)
        return
    sold = _return(at_work.journal, name, dice) if act == "return" else _sale(act, name, dice)
    if sold is None:
        return
    sale, buyer = sold
    assert isinstance(at_work.card, FakeCard)
    at_work.card.declines = act == "declined"
    tell({"begin": sale.sale_id})
    if isinstance(at_work.checkout(sale, buyer), Done):
        tell({"done": sale.sale_id})
    else:
        tell({"stopped": sale.sale_id})


def _close(at_work: Till, tell: Tell) -> None:
    open_sales = at_work.journal.open_sales(TERMINAL)
    if not open_sales:
        return
    number = len(at_work.journal.z_reports(TERMINAL)) + 1
    tell({"begin": f"Z {number}"})
    first, now = min(sale.at for sale in open_sales), datetime.now(UTC)
    day = business_date(first, _OSLO)
    at_work.close_day(day, now, f"day {number}", open_sales, number=number)
    tell({"closed": number})


def _sale(act: str, name: str, dice: random.Random) -> tuple[Sale, Buyer]:
    """A sale on account, whole or beside a card, to a customer that is there or is not; or one for cash."""
    parts = [dice.randint(2, 100_000), dice.randint(2, 50_000)]
    amount = sum(parts)
    invoiced = {"cash": 0, "whole": amount, "unknown": amount}.get(act, dice.randint(1, amount - 1))
    tenders = [Tender(tender_id="f", channel=INVOICE, amount=invoiced)] if invoiced else []
    if invoiced < amount:
        channel = CASH if act == "cash" else "card"
        tenders.append(Tender(tender_id="k", channel=channel, amount=amount - invoiced))
    sale = Sale(
        sale_id=name,
        terminal_id=TERMINAL,
        at=datetime.now(UTC),
        lines=tuple(
            SaleLine(description="Middag", amount=part, vat_rate=rate, article_group="mat")
            for part, rate in zip(parts, (25, 15), strict=True)
        ),
        tenders=tuple(tenders),
    )
    fields = {PaymentField.YOUR_REFERENCE: "Kari Nordmann"}
    return sale, Buyer(customer_number=99999 if act == "unknown" else dice.choice(_CUSTOMERS), fields=fields)


def _return(journal: Journal, name: str, dice: random.Random) -> tuple[Sale, Buyer] | None:
    """Goods of an earlier sale on account that nobody has brought back come back, as one return to its customer."""
    for sale in journal.latest_sales(TERMINAL, limit=20):
        if len(sale.tenders) == 1 and sale.tenders[0].channel == INVOICE and not sale.original:
            if journal.returns_of(sale):
                continue
            customer = journal.requests_of(sale)[0].customer_number
            lines = tuple(
                SaleLine(description=line.description, amount=-line.amount, vat_rate=line.vat_rate, article_group="mat")
                for line in sale.lines[: dice.randint(1, 2)]
            )
            tender = Tender(tender_id="f", channel=INVOICE, amount=sum(line.amount for line in lines))
            original = OriginalSale(terminal_id=TERMINAL, sale_id=sale.sale_id, receipt=sale.receipt)
            back = Sale(
                sale_id=name,
                terminal_id=TERMINAL,
                at=datetime.now(UTC),
                lines=lines,
                tenders=(tender,),
                original=original,
            )
            return back, Buyer(customer_number=customer)
    return None
