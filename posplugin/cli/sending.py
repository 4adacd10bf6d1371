"""send, service: the sender."""

from __future__ import annotations

import signal
import threading
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from posplugin.app import App
from posplugin.cli.context import open_app, texts_of
from posplugin.cli.days import read_period
from posplugin.cli.output import Exit, coloured, err, local, print_json, say, tell
from posplugin.cli.records import code_of, record_table
from posplugin.cli.speech import language, words
from posplugin.cli.story import tell_body
from posplugin.domain.documents import RecordKind
from posplugin.domain.errors import UsageError
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.schedule import next_run
from posplugin.sender.selection import Selection
from posplugin.texts import Texts, details, history

if TYPE_CHECKING:
    from posplugin.office import Preview
    from posplugin.sender.run import RunReport

#: How many Z reports are named at most.
_NAMED = 10
#: Seconds between two looks at whether the service is to end: some systems tell a waiting thread of no signal.
_LOOK = 1.0


class Kind(StrEnum):
    """What `send --kind` takes."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    SETTLEMENT = "settlement"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(send)
    app.command()(service)


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

    With --dry-run nothing is sent; exit 3 then says that something would be held back until a person has acted.

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
            held_back = _dry_run(app, selection, as_json=as_json)
            raise typer.Exit(Exit.NEEDS_ATTENTION if held_back else Exit.DONE)
        columns = (TextColumn(words().sending.sending), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
            task = bar.add_task("send", total=None)
            report = app.send(
                "hand",
                window=timedelta(minutes=window),
                selection=selection,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
        if as_json:
            _as_json(report)
        else:
            _show(app, report)
            _tell_settlements(app, report, selection, newest)
    if report.stopped:
        raise typer.Exit(Exit.FAILED)
    if report.attention:
        raise typer.Exit(Exit.NEEDS_ATTENTION)


def _dry_run(app: App, selection: Selection, *, as_json: bool) -> bool:
    """Show what would be sent, and why something would not; return whether something would be held back."""
    said, texts = words().sending, texts_of(app)
    due = [record for record in app.outbox.in_status(Status.PENDING) if selection.takes(record)]
    previews = app.office().preview(due)
    held_back = [preview for preview in previews if preview.held_back]
    if as_json:
        print_json([_preview_json(preview) for preview in previews])
        return bool(held_back)
    if due:
        record_table(due, texts)
    for preview in previews:
        tell()
        _tell_preview(preview, texts)
    ready = sum(1 for preview in previews if preview.request)
    told = [said.would_be_sent.format(count=ready)]
    if held_back:
        told.append(said.would_be_held_back.format(count=len(held_back)))
    if left := len(previews) - ready - len(held_back):
        told.append(said.would_not.format(count=left))
    untried = any(preview.request and preview.record.kind is not RecordKind.SETTLEMENT for preview in previews)
    say(f"{', '.join(told)}. {said.nothing_has_been}" + (f" {said.customer_untried}" if untried else ""))
    return bool(held_back)


def _tell_preview(preview: Preview, texts: Texts) -> None:
    name, problem = preview.record.receipt, history.why(preview.problem, language())
    if preview.request:
        tell_body(f"{name}:", preview.request)
        return
    if preview.held_back is None:
        tell(f"{name}: {problem}")
        return
    why, head = texts.reason[preview.held_back], words().sending.held_back
    tell(coloured("red", f"{name}: {head} ({preview.held_back}):", f" {why.sentence}"))
    tell(problem, indent=3)
    tell(f"→ {why.remedy.replace('<reference>', code_of(preview.record))}", indent=3)


def _preview_json(preview: Preview) -> dict[str, str | None]:
    return {
        "reference": preview.record.reference,
        "request": preview.request,
        "problem": preview.problem,
        "held_back": preview.held_back,
    }


def _as_json(report: RunReport) -> None:
    print_json(
        {
            "outcome": report.outcome,
            "delivered": report.delivered,
            "waiting": report.waiting,
            "attention": report.attention,
            "unfinished": report.unfinished,
            "steps": report.steps,
            "steps_taken": [
                {"step": step, "kind": kind, "count": count} for (step, kind), count in report.taken.items()
            ],
            "stopped": report.stopped,
        }
    )


def _show(app: App, report: RunReport) -> None:
    said = words().sending
    moved = report.delivered or report.steps
    nothing = not (moved or report.waiting or report.attention or report.stopped or report.unfinished)
    if nothing:
        tell(said.nothing_new)
        return
    counted = {"delivered": report.delivered, "waiting": report.waiting, "attention": report.attention}
    tell(said.outcome.format_map(counted))
    if report.steps:
        tell(said.steps.format(done=history.steps_taken(report.taken, language())))
    if report.unfinished:
        say(said.unfinished.format(count=report.unfinished))
    for reason in report.stopped:
        say(coloured("red", said.stopped, f" {details.in_words(reason, language())}"))
    uncertain = app.outbox.counts().get(Status.UNCERTAIN, 0)
    if uncertain:
        seconds = app.settings.poweroffice.settle_time.total_seconds()
        say(said.uncertain.format(count=uncertain, seconds=f"{seconds:g}"))
    if report.attention:
        record_table(app.outbox.needing_a_person(), texts_of(app))


def _take_in_kept(app: App, first: date | None, last: date | None, *, dry_run: bool) -> None:
    """Let the Z reports of a period be posted that were kept while settlements were off, and say how many."""
    settings, department, said = app.settings, app.settings.terminal.department, words().sending
    if settings.settlement.enabled is False:
        raise UsageError(said.settlements_off.format(path=settings.path))
    if not (first or last):
        return
    store = app.outbox.settlements
    kept = [z for z in store.between(first or date.min, last or date.max) if store.of(z) is None]
    kept = [z for z in kept if z.terminal_id == settings.terminal.id]
    if not kept:
        return
    if not settings.settles(department):
        raise UsageError(said.no_ledger.format(department=department, path=settings.path))
    kept = [z for z in kept if settings.settles(department, z.business_date)]
    if not kept:
        return
    names = ", ".join(z.name for z in kept[:_NAMED]) + (" …" if len(kept) > _NAMED else "")
    if first is None or last is None:
        say(said.kept_left.format(count=len(kept), names=names))
    elif dry_run:
        say(said.kept_would.format(count=len(kept), names=names, first=first, last=last))
    else:
        app.settlement_desk().enqueue(first, last)
        say(said.kept_goes.format(count=len(kept), names=names))


def _tell_settlements(app: App, report: RunReport, selection: Selection, newest: int) -> None:
    """Say which settlements had nothing to post, and what others wait for."""
    spoken = language()

    def is_mine(record: Record) -> bool:
        return record.kind is RecordKind.SETTLEMENT and selection.takes(record)

    for record in app.outbox.changed_since(newest, kinds=(RecordKind.SETTLEMENT,)):
        if record.status is Status.DISCARDED and is_mine(record):
            say(f"{record.receipt}: {history.why(record.detail, spoken)}")
    for record in app.outbox.backlog(Status.PENDING):
        if is_mine(record) and record.detail and record.detail not in report.stopped:
            say(words().sending.waits.format(z=record.receipt, words=details.in_words(record.detail, spoken)))


def service(context: typer.Context) -> None:
    """Send by the schedule, until Ctrl-C or SIGTERM.

    For set-ups where the till does not: schedule.runs_in = "service". docs/service.md has a systemd unit, and how
    it is done on Windows.

    Example: posplugin --config /var/lib/posplugin/posplugin.toml service
    """
    said = words().sending
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    with open_app(context) as app:
        if app.settings.schedule.runs_in == "till":
            say(said.till_sends_too)
        app.start_schedule()
        when = local(next_run(app.settings, app.clock()), app.settings.terminal.timezone)
        say(said.service_runs.format(terminal=app.settings.terminal.id, when=when))
        while not ended.wait(_LOOK):
            pass
    say(said.service_stopped)
