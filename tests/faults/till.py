"""The till of the state machine: what it sold, as it knows it itself, beside the shop that has to deliver it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import pytest

from posplugin.domain.documents import RecordKind, VatReportedBy
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.payment import Authorization, PaymentRef, PaymentRequest, PaymentVoid, Refusal
from posplugin.domain.sale import INVOICE, OriginalSale, Sale, SaleLine, Tender
from posplugin.domain.zreport import ZReport
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Event, Record
from posplugin.poweroffice.gateway import PowerOfficeGateway
from posplugin.poweroffice.journals import PowerOfficeJournals
from posplugin.texts import texts
from tests.integration.sender.settled import CLEARING
from tests.integration.sender.shop import CLEARING_MODE, PRODUCTS, Shop

#: What one settings file says of who reports the VAT, by name.
MODES: Mapping[str, Mapping[str, str]] = {
    "invoice": {
        "vat_reported_by": "invoice",
        "products": ", ".join(f'{role} = "{code}"' for role, code in PRODUCTS.items()),
    },
    "settlement": CLEARING_MODE,
}


class Died(BaseException):
    """The process is no more."""


@dataclass
class Paid:
    """One payment by invoice, as the till's own journal has it."""

    request: PaymentRequest
    #: None while the till has not said; then whether the sale became final.
    final: bool | None = None
    #: What a return gives back, by VAT rate, and what has been returned of it.
    original: str | None = None
    #: A technician let it go.
    discarded: bool = False

    @property
    def amount(self) -> int:
        return self.request.tender.amount

    @property
    def ref(self) -> PaymentRef:
        return self.request.ref


class Till:
    """Sells at a shop, and knows what it sold."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.paid: dict[str, Paid] = {}
        self.closed: list[ZReport] = []
        self._histories: dict[int, list[Event]] = {}
        #: What a technician let go, and what stood in PowerOffice of it then.
        self._let_go: dict[int, list[tuple[int, int]]] = {}

    # -- selling ---------------------------------------------------------------------------------------------------

    def promise(
        self, customer: int, amounts: Mapping[int, int], by_card: int = 0, original: str | None = None
    ) -> str | None:
        """Ask for a payment; return its receipt, None where the cashier was refused."""
        receipt = str(len(self.paid) + 1)
        lines = tuple(
            SaleLine(description=f"vare {rate}", amount=amount, vat_rate=rate) for rate, amount in amounts.items()
        )
        total = sum(amounts.values())
        tenders = [Tender(tender_id="1", channel=INVOICE, amount=total - by_card)]
        if by_card:
            tenders.append(Tender(tender_id="2", channel="card", amount=by_card))
        sale = Sale(
            sale_id=f"s{receipt}",
            terminal_id="bar-1",
            at=self.shop.clock(),
            lines=lines,
            tenders=tuple(tenders),
            receipt=receipt,
            original=OriginalSale(terminal_id="bar-1", sale_id=f"s{original}", receipt=original) if original else None,
        )
        request = PaymentRequest(ref=PaymentRef("bar-1", sale.sale_id, "1"), sale=sale, customer_number=customer)
        answer = self.shop.app.till().authorize(request)
        if not isinstance(answer, Authorization):
            return None
        self.paid[receipt] = Paid(request, original=original)
        return receipt

    def capture(self, receipt: str) -> None:
        """The sale is final: first in the till's own journal, as a till that may die between the two does it."""
        self.paid[receipt].final = True
        self.shop.app.till().capture(self.paid[receipt].request)
        self.shop.unlisted.append(self.paid[receipt].ref)

    def void(self, receipt: str) -> None:
        self.paid[receipt].final = False
        self.shop.app.till().void(PaymentVoid(ref=self.paid[receipt].ref, why="paid by card"))

    def close_day(self, number: int, amounts: Mapping[int, int]) -> None:
        self.closed.append(self.shop.close_day(number, amounts))

    def say_again(self, receipt: str) -> None:
        """Say once more what has been said of a payment, and try what comes too late for it: nothing changes."""
        paid, hooks = self.paid[receipt], self.shop.app.till()
        before = self.record(paid)
        void = PaymentVoid(ref=paid.ref, why="paid by card")
        if paid.final is False:
            hooks.void(void)
            assert isinstance(hooks.authorize(paid.request), Refusal), receipt
        else:
            hooks.authorize(paid.request)
        if paid.final:
            hooks.capture(paid.request)
            with pytest.raises(IllegalTransition):
                hooks.void(void)
        for z in self.closed[-1:]:
            hooks.day_closed(z)
        assert self.record(paid) == before

    def open_promises(self) -> list[str]:
        return [receipt for receipt, paid in self.paid.items() if paid.final is None]

    def left_to_return(self) -> dict[str, tuple[int, dict[int, int]]]:
        """Return what may be returned: receipt → customer, and øre by VAT rate."""
        left = {
            receipt: (
                int(paid.request.customer_number or 0),
                {line.vat_rate: line.amount for line in paid.request.sale.lines},
            )
            for receipt, paid in self.paid.items()
            if paid.final and not paid.original and len(paid.request.sale.tenders) == 1
        }
        for paid in self.paid.values():
            if paid.original in left and paid.final is not False:
                for line in paid.request.sale.lines:
                    left[paid.original][1][line.vat_rate] += line.amount
        return {receipt: told for receipt, told in left.items() if any(told[1].values())}

    # -- what must always hold -------------------------------------------------------------------------------------

    def record(self, paid: Paid) -> Record | None:
        return self.shop.app.outbox.by_payment(paid.ref)

    def credits_what_was_let_go(self, record: Record) -> bool:
        """Whether it gives back a sale that a technician has invoiced by hand: so must this be."""
        of = next((paid.original for paid in self.paid.values() if paid.ref == record.ref), None)
        return of is not None and self.paid[of].discarded

    def nothing_is_lost(self) -> None:
        """Each final sale has one record that is not let go, unless a technician let it go."""
        records = [record for record in self.shop.records() if record.kind is not RecordKind.SETTLEMENT]
        assert len({record.ref for record in records}) == len(records)
        for paid in self.paid.values():
            record = self.record(paid)
            assert record is not None, paid.ref
            if paid.final:
                gone = record.status in {Status.AUTHORIZED, Status.CANCELLED, Status.DISCARDED}
                assert not gone or paid.discarded, (record.receipt, record.status)
                assert record.amount == paid.amount

    def there(self) -> defaultdict[str, list[tuple[int, int]]]:
        """Return what stands in PowerOffice: customer and øre, by reference without its generation."""
        there: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for reference, customer, amount in self.shop.ledger():
            there[reference.rpartition("-")[0]].append((customer, amount))
        return there

    def what_was_let_go_is_not_sent(self) -> None:
        """What a technician has handled otherwise never comes to PowerOffice after that."""
        there = self.there()
        standing = {record.id: record for record in self.shop.records() if record.status is Status.DISCARDED}
        for record in standing.values():
            documents = there[record.reference.rpartition("-")[0]]
            assert len(documents) <= len(self._let_go.setdefault(record.id, documents)), (record.receipt, documents)
        assert self._let_go.keys() <= standing.keys(), "what was let go is sent again"

    def nothing_is_doubled(self) -> None:
        """No payment stands in PowerOffice twice; what is delivered stands there once, right to the øre."""
        there = self.there()
        for paid in self.paid.values():
            record = self.record(paid)
            assert record is not None
            documents = there.pop(record.reference.rpartition("-")[0], [])
            assert len(documents) <= 1, (record.receipt, documents)
            if not paid.final:
                assert not documents, f"{record.receipt} was never final"
            if record.status is Status.DELIVERED and record.reason is None:
                assert documents == [(record.customer_number, paid.amount)], record.receipt
        assert not there, f"nobody here sold these: {dict(there)}"

    def histories_only_grow(self) -> None:
        """What has happened stays, each event begins where the last ended, and attempts never exceed the limit."""
        for record in self.shop.records():
            events, before = self.shop.app.outbox.events(record), self._histories.get(record.id, [])
            assert events[: len(before)] == before, record.receipt
            for earlier, later in pairwise(events):
                assert later.was == earlier.now, record.receipt
            assert events[-1].now == record.status
            self._histories[record.id] = events

    def reasons_have_remedies(self) -> None:
        for record in self.shop.app.outbox.needing_a_person():
            assert record.reason is not None, record.receipt
            for language in ("nb", "en"):
                assert texts(language).reason[record.reason].remedy

    def vat_is_reported_once(self) -> None:
        """An invoice whose VAT the settlement reports is on products without VAT, and the other way about."""
        with_vat, without = ({"30", "31", "32", "33"}, {"50", "51", "52", "53"})
        records = {record.reference: record for record in self.shop.records()}
        for document in self.shop.go.orders():
            record = records.get(document["ExternalImportReference"])
            if record is not None and record.status is Status.DELIVERED:
                codes = {str(line.get("ProductCode")) for line in document["SalesOrderLines"]}
                by_invoice = record.invoice().vat_reported_by is VatReportedBy.INVOICE
                assert not codes & (without if by_invoice else with_vat), (record.receipt, codes)

    def books_balance(self) -> None:
        """Every settlement sums to nothing, stands once, and puts no invoice on clearing that another has put there."""
        assert sum(self.shop.go.trial_balance().values()) == 0
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        standing: defaultdict[str, set[str]] = defaultdict(set)
        for row in self.shop.go.postings():
            sums[str(row["VoucherId"])] += row["Amount"]
            if row["VoucherType"] == "CashJournal" and not row["IsReversed"]:
                standing[str(row["VoucherDescription"])].add(str(row["VoucherId"]))
        assert not any(sums.values()), sums
        assert all(len(vouchers) == 1 for vouchers in standing.values()), standing
        for record in self.shop.records():
            if record.kind is RecordKind.SETTLEMENT:
                for row_ in self.shop.app.outbox.settlements.journals(record):
                    assert row_.journal.difference == 0

    def clearing_is_right(self) -> None:
        """What the settlements put on clearing is the invoices whose VAT they report, each once."""
        settled = {
            r.id: r for r in self.shop.records() if r.kind is RecordKind.SETTLEMENT and r.status is Status.DELIVERED
        }
        rows = self.shop.app.database.rows("SELECT record_id, terminal_id, sale_id, tender_id FROM cleared")
        cleared = [PaymentRef(*ref) for record_id, *ref in rows if record_id in settled]
        assert len(set(cleared)) == len(cleared)
        known = {paid.ref: record for paid in self.paid.values() if (record := self.record(paid))}
        there = sum(
            row["Amount"]
            for row in self.shop.go.postings()
            if row["AccountNo"] == CLEARING and row["VoucherType"] in {"CashJournal", "ReversalVoucher"}
        )
        assert there * 100 == sum(known[ref].amount for ref in cleared)
        for record in settled.values():
            for ref in record.settlement().z.invoiced or ():
                by_settlement = known[ref].invoice().vat_reported_by is VatReportedBy.SETTLEMENT
                if by_settlement and known[ref].status is Status.DELIVERED:
                    assert ref in cleared, f"{record.receipt}: nobody reports the VAT of receipt {known[ref].receipt}"


#: Where a sender may die: before and after PowerOffice is asked, of an order and of a settlement.
DEATHS = tuple(
    (owner, name, when)
    for owner, name in (
        (PowerOfficeGateway, "deliver"),
        (PowerOfficeJournals, "post"),
        (PowerOfficeGateway, "posted_since"),
    )
    for when in ("before", "after")
)
