"""XML elements to entries: one function per element of the schema that we read."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from posplugin.domain.errors import UsageError
from posplugin.domain.money import parse_decimal, parse_kroner
from posplugin.saft.entries import Event, Extra, Line, Payment, Report, ReportVat, Transaction, Vat
from posplugin.saft.errors import SaftError

NAMESPACE = "urn:StandardAuditFile-Taxation-CashRegister:NO"

#: Amounts as nearly every till writes them, which are read without more ado.
_PLAIN: Final = re.compile(r"-?[0-9]{1,12}\.[0-9]{2}", re.ASCII)
#: Some tills write four decimals or more, of which only two say anything.
_MORE_ZEROS: Final = re.compile(r"(?<=\.[0-9]{2})0+$", re.ASCII)
_MOST: Final = 10**17
#: So many different lines, and VAT amounts, are remembered; a menu has some hundreds.
_REMEMBERED: Final = 2048
#: The most that is quoted of what cannot be read.
_QUOTED: Final = 60


@cache
def tag(name: str) -> str:
    """Return an element's full name."""
    return f"{{{NAMESPACE}}}{name}"


def text(element: Element, name: str) -> str | None:
    """Return what stands in a child, stripped, or None when it is absent or empty."""
    return (element.findtext(tag(name)) or "").strip() or None


def required(element: Element, name: str) -> str:
    """Return what stands in a child that the schema demands; raise `SaftError` without it."""
    found = text(element, name)
    if found is None:
        raise SaftError(f"<{element.tag.partition('}')[2]}> has no {name}; export the file from the till again")
    return found


def event(element: Element, register_id: str) -> Event:
    """Read <event>."""
    event_id = required(element, "eventID")
    report = element.find(tag("eventReport"))
    try:
        figures = None if report is None else _report(report)
    except SaftError as error:
        raise SaftError(f"The report of event {event_id} of register {register_id} cannot be read: {error}") from error
    return Event(
        register_id=register_id,
        event_id=event_id,
        kind=required(element, "eventType"),
        at=_moment(element, "eventDate", "eventTime"),
        trans_id=text(element, "transID"),
        report_id=None if report is None else text(report, "reportID"),
        report=figures,
    )


def _report(element: Element) -> Report:
    return Report(
        cash_sales=_ore_within(element, "reportTotalCashSales", "totalCashSaleAmnt"),
        payments=tuple(
            (required(row, "paymentType"), _ore_in(row, "paymentAmnt"))
            for rows in _all(element, "reportPayments")
            for row in _all(rows, "reportPayment")
        ),
        vats=tuple(
            ReportVat(
                percent=_decimal("vatPerc", required(row, "vatPerc")),
                sold=_ore_in(row, "cashSaleAmnt"),
                vat=_ore_in(row, "vatAmnt"),
                debit=text(row, "vatAmntTp") == "D",
            )
            for rows in _all(element, "reportCashSalesVat")
            for row in _all(rows, "reportCashSaleVat")
        ),
        tips=_ore_within(element, "reportTip", "tipAmnt"),
    )


def _ore_within(element: Element, name: str, amount: str) -> int | None:
    """Return an amount of a child; None where there is no such child."""
    child = element.find(tag(name))
    return None if child is None else _ore_in(child, amount)


def transaction(element: Element, register_id: str) -> Transaction:
    """Read <cashtransaction>; raise `SaftError` naming its nr when something in it is no amount, date or time."""
    nr = required(element, "nr")
    try:
        return _transaction(element, register_id, nr)
    except (SaftError, UsageError, ValueError) as error:
        raise SaftError(f"Transaction {nr} of register {register_id} cannot be read: {error}") from error


def _transaction(element: Element, register_id: str, nr: str) -> Transaction:
    book_date = text(element, "bookDate")
    rounding = element.find(tag("rounding"))
    return Transaction(
        register_id=register_id,
        nr=nr,
        trans_id=required(element, "transID"),
        kind=text(element, "transType"),
        amount=_ore_in(element, "transAmntIn"),
        debit=required(element, "amntTp") == "D",
        at=_moment(element, "transDate", "transTime"),
        book_date=None if book_date is None else date.fromisoformat(book_date[:10]),
        employee=text(element, "empID"),
        customer=text(element, "custSupID"),
        ref_id=text(element, "refID"),
        text=text(element, "desc"),
        lines=tuple(_line(line) for line in _all(element, "ctLine")),
        vats=tuple(_vat(vat) for vat in _all(element, "vat")),
        discounts=_extras(element, "discount", "dscTp", "dscAmnt"),
        raises=_extras(element, "raise", "raiseType", "raiseAmnt"),
        rounding=0 if rounding is None or text(rounding, "roundingAmnt") is None else _ore_in(rounding, "roundingAmnt"),
        payments=tuple(_payment(payment) for payment in _all(element, "payment")),
        void=_flag(element, "voidTransaction"),
        training=_flag(element, "trainingID"),
    )


class _Vat(NamedTuple):
    """VAT as it stands there."""

    amount: str
    code: str | None
    percent: str | None


class _Line(NamedTuple):
    """What is read of a line, as it stands there."""

    line_type: str
    amount: str
    sign: str
    article_group: str | None
    article_id: str | None
    quantity: str | None
    text: str | None
    vat: _Vat | None
    #: Type and amount of each.
    raises: tuple[tuple[str, str], ...]


def _line(element: Element) -> Line:
    vat = element.find(tag("vat"))
    return _line_of(
        _Line(
            required(element, "lineType"),
            required(element, "lineAmntIn"),
            required(element, "amntTp"),
            text(element, "artGroupID"),
            text(element, "artID"),
            text(element, "qnt"),
            text(element, "cashTransLineDescr"),
            None if vat is None else _written_vat(vat),
            tuple((required(child, "raiseType"), required(child, "raiseAmnt")) for child in _all(element, "raise")),
        )
    )


@lru_cache(_REMEMBERED)
def _line_of(line: _Line) -> Line:
    """Make a line of what stands there; a till sells the same things all day, so most have been made before."""
    return Line(
        line_type=line.line_type,
        amount=_ore("lineAmntIn", line.amount),
        debit=line.sign == "D",
        article_group=line.article_group,
        article_id=line.article_id,
        quantity=None if line.quantity is None else _decimal("qnt", line.quantity),
        text=line.text,
        vat=None if line.vat is None else _vat_of(line.vat),
        raises=tuple(Extra(kind, _ore("raiseAmnt", amount)) for kind, amount in line.raises),
    )


def _vat(element: Element) -> Vat:
    return _vat_of(_written_vat(element))


def _written_vat(element: Element) -> _Vat:
    return _Vat(required(element, "vatAmnt"), text(element, "vatCode"), text(element, "vatPerc"))


@lru_cache(_REMEMBERED)
def _vat_of(vat: _Vat) -> Vat:
    return Vat(
        amount=_ore("vatAmnt", vat.amount),
        code=vat.code,
        percent=None if vat.percent is None else _decimal("vatPerc", vat.percent),
    )


def _payment(element: Element) -> Payment:
    return Payment(
        kind=required(element, "paymentType"),
        amount=_ore_in(element, "paidAmnt"),
        currency=text(element, "curCode"),
    )


def _extras(element: Element, name: str, kind: str, amount: str) -> tuple[Extra, ...]:
    return tuple(Extra(required(child, kind), _ore_in(child, amount)) for child in _all(element, name))


def _all(element: Element, name: str) -> list[Element]:
    return element.findall(tag(name))


def _ore_in(element: Element, name: str) -> int:
    return _ore(name, required(element, name))


def _ore(name: str, written: str) -> int:
    if _PLAIN.fullmatch(written):
        return int(written[:-3] + written[-2:])
    try:
        ore = parse_kroner(_MORE_ZEROS.sub("", written))
    except UsageError as error:
        raise SaftError(f"{name}: {error}") from error
    if abs(ore) > _MOST:
        raise SaftError(f"{name} is {written}, which is more than any till takes")
    return ore


def _decimal(name: str, value: str) -> Decimal:
    try:
        return parse_decimal(value)
    except ValueError as error:
        raise SaftError(f"{name} is {value[:_QUOTED]!r}, which is no number") from error


def _flag(element: Element, name: str) -> bool:
    return text(element, name) in ("true", "1")


def _moment(element: Element, day: str, clock: str) -> datetime:
    on, at = required(element, day), required(element, clock)
    try:
        return datetime.combine(date.fromisoformat(on[:10]), time.fromisoformat(at))
    except ValueError as error:
        raise SaftError(f"{day} {on} and {clock} {at} are no date and time") from error
