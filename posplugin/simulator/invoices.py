"""Outgoing invoices: what becomes of a sales order when a person sends it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

from . import orders
from .members import INVOICE, record
from .office import Office
from .state import Record

# The product Fakturagebyr, 39.00 and VAT at 25 %, when Go adds it by itself (U17).
_OWN_FEE_NET, _OWN_FEE_TOTAL = Decimal("39.00"), Decimal("48.75")

_TAKEN_OVER = (
    *("ContractNo", "CurrencyExchangeRate", "CustomMatchingReference", "CustomerId", "CustomerNo"),
    *("CustomerReference", "DeliveryTerm", "DepartmentCode", "DepartmentId", "ExternalImportReference"),
    *("ImportedOrderNo", "PurchaseOrderReference", "RelatedInvoiceNo"),
)


def send(office: Office, client: str, order_id: str, total_changed: Decimal) -> Record:
    """Turn an order into an invoice: it leaves the orders and gets a number.

    `total_changed` is added to net and total, as when the person changed the draft just before.
    """
    state = office.state
    order = orders.with_inherited(office, client, orders.existing(office, client, order_id))
    customer = state.rows(client, "customer")[str(order["CustomerId"])]
    net, total = order["NetAmount"] + total_changed, order["TotalAmount"] + total_changed
    if office.switches["U17"] == "b" and customer["UseInvoiceFee"]:
        net, total = net + _OWN_FEE_NET, total + _OWN_FEE_TOTAL
    now, today = office.clock.stamp(), office.clock.today()
    values = {name: order[name] for name in _TAKEN_OVER} | {
        "Id": order_id if office.switches["U15"] == "a" else str(uuid.uuid4()),
        "VoucherType": "OutgoingCreditNote" if total < 0 else "OutgoingInvoice",
        "OrderNo": order["SalesOrderNo"],
        "OrderDate": order["SalesOrderDate"] or today.isoformat(),
        "DeliveryDate": order["DeliveryDate"] or today.isoformat(),
        "VoucherDate": today.isoformat(),
        "DueDate": (today + timedelta(days=int(order["PaymentTerm"] or 0))).isoformat(),
        "PaymentTerm": order["PaymentTerm"],
        "CurrencyCode": order["CurrencyCode"],
        "NetAmount": net,
        "NetPostedAmount": net,
        "TotalAmount": total,
        "TotalPostedAmount": total,
        "Balance": total,
        "BalanceLastChangedDateTimeOffset": now,
        "InvoiceDeliveryType": customer["InvoiceDeliveryType"],
        "IsCreatedByCurrentIntegration": False,  # the person who sent it created it, says the OpenAPI text
        "IsReversed": False,
        "CreatedDateTimeOffset": now,
        "LastChangedDateTimeOffset": now,
        "SentDateTimeOffset": now,
    }
    with state.change():
        values["InvoiceNo"] = state.number(client, "InvoiceNo", 10001)
        values["VoucherNo"] = state.number(client, "VoucherNo", 1)
        state.remove(client, "order", order_id)
        state.put(client, "invoice", str(values["Id"]), record(INVOICE, values))
    office.wrote(client, "invoice", str(values["Id"]))
    return record(INVOICE, values)
