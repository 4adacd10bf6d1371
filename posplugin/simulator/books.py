"""The books: every amount that is posted, and the customer ledger beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import chart
from .answers import problem
from .members import LEDGER_ENTRY, TRANSACTION, record
from .office import Office
from .state import Record

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Posting:
    """An amount on an account, net of VAT; debit is positive.

    `vat` follows from the VAT `code` and has the sign of the amount; it is posted on the code's own
    account. `customer` is set where the account is the customer ledger.
    """

    account: int
    amount: Decimal
    date: str
    code: str = "0"
    vat: Decimal = NOTHING
    customer: Record | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Voucher:
    """What the postings of one voucher share: its Id, VoucherType and date, and what else Go knows of it.

    `entry` is what the voucher's line in the customer ledger says besides: InvoiceNo, MatchId and such.
    """

    id: str
    kind: str
    date: str
    more: Mapping[str, Any] = field(default_factory=dict)
    entry: Mapping[str, Any] = field(default_factory=dict)


def post(office: Office, client: str, voucher: Voucher, postings: Sequence[Posting]) -> int:
    """Post a voucher whose sum is nothing, inside `change`, and return its number."""
    return _post(office, client, voucher, [*postings, *_vat(postings)])


def post_opposite(office: Office, client: str, voucher: Voucher, rows: Sequence[Record]) -> int:
    """Post the opposite of all account transactions of another voucher, inside `change`."""
    customers = {row["Number"]: row for row in office.state.rows(client, "customer").values()}
    opposite = [
        Posting(
            int(row["AccountNo"]),
            -row["Amount"],
            str(row["PostingDate"]),
            str(row["VatCode"]),
            -row["VatAmount"],
            customers.get(row["CustomerAccountNo"]),
            {name: row[name] for name in ("Description", "DepartmentId", "DepartmentCode")},
        )
        for row in rows
    ]
    return _post(office, client, voucher, opposite)


def refuse_locked(office: Office, client: str, title: str, days: Iterable[str]) -> None:
    """Refuse to post on a day that is locked or before the client's books begin, as U11 says."""
    lock, conversion = (office.setting(f"{name} {client}", None) for name in ("lock date", "conversion date"))
    for day in days:
        if lock is not None and day <= str(lock):
            text = f"Posting date {day} is in a locked period: the lock date is {lock}."
        elif conversion is not None and day < str(conversion):
            text = f"Posting date {day} is before the conversion date {conversion}."
        else:
            continue
        if office.switches["U11"] == "b":
            raise problem(404, title, f"Accounting period of {day} not found.")
        raise problem(400, title, text)


def match(office: Office, client: str, voucher_id: str) -> int:
    """Return the MatchId of a voucher's entries in the customer ledger, which others are to be matched with."""
    state, now = office.state, office.clock.stamp()
    entries = state.matching(client, "entry", "VoucherId", voucher_id)
    matched = next((int(row["MatchId"]) for row in entries.values() if row["MatchId"] is not None), None)
    number = matched or state.number(client, "MatchId", 1)
    for key, row in entries.items():
        state.put(client, "entry", key, {**row, "MatchId": number, "LastChangedDateTimeOffset": now})
    return number


def of_voucher(office: Office, client: str, voucher_id: str) -> list[Record]:
    """Return the account transactions of a voucher."""
    return list(office.state.matching(client, "transaction", "VoucherId", voucher_id).values())


def _post(office: Office, client: str, voucher: Voucher, postings: Sequence[Posting]) -> int:
    assert sum(posting.amount for posting in postings) == 0, postings
    number = office.state.number(client, "VoucherNo", 1)
    for posting in postings:
        if posting.amount or posting.vat:
            _write(office, client, voucher, number, posting)
    return number


def _write(office: Office, client: str, voucher: Voucher, number: int, posting: Posting) -> None:
    state, now = office.state, office.clock.stamp()
    account = _find(office, client, "account", "AccountNo", posting.account)
    vat = _find(office, client, "vat", "Code", posting.code)
    key = state.number(client, "TransactionId", 476_000_001)
    shared = {
        "Id": key,
        "Amount": posting.amount,
        "CurrencyAmount": posting.amount,
        "CurrencyCode": "NOK",
        "PostingDate": posting.date,
        "VoucherId": voucher.id,
        "VoucherNo": number,
        "VoucherType": voucher.kind,
        "VoucherDate": voucher.date,
        "CreatedDateTimeOffset": now,
        "LastChangedDateTimeOffset": now,
    }
    customer = posting.customer or {}
    values = shared | {
        "AccountId": account["Id"],
        "AccountNo": account["AccountNo"],
        "VatId": vat["Id"],
        "VatCode": vat["Code"],
        "VatRate": vat["Rate"],
        "VatAmount": posting.vat,
        "ContactId": customer.get("Id"),
        "CustomerAccountNo": customer.get("Number"),
        "SubLedgerEntryId": key if customer else None,
        "IsReversed": False,
    }
    state.put(client, "transaction", str(key), record(TRANSACTION, {**values, **voucher.more, **posting.more}))
    office.wrote(client, "transaction", str(key))
    if not customer:
        return
    dimensions = {name: posting.more.get(name) for name in ("DepartmentId", "DepartmentCode")}
    entry = (
        shared
        | dimensions
        | {
            "CustomerId": customer["Id"],
            "CustomerAccountNo": customer["Number"],
            "CustomerExternalNo": customer["ExternalNumber"],
            "CustomerName": customer["Name"],
            "ExternalImportReference": voucher.more.get("ExternalImportReference"),
            "IsCreatedByCurrentIntegration": False,
            "IsWriteOff": False,
        }
    )
    state.put(client, "entry", str(key), record(LEDGER_ENTRY, {**entry, **voucher.entry}))
    office.wrote(client, "entry", str(key))


def _vat(postings: Iterable[Posting]) -> list[Posting]:
    """Return the postings on the VAT accounts: one for each code and day."""
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
    for posting in postings:
        if posting.vat:
            sums[posting.code, posting.date] += posting.vat
    return [
        Posting(chart.VAT_ACCOUNTS[code], amount, day, more={"Description": f"Mva, kode {code}"})
        for (code, day), amount in sums.items()
    ]


def _find(office: Office, client: str, kind: str, member: str, value: object) -> Record:
    found = next((row for row in office.state.rows(client, kind).values() if row[member] == value), None)
    if found is None:
        raise LookupError(f"There is no {kind} {value}: the simulator's file is from before it kept books. Begin anew.")
    return found
