"""Outgoing invoices: what becomes of a sales order when a person sends it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from . import billing, books, chart, orders, references
from .amounts import Amounts
from .billing import Charge
from .members import INVOICE, record
from .office import Office
from .references import TITLE, invalid
from .state import Record

# The product Fakturagebyr, 39.00 and VAT at 25 %, when Go adds it by itself (U17).
_OWN_FEE = Charge(chart.INVOICE_FEE, "3", Amounts(Decimal("39.00"), Decimal("9.75")))

_TAKEN_OVER = (
    *("ContractNo", "CurrencyExchangeRate", "CustomMatchingReference", "CustomerId", "CustomerNo"),
    *("CustomerReference", "DeliveryTerm", "DepartmentCode", "DepartmentId", "ExternalImportReference"),
    *("ImportedOrderNo", "PurchaseOrderReference", "RelatedInvoiceNo"),
)


@dataclass(frozen=True)
class Delivery:
    """How an order is sent: dates and way of delivery None are those of order and customer.

    `total_changed` is added to net and total, as when a person changed the draft just before.
    """

    voucher_date: str | None = None
    due_date: str | None = None
    way: str | None = None
    by_integration: bool = False
    total_changed: Decimal = Decimal(0)


def send(office: Office, client: str, order_id: str, how: Delivery) -> Record:
    """Turn an order into an invoice and post it: it leaves the orders and gets a number."""
    state = office.state
    order = orders.with_inherited(office, client, orders.existing(office, client, order_id))
    _refuse_unpostable(office, client, order)
    customer = state.rows(client, "customer")[str(order["CustomerId"])]
    charges = [Charge(chart.ROUNDING, chart.NO_VAT, Amounts(how.total_changed, Decimal("0.00")))]
    if office.switches["U17"] == "b" and customer["UseInvoiceFee"]:
        charges.append(_OWN_FEE)
    net = order["NetAmount"] + sum(charge.amounts.net for charge in charges)
    total = order["TotalAmount"] + sum(charge.amounts.total for charge in charges)
    now = office.clock.stamp()
    today = date.fromisoformat(how.voucher_date) if how.voucher_date else office.clock.today()
    due = today + timedelta(days=int(order["PaymentTerm"] or 0))
    values = {name: order[name] for name in _TAKEN_OVER} | {
        "Id": order_id if office.switches["U15"] == "a" else str(uuid.uuid4()),
        "VoucherType": "OutgoingCreditNote" if total < 0 else "OutgoingInvoice",
        "OrderNo": order["SalesOrderNo"],
        "OrderDate": order["SalesOrderDate"] or today.isoformat(),
        "DeliveryDate": order["DeliveryDate"] or today.isoformat(),
        "VoucherDate": today.isoformat(),
        "DueDate": how.due_date or due.isoformat(),
        "PaymentTerm": order["PaymentTerm"],
        "CurrencyCode": order["CurrencyCode"],
        "NetAmount": net,
        "NetPostedAmount": net,
        "TotalAmount": total,
        "TotalPostedAmount": total,
        "Balance": total,
        "BalanceLastChangedDateTimeOffset": now,
        "InvoiceDeliveryType": how.way or customer["InvoiceDeliveryType"],
        "IsCreatedByCurrentIntegration": how.by_integration,  # who sent it created it, says the OpenAPI text
        "IsReversed": False,
        "CreatedDateTimeOffset": now,
        "LastChangedDateTimeOffset": now,
        "SentDateTimeOffset": now,
    }
    books.refuse_locked(office, client, TITLE, [str(values["VoucherDate"])])
    with state.change():
        values["InvoiceNo"] = state.number(client, "InvoiceNo", 10001)
        values["VoucherNo"] = billing.post(office, client, values, order, charges)
        state.remove(client, "order", order_id)
        state.forget(client, "sending", order_id)
        state.put(client, "sent", order_id, {"Id": values["Id"]})
        state.put(client, "invoice", str(values["Id"]), record(INVOICE, values))
    office.wrote(client, "invoice", str(values["Id"]))
    return record(INVOICE, values)


def _refuse_unpostable(office: Office, client: str, order: Record) -> None:
    """Refuse lines whose sales account is inactive, or asks for a dimension they have not."""
    for line in order["SalesOrderLines"]:
        if line["LineType"] != "Normal":
            continue
        product = office.state.rows(client, "product")[str(line["ProductId"])]
        account = references.sales_account(office, client, product, standard=bool(line["UseStandardSalesAccount"]))
        number = account["AccountNo"]
        if not account["IsActive"]:
            raise invalid(f"Account {number} is not active.")
        if account["IsDepartmentRequired"] and line["DepartmentId"] in (None, -1):
            raise invalid(f"Account {number} requires a department.")
        if account["IsProjectRequired"]:
            raise invalid(f"Account {number} requires a project.")
