"""A Z's own figures held against what its transactions come to.

The format leaves tills room, so every figure may be given in any of these ways, and one that agrees in none differs:

- total cash sales (totalCashSaleAmnt): returns taken off, as in the tax authority's example; with or without the
  gift cards sold, the cash rounding and the tips;
- payments: tips within or beside them, the same for all; cash as paid, or before it was rounded; what is on account
  may have a row or none;
- sales at a VAT rate (cashSaleAmnt): net as in the example, or with VAT; those without VAT, with or without gift
  cards, rounding and tips;
- VAT: rounded by line, by receipt or once a day, so within half an øre for each line;
- all of it without what is on account, as the law has it, or all of it with that.

Counts, article groups (which may be other than those of the lines), credit sales and grand totals are not compared.
The schema has no totals of a whole file: neither the header nor a location or register counts or sums its entries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from posplugin.domain.money import VAT_RATES, vat_in
from posplugin.domain.sale import CASH, INVOICE
from posplugin.saft import code_lists
from posplugin.saft.codes import Codes
from posplugin.saft.entries import Report, ReportVat
from posplugin.saft.errors import SaftError
from posplugin.saft.totals import RateSum, SaleSums, Totals


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a report, øre, and what the transactions come to."""

    what: str
    file: int
    ours: int
    agrees: bool


def compared(report: Report, totals: Totals, codes: Codes) -> tuple[Figure, ...]:
    """Return every figure that can be compared, in the way of telling them that leaves the fewest differences."""
    return _likeliest(
        [*_sales(report, sums, totals), *payments]
        for sums in (totals.paid, totals.whole)
        for payments in _payments(report, totals, codes)
    )


def _likeliest(ways: Iterable[list[Figure]]) -> tuple[Figure, ...]:
    return tuple(min(ways, key=lambda figures: sum(not figure.agrees for figure in figures)))


def _sales(report: Report, sums: SaleSums, totals: Totals) -> Iterator[Figure]:
    extras = _sums_of_any(-sums.gift_cards, totals.rounding, sums.tips)
    if report.cash_sales is not None:
        agrees = report.cash_sales - sums.sold in extras
        yield Figure("total cash sales", report.cash_sales, sums.sold, agrees)
    if report.tips is not None:
        yield Figure("tips", report.tips, sums.tips, report.tips == sums.tips)
    if not report.vats:
        return
    rows: dict[str, list[ReportVat]] = {str(rate): [] for rate in VAT_RATES}
    for row in report.vats:
        name = f"{row.percent.normalize():f}"
        rows.setdefault(name, []).append(row)
    for name, of_rate in rows.items():
        ours = sums.rates.get(int(name), RateSum()) if name.isdecimal() else RateSum()
        yield from _rate(name, of_rate, ours, extras if name == "0" else {0})


def _rate(name: str, rows: list[ReportVat], ours: RateSum, extras: set[int]) -> Iterator[Figure]:
    sold = sum(_signed(row.sold, row, ours.amount) for row in rows)
    vat = sum(_signed(row.vat, row, ours.vat) for row in rows)
    if not (sold or vat or ours.amount or ours.vat):
        return
    slack = (ours.lines + 1) // 2
    gross = [abs(told - ours.amount - extra) for told in (sold, sold + vat) for extra in extras]
    reckoned = vat_in(ours.amount, int(name)) if ours.lines else 0
    yield Figure(f"sales at {name} %", sold, ours.amount - ours.vat, min(gross) <= slack)
    yield Figure(f"VAT at {name} %", vat, ours.vat, vat == ours.vat or abs(vat - reckoned) <= slack)


def _signed(amount: int, row: ReportVat, ours: int) -> int:
    """Return an amount with its sign: on a day of returns alone it may be positive and marked D."""
    return -amount if row.debit and amount > 0 > ours else amount


def _payments(report: Report, totals: Totals, codes: Codes) -> Iterator[list[Figure]]:
    """Yield the payments with tips within them, and with tips beside them."""
    if not report.payments:
        yield []
        return
    told: Counter[str] = Counter()
    paid: Counter[str] = Counter()
    tips: Counter[str] = Counter()
    for local, amount in report.payments:
        told[_name(local, codes)] += amount
    for payment, amount in totals.payments.items():
        name = INVOICE if payment is None else _name(payment, codes)
        paid[name] += amount
        tips[name] += totals.payment_tips[payment]
    names = sorted({*told, *paid})
    for with_tips in (True, False):
        yield [
            Figure(f"payment {name}", told[name], ours, told[name] - ours in _also(name, totals.rounding, ours))
            for name in names
            for ours in [paid[name] + tips[name] * with_tips]
        ]


def _also(name: str, rounding: int, ours: int) -> set[int]:
    """Return by how much a row may differ: cash by its rounding, and what is on account by being left out."""
    return {CASH: {0, -rounding}, INVOICE: {0, -ours}}.get(name, {0})


def _name(local: str, codes: Codes) -> str:
    """Return what a payment is compared by: its channel where that is one payment, else its code, else its own id."""
    try:
        channel = codes.channel(local)
    except SaftError:
        return local
    if channel in (CASH, INVOICE):
        return channel
    code = codes.predefined(code_lists.PAYMENT, local)
    return code if code and not code.endswith("999") else local


def _sums_of_any(*amounts: int) -> set[int]:
    return {sum(some) for some in product(*((0, amount) for amount in amounts))}
