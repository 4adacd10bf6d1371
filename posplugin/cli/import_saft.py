"""settlement import-saft: the settlements of a till whose host never heard of our hooks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from posplugin.app import App
from posplugin.cli.context import open_app
from posplugin.cli.days import read_period
from posplugin.cli.output import Exit, coloured, err, out, print_json, table
from posplugin.domain.money import kroner_text
from posplugin.settling.importing import ImportedDay, ImportReport, Verdict

#: So many days are shown one by one; a year is summed up.
_SHOWN = 40


def import_saft(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A SAF-T Cash Register file, as every till in Norway can export it.")],
    first: Annotated[str | None, typer.Option("--from", help="From this business date, 2026-11-20.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="To this business date, with it.")] = None,
    leave_out: Annotated[
        bool, typer.Option("--leave-out-problems", help="Take what is right, and leave out what is not.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look at everything; take nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was found as data, amounts in øre.")] = False,
) -> None:
    """Let the Z reports of a SAF-T file be posted as settlements, each once, however often they come.

    The whole file is looked at before anything is taken: its own totals, every code and account. Exit 3 when a Z has a
    problem, 1 when nothing was taken for that.

    Example: posplugin settlement import-saft kasse.xml --from 2026-11-01 --dry-run
    """
    begins, ends = read_period(first, last)
    with open_app(context) as app:
        columns = (TextColumn("Reading"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
            task = bar.add_task("read", total=None)
            report = app.importing().take(
                file,
                first=begins or date.min,
                last=ends or date.max,
                leave_out_problems=leave_out,
                dry_run=dry_run,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
        _show(app, report, dry_run=dry_run, as_json=as_json)
    if report.gaps or (report.of(Verdict.PROBLEM) and not report.taken):
        raise typer.Exit(Exit.FAILED)
    if report.of(Verdict.PROBLEM):
        raise typer.Exit(Exit.NEEDS_ATTENTION)


def _show(app: App, report: ImportReport, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(_json(report))
    elif report.days:
        _table(report)
    for day in report.of(Verdict.PROBLEM):
        for problem in day.problems:
            err.print(coloured("red", day.read.z.name, f": {problem}"), soft_wrap=True)
    for gap in report.gaps:
        err.print(coloured("red", "Missing:", f" {gap}"), soft_wrap=True)
    for waiting in report.waiting:
        err.print(f"{waiting.text}.", soft_wrap=True)
    err.print(_verdict(app, report, dry_run=dry_run), soft_wrap=True)


def _table(report: ImportReport) -> None:
    shown = [day for day in report.days if day.verdict is not Verdict.LEFT_OUT]
    words = {
        Verdict.NEW: "taken" if report.taken else "new",
        Verdict.ALREADY_THERE: "already there",
        Verdict.PROBLEM: "problem",
    }
    if len(shown) <= _SHOWN:
        table(
            ["day", "Z", "till", "sold", "paid", "on account", ""],
            [(*_row(day), coloured(_COLOURS[day.verdict], words[day.verdict])) for day in shown],
            right=["sold", "paid", "on account"],
        )
        return
    for verdict, what in words.items():
        days = report.of(verdict)
        if days:
            sold = kroner_text(sum(day.read.z.cash.sold for day in days))
            span = f"{days[0].read.z.business_date:%d.%m.%Y}–{days[-1].read.z.business_date:%d.%m.%Y}"
            out.print(f"{len(days)} {what}: {span}, sold {sold}")


_COLOURS = {Verdict.NEW: "green", Verdict.ALREADY_THERE: "dim", Verdict.PROBLEM: "red"}


def _row(day: ImportedDay) -> tuple[str, str, str, str, str, str]:
    z, counts = day.read.z, day.read.counts
    paid = sum(tender.expected for tender in z.cash.tenders)
    on_account = kroner_text(counts.on_account_amount) if counts.on_account else "–"
    return (
        z.business_date.strftime("%d.%m.%y"),
        str(z.number),
        z.terminal_id,
        kroner_text(z.cash.sold),
        kroner_text(paid),
        on_account,
    )


def _verdict(app: App, report: ImportReport, *, dry_run: bool) -> str:
    new, there = len(report.of(Verdict.NEW)), len(report.of(Verdict.ALREADY_THERE))
    wrong, outside = len(report.of(Verdict.PROBLEM)), len(report.of(Verdict.LEFT_OUT))
    counted = [f"{new} new", f"{there} already there", f"{wrong} with a problem"]
    if outside:
        counted.append(f"{outside} outside the period")
    said = f"{len(report.days)} Z reports: {', '.join(counted)}."
    on_account = sum(day.read.counts.on_account for day in report.of(Verdict.NEW))
    if on_account and not app.settings.invoicing.enabled:
        said += f" {on_account} receipts on account are not posted here: invoicing is off."
    if report.gaps:
        return f"{said} Nothing was taken: write what is missing in the settings, and import again."
    if report.taken:
        return f"{said} They are posted by the next run, or now: posplugin send --kind settlement" if new else said
    if dry_run:
        return f"{said} Nothing was taken: this was a dry run."
    return f"{said} Nothing was taken: mend that first, or give --leave-out-problems."


def _json(report: ImportReport) -> dict[str, Any]:
    return {
        "taken": report.taken,
        "missing": report.gaps,
        "days": [
            {
                "verdict": day.verdict,
                "terminal": day.read.z.terminal_id,
                "register": day.read.register_id,
                "z": day.read.z.number,
                "department": day.department,
                "business_date": day.read.z.business_date.isoformat(),
                "closed_at": day.read.z.closed_at.isoformat(),
                "sold_ore": day.read.z.cash.sold,
                "tenders_ore": [[tender.channel, tender.expected] for tender in day.read.z.cash.tenders],
                "tips_ore": day.read.z.cash.tips,
                "rounding_ore": day.read.z.cash.rounding,
                "receipts": day.read.counts.receipts,
                "on_account": day.read.counts.on_account,
                "on_account_ore": day.read.counts.on_account_amount,
                "not_posted": day.read.counts.not_posted,
                "problems": day.problems,
            }
            for day in report.days
        ],
        "waiting": [{"register": waiting.register_id, "receipts": waiting.receipts} for waiting in report.waiting],
    }
