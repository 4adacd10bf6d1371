"""outbox list, show, retry, amend, discard, hide, backup: the queue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from posplugin.cli.context import open_app, texts_of
from posplugin.cli.days import read_period
from posplugin.cli.output import Exit, code_of, coloured, err, local, out, print_json, record_json, record_table, table
from posplugin.cli.settlement_tables import journal_json, journal_table, z_tables
from posplugin.domain.documents import RecordKind
from posplugin.domain.errors import UsageError
from posplugin.domain.money import kroner_text
from posplugin.office import ONE_BY_ONE, Filter, standing
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.texts import Texts

app = typer.Typer(help="The queue: every document on its way.", no_args_is_help=True)

Reference = Annotated[str, typer.Argument(help="The reference, as much of it as is unique, or the receipt number.")]
AsJson = Annotated[bool, typer.Option("--json", help="As data.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command("list")
def list_(
    context: typer.Context,
    status: Annotated[list[Status] | None, typer.Option(help="Only in this status; may be repeated.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="From this business date, 2026-11-20.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="To this business date, with it.")] = None,
    kind: Annotated[RecordKind | None, typer.Option(help="Only this kind of document.")] = None,
    customer: Annotated[int | None, typer.Option(help="Only this customer number.")] = None,
    text: Annotated[str | None, typer.Option("--search", help="Receipt, reference or customer name.")] = None,
    hidden: Annotated[bool, typer.Option("--hidden", help="Hidden ones too.")] = False,
    limit: Annotated[int, typer.Option(help="The most records to list.")] = 200,
    as_json: AsJson = False,
) -> None:
    """List records, newest first.

    Example: posplugin outbox list --status needs_attention
    """
    first_day, last_day = read_period(first, last)
    wanted = Filter(
        statuses=frozenset(status or []),
        kind=kind,
        first_day=first_day,
        last_day=last_day,
        customer=customer,
        text=text,
        hidden=hidden,
        limit=limit,
    )
    with open_app(context) as opened:
        records = opened.office().find(wanted)
        if as_json:
            print_json([record_json(record) for record in records])
        elif records:
            record_table(records, texts_of(opened))
        else:
            err.print("No records.")


@app.command()
def show(context: typer.Context, reference: Reference, as_json: AsJson = False) -> None:
    """Tell all about one record: what it is, what happened to it, what PowerOffice said, what to do."""
    with open_app(context) as opened:
        store, zone, texts = opened.outbox, opened.settings.terminal.timezone, texts_of(opened)
        record = store.by_reference(reference)
        events, attempts, steps = store.events(record), store.attempts(record), store.steps.of(record)
        if as_json:
            data: dict[str, Any] = {
                **record_json(record),
                "events": [{"at": e.at, "who": e.who, "was": e.was, "now": e.now, "why": e.why} for e in events],
                "steps": [{"step": row.step, "state": row.state, "detail": row.detail, "at": row.at} for row in steps],
                "attempts": [
                    {"at": a.at, "outcome": a.outcome, "status": a.status, "request": a.request, "answer": a.answer}
                    for a in attempts
                ],
            }
            if record.kind is RecordKind.SETTLEMENT:
                data["journals"] = [
                    {"reference": row.reference, "as_draft": row.as_draft, "at": row.at, **journal_json(row.journal)}
                    for row in store.settlements.journals(record)
                ]
            print_json(data)
            return
        record_table([record], texts)
        out.print(f"\nreference: {record.reference}", soft_wrap=True)
        if record.detail:
            out.print(f"\n{record.detail}", soft_wrap=True)
        out.print("")
        try:
            _document(record, texts)
        except ContentDamaged as error:
            err.print(coloured("red", str(error)))
        _journals(store, record, texts, zone)
        out.print("")
        table(
            ["when", "who", "became", "why"],
            [(local(e.at, zone), e.who, texts.status[e.now], e.why or "") for e in events],
        )
        if steps:
            out.print("")
            table(
                ["step", "state", "when", ""],
                [(str(row.step), str(row.state), local(row.at, zone), row.detail or "") for row in steps],
            )
        for attempt in attempts:
            out.print(f"\n{local(attempt.at, zone)} {attempt.outcome} {attempt.status or ''} ({attempt.took_ms} ms)")
            out.print(f"  sent:   {attempt.request or '–'}", soft_wrap=True)
            out.print(f"  answer: {attempt.answer or '–'}", soft_wrap=True)


def _document(record: Record, texts: Texts) -> None:
    if record.kind is RecordKind.SETTLEMENT:
        z_tables(record.settlement().z, texts)
        return
    table(
        ["line", "VAT %", "amount", "of which VAT"],
        [(str(x.kind), str(x.vat_rate), kroner_text(x.amount), kroner_text(x.vat)) for x in record.invoice().lines],
        right=["VAT %", "amount", "of which VAT"],
    )


def _journals(store: Outbox, record: Record, texts: Texts, zone: ZoneInfo) -> None:
    """Write what was posted of a settlement under each of its references, or was about to be."""
    for row in store.settlements.journals(record) if record.kind is RecordKind.SETTLEMENT else ():
        how = " (draft)" if row.as_draft else ""
        out.print("")
        out.print(coloured("bold", row.reference, f" {local(row.at, zone)}{how}"), soft_wrap=True)
        journal_table(row.journal, texts.settlement)


@app.command()
def retry(
    context: typer.Context,
    reference: Annotated[str | None, typer.Argument(help="A reference or receipt number; else --all.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that needs attention.")] = False,
) -> None:
    """Let what needs a person go on in the next run: sent again, made anew where it is gone, a step taken again.

    With --all, what only a person can decide about (was it sold at all? was it deleted on purpose?) is left out and
    listed. A settlement that was reversed is posted anew, under its next reference.
    """
    with open_app(context) as opened:
        if everything == (reference is not None):
            raise UsageError("name one record, or say --all")
        if reference is not None:
            found, left = [opened.outbox.by_reference(reference)], []
        else:
            waiting = opened.outbox.needing_a_person()
            found = [record for record in waiting if record.reason not in ONE_BY_ONE]
            left = [record for record in waiting if record.reason in ONE_BY_ONE]
        for record in found:
            again = opened.office().retry(record)
            err.print(f"{again.reference} goes on in the next run (or now: posplugin send).")
        if left:
            err.print(f"{len(left)} left for you to decide one by one, whether they are to be sent (again):")
            record_table(left, texts_of(opened))


@app.command()
def amend(
    context: typer.Context,
    reference: Reference,
    customer: Annotated[int | None, typer.Option(help="The right customer's number.")] = None,
    your_reference: Annotated[str | None, typer.Option(help="The buyer's reference; empty takes it away.")] = None,
    order_number: Annotated[str | None, typer.Option(help="The buyer's order number; empty takes it away.")] = None,
) -> None:
    """Correct customer or references of what is not delivered. Amounts are frozen; then use retry."""
    with open_app(context) as opened:
        record = opened.outbox.by_reference(reference)
        opened.office().amend(record, customer=customer, your_reference=your_reference, order_number=order_number)
        err.print(f"{code_of(record)} {opened.outbox.events(record)[-1].why}")


@app.command()
def discard(
    context: typer.Context,
    reference: Reference,
    how: Annotated[str | None, typer.Option("--how", help="How it was handled instead, for the accountant.")] = None,
    yes: Yes = False,
) -> None:
    """Let a record go for good: it is never sent (again). Asks how it was handled.

    Of what is delivered only what is the matter is let go: a step that failed (a receipt not attached) is dropped, and
    a change made in PowerOffice is accepted as it stands.
    """
    with open_app(context) as opened:
        record = opened.outbox.by_reference(reference)
        if how is None and not err.is_terminal:
            raise UsageError("say how it was handled: --how 'invoiced by hand, no. 1234'")
        told = how if how is not None else typer.prompt("How was it handled", err=True)
        if not yes:
            if not err.is_terminal:
                raise UsageError("say --yes: a discarded record is never sent")
            what = record.receipt if record.kind is RecordKind.SETTLEMENT else f"receipt {record.receipt}"
            typer.confirm(f"Discard {what}, {kroner_text(record.amount)}?", abort=True, err=True)
        now = opened.office().discard(record, told)
        err.print(f"{now.reference}: {standing(now, texts_of(opened))}.")


@app.command()
def hide(
    context: typer.Context,
    reference: Reference,
    undo: Annotated[bool, typer.Option("--undo", help="Show it again.")] = False,
) -> None:
    """Take a record out of the lists; nothing else changes."""
    with open_app(context) as opened:
        record = opened.office().hide(opened.outbox.by_reference(reference), hidden=not undo)
        err.print(f"{record.reference} {'shown' if undo else 'hidden'}.")


@app.command()
def sync(context: typer.Context) -> None:
    """Ask PowerOffice where everything delivered stands: sent, paid, gone, changed. The schedule does it nightly."""
    with open_app(context) as opened:
        followed, newest = opened.outbox.deliveries.count(), opened.outbox.newest_event()
        failures = opened.follow()
        news = opened.outbox.changed_since(newest)
        if news:
            record_table(news, texts_of(opened))
        if not failures:
            err.print(f"{followed} followed, {len(news)} with news.")
        if lost := [record for record in news if record.looks]:
            names = ", ".join(record.receipt for record in lost)
            err.print(f"Not found there: {names}. Looked for once more next time, before that is called gone.")
        for failure in failures:
            err.print(coloured("red", "PowerOffice:", f" {failure}"), soft_wrap=True)
        if failures:
            raise typer.Exit(Exit.FAILED)
        if opened.outbox.needing_a_person():
            raise typer.Exit(Exit.NEEDS_ATTENTION)


@app.command()
def backup(
    context: typer.Context, target: Annotated[Path, typer.Argument(help="A file that is not there yet.")]
) -> None:
    """Copy the outbox while it is in use. Never copy the file itself: its newest commits stand in another."""
    with open_app(context) as opened:
        if target.exists():
            raise UsageError(f"{target} is there already")
        opened.database.backup(target)
        err.print(f"Wrote {target}.")
