"""Changing the header of an order by JSON Patch, and what a person does to drafts besides."""

from __future__ import annotations

from typing import Any

import pytest

from posplugin.simulator import Simulator


def _replace(path: str, value: object) -> dict[str, object]:
    return {"op": "replace", "path": path, "value": value}


def test_header_members_are_set_and_lines_stay(api: Any) -> None:
    order = api.order("kept", DepartmentCode="20").json()
    department = api.get("/Departments", codes="10").json()[0]["Id"]

    answer = api.patch(
        order["Id"],
        _replace("/CustomerReference", "Kari"),
        _replace("/DepartmentId", department),
        {"op": "add", "path": "/DeliveryDate", "value": "2026-03-05"},
    )
    assert answer.status_code == 200
    changed = {"CustomerReference": "Kari", "DepartmentId": department, "DepartmentCode": "10"}
    changed |= {"DeliveryDate": "2026-03-05"}
    changed["LastChangedDateTimeOffset"] = answer.json()["LastChangedDateTimeOffset"]
    assert changed["LastChangedDateTimeOffset"] > order["LastChangedDateTimeOffset"]
    after = api.get(f"/SalesOrders/{order['Id']}/Complete").json()
    assert after == order | changed
    assert answer.json() == {name: value for name, value in after.items() if name != "SalesOrderLines"}
    assert api.patch(order["Id"], {"op": "remove", "path": "/DepartmentId"}).json()["DepartmentCode"] is None


def test_camel_case_paths_are_passed_over_in_silence(api: Any) -> None:
    order = api.order(CustomerReference="Ola").json()["Id"]

    answer = api.patch(order, _replace("/customerReference", "Kari"))
    assert (answer.status_code, answer.json()["CustomerReference"]) == (200, "Ola")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/SalesOrderLines", []),
        ("/SalesOrderLines/0/Quantity", 2),
        ("/CustomerNo", 10002),
        ("/TotalAmount", 1),
        ("/ExternalImportReference", "other"),
        ("/Nix", 1),
    ],
)
def test_u9_what_is_no_header_member_to_set(api: Any, go: Simulator, path: str, value: object) -> None:
    order = api.order("r").json()

    assert api.patch(order["Id"], _replace(path, value)).status_code == 400
    go.switch("U9", "b")
    ignored = api.patch(order["Id"], _replace(path, value)).json()
    same = ("CustomerNo", "TotalAmount", "ExternalImportReference", "LineCount")
    assert [ignored[name] for name in same] == [order[name] for name in same]


@pytest.mark.parametrize(
    "operations",
    [
        {},
        [1],
        [{"op": "replace", "value": 1}],
        [{"op": "turn", "path": "/CustomerReference", "value": "x"}],
        [{"op": "replace", "path": "CustomerReference", "value": "x"}],
        [{"op": "replace", "path": "/CustomerReference", "value": 1}],
        [{"op": "replace", "path": "/SalesOrderStatus", "value": "Sent"}],
        [{"op": "replace", "path": "/SalesOrderStatus", "value": 1}],
        [{"op": "replace", "path": "/DeliveryDate", "value": "5.3.2026"}],
    ],
)
def test_what_is_no_patch_is_refused(api: Any, operations: object) -> None:
    order = api.order().json()["Id"]
    headers = {"Content-Type": "application/json-patch+json"}

    assert api.http.patch(f"/v2/SalesOrders/{order}", json=operations, headers=headers).status_code == 400


def test_a_patch_has_its_own_content_type_and_needs_an_order(api: Any) -> None:
    order = api.order().json()["Id"]

    assert api.http.patch(f"/v2/SalesOrders/{order}", json=[]).status_code == 415
    assert api.patch("f575b4b0-55be-4b56-b01f-44b204df82c5").status_code == 404


def test_a_confirmed_order_takes_only_to_be_a_draft_again(api: Any) -> None:
    order = api.order().json()["Id"]

    confirmed = api.patch(order, _replace("/SalesOrderStatus", "Confirmed")).json()
    assert confirmed["SalesOrderStatus"] == "Confirmed"
    refused = api.patch(order, _replace("/CustomerReference", "Kari"))
    assert (refused.status_code, "is confirmed and cannot be edited" in refused.json()["detail"]) == (400, True)
    assert api.patch(order, _replace("/SalesOrderStatus", "Draft")).json()["SalesOrderStatus"] == "Draft"
    assert api.patch(order, _replace("/CustomerReference", "Kari")).json()["CustomerReference"] == "Kari"


def test_the_status_changes_though_the_customer_was_archived_meanwhile(api: Any, go: Simulator) -> None:
    order = api.order().json()["Id"]
    go.archive_customer(10001)

    assert api.patch(order, _replace("/SalesOrderStatus", "Confirmed")).status_code == 200
    assert api.patch(order, _replace("/SalesOrderStatus", "Draft")).status_code == 200
    assert api.patch(order, _replace("/CustomerReference", "x")).status_code == 400


def test_the_related_invoice_is_set_on_credit_notes_alone(api: Any, go: Simulator) -> None:
    number = go.send_order(api.order().json()["Id"])["InvoiceNo"]
    back = [{"ProductCode": "30", "Quantity": -1, "ProductUnitPrice": 100}]
    invoice, credit = api.order().json()["Id"], api.order(SalesOrderLines=back).json()["Id"]

    assert api.patch(invoice, _replace("/RelatedInvoiceNo", number)).status_code == 400
    assert api.patch(credit, _replace("/RelatedInvoiceNo", 4)).status_code == 404
    assert api.patch(credit, _replace("/RelatedInvoiceNo", number)).json()["RelatedInvoiceNo"] == number


@pytest.mark.parametrize(("answer", "status"), [("a", "Draft"), ("b", "Confirmed")])
def test_u18_the_status_of_an_order_that_states_none(api: Any, go: Simulator, answer: str, status: str) -> None:
    go.switch("U18", answer)

    assert api.order().json()["SalesOrderStatus"] == status
    for stated in ("Draft", "Confirmed"):
        assert api.order(SalesOrderStatus=stated).json()["SalesOrderStatus"] == stated


def test_u23_a_person_confirms_a_draft(api: Any, go: Simulator) -> None:
    order = api.order().json()["Id"]
    go.confirm_order(order)

    assert api.get(f"/SalesOrders/{order}").json()["SalesOrderStatus"] == "Confirmed"


def test_u23_a_person_merges_two_drafts(api: Any, go: Simulator) -> None:
    first, second = (api.order(reference).json() for reference in ("one", "two"))
    other = api.order("three", CustomerNo=10002).json()["Id"]

    merged = go.merge_orders(first["Id"], second["Id"])
    assert (merged["ExternalImportReference"], merged["TotalAmount"], merged["LineCount"]) == ("one", 250, 2)
    assert [line["SortOrder"] for line in merged["SalesOrderLines"]] == [0, 1]
    assert api.get(f"/SalesOrders/{second['Id']}").status_code == 404
    with pytest.raises(ValueError, match="same customer"):
        go.merge_orders(first["Id"], other)
    with pytest.raises(LookupError, match="not found"):
        go.merge_orders(first["Id"], second["Id"])
