"""Sales orders: what is taken, what is refused, and the amounts."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from posplugin.simulator import Simulator

_LINE = {"ProductCode": "30", "Quantity": 1, "ProductUnitPrice": 100.00}


def test_an_order_is_answered_complete_and_stands_there(api: Any) -> None:
    text = {"LineType": "Text", "Description": "Takk for besøket"}
    created = api.order("ref", SalesOrderLines=[text, _LINE], ImportedOrderNo=77)
    order = created.json()

    assert created.status_code == 201
    assert (order["CustomerNo"], order["SalesOrderStatus"], order["LineCount"]) == (10001, "Draft", 2)
    assert (order["NetAmount"], order["TotalAmount"]) == (100, 125)
    sale = order["SalesOrderLines"][1]
    assert (sale["VatCode"], sale["VatRate"], sale["VatAmount"], sale["SortOrder"]) == ("3", 0.25, 25, 1)
    assert sale["Description"] == "Servering i henhold til nota, 25 %"
    path = f"/SalesOrders/{order['Id']}"
    assert api.get(f"{path}/Complete").json() == order
    assert api.get(f"{path}/Lines").json() == order["SalesOrderLines"]
    head = {name: value for name, value in order.items() if name != "SalesOrderLines"}
    assert api.get(path).json() == head
    assert api.get("/SalesOrders").json() == [head]


def test_orders_are_filtered(api: Any) -> None:
    api.order(DepartmentCode="10")
    api.order(CustomerNo=10002, SalesOrderStatus="Confirmed")

    def found(**query: str) -> list[int]:
        answer = api.get("/SalesOrders", Fields="CustomerNo", **query)
        return [row["CustomerNo"] for row in answer.json()] if answer.content else []

    assert found(customerNos="10002-") == [10002]
    assert found(departmentCodes="10") == [10001]
    assert found(departmentCodes="-1") == [10002]
    assert found(orderStatus="Draft") == [10001]
    assert found(projectCodes="7") == []
    assert found(onlyCreatedByCurrentIntegration="true") == [10001, 10002]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"CustomerNo": None}, 400),
        ({"CustomerNo": 1}, 404),
        ({"CustomerNo": "10001"}, 400),
        ({"CustomerNo": 10001.0}, 400),
        ({"CustomerNo": True}, 400),
        ({"SalesOrderStatus": 0}, 400),
        ({"SalesOrderStatus": "Sent"}, 400),
        ({"SalesOrderDate": "2026-03-05T12:00:00Z"}, 400),
        ({"SalesOrderDate": "20260305"}, 400),
        ({"CurrencyCode": "XXX"}, 404),
        ({"DepartmentCode": "77"}, 404),
        ({"ProjectCode": "1"}, 404),
        ({"PaymentTerm": 1 << 31}, 400),
        ({"RelatedInvoiceNo": 1}, 400),
        ({"SalesOrderLines": {}}, 400),
        ({"SalesOrderLines": [1]}, 400),
    ],
)
def test_a_bad_header_is_refused_and_changes_nothing(
    api: Any, go: Simulator, change: dict[str, Any], status: int
) -> None:
    assert api.order("r", **change).status_code == status
    assert go.orders() == []
    assert api.order("r").status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"ProductCode": None}, 400, "must have a product"),
        ({"ProductCode": "nix"}, 404, "not found"),
        ({"ProductCode": 30}, 400, "ProductCode is not string"),
        ({"Quantity": None}, 400, "Quantity must be set"),
        ({"Quantity": "1"}, 400, "Quantity is not number"),
        ({"LineType": 0}, 400, "not allowed to be represented as integers"),
        ({"LineType": "Text"}, 400, "cannot have a product"),
        ({"LineType": "InvoiceFee"}, 400, "not used"),
        ({"Allowance": 101}, 400, "Allowance"),
        ({"UnitOfMeasureCode": "STK"}, 400, "UnitOfMeasureCode"),
        ({"DepartmentId": 1}, 404, "Department"),
        ({"Accrual": {"IsActive": "yes"}}, 400, "Accrual.IsActive"),
    ],
)
def test_a_bad_line_is_refused(api: Any, change: dict[str, Any], status: int, text: str) -> None:
    answer = api.order(SalesOrderLines=[_LINE | change])

    assert answer.status_code == status
    assert text in answer.json()["detail"]


def test_line_references_are_unique_within_the_order(api: Any) -> None:
    same = _LINE | {"ExternalImportReference": "x"}

    assert api.order(SalesOrderLines=[same, same]).status_code == 400
    assert api.order(SalesOrderLines=[same]).status_code == 201


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 400), (b'{"CustomerNo": NaN}', 400)])
def test_what_is_no_json_object_is_refused(api: Any, body: bytes, status: int) -> None:
    answer = api.http.post("/v2/SalesOrders/Complete", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == status


def test_another_content_type_is_refused(api: Any) -> None:
    assert api.http.post("/v2/SalesOrders/Complete", data={"CustomerNo": "10001"}).status_code == 415


def test_u9_unknown_members_are_refused_or_ignored(api: Any, go: Simulator) -> None:
    line = _LINE | {"VatCode": "31"}

    refused = api.order(SalesOrderLines=[line])
    assert refused.status_code == 400
    assert "VatCode" in refused.json()["detail"]
    assert api.order(customerNo=10001).status_code == 400
    go.switch("U9", "b")
    ignored = api.order(SalesOrderLines=[line]).json()
    assert ignored["SalesOrderLines"][0]["VatCode"] == "3"


@pytest.mark.parametrize(("answer", "status"), [("a", 400), ("b", 404)])
def test_u11_archived_customers_and_products_are_refused(api: Any, go: Simulator, answer: str, status: int) -> None:
    go.switch("U11", answer)

    assert api.order(CustomerNo=10006).status_code == status
    assert api.order(SalesOrderLines=[_LINE | {"ProductCode": "98"}]).status_code == status
    assert api.order(DepartmentCode="30").status_code == status
    go.archive_customer(10001)
    assert api.order().status_code == status


def test_ids_win_over_numbers_and_codes(api: Any) -> None:
    customer = api.get("/Customers", customerNos="10002").json()[0]["Id"]
    product = api.get("/Products", codes="31").json()[0]["Id"]

    order = api.order(CustomerId=customer, SalesOrderLines=[_LINE | {"ProductId": product}]).json()
    assert order["CustomerNo"] == 10002
    assert order["SalesOrderLines"][0]["ProductCode"] == "31"


def test_what_a_line_leaves_out_is_inherited(api: Any) -> None:
    """The price comes from the product; the customer's discount reaches a line unless it states one."""
    fee = {"ProductCode": "7", "Quantity": 1}

    bare, stated = api.order(CustomerNo=10010, SalesOrderLines=[fee, fee | {"Allowance": 0}]).json()["SalesOrderLines"]
    assert (bare["ProductUnitPrice"], bare["Allowance"], bare["NetAmount"]) == (39, 10, 35.1)
    assert (stated["Allowance"], stated["NetAmount"]) == (0, 39)


def test_a_vat_free_customer_gets_the_optional_account_unless_the_line_says_otherwise(api: Any) -> None:
    lines = [_LINE, _LINE | {"UseStandardSalesAccount": True}]

    free, standard = api.order(CustomerNo=10007, SalesOrderLines=lines).json()["SalesOrderLines"]
    assert (free["UseStandardSalesAccount"], free["VatCode"], free["VatAmount"]) == (False, "5", 0)
    assert (standard["VatCode"], standard["VatAmount"]) == ("3", 25)


def test_a_product_without_account_inherits_the_sales_settings(api: Any) -> None:
    line = api.order(SalesOrderLines=[_LINE | {"ProductCode": "99"}]).json()["SalesOrderLines"][0]

    assert line["VatCode"] == "3"


def test_a_client_not_registered_for_vat_has_none(api: Any, go: Simulator) -> None:
    go.set_vat_registered(False)

    order = api.order().json()
    assert order["TotalAmount"] == 100
    assert order["SalesOrderLines"][0]["VatId"] is None


def test_departments_are_inherited_from_the_header_unless_minus_one(api: Any) -> None:
    lines = [_LINE, _LINE | {"DepartmentId": -1}, _LINE | {"DepartmentCode": "10"}]
    order = api.order(DepartmentCode="20", SalesOrderLines=lines).json()

    def codes(**query: str) -> list[str | None]:
        answer = api.get(f"/SalesOrders/{order['Id']}/Complete", **query)
        return [line["DepartmentCode"] for line in answer.json()["SalesOrderLines"]]

    assert codes() == [None, "-1", "10"]
    assert codes(showInherited="true") == ["20", "-1", "10"]


@pytest.mark.parametrize(
    ("answer", "status", "title"),
    [
        ("a", 400, "Sales order validation error(s)"),
        ("b", 409, "Object conflict"),
        ("c", 400, "Aggregated (multiple) Validation Exception"),
        ("d", 201, None),
    ],
)
def test_u1_a_duplicate_reference(api: Any, go: Simulator, answer: str, status: int, title: str | None) -> None:
    go.switch("U1", answer)
    first = api.order("twice").json()

    second = api.order("twice")
    assert second.status_code == status
    assert len(go.orders()) == (2 if answer == "d" else 1)
    if answer != "d":
        assert second.json()["title"] == title
        assert "ExternalImportReference is already in use. 'twice'" in second.text
        assert first["Id"] in second.text


def test_u1_the_reference_stays_taken_once_the_order_is_an_invoice(api: Any, go: Simulator) -> None:
    go.send_order(api.order("sent").json()["Id"])

    assert api.order("sent").status_code == 400


def test_of_orders_posted_at_once_with_one_reference_one_is_made(api: Any, go: Simulator) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(api.order, "raced") for _ in range(24)]

    assert sorted(answer.result().status_code for answer in answers) == [201, *[400] * 23]
    assert len(go.orders()) == 1


@pytest.mark.parametrize(("answer", "status"), [("a", 201), ("b", 400)])
def test_u3_the_reference_of_a_deleted_draft(api: Any, go: Simulator, answer: str, status: int) -> None:
    go.switch("U3", answer)
    path = f"/v2/SalesOrders/{api.order('gone').json()['Id']}"

    deleted = api.http.delete(path)
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert api.http.delete(path).status_code == 404
    assert api.get("/SalesOrders").status_code == 204
    assert api.order("gone").status_code == status


def test_u3_a_reference_two_orders_have_is_not_free_when_one_is_deleted(api: Any, go: Simulator) -> None:
    go.switch("U1", "d")
    api.order("two")
    second = api.order("two").json()["Id"]
    go.delete_order(second)
    go.switch("U1", "a")

    assert api.order("two").status_code == 400


def test_u4_what_was_written_is_unreadable_for_a_while(connect: Any) -> None:
    with Simulator(None, switches={"U4": "b"}, read_lag_seconds=60) as go:
        api = connect(go)
        order = api.order("late").json()["Id"]

        assert api.get(f"/SalesOrders/{order}").status_code == 404
        assert api.get("/SalesOrders").status_code == 204
        assert api.order("late").status_code == 400
        go.advance(61)
        assert api.get(f"/SalesOrders/{order}").status_code == 200
        go.send_order(order)
        assert api.get("/SalesOrders").status_code == 204
        assert api.get("/OutgoingInvoices").status_code == 204


@pytest.mark.parametrize(("answer", "status"), [("a", 200), ("b", 409)])
def test_u20_deleting_a_confirmed_order(api: Any, go: Simulator, answer: str, status: int) -> None:
    go.switch("U20", answer)
    order = api.order(SalesOrderStatus="Confirmed").json()["Id"]

    assert api.http.delete(f"/v2/SalesOrders/{order}").status_code == status
    if answer == "b":
        go.edit_order(order, SalesOrderStatus="Draft")
        assert api.http.delete(f"/v2/SalesOrders/{order}").status_code == 200


@pytest.mark.parametrize(
    ("price_with_vat", "rounding", "prices", "net", "total"),
    [
        # Three lines of 9.99 at 25 %: VAT of the sum is 7.49, VAT per line 3 × 2.50.
        ("a", "a", ["9.99"] * 3, "29.97", "37.46"),
        ("a", "b", ["9.99"] * 3, "29.97", "37.47"),
        ("a", "c", ["9.99"] * 3, "29.97", "37.46"),
        ("b", "a", ["9.99"] * 3, "23.98", "29.97"),
        ("b", "b", ["9.99"] * 3, "23.97", "29.97"),
        ("b", "c", ["9.99"] * 3, "23.98", "29.97"),
        # 0.125 to øre: half up 0.13, half even 0.12; unrounded it is 0.15625 with VAT.
        ("a", "a", ["0.125"], "0.13", "0.16"),
        ("a", "c", ["0.125"], "0.13", "0.16"),
        ("a", "d", ["0.125"], "0.12", "0.15"),
        ("b", "a", ["0.125"], "0.10", "0.13"),
        ("b", "d", ["0.125"], "0.10", "0.12"),
        # Lines that are cut apart before they are summed: 3 × 0.004 is 0.012.
        ("a", "a", ["0.004"] * 3, "0.00", "0.00"),
        ("a", "c", ["0.004"] * 3, "0.01", "0.02"),
    ],
)
def test_u7_u8_totals(
    *, api: Any, go: Simulator, price_with_vat: str, rounding: str, prices: list[str], net: str, total: str
) -> None:
    go.switch("U7", price_with_vat)
    go.switch("U8", rounding)

    lines = [_LINE | {"ProductUnitPrice": float(price)} for price in prices]
    order = api.order(SalesOrderLines=lines).json()
    assert (order["NetAmount"], order["TotalAmount"]) == (float(net), float(total))
    assert go.orders()[0]["TotalAmount"] == Decimal(total)


def test_a_credit_note_may_name_the_invoice_it_credits(api: Any, go: Simulator) -> None:
    invoice = go.send_order(api.order().json()["Id"])
    back = [_LINE | {"Quantity": -1}]

    assert api.order(SalesOrderLines=back, RelatedInvoiceNo=4).status_code == 404
    credit = api.order(SalesOrderLines=back, RelatedInvoiceNo=invoice["InvoiceNo"]).json()
    assert credit["TotalAmount"] == -125
    sent = go.send_order(credit["Id"])
    assert (sent["VoucherType"], sent["RelatedInvoiceNo"]) == ("OutgoingCreditNote", invoice["InvoiceNo"])


def test_u23_a_person_edits_a_draft(api: Any, go: Simulator) -> None:
    order = api.order("edited").json()
    go.edit_order(order["Id"], CustomerReference="Kari", SalesOrderLines=[_LINE | {"Quantity": 3}])

    after = api.get(f"/SalesOrders/{order['Id']}").json()
    assert (after["CustomerReference"], after["TotalAmount"]) == ("Kari", 375)
    assert after["SalesOrderNo"] == order["SalesOrderNo"]
    assert after["LastChangedDateTimeOffset"] > order["LastChangedDateTimeOffset"]
    go.edit_order(order["Id"], CustomerNo=10002)
    assert api.get(f"/SalesOrders/{order['Id']}").json()["CustomerNo"] == 10002


def test_what_a_person_cannot_do_is_an_exception(api: Any, go: Simulator) -> None:
    order = api.order().json()["Id"]

    with pytest.raises(LookupError, match="not found"):
        go.send_order(str(uuid.uuid4()))
    with pytest.raises(ValueError, match="no member Nix"):
        go.edit_order(order, Nix=1)
    with pytest.raises(ValueError, match="is archived"):
        go.edit_order(order, CustomerNo=10006)
    with pytest.raises(LookupError, match="no Go client"):
        go.orders("nix")
