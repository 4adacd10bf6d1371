"""outbox export, purge, backup, take-over: the outbox over the years."""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from posplugin.app import PATIENT_SECONDS
from posplugin.cli.context import config_of, open_app
from posplugin.cli.days import read_day, read_period
from posplugin.cli.output import err, plain, require_yes, say
from posplugin.cli.records import FIELDS, record_json
from posplugin.cli.speech import words
from posplugin.domain.errors import PosPluginError, UsageError
from posplugin.outbox import keeping, owner
from posplugin.outbox.database import Database
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.settings import read_settings

#: The bar moves on after so many records.
_STEP = 500
#: A spreadsheet would take a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How `outbox export` writes."""

    JSONL = "jsonl"
    CSV = "csv"


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(export)
    app.command()(purge)
    app.command()(backup)
    app.command()(take_over)


def export(
    context: typer.Context,
    form: Annotated[
        Format, typer.Option("--format", help="jsonl: a JSON object on each line. csv: RFC 4180, commas, with a head.")
    ] = Format.JSONL,
    first: Annotated[str | None, typer.Option("--from", help="From this business date, 2026-11-20.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="To this business date, with it.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="A file that is not there yet (mode 0600); else stdout.")
    ] = None,
) -> None:
    """Write every record as data, one line each.

    Oldest first, with the fields of outbox list --json. Amounts are in øre, days and times ISO 8601, times in UTC.
    In CSV what is missing is empty, and a text that a spreadsheet would take for a formula has an apostrophe before
    it.

    Example: posplugin outbox export --format csv --from 2026-01-01 --to 2026-12-31 --output 2026.csv
    """
    begins, ends = read_period(first, last)
    begins, ends = begins or date.min, ends or date.max
    said = words().queue
    with open_app(context) as opened:
        count = keeping.count(opened.outbox, begins, ends)
        if output is None:
            if isinstance(sys.stdout, TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8", newline="")  # on every system as the format has it
            written = _export(opened.outbox, begins, ends, count, form, sys.stdout, is_shown=not sys.stdout.isatty())
            say(said.exported_here.format(count=written))
            return
        with _new_file(output) as file:
            written = _export(opened.outbox, begins, ends, count, form, file, is_shown=True)
        say(said.exported.format(count=written, path=output))


def _export(outbox: Outbox, first: date, last: date, count: int, form: Format, file: TextIO, *, is_shown: bool) -> int:
    """Write the records; return how many."""
    write, written = _writer(form, file), 0
    with _progress(words().queue.exporting, is_shown=is_shown) as advance:
        for record in keeping.every(outbox, first, last):
            write(record)
            written += 1
            if written % _STEP == 0:
                advance(written, count)
    return written


def _writer(form: Format, file: TextIO) -> Callable[[Record], object]:
    """Return what writes one record; a head is written already."""
    if form is Format.JSONL:
        return lambda record: file.write(json.dumps(record_json(record), ensure_ascii=False, default=plain) + "\n")
    rows = csv.writer(file)
    rows.writerow(FIELDS)
    return lambda record: rows.writerow([_cell(value) for value in record_json(record).values()])


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, int):
        return value
    text = value if isinstance(value, str) else plain(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


@contextmanager
def _new_file(path: Path) -> Iterator[TextIO]:
    """Give a file to write, for its owner alone; it gets its name when it is whole."""
    if path.exists():
        raise UsageError(words().common.is_there_already.format(path=path))
    part = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        part = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise PosPluginError(words().common.cannot_write.format(path=path, error=error.strerror)) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


@contextmanager
def _progress(label: str, *, is_shown: bool) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not (is_shown and err.is_terminal)) as bar:
        task = bar.add_task("work", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def purge(
    context: typer.Context,
    before: Annotated[str, typer.Option("--before", metavar="DATE", help="What was sold before this business date.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take the people out of old records, for good.

    Customers, references, and what was said with PowerOffice. Of what is paid, posted, cancelled, discarded or
    reversed, and was sold before DATE. Each keeps its row, reference, amounts, lines and history. Bokføringsloven §
    13 wants sales documented for five years after the accounting year: a later date is refused.

    Example: posplugin outbox purge --before 2021-01-01 --dry-run
    """
    day = read_day(before)
    said = words().queue
    if day is None:
        raise UsageError(words().common.no_date.format(text=before))
    with open_app(context) as opened:
        office = opened.office()
        expected = office.to_purge(day)
        if expected.kept_back:
            say(said.kept_back.format(count=expected.kept_back, day=day))
        if dry_run or not expected.purged:
            told = said.would_purge if expected.purged else said.nothing_to_purge
            say(told.format(count=expected.purged, day=day))
            return
        say(said.purge_is_final.format(count=expected.purged, day=day))
        if not yes:
            if not err.is_terminal:
                raise UsageError(said.say_yes_purge)
            require_yes(said.purge.format(count=expected.purged))
        with _progress(said.purging, is_shown=True) as advance:
            done = office.purge(day, progress=advance)
        say(said.purged.format(count=done.purged))
        if done.failed:
            say(said.damaged.format(count=done.failed))


def backup(
    context: typer.Context, target: Annotated[Path, typer.Argument(help="A file that is not there yet.")]
) -> None:
    """Copy the outbox while it is in use. Never copy the file itself: its newest commits stand in another.

    Example: posplugin outbox backup /mnt/backup/outbox-2026-11-20.sqlite3
    """
    with open_app(context) as opened:
        if target.exists():
            raise UsageError(words().common.is_there_already.format(path=target))
        opened.database.backup(target)
        say(words().common.wrote.format(path=target))


def take_over(context: typer.Context, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Give the outbox to a terminal with a new name.

    After terminal.id has been changed. Stop the till first. Never for a file that another till uses: from then on
    that one is refused.

    Example: posplugin outbox take-over
    """
    settings, said = read_settings(config_of(context)), words().queue
    terminal = settings.terminal.id
    with Database(settings.outbox.path, wait=PATIENT_SECONDS) as database:
        before = owner.owner_of(database, terminal)
        if before not in (None, terminal) and not yes:
            if not err.is_terminal:
                raise UsageError(said.say_yes_take_over)
            require_yes(said.take_over.format(owner=before, terminal=terminal))
        owner.take_over(database, terminal)
        say(said.taken_over.format(path=database.path, terminal=terminal))
