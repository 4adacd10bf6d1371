"""When the year is over: the till's journal, its outbox and PowerOffice's books, compared whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from posplugin.domain.documents import VatReportedBy
from posplugin.domain.money import vat_in
from posplugin.domain.payment import PaymentRef
from posplugin.domain.sale import LineKind
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.store import Outbox
from posplugin.simulator import Simulator
from sample_terminal.journal import Journal
from sample_terminal.shares import paid_per_line
from tests.acceptance.vat_table import Row, compared
from tests.integration.sender.settled import CLEARING, Amounts, in_the_books, settled
from tests.year.till import TERMINAL, payments

#: Customer and øre.
Owed = tuple[int, int]
_ALL = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Books:
    """What stands in PowerOffice."""

    drafts: int
    #: By our reference: every document that bears it.
    invoices: dict[str, list[Owed]]
    #: By the Z's name: every voucher that stands.
    settled: dict[str, list[Amounts]]
    balance: dict[int, Decimal]
    owed: dict[int, Decimal]
    #: VAT by code, and how many amounts with VAT have been posted.
    vat: dict[str, Decimal]
    roundings: dict[str, int]
    #: What every voucher sums to that does not sum to nothing.
    unbalanced: dict[str, Decimal]


def read(go: Simulator) -> Books:
    """Read it, in PowerOffice's own process."""
    invoices: defaultdict[str, list[Owed]] = defaultdict(list)
    for one in [*go.orders(), *go.invoices()]:
        reference = str(one["ExternalImportReference"])
        invoices[reference].append((one["CustomerNo"], int(one["TotalAmount"] * 100)))
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    postings = go.postings()
    for row in postings:
        sums[str(row["VoucherId"])] += row["Amount"]
    return Books(
        drafts=len(go.orders()),
        invoices=dict(invoices),
        settled=settled(go),
        balance=go.trial_balance(),
        owed=go.customer_ledger(),
        vat={code: reported.vat for code, reported in go.vat_return().items() if reported.vat},
        roundings=Counter(str(row["VatCode"]) for row in postings if row["VatAmount"]),
        unbalanced={voucher: total for voucher, total in sums.items() if total},
    )


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What the comparison says; nothing is wrong where `wrong` is empty."""

    wrong: list[str]
    documents: int
    settlements: int
    invoiced: Decimal
    vat: list[Row]


def compare(journal: Journal, outbox: Outbox, books: Books) -> Compared:
    """Compare all three."""
    final = {ref: (amount, customer) for ref, amount, customer in payments(journal)}
    z_reports = journal.z_reports(TERMINAL)
    wrong = [f"the plugin has not been told of {each}" for each in [*journal.uncaptured(), *journal.unsent_z()]]
    wrong += _invoices(final, outbox, books)
    cleared, invoiced_vat, roundings = _of_invoices(outbox)
    there = dict(books.settled)
    for z in z_reports:
        by_rate: Counter[int] = Counter()
        for ref in z.invoiced or ():
            by_rate.update(cleared.get(ref, {}))
        wanted = in_the_books(z, {rate: amount for rate, amount in by_rate.items() if amount})
        if (found := there.pop(z.name, [])) != ([wanted] if wanted else []):
            wrong.append(f"{z.name} stands in the books as {found}, not once as {wanted}")
    wrong += [f"nobody closed {name}" for name in there]
    wrong += _balances(books)
    for sale in journal.latest_sales(TERMINAL, limit=_ALL):
        for line, paid in zip(sale.lines, paid_per_line(sale), strict=True):
            if paid and line.vat_rate:
                invoiced_vat[line.vat_rate] += vat_in(paid, line.vat_rate)
                roundings[line.vat_rate] += 1
    vat = compared(invoiced_vat, books.vat, roundings, books.roundings)
    wrong += [f"VAT of code {row.code}: {row.difference} øre from what the till printed" for row in vat if row.too_much]
    if (said := outbox.database.integrity()) != "ok":
        wrong.append(f"the outbox: {said}")
    return Compared(
        wrong=wrong,
        documents=len(final),
        settlements=len(z_reports),
        invoiced=Decimal(sum(amount for amount, _ in final.values())) / 100,
        vat=vat,
    )


def _invoices(final: dict[PaymentRef, tuple[int, int | None]], outbox: Outbox, books: Books) -> Iterator[str]:
    """Every final payment has one record, which is delivered and stands in PowerOffice once; nothing else does."""
    there, known = dict(books.invoices), dict(final)
    for record in outbox.select("kind <> 'settlement'"):
        wanted, documents = known.pop(record.ref, None), there.pop(record.reference, [])
        if wanted is None:
            if documents or record.status is not Status.CANCELLED:
                yield f"{record.receipt} was never final: {record.status}, {documents}"
            continue
        amount, customer = wanted
        if record.status is not Status.DELIVERED or record.reason:
            yield f"{record.receipt} is {record.status}: {record.reason} {record.detail}"
        if documents != [(customer, amount)]:
            yield f"{record.receipt} stands there as {documents}, not once as {(customer, amount)}"
    yield from (f"{ref} has no record" for ref in known)
    yield from (f"nobody here made {reference}: {documents}" for reference, documents in there.items())


def _of_invoices(outbox: Outbox) -> tuple[dict[PaymentRef, dict[int, int]], Counter[int], Counter[int]]:
    """Return what each puts on clearing, by VAT rate; and of all: the printed VAT, and how often it was rounded."""
    cleared: dict[PaymentRef, dict[int, int]] = {}
    vat: Counter[int] = Counter()
    roundings: Counter[int] = Counter()
    for record in outbox.select("kind <> 'settlement' AND status = 'delivered'"):
        invoice = record.invoice()
        if invoice.vat_reported_by is VatReportedBy.SETTLEMENT:
            goods = [line for line in invoice.lines if line.kind is not LineKind.GIFT_CARD]
            cleared[record.ref] = {line.vat_rate: 0 for line in goods}
            for line in goods:
                cleared[record.ref][line.vat_rate] += line.amount
        for rate, (_, printed) in invoice.taxed.items():
            vat[rate] += printed
            roundings[rate] += 1
    return cleared, vat, roundings


def _balances(books: Books) -> Iterator[str]:
    if total := sum(books.balance.values()):
        yield f"the trial balance is {total}"
    if left := books.balance.get(CLEARING, Decimal(0)):
        yield f"{left} is left on the clearing account"
    if books.drafts:
        yield f"{books.drafts} drafts have not been sent"
    if books.balance.get(1500, Decimal(0)) != sum(books.owed.values()):
        yield "the customer ledger is not what account 1500 says"
    for voucher, total in books.unbalanced.items():
        yield f"the voucher {voucher} sums to {total}"
