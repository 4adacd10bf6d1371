"""Writes a busy till's year as a SAF-T file, as long as is asked: what reading one is measured by.

    python -m tests.benchmarks.saft_year FILE --megabytes 500

One register, one Z a night at 02:30, in both nights of daylight saving too. Receipts are drawn, the same each time,
from a pool of every kind: cash, debit and credit card, tips, discounts, gift cards, splits, on account, returns,
voids, training, money put in and taken out. A night's report agrees with its receipts.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from posplugin.domain.zreport import CashSales, GroupTotal, TenderTotal
from posplugin.saft.entries import Event, Extra, Transaction
from posplugin.saft.moments import OSLO
from sample_terminal.evening import sale_of
from sample_terminal.figures import Count, ReportFigures
from sample_terminal.saft_export import Paper, exported
from sample_terminal.saft_xml import Document, RegisterLog, to_xml
from sample_terminal.zday import cash_sales

REGISTER: Final = "BAR-1"
YEAR: Final = 2026
_NOON: Final = datetime(YEAR, 1, 2, 12)  # noqa: DTZ001  # a file's times are local and naive
_CUSTOMERS: Final = {"10002": "Bergen Havnelag AS"}
_OPENS, _Z_AT = time(11), time(2, 30)
_VOIDED: Final = "voided"

#: Order, payment, and how often it comes.
_SOLD: Final = (
    ("2 kaffe, 1 skolebolle", "card", 30),
    ("1 burger, 1 pils", "card", 30),
    ("2 pizza*, 1 brus*", "mobile", 15),
    ("2 lam, 2 vin, 1 tilslørt", "card+50", 12),
    ("1 suppe", "cash", 15),
    ("3 pils, 1 farris", "cash", 12),
    ("4 meny, 2 flaske, 4 kaffe", "credit", 10),
    ("1 rom", "credit", 3),
    ("1 gavekort", "card", 2),
    ("2 burger, 2 ipa", "gift_card 300, card", 3),
    ("2 torsk, 1 flaske", "invoice", 5),
    ("6 lam, 6 vin, 2 suppe*", "invoice 1500, card+100", 3),
    ("-1 brus", "cash", 2),
    ("-1 vin", "card", 2),
)


@dataclass(frozen=True, slots=True)
class Slip:
    """A receipt to be printed many times: its text, and what it adds to the day."""

    name: str
    text: str
    weight: int
    cash: CashSales = CashSales()  # noqa: RUF009  # frozen
    on_account: int = 0
    amount: int = 0


def write_year(path: Path, megabytes: int) -> int:
    """Write the file, of about so many million bytes; return how many transactions it has."""
    slips = _slips()
    nights = _nights()
    average = sum(len(slip.text) * slip.weight for slip in slips) / sum(slip.weight for slip in slips)
    receipts = max(12, int(megabytes * 1_000_000 / len(nights) / (average + len(_EVENT))))
    return _write(path, nights, receipts, slips)


def write_night(path: Path, receipts: int) -> int:
    """Write a file of one Z that closes so many transactions; return how many."""
    return _write(path, _nights()[:1], receipts, _slips())


def _write(path: Path, nights: Sequence[Night], receipts: int, pool: Sequence[Slip]) -> int:
    slips = {slip.name: slip for slip in pool}
    before, after = _frame()
    written = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(before)
        for number, night in enumerate(nights, start=1):
            file.writelines(_events(night, number, _planned(night, receipts, slips), slips))
        for number, night in enumerate(nights, start=1):
            planned = _planned(night, receipts, slips)
            file.writelines(_transactions(night, number, planned, slips))
            written += len(planned)
        file.write(after)
    return written


@dataclass(frozen=True, slots=True)
class Night:
    """A business day, from opening to its Z."""

    day: date
    opens: datetime
    closes: datetime


def _nights() -> list[Night]:
    days = [date(YEAR, 1, 1) + timedelta(days=count) for count in range(365)]
    return [Night(day, _instant(day, _OPENS), _instant(day + timedelta(days=1), _Z_AT)) for day in days]


def _instant(day: date, clock: time) -> datetime:
    """Return a wall clock as UTC; the second of two in autumn."""
    return datetime.combine(day, clock, OSLO).replace(fold=1).astimezone(UTC)


def _planned(night: Night, receipts: int, slips: dict[str, Slip]) -> list[str]:
    """Return the names of a night's slips, in order: a float first, a sale before what returns or voids it."""
    drawn = random.Random(night.day.toordinal())
    sold = [slip for slip in slips.values() if slip.weight]
    names = [slip.name for slip in drawn.choices(sold, [slip.weight for slip in sold], k=receipts - 7)]
    middle = len(names) // 2
    names[middle:middle] = ["training", "11011", "11010"]
    names[middle // 2 : middle // 2] = [_VOIDED, "void"]
    return ["11007", *names, "11008"]


def _clocks(night: Night, count: int) -> Iterator[datetime]:
    """Give the local times of a night's receipts, the last in the very second of its Z."""
    length = (night.closes - night.opens) / (count - 1)
    for place in range(count):
        yield (night.opens + length * place).astimezone(OSLO)


def _transactions(night: Night, number: int, planned: Sequence[str], slips: dict[str, Slip]) -> Iterator[str]:
    first = number * 100_000
    for place, (name, at) in enumerate(zip(planned, _clocks(night, len(planned)), strict=True)):
        nr = first + place
        yield slips[name].text % {
            "nr": nr,
            "ref": nr - 1,
            "day": at.strftime("%Y-%m-%d"),
            "at": at.strftime("%H:%M:%S"),
        }


_EVENT: Final = """\
				<event>
					<eventID>%(nr)s</eventID>
					<eventType>%(kind)s</eventType>
					<transID>T%(trans)s</transID>
					<eventDate>%(day)s</eventDate>
					<eventTime>%(at)s</eventTime>
				</event>
"""


def _events(night: Night, number: int, planned: Sequence[str], slips: dict[str, Slip]) -> Iterator[str]:
    first = number * 100_000
    for place, (name, at) in enumerate(zip(planned, _clocks(night, len(planned)), strict=True)):
        voids = name == "void"
        yield _EVENT % {
            "nr": first + place,
            "kind": "ANNULLERING" if voids else "KVITTERING",
            "trans": first + place - voids,
            "day": at.strftime("%Y-%m-%d"),
            "at": at.strftime("%H:%M:%S"),
        }
    at = night.closes.astimezone(OSLO).replace(tzinfo=None, microsecond=0)
    z = Event(register_id=REGISTER, event_id=f"Z{number}", kind="Z", at=at, report_id=str(number))
    log = RegisterLog(register_id=REGISTER, events=[z], reports={z.event_id: _figures(planned, slips)})
    yield _cut(to_xml(Document(day=night.day, registers=[log])).decode(), "event")[0]


def _figures(planned: Sequence[str], slips: dict[str, Slip]) -> ReportFigures:
    counted = [(slips[name], count) for name, count in Counter(planned).items() if name != _VOIDED]
    groups: Counter[tuple[str | None, object, int]] = Counter()
    vat: Counter[tuple[str | None, object, int]] = Counter()
    taken: Counter[str] = Counter()
    for slip, count in counted:
        for group in slip.cash.groups:
            groups[group.article_group, group.kind, group.vat_rate] += group.amount * count
            vat[group.article_group, group.kind, group.vat_rate] += group.vat * count
        for tender in slip.cash.tenders:
            taken[tender.channel] += tender.expected * count
    cash = CashSales(
        groups=tuple(
            GroupTotal(article_group=key[0], kind=key[1], vat_rate=key[2], amount=amount, vat=vat[key])  # type: ignore[arg-type]
            for key, amount in groups.items()
        ),
        tenders=tuple(TenderTotal(channel=channel, expected=amount) for channel, amount in taken.items()),
        tips=sum(slip.cash.tips * count for slip, count in counted),
        rounding=sum(slip.cash.rounding * count for slip, count in counted),
    )
    credit = [slip.on_account * count for slip, count in counted if slip.on_account]
    return ReportFigures(
        cash=cash, tips=Count(1, cash.tips), receipts=len(planned), credit_sales=Count(len(credit), sum(credit))
    )


def _slips() -> list[Slip]:
    made = [(f"{order} / {pay}", weight, *_sold(order, pay)) for order, pay, weight in _SOLD]
    voided = made[0][2]
    others: dict[str, Transaction] = {
        "discounted": _discounted(),
        _VOIDED: voided,
        "void": _void(voided),
        "training": replace(voided, training=True),
        "11007": _moved("11007", 200000),
        "11008": _moved("11008", -300),
        "11010": _moved("11010", -500000),
        "11011": _moved("11011", 100000),
    }
    texts = iter(_texts([*(one[2] for one in made), *others.values()]))
    slips = [
        Slip(name, next(texts), weight, cash, on_account, transaction.amount)
        for name, weight, transaction, cash, on_account in made
    ]
    for name in others:
        is_sold = name == "discounted"
        cash = cash_sales([sale_of("1 torsk", "card", "S", _NOON.replace(tzinfo=OSLO))]) if is_sold else CashSales()
        slips.append(Slip(name, next(texts), 8 if is_sold else 0, cash))
    return slips


def _sold(order: str, pay: str) -> tuple[Transaction, CashSales, int]:
    """Return a transaction, what was paid of it at the till, and what is on account."""
    is_credit_card = pay == "credit"
    sale = sale_of(order, "card" if is_credit_card else pay, "S", _NOON.replace(tzinfo=OSLO))
    on_account = sum(tender.amount for tender in sale.tenders if tender.channel == "invoice")
    cash = cash_sales([sale])
    one = exported(sale, REGISTER, "NR", Paper(customer="10002" if on_account else None))
    if is_credit_card:
        one = replace(one, payments=(replace(one.payments[0], kind="12003"),))
        cash = replace(cash, tenders=(replace(cash.tenders[0], channel="12003"),))
    return (replace(one, ref_id="REF") if sale.total < 0 else one), cash, on_account


def _discounted() -> Transaction:
    """Return a cod at its price, of which the lines tell 20 kroner more."""
    one = exported(sale_of("1 torsk", "card", "S", _NOON.replace(tzinfo=OSLO)), REGISTER, "NR")
    line = replace(one.lines[0], amount=one.lines[0].amount + 2000)
    return replace(one, lines=(line,), discounts=(Extra("RABATT", 2000),))


def _void(voided: Transaction) -> Transaction:
    lines = tuple(replace(line, amount=-line.amount, debit=True) for line in voided.lines)
    payments = tuple(replace(payment, amount=-payment.amount) for payment in voided.payments)
    return replace(voided, amount=-voided.amount, debit=True, lines=lines, payments=payments, void=True, ref_id="REF")


def _moved(code: str, amount: int) -> Transaction:
    return Transaction(
        register_id=REGISTER, nr="NR", trans_id="TNR", kind=code, amount=amount, debit=amount < 0, at=_NOON
    )


def _texts(transactions: Sequence[Transaction]) -> list[str]:
    """Return each transaction as text, with places for what differs from one time to the next."""
    log = RegisterLog(register_id=REGISTER, transactions=transactions)
    whole = to_xml(Document(day=_NOON.date(), registers=[log])).decode().replace("%", "%%")
    places = {"<nr>NR<": "<nr>%(nr)s<", ">TNR<": ">T%(nr)s<", ">REF<": ">%(ref)s<"}
    places |= {f">{_NOON.date()}<": ">%(day)s<", f">{_NOON.time()}<": ">%(at)s<"}
    texts = _cut(whole, "cashtransaction")
    for plain, place in places.items():
        texts = [text.replace(plain, place) for text in texts]
    return texts


def _cut(whole: str, element: str) -> list[str]:
    return re.findall(rf"\t*<{element}>.*?</{element}>\n", whole, re.DOTALL)


def _frame() -> tuple[str, str]:
    """Return what comes before the register's first event, and after its last transaction."""
    log = RegisterLog(register_id=REGISTER)
    whole = to_xml(Document(day=date(YEAR, 1, 1), registers=[log], customers=dict(_CUSTOMERS))).decode()
    before, mark, after = whole.partition("\t\t\t</cashregister>")
    return before, mark + after


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file and say what it holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--megabytes", type=int, default=500)
    options = parser.parse_args(arguments)
    written = write_year(options.file, options.megabytes)
    print(f"{options.file}: {options.file.stat().st_size / 1e6:.0f} MB, {written} transactions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
