"""outbox list, show, retry, amend, discard, hide, sync: the queue. What is kept for years is in `cli.keeping`."""

from __future__ import annotations

from typing import Annotated

import typer

from posplugin.cli import completion, keeping, story
from posplugin.cli.context import open_app, texts_of
from posplugin.cli.days import read_period
from posplugin.cli.output import Exit, ask, coloured, err, print_json, require_yes, say
from posplugin.cli.records import code_of, record_json, record_table
from posplugin.cli.speech import language, words
from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.errors import PosPluginError, UsageError
from posplugin.domain.money import kroner_text
from posplugin.office import ONE_BY_ONE, Filter, standing
from posplugin.outbox.lifecycle import Status
from posplugin.sender.settle import SENDER
from posplugin.texts import details
from posplugin.texts.refused import in_words

app = typer.Typer(help="The queue: every document on its way.", no_args_is_help=True)


def add_to(above: typer.Typer) -> None:
    """Register the commands."""
    above.add_typer(app, name="outbox")


_NAMED = "The receipt number, the code in the lists, or the reference."
Reference = Annotated[str, typer.Argument(help=_NAMED, autocompletion=completion.references)]
InTrouble = Annotated[str, typer.Argument(help=_NAMED, autocompletion=completion.troubled)]
AsJson = Annotated[bool, typer.Option("--json", help="As data.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_STATUSES = ", ".join(Status)
#: What `outbox amend` may change.
_AMENDABLE = ("customer_number", "your_reference", "order_number")


@app.command("list")
def list_(
    context: typer.Context,
    status: Annotated[
        list[Status] | None, typer.Option(metavar="STATUS", help=f"One of {_STATUSES}; may be repeated.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help="From this business date, 2026-11-20.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="To this business date, with it.")] = None,
    kind: Annotated[RecordKind | None, typer.Option(help="Only this kind of document.")] = None,
    customer: Annotated[int | None, typer.Option(help="Only this customer number.")] = None,
    text: Annotated[str | None, typer.Option("--search", help="Receipt, reference or customer name.")] = None,
    hidden: Annotated[bool, typer.Option("--hidden", help="Hidden ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="The most records to list.")] = 200,
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
            if len(records) == limit:
                say(words().queue.more.format(limit=limit))
        else:
            say(words().queue.no_records)


@app.command()
def show(context: typer.Context, reference: Reference, as_json: AsJson = False) -> None:
    """Tell all about one record.

    What it is, what happened to it, what was sent, what PowerOffice said, and what to do.

    Example: posplugin outbox show 1042
    """
    with open_app(context) as opened:
        record = opened.outbox.by_reference(reference)
        if as_json:
            print_json(story.as_data(opened.outbox, record))
        else:
            story.tell_all(opened.outbox, record, opened.settings.terminal.timezone, texts_of(opened))


@app.command()
def retry(
    context: typer.Context,
    reference: Annotated[
        str | None,
        typer.Argument(help="A receipt number, code or reference; else --all.", autocompletion=completion.troubled),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that needs attention.")] = False,
) -> None:
    """Let what needs a person go on in the next run.

    It is sent again, made anew where it is gone, or a step is taken again. With --all, what only a person can
    decide about (was it sold at all? was it deleted on purpose?) is left out and listed. A settlement that was
    reversed is posted anew, under its next reference.

    Example: posplugin outbox retry 1042
    """
    said = words().queue
    with open_app(context) as opened:
        if everything == (reference is not None):
            raise UsageError(said.one_or_all)
        if reference is not None:
            found, left = [opened.outbox.by_reference(reference)], []
        else:
            waiting = opened.outbox.needing_a_person()
            found = [record for record in waiting if record.reason not in ONE_BY_ONE]
            left = [record for record in waiting if record.reason in ONE_BY_ONE]
        refused = 0
        for record in found:
            try:
                again = opened.office().retry(record)
            except PosPluginError as error:
                if not everything:
                    raise
                refused += 1
                say(coloured("red", in_words(error, language())))
            else:
                say(said.goes_on.format(reference=again.receipt))
        if left:
            say(said.left_to_decide.format(count=len(left)))
            record_table(left, texts_of(opened))
    if refused:
        raise typer.Exit(Exit.FAILED)


@app.command()
def amend(
    context: typer.Context,
    reference: Reference,
    customer: Annotated[int | None, typer.Option(help="The right customer's number.")] = None,
    your_reference: Annotated[str | None, typer.Option(help="The buyer's reference; empty takes it away.")] = None,
    order_number: Annotated[str | None, typer.Option(help="The buyer's order number; empty takes it away.")] = None,
) -> None:
    """Correct customer or references of what is not delivered. Amounts are frozen; then use retry.

    Example: posplugin outbox amend 1042 --customer 10003 --order-number PO-7
    """
    with open_app(context) as opened:
        record = opened.outbox.by_reference(reference)
        now = opened.office().amend(record, customer=customer, your_reference=your_reference, order_number=order_number)
        say(f"{code_of(record)}: {_amended(record.invoice(), now.invoice())}.")


def _amended(before: Invoice, after: Invoice) -> str:
    said = words().queue
    changes = [(name, getattr(before, name), getattr(after, name)) for name in _AMENDABLE]
    return ", ".join(
        said.amended.format(field=said.fields[name], before=was or said.nothing, after=now or said.nothing)
        for name, was, now in changes
        if was != now
    )


@app.command()
def discard(
    context: typer.Context,
    reference: InTrouble,
    how: Annotated[str | None, typer.Option("--how", help="How it was handled instead, for the accountant.")] = None,
    yes: Yes = False,
) -> None:
    """Let a record go for good: it is never sent (again). Asks how it was handled.

    Of what is delivered only what is the matter is let go: a step that failed (a receipt not attached) is dropped, and
    a change made in PowerOffice is accepted as it stands.

    Example: posplugin outbox discard 1042 --how "invoiced by hand, no. 1234"
    """
    said = words().queue
    with open_app(context) as opened:
        record = opened.outbox.by_reference(reference)
        if how is None and not err.is_terminal:
            raise UsageError(said.say_how)
        told = how if how is not None else ask(said.how)
        if not yes:
            if not err.is_terminal:
                raise UsageError(said.say_yes_discard)
            is_z = record.kind is RecordKind.SETTLEMENT
            what = record.receipt if is_z else said.receipt.format(receipt=record.receipt)
            require_yes(said.discard.format(what=what, amount=kroner_text(record.amount)))
        now = opened.office().discard(record, told)
        say(f"{now.receipt}: {standing(now, texts_of(opened))}.")


@app.command()
def hide(
    context: typer.Context,
    reference: Reference,
    undo: Annotated[bool, typer.Option("--undo", help="Show it again.")] = False,
) -> None:
    """Take a record out of the lists; nothing else changes. What needs a person is listed all the same.

    Example: posplugin outbox hide 1042
    """
    said = words().queue
    with open_app(context) as opened:
        record = opened.office().hide(opened.outbox.by_reference(reference), hidden=not undo)
        say((said.shown if undo else said.hidden).format(reference=record.receipt))


@app.command()
def sync(context: typer.Context, as_json: AsJson = False) -> None:
    """Ask PowerOffice where everything delivered stands.

    Sent, paid, gone or changed; the schedule does it nightly. Exit 3 when records need attention, 1 when
    PowerOffice could not be asked.

    Example: posplugin outbox sync
    """
    said = words().queue
    with open_app(context) as opened:
        followed, newest = opened.outbox.deliveries.count(), opened.outbox.newest_event()
        failures = opened.follow()
        news = opened.outbox.changed_since(newest, SENDER)
        troubled = opened.outbox.needing_a_person()
        if as_json:
            told = {"followed": followed, "news": [record_json(record) for record in news]}
            print_json({**told, "need_a_person": len(troubled), "failures": failures})
        elif news:
            record_table(news, texts_of(opened))
        if not (failures or as_json):
            say(said.followed.format(followed=followed, news=len(news)))
        if (lost := [record for record in news if record.looks]) and not as_json:
            say(said.looked_for_again.format(names=", ".join(record.receipt for record in lost)))
        for failure in failures:
            say(coloured("red", "PowerOffice:", f" {details.in_words(failure, language())}"))
    if failures:
        raise typer.Exit(Exit.FAILED)
    if troubled:
        raise typer.Exit(Exit.NEEDS_ATTENTION)


keeping.add_to(app)
