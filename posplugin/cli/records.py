"""Records as tables for people and as data for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from posplugin.cli.output import coloured, err, out, say, table
from posplugin.cli.speech import language, words
from posplugin.domain.clock import from_text
from posplugin.domain.money import kroner_text
from posplugin.domain.payment import PaymentRef
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import code_in
from posplugin.texts import Texts, details
from posplugin.texts import texts as texts_in

#: Between two columns.
_GAP = 2
#: A receipt's number is broken before anything else is; up to this many signs it is whole, to be read and copied.
_SHORTEST_RECEIPT = 10
#: What stands to the right in the columns.
_RIGHT = (4,)

#: What `record_json` has, in this order.
FIELDS = (
    *("reference", "kind", "status", "reason", "detail", "payment", "department", "business_date", "receipt"),
    *("customer_number", "customer_name", "amount_ore", "tries", "not_before", "accounting_id", "accounting_number"),
    *("accounting_state", "invoice_number", "sent_at", "needs_a_person", "hidden", "created_at", "updated_at"),
)


def record_json(record: Record) -> dict[str, Any]:
    """Return a record as data: amounts in øre, times in UTC, None for what there is none of."""
    return {
        "reference": record.reference,
        "kind": record.kind,
        "status": record.status,
        "reason": record.reason,
        "detail": record.detail or None,
        "payment": str(PaymentRef(record.terminal_id, record.sale_id, record.tender_id)),
        "department": record.department,
        "business_date": record.business_date,
        "receipt": record.receipt,
        "customer_number": record.customer_number,
        "customer_name": record.customer_name,
        "amount_ore": record.amount,
        "tries": record.attempts,
        "not_before": from_text(record.not_before) if record.not_before else None,
        "accounting_id": record.accounting_id,
        "accounting_number": record.accounting_number,
        "accounting_state": record.accounting_state,
        "invoice_number": record.invoice_number,
        "sent_at": record.sent_at,
        "needs_a_person": record.needs_a_person,
        "hidden": record.hidden,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }


def code_of(record: Record) -> str:
    """Return what names a record in commands, short enough to type."""
    return code_in(record.reference)


def in_short(record: Record, texts: Texts) -> str:
    """Say where a record stands in a few words: "levert: sendt 10003"."""
    told = words().record.short[record.status]
    if record.status is not Status.DELIVERED or record.accounting_state is None:
        return told
    number = f" {record.invoice_number}" if record.invoice_number else ""
    return f"{told}: {texts.stage[record.accounting_state]}{number}"


def record_table(records: Sequence[Record], texts: Texts) -> None:
    """Write records for people, with the reason below each that needs one. The code names a record in commands.

    The number is PowerOffice's: of the order, or of a settlement's voucher.
    """
    said = words().record
    columns = [said.day, said.receipt, said.code, said.customer, said.amount, said.number, said.status]
    of_one_year = len({record.business_date.year for record in records}) < 2
    rows = [_row(record, texts, "%d.%m" if of_one_year else "%d.%m.%y") for record in records]
    if _narrowest(columns, rows) <= out.width:
        table(columns, rows, right=[said.amount], whole=[column for column in columns if column != said.receipt])
    else:
        _in_two_lines(columns, rows)
    for record in records:
        _why(record, texts)


def choices(records: Sequence[Record]) -> None:
    """Write to stderr what tells records apart that one word names: each has a code that names it alone."""
    said, kinds = words().record, texts_in(language()).console.queue.kind
    are_unique = len({code_of(record) for record in records}) == len(records)
    rows = [
        (
            code_of(record) if are_unique else record.reference,
            kinds[record.kind],
            f"{record.customer_number or ''} {record.customer_name or ''}".strip() or "–",
            kroner_text(record.amount),
            coloured(_colour(record), said.short[record.status]),
        )
        for record in records
    ]
    columns = [said.code, said.what, said.customer, said.amount, said.status]
    table(columns, rows, right=[said.amount], whole=[said.code, said.what, said.status], to=err)


def _row(record: Record, texts: Texts, day: str) -> tuple[str | Text, ...]:
    return (
        record.business_date.strftime(day),
        record.receipt,
        code_of(record),
        str(record.customer_number or "–"),
        kroner_text(record.amount),
        str(record.accounting_number or "–"),
        coloured(_colour(record), in_short(record, texts)),
    )


def _colour(record: Record) -> str:
    if record.needs_a_person:
        return "red"
    return {"delivered": "green", "discarded": "dim", "cancelled": "dim"}.get(record.status, "yellow")


def _narrowest(columns: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> int:
    """How wide the table is when only receipts are broken."""
    widths = _widths(columns, rows)
    widths[1] = min(widths[1], _SHORTEST_RECEIPT)
    return sum(widths) + _GAP * (len(widths) - 1)


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> list[int]:
    return [max(len(str(row[at])) for row in [columns, *rows]) for at in range(len(columns))]


def _in_two_lines(columns: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> None:
    """Where a screen is too narrow: below each record what it is called and where it stands."""
    above = [at for at in range(len(columns)) if at not in {1, 6}]
    widths = _widths(columns, rows)
    for row in [columns, *rows]:
        cells = [str(row[at]).rjust(widths[at]) if at in _RIGHT else str(row[at]).ljust(widths[at]) for at in above]
        say((" " * _GAP).join(cells).rstrip(), to=out)
        say(Text.assemble(row[1], " " * _GAP, row[6]), to=out, indent=_GAP)


def _why(record: Record, texts: Texts) -> None:
    if not (record.reason and record.needs_a_person):
        return
    why = texts.reason[record.reason]
    say(coloured("red", record.receipt, f" ({record.reason}): {why.sentence}"))
    if record.detail:
        say(details.in_words(record.detail, language()), indent=3)
    say(f"→ {why.remedy.replace('<reference>', code_of(record))}", indent=3)
