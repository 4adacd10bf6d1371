"""settlement import-saft: the settlements of a till whose host never heard of our hooks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from posplugin.app import App
from posplugin.cli.context import open_app
from posplugin.cli.days import read_period
from posplugin.cli.output import Exit, coloured, err, print_json, say, table, tell
from posplugin.cli.speech import language, words
from posplugin.domain.money import kroner_text
from posplugin.settling.importing import ImportedDay, ImportReport, Verdict
from posplugin.texts import details

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
    """Let the Z reports of a SAF-T file be posted.

    As settlements, each once, however often they come. The whole file is looked at before anything is taken: its own
    totals, every code and account. Exit 3 when a Z has a problem, 1 when nothing was taken for that.

    Example: posplugin settlement import-saft kasse.xml --dry-run
    """
    begins, ends = read_period(first, last)
    with open_app(context) as app:
        columns = (TextColumn(words().settlement.reading), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
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
    said = words().settlement
    if as_json:
        print_json(_json(report))
    elif report.days:
        _table(report)
    for day in report.of(Verdict.PROBLEM):
        for problem in day.problems:
            say(_problem(day.read.z.name, details.in_words(problem, language())))
    for gap in report.gaps:
        say(coloured("red", said.missing, f" {details.in_words(gap, language())}"))
    for waiting in report.waiting:
        say(said.waiting.format(count=waiting.receipts, register=waiting.register_id))
    say(_verdict(app, report, dry_run=dry_run))


def _problem(z: str, problem: str) -> Text:
    """A problem, with the Z that it is of, once."""
    told = problem.removeprefix(z) if problem.startswith((f"{z} ", f"{z}:")) else f": {problem}"
    return coloured("red", z, told)


def _table(report: ImportReport) -> None:
    shown = [day for day in report.days if day.verdict is not Verdict.LEFT_OUT]
    said = words().settlement
    verdicts = {Verdict(name): told for name, told in said.verdicts.items()}
    if report.taken:
        verdicts[Verdict.NEW] = said.taken
    if len(shown) <= _SHOWN:
        table(
            [said.day, "Z", said.till, said.sold, said.paid, said.on_account, ""],
            [(*_row(day), coloured(_COLOURS[day.verdict], verdicts[day.verdict])) for day in shown],
            right=[said.sold, said.paid, said.on_account],
            whole=[said.day],
        )
        return
    for verdict, what in verdicts.items():
        days = report.of(verdict)
        if days:
            sold = kroner_text(sum(day.read.z.cash.sold for day in days))
            first, last = (f"{days[at].read.z.business_date:%d.%m.%Y}" for at in (0, -1))
            tell(said.summed_up.format(count=len(days), what=what, first=first, last=last, sold=sold))


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
    said, days = words().settlement, {verdict: len(report.of(verdict)) for verdict in Verdict}
    new, there, wrong = days[Verdict.NEW], days[Verdict.ALREADY_THERE], days[Verdict.PROBLEM]
    counted = said.counted.format(count=len(report.days), new=new, there=there, wrong=wrong)
    if days[Verdict.LEFT_OUT]:
        counted += said.outside.format(outside=days[Verdict.LEFT_OUT])
    told = [f"{counted}."]
    on_account = sum(day.read.counts.on_account for day in report.of(Verdict.NEW))
    if on_account and not app.settings.invoicing.enabled:
        told.append(said.not_posted_here.format(count=on_account))
    if report.gaps:
        told.append(said.gaps)
    elif report.taken:
        told += [said.posted_next] if new else []
    else:
        told.append(said.dry_run if dry_run else said.mend_first)
    return " ".join(told)


def _json(report: ImportReport) -> dict[str, Any]:
    return {
        "taken": report.taken,
        "missing": report.gaps,
        "days": [
            {
                "verdict": day.verdict,
                "terminal": day.read.z.terminal_id,
                "register": day.read.register_id,
                "z": day.read.z.name,
                "number": day.read.z.number,
                "department": day.department,
                "business_date": day.read.z.business_date,
                "closed_at": day.read.z.closed_at,
                "sold_ore": day.read.z.cash.sold,
                "tenders": [
                    {"channel": tender.channel, "expected_ore": tender.expected, "counted_ore": tender.counted}
                    for tender in day.read.z.cash.tenders
                ],
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
