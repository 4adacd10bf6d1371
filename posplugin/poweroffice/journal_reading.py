"""PowerOffice's vouchers, drafts and account transactions → journals. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from posplugin.accounting_system import PostedJournal
from posplugin.domain.documents import REFERENCE_PREFIX
from posplugin.poweroffice.reading import NOT_UNDERSTOOD, identity, is_ours, moment, ore, text, whole

Row = Mapping[str, Any]
#: A reference of ours inside a text: installation, kind, sale, tender, generation.
_REFERENCE = re.compile(rf"\b{REFERENCE_PREFIX}[a-z0-9]+-[a-z]-[0-9a-f]{{16}}-[0-9a-f]{{8}}-\d+\b")


def reference_in(draft: Row) -> str | None:
    """Return the reference of ours that stands in a draft's description."""
    found = _REFERENCE.search(draft.get("Description") or "")
    return found.group() if found else None


def from_cash_journal(row: Row, numbers: Mapping[int, int]) -> PostedJournal:
    """Read a voucher that was posted; amounts as its lines have them, with VAT. `numbers` are accounts by id."""
    amounts: Counter[int] = Counter()
    for line in row.get("VoucherLines") or ():
        if line["AccountId"] in numbers:
            amounts[numbers[line["AccountId"]]] += ore(line["CurrencyAmount"])
    return PostedJournal(
        reference=text(row.get("ExternalImportReference")) or "",
        accounting_id=_id(row["Id"]),
        number=whole(row.get("VoucherNo")) or None,
        amounts=dict(amounts),
        is_reversed=bool(row.get("IsReversed")),
    )


def from_draft(row: Row, numbers: Mapping[int, int], *, is_posted: bool) -> PostedJournal:
    """Read a draft; amounts as its lines have them, with VAT. `numbers` are accounts by id."""
    amounts: Counter[int] = Counter()
    for line in row.get("ManualVoucherLines") or ():
        for side, sign in (("Debit", 1), ("Credit", -1)):
            if line.get(f"{side}AccountId") in numbers:
                amounts[numbers[line[f"{side}AccountId"]]] += sign * ore(line.get("CurrencyAmount") or 0)
    return PostedJournal(
        reference=reference_in(row) or "",
        accounting_id=_id(row["Id"]),
        number=None,
        amounts=dict(amounts),
        is_posted=is_posted,
    )


def readable_draft(row: Row, numbers: Mapping[int, int], *, is_posted: bool) -> PostedJournal:
    """Read a draft that persons may have edited; one that cannot be read has nothing on its accounts."""
    try:
        return from_draft(row, numbers, is_posted=is_posted)
    except NOT_UNDERSTOOD:
        return from_draft({**row, "ManualVoucherLines": None}, numbers, is_posted=is_posted)


def accounts_in(row: Row) -> set[int]:
    """Return the ids of the accounts that a voucher or draft is on."""
    lines = [*(row.get("VoucherLines") or ()), *(row.get("ManualVoucherLines") or ())]
    members = ("AccountId", "DebitAccountId", "CreditAccountId")
    return {line[member] for line in lines for member in members if line.get(member) is not None}


def oldest_line(row: Row) -> datetime | None:
    """Return when the first line of a draft was made; None without lines."""
    stamps = [moment(line.get("CreatedDateTimeOffset")) for line in row.get("ManualVoucherLines") or ()]
    return min((stamp for stamp in stamps if stamp), default=None)


def from_transactions(rows: Iterable[Row]) -> Sequence[PostedJournal]:
    """Return the vouchers with a reference of ours; others need not make sense to us. Amounts are without VAT."""
    vouchers: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if is_ours(row):
            vouchers[_id(row["VoucherId"])].append(row)
    return [_voucher(key, transactions) for key, transactions in vouchers.items()]


def _voucher(key: str, rows: Sequence[Row]) -> PostedJournal:
    """One voucher that cannot be read stops no other: it is there, and has nothing on its accounts as we know them."""
    amounts: Counter[int] = Counter()
    number = None
    try:
        number = whole(rows[0].get("VoucherNo")) or None
        for row in rows:
            amounts[int(row["AccountNo"])] += ore(row["Amount"])
    except NOT_UNDERSTOOD:
        amounts.clear()
    return PostedJournal(
        reference=str(rows[0]["ExternalImportReference"]),
        accounting_id=key,
        number=number,
        amounts=dict(amounts),
        is_reversed=any(bool(row.get("IsReversed")) for row in rows),
    )


def reversed_ids(rows: Iterable[Row]) -> frozenset[str]:
    """Return the ids of the vouchers that reversals are of."""
    return frozenset(_id(row["ReversedVoucherId"]) for row in rows if row.get("ReversedVoucherId"))


def _id(value: object) -> str:
    """Write a guid as everywhere: case means nothing in it."""
    return identity(value).lower()
