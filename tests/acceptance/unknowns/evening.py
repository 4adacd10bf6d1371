"""An evening of invoices whose customers and amounts the test itself knows, and both ledgers afterwards."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from posplugin.domain.payment import PaymentField, PaymentVoid
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import OriginalSale
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.integration.sender import shop as shops

POST = "/SalesOrders/Complete"
#: What may go wrong while the orders are posted: kind → how often, or how many times in all.
FAULTS: Mapping[str, Mapping[str, int]] = {
    "none": {},
    "drop-after": {"every": 2},
    "drop-before": {"every": 2},
    "cut": {"every": 2},
    "500-after": {"every": 2},
    "500-before": {"every": 2},
    "503": {"every": 2},
    "429": {"every": 2},
    "401": {"times": 1},
}


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment by invoice: by rate, with a gift card, a tip, or as a return of another receipt."""

    customer: int
    amounts: Mapping[int, int]
    gift_card: int = 0
    tip: int = 0
    returns: int | None = None

    @property
    def total(self) -> int:
        return sum(self.amounts.values()) + self.gift_card + self.tip


#: What another look or try may help.
MOVING = {Status.SENDING, Status.UNCERTAIN}

#: By receipt. Small and odd amounts, since that is where øre are lost.
EVENING: Mapping[int, Paid] = {
    1: Paid(10002, {25: 12345, 15: 6789}),
    2: Paid(10003, {25: 1}),
    3: Paid(10005, {15: 33333}),
    4: Paid(10008, {12: 9999, 25: 10001}),
    5: Paid(10009, {0: 4250}),
    6: Paid(10010, {25: 99999, 15: 7, 12: 13, 0: 1}),
    7: Paid(10002, {}, gift_card=50000),
    8: Paid(10003, {25: 3, 15: 3, 12: 3}, gift_card=20000),
    9: Paid(10001, {25: 18750}, tip=1250),
    10: Paid(10004, {15: 11550, 25: 2}),
    11: Paid(10002, {25: 88888, 15: 44444}, tip=777),
    12: Paid(10002, {25: -12345, 15: -6789}, returns=1),
}


class Shop(shops.Shop):
    """A till that can be compared with PowerOffice receipt by receipt."""

    def __init__(self, folder: Path, go: Simulator, *, settle_time: str = "60s", **settings: str) -> None:
        self.settle_time = settle_time
        super().__init__(folder, go, **settings)
        self.check()

    def check(self) -> None:
        """Look at the set-up, with the settings as they are now; all must be right."""
        self.reopen()
        assert [finding for finding in self.app.office().check() if not finding.ok] == []

    def write(self, **settings: str) -> None:
        super().write(**settings)
        text = self.config.read_text()
        self.config.write_text(text.replace('settle_time = "60s"', f'settle_time = "{self.settle_time}"'))

    def sell_evening(self, receipts: Iterable[int] = EVENING) -> None:
        """Capture the evening, with a payment beside it that is not final and must never be invoiced."""
        for receipt in receipts:
            self.sell_one(receipt)
        self.app.till().void(PaymentVoid(ref=self.promise("13", {25: 10000}).ref, why="paid by card"))

    def sell_one(self, receipt: int) -> None:
        """Capture one payment of the evening."""
        paid, original = EVENING[receipt], None
        if paid.returns:
            original = OriginalSale(terminal_id="bar-1", sale_id=f"s{paid.returns}", receipt=str(paid.returns))
        self.sell(
            str(receipt),
            paid.amounts,
            customer=paid.customer,
            gift_card=paid.gift_card,
            tip=paid.tip,
            original=original,
            fields={PaymentField.YOUR_REFERENCE: "Kari Vik"},
        )

    def send_in_real_time(self, runs: int = 6, pause: float = 0.25) -> None:
        """Make runs within a second or two, while reads lag behind writes; then let time pass until nothing waits."""
        for _ in range(runs):
            self.send()
            if not any(record.status in MOVING for record in self.records()):
                break
            time.sleep(pause)
        self.until_quiet()

    def until_finished(self, runs: int = 15) -> None:
        """Make runs, time passing between them, until nothing is left to do after the deliveries either."""
        for _ in range(runs):
            report = self.send()
            if not (report.waiting or report.unfinished or report.stopped):
                return
            self.later(timedelta(minutes=10))
        raise AssertionError(f"not finished after {runs} runs: {self.standing()}")

    def put_back(self, backup: Path) -> None:
        """Put an old copy of the outbox in the place of the present one."""
        self.app.close()
        outbox = self.app.database.path
        for name in (outbox, *(outbox.with_name(outbox.name + end) for end in ("-wal", "-shm"))):
            name.unlink(missing_ok=True)
        shutil.copy(backup, outbox)
        self.app = self.open()

    # -- both ledgers ----------------------------------------------------------------------------------------------

    def books(self) -> dict[int, list[tuple[int, int]]]:
        """Return what PowerOffice has, drafts and invoices: receipt → customer and øre of every document."""
        found: dict[int, list[tuple[int, int]]] = {}
        invoices = self.go.invoices()  # first: what is sent between the two is then missed, and not seen twice
        for document in [*self.go.orders(), *invoices]:
            total = document["TotalAmount"] * 100
            assert total == int(total)
            found.setdefault(document["ImportedOrderNo"], []).append((document["CustomerNo"], int(total)))
        return found

    def captured(self) -> dict[int, tuple[Status, Reason | None]]:
        """Return how every captured payment stands in the outbox, by receipt."""
        records = [record for record in self.records() if record.status is not Status.CANCELLED]
        assert len({record.receipt for record in records}) == len(records)
        return {int(record.receipt): (record.status, record.reason) for record in records}


def all_stand_once(shop: Shop, paid: Mapping[int, Paid] = EVENING) -> None:
    """Every payment is delivered, and in PowerOffice once, on its customer and to the øre; nothing else is there."""
    assert none_stands_twice(shop, paid) == [], shop.standing()
    assert shop.books() == {receipt: [(each.customer, each.total)] for receipt, each in paid.items()}


def none_stands_twice(shop: Shop, paid: Mapping[int, Paid] = EVENING) -> list[int]:
    """Every payment stands right and once, or waits for a person with a reason. Return those that wait."""
    books, captured = shop.books(), shop.captured()
    assert captured.keys() == paid.keys() >= books.keys()
    waiting = []
    for receipt, each in paid.items():
        status, reason = captured[receipt]
        documents = books.get(receipt, [])
        if status is Status.DELIVERED:
            assert documents == [(each.customer, each.total)], receipt
        else:
            assert status is Status.NEEDS_ATTENTION, (receipt, status)
            assert reason is not None, receipt
            assert len(documents) <= 1, (receipt, reason)
            waiting.append(receipt)
    return waiting


def a_person_sends_every_second_draft(shop: Shop) -> None:
    """Half of the drafts become invoices, which are no orders any more."""
    for order in shop.go.orders()[::2]:
        shop.go.send_order(order["Id"])
