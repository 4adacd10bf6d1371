"""The endpoints of vouchers and of the books held against the OpenAPI description."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from posplugin.simulator import Simulator
from tests.contract import Contract

pytestmark = pytest.mark.skipif(
    not Contract.available(), reason="openapi-v2.json of PowerOffice GO is not beside this checkout"
)

_DAY = "2026-03-05"
_DATES = {"fromDate": "2026-01-01", "toDate": "2999-12-31"}
_LISTS: dict[str, dict[str, str]] = {
    "/AccountTransactions": _DATES,
    "/Customerledger/OpenItems": {"date": "2999-12-31"},
    "/JournalEntryVouchers": {},
}


def _ids(api: Any) -> tuple[dict[int, int], dict[str, int]]:
    accounts = {row["AccountNo"]: row["Id"] for row in api.get("/GeneralLedgerAccounts").json()}
    return accounts, {row["Code"]: row["Id"] for row in api.get("/VatCodes").json()}


def _voucher(api: Any, amount: float = 100.0, **members: Any) -> dict[str, Any]:
    accounts, codes = _ids(api)
    line = {"PostingDate": _DAY, "Description": "Salg"}
    lines = [
        line | {"AccountId": accounts[1900], "VatId": codes["0"], "CurrencyAmount": 100.0},
        line | {"AccountId": accounts[3000], "VatId": codes["3"], "CurrencyAmount": -amount},
    ]
    return {"CurrencyCode": "NOK", "VoucherDate": _DAY, "VoucherLines": lines, **members}


def _draft(api: Any) -> dict[str, Any]:
    accounts, codes = _ids(api)
    sides = {"DebitAccountId": accounts[1900], "DebitVatId": codes["0"]}
    sides |= {"CreditAccountId": accounts[3000], "CreditVatId": codes["3"]}
    lines = [{**sides, "CurrencyAmount": 100.0}]
    return {"CurrencyCode": "NOK", "VoucherDate": _DAY, "Comment": "Z 17", "ManualVoucherLines": lines}


@pytest.mark.parametrize("kind", ["CashJournals", "ManualJournals"])
def test_direct_vouchers(checked: Any, go: Simulator, kind: str) -> None:
    body = _voucher(checked, ExternalImportReference="Z 17", SaftSourceId="1", SaftBatchId="2", ImportedVoucherNo=3)
    made = checked.http.post(f"/v2/Vouchers/{kind}", json=body)
    assert made.status_code == 201
    path = f"/Vouchers/{kind}/{made.json()['Id']}"
    assert checked.get(path).status_code == 200
    assert checked.get(f"/Vouchers/{kind}/{uuid.uuid4()}").status_code == 404
    for answer in "ac":
        go.switch("U2", answer)
        assert checked.http.post(f"/v2/Vouchers/{kind}", json=body).status_code == 400
    assert checked.http.post(f"/v2/Vouchers/{kind}", json=_voucher(checked, 99.0)).status_code == 400
    reverse = f"/v2/Vouchers/Reverse/{made.json()['Id']}"
    assert checked.http.post(reverse).status_code == 200
    assert checked.http.post(reverse).status_code == 400
    assert checked.http.post(f"/v2/Vouchers/Reverse/{uuid.uuid4()}").status_code == 404


def test_journal_entry_vouchers(checked: Any, go: Simulator) -> None:
    made = checked.http.post("/v2/JournalEntryVouchers/ManualJournals", json=_draft(checked))
    assert made.status_code == 201
    key = made.json()["Id"]
    path = f"/v2/JournalEntryVouchers/{key}"
    files = {"file": ("z.pdf", b"%PDF-1.4", "application/pdf")}
    assert checked.http.post(f"{path}/VoucherPages", files=files).status_code == 201
    assert checked.http.post(f"{path}/VoucherPages").status_code == 400
    assert checked.get(f"/JournalEntryVouchers/ManualJournals/{key}").json()["Pages"]
    go.post_draft(key)
    assert checked.http.delete(path).status_code == 409
    gone = checked.http.post("/v2/JournalEntryVouchers/ManualJournals", json=_draft(checked)).json()["Id"]
    assert checked.http.delete(f"/v2/JournalEntryVouchers/{gone}").status_code == 200
    assert checked.get(f"/JournalEntryVouchers/ManualJournals/{gone}").status_code == 404


def test_lists_and_every_filter_they_have(checked: Any, contract: Contract, go: Simulator) -> None:
    checked.http.post("/v2/Vouchers/CashJournals", json=_voucher(checked)).raise_for_status()
    checked.http.post("/v2/JournalEntryVouchers/ManualJournals", json=_draft(checked)).raise_for_status()
    go.pay(go.send_order(checked.order("contract", DepartmentCode="10").json()["Id"])["InvoiceNo"], 25)

    values = {"boolean": "true", "date-time": "2026-01-01T00:00:00Z"}
    for path, required in _LISTS.items():
        assert checked.get(path, **required).status_code == 200
        assert checked.get(path, **required, Fields="Id", OrderBy="Id desc", PageSize="1").status_code == 200
        assert checked.get(path, **required, PageNumber="99").status_code == 204
        for name, schema in contract.parameters("GET", path).items():
            if name not in {given.lower() for given in required} | {"fields", "orderby"}:
                value = values.get(str(schema.get("format") or schema.get("type")), "1")
                assert checked.get(path, **required, **{name: value}).status_code in (200, 204), (path, name)
        if required:
            assert checked.get(path).status_code == 400
