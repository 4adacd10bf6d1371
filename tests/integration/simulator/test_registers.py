"""Products the integration makes, employees, the client's settings, and the faults a person sets up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from posplugin.simulator import SECOND_CLIENT_KEY, Simulator

_LINE = {"ProductCode": "30", "Quantity": 1, "ProductUnitPrice": 100.00}


def _make(api: Any, **members: Any) -> Any:
    return api.http.post("/v2/Products", json={"Code": "P-1", "Name": "Pils 0,5 l"} | members)


def test_a_product_is_made_and_sold(api: Any) -> None:
    made = _make(api, StandardSalesAccount=3001, UnitPrice=98.50)
    product = made.json()

    assert made.status_code == 200
    assert product["StandardSalesAccountId"] == api.get("/GeneralLedgerAccounts", accountNos="3001").json()[0]["Id"]
    assert (product["IsArchived"], product["UnitPrice"], product["OptionalSalesAccount"]) == (False, 98.5, None)
    assert api.get("/Products", codes="P-1").json() == [product]
    line = api.order(SalesOrderLines=[_LINE | {"ProductCode": "P-1"}]).json()["SalesOrderLines"][0]
    assert (line["VatCode"], line["Description"]) == ("31", "Pils 0,5 l")


def test_an_accounts_id_wins_over_its_number_and_a_code_is_given_when_none_is_stated(api: Any) -> None:
    account = api.get("/GeneralLedgerAccounts", accountNos="3002").json()[0]["Id"]

    made = [_make(api, Code=None, StandardSalesAccountId=account, StandardSalesAccount=3000).json() for _ in range(2)]
    assert made[0]["StandardSalesAccount"] == 3002
    assert made[0]["Code"] != made[1]["Code"]
    assert made[0]["Id"] != made[1]["Id"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"Name": None}, "Name must be set"),
        ({"Name": " "}, "Name must be set"),
        ({"Name": "x" * 401}, "longer than 400"),
        ({"Code": "x" * 101}, "longer than 100"),
        ({"Code": "30"}, "Code is already in use. '30' is used on product Id = "),
        ({"Code": "98"}, "Code is already in use"),
        ({"Code": 30}, "Code is not string"),
        ({"StandardSalesAccount": 3999}, "General ledger account with AccountNo = '3999' not found"),
        ({"OptionalSalesAccountId": 1}, "General ledger account with Id = '1' not found"),
        ({"StandardSalesAccount": 3100}, "is not active"),
        ({"ProductGroupCode": "1"}, "Product group"),
        ({"ProductType": "Thing"}, "ProductType"),
        ({"StockOnHand": 3}, "IsStockItem"),
        ({"VatCode": "3"}, "VatCode"),
    ],
)
def test_a_bad_product_is_refused(api: Any, go: Simulator, change: dict[str, Any], text: str) -> None:
    go.change("account", "AccountNo", 3100, IsActive=False)
    before = api.get("/Products").json()

    refused = _make(api, **change)
    assert refused.status_code == 400
    assert text in refused.json()["detail"]
    assert api.get("/Products").json() == before


def test_u4_a_new_product_is_not_listed_for_a_while_yet_its_code_is_taken(connect: Any) -> None:
    with Simulator(None, switches={"U4": "b"}, read_lag_seconds=60) as go:
        api = connect(go)

        assert _make(api).status_code == 200
        assert api.get("/Products", codes="P-1").status_code == 204
        assert _make(api).status_code == 400


def test_employees_are_listed_archived_ones_too(api: Any) -> None:
    employees = api.get("/Employees", Fields="Number,IsArchived").json()

    assert [row["Number"] for row in employees if row["IsArchived"]] == [4]
    assert [row["LastName"] for row in api.get("/Employees", employeeNos="2-3").json()] == ["Nilsen", "Hussein"]


def test_employees_stand_on_orders_and_lines_by_number_or_id(api: Any, go: Simulator) -> None:
    one, two = (row["Id"] for row in api.get("/Employees", employeeNos="1-2").json())
    lines = [_LINE | {"SellersReferenceEmployeeNo": 2}, _LINE | {"SellersReferenceEmployeeId": one}]

    order = api.order(SalesPersonEmployeeNumber=1, SalesOrderLines=lines).json()
    assert (order["SalesPersonEmployeeId"], order["SalesPersonEmployeeNumber"]) == (one, 1)
    sellers = [
        (row["SellersReferenceEmployeeId"], row["SellersReferenceEmployeeNo"]) for row in order["SalesOrderLines"]
    ]
    assert sellers == [(two, 2), (one, 1)]
    patched = api.patch(order["Id"], {"op": "replace", "path": "/SalesPersonEmployeeId", "value": two})
    assert patched.json()["SalesPersonEmployeeNumber"] == 2


@pytest.mark.parametrize(("answer", "status"), [("a", 400), ("b", 404)])
def test_employees_that_are_not_there_or_archived(api: Any, go: Simulator, answer: str, status: int) -> None:
    go.switch("U11", answer)

    for members in ({"SalesPersonEmployeeNumber": 9}, {"SalesOrderLines": [_LINE | {"SellersReferenceEmployeeNo": 9}]}):
        refused = api.order(**members)
        assert (refused.status_code, "Employee with" in refused.json()["detail"]) == (404, True)
    assert api.order(SalesPersonEmployeeNumber=4).status_code == status


def test_the_clients_settings_are_told(api: Any, go: Simulator, connect: Any) -> None:
    go.set_lock_date(date(2026, 9, 30))
    go.set_conversion_date(date(2024, 1, 1))
    go.set_vat_registered(False)

    def told(client: Any) -> tuple[object, ...]:
        return (
            client.get("/LockDateSettings").json()["LockDate"],
            client.get("/FinancialSettings").json()["ConversionDate"],
            client.get("/VatSettings").json()["IsVatRegistered"],
            client.get("/OrganizationSettings").json()["Name"],
        )

    assert told(api) == ("2026-09-30", "2024-01-01", False, "Brygga Bistro AS")
    assert told(connect(go, SECOND_CLIENT_KEY)) == ("2020-12-31", "2020-01-01", True, "Kaikanten Kafé AS")
    go.set_lock_date(None)
    assert api.get("/LockDateSettings").json() == {"LockDate": None}


def test_the_date_header_is_gos_clock(api: Any, go: Simulator) -> None:
    def ahead() -> timedelta:
        return parsedate_to_datetime(api.get("/VatCodes").headers["Date"]) - datetime.now(UTC)

    assert abs(ahead()) < timedelta(seconds=5)
    go.advance(600)
    assert abs(ahead() - timedelta(seconds=600)) < timedelta(seconds=5)


def test_faults_in_the_set_up_are_made_at_the_desk(api: Any, go: Simulator) -> None:
    free = api.get("/VatCodes").json()[5]
    changed = go.change("account", "AccountNo", 3000, VatCode="5", IsVatCodeLocked=False)
    assert (changed["VatCodeId"], changed["IsVatCodeLocked"]) == (free["Id"], False)
    assert api.get("/GeneralLedgerAccounts", accountNos="3000").json() == [changed]
    assert api.order().json()["TotalAmount"] == 100

    go.change("product", "Code", "32", StandardSalesAccount=3001)
    assert api.order(SalesOrderLines=[_LINE | {"ProductCode": "32"}]).json()["TotalAmount"] == 115
    assert go.change("product", "Code", "32", StandardSalesAccount=None)["StandardSalesAccountId"] is None
    go.change("product", "Code", "31", Code="30")
    assert len(api.get("/Products", codes="30").json()) == 2
    go.change("department", "Code", "10", IsActive=False)
    assert api.order(DepartmentCode="10").status_code == 400
    go.change("customer", "Number", 10002, InvoiceDeliveryType="EHF", IsVatFree=True)
    assert api.get("/Customers", customerNos="10002").json()[0]["InvoiceDeliveryType"] == "EHF"
    go.change("vat", "Code", "3", IsActive=False)
    assert api.get("/VatCodes", isActive="false").json()[0]["Code"] == "3"
    assert api.get("/Customers", customerNos="10003", lastChangedDateTimeOffsetGreaterThan="2026-02-01").content == b""


def test_what_is_not_there_cannot_be_changed(go: Simulator) -> None:
    with pytest.raises(LookupError, match="no account with AccountNo 1"):
        go.change("account", "AccountNo", 1, IsActive=False)
    with pytest.raises(LookupError, match="no vat with Code 99"):
        go.change("account", "AccountNo", 3000, VatCode="99")
    with pytest.raises(ValueError, match="no member Nix"):
        go.change("product", "Code", "30", Nix=1)
    with pytest.raises(ValueError, match="no register 'order': the simulator has customer"):
        go.change("order", "Id", "x")


def test_the_set_up_is_changed_over_http(api: Any, go: Simulator) -> None:
    desk = f"{go.url}/simulator"
    change = {"kind": "account", "member": "AccountNo", "value": 3000, "changes": {"IsActive": False}}
    orders = [api.order().json()["Id"] for _ in range(2)]

    assert api.http.post(f"{desk}/changes", json=change).json()["IsActive"] is False
    assert api.http.post(f"{desk}/changes", json={"kind": "account"}).status_code == 400
    settings = {"lock_date": "2026-10-31", "conversion_date": "2025-01-01", "allow_send_invoice": True}
    assert api.http.put(f"{desk}/settings", json=settings | {"vat_registered": False}).status_code == 200
    assert api.http.put(f"{desk}/settings", json={"nix": 1}).status_code == 400
    assert go.allow_send_invoice is True
    assert api.get("/LockDateSettings").json()["LockDate"] == "2026-10-31"
    assert api.get("/FinancialSettings").json()["ConversionDate"] == "2025-01-01"
    assert api.get("/VatSettings").json()["IsVatRegistered"] is False
    assert api.http.post(f"{desk}/orders/{orders[0]}/merge", json={"other": orders[1]}).json()["LineCount"] == 2
    assert api.http.post(f"{desk}/orders/{orders[0]}/confirm").json()["SalesOrderStatus"] == "Confirmed"
    api.log_in()
    api.http.post(f"{desk}/failing-sends", json={"text": "Nei", "times": 1}).raise_for_status()
    api.send(orders[0])
    go.advance(1)
    assert api.get("/SalesOrders/sentState", id=orders[0]).json()[0]["LastErrorMessage"] == "Nei"
