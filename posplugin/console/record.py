"""One record: what it is, what happened to it, and what a person does about it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, request, url_for

from posplugin.app import App
from posplugin.console import story
from posplugin.console.document import invoice_sheet, settlement_sheet
from posplugin.console.page import all_words, back_to, carry_out, language, render, say, words
from posplugin.console.queue_filter import LARGEST_ID, is_id
from posplugin.domain.clock import to_text
from posplugin.office import Preview, standing
from posplugin.outbox.record import Record

#: The most characters on how a record was handled.
LONGEST_HOW = 1000


def create(app: App) -> Blueprint:
    """Return the page at /record/<id>, and what its forms do."""
    routes = Blueprint("record", __name__, url_prefix="/record/<int:record_id>")

    @routes.get("")
    def show(record_id: int) -> str:
        return _page(app, _get(app, record_id))

    @routes.post("/preview")
    def preview(record_id: int) -> str:
        record = _get(app, record_id)
        return _page(app, record, app.office().preview([record])[0])

    @routes.post("/retry")
    def retry(record_id: int) -> Response:
        return _change(app, record_id, lambda record: app.office().retry(record), words().record.retried)

    @routes.post("/discard")
    def discard(record_id: int) -> Response:
        text, how = words().record, request.form.get("how", "").strip()
        if not how or len(how) > LONGEST_HOW:
            return _refuse(record_id, text.how_too_long.format(limit=LONGEST_HOW) if how else text.no_how)
        return _change(app, record_id, lambda record: app.office().discard(record, how), text.discarded)

    @routes.post("/amend")
    def amend(record_id: int) -> Response:
        return _amend(app, record_id)

    @routes.post("/hide")
    def hide(record_id: int) -> Response:
        return _change(app, record_id, lambda record: app.office().hide(record), words().record.hidden_now)

    @routes.post("/show")
    def unhide(record_id: int) -> Response:
        done = words().record.shown_now
        return _change(app, record_id, lambda record: app.office().hide(record, hidden=False), done)

    return routes


def _page(app: App, record: Record, preview: Preview | None = None) -> str:
    t = all_words()
    return render(
        "record.html",
        page="queue",
        record=record,
        stands=standing(record, t),
        may=app.office().may(record),
        sheet=invoice_sheet(app, record, t),
        settlement=settlement_sheet(app, record, t),
        happenings=story.happenings(app.outbox, record, t, language()),
        tries=story.tries(app.outbox, record, t, language()),
        steps=story.steps(app.outbox, record, t, language()),
        preview=preview,
        previewed=story.laid_out(preview.request) if preview and preview.request else None,
        seen=to_text(record.updated_at),
        longest_how=LONGEST_HOW,
    )


def _get(app: App, record_id: int) -> Record:
    found = app.outbox.select("id = ?", (record_id,)) if record_id <= LARGEST_ID else []
    if not found:
        abort(404)
    return found[0]


def _change(app: App, record_id: int, do: Callable[[Record], object], done: str) -> Response:
    """Make a change to a record as the person has seen it, and go back to its page."""
    record = _get(app, record_id)
    if request.form.get("seen") != to_text(record.updated_at):
        return _refuse(record_id, words().record.moved_on)
    carry_out(lambda: do(record), done)
    return back_to(url_for("record.show", record_id=record_id))


def _refuse(record_id: int, why: str) -> Response:
    say(why, refused=True)
    return back_to(url_for("record.show", record_id=record_id))


def _amend(app: App, record_id: int) -> Response:
    text, record = words().record, _get(app, record_id)
    number = request.form.get("customer", "").strip()
    if number and not is_id(number):
        return _refuse(record_id, text.no_number)
    sheet = invoice_sheet(app, record, all_words())
    was = sheet.invoice if sheet else None
    told = {name: request.form[name].strip() for name in ("your_reference", "order_number") if name in request.form}
    changed = {name: new for name, new in told.items() if was is None or new != (getattr(was, name) or "")}
    customer = int(number) if number and int(number) != record.customer_number else None
    if customer is None and not changed:
        return _refuse(record_id, text.nothing_to_amend)
    return _change(app, record_id, lambda one: app.office().amend(one, customer=customer, **changed), text.amended)
