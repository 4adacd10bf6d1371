"""`outbox show`: one record's whole story."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from posplugin.cli.output import coloured, local, say, table, tell
from posplugin.cli.records import record_json, record_table
from posplugin.cli.settlement_tables import journal_json, journal_table, z_tables
from posplugin.cli.speech import language, words
from posplugin.domain.documents import RecordKind
from posplugin.domain.money import kroner_text
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.record import Record
from posplugin.outbox.steps import StepRow
from posplugin.outbox.store import Outbox
from posplugin.texts import Texts, history


def as_data(store: Outbox, record: Record) -> dict[str, Any]:
    """Return a record with its events, steps, tries at PowerOffice and, of a settlement, what was posted."""
    data: dict[str, Any] = {
        **record_json(record),
        "events": [
            {"at": e.at, "who": e.who, "was": e.was, "now": e.now, "reason": e.reason, "why": e.why}
            for e in store.events(record)
        ],
        "steps": [
            {"step": row.step, "state": row.state, "detail": row.detail, "at": row.at} for row in store.steps.of(record)
        ],
        "attempts": [
            {
                "at": a.at,
                "took_ms": a.took_ms,
                "outcome": a.outcome,
                "status": a.status,
                "request": a.request or None,
                "answer": a.answer,
            }
            for a in store.attempts(record)
        ],
    }
    if record.kind is RecordKind.SETTLEMENT:
        data["journals"] = [
            {"reference": row.reference, "as_draft": row.as_draft, "at": row.at, **journal_json(row.journal)}
            for row in store.settlements.journals(record)
        ]
    return data


def tell_all(store: Outbox, record: Record, zone: ZoneInfo, texts: Texts) -> None:
    """Write it for people: where it stands, the document, its history, its steps, its tries."""
    said, spoken = words().record, language()
    record_table([record], texts)
    tell(f"\n{said.reference} {record.reference}")
    if record.detail:
        tell("\n" + history.why(record.detail, spoken))
    tell()
    try:
        _document(record, texts)
    except ContentDamaged as error:
        say(coloured("red", str(error)))
    _journals(store, record, texts, zone)
    tell()
    table(
        [said.when, said.who, said.became, said.why],
        [
            (local(e.at, zone), history.who(e.who, spoken), said.short[e.now], history.why(e.why, spoken))
            for e in store.events(record)
        ],
    )
    if steps := store.steps.of(record):
        tell()
        table([said.step, said.state, said.when, ""], [_step(row, zone) for row in steps])
    for attempt in store.attempts(record):
        outcome = said.outcomes.get(attempt.outcome, attempt.outcome)
        status = f" {attempt.status}" if attempt.status else ""
        tell(f"\n{local(attempt.at, zone)} {outcome}{status} {said.took.format(ms=attempt.took_ms)}")
        tell_body(said.sent, attempt.request, indent=2)
        tell(f"{said.answer} {history.why(attempt.answer, spoken) or '–'}", indent=2)


def tell_body(title: str, request: str | None, *, indent: int = 0) -> None:
    """Write what was or will be sent: JSON with a line for each member, whole; anything else as it is."""
    try:
        told = json.dumps(json.loads(request or ""), ensure_ascii=False, indent=2)
    except ValueError:
        tell(f"{title} {request or '–'}", indent=indent)
        return
    tell(title, indent=indent)
    for line in told.splitlines():
        content = line.lstrip(" ")
        tell(content, indent=indent + 2 + len(line) - len(content))


def _step(row: StepRow, zone: ZoneInfo) -> tuple[str, ...]:
    said = words().record
    detail = history.why(row.detail, language())
    return said.steps[row.step], said.step_states[row.state], local(row.at, zone), detail


def _document(record: Record, texts: Texts) -> None:
    if record.kind is RecordKind.SETTLEMENT:
        z_tables(record.settlement().z, texts)
        return
    said, invoice = words().record, record.invoice()
    if record.customer_number is not None:
        tell(
            f"{words().queue.fields['customer_number']}: {record.customer_number} {record.customer_name or ''}".rstrip()
        )
    for field, label in texts.field.items():
        if told := getattr(invoice, field):
            tell(f"{label[0].lower()}{label[1:]}: {told}")
    tell()
    table(
        [said.line, said.vat_percent, said.amount, said.of_which_vat],
        [
            (said.kind[line.kind], str(line.vat_rate), kroner_text(line.amount), kroner_text(line.vat))
            for line in invoice.lines
        ],
        right=[said.vat_percent, said.amount, said.of_which_vat],
    )


def _journals(store: Outbox, record: Record, texts: Texts, zone: ZoneInfo) -> None:
    """Write what was posted of a settlement under each of its references, or was about to be."""
    for row in store.settlements.journals(record) if record.kind is RecordKind.SETTLEMENT else ():
        how = f" {words().record.draft}" if row.as_draft else ""
        tell()
        tell(coloured("bold", row.reference, f" {local(row.at, zone)}{how}"))
        journal_table(row.journal.lines, texts.settlement)
