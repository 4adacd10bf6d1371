"""The day's settlements: what will be posted and what was, and what an accountant has done about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.exceptions import BadRequest

from posplugin.app import App
from posplugin.console.page import all_words, back_to, carry_out, language, render, say, words
from posplugin.console.queue_filter import is_id
from posplugin.console.settlement_sheet import sheet_of
from posplugin.domain.clock import to_text
from posplugin.domain.errors import UsageError
from posplugin.domain.typed import day_typed
from posplugin.domain.zreport import ZReport
from posplugin.office import standing
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.record import Record
from posplugin.texts import history

#: Z reports on a page.
PER_PAGE = 31
#: The most characters on why something was done.
LONGEST_WHY = 1000
#: So many Z reports are named in a message; the rest are counted.
_NAMED = 12


def create(app: App) -> Blueprint:
    """Return the pages at /settlements, and what their forms do."""
    routes = Blueprint("settlements", __name__)

    @routes.get("/settlements")
    def show() -> str:
        found = app.outbox.settlements.newest(PER_PAGE + 1, _before(request.args.get("before", "")))
        last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
        older = f"{last.business_date.isoformat()}.{last.place}" if last else None
        return render(
            "settlements.html",
            page="settlements",
            found=found[:PER_PAGE],
            several={one.terminal_id for one in found} - {app.settings.terminal.id},
            older=url_for("settlements.show", before=older) if older else None,
            is_newest="before" not in request.args,
            said_of=standing,
            why=lambda told: history.why(told, language()),
            settles=app.settings.settles(app.settings.terminal.department),
            aside=app.settlement_desk().aside(),
        )

    @routes.get("/settlements/z")
    def one() -> str:
        z = _get(app, request.args)
        record, departments = app.outbox.settlements.numbered(*_named(request.args)), app.settings.departments
        return render(
            "settlement.html",
            page="settlements",
            number=request.args["number"],
            sheet=sheet_of(app, z, all_words(), language()) if z else None,
            record=record,
            settles=record and record.department in departments and app.settings.settles(record.department),
            seen=to_text(record.updated_at) if record else "",
            longest=LONGEST_WHY,
        )

    @routes.post("/settlements/enqueue")
    def enqueue() -> Response:
        return _enqueue(app)

    @routes.post("/settlements/z/reverse")
    def reverse() -> Response:
        text, again = words().settlements, "again" in request.form

        def do(record: Record, why: str) -> None:
            app.settlement_desk().reverse(record, why, again=again)

        done = text.deleted if "draft" in request.form else text.reversed
        return _change(app, do, f"{done} {text.posted_anew if again else text.after_all}")

    @routes.post("/settlements/z/accept")
    def accept() -> Response:
        return _change(app, lambda record, how: app.settlement_desk().accept(record, how), words().settlements.accepted)

    return routes


def _before(text: str) -> tuple[date, int] | None:
    """Read where a page begins, as an earlier page's link has it."""
    if not text:
        return None
    day, _, place = text.partition(".")
    if not is_id(place):
        raise BadRequest
    try:
        return date.fromisoformat(day), int(place)
    except ValueError:
        raise BadRequest from None


def _named(given: dict[str, str]) -> tuple[str, str]:
    return given.get("terminal", ""), given.get("number", "")


def _get(app: App, given: dict[str, str]) -> ZReport | None:
    """Return the Z that an address or a form names, None where it is damaged; there is no page of one that is not."""
    try:
        z = app.outbox.settlements.find(*_named(given))
    except ContentDamaged:
        return None
    return z or abort(404)


def _back() -> Response:
    terminal, number = _named(request.form)
    return back_to(url_for("settlements.one", terminal=terminal, number=number))


def _change(app: App, do: Callable[[Record, str], object], done: str) -> Response:
    """Make a change to a settlement as the person has seen it, with a reason, and go back to its page."""
    text, why = words().settlements, request.form.get("why", "").strip()
    record = app.outbox.settlements.numbered(*_named(request.form)) or abort(404)
    if request.form.get("seen") != to_text(record.updated_at):
        say(text.moved_on, refused=True)
    elif not why or len(why) > LONGEST_WHY:
        say(text.too_long.format(limit=LONGEST_WHY) if why else text.no_why, refused=True)
    else:
        carry_out(lambda: do(record, why), done)
    return _back()


def _enqueue(app: App) -> Response:
    """Let the Z reports of a period be posted that were kept while settlements were off."""
    text, settings = words().settlements, app.settings
    back = _back() if "number" in request.form else back_to(url_for("settlements.show"))
    days = []
    for name in ("first", "last"):
        typed = request.form.get(name, "").strip()
        try:
            days.append(day_typed(typed))
        except (ValueError, UsageError):
            say(text.no_day.format(text=typed[:40]), refused=True)
            return back
    first, last = days
    if first > last:
        say(text.backwards, refused=True)
    elif not settings.settles(settings.terminal.department):
        say(text.not_settled.format(department=settings.terminal.department), refused=True)
    else:
        _tell(app.settlement_desk().enqueue(first, last))
    return back


def _tell(taken: list[Record]) -> None:
    text = words().settlements
    if not taken:
        say(text.none_enqueued)
        return
    names = [record.receipt for record in taken[:_NAMED]]
    if len(taken) > _NAMED:
        names.append(text.and_more.format(count=len(taken) - _NAMED))
    say(text.enqueued.format(count=len(taken), names=", ".join(names)))
