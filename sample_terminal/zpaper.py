"""The Z report on paper: what the Cash Register Regulations (kassasystemforskrifta § 2-8-2 and § 2-8-3) want on it.

Left out is what this till cannot know, by the letters of § 2-8-2 (most from k on read off the order of the SAF-T
schema): h, the figures of each operator, since nobody logs in; t, price checks, which it has no way to make; and, of a
day that is played from a file, q, discounts, which lie within its prices, and s and u, corrections. Neither can it open
the drawer without a sale, nor print copies and provisional receipts, so m, n and o are 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from textwrap import wrap

from posplugin.domain.money import kroner_text, quantity_text
from posplugin.domain.sale import CASH, LineKind
from posplugin.domain.zreport import ZReport
from posplugin.saft.moments import OSLO
from sample_terminal.figures import Count, ReportFigures
from sample_terminal.house import BRYGGEKROA, House
from sample_terminal.menu import GROUPS, Group
from sample_terminal.receipts import CHANNELS, NOT_APPROVED, WIDTH, centred, row

_RULE = "-" * WIDTH


def z_paper(
    report: ZReport, figures: ReportFigures, house: House = BRYGGEKROA, groups: Mapping[str, Group] = GROUPS
) -> str:
    """Return the paper: `figures` are those of the same sales as the report, `groups` give their groups names."""
    marks = [mark.center(WIDTH).rstrip() for mark in NOT_APPROVED]
    lines = [
        *marks,
        "",
        *(line for text in (f"Z-RAPPORT nr {report.number}", *house.titles) for line in centred(text)),
        f"{report.closed_at.astimezone(OSLO):%d.%m.%Y %H:%M}",
        *wrap(f"Kasse {report.terminal_id}", WIDTH),
        f"Driftsdøgn {report.business_date:%d.%m.%Y}",
    ]
    for part in (
        _sales(report, figures, groups),
        _payments(report, figures),
        _vat(report),
        _papers(figures),
        _drawer(report, figures),
        _grand_totals(figures),
    ):
        lines += [_RULE, *part]
    return "\n".join([*lines, _RULE, *marks])


def _sales(report: ZReport, figures: ReportFigures, groups: Mapping[str, Group]) -> Iterator[str]:
    cash = report.cash
    gift_cards = sum(group.amount for group in cash.groups if group.kind is LineKind.GIFT_CARD)
    yield _amount("Kontantsalg", cash.sold)
    if gift_cards:
        yield _amount("  herav gavekort solgt", gift_cards)
    yield _heading("Varegruppe")
    amounts: dict[str | None, int] = {}
    for group in cash.groups:
        amounts[group.article_group] = amounts.get(group.article_group, 0) + group.amount
    for name, amount in amounts.items():
        label = "Uten varegruppe" if name is None else groups[name].name if name in groups else name
        yield _counted(label, quantity_text(figures.sold.get(name or "", Decimal(0))), amount)


def _payments(report: ZReport, figures: ReportFigures) -> Iterator[str]:
    yield _heading("Betalingsmiddel")
    for tender in report.paid_tenders:
        label = CHANNELS.get(tender.channel, tender.channel)
        yield _counted(label, str(figures.used.get(tender.channel, 0)), tender.expected)
    yield _count("Tips, i betalingene", figures.tips)
    yield _amount("Øreavrunding", report.cash.rounding)


def _vat(report: ZReport) -> Iterator[str]:
    """Yield a row per rate; a gift card that is sold is no turnover yet."""
    sold = [group for group in report.cash.groups if group.kind is not LineKind.GIFT_CARD]
    yield f"{'Mva':<8}{'grunnlag':>17}{'mva':>17}"
    for rate in sorted({group.vat_rate for group in sold}, reverse=True):
        vat = sum(group.vat for group in sold if group.vat_rate == rate)
        basis = sum(group.amount for group in sold if group.vat_rate == rate) - vat
        yield f"{f'{rate} %':<8}{kroner_text(basis):>17}{kroner_text(vat):>17}"


def _papers(figures: ReportFigures) -> Iterator[str]:
    yield _heading("Kvitteringer og annet")
    yield _number("Salgskvitteringer", figures.receipts)
    yield _count("Returkvitteringer", figures.returns)
    yield _count("Utleveringskvitteringer", figures.deliveries)
    yield _count("Kredittsalg, faktureres", figures.credit_sales)
    yield _count("Kredittsalg, krediteres", figures.credit_memos)
    if figures.log.discounts is not None:
        yield _count("Rabatter", figures.log.discounts)
    if figures.log.corrections is not None:
        yield _count("Linjekorreksjoner", figures.log.corrections)
    yield _count("Annulleringer", figures.log.voids)
    yield _count("Trening", figures.log.training)
    yield _number("Kvitteringskopier", 0)
    yield _number("Foreløpige kvitteringer", 0)
    yield _number("Skuffåpninger uten salg", 0)


def _drawer(report: ZReport, figures: ReportFigures) -> Iterator[str]:
    """Yield the way from the float to what lay in the drawer; counted is what was counted, the float with it."""
    cash = next((tender for tender in report.cash.tenders if tender.channel == CASH), None)
    taken, opening_float = cash.expected if cash else 0, figures.log.drawer.opening_float
    movements = [movement for movement in report.movements if movement.channel == CASH]
    there = opening_float + taken + sum(movement.amount for movement in movements)
    yield _amount("Vekselbeholdning", opening_float)
    yield _amount("Tatt imot kontant", taken)
    for movement in movements:
        how = "Satt inn" if movement.amount > 0 else "Tatt ut"
        yield _amount(f"{how} ({movement.kind})", movement.amount)
    yield _amount("Skal være i skuffen", there)
    if cash is None or cash.counted is None:
        yield row("Talt i skuffen", "ikke talt")
        return
    yield _amount("Talt i skuffen", opening_float + cash.counted)
    yield _amount("Kassedifferanse", opening_float + cash.counted - there)


def _grand_totals(figures: ReportFigures) -> Iterator[str]:
    yield _amount("Akkumulert salg", figures.grand.sales)
    yield _amount("Akkumulert retur", figures.grand.returns)
    yield _amount("Akkumulert netto", figures.grand.net)


def _amount(label: str, amount: int) -> str:
    return row(label, kroner_text(amount))


def _heading(label: str) -> str:
    return row(label, f"{'antall':>4} {'beløp':>11}")


def _number(label: str, number: int) -> str:
    return row(label, f"{number:>4} {'':>11}").rstrip()


def _counted(label: str, number: str, amount: int) -> str:
    return row(label, f"{number:>4} {kroner_text(amount):>11}")


def _count(label: str, count: Count) -> str:
    return _counted(label, str(count.number), count.amount)
