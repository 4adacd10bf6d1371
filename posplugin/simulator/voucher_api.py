"""The endpoints of vouchers and journal entry vouchers."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from . import drafts, vouchers
from .answers import Answer, json_answer, not_found
from .call import Call, Endpoint, file_part

_PATHS = {"CashJournal": "CashVoucher_Full", "ManualJournal": "ManualVoucher_Full"}
_DRAFTS = "/v2/journalentryvouchers"
_DRAFT = f"{_DRAFTS}/<uuid:key>"
_READ, _WRITE = ("JournalEntryVoucher", "JournalEntryVoucher_Full"), ("JournalEntryVoucher_Full",)
# The first as the description says, the second as an integrator met it (FACTS 1).
_REVERSE = ("YearEndVoucher_Full", "ReverseVoucher_Full")


def _direct() -> Iterator[Endpoint]:
    """Yield the endpoints of the vouchers that are posted directly, which are alike."""
    for kind, role in _PATHS.items():

        def create(call: Call, kind: str = kind) -> Answer:
            posted = call.posted("VoucherPostDto", vouchers.TITLE)
            return json_answer(201, vouchers.create(call.office, call.client, kind, posted))

        def show(call: Call, key: UUID, kind: str = kind) -> Answer:
            row = call.office.readable(call.client, kind).get(str(key))
            if row is None:
                raise not_found("Voucher", "id", key)
            return json_answer(200, row)

        path = f"/v2/vouchers/{kind.lower()}s"
        yield Endpoint("POST", path, create, [role])
        yield Endpoint("GET", f"{path}/<uuid:key>", show, [role])


def _reverse(call: Call, key: UUID) -> Answer:
    vouchers.reverse(call.office, call.client, str(key))
    return Answer(200)


def _document(call: Call) -> Answer:
    part = file_part(vouchers.TITLE)
    vouchers.document(call.office, call.client, call.query.get("id", ""), part.name, part.content)
    return Answer(204)


def _create_draft(call: Call) -> Answer:
    posted = call.posted("ManualJournalEntryVoucherPostDto", drafts.TITLE)
    return json_answer(201, drafts.create(call.office, call.client, posted))


def _draft(call: Call, key: UUID) -> Answer:
    row = call.office.readable(call.client, "draft").get(str(key))
    if row is None:
        raise not_found("Voucher", "id", key)
    return json_answer(200, row)


def _delete_draft(call: Call, key: UUID) -> Answer:
    drafts.delete(call.office, call.client, str(key))
    return Answer(200)


def _add_page(call: Call, key: UUID) -> Answer:
    file_part(drafts.TITLE)
    drafts.add_page(call.office, call.client, str(key))
    return Answer(201)


ENDPOINTS = (
    *_direct(),
    Endpoint("POST", "/v2/vouchers/reverse/<uuid:key>", _reverse, _REVERSE),
    Endpoint("PUT", "/v2/voucherdocumentation", _document, ["VoucherDocumentation_Full"], ["id"]),
    Endpoint("POST", f"{_DRAFTS}/manualjournals", _create_draft, _WRITE),
    Endpoint("GET", f"{_DRAFTS}/manualjournals/<uuid:key>", _draft, _READ),
    Endpoint("DELETE", _DRAFT, _delete_draft, _WRITE),
    Endpoint("POST", f"{_DRAFT}/voucherpages", _add_page, _WRITE),
)
