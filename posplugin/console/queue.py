"""The queue: every record, newest first, what happens next, and what is done about several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from flask import Blueprint, Response, request

from posplugin.app import App
from posplugin.console.page import back_here, language, render, say, words
from posplugin.console.queue_filter import PER_PAGE, is_id, read_filter
from posplugin.console.record import LONGEST_HOW
from posplugin.console.shown import moment
from posplugin.domain.clock import to_text
from posplugin.domain.errors import PosPluginError
from posplugin.office import ONE_BY_ONE, Retried, standing
from posplugin.outbox.finding import Standing, tally
from posplugin.outbox.record import Record
from posplugin.schedule import next_run
from posplugin.sender.lock import is_sending
from posplugin.texts.refused import in_words
from posplugin.till.status import check_has_passed

#: So many records are named in a message; the rest are counted.
_NAMED = 12


def create(app: App) -> Blueprint:
    """Return the page at /."""
    routes = Blueprint("queue", __name__)

    @routes.get("/")
    def show() -> str:
        asked = read_filter(request.args, words().queue)
        found = app.office().find(asked.filter)
        return render(
            "queue.html",
            page="queue",
            asked=asked,
            records=found[: asked.filter.limit - 1],
            older=asked.address(before=found[-2].id) if len(found) == asked.filter.limit else None,
            counts=tally(app.outbox, hidden=asked.filter.hidden),
            standings=list(Standing),
            departments=sorted({*app.settings.departments}),
            next=_next(app),
            said_of=standing,
            one_by_one=ONE_BY_ONE,
            tick=_tick,
            longest_how=LONGEST_HOW,
        )

    @routes.post("/queue/selected")
    def selected() -> Response:
        only = request.form.getlist("only")
        act = "retry" if only else request.form.get("act")
        records, moved = _ticked(app, (only or request.form.getlist("id"))[:PER_PAGE])
        if moved:
            say(words().queue.refused.format(names=_names(moved)), words().record.moved_on, refused=True)
        if not records:
            if not moved:
                say(words().queue.none_selected, refused=True)
        elif act == "retry":
            _tell(app.office().retry_all(records))
        elif act == "discard":
            _discard(app, records)
        elif act in ("hide", "show"):
            _hide(app, records, hidden=act == "hide")
        return back_here("/")

    @routes.post("/queue/retry-all")
    def retry_all() -> Response:
        waiting = app.outbox.needing_a_person()
        if waiting:
            _tell(app.office().retry_all(waiting))
        else:
            say(words().queue.nothing_to_retry)
        return back_here("/")

    return routes


def _tick(record: Record) -> str:
    """Return what a tick beside a record sends: which, and as it stands on the page."""
    return f"{record.id}:{to_text(record.updated_at)}"


def _ticked(app: App, ticks: Iterable[str]) -> tuple[list[Record], list[Record]]:
    """Return the records that were ticked, and those that are no longer as they stood on the page."""
    shown = {int(record_id): tick for tick in ticks if is_id(record_id := tick.partition(":")[0])}
    records = app.outbox.select(f"id IN ({', '.join('?' * len(shown))}) ORDER BY id", shown)
    moved = [record for record in records if shown[record.id] != _tick(record)]
    return [record for record in records if record not in moved], moved


def _next(app: App) -> list[str]:
    """Return sentences: what happens next with what waits, and how it went last time."""
    text, settings, told = words().queue, app.settings, []
    if is_sending(app.database.path):
        told.append(text.sending_now)
    if not settings.schedule.automatic:
        told.append(text.by_hand)
    elif not check_has_passed(app.outbox, settings):
        told.append(text.not_checked)
    elif following := next_run(settings, app.clock()):
        told.append(text.next_run.format(when=moment(following, settings.terminal.timezone)))
    for run in app.runs.latest():
        ended = "attention" if run.outcome == "done" and run.attention else run.outcome or ""
        outcome = text.outcome.get(ended, text.outcome[""])
        told.append(text.last_run.format(when=moment(run.started_at, settings.terminal.timezone), outcome=outcome))
    return told


def _hide(app: App, records: Iterable[Record], *, hidden: bool) -> None:
    text = words().queue
    others = [record for record in records if record.hidden is not hidden]
    _each(
        others, lambda record: app.office().hide(record, hidden=hidden), text.are_hidden if hidden else text.are_shown
    )


def _discard(app: App, records: Sequence[Record]) -> None:
    """Let several go for good."""
    text, how = words().record, request.form.get("how", "").strip()
    if not how or len(how) > LONGEST_HOW:
        say(text.how_too_long.format(limit=LONGEST_HOW) if how else text.no_how, refused=True)
        return
    _each(records, lambda record: app.office().discard(record, how), words().queue.are_discarded)


def _each(records: Iterable[Record], do: Callable[[Record], object], done: str) -> None:
    """Do something to each, and say to how many it was done, and which were refused."""
    changed, refused = 0, []
    for record in records:
        try:
            do(record)
            changed += 1
        except PosPluginError as error:
            refused.append((record, error))
    if changed or not refused:
        say(done.format(count=changed))
    _tell_refused(refused)


def _tell(what: Retried) -> None:
    text = words().queue
    if what.again:
        say(text.retried.format(count=len(what.again)))
    if what.left:
        say(text.left.format(count=len(what.left), names=_names(what.left)), refused=True)
    if idle := [record for record, _ in what.refused if not record.needs_a_person]:
        say(text.not_needed.format(count=len(idle), names=_names(idle)), refused=True)
    _tell_refused([(record, error) for record, error in what.refused if record.needs_a_person])


def _tell_refused(refused: Iterable[tuple[Record, PosPluginError]]) -> None:
    for record, error in list(refused)[:_NAMED]:
        say(words().queue.refused.format(names=record.receipt), in_words(error, language()), refused=True)


def _names(records: Iterable[Record]) -> str:
    names = [record.receipt for record in records]
    more = words().more.format(count=len(names) - _NAMED)
    return ", ".join([*names[:_NAMED], *([more] if len(names) > _NAMED else [])])
