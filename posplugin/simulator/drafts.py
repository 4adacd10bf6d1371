"""Journal entry vouchers: manual journals that wait until a person posts them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from . import books, references, vouchers
from .answers import not_found, problem
from .books import Posting, Voucher
from .members import DRAFT, DRAFT_ITEM, DRAFT_LINE, VOUCHER_LINE_POST, record
from .office import Office
from .state import Record

TITLE = "Journal entry voucher validation error(s)"
_LONGEST_COMMENT = 1000
_SHARED = ("DepartmentId", "ProjectId", "LocationId", "Dim1Id", "Dim2Id", "Dim3Id")


def create(office: Office, client: str, posted: dict[str, Any]) -> Record:
    """Keep a checked body as a draft and return it; nothing is posted, and hardly anything is checked."""
    for name in ("CurrencyCode", "VoucherDate"):
        if posted[name] is None:
            raise problem(400, TITLE, f"{name} is required.")
    if len(posted["Comment"] or "") > _LONGEST_COMMENT:
        raise problem(400, TITLE, f"Comment cannot be longer than {_LONGEST_COMMENT} characters.")
    lines = posted["ManualVoucherLines"] or []
    for part in (posted, *lines):
        references.refuse_empty_registers(part, TITLE)
        vouchers.refuse_currency(part)
    state, now, key = office.state, office.clock.stamp(), str(uuid.uuid4())
    stamps = {"CreatedDateTimeOffset": now, "LastChangedDateTimeOffset": now}
    with state.change():
        kept = [
            record(DRAFT_LINE, {**line, **stamps, "Id": state.number(client, "VoucherLineId", 1)}) for line in lines
        ]
        # The comment is for the history in Go and is never returned (FACTS 3).
        head = {name: value for name, value in posted.items() if name in DRAFT}
        row = record(DRAFT, {**head, "Id": key, "ManualVoucherLines": kept, "Pages": []})
        flags = dict.fromkeys(("IsPosted", "InApprovalWorkflow", "OriginatedFromEhf"), False)
        item = {**stamps, **flags, "Id": key, "VoucherType": "ManualJournal", "IsCreatedByCurrentIntegration": True}
        state.put(client, "draft", key, row)
        state.put(client, "draft item", key, record(DRAFT_ITEM, item))
    office.wrote(client, "draft", key)
    office.wrote(client, "draft item", key)
    return row


def add_page(office: Office, client: str, draft_id: str) -> None:
    """Add a page of documentation to a draft."""
    draft = _open(office, client, draft_id)
    state, now = office.state, office.clock.stamp()
    with state.change():
        page = {"Id": state.number(client, "VoucherPageId", 11001), "VoucherId": draft_id, "CreatedDateTimeOffset": now}
        state.put(client, "draft", draft_id, {**draft, "Pages": [*draft["Pages"], page]})
        _touch(office, client, draft_id)


def delete(office: Office, client: str, draft_id: str) -> None:
    """Delete a draft with its lines and pages."""
    _open(office, client, draft_id)
    with office.state.change():
        office.state.remove(client, "draft", draft_id)
        office.state.remove(client, "draft item", draft_id)


def post(office: Office, client: str, draft_id: str) -> int:
    """Post a draft as a person does, under its own Id, and return the VoucherNo; refuses what cannot be posted."""
    draft = _open(office, client, draft_id)
    postings = [each for line in draft["ManualVoucherLines"] for each in _sides(office, client, draft, line)]
    if not postings:
        raise problem(400, TITLE, "The voucher has no lines.")
    over = sum((each.amount + each.vat for each in postings), books.NOTHING)
    if over:
        raise problem(400, TITLE, f"The voucher is not in balance: the sum of the lines is {over}.")
    books.refuse_locked(office, client, TITLE, sorted({each.date for each in postings}))
    voucher = Voucher(draft_id, "ManualJournal", draft["VoucherDate"], {"VoucherDescription": draft["Description"]})
    with office.state.change():
        number = books.post(office, client, voucher, postings)
        _touch(office, client, draft_id, IsPosted=True)
    return number


def _sides(office: Office, client: str, draft: Record, line: Mapping[str, Any]) -> list[Posting]:
    """Return what a line debits and credits; what it leaves out it inherits from the voucher."""
    plain = {name: line.get(name) for name in VOUCHER_LINE_POST}
    plain |= {name: draft[name] for name in _SHARED if line[name] is None}
    plain["PostingDate"] = line["PostingDate"] or draft["VoucherDate"]
    postings = []
    for side, sign in (("Debit", 1), ("Credit", -1)):
        if line[f"{side}AccountId"] is not None:
            amount = sign * Decimal(line["CurrencyAmount"] or 0)
            named = {"AccountId": line[f"{side}AccountId"], "VatId": line[f"{side}VatId"]}
            postings.append(vouchers.posting(office, client, {**plain, **named, "CurrencyAmount": amount}))
    return postings


def _open(office: Office, client: str, draft_id: str) -> Record:
    """Return a draft that is not posted yet; refuses another."""
    draft = office.readable(client, "draft").get(draft_id)
    if draft is None:
        raise not_found("Voucher", "id", draft_id)
    if office.state.rows(client, "draft item")[draft_id]["IsPosted"]:
        text = f"Voucher with id = {draft_id} is already posted."
        raise problem(409, "Object conflict", text)
    return draft


def _touch(office: Office, client: str, draft_id: str, **changes: object) -> None:
    item = office.state.rows(client, "draft item")[draft_id]
    changed = {**item, **changes, "LastChangedDateTimeOffset": office.clock.stamp()}
    office.state.put(client, "draft item", draft_id, changed)
