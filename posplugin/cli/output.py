"""How commands speak: tables and sentences for people, JSON for programs, and exit codes for monitoring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from posplugin.cli.speech import words

#: Data.
out = Console(highlight=False, soft_wrap=False, markup=False)
#: Talk. Without markup: what people have written holds brackets of its own.
err = Console(stderr=True, highlight=False, markup=False)


#: What holds an amount together, and what stands for it while lines are broken.
_HARD_SPACE, _STAND_IN = "\u00a0", "\ue000"


class Exit(IntEnum):
    """What a command's exit code tells a monitoring agent."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NEEDS_ATTENTION = 3


def coloured(colour: str, text: str, rest: str = "") -> Text:
    """Return a text in a colour, and the rest without."""
    return Text.assemble((text, colour), rest)


def say(text: str | Text, *, to: Console = err, indent: int = 0) -> None:
    """Write a sentence, on stderr unless told: broken between words on a screen, left whole for programs."""
    _write(text, to, indent, is_broken=to.is_terminal)


def prose(text: str | Text = "", *, indent: int = 0) -> None:
    """Write a sentence of a report to stdout, as wide as its tables whoever reads it."""
    _write(text, out, indent, is_broken=True)


def tell(text: str | Text = "", *, indent: int = 0) -> None:
    """Write a sentence that is data, on stdout."""
    say(text, to=out, indent=indent)


def _write(text: str | Text, to: Console, indent: int, *, is_broken: bool) -> None:
    told = Text(text) if isinstance(text, str) else text.copy()
    told.plain = told.plain.replace(_HARD_SPACE, _STAND_IN)  # else amounts would be broken too
    lines = told.wrap(to, max(to.width - indent, 20)) if is_broken else told.split()
    for line in lines or [Text()]:
        line.plain = line.plain.replace(_STAND_IN, _HARD_SPACE)
        to.print(Text.assemble(" " * indent, line), soft_wrap=True)


def print_json(value: object) -> None:
    """Write one JSON document to stdout: days and moments as ISO 8601, moments in UTC."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def plain(value: object) -> str:
    """Return what JSON has no type for: a day, or a moment in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is no data")


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str | Text]],
    *,
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
    to: Console = out,
) -> None:
    """Write a table, on stdout unless told; nothing where there are no rows.

    Columns in `right` are set to the right, and neither those nor `whole` are broken.
    """
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        is_right = column in right
        grid.add_column(
            column,
            justify="right" if is_right else "left",
            overflow="fold",
            no_wrap=is_right or column in whole,
        )
    for row in rows:
        grid.add_row(*row)
    if grid.row_count:
        to.print(grid)


def local(moment: datetime | None, zone: ZoneInfo) -> str:
    """Write a moment as the terminal's clock shows it."""
    return moment.astimezone(zone).strftime("%d.%m.%Y %H:%M:%S") if moment else "–"


# -- asking --------------------------------------------------------------------------------------------------------


def ask(question: str, *, hidden: bool = False) -> str:
    """Return what a person answers, "" to a hidden question where nothing is typed; Ctrl-C ends the command."""
    default = "" if hidden else None
    try:
        answer: str = typer.prompt(question, default=default, show_default=False, hide_input=hidden, err=True)
    except typer.Abort:
        _end()
    return answer


def require_yes(question: str) -> None:
    """Ask a person, and end the command unless the answer is yes."""
    said = words().common
    try:
        answer: str = typer.prompt(
            f"{question} {said.yes_or_no}", default="", show_default=False, prompt_suffix=" ", err=True
        )
    except typer.Abort:
        _end()
    if answer.strip().lower() not in {"y", "yes"} | said.yes:
        _end()


def _end() -> None:
    say(words().common.nothing_done)
    raise typer.Exit(Exit.FAILED)
