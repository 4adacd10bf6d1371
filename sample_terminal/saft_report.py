"""The X and Z report of a SAF-T file: every figure that the schema demands, those of credit sales apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element

from posplugin.domain.zreport import CashMovement, CashSales
from posplugin.saft.entries import Event
from sample_terminal.figures import Count, ReportFigures
from sample_terminal.house import BRYGGEKROA
from sample_terminal.saft_elements import child, kroner, put_all

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
    put_all(report, reportID=event.report_id or "", reportType=kind, companyIdent=BRYGGEKROA.ident)
    put_all(report, companyName=BRYGGEKROA.name, reportDate=day, reportTime=clock, registerID=event.register_id)
    put_all(child(report, "reportTotalCashSales"), totalCashSaleAmnt=kroner(cash.sold))
    groups = child(report, "reportArtGroups")
    by_group: dict[str, int] = {}
    for group in cash.groups:
        name = group.article_group or "100"
        by_group[name] = by_group.get(name, 0) + group.amount
    for name, amount in (by_group or {"100": 0}).items():
        put_all(
            child(groups, "reportArtGroup"),
            artGroupID=name,
            artGroupNum=f"{figures.sold.get(name, 0):f}",
            artGroupAmnt=kroner(amount),
        )
    payments = child(report, "reportPayments")
    taken = {tender.channel: tender.expected for tender in cash.tenders} or {"cash": 0}
    for channel, amount in taken.items():
        put_all(
            child(payments, "reportPayment"),
            paymentType=PAYMENT_IDS.get(channel, channel),
            paymentNum=str(figures.used.get(channel, 0)),
            paymentAmnt=kroner(amount),
        )
    put_all(child(report, "reportTip"), tipNum=str(figures.tips.number), tipAmnt=kroner(figures.tips.amount))
    _add_vat(child(report, "reportCashSalesVat"), cash)
    opening_float = figures.log.drawer.opening_float
    put_all(report, reportOpeningChangeFloat=kroner(opening_float), reportReceiptNum=str(figures.receipts))
    put_all(report, reportOpenCashBoxNum="0")
    _count(report, "reportReceiptCopy", Count())
    _count(report, "reportReceiptProforma", Count())
    _count(report, "reportReturn", figures.returns)
    _count(report, "reportDiscount", Count())
    _count(report, "reportVoidTrans", figures.log.voids)
    _nothing(report, "reportCorrLines", "reportCorrLine", "corrLine", "corrLineType")
    _nothing(report, "reportPriceInquiries", "reportPriceInquiry", "priceInquiry", "priceInquiryGroup")
    _nothing(report, "reportOtherCorrs", "reportOtherCorr", "otherCorr", "otherCorrType")
    _count(report, "reportReceiptDelivery", figures.deliveries)
    _count(report, "reportTraining", figures.log.training)
    _count(child(report, "reportCreditSales"), "creditSales", figures.credit_sales)
    _count(child(report, "reportCreditMemos"), "creditMemos", figures.credit_memos)
    movements = figures.log.drawer.movements
    _moved(report, "reportPayIns", "payIn", [one for one in movements if one.amount > 0])
    _moved(report, "reportPayOuts", "payOut", [one for one in movements if one.amount < 0])
    grand = figures.grand
    put_all(report, reportGrandTotalSales=kroner(grand.sales))
    put_all(report, reportGrandTotalReturn=kroner(grand.returns), reportGrandTotalSalesNet=kroner(grand.net))


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


def _moved(report: Element, outer: str, prefix: str, movements: Sequence[CashMovement]) -> None:
    """Add a row per kind of money put in or taken out, as positive amounts; nothing where there was none."""
    if not movements:
        return
    rows = child(report, outer)
    for kind in dict.fromkeys(movement.kind for movement in movements):
        amounts = [abs(movement.amount) for movement in movements if movement.kind == kind]
        row = child(rows, f"report{prefix[0].upper()}{prefix[1:]}")
        put_all(row, **{f"{prefix}Type": kind})
        _count(row, prefix, Count.of(amounts))


def _nothing(report: Element, outer: str, inner: str, prefix: str, kind: str) -> None:
    row = child(child(report, outer), inner)
    put_all(row, **{kind: "Ingen"})
    _count(row, prefix, Count())


def _count(parent: Element, prefix: str, count: Count) -> None:
    put_all(parent, **{f"{prefix}Num": str(count.number), f"{prefix}Amnt": kroner(count.amount)})
