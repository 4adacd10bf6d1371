"""settlement preview, reverse, accept, import-saft: the day's settlements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from posplugin.accounting_system import Stage
from posplugin.app import App
from posplugin.cli.context import open_app, texts_of
from posplugin.cli.days import read_day, read_period
from posplugin.cli.import_saft import import_saft
from posplugin.cli.output import Exit, ask, err, print_json, prose, require_yes, say
from posplugin.cli.records import code_of
from posplugin.cli.settlement_preview import preview_json, print_preview, tell_aside
from posplugin.cli.speech import words
from posplugin.domain.documents import RecordKind
from posplugin.domain.errors import OutboxError, OutboxUnavailable, UsageError
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.naming import SeveralMatch
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.settling.preview import Preview

app = typer.Typer(help="The day's settlements (dagsoppgjør).", no_args_is_help=True)
app.command()(import_saft)


def add_to(above: typer.Typer) -> None:
    """Register the commands."""
    above.add_typer(app, name="settlement")


Reference = Annotated[str, typer.Argument(help='The Z, such as "Z 42"; or its code, or its whole reference.')]


@app.command()
def preview(
    context: typer.Context,
    day: Annotated[str | None, typer.Option("--date", help="Of this business date, 2026-11-20.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="From this business date.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="To this business date, with it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As data: amounts in øre, debit positive.")] = False,
) -> None:
    """Show what is or will be posted of each Z, and why not.

    Its accounts, its VAT, its invoices, and what is held back and why. Without days: the Z reports that are on their
    way, wait for a person, or were taken back and not posted anew; else the newest. PowerOffice is not asked. Exit 3
    when one of those shown needs a person.

    Example: posplugin settlement preview --from 2026-11-01 --to 2026-11-30
    """
    said = words().settlement
    if day and (first or last):
        raise UsageError(said.date_or_period)
    begins, ends = read_period(first, last)
    if day:
        begins = ends = read_day(day)
    with open_app(context) as opened:
        found = opened.settlement_desk().preview(begins, ends)
        if as_json:
            print_json([preview_json(each) for each in found])
        elif not found:
            say(said.none_of_these_days if begins or ends else said.none_yet)
        else:
            for number, each in enumerate(found):
                if number:
                    prose("\n")
                print_preview(each, opened.settings, texts_of(opened))
        if not (as_json or begins or ends):
            _aside(opened, found)
    if any(each.needs_a_person for each in found):
        raise typer.Exit(Exit.NEEDS_ATTENTION)


def _aside(opened: App, shown: Sequence[Preview]) -> None:
    """Say which Z reports are not on their way, but for one that is shown and says so itself."""
    aside = opened.settlement_desk().aside()
    if aside and not (aside.count == 1 and any(each.record is None for each in shown)):
        prose("\n")
        tell_aside(aside, opened.settings, texts_of(opened))


@app.command()
def reverse(
    context: typer.Context,
    reference: Reference,
    why: Annotated[str | None, typer.Option("--why", help="Why, for the accountant.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Post it anew in the next run.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a posted settlement back in PowerOffice.

    A voucher is taken back by its opposite, a draft is deleted. Both stay in the history.

    Example: posplugin settlement reverse "Z 42" --why "the tips were on the wrong account" --again
    """
    said = words().settlement
    with open_app(context) as opened:
        record = _find(opened.outbox, reference)
        told = _told(why, said.why, said.say_why)
        if (record.kind, record.status) == (RecordKind.SETTLEMENT, Status.DELIVERED) and not yes:
            if not err.is_terminal:
                raise UsageError(said.say_yes.format(what=_what(record)))
            require_yes(said.take_back.format(what=_what(record)))
        now = opened.settlement_desk().reverse(record, told, again=again)
        done = said.deleted if record.accounting_state is Stage.DRAFT else said.reversed
        say(done.format(what=_what(record)))
        if again:
            say(said.posted_anew.format(z=now.receipt))
        else:
            say(said.after_all.format(z=now.receipt, code=code_of(now)))


@app.command()
def accept(
    context: typer.Context,
    reference: Reference,
    how: Annotated[str | None, typer.Option("--how", help="Why the Z is right, for the accountant.")] = None,
) -> None:
    """Take a Z that does not agree with our invoices.

    It and our invoices do not agree on what was invoiced (settlement_mismatch), and the Z is right all the same. It is
    accepted as it differs now: should that change before it is posted, a person is asked anew.

    Example: posplugin settlement accept "Z 42" --how "receipt 1042 was rung up twice; the till is right"
    """
    said = words().settlement
    with open_app(context) as opened:
        record = _find(opened.outbox, reference)
        told = _told(how, said.why_right, said.say_why_right)
        now = opened.settlement_desk().accept(record, told)
        say(said.goes_on.format(z=now.receipt))


def _find(outbox: Outbox, reference: str) -> Record:
    """Return the record; a Z may be typed as people do: "z 42" and "Z42" are "Z 42"."""
    given = f"Z {reference[1:].strip()}" if reference[:1] in {"z", "Z"} else reference
    try:
        return outbox.by_reference(given)
    except (SeveralMatch, OutboxUnavailable):
        raise
    except OutboxError as error:
        raise OutboxError(
            "no settlement matches {reference!r}; see `posplugin settlement preview`", reference=given
        ) from error


def _told(given: str | None, question: str, otherwise: str) -> str:
    """Return what was given, or ask for it where somebody is there to answer."""
    if given is not None:
        return given
    if not err.is_terminal:
        raise UsageError(otherwise)
    return ask(question)


def _what(record: Record) -> str:
    said = words().settlement
    if record.accounting_state is Stage.DRAFT:
        return said.the_draft.format(z=record.receipt)
    told = said.voucher if record.accounting_number else said.the_voucher
    return told.format(z=record.receipt, number=record.accounting_number)
