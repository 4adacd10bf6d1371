"""send, service, status: the sender."""

from __future__ import annotations

import signal
import threading
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from posplugin.app import App
from posplugin.cli.context import open_app, texts_of
from posplugin.cli.days import read_period
from posplugin.cli.output import Exit, coloured, err, local, out, print_json, record_table
from posplugin.domain.documents import RecordKind
from posplugin.domain.errors import UsageError
from posplugin.domain.payment import Light
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.schedule import next_run
from posplugin.sender.lock import is_sending
from posplugin.sender.run import RunReport, Selection

#: How many records that need a person `status` lists.
_SHOWN = 5
#: How many Z reports are named at most.
_NAMED = 10


class Kind(StrEnum):
    """What `send --kind` takes."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    SETTLEMENT = "settlement"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(send)
    app.command()(service)
    app.command()(status)


def send(
    context: typer.Context,
    kind: Annotated[Kind | None, typer.Option(help="Only this kind of document.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="From this business date, 2026-11-20.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="To this business date, with it.")] = None,
    window: Annotated[int, typer.Option(help="Go on trying for so many minutes.")] = 0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent; send nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The run as data.")] = False,
) -> None:
    """Send what is due, once. The same as the schedule does. Exit 3 when records need attention.

    With --kind settlement and a period, --from and --to, the Z reports of these days that were kept while settlements
    were off are posted too.

    Example: posplugin send --dry-run

    Example: posplugin send --kind settlement --from 2026-11-01 --to 2026-11-30
    """
    begins, ends = read_period(first, last)
    selection = Selection(
        kinds=frozenset({RecordKind(kind)}) if kind else frozenset(RecordKind),
        first_day=begins or date.min,
        last_day=ends or date.max,
    )
    with open_app(context) as app:
        if kind is Kind.SETTLEMENT:
            _take_in_kept(app, begins, ends, dry_run=dry_run)
        newest = app.outbox.newest_event()
        if dry_run:
            _dry_run(app, selection, as_json=as_json)
            return
        columns = (TextColumn("Sending"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
            task = bar.add_task("send", total=None)
            report = app.send(
                "hand",
                window=timedelta(minutes=window),
                selection=selection,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
        _show(app, report, as_json=as_json)
        if not as_json:
            _tell_settlements(app, report, selection, newest)
    if report.stopped:
        raise typer.Exit(Exit.FAILED)
    if report.attention:
        raise typer.Exit(Exit.NEEDS_ATTENTION)


def _dry_run(app: App, selection: Selection, *, as_json: bool) -> None:
    due = [record for record in app.outbox.in_status(Status.PENDING) if selection.takes(record)]
    previews = app.office().preview(due)
    if as_json:
        print_json([{"reference": p.record.reference, "request": p.request, "problem": p.problem} for p in previews])
        return
    if due:
        record_table(due, texts_of(app))
    for preview in previews:
        out.print(f"\n{preview.record.receipt}: " + (preview.problem or preview.request or ""), soft_wrap=True)
    ready = sum(1 for preview in previews if preview.request)
    left = f", {len(previews) - ready} would not: see above" if ready < len(previews) else ""
    err.print(f"{ready} would be sent{left}. Nothing has been.")


def _show(app: App, report: RunReport, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "outcome": report.outcome,
                "delivered": report.delivered,
                "waiting": report.waiting,
                "attention": report.attention,
                "unfinished": report.unfinished,
                "steps": report.steps,
                "stopped": report.stopped,
            }
        )
        return
    moved = report.delivered or report.steps
    nothing = not (moved or report.waiting or report.attention or report.stopped or report.unfinished)
    if nothing:
        out.print("Nothing new to send.")
        return
    out.print(f"{report.delivered} delivered, {report.waiting} waiting, {report.attention} need attention.")
    if report.steps:
        out.print(f"{report.steps} steps after it done: PDFs attached, drafts confirmed, invoices sent.")
    if report.unfinished:
        err.print(f"{report.unfinished} of what is delivered has a step to do still; the next run goes on with it.")
    for words in report.stopped:
        err.print(coloured("red", "Stopped:", f" {words}"), soft_wrap=True)
    uncertain = app.outbox.counts().get(Status.UNCERTAIN, 0)
    if uncertain:
        seconds = app.settings.poweroffice.settle_time.total_seconds()
        err.print(
            f"{uncertain} uncertain: the answer was lost. They are looked up again {seconds:g} seconds later, "
            "before anything is sent twice: run send again then, or leave it to the schedule.",
            soft_wrap=True,
        )
    if report.attention:
        record_table(app.outbox.needing_a_person(), texts_of(app))


def _take_in_kept(app: App, first: date | None, last: date | None, *, dry_run: bool) -> None:
    """Let the Z reports of a period be posted that were kept while settlements were off, and say how many."""
    settings, department = app.settings, app.settings.terminal.department
    if settings.settlement.enabled is False:
        raise UsageError(f"settlement.enabled is false in {settings.path}: no settlement is posted")
    if not (first or last):
        return
    store = app.outbox.settlements
    kept = [z for z in store.between(first or date.min, last or date.max) if store.of(z) is None]
    kept = [z for z in kept if z.terminal_id == settings.terminal.id]
    if not kept:
        return
    if not settings.settles(department):
        raise UsageError(f"department {department} has no ledger in {settings.path}: no settlement is posted")
    names = ", ".join(z.name for z in kept[:_NAMED]) + (" …" if len(kept) > _NAMED else "")
    what = f"kept while settlements were off: {len(kept)} ({names})"
    if first is None or last is None:
        err.print(f"Left as they are, {what}. To post them, name both --from and --to.", soft_wrap=True)
    elif dry_run:
        err.print(f"Would be posted too, {what}. See: posplugin settlement preview --from {first} --to {last}")
    else:
        app.settlement_desk().enqueue(first, last)
        err.print(f"On their way from now on, {what}.", soft_wrap=True)


def _tell_settlements(app: App, report: RunReport, selection: Selection, newest: int) -> None:
    """Say which settlements had nothing to post, and what others wait for."""

    def mine(records: list[Record]) -> list[Record]:
        return [record for record in records if record.kind is RecordKind.SETTLEMENT and selection.takes(record)]

    for record in mine(app.outbox.changed_since(newest)):
        if record.status is Status.DISCARDED:
            err.print(f"{record.receipt}: {record.detail}", soft_wrap=True)
    for record in mine(app.outbox.in_status(Status.PENDING)):
        if record.detail and record.detail not in report.stopped:
            err.print(f"{record.receipt} waits: {record.detail}", soft_wrap=True)


def service(context: typer.Context) -> None:
    """Send by the schedule until stopped (Ctrl-C or SIGTERM): for set-ups where the till does not."""
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    with open_app(context) as app:
        if app.settings.schedule.runs_in == "till":
            err.print('schedule.runs_in is "till": the till sends too. Both together do no harm.')
        app.start_schedule()
        when = local(next_run(app.settings, app.clock()), app.settings.terminal.timezone)
        err.print(f"Service of {app.settings.terminal.id} runs; next run {when}. Ctrl-C ends it.")
        ended.wait()
    err.print("Stopped.")


def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="The status as data.")] = False,
) -> None:
    """Say how it goes: one line, then what needs somebody. Exit 3 when records need attention."""
    with open_app(context) as app:
        lamp = app.status()
        counts = app.outbox.counts()
        troubled = app.outbox.needing_a_person()
        runs = app.runs.latest()
        zone = app.settings.terminal.timezone
        following = next_run(app.settings, app.clock()) if app.settings.schedule.automatic else None
        if as_json:
            print_json(
                {
                    "terminal": app.settings.terminal.id,
                    "light": lamp.light,
                    "text": lamp.text,
                    "notices": lamp.notices,
                    "counts": counts,
                    "need_a_person": len(troubled),
                    "sending_now": is_sending(app.database.path),
                    "last_run": None
                    if not runs
                    else {"at": runs[0].started_at.isoformat(), "outcome": runs[0].outcome},
                    "next_run": following.isoformat() if following else None,
                }
            )
        else:
            colour = {Light.GREEN: "green", Light.YELLOW: "yellow", Light.RED: "red"}[lamp.light]
            told = ", ".join(f"{count} {texts_of(app).status[where]}" for where, count in sorted(counts.items()))
            rest = f" {app.settings.terminal.id}: {lamp.text}"
            out.print(coloured(colour, lamp.light.upper(), rest), soft_wrap=True)
            out.print(f"open: {told or 'none'}", soft_wrap=True)
            if runs:
                out.print(f"last run: {local(runs[0].started_at, zone)} ({runs[0].outcome or 'going on'})")
            out.print(f"next run: {local(following, zone)}")
            for notice in lamp.notices[1:]:
                out.print(f"- {notice}", soft_wrap=True)
            if troubled:
                out.print("")
                record_table(troubled[:_SHOWN], texts_of(app))
                err.print(f"{len(troubled)} need a person; all of them: posplugin outbox list --status needs_attention")
    if troubled:
        raise typer.Exit(Exit.NEEDS_ATTENTION)
