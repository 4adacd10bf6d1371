"""Master data and the parameters all lists share."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from posplugin.simulator import Simulator


def _numbers(answer: Any) -> list[int]:
    return [row["Number"] for row in answer.json()] if answer.content else []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("10002", [10002]),
        ("10001-10003, 10005", [10001, 10002, 10003, 10005]),
        ("10009-", [10009, 10010]),
        ("1-2", []),
        (" ", list(range(10001, 10011))),
    ],
)
def test_customer_numbers_are_given_singly_and_as_ranges(api: Any, wanted: str, found: list[int]) -> None:
    assert _numbers(api.get("/Customers", customerNos=wanted)) == found


@pytest.mark.parametrize(
    ("path", "query", "title"),
    [
        ("/Customers", {"customerNos": "10001-x"}, "Unable to cast object(s)"),
        ("/Customers", {"lastChangedDateTimeOffsetGreaterThan": "today"}, "Unable to cast object(s)"),
        ("/Products", {"isArchived": "no"}, "Unable to cast object(s)"),
        ("/SalesOrders", {"orderStatus": "Sent"}, "Unable to cast object(s)"),
        ("/Customers", {"Fields": "Id,Nix"}, "Invalid resourceParameter"),
        ("/Customers", {"OrderBy": "Name sideways"}, "Invalid resourceParameter"),
        ("/Customers", {"PageSize": "20001"}, "Invalid resourceParameter"),
        ("/Customers", {"PageNumber": "0"}, "Invalid resourceParameter"),
        ("/Customers", {"$top": "1"}, "Invalid query parameter(s)"),
        ("/SalesOrders", {"externalImportReference": "X"}, "Invalid query parameter(s)"),
        ("/ClientIntegrationInformation", {"Fields": "ClientId"}, "Invalid query parameter(s)"),
    ],
)
def test_bad_and_unknown_parameters_are_400(api: Any, path: str, query: dict[str, str], title: str) -> None:
    answer = api.get(path, **query)

    assert answer.status_code == 400
    assert (answer.json()["title"], answer.json()["status"]) == (title, 400)


def test_bad_fields_have_the_documented_text(api: Any) -> None:
    assert api.get("/Customers", Fields="Nix").json() == {
        "title": "Invalid resourceParameter",
        "status": 400,
        "detail": "Fields property in resourceParameter is not formatted correct.",
    }


@pytest.mark.parametrize(
    "path",
    ["/Customers?externalImportReference=none", "/SalesOrders", "/Departments?codes=x", "/VatCodes?isActive=false"],
)
def test_an_empty_list_is_204_without_a_body(api: Any, path: str) -> None:
    answer = api.http.get(f"/v2{path}")

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_missing_record_is_404_with_lower_case_problem_details(api: Any) -> None:
    for path in ("/Customers/1", "/Products/1", "/OutgoingInvoices/00000000-0000-0000-0000-000000000000"):
        answer = api.get(path)
        assert answer.status_code == 404
        assert answer.json().keys() == {"title", "status", "detail"}


def test_records_are_found_by_id(api: Any) -> None:
    for path in ("/Customers", "/Products"):
        row = api.get(path).json()[0]
        assert api.get(f"{path}/{row['Id']}").json() == row


def test_pages_are_ordered_and_limited_to_fields(api: Any) -> None:
    answer = api.get("/Products", OrderBy="Code desc", PageSize=2, PageNumber=2, Fields="Code,Name")

    assert [row["Code"] for row in answer.json()] == ["7", "57"]
    assert answer.json()[0].keys() == {"Code", "Name"}
    assert api.get("/Products", PageNumber=9).status_code == 204


def test_u6_next_page_link_leads_through_all_pages(api: Any) -> None:
    numbers, url, query = [], "/v2/Customers", {"PageSize": "4", "Fields": "Number", "customerNos": "10001-"}
    while url:
        answer = api.http.get(url, params=query or None)
        numbers += _numbers(answer)
        url, query = json.loads(answer.headers["X-Pagination"])["nextPageLink"], {}

    assert numbers == list(range(10001, 10011))


def test_u6_b_the_header_is_absent_on_a_single_page(api: Any, go: Simulator) -> None:
    go.switch("U6", "b")

    assert "X-Pagination" not in api.get("/Customers").headers
    assert "nextPageLink" in api.get("/Customers", PageSize=4).headers["X-Pagination"]


def test_u6_c_the_header_holds_totals_only(api: Any, go: Simulator) -> None:
    go.switch("U6", "c")

    assert json.loads(api.get("/Customers", PageSize=4).headers["X-Pagination"]) == {
        "totalCount": 10,
        "pageSize": 4,
        "currentPage": 1,
        "totalPages": 3,
    }


def test_u22_timestamps_are_exclusive(api: Any, go: Simulator) -> None:
    order = api.order().json()
    changed = datetime.fromisoformat(order["LastChangedDateTimeOffset"])

    def found(moment: datetime) -> bool:
        query = {"lastChangedDateTimeOffsetGreaterThan": moment.isoformat()}
        return bool(api.get("/SalesOrders", **query).status_code == 200)

    assert not found(changed)
    assert found(changed - timedelta(microseconds=1))
    go.switch("U22", "b")
    assert not found(changed.replace(microsecond=0))
    assert found(changed - timedelta(seconds=1))


def test_what_is_archived_is_told_and_changes_the_timestamp(api: Any, go: Simulator) -> None:
    before = datetime.now(UTC).isoformat()
    go.archive_customer(10001)
    go.archive_product("30")

    changed = api.get("/Customers", lastChangedDateTimeOffsetGreaterThan=before).json()
    assert [(row["Number"], row["IsArchived"]) for row in changed] == [(10001, True)]
    archived = api.get("/Products", isArchived="true", Fields="Code").json()
    assert [row["Code"] for row in archived] == ["30", "98"]
    with pytest.raises(LookupError, match="no customer with Number 1"):
        go.archive_customer(1)


def test_products_lead_to_accounts_and_vat_codes(api: Any) -> None:
    products = {row["Code"]: row for row in api.get("/Products").json()}
    accounts = {row["Id"]: row for row in api.get("/GeneralLedgerAccounts").json()}
    rates = {row["Id"]: (row["Code"], row["Rate"]) for row in api.get("/VatCodes").json()}

    def vat(code: str) -> Any:
        return rates[accounts[products[code]["StandardSalesAccountId"]]["VatCodeId"]]

    assert [vat(code) for code in ("30", "31", "32", "33")] == [("3", 0.25), ("31", 0.15), ("33", 0.12), ("5", 0)]
    assert vat("50") == ("0", 0)
    assert products["99"]["StandardSalesAccountId"] is None
    assert [row["AccountNo"] for row in api.get("/GeneralLedgerAccounts", accountNos="3000,1990,9").json()] == [
        1990,
        3000,
    ]


def test_generated_customers_are_the_same_each_time(connect: Any) -> None:
    seen = []
    for _ in range(2):
        with Simulator(None, customers=50) as go:
            seen.append(connect(go).get("/Customers", customerNos="20001-").json())

    assert seen[0] == seen[1]
    assert len(seen[0]) == 50
