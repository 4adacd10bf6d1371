"""status: how it goes, for a person, as data, and as one line for a monitoring agent."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from posplugin.app import App
from posplugin.cli.context import open_app, texts_of
from posplugin.cli.output import Exit, coloured, local, print_json, say, tell
from posplugin.cli.records import record_table
from posplugin.cli.settlement_preview import tell_aside
from posplugin.cli.speech import told, words
from posplugin.domain.errors import PosPluginError, UsageError
from posplugin.domain.payment import ChannelStatus, Light
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.schedule import next_run
from posplugin.sender.lock import is_sending

#: How many records that need a person are listed.
_SHOWN = 5
_COLOURS = {Light.GREEN: "green", Light.YELLOW: "yellow", Light.RED: "red"}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(status)


def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="The status as data.")] = False,
    as_line: Annotated[
        bool, typer.Option("--line", help="Exactly one line on stdout, whatever happens, for a monitoring agent.")
    ] = False,
) -> None:
    """Say how it goes, in one lamp, and what needs somebody.

    Exit 3 when the lamp is red for any cause, records that need a person among them; 0 when it is green or yellow.
    With --line the first word is GREEN, YELLOW, RED or UNKNOWN in every language, counts follow a bar (|), and exit 1
    means that it could not be looked, settings that cannot be read among the causes.

    Example: posplugin status --line
    """
    if as_json and as_line:
        raise UsageError(words().status.not_both)
    try:
        with open_app(context) as app:
            app.hurry()
            app.database.try_writing()  # what the disk says to it, the lamp tells
            lamp, troubled = app.status(), app.outbox.needing_a_person()
            if as_line:
                print(_line(app, lamp, len(troubled)))
            elif as_json:
                print_json(as_data(app, lamp, len(troubled)))
            else:
                _show(app, lamp, troubled)
    except PosPluginError as error:
        if not as_line:
            raise
        unknown = words().status.cannot_look.format(error=told(error))
        print(f"UNKNOWN posplugin: {_flat(unknown)}")
        raise typer.Exit(Exit.FAILED) from error
    if troubled or lamp.light is Light.RED:
        raise typer.Exit(Exit.NEEDS_ATTENTION)


def _line(app: App, lamp: ChannelStatus, troubled: int) -> str:
    """One line, with performance data as Nagios, Icinga and their like read it."""
    counts = app.outbox.counts()
    waiting = counts.get(Status.PENDING, 0) + counts.get(Status.SENDING, 0)
    measured = {"waiting": waiting, "uncertain": counts.get(Status.UNCERTAIN, 0), "attention": troubled}
    counted = " ".join(f"{name}={count}" for name, count in measured.items())
    return f"{lamp.light.upper()} {app.settings.terminal.id}: {_flat(lamp.text)} | {counted}"


def _flat(text: str) -> str:
    """A text on one line, without the bar that begins the counts."""
    return " ".join(text.replace("|", "/").split())


def as_data(app: App, lamp: ChannelStatus, troubled: int) -> dict[str, Any]:
    """Return all that there is to tell, as --json has it; `troubled` is how many records need a person."""
    runs, aside = app.runs.latest(), app.settlement_desk().aside()
    return {
        "terminal": app.settings.terminal.id,
        "light": lamp.light,
        "text": lamp.text,
        "notices": lamp.notices,
        "counts": app.outbox.counts(),
        "need_a_person": troubled,
        "z_reports_not_on_their_way": (
            {"count": aside.count, "first": aside.first, "last": aside.last} if aside else None
        ),
        "sending_now": is_sending(app.database.path),
        "last_run": {"at": runs[0].started_at, "outcome": runs[0].outcome} if runs else None,
        "next_run": next_run(app.settings, app.clock()) if app.settings.schedule.automatic else None,
    }


def _show(app: App, lamp: ChannelStatus, troubled: list[Record]) -> None:
    said, texts, zone = words().status, texts_of(app), app.settings.terminal.timezone
    rest = f" {app.settings.terminal.id}: {lamp.text}"
    tell(coloured(_COLOURS[lamp.light], said.light[lamp.light], rest))
    short = words().record.short
    counts = ", ".join(f"{count} {short[where]}" for where, count in sorted(app.outbox.counts().items()))
    tell(said.open.format(counts=counts or said.none))
    for run in app.runs.latest():
        outcome = said.outcomes.get(run.outcome, run.outcome) if run.outcome else said.not_finished
        tell(said.last_run.format(when=local(run.started_at, zone), outcome=outcome))
    following = next_run(app.settings, app.clock()) if app.settings.schedule.automatic else None
    tell(said.next_run.format(when=local(following, zone) if following else said.never))
    for notice in lamp.notices[1:]:
        tell(f"- {notice}")
    aside = app.settlement_desk().aside()
    if aside:
        tell()
        tell_aside(aside, app.settings, texts)
    if troubled:
        tell()
        record_table(troubled[:_SHOWN], texts)
        say(said.more.format(count=len(troubled)))
