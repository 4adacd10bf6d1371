"""What the books say: trial balance, VAT return, and who owes what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple, TypeVar

from . import chart
from .books import NOTHING
from .office import Office
from .state import Record

_Key = TypeVar("_Key", int, str)


class Reported(NamedTuple):
    """What the VAT return says of one VAT code; turnover is positive."""

    base: Decimal
    vat: Decimal


def trial_balance(office: Office, client: str) -> dict[int, Decimal]:
    """Return the balance of every account that was posted on, debit positive; their sum is nothing."""
    return _sums((row["AccountNo"], row["Amount"]) for row in _transactions(office, client))


def vat_return(office: Office, client: str) -> dict[str, Reported]:
    """Return base and VAT of every code that is reported and was posted with."""
    rows = [row for row in _transactions(office, client) if row["VatCode"] not in chart.UNREPORTED]
    base = _sums((row["VatCode"], -row["Amount"]) for row in rows)
    vat = _sums((row["VatCode"], -row["VatAmount"]) for row in rows)
    return {code: Reported(base[code], vat[code]) for code in base}


def customer_ledger(office: Office, client: str) -> dict[int, Decimal]:
    """Return what each customer owes, by customer number, for those who have been posted on."""
    rows = (row for row in _transactions(office, client) if row["CustomerAccountNo"] is not None)
    return _sums((row["CustomerAccountNo"], row["Amount"]) for row in rows)


def open_items(entries: Iterable[Record], day: str) -> list[Record]:
    """Return the customer ledger's entries that were open at the end of a day, with their balance then.

    Of entries that are matched with each other the first carries what is left of them all.
    """
    groups: defaultdict[object, list[Record]] = defaultdict(list)
    for entry in entries:
        if str(entry["PostingDate"]) <= day:
            groups[("match", entry["MatchId"]) if entry["MatchId"] is not None else entry["Id"]].append(entry)
    left = ((group[0], sum((entry["Amount"] for entry in group), NOTHING)) for group in groups.values())
    return [{**first, "Balance": balance} for first, balance in left if balance]


def _transactions(office: Office, client: str) -> Iterable[Record]:
    return office.state.rows(client, "transaction").values()


def _sums(amounts: Iterable[tuple[_Key, Decimal]]) -> dict[_Key, Decimal]:
    sums: defaultdict[_Key, Decimal] = defaultdict(lambda: NOTHING)
    for key, amount in amounts:
        sums[key] += amount
    return dict(sorted(sums.items()))
