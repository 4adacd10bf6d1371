"""Vouchers an integration posts directly: cash and manual journals, their reversal and documentation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from . import books, chart, references
from .amounts import ore
from .answers import not_found, problem
from .books import Posting, Voucher
from .members import VOUCHER, VOUCHER_LINE, record
from .office import Office
from .state import Record

TITLE = "Voucher validation error(s)"
KINDS = ("CashJournal", "ManualJournal")
"""The VoucherTypes that are posted directly; also the kinds of record."""

_REVERSE = "Reverse voucher validation error(s)"
_LONGEST_SAFT = 35
_LARGEST_DOCUMENT = 30 * 1024 * 1024


def create(office: Office, client: str, kind: str, posted: dict[str, Any]) -> Record:
    """Post a checked body to the ledger and return the voucher; its VoucherNo is U16."""
    _require(posted, "", "CurrencyCode", "VoucherDate")
    for name in ("SaftSourceId", "SaftBatchId"):
        if len(posted[name] or "") > _LONGEST_SAFT:
            raise _invalid(f"{name} cannot be longer than {_LONGEST_SAFT} characters.")
    refuse_currency(posted)
    if not posted["VoucherLines"]:
        raise _invalid("VoucherLines must be set.")
    for at, line in enumerate(posted["VoucherLines"]):
        _require(line, f"VoucherLines[{at}].", "AccountId", "PostingDate", "VatId")
    postings = [posting(office, client, line) for line in posted["VoucherLines"]]
    reference = posted["ExternalImportReference"]
    if reference is not None:
        _refuse_duplicate(office, client, reference)
    books.refuse_locked(office, client, TITLE, sorted({each.date for each in postings}))
    postings += _difference(office, postings)
    now, state = office.clock.stamp(), office.state
    values = {**posted, "Id": str(uuid.uuid4()), "CreatedDateTimeOffset": now, "IsReversed": False}
    with state.change():
        values["VoucherLines"] = [
            record(VOUCHER_LINE, {**line, "Id": state.number(client, "VoucherLineId", 1), "CreatedDateTimeOffset": now})
            for line in posted["VoucherLines"]
        ]
        more = {name: posted[name] for name in ("ExternalImportReference", "ImportedVoucherNo")}
        more["VoucherDescription"] = posted["Description"]
        voucher = Voucher(values["Id"], kind, posted["VoucherDate"], more, {"IsCreatedByCurrentIntegration": True})
        values["VoucherNo"] = books.post(office, client, voucher, postings)
        row = record(VOUCHER, values)
        state.put(client, kind, values["Id"], row)
    office.wrote(client, kind, values["Id"])
    return {**row, "VoucherNo": 0} if office.switches["U16"] == "b" else row


def reverse(office: Office, client: str, voucher_id: str) -> None:
    """Nullify a voucher by one with the opposite amounts on the same days; its reference is free again."""
    kind = next((kind for kind in KINDS if voucher_id in office.readable(client, kind)), None)
    if kind is None:
        raise not_found("Voucher", "id", voucher_id)
    state, now = office.state, office.clock.stamp()
    row = state.rows(client, kind)[voucher_id]
    if row["IsReversed"]:
        raise problem(400, _REVERSE, f"Voucher with id {voucher_id} is already reversed.")
    rows = books.of_voucher(office, client, voucher_id)
    books.refuse_locked(office, client, _REVERSE, sorted({str(each["PostingDate"]) for each in rows}))
    with state.change():
        more = {"ReversedVoucherId": voucher_id, "ReversedVoucherNo": row["VoucherNo"]}
        more["VoucherDescription"] = f"Tilbakeføring av bilag {row['VoucherNo']}"
        entry = {"MatchId": books.match(office, client, voucher_id)}
        voucher = Voucher(str(uuid.uuid4()), "ReversalVoucher", row["VoucherDate"], more, entry)
        books.post_opposite(office, client, voucher, rows)
        for each in rows:
            changed = {"IsReversed": True, "LastChangedDateTimeOffset": now}
            state.put(client, "transaction", str(each["Id"]), {**each, **changed})
        state.put(client, kind, voucher_id, {**row, "IsReversed": True})


def document(office: Office, client: str, voucher_id: str, name: str, content: bytes) -> None:
    """Attach the documentation of a voucher: a PDF of at most 30 MB."""
    if not any(voucher_id in office.readable(client, kind) for kind in KINDS):
        raise not_found("Voucher", "id", voucher_id)
    if not content.startswith(b"%PDF-") or len(content) > _LARGEST_DOCUMENT:
        raise _invalid("The documentation must be a PDF of at most 30 MB.")
    with office.state.change():
        office.state.put(client, "documentation", voucher_id, {"FileName": name, "FileSize": len(content)})


def posting(office: Office, client: str, line: Mapping[str, Any]) -> Posting:
    """Return the posting of a line with a gross amount; refuses what does not fit the account."""
    amount = ore(Decimal(line["CurrencyAmount"] or 0))
    if not amount:
        raise _invalid("CurrencyAmount must be a positive or negative number, not 0.")
    references.refuse_empty_registers(line, TITLE)
    refuse_currency(line)
    account, customer = _account(office, client, line["AccountId"])
    vat = found(office, client, "vat", "Vat code", line["VatId"])
    if account["IsVatCodeLocked"] and account["VatCodeId"] != vat["Id"]:
        raise _invalid(f"Account {account['AccountNo']} is locked to VAT code {account['VatCode']}.")
    if account["IsDepartmentRequired"] and line["DepartmentId"] in (None, -1):
        raise _invalid(f"Account {account['AccountNo']} requires a department.")
    if account["IsProjectRequired"]:
        raise _invalid(f"Account {account['AccountNo']} requires a project.")
    more: dict[str, Any] = {name: line[name] for name in ("Description", "Quantity", "Quantity2")}
    if line["DepartmentId"] not in (None, -1):
        department = found(office, client, "department", "Department", line["DepartmentId"])
        more |= {"DepartmentId": department["Id"], "DepartmentCode": department["Code"]}
    if line["ProductId"] is not None:
        product = found(office, client, "product", "Product", line["ProductId"])
        more |= {"ProductId": product["Id"], "ProductCode": product["Code"]}
    rate = Decimal(vat["Rate"]) if office.is_vat_registered(client) else Decimal(0)
    of_vat = ore(amount * rate / (1 + rate))
    number, day = int(account["AccountNo"]), str(line["PostingDate"])
    return Posting(number, amount - of_vat, day, str(vat["Code"]), of_vat, customer, more)


def found(office: Office, client: str, kind: str, noun: str, key: object) -> Record:
    """Return a record a voucher refers to by Id; one that is out of use is refused as U11 says."""
    row = office.state.rows(client, kind).get(str(key))
    retired = row is not None and (row.get("IsArchived") or row.get("IsActive") is False)
    if row is None or (retired and office.switches["U11"] == "b"):
        raise problem(404, TITLE, f"{noun} with id = {key} not found.")
    if retired:
        raise _invalid(f"{noun} with id = {key} is not active.")
    return row


def refuse_currency(posted: Mapping[str, Any]) -> None:
    """Refuse another currency than kroner, which is all this restaurant has."""
    if posted["CurrencyCode"] not in (None, "NOK"):
        raise problem(404, TITLE, f"Currency with code = '{posted['CurrencyCode']}' not found.")


def _account(office: Office, client: str, key: int) -> tuple[Record, Record | None]:
    """Return the account of an Id, and the customer when it is one on the customer ledger (FACTS 5)."""
    accounts, customers = (office.state.rows(client, kind) for kind in ("account", "customer"))
    if str(key) not in accounts:
        customer = next((row for row in customers.values() if row["SubledgerAccountId"] == key), None)
        if customer is not None:
            return next(row for row in accounts.values() if row["AccountNo"] == chart.RECEIVABLES), customer
    return found(office, client, "account", "Account", key), None


def _difference(office: Office, postings: Sequence[Posting]) -> list[Posting]:
    """Return what is posted so that an unbalanced voucher balances: nothing, unless it is accepted (U10)."""
    over = sum((each.amount + each.vat for each in postings), books.NOTHING)
    if over and office.switches["U10"] == "a":
        raise _invalid(f"The voucher is not in balance: the sum of the lines is {over}.")
    return [Posting(chart.DIFFERENCES, -over, postings[0].date)] if over else []


def _refuse_duplicate(office: Office, client: str, reference: str) -> None:
    """Refuse a reference that a voucher has which is not reversed, under each answer to U2."""
    rows = (row for kind in KINDS for row in office.state.rows(client, kind).values())
    used = next((row for row in rows if row["ExternalImportReference"] == reference and not row["IsReversed"]), None)
    if used is not None and office.switches["U2"] != "d":
        text = f"'{reference}' is used on voucher with Id = {used['Id']}."
        raise references.in_use(office.switches["U2"], TITLE, text)


def _require(posted: Mapping[str, Any], where: str, *names: str) -> None:
    for name in names:
        if posted[name] is None:
            raise _invalid(f"{where}{name} is required.")


def _invalid(detail: str) -> Exception:
    return problem(400, TITLE, detail)
