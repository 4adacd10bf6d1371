"""The queue: every record, newest first, what happens next, and what is done about several at once."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, request

from posplugin.app import App
from posplugin.console.page import back_here, language, render, say, words
from posplugin.console.queue_filter import is_id, read_filter
from posplugin.console.shown import moment
from posplugin.domain.errors import PosPluginError
from posplugin.office import Retried, standing
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
        )

    @routes.post("/queue/selected")
    def selected() -> Response:
        ids = [int(each) for each in request.form.getlist("id") if is_id(each)]
        records = app.outbox.select(f"id IN ({', '.join('?' * len(ids))}) ORDER BY id", ids)
        act = request.form.get("act")
        if not records:
            say(words().queue.none_selected, refused=True)
        elif act == "retry":
            _tell(app.office().retry_all(records))
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
        outcome = text.outcome.get(run.outcome or "", text.outcome[""])
        told.append(text.last_run.format(when=moment(run.started_at, settings.terminal.timezone), outcome=outcome))
    return told


def _hide(app: App, records: Iterable[Record], *, hidden: bool) -> None:
    text, changed, refused = words().queue, 0, []
    for record in records:
        if record.hidden is hidden:
            continue
        try:
            app.office().hide(record, hidden=hidden)
            changed += 1
        except PosPluginError as error:
            refused.append((record, error))
    say((text.are_hidden if hidden else text.are_shown).format(count=changed))
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
