"""A till to be killed: opens, settles what the last death left, says how the books stand, then sells without end.

Lines on stdout, one JSON object each: {"checked": …} once at start, then {"begin": sale} and {"done": sale} around
every checkout, so that the parent knows what it was told before it killed.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posplugin.domain.payment import Terminal
from posplugin.domain.sale import Sale, SaleLine, Tender
from posplugin.hooks import PosHost
from posplugin.outbox.database import Database
from posplugin.outbox.store import Outbox
from sample_terminal.card import FakeCard
from sample_terminal.checkout import Buyer, Done, Till
from sample_terminal.journal import Journal
from tests.crash.checker import check

TERMINAL = "till-1"


class NoPrinter:
    """Throws papers away."""

    def print(self, paper: str) -> None:
        """Print nothing."""


def _say(**words: Any) -> None:
    print(json.dumps(words), flush=True)


def _sale(sale_id: str, dice: random.Random) -> tuple[Sale, Buyer]:
    """A sale on account: whole or beside a card, to a customer that is there or is not."""
    amount = dice.randint(2, 100_000)
    invoiced = amount if dice.random() < 0.6 else dice.randint(1, amount - 1)
    tenders = [Tender(tender_id="f", channel="invoice", amount=invoiced)]
    if invoiced < amount:
        tenders.append(Tender(tender_id="k", channel="card", amount=amount - invoiced))
    sale = Sale(
        sale_id=sale_id,
        terminal_id=TERMINAL,
        at=datetime.now(UTC),
        lines=(SaleLine(description="Middag", amount=amount, vat_rate=dice.choice((25, 15))),),
        tenders=tuple(tenders),
    )
    return sale, Buyer(customer_number=10002 if dice.random() < 0.9 else 99999)


def main(folder: Path, seed: int) -> None:
    """Run until killed."""
    dice = random.Random(seed)
    with Journal(folder / "journal.sqlite3") as journal:
        host = PosHost.load(Terminal(terminal_id=TERMINAL, department="bar"), outcome=journal.outcome)
        if host.failures:
            raise SystemExit(str(host.failures))
        card = FakeCard()
        till = Till(host, journal, card, NoPrinter())
        till.replay()
        with Database(folder / "outbox.sqlite3") as database:
            _say(checked=check(journal, Outbox(database)))
        number = 0
        while True:
            number += 1
            sale, buyer = _sale(f"{seed}-{number}", dice)
            card.declines = dice.random() < 0.1
            _say(begin=sale.sale_id)
            if isinstance(till.checkout(sale, buyer), Done):
                _say(done=sale.sale_id)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
