"""Small SAF-T files, one for each rule of reading them: what tests play, and a measure for other tills' files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from posplugin.saft.entries import Event, Extra, Payment, Transaction, Vat
from posplugin.saft.moments import OSLO
from sample_terminal.evening import sale_of
from sample_terminal.saft_export import Paper, exported
from sample_terminal.saft_xml import Document, RegisterLog, to_xml

_NOON: Final = datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001  # a file's times are local and naive
_REGISTER: Final = "BAR-1"
_CUSTOMERS: Final = {"10002": "Bergen Havnelag AS"}


def sold(nr: int, order: str, pay: str, paper: Paper | None = None, at: datetime | None = None) -> Transaction:
    """Return a transaction at noon, or when given; a Faktura is 10002's unless the paper says otherwise."""
    if paper is None:
        paper = Paper(customer="10002") if "invoice" in pay else Paper()
    moment = at or _NOON + timedelta(minutes=nr)
    sale = sale_of(order, pay, f"{_REGISTER}-{nr}", moment.replace(tzinfo=OSLO))
    return exported(sale, _REGISTER, str(nr), paper)


def _file(*transactions: Transaction, events: tuple[Event, ...] = ()) -> Document:
    day = transactions[0].at.date()
    return _of(day, RegisterLog(register_id=_REGISTER, events=events, transactions=transactions))


def _of(day: date, *registers: RegisterLog) -> Document:
    return Document(day=day, registers=registers, customers=dict(_CUSTOMERS))


def _z(at: datetime, number: int = 1, register_id: str = _REGISTER) -> Event:
    return Event(register_id=register_id, event_id=f"Z{number}", kind="Z", at=at, report_id=str(number))


def _void(original: Transaction, nr: int, ref_id: str | None) -> Transaction:
    lines = tuple(replace(line, amount=-line.amount, debit=True) for line in original.lines)
    payments = tuple(replace(payment, amount=-payment.amount) for payment in original.payments)
    taken = replace(original, nr=str(nr), trans_id=f"T{nr}", ref_id=ref_id, void=True, lines=lines, payments=payments)
    return replace(taken, amount=-original.amount, debit=True, at=original.at + timedelta(minutes=1))


def _positive(one: Transaction) -> Transaction:
    """Return a return as some tills write it: positive, and marked D."""
    return replace(
        one,
        amount=abs(one.amount),
        lines=tuple(replace(line, amount=abs(line.amount)) for line in one.lines),
        payments=tuple(replace(payment, amount=abs(payment.amount)) for payment in one.payments),
    )


def _with_payment(one: Transaction, **changes: object) -> Transaction:
    return replace(one, payments=(replace(one.payments[0], **changes),))  # type: ignore[arg-type]


def _without_line_vat_code(one: Transaction, vat: Vat) -> Transaction:
    return replace(one, lines=(replace(one.lines[0], vat=vat), *one.lines[1:]))


def documents() -> Mapping[str, Document]:
    """Return every file by its name."""
    invoice = sold(1, "1 suppe, 1 skolebolle*", "invoice")
    card = sold(1, "1 suppe", "card")
    original = sold(1, "2 vin", "invoice")
    autumn = [datetime(2026, 10, 25, 2, minute) for minute in (20, 50, 10, 40)]  # noqa: DTZ001
    night = datetime(2026, 11, 21, 1, 50)  # noqa: DTZ001
    second = RegisterLog(
        register_id="BAR-2",
        events=[_z(_NOON + timedelta(hours=1), 2, "BAR-2")],
        transactions=[replace(card, register_id="BAR-2")],
    )
    return {
        "invoice_payment": _file(invoice),
        "credit_sale_without_payment": _file(replace(invoice, payments=())),
        "credit_sale_paid_in_part": _file(
            replace(sold(1, "2 torsk", "invoice 300, card"), payments=(Payment(kind="BANKKORT", amount=47800),))
        ),
        "cash_sale_on_account": _file(replace(invoice, kind="KONTANTSALG")),
        "credit_sale_paid_by_card": _file(replace(card, kind="KREDITTSALG")),
        "payment_of_open_invoice": _file(replace(card, kind="INNBETALING")),
        "opening_float": _file(replace(card, kind="VEKSEL", lines=(), payments=())),
        "unknown_type": _file(replace(card, kind="UKJENT")),
        "training": _file(replace(invoice, training=True), sold(2, "1 suppe", "card")),
        "void_pair": _file(invoice, _void(invoice, 2, "1"), sold(3, "1 suppe", "card")),
        "void_by_event": _file(
            card,
            _void(card, 2, None),
            events=(Event(register_id=_REGISTER, event_id="9", kind="ANNULLERING", trans_id=card.trans_id, at=_NOON),),
        ),
        "void_without_pair": _file(_void(invoice, 2, "77"), sold(3, "1 suppe", "card")),
        "void_of_another_amount": _file(sold(1, "1 suppe", "invoice"), _void(replace(card, amount=5000), 2, "1")),
        "return_marked_debit": _file(_positive(sold(1, "-1 vin", "card"))),
        "sale_marked_debit": _file(replace(card, debit=True)),
        "return_of_invoice": _file(
            original,
            sold(2, "-1 vin", "invoice", Paper(customer="10002", ref_id="1")),
            sold(3, "-1 vin", "invoice", Paper(customer="10002", ref_id="T1")),
        ),
        "return_of_an_earlier_file": _file(sold(2, "-1 vin", "invoice", Paper(customer="10002", ref_id="944"))),
        "return_without_original": _file(sold(2, "-1 vin", "invoice", Paper(customer="10002"))),
        "sale_and_return": _file(
            original,
            replace(
                sold(2, "2 vin, 1 suppe, -1 vin", "invoice", Paper(customer="10002", ref_id="1")), kind="KREDITTRETUR"
            ),
        ),
        "discount_on_the_whole": _file(_discounted(sold(1, "1 torsk, 1 suppe*, 1 kaffe", "card"), 10000)),
        "tip_within_payments": _file(sold(1, "1 torsk", "invoice 100, card+50")),
        "tip_beside_payments": _file(_with_payment(sold(1, "1 torsk", "card+50"), amount=38900)),
        "tip_in_neither_way": _file(_with_payment(sold(1, "1 torsk", "card+50"), amount=41000)),
        "tip_on_invoice_alone": _file(sold(1, "1 torsk", "invoice+50")),
        "tip_beside_what_is_left_on_account": _file(
            replace(sold(1, "1 torsk", "invoice 100, card+50"), payments=(Payment(kind="BANKKORT", amount=33900),))
        ),
        "rounding_of_cash": _file(sold(1, "1 kaffe", "cash")),
        "rounding_of_card": _file(replace(_with_payment(sold(1, "1 kaffe", "card"), amount=4000), rounding=10)),
        "sums_that_differ": _file(replace(card, amount=20000)),
        "payments_that_differ": _file(_with_payment(card, amount=18000)),
        "payment_in_euro": _file(_with_payment(card, currency="EUR")),
        "file_in_euro": replace(_file(card), currency="EUR"),
        "missing_customer": _file(sold(1, "1 suppe", "invoice", Paper())),
        "customer_of_letters": _file(sold(1, "1 suppe", "invoice", Paper(customer="K-17"))),
        "references": _file(
            sold(1, "1 suppe", "invoice", Paper(customer="10002", text="Bord 4\nDeres ref.: Kari\nOrder number: 47"))
        ),
        "vat_code_alone": _file(_without_line_vat_code(card, Vat(amount=3780, code="3"))),
        "vat_code_and_rate_that_differ": _file(
            _without_line_vat_code(card, Vat(amount=2465, code="3", percent=Decimal(15)))
        ),
        "rate_of_another_year": _file(_without_line_vat_code(card, Vat(amount=1718, percent=Decimal(10)))),
        "nr_twice": _file(card, replace(card, trans_id="T9")),
        "two_registers": _of(
            _NOON.date(),
            RegisterLog(register_id=_REGISTER, events=[_z(_NOON + timedelta(hours=1))], transactions=[card]),
            second,
        ),
        "z_at_half_past_two": _file(
            sold(1, "1 suppe", "card", at=night),
            sold(2, "1 suppe", "card", at=night.replace(hour=2, minute=30)),
            sold(3, "1 suppe", "card", at=night.replace(hour=2, minute=31)),
            events=(_z(night.replace(hour=2, minute=30)),),
        ),
        "hour_that_comes_twice": _file(*(sold(nr, "1 suppe", "card", at=at) for nr, at in enumerate(autumn, start=1))),
        "no_z": _file(
            sold(1, "1 suppe", "card", at=night),
            replace(sold(2, "1 suppe", "card", at=night), book_date=date(2026, 11, 18)),
        ),
    }


def _discounted(one: Transaction, discount: int) -> Transaction:
    whole = one.amount - discount
    return _with_payment(replace(one, amount=whole, vats=(), discounts=(Extra("RABATT", discount),)), amount=whole)


def write_rules(folder: Path) -> None:
    """Write every file into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents().items():
        (folder / f"{name}.xml").write_bytes(to_xml(document))
