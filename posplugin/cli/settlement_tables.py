"""A Z report and its journal, as tables for people and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from posplugin.cli.output import coloured, prose, table
from posplugin.domain.money import kroner_text
from posplugin.domain.settlement import Journal, JournalLine
from posplugin.domain.zreport import GroupTotal, ZReport
from posplugin.texts import SettlementText, Texts

#: The VAT code of what is no turnover.
_NO_TURNOVER = "0"


def journal_table(lines: Sequence[JournalLine], words: SettlementText) -> None:
    """Write a journal: debit and credit, their sums, and the difference, red unless it is nothing.

    A line whose account is 0 has none in the settings.
    """
    debit, difference = sum(line.amount for line in lines if line.amount > 0), sum(line.amount for line in lines)
    summed = ("", "", words.total, kroner_text(debit), kroner_text(debit - difference))
    table(
        [words.account, words.vat_code, words.text, words.debit, words.credit],
        [*(_journal_row(line, words) for line in lines), tuple(coloured("bold", each) for each in summed)],
        right=[words.vat_code, words.debit, words.credit],
        whole=[words.account],
    )
    prose(coloured("red" if difference else "green", f"{words.left_over} {kroner_text(difference)}"))


def _journal_row(line: JournalLine, words: SettlementText) -> tuple[str | Text, ...]:
    sides = (kroner_text(line.amount), "") if line.amount > 0 else ("", kroner_text(-line.amount))
    name = ", ".join(line.names)
    if not line.account:
        return coloured("red", words.no_account), "–", name, *sides
    return str(line.account), line.vat_code or _NO_TURNOVER, name, *sides


def journal_json(journal: Journal) -> dict[str, Any]:
    """Return a journal as data: øre, debit positive."""
    return {
        "day": journal.day,
        "posting_date": journal.posting_date,
        "description": journal.description,
        "lines": [
            {
                "account": line.account,
                "vat_code": line.vat_code or _NO_TURNOVER,
                "vat_rate": line.vat_rate,
                "text": ", ".join(line.names),
                "amount_ore": line.amount,
                "till_vat_ore": line.vat,
            }
            for line in journal.lines
        ],
        "difference_ore": journal.difference,
    }


def unplaced_json(lines: Sequence[JournalLine]) -> list[dict[str, Any]]:
    """Return what has no account as data: øre, debit positive."""
    return [{"text": ", ".join(e.names), "vat_rate": e.vat_rate, "amount_ore": e.amount} for e in lines]


def z_tables(z: ZReport, texts: Texts) -> None:
    """Write what a Z holds, as the till told it."""
    words, paper, cash = texts.settlement, texts.paper, z.cash
    prose(coloured("bold", words.sales))
    if z.includes_invoiced:
        prose(words.figures_hold_invoiced)
    table(
        [words.group, paper.rate, paper.vat, paper.with_vat],
        [(_group(g, words), f"{g.vat_rate} %", kroner_text(g.vat), kroner_text(g.amount)) for g in cash.groups],
        right=[paper.rate, paper.vat, paper.with_vat],
    )
    for label, amount in ((words.tips, cash.tips), (words.rounding, cash.rounding)):
        if amount:
            prose(f"{label} {kroner_text(amount)}")
    if cash.tenders:
        prose()
        table(
            [words.tender, words.taken, words.counted],
            [
                (
                    *(words.channel_name(tender.channel), kroner_text(tender.expected)),
                    "" if tender.counted is None else kroner_text(tender.counted),
                )
                for tender in cash.tenders
            ],
            right=[words.taken, words.counted],
        )
    if z.movements:
        prose(f"\n{words.movements}")
        table(
            [words.movement, words.tender, paper.amount],
            [(m.kind, words.channel_name(m.channel), kroner_text(m.amount)) for m in z.movements],
            right=[paper.amount],
        )
    if z.invoiced:
        prose(f"\n{words.invoiced}: {len(z.invoiced)}")


def _group(group: GroupTotal, words: SettlementText) -> str:
    names = (words.kind.get(group.kind), group.article_group or group.saft_code)
    return ", ".join(name for name in names if name) or words.no_group
