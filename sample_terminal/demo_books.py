"""The demo's day in the books: the settlement's voucher as it stands in PowerOffice, beside the Z of the till."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from posplugin.domain.money import kroner_text
from posplugin.domain.sale import CASH, LineKind
from posplugin.domain.zreport import ZReport

#: The accounts of the simulated restaurant, as its accountant would write them.
LEDGER: Final = """
[ledger]
gratuity = 2981
gift_card = 2901
rounding = 7745
cash_difference = 7746
tenders = { cash = 1900, card = 1580, mobile = 1580, gift_card = 2901 }
movements = { 11010 = 1920, 11011 = 1920 }
sales = [
  { article_group = "*", vat = 25, account = 3000, vat_code = "3" },
  { article_group = "*", vat = 15, account = 3001, vat_code = "31" },
  { article_group = "*", vat = 12, account = 3002, vat_code = "33" },
  { article_group = "*", vat = 0, account = 3003, vat_code = "5" },
]
"""
_CASH, _CARD, _BANK, _GIFT_CARD, _TIPS, _ROUNDING, _DIFFERENCE = 1900, 1580, 1920, 2901, 2981, 7745, 7746
_TENDERS: Final = {CASH: _CASH, "card": _CARD, "mobile": _CARD, "gift_card": _GIFT_CARD}
#: By VAT rate: the account of the sales, and that of their VAT.
_SALES: Final[Mapping[int, tuple[int, ...]]] = {25: (3000, 2700), 15: (3001, 2701), 12: (3002, 2702), 0: (3003,)}
_NAMES: Final = {
    _CASH: "Cash",
    _CARD: "Card and mobile",
    _BANK: "Bank",
    _GIFT_CARD: "Gift cards",
    _TIPS: "Tips to the staff",
    _ROUNDING: "Rounding of cash",
    _DIFFERENCE: "Cash difference",
    **{accounts[0]: f"Sales {rate} %" for rate, accounts in _SALES.items()},
    **{account: f"VAT {rate} %" for rate, accounts in _SALES.items() for account in accounts[1:]},
}


@dataclass(frozen=True, slots=True)
class Held:
    """One sum of the Z, and the same in the books; øre, debit positive."""

    name: str
    at_the_till: int
    in_poweroffice: int

    @property
    def equal(self) -> bool:
        """Whether they are the same to the øre."""
        return self.at_the_till == self.in_poweroffice


def show_books(reports: Sequence[ZReport], postings: Sequence[Mapping[str, Any]]) -> bool:
    """Print the vouchers of the settlements and the Z beside them; return whether each Z is there, once and equal.

    `postings` are the account transactions of PowerOffice, amounts in `Decimal` kroner.
    """
    ours = [row for row in postings if row["VoucherType"] == "CashJournal"]
    print(f"{'voucher':>8} {'account':>8} {'':<20} {'code':>5} {'debit':>12} {'credit':>12}")
    for row in ours:
        amount = _ore(row)
        sides = f"{kroner_text(amount):>12}" if amount > 0 else f"{'':>12} {kroner_text(-amount):>12}"
        name = _NAMES.get(row["AccountNo"], "?")
        print(f"{row['VoucherNo']:>8} {row['AccountNo']:>8} {name:<20} {row['VatCode']:>5} {sides}")
    debit, credit = (sum(max(0, sign * _ore(row)) for row in ours) for sign in (1, -1))
    print(f"{'sum':>8} {'':>8} {'':<20} {'':>5} {kroner_text(debit):>12} {kroner_text(credit):>12}")
    held = [one for one in _held(reports, ours) if one.at_the_till or one.in_poweroffice]
    print(f"\n{'':<30} {'at the till':>12} {'PowerOffice':>12}")
    for one in held:
        amounts = f"{kroner_text(one.at_the_till):>12} {kroner_text(one.in_poweroffice):>12}"
        print(f"{one.name:<30} {amounts} {'equal' if one.equal else 'DIFFERENT'}")
    _show_vat(reports, ours)
    vouchers = {row["VoucherNo"] for row in ours}
    equal = bool(reports) and len(vouchers) == len(reports) and debit == credit and all(one.equal for one in held)
    names = ", ".join(report.name for report in reports)
    if equal:
        print(f"\n{names} stands in PowerOffice (simulated), once: sum 0,00, every tender equal to the øre.")
    else:
        print(f"\nNOT EQUAL: {names or 'no Z'}, and {len(vouchers)} vouchers that sum to {kroner_text(debit - credit)}")
    return equal


def _held(reports: Sequence[ZReport], postings: Sequence[Mapping[str, Any]]) -> Iterator[Held]:
    """Hold every account against the Z: what was sold with its VAT, and cash as it was counted, without the float."""
    there: Counter[int] = Counter()
    for row in postings:
        there[row["AccountNo"]] += _ore(row)
    till: Counter[int] = Counter()
    for report in reports:
        _add(till, report)
    for account in (_CASH, _CARD, _GIFT_CARD, _BANK, _TIPS, _ROUNDING, _DIFFERENCE):
        yield Held(_NAMES[account], till.pop(account, 0), there.pop(account, 0))
    for rate, accounts in _SALES.items():
        yield Held(f"Sales {rate} % with VAT", till.pop(accounts[0], 0), sum(there.pop(one, 0) for one in accounts))
    for account in sorted({*till, *there}):
        yield Held(f"Account {account}", till[account], there[account])


def _add(till: Counter[int], report: ZReport) -> None:
    cash = report.cash
    for tender in cash.tenders:
        moved = sum(movement.amount for movement in report.movements if movement.channel == tender.channel)
        should_be = tender.expected + moved
        there = should_be if tender.counted is None else tender.counted
        till[_TENDERS[tender.channel]] += there
        till[_BANK] -= moved
        till[_DIFFERENCE] += should_be - there
    for group in cash.groups:
        account = _GIFT_CARD if group.kind is LineKind.GIFT_CARD else _SALES[group.vat_rate][0]
        till[account] -= group.amount
    till[_TIPS] -= cash.tips
    till[_ROUNDING] -= cash.rounding


def _show_vat(reports: Sequence[ZReport], postings: Sequence[Mapping[str, Any]]) -> None:
    """Print the till's VAT, a sum of rounded lines, beside that of the books, which is rounded once."""
    for rate, accounts in _SALES.items():
        printed = sum(group.vat for report in reports for group in report.cash.groups if group.vat_rate == rate)
        posted = -sum(_ore(row) for row in postings if row["AccountNo"] in accounts[1:])
        if printed or posted:
            print(f"{f'VAT {rate} %, each by its rounding':<30} {kroner_text(printed):>12} {kroner_text(posted):>12}")


def _ore(row: Mapping[str, Any]) -> int:
    return int(row["Amount"] * 100)
