"""Every endpoint of the simulator held against the OpenAPI description."""

from __future__ import annotations

from typing import Any

import pytest

from posplugin.simulator import Simulator
from tests.contract import Contract, ContractError

pytestmark = pytest.mark.skipif(
    not Contract.available(), reason="openapi-v2.json of PowerOffice GO is not beside this checkout"
)

_LINE = {"LineType": "Normal", "ProductCode": "30", "Quantity": 1, "ProductUnitPrice": 100.00}
_PATHS = (
    "/ClientIntegrationInformation",
    "/Customers",
    "/Products",
    "/Departments",
    "/Employees",
    "/GeneralLedgerAccounts",
    "/VatCodes",
    "/SalesOrders",
    "/OutgoingInvoices",
)


def test_every_list_and_record(checked: Any, go: Simulator) -> None:
    order = checked.order("contract", DepartmentCode="10").json()["Id"]
    sent = go.send_order(checked.order("sent", CustomerNo=10007).json()["Id"])["Id"]

    for path in _PATHS:
        assert checked.get(path).status_code == 200
    for path in _PATHS[1:]:
        assert checked.get(path, Fields="Id", OrderBy="Id desc", PageSize=1, PageNumber=1).status_code == 200
        assert checked.get(path, PageNumber=99).status_code == 204
    for path in ("/Customers", "/Products"):
        assert checked.get(f"{path}/{checked.get(path).json()[0]['Id']}").status_code == 200
        assert checked.get(f"{path}/1").status_code == 404
    for path in ("", "/Complete", "/Lines"):
        assert checked.get(f"/SalesOrders/{order}{path}").status_code == 200
        assert checked.get(f"/SalesOrders/{sent}{path}").status_code == 404
    assert checked.get(f"/SalesOrders/{order}/Complete", showInherited="true").status_code == 200
    assert checked.get(f"/OutgoingInvoices/{sent}").status_code == 200
    assert checked.get(f"/OutgoingInvoices/{order}").status_code == 404
    assert checked.http.delete(f"/v2/salesorders/{order}").status_code == 200


def test_the_settings(checked: Any) -> None:
    for name in ("LockDateSettings", "FinancialSettings", "VatSettings", "OrganizationSettings"):
        assert checked.get(f"/{name}").status_code == 200


def test_changing_an_order_and_its_attachments(checked: Any) -> None:
    order = checked.order("changed").json()["Id"]
    path = f"/SalesOrders/{order}/attachments"

    operations = [
        {"op": "replace", "path": "/CustomerReference", "value": "Kari"},
        {"op": "add", "path": "/SalesOrderStatus", "value": "Confirmed"},
        {"op": "remove", "path": "/DepartmentId"},
    ]
    assert checked.patch(order, *operations).status_code == 200
    assert checked.patch(order, {"op": "replace", "path": "/Nix", "value": 1}).status_code == 400
    assert checked.get(path).status_code == 204
    file = checked.attach(order, "nota.pdf", b"%PDF-").json()["Id"]
    assert checked.get(path, Fields="Id,FileName").status_code == 200
    assert checked.get(f"{path}/{file}").status_code == 200
    assert checked.http.delete(f"/v2{path}/{file}").status_code == 200
    for method in ("GET", "DELETE"):
        assert checked.http.request(method, f"/v2{path}/{file}").status_code == 404
    assert checked.attach("f575b4b0-55be-4b56-b01f-44b204df82c5", "nota.pdf", b"%PDF-").status_code == 404


def test_sending_an_order(checked: Any, go: Simulator) -> None:
    sent, failed, unasked = (checked.order().json()["Id"] for _ in range(3))
    assert checked.send(sent).status_code == 400
    go.allow_send_invoice = True
    checked.log_in()
    asked = {"DeliveryType": "PdfByEmail", "EmailAddress": "kari@example.no"}
    asked |= {"VoucherDate": go.today.isoformat(), "OverrideDueDate": go.today.isoformat()}

    assert checked.send(sent, **asked).status_code == 202
    assert checked.get("/SalesOrders/sentState", id=sent).status_code == 200
    assert checked.send(sent).status_code == 400
    assert checked.http.delete(f"/v2/SalesOrders/{sent}").status_code == 409
    go.advance(1)
    go.fail_sending("Nei")
    assert checked.send(failed).status_code == 202
    go.advance(1)
    for order in (sent, failed, unasked):
        assert checked.get("/SalesOrders/sentState", id=order).status_code == 200
    assert checked.send(sent).status_code == 404
    assert checked.get("/SalesOrders/sentState", id="f575b4b0-55be-4b56-b01f-44b204df82c5").status_code == 404


def test_making_a_product(checked: Any) -> None:
    path = "/v2/Products"

    assert checked.http.post(path, json={"Name": "Pils"}).status_code == 200
    full = {"Code": "P-2", "Name": "Vin", "ProductType": "Product", "UnitOfMeasureCode": "EA", "UnitPrice": 98.5}
    full |= {"StandardSalesAccount": 3000, "Gtin": "7038010000000", "IsArchived": False, "Description": "Rød"}
    assert checked.http.post(path, json=full).status_code == 200
    assert checked.http.post(path, json=full).status_code == 400


def test_every_filter_the_description_has_is_known(checked: Any, contract: Contract) -> None:
    moment, one, uuid = "2026-01-01T00:00:00Z", "1", "f575b4b0-55be-4b56-b01f-44b204df82c5"
    values = {"boolean": "true", "date-time": moment, "date": "2026-01-01", "uuid": uuid}
    enums = {"type": "Service", "orderstatus": "Draft", "fields": "", "orderby": ""}
    for path in _PATHS[1:]:
        for name, schema in contract.parameters("GET", path).items():
            kind = str(schema.get("format") or schema.get("type"))
            answer = checked.get(path, **{name: enums.get(name) or values.get(kind, one if name not in enums else "")})
            assert answer.status_code in (200, 204), (path, name)


def test_errors_and_switches(checked: Any, go: Simulator) -> None:
    checked.order("taken")
    for name, answer in (("U1", "a"), ("U1", "c"), ("U5", "a"), ("U11", "a"), ("U11", "b"), ("U14", "b")):
        go.switch(name, answer)
        assert checked.order("taken").status_code == 400
        assert checked.order(CustomerNo=10006).status_code in (400, 404)
        assert checked.get("/Customers", customerNos="x").status_code == 400
        go.fault("429", times=1)
        assert checked.get("/Customers").status_code == 429
    go.fault("500-before", times=1)
    assert checked.get("/Customers").status_code == 500
    go.revoke_tokens()
    assert checked.get("/Customers").status_code == 401


def test_u19_b_is_outside_the_description(checked: Any, go: Simulator) -> None:
    """413 is not declared on this POST; the simulator plays it because nobody knows."""
    go.switch("U19", "b")
    order = checked.order().json()["Id"]

    with pytest.raises(ContractError, match="status 413"):
        checked.attach(order, "large.pdf", bytes((10 << 20) + 1))


def test_u1_b_is_outside_the_description(checked: Any, go: Simulator) -> None:
    """409 is not declared on this POST; the simulator plays it because nobody knows."""
    go.switch("U1", "b")
    checked.order("taken")

    with pytest.raises(ContractError, match="status 409"):
        checked.order("taken")


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "text"),
    [
        ("POST", "/SalesOrders", {}, {}, "no such operation"),
        ("GET", "/customers", {"nix": "1"}, None, "query nix"),
        ("GET", "/customers", {"PageSize": "many"}, None, "query PageSize"),
        ("GET", "/products", {"isArchived": "1"}, None, "query isArchived"),
        ("GET", "/SalesOrders/7", {}, None, "path id"),
        ("POST", "/v2/salesorders/complete", {}, {"CustomerNo": "1"}, "CustomerNo"),
        ("POST", "/v2/salesorders/complete", {}, {"Nix": 1}, "Nix"),
        ("POST", "/v2/salesorders/complete", {}, {"SalesOrderLines": [{"VatCode": "3"}]}, "VatCode"),
        ("POST", "/v2/salesorders/complete", {}, {"SalesOrderDate": "2026-1-1"}, "SalesOrderDate"),
        ("POST", "/v2/salesorders/complete", {}, {"SalesOrderStatus": 0}, "SalesOrderStatus"),
    ],
)
def test_the_contract_tells_what_is_wrong_with_a_request(
    contract: Contract, *, method: str, path: str, query: dict[str, str], body: object, text: str
) -> None:
    with pytest.raises(ContractError, match=text):
        contract.request(method, path, query, body)


@pytest.mark.parametrize(
    ("status", "headers", "body", "text"),
    [
        (200, {}, "[]", "Content-Type"),
        (200, {"content-type": "application/json"}, '[{"Id": "1"}]', "Id"),
        (200, {"content-type": "application/json"}, '[{"id": 1}]', "id"),
        (200, {"content-type": "application/json"}, "", "empty"),
        (204, {"content-type": "application/json"}, "[]", "not empty"),
        (201, {"content-type": "application/json"}, "{}", "status 201"),
        (400, {"content-type": "application/json"}, '{"message": "no"}', "neither"),
        (400, {"content-type": "application/json"}, '{"title": 1, "status": 400}', "Title"),
    ],
)
def test_the_contract_tells_what_is_wrong_with_an_answer(
    contract: Contract, status: int, headers: dict[str, str], body: str, text: str
) -> None:
    with pytest.raises(ContractError, match=text):
        contract.answer("GET", "/Customers", status, headers, body)
