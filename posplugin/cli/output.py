"""How commands speak: tables and sentences for people, JSON for programs, and exit codes for monitoring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from posplugin.domain.money import kroner_text
from posplugin.domain.payment import PaymentRef
from posplugin.office import standing
from posplugin.outbox.record import Record
from posplugin.outbox.reference import CODE_AT
from posplugin.texts import Texts

#: Data.
out = Console(highlight=False, soft_wrap=False, markup=False)
#: Talk. Without markup: what people have written holds brackets of its own.
err = Console(stderr=True, highlight=False, markup=False)


class Exit(IntEnum):
    """What a command's exit code tells a monitoring agent."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NEEDS_ATTENTION = 3


def coloured(colour: str, text: str, rest: str = "") -> Text:
    """Return a text in a colour, and the rest without."""
    return Text.assemble((text, colour), rest)


def print_json(value: object) -> None:
    """Write one JSON document to stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def table(columns: Sequence[str], rows: Iterable[Sequence[str | Text]], *, right: Sequence[str] = ()) -> None:
    """Write a table to stdout; columns named in `right` are set to the right."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        grid.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*row)
    out.print(grid)


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Write a moment as the terminal's clock shows it."""
    return moment.astimezone(zone).strftime("%d.%m.%Y %H:%M:%S") if moment else "–"


def record_json(record: Record) -> dict[str, Any]:
    """Return a record as data: amounts in øre, times in UTC."""
    return {
        "reference": record.reference,
        "kind": record.kind,
        "status": record.status,
        "reason": record.reason,
        "detail": record.detail,
        "payment": str(PaymentRef(record.terminal_id, record.sale_id, record.tender_id)),
        "department": record.department,
        "business_date": record.business_date.isoformat(),
        "receipt": record.receipt,
        "customer_number": record.customer_number,
        "customer_name": record.customer_name,
        "amount_ore": record.amount,
        "attempts": record.attempts,
        "not_before": record.not_before or None,
        "accounting_id": record.accounting_id,
        "accounting_number": record.accounting_number,
        "accounting_state": record.accounting_state,
        "invoice_number": record.invoice_number,
        "sent_at": record.sent_at.isoformat() if record.sent_at else None,
        "needs_a_person": record.needs_a_person,
        "hidden": record.hidden,
        "created_at": record.created_at.isoformat(),
        "updated_at": record.updated_at.isoformat(),
    }


def _colour(record: Record) -> str:
    if record.needs_a_person:
        return "red"
    return {"delivered": "green", "discarded": "dim", "cancelled": "dim"}.get(record.status, "yellow")


def code_of(record: Record) -> str:
    """Return what names a record in commands, short enough to type."""
    return record.reference[CODE_AT : CODE_AT + 8]


def record_table(records: Sequence[Record], texts: Texts) -> None:
    """Write records for people, with the reason below each that needs one. The code names a record in commands.

    The number is PowerOffice's: of the order, or of a settlement's voucher.
    """
    table(
        ["day", "receipt", "code", "customer", "amount", "number", "status"],
        [
            (
                record.business_date.strftime("%d.%m"),
                record.receipt,
                code_of(record),
                str(record.customer_number or "–"),
                kroner_text(record.amount),
                str(record.accounting_number or "–"),
                coloured(_colour(record), standing(record, texts)),
            )
            for record in records
        ],
        right=["amount"],
    )
    for record in records:
        if record.reason and record.needs_a_person:
            why = texts.reason[record.reason]
            err.print(coloured("red", record.receipt, f" ({record.reason}): {why.sentence}"), soft_wrap=True)
            if record.detail:
                err.print(f"   {record.detail}", soft_wrap=True)
            err.print(f"   → {why.remedy.replace('<reference>', code_of(record))}", soft_wrap=True)
