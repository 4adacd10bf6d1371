"""Invoice facts → the body of POST /SalesOrders/Complete. Pure; ids have been looked up before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from posplugin.accounting_system import AccountingError, Posted, Verdict
from posplugin.bookkeeping.vat import Taxed, net_prices
from posplugin.domain.documents import Invoice, InvoiceLine, RecordKind, VatReportedBy
from posplugin.domain.money import kroner_text, to_kroner, vat_in
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import LineKind
from posplugin.texts import InvoiceText

#: The VAT rate of an invoice fee: a service of the restaurant's own.
FEE_VAT_RATE = 25
#: No department, said out loud, since PowerOffice otherwise inherits the customer's.
NO_DEPARTMENT = -1


class ProductIds(Protocol):
    """Where product ids come from: a role such as "vat_25" or "gratuity" → PowerOffice's id."""

    def product_id(self, role: str) -> int:
        """Return the id; raise `AccountingError` when no such product can be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTerms:
    """What the settings say about orders."""

    products: ProductIds
    department_id: int | None
    #: Whether ProductUnitPrice is without VAT, as PowerOffice's amounts suggest (and a manual's switch doubts).
    prices_exclude_vat: bool
    texts: InvoiceText
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class _Amount:
    role: str
    description: str
    amount: int
    vat_rate: int = 0
    vat: int = 0


def order(invoice: Invoice, reference: str, terms: OrderTerms, original: Posted | None = None) -> dict[str, Any]:
    """Return the order to post. Everything that PowerOffice would inherit from elsewhere is said explicitly."""
    day = invoice.delivered_at.astimezone(terms.zone).date().isoformat()
    body: dict[str, Any] = {
        "SalesOrderStatus": "Draft",
        "CustomerNo": invoice.customer_number,
        "CurrencyCode": "NOK",
        "DepartmentId": NO_DEPARTMENT if terms.department_id is None else terms.department_id,
        "SalesOrderDate": day,
        "DeliveryDate": day,
        "ExternalImportReference": reference,
        "CustomerReference": invoice.your_reference,
        "PurchaseOrderReference": invoice.order_number,
        "ImportedOrderNo": _number(invoice.receipt),
        "SalesOrderLines": _lines(invoice, terms),
    }
    if invoice.kind is RecordKind.CREDIT_NOTE and original and original.invoice_number:
        body["RelatedInvoiceNo"] = original.invoice_number
    return {name: value for name, value in body.items() if value is not None}


def _lines(invoice: Invoice, terms: OrderTerms) -> list[dict[str, Any]]:
    amounts = [_amount_of(line, invoice, terms.texts) for line in invoice.lines]
    if invoice.tip:
        amounts.append(_Amount("gratuity", terms.texts.tip, invoice.tip))
    if invoice.fee:
        vat = vat_in(invoice.fee, FEE_VAT_RATE)
        amounts.append(_Amount("fee", terms.texts.fee, invoice.fee, FEE_VAT_RATE, vat))
    prices = [amount.amount for amount in amounts]
    if terms.prices_exclude_vat or invoice.vat_reported_by is VatReportedBy.SETTLEMENT:
        nets, left_over = net_prices([Taxed(amount.amount, amount.vat_rate, amount.vat) for amount in amounts])
        prices = list(nets)
        if left_over:
            amounts.append(_Amount("rounding", terms.texts.rounding, left_over))
            prices.append(left_over)
    products: list[dict[str, Any]] = [
        {
            "LineType": "Normal",
            "ProductId": terms.products.product_id(amount.role),
            "Description": amount.description,
            "Quantity": 1 if price >= 0 else -1,  # PowerOffice credits by quantity, not by price
            "ProductUnitPrice": Decimal(to_kroner(abs(price))),
            "Allowance": 0,
            "UseStandardSalesAccount": True,
        }
        for amount, price in zip(amounts, prices, strict=True)
    ]
    remarks: list[dict[str, Any]] = [{"LineType": "Text", "Description": text} for text in _text_lines(invoice, terms)]
    return [{**line, "SortOrder": place} for place, line in enumerate([*products, *remarks])]


def _amount_of(line: InvoiceLine, invoice: Invoice, texts: InvoiceText) -> _Amount:
    description = {
        LineKind.GOODS: texts.serving,
        LineKind.GIFT_CARD: texts.gift_card,
        LineKind.SERVICE_CHARGE: texts.service_charge,
        LineKind.DEPOSIT: texts.deposit,
    }[line.kind].format(receipt=invoice.receipt, rate=line.vat_rate)
    role = "gift_card" if line.kind is LineKind.GIFT_CARD else f"vat_{line.vat_rate}"
    if invoice.vat_reported_by is VatReportedBy.SETTLEMENT:  # the settlement reports this VAT; here it is text alone
        return _Amount(role, description, line.amount)
    return _Amount(role, description, line.amount, line.vat_rate, line.vat)


def _text_lines(invoice: Invoice, terms: OrderTerms) -> list[str]:
    texts = terms.texts
    when = invoice.delivered_at.astimezone(terms.zone).strftime("%d.%m.%Y")
    lines = [texts.receipt.format(receipt=invoice.receipt, date=when)]
    if invoice.original:
        sold_on = invoice.original.sold_on
        receipt = invoice.original.receipt or invoice.original.sale_id
        date = sold_on.strftime("%d.%m.%Y") if sold_on else "?"
        lines.append(texts.returned.format(receipt=receipt, date=date))
    if invoice.vat_reported_by is VatReportedBy.SETTLEMENT:
        lines += [
            texts.vat_basis.format(
                rate=line.vat_rate, base=kroner_text(line.amount - line.vat), vat=kroner_text(line.vat)
            )
            for line in invoice.lines
            if line.vat_rate
        ]
    if invoice.paid_otherwise:
        lines.append(texts.paid_otherwise.format(amount=kroner_text(invoice.paid_otherwise)))
    if invoice.purpose:
        lines.append(texts.purpose.format(purpose=invoice.purpose))
    if invoice.participants:
        lines.append(texts.participants.format(participants=invoice.participants))
    if invoice.note:
        lines.append(invoice.note)
    return lines


def _number(receipt: str) -> int | None:
    """PowerOffice's ImportedOrderNo takes a number only (int64)."""
    return int(receipt) if receipt.isascii() and receipt.isdigit() and len(receipt) <= 18 else None


def missing(reason: Reason, words: str) -> AccountingError:
    """Say that the set-up lacks something that this document needs."""
    return AccountingError(Verdict.ATTENTION, reason, words)
