"""The X and Z report of a SAF-T file: every figure that the schema demands, those of credit sales apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from posplugin.domain.zreport import CashSales
from posplugin.saft.entries import Event
from sample_terminal.saft_elements import child, kroner, put_all


@dataclass(frozen=True, slots=True)
class Count:
    """How many, and øre in all."""

    number: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFigures:
    """The day's figures. `cash` is what was paid at the till; what is to be invoiced stands under credit sales."""

    cash: CashSales = field(default_factory=CashSales)
    #: Article group to how many were sold, and local payment id to how often it was used.
    sold: Mapping[str, int] = field(default_factory=dict)
    used: Mapping[str, int] = field(default_factory=dict)
    tips: Count = Count()
    receipts: int = 0
    returns: Count = Count()
    voids: Count = Count()
    training: Count = Count()
    deliveries: Count = Count()
    credit_sales: Count = Count()
    credit_memos: Count = Count()
    #: Cash sales so far in the till's life, and returns of them, both positive.
    grand_sales: int = 0
    grand_returns: int = 0
    opening_float: int = 0


#: Channel to this till's local payment id.
PAYMENT_IDS: Final = {
    "cash": "KONTANT",
    "card": "BANKKORT",
    "bank": "BANK",
    "gift_card": "GAVEKORT",
    "invoice": "FAKTURA",
    "mobile": "VIPPS",
}
_VAT_CODES: Final = {0: "0", 12: "1", 15: "2", 25: "3"}


def add_report(report: Element, event: Event, figures: ReportFigures) -> None:
    """Fill <eventReport>."""
    cash = figures.cash
    kind = "Z report" if event.kind == "Z" else "X report"
    day, clock = event.at.date().isoformat(), event.at.strftime("%H:%M:%S")
    put_all(report, reportID=event.report_id or "", reportType=kind, companyIdent="999999999")
    put_all(report, companyName="Bryggekroa AS", reportDate=day, reportTime=clock, registerID=event.register_id)
    total = sum(group.amount for group in cash.groups)
    put_all(child(report, "reportTotalCashSales"), totalCashSaleAmnt=kroner(total))
    groups = child(report, "reportArtGroups")
    by_group: dict[str, int] = {}
    for group in cash.groups:
        name = group.article_group or "100"
        by_group[name] = by_group.get(name, 0) + group.amount
    for name, amount in (by_group or {"100": 0}).items():
        put_all(
            child(groups, "reportArtGroup"),
            artGroupID=name,
            artGroupNum=str(figures.sold.get(name, 0)),
            artGroupAmnt=kroner(amount),
        )
    payments = child(report, "reportPayments")
    taken = {tender.channel: tender.expected for tender in cash.tenders} or {"cash": 0}
    for channel, amount in taken.items():
        local = PAYMENT_IDS.get(channel, channel)
        put_all(
            child(payments, "reportPayment"),
            paymentType=local,
            paymentNum=str(figures.used.get(local, 0)),
            paymentAmnt=kroner(amount),
        )
    put_all(child(report, "reportTip"), tipNum=str(figures.tips.number), tipAmnt=kroner(figures.tips.amount))
    _add_vat(child(report, "reportCashSalesVat"), cash)
    put_all(report, reportOpeningChangeFloat=kroner(figures.opening_float), reportReceiptNum=str(figures.receipts))
    put_all(report, reportOpenCashBoxNum="0")
    _count(report, "reportReceiptCopy", Count())
    _count(report, "reportReceiptProforma", Count())
    _count(report, "reportReturn", figures.returns)
    _count(report, "reportDiscount", Count())
    _count(report, "reportVoidTrans", figures.voids)
    _nothing(report, "reportCorrLines", "reportCorrLine", "corrLine", "corrLineType")
    _nothing(report, "reportPriceInquiries", "reportPriceInquiry", "priceInquiry", "priceInquiryGroup")
    _nothing(report, "reportOtherCorrs", "reportOtherCorr", "otherCorr", "otherCorrType")
    _count(report, "reportReceiptDelivery", figures.deliveries)
    _count(report, "reportTraining", figures.training)
    _count(child(report, "reportCreditSales"), "creditSales", figures.credit_sales)
    _count(child(report, "reportCreditMemos"), "creditMemos", figures.credit_memos)
    net = figures.grand_sales - figures.grand_returns
    put_all(report, reportGrandTotalSales=kroner(figures.grand_sales))
    put_all(report, reportGrandTotalReturn=kroner(figures.grand_returns), reportGrandTotalSalesNet=kroner(net))


def _add_vat(parent: Element, cash: CashSales) -> None:
    """Add a row per rate; cashSaleAmnt is net, in spite of its name, as in the tax authority's example."""
    for rate, code in _VAT_CODES.items():
        groups = [group for group in cash.groups if group.vat_rate == rate]
        vat = sum(group.vat for group in groups)
        put_all(
            child(parent, "reportCashSaleVat"),
            vatCode=code,
            vatPerc=f"{rate}.00",
            cashSaleAmnt=kroner(sum(group.amount for group in groups) - vat),
            vatAmnt=kroner(vat),
            vatAmntTp="C",
        )


def _nothing(report: Element, outer: str, inner: str, prefix: str, kind: str) -> None:
    row = child(child(report, outer), inner)
    put_all(row, **{kind: "Ingen"})
    _count(row, prefix, Count())


def _count(parent: Element, prefix: str, count: Count) -> None:
    put_all(parent, **{f"{prefix}Num": str(count.number), f"{prefix}Amnt": kroner(count.amount)})
