"""What the till itself says of its day: papers that were printed, final sales, and the Z. Nothing of the outbox."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from posplugin.domain.payment import PaymentRequest
from posplugin.domain.sale import INVOICE, LineKind, Sale
from posplugin.domain.zreport import ZReport
from sample_terminal import stored
from sample_terminal.journal import Journal
from sample_terminal.shares import paid_per_line


@dataclass
class Roll:
    """The printer's paper, as it came out."""

    papers: list[str] = field(default_factory=list)

    def print(self, paper: str) -> None:
        """Print one paper."""
        self.papers.append(paper)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A delivery receipt: øre that the journal puts on a customer, and what the paper says beside it."""

    receipt: int
    customer: int
    #: Of the journal, the tip with it; negative for what comes back.
    amount: int
    tip: int
    #: Of the paper: "Beløp som faktureres" or "krediteres", and what it names apart.
    printed: int
    fee: int
    vat: Mapping[int, int]
    #: By VAT rate, øre with VAT: the sale's lines less what was paid at the till, gift cards aside.
    goods: Mapping[int, int]

    @property
    def owed(self) -> int:
        """What the customer owes for it: the journal's amount, and the fee that the paper names."""
        return self.amount + self.fee


@dataclass(frozen=True, kw_only=True)
class TillDay:
    """A day that has been closed."""

    deliveries: tuple[Delivery, ...]
    z: ZReport
    #: By VAT rate: øre of VAT that the sales receipts print.
    sales_vat: Mapping[int, int]
    #: By VAT rate: how many rounded amounts the printed VAT is made of, on sales receipts and on delivery receipts.
    sales_roundings: Mapping[int, int]
    delivery_roundings: Mapping[int, int]

    @property
    def owed(self) -> dict[int, int]:
        """What each customer owes, øre."""
        return _sums({each.customer: each.owed} for each in self.deliveries)

    @property
    def fees(self) -> int:
        """All fees, øre with VAT."""
        return sum(each.fee for each in self.deliveries)

    @property
    def delivery_vat(self) -> dict[int, int]:
        """VAT on the delivery receipts by rate, øre; fees bear theirs beside it."""
        return _sums(each.vat for each in self.deliveries)

    @property
    def goods_delivered(self) -> dict[int, int]:
        """What is to be invoiced by VAT rate, øre with VAT, without gift cards, tips and fees."""
        return _sums(each.goods for each in self.deliveries)


def till_day(journal: Path, roll: Roll) -> TillDay:
    """Read the one day that a journal holds, and the papers of it."""
    delivery_papers = {
        number: paper
        for paper in roll.papers
        for number in _numbers("(?:UTLEVERINGSKVITTERING|KREDITNOTA FØLGER)", paper)
    }
    sales_papers = [paper for paper in roll.papers if any(_numbers("(?:SALGS|RETUR)KVITTERING", paper))]
    with Journal(journal) as kept:
        on_account = kept.on_account()
    assert delivery_papers.keys() == {number for number, _ in on_account}
    with closing(sqlite3.connect(journal)) as db:
        sales = [stored.sale_from(text) for (text,) in db.execute("SELECT sale FROM sale WHERE z IS NOT NULL")]
        ((z,),) = db.execute("SELECT report FROM z_report").fetchall()
    deliveries = tuple(_delivery(delivery_papers[number], request) for number, request in on_account)
    return TillDay(
        deliveries=deliveries,
        z=stored.z_report_from(z),
        sales_vat=_sums(_vat("Mva", paper) for paper in sales_papers),
        sales_roundings=Counter(rate for sale in sales for rate in _paid_rates(sale)),
        delivery_roundings=Counter(rate for each in deliveries for rate in each.vat),
    )


def _delivery(paper: str, request: PaymentRequest) -> Delivery:
    sale, tender = request.sale, request.tender
    assert [each.channel for each in sale.tenders].count(INVOICE) == 1  # else what is not paid here is of several
    goods: Counter[int] = Counter()
    for line, paid in zip(sale.lines, paid_per_line(sale), strict=True):
        goods[line.vat_rate] += line.amount - paid if line.kind is not LineKind.GIFT_CARD else 0
    return Delivery(
        receipt=int(_row("Nota", r"(\d+)", paper)),
        customer=int(_row("Kunde", r"(\d+) .*", paper)),
        amount=tender.amount + tender.tip,
        tip=tender.tip,
        printed=_ore(_row("Beløp som (?:faktureres|krediteres)", _AMOUNT, paper)),
        fee=_ore(_row("Herav fakturagebyr", _AMOUNT, paper, "0,00")),
        vat=_vat("Herav mva", paper),
        goods={rate: amount for rate, amount in goods.items() if amount},
    )


def _paid_rates(sale: Sale) -> Iterator[int]:
    """Yield the rate of every line with VAT that was paid at the till: each is rounded on its own."""
    for line, paid in zip(sale.lines, paid_per_line(sale), strict=True):
        if paid and line.vat_rate:
            yield line.vat_rate


# -- papers ------------------------------------------------------------------------------------------------------------

_AMOUNT = r"(−?[\d\u00a0]+,\d\d)"


def _numbers(title: str, paper: str) -> Iterator[int]:
    yield from (int(found) for found in re.findall(rf"(?m)^ *{title} nr (\d+)$", paper))


def _row(label: str, value: str, paper: str, otherwise: str | None = None) -> str:
    found = re.findall(rf"(?m)^{label}\s+{value}$", paper) or [otherwise]
    assert len(found) == 1, paper
    assert found[0] is not None, paper
    return str(found[0])


def _vat(label: str, paper: str) -> dict[int, int]:
    """Return the VAT of every rate above 0 that a paper prints."""
    rows = re.findall(rf"(?m)^{label} (\d+) %(?: av [^ ]+)? +{_AMOUNT}$", paper)
    return {int(rate): _ore(vat) for rate, vat in rows if int(rate)}


def _ore(text: str) -> int:
    return int(re.sub(r"[\u00a0,]", "", text).replace("−", "-"))


def _sums(parts: Iterator[Mapping[int, int]]) -> dict[int, int]:
    sums: Counter[int] = Counter()
    for part in parts:
        for key, amount in part.items():
            sums[key] += amount
    return dict(sorted(sums.items()))
