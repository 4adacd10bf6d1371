"""What the sender has done, what it does next, and what a person has it do now."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.exceptions import BadRequest

from posplugin.app import App
from posplugin.console import picture
from posplugin.console.errand import Errands, Progress
from posplugin.console.page import all_words, back_to, language, render, say, words
from posplugin.console.queue_filter import is_id
from posplugin.console.run_words import Followed, listed, told
from posplugin.console.shown import moment
from posplugin.console.story import laid_out
from posplugin.domain.documents import RecordKind
from posplugin.domain.errors import PosPluginError
from posplugin.outbox.days import last_days
from posplugin.outbox.lifecycle import Status
from posplugin.schedule import Plan, next_run, plans
from posplugin.sender.lock import is_sending
from posplugin.sender.run import RunReport
from posplugin.sender.settle import SENDER
from posplugin.texts.console_runs import RunsText
from posplugin.texts.history import why
from posplugin.texts.refused import in_words
from posplugin.till.status import check_has_passed

#: Runs on a page.
PER_PAGE = 25
#: So many records are previewed; each may take a request.
MOST_PREVIEWED = 50
_SEND, _FOLLOW = "send", "follow"


def create(app: App) -> Blueprint:
    """Return the page at /runs, and what its forms do."""
    routes, errands = Blueprint("runs", __name__), Errands(app)

    @routes.get("/runs")
    def show() -> str:
        return _page(app, errands)

    @routes.get("/runs/progress")
    def progress() -> Response:
        latest = errands.latest()
        running = latest is not None and latest.is_running
        done, of = (latest.done, latest.of) if latest and running else (0, 0)
        return jsonify(running=running, done=done, of=of, text=_so_far(done, of, words().runs))

    @routes.post("/runs/send")
    def send() -> Response:
        return _begin(errands.start(_SEND, _send))

    @routes.post("/runs/follow")
    def follow() -> Response:
        return _begin(errands.start(_FOLLOW, _follow))

    @routes.post("/runs/preview")
    def preview() -> str:
        return _page(app, errands, preview=_preview(app))

    @routes.get("/runs/preview")
    def previewed() -> Response:  # another language was chosen there
        return back_to(url_for("runs.show"))

    return routes


def _begin(begun: bool) -> Response:
    if not begun:
        say(words().runs.is_busy, refused=True)
    return back_to(url_for("runs.show"))


def _send(app: App, progress: Progress) -> RunReport:
    return app.send("hand", progress=progress)


def _follow(app: App, _: Progress) -> Followed:
    followed, newest = app.outbox.deliveries.count(), app.outbox.newest_event()
    failures = app.follow()
    return Followed(followed, len(app.outbox.changed_since(newest, SENDER)), tuple(failures))


def _so_far(done: int, of: int, text: RunsText) -> str:
    return text.so_far.format(done=done, of=of) if of else text.beginning


# -- the page ------------------------------------------------------------------------------------------------------


def _page(app: App, errands: Errands, preview: dict[str, Any] | None = None) -> str:
    text, zone, now = words().runs, app.settings.terminal.timezone, app.clock()
    before = request.args.get("before", "")
    if before and not is_id(before):
        raise BadRequest
    found = app.runs.latest(PER_PAGE + 1, before=int(before) if before else None)
    latest, busy = errands.latest(), is_sending(app.database.path)
    days = last_days(app.outbox, now, zone, picture.DAYS)
    begins = datetime.combine(days[0].day, time(), zone)
    begun = Counter(moment.astimezone(zone).date() for moment in app.runs.begun_since(begins))
    return render(
        "runs.html",
        page="runs",
        next=_next(app),
        errand=latest if latest and latest.is_running else None,
        so_far=_so_far(latest.done, latest.of, text) if latest else "",
        outcome=told(latest, all_words(), language(), zone) if latest and not latest.is_running else None,
        another_sends=busy and not (latest and latest.is_running),
        preview=preview,
        followed=app.followed(),
        rows=picture.rows(days, text),
        height=picture.HEIGHT,
        marks=days[:: picture.EACH],
        days=days[::-1],
        begun=begun,
        in_short=text.in_short.format(
            days=len(days),
            delivered=sum(day.delivered for day in days),
            waiting=days[-1].waiting,
            attention=days[-1].attention,
        ),
        runs=[listed(run, text, language(), is_newest=not before and run == found[0]) for run in found[:PER_PAGE]],
        older=url_for("runs.show", before=found[-2].id) if len(found) > PER_PAGE else None,
        is_newest=not before,
    )


def _next(app: App) -> list[str]:
    """Return sentences: when what is sent next, or why nothing is by itself."""
    queue, settings = words().queue, app.settings
    if not settings.schedule.automatic:
        return [queue.by_hand]
    if not check_has_passed(app.outbox, settings):
        return [queue.not_checked]
    return [told for plan in plans(settings) if (told := _at(app, plan))]


def _at(app: App, plan: Plan) -> str | None:
    text, following = words().runs, next_run(app.settings, app.clock(), plan.timetable)
    if following is None:
        return None
    what = text.everything if plan.kinds == frozenset(RecordKind) else text.invoices
    if plan.kinds == {RecordKind.SETTLEMENT}:
        what = text.settlements
    return text.at.format(what=what, when=moment(following, app.settings.terminal.timezone))


def _preview(app: App) -> dict[str, Any] | None:
    """Return what would be sent of the oldest that wait; None where PowerOffice cannot even be asked."""
    due = app.outbox.in_status(Status.PENDING)
    try:
        found = app.office().preview(due[:MOST_PREVIEWED])
    except PosPluginError as error:
        say(words().runs.refused, in_words(error, language()), refused=True)
        return None
    return {
        "count": len(due),
        "ready": sum(1 for each in found if each.request),
        "records": [
            (each.record, laid_out(each.request) if each.request else None, why(each.problem, language()))
            for each in found
        ],
    }
