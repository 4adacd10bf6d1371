"""A sale as the SAF-T transaction that this till exports."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from posplugin.domain.money import vat_in
from posplugin.domain.sale import INVOICE, Sale, SaleLine
from posplugin.saft.entries import Extra, Line, Payment, Transaction, Vat
from sample_terminal.saft_report import PAYMENT_IDS
from sample_terminal.saft_xml import VAT_CODES


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What stands on a transaction beside the sale. `ref_id` names the transaction that it returns or voids."""

    customer: str | None = None
    text: str | None = None
    ref_id: str | None = None
    training: bool = False
    void: bool = False


NO_PAPER = Paper()


def exported(sale: Sale, register_id: str, nr: str, paper: Paper = NO_PAPER) -> Transaction:
    """Return the transaction: returns negative and marked D, tips within the payments and as a raise."""
    tip = sum(tender.tip for tender in sale.tenders)
    return Transaction(
        register_id=register_id,
        nr=nr,
        trans_id=f"T{nr}",
        kind=transaction_type(sale),
        amount=sale.total,
        debit=sale.total < 0,
        at=sale.at.replace(tzinfo=None),
        customer=paper.customer,
        ref_id=paper.ref_id,
        text=paper.text,
        lines=tuple(exported_line(line) for line in sale.lines),
        vats=_vats(sale),
        raises=(Extra("TIPS", tip),) if tip else (),
        rounding=sale.cash_rounding,
        payments=tuple(
            Payment(kind=PAYMENT_IDS[tender.channel], amount=tender.amount + tender.tip, currency="NOK")
            for tender in sale.tenders
        ),
        void=paper.void,
        training=paper.training,
    )


def transaction_type(sale: Sale) -> str:
    """Return this till's local transaction type of a sale."""
    channels = {tender.channel for tender in sale.tenders}
    if INVOICE not in channels:
        return "VARERETUR" if sale.total < 0 else "KONTANTSALG"
    if sale.total < 0:
        return "KREDITTRETUR"
    return "KREDITTSALG" if channels == {INVOICE} else "DELTSALG"


def exported_line(line: SaleLine) -> Line:
    """Return a line as exported."""
    return Line(
        line_type="RETUR" if line.amount < 0 else "SALG",
        amount=line.amount,
        debit=line.amount < 0,
        article_group=line.article_group,
        article_id=line.article_id,
        quantity=line.quantity,
        text=line.description,
        vat=vat(line.vat_rate, vat_in(line.amount, line.vat_rate)),
    )


def vat(rate: int, amount: int) -> Vat:
    """Return VAT under this till's local code."""
    return Vat(amount=amount, code=VAT_CODES[rate][0], percent=Decimal(rate))


def _vats(sale: Sale) -> tuple[Vat, ...]:
    rates = sorted({line.vat_rate for line in sale.lines})
    return tuple(
        vat(rate, sum(vat_in(line.amount, rate) for line in sale.lines if line.vat_rate == rate)) for rate in rates
    )
