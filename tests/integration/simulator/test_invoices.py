"""Outgoing invoices: what a person's sending makes of an order."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from posplugin.simulator import Simulator


@pytest.mark.parametrize("answer", ["a", "b"])
def test_u15_a_sent_order_leaves_the_orders_and_is_found_among_the_invoices(
    api: Any, go: Simulator, answer: str
) -> None:
    go.switch("U15", answer)
    order = api.order("sent", CustomMatchingReference="K1").json()

    made = go.send_order(order["Id"])
    assert (made["Id"] == order["Id"]) is (answer == "a")
    assert api.get("/SalesOrders").status_code == 204
    assert api.get(f"/SalesOrders/{order['Id']}").status_code == 404
    assert api.http.delete(f"/v2/SalesOrders/{order['Id']}").status_code == 404
    invoice = api.get(f"/OutgoingInvoices/{made['Id']}").json()
    assert invoice == api.get("/OutgoingInvoices").json()[0]
    assert (invoice["ExternalImportReference"], invoice["OrderNo"]) == ("sent", order["SalesOrderNo"])
    assert (invoice["InvoiceNo"], invoice["TotalAmount"], invoice["Balance"]) == (10001, 125, 125)


def test_invoices_are_filtered(api: Any, go: Simulator) -> None:
    first = go.send_order(api.order("one", CustomMatchingReference="K1").json()["Id"])
    second = go.send_order(api.order("two", CustomerNo=10002).json()["Id"])
    day = date.fromisoformat(first["VoucherDate"])

    def found(**query: str) -> list[str]:
        answer = api.get("/OutgoingInvoices", Fields="ExternalImportReference", **query)
        return [row["ExternalImportReference"] for row in answer.json()] if answer.content else []

    assert found(invoiceIds=f"{second['Id']}, {first['Id']}") == ["one", "two"]
    assert found(invoiceNos="10002-") == ["two"]
    assert found(customerNos="10001") == ["one"]
    assert found(customMatchingReferences="K1") == ["one"]
    assert found(fromDate=day.isoformat(), toDate=day.isoformat()) == ["one", "two"]
    assert found(fromDate=(day + timedelta(days=1)).isoformat()) == []
    assert found(toDate=(day - timedelta(days=1)).isoformat()) == []
    assert found(sentDateTimeOffsetGreaterThan=first["SentDateTimeOffset"]) == ["two"]
    assert found(onlyUnpaidInvoices="true") == ["one", "two"]
    # A person sent them, so a person created them.
    assert found(onlyCreatedByCurrentIntegration="true") == []


def test_u23_a_person_changes_the_total_before_sending(api: Any, go: Simulator) -> None:
    made = go.send_order(api.order().json()["Id"], Decimal("-0.50"))

    assert (made["TotalAmount"], made["NetAmount"]) == (Decimal("124.50"), Decimal("99.50"))


@pytest.mark.parametrize(("answer", "total"), [("a", "125"), ("b", "173.75")])
def test_u17_an_invoice_fee_of_gos_own(api: Any, go: Simulator, answer: str, total: str) -> None:
    go.switch("U17", answer)

    with_fee = go.send_order(api.order(CustomerNo=10009).json()["Id"])
    without = go.send_order(api.order(CustomerNo=10001).json()["Id"])
    assert (with_fee["TotalAmount"], without["TotalAmount"]) == (Decimal(total), 125)


def test_a_draft_without_dates_gets_those_of_sending(api: Any, go: Simulator) -> None:
    made = go.send_order(api.order(PaymentTerm=10).json()["Id"])

    day = date.fromisoformat(made["VoucherDate"])
    assert made["OrderDate"] == made["DeliveryDate"] == made["VoucherDate"]
    assert date.fromisoformat(made["DueDate"]) == day + timedelta(days=10)
