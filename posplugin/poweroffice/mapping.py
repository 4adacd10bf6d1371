"""Invoice facts → the body of POST /SalesOrders/Complete. Pure; ids have been looked up before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from posplugin.accounting_system import AccountingError, Posted, Verdict
from posplugin.bookkeeping.items import counted, is_share, item_vat
from posplugin.bookkeeping.vat import Taxed, net_prices
from posplugin.domain.documents import FEE_VAT_RATE, Invoice, InvoiceItem, InvoiceLine, RecordKind, VatReportedBy
from posplugin.domain.money import kroner_text, quantity_text, to_kroner
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import LineKind
from posplugin.texts import InvoiceText

#: No department, said out loud, since PowerOffice otherwise inherits the customer's.
NO_DEPARTMENT = -1


class Products(Protocol):
    """What the lines of an order name as their products."""

    def product_id(self, role: str) -> int:
        """Return PowerOffice's id for a role such as "vat_25"; raise `AccountingError` when there is none to use."""

    def of_item(self, item: InvoiceItem) -> Mapping[str, int | str]:
        """Return the member of a line, `ProductId` or `ProductCode`, that names the product of goods sold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTerms:
    """What the settings say about orders."""

    products: Products
    department_id: int | None
    #: Whether ProductUnitPrice is without VAT, as PowerOffice's amounts suggest (and a manual's switch doubts).
    prices_exclude_vat: bool
    texts: InvoiceText
    zone: ZoneInfo
    #: One line for each item of the receipt, and not for each VAT rate.
    per_item: bool = False
    with_employee: bool = False


@dataclass(frozen=True, slots=True)
class _Amount:
    """A line to be: øre with VAT, and the VAT in it."""

    product: Mapping[str, int | str]
    description: str
    amount: int
    vat_rate: int = 0
    vat: int = 0
    item: InvoiceItem | None = None


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
        "SalesPersonEmployeeNumber": invoice.employee_number if terms.with_employee else None,
        "ImportedOrderNo": _number(invoice.receipt),
        "SalesOrderLines": _lines(invoice, terms),
    }
    if invoice.kind is RecordKind.CREDIT_NOTE and original and original.invoice_number:
        body["RelatedInvoiceNo"] = original.invoice_number
    return {name: value for name, value in body.items() if value is not None}


def _lines(invoice: Invoice, terms: OrderTerms) -> list[dict[str, Any]]:
    sold = _items(invoice, terms) if terms.per_item else [_of_line(line, invoice, terms) for line in invoice.lines]
    lines = [*sold, *_extras(invoice, terms)]
    amounts = [line for line in lines if isinstance(line, _Amount)]
    prices = [amount.amount for amount in amounts]
    if terms.prices_exclude_vat:
        nets, left_over = net_prices([Taxed(amount.amount, amount.vat_rate, amount.vat) for amount in amounts])
        prices = list(nets)
        if left_over:
            lines.append(_Amount(_role("rounding", terms), terms.texts.rounding, left_over))
            prices.append(left_over)
    priced = iter(prices)
    written = [
        _priced(line, next(priced), terms.texts) if isinstance(line, _Amount) else _remark(line)
        for line in [*lines, *_text_lines(invoice, terms)]
    ]
    return [{**line, "SortOrder": place} for place, line in enumerate(written)]


def _remark(text: str) -> dict[str, Any]:
    return {"LineType": "Text", "Description": text}


def _priced(line: _Amount, price: int, texts: InvoiceText) -> dict[str, Any]:
    quantity: int | Decimal = -1 if price < 0 else 1  # PowerOffice credits by quantity, not by price
    unit_price, description = abs(price), line.description
    if line.item:
        quantity, unit_price = counted(line.item, price)
        description = _described(line.item, quantity, texts)
    return {
        "LineType": "Normal",
        **line.product,
        "Description": description,
        "Quantity": quantity,
        "ProductUnitPrice": to_kroner(unit_price),
        "Allowance": 0,
        "UseStandardSalesAccount": True,
    }


def _described(item: InvoiceItem, quantity: int | Decimal, texts: InvoiceText) -> str:
    """Name the item; how many there are stands in the text where it cannot stand as the line's quantity."""
    told = item.description
    if item.quantity and abs(item.quantity) != abs(quantity):
        told = texts.several.format(quantity=quantity_text(abs(item.quantity)), item=told)
    return texts.share.format(item=told) if is_share(item) else told


def _role(role: str, terms: OrderTerms) -> Mapping[str, int | str]:
    return {"ProductId": terms.products.product_id(role)}


def _extras(invoice: Invoice, terms: OrderTerms) -> list[_Amount]:
    """Return tip and fee; the fee is income of its own, and bears VAT whoever reports that of the sale."""
    extras = []
    if invoice.tip:
        extras.append(_Amount(_role("gratuity", terms), terms.texts.tip, invoice.tip))
    if invoice.fee:
        extras.append(_Amount(_role("fee", terms), terms.texts.fee, invoice.fee, FEE_VAT_RATE, invoice.fee_vat))
    return extras


def _of_line(line: InvoiceLine, invoice: Invoice, terms: OrderTerms) -> _Amount:
    texts = terms.texts
    description = {
        LineKind.GOODS: texts.serving,
        LineKind.GIFT_CARD: texts.gift_card,
        LineKind.SERVICE_CHARGE: texts.service_charge,
        LineKind.DEPOSIT: texts.deposit,
    }[line.kind].format(receipt=invoice.receipt, rate=line.vat_rate)
    product = _role("gift_card" if line.kind is LineKind.GIFT_CARD else f"vat_{line.vat_rate}", terms)
    return _Amount(product, description, line.amount, *_taxes(line.vat_rate, line.vat, invoice))


def _items(invoice: Invoice, terms: OrderTerms) -> Sequence[_Amount | str]:
    """Return a line for each item; what cost nothing is text, and what others pay for whole is left out."""
    return [
        _of_item(item, vat, invoice, terms) if item.invoiced else item.description
        for item, vat in zip(invoice.items, item_vat(invoice.items), strict=True)
        if item.invoiced or (not item.amount and item.description.strip())
    ]


def _of_item(item: InvoiceItem, vat: int, invoice: Invoice, terms: OrderTerms) -> _Amount:
    gift_card = item.kind is LineKind.GIFT_CARD
    product = _role("gift_card", terms) if gift_card else terms.products.of_item(item)
    return _Amount(product, item.description, item.invoiced, *_taxes(item.vat_rate, vat, invoice), item)


def _taxes(rate: int, vat: int, invoice: Invoice) -> tuple[int, int]:
    """Return rate and VAT as the invoice bears them: where the settlement reports VAT, it is text alone."""
    return (rate, vat) if invoice.vat_reported_by is VatReportedBy.INVOICE else (0, 0)


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
            texts.vat_basis.format(rate=rate, base=kroner_text(amount - vat), vat=kroner_text(vat))
            for rate, (amount, vat) in invoice.taxed.items()
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
