"""What sending an invoice or a credit note posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import amounts, books, chart, references
from .amounts import Amounts
from .books import Posting, Voucher
from .lines import priced
from .office import Office
from .state import Record


@dataclass(frozen=True)
class Charge:
    """What came upon an invoice besides the lines of its order."""

    account: int
    code: str
    amounts: Amounts


def post(office: Office, client: str, invoice: Record, order: Record, charges: Sequence[Charge]) -> int:
    """Post an invoice inside `change`, and return its VoucherNo.

    The customer owes the invoice's total. Each line's net stands on the sales account of its product
    and the VAT on the account of the VAT code, their sums being those of the order (U8).
    """
    day, customer = str(invoice["VoucherDate"]), office.state.rows(client, "customer")[str(invoice["CustomerId"])]
    shared = {name: invoice[name] for name in ("DepartmentId", "DepartmentCode")}
    shared = shared if shared["DepartmentId"] != -1 else {}
    debt = Posting(
        chart.RECEIVABLES, invoice["TotalAmount"], day, customer=customer, more={**shared, "IsNoteMainEntry": True}
    )
    credits_ = [Posting(each.account, -each.amounts.net, day, each.code, -each.amounts.vat) for each in charges]
    lines = order["SalesOrderLines"]
    whole = Amounts(order["NetAmount"], order["TotalAmount"] - order["NetAmount"])
    parts = amounts.posted(
        [priced(line) for line in lines],
        whole,
        with_vat=office.switches["U7"] == "b",
        answer=office.switches["U8"],
    )
    for line, part in zip(lines, parts, strict=True):
        if line["LineType"] == "Normal":
            credits_.append(_sale(office, client, line, part, day))
    reference = {"ExternalImportReference": invoice["ExternalImportReference"]}
    entry = {name: invoice[name] for name in ("DueDate", "CustomMatchingReference")}
    entry["InvoiceNo"] = str(invoice["InvoiceNo"])
    voucher = Voucher(str(invoice["Id"]), str(invoice["VoucherType"]), day, reference, entry)
    return books.post(office, client, voucher, [debt, *credits_])


def _sale(office: Office, client: str, line: Record, part: Amounts, day: str) -> Posting:
    product = office.state.rows(client, "product")[str(line["ProductId"])]
    account = references.sales_account(office, client, product, standard=bool(line["UseStandardSalesAccount"]))
    more = {name: line[name] for name in ("Description", "ProductId", "ProductCode")}
    more["Quantity"] = -Decimal(line["Quantity"])
    if line["DepartmentId"] not in (None, -1):
        more |= {name: line[name] for name in ("DepartmentId", "DepartmentCode")}
    code = line["VatCode"] or chart.NO_VAT
    return Posting(int(account["AccountNo"]), -part.net, day, code, -part.vat, more=more)
