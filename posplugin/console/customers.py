"""Who can be invoiced and who is refused, what they owe, and by which ids the till knows them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, jsonify, request, url_for

from posplugin.app import App
from posplugin.checking import refused, said, verify_register
from posplugin.console.customer_form import HIGHEST_LIMIT, LONGEST_ID, Wrong, host_id_of, terms_of
from posplugin.console.customer_list import REFUSED, Asked, listed, page_of, read_asked, whose
from posplugin.console.errand import Errand, Errands
from posplugin.console.page import all_words, back_here, back_to, language, render, say, words
from posplugin.console.queue_filter import LARGEST_ID
from posplugin.console.run_words import Told
from posplugin.console.shown import Tone, moment
from posplugin.domain.customer import Customer
from posplugin.domain.payment import LONGEST_FIELD
from posplugin.logs import get_logger
from posplugin.office import technician
from posplugin.outbox.customers import CustomerRegister, LinkState, Which
from posplugin.settings.clients import go_clients
from posplugin.texts.refused import in_words

log = get_logger("console")

#: So many links that lead nowhere are listed at most.
_MOST_BROKEN = 50
_SYNC = "customers"


def create(app: App) -> Blueprint:
    """Return the pages at /customers, and what their forms do."""
    routes, errands = Blueprint("customers", __name__), Errands(app)

    @routes.get("/customers")
    def show() -> str:
        return _list(app, errands, read_asked(app, request.args))

    @routes.get("/customers/progress")
    def progress() -> Response:
        latest = errands.latest()
        return jsonify(running=bool(latest and latest.is_running), done=0, of=0, text=words().customers.beginning)

    @routes.post("/customers/sync")
    def sync() -> Response:
        everything, text = "everything" in request.form, words().customers
        if not errands.start(_SYNC, lambda own, _: _sync(own, everything=everything)):
            say(text.is_busy, refused=True)
        return back_here(url_for("customers.show"))

    @routes.get("/customers/<int:number>")
    def one(number: int) -> str:
        return _one(app, number, read_asked(app, request.args))

    @routes.post("/customers/<int:number>/link")
    def link(number: int) -> Response:
        return _change(app, number, _link)  # an id of another customer's is asked about first

    @routes.post("/customers/<int:number>/terms")
    def terms(number: int) -> Response:
        return _change(app, number, _set_terms)

    @routes.post("/customers/unlink")
    def unlink() -> Response:
        text, host_id = words().customers, request.form.get("host_id", "")
        register = app.customers.of(read_asked(app, request.form).client)
        gone = register.unlink(host_id)
        log.info("customer_unlinked" if gone else "not_linked", host_id=host_id, who=technician())
        say((text.unlinked if gone else text.not_linked).format(host_id=host_id[:LONGEST_ID]), refused=not gone)
        return back_here(url_for("customers.show"))

    return routes


# -- the list ------------------------------------------------------------------------------------------------------


def _list(app: App, errands: Errands, asked: Asked) -> str:
    register, latest = app.customers.of(asked.client), errands.latest()
    zone = app.settings.terminal.timezone
    return render(
        "customers.html",
        page="customers",
        asked=asked,
        found=page_of(app, asked),
        sorts=[*Which, REFUSED],
        whose=whose(app),
        read=said(verify_register(app.settings, register, asked.client, app.clock()), all_words()),
        broken=[link for link in register.links() if link.state is not LinkState.LINKED][:_MOST_BROKEN],
        errand=latest if latest and latest.is_running else None,
        outcome=_told(latest, moment(latest.ended, zone)) if latest and not latest.is_running else None,
        default_limit=app.settings.invoicing.default_credit_limit,
    )


def _sync(app: App, *, everything: bool) -> tuple[int, int]:
    count = app.sync_customers(everything=everything)
    return count, sum(app.customers.of(client).count() for client in go_clients(app.settings))


def _told(errand: Errand, ended: str) -> Told:
    text = words().customers
    when = text.synced_at.format(when=ended)
    if errand.error is not None:
        return Told(Tone.RED, when, [text.sync_refused], [in_words(errand.error, language())])
    if errand.crashed:
        return Told(Tone.RED, when, [text.crashed])
    assert isinstance(errand.result, tuple)
    read, known = errand.result
    return Told(Tone.GREEN, when, [text.synced.format(read=read, known=known)])


# -- one customer --------------------------------------------------------------------------------------------------


def _one(app: App, number: int, asked: Asked) -> str:
    register = app.customers.of(asked.client)
    customer = _get(register, number)
    move = request.args.get("move", "")
    before = register.linked(move)
    codes = next((found for _, found in refused(app.settings, register, [customer])), ())
    shown, sentences = listed(app, register, [register.match(customer)], {number: codes})[0], all_words().refusal
    return render(
        "customer.html",
        page="customers",
        asked=asked,
        shown=shown,
        customer=customer,
        refusals=[(code, sentences[code].format_map({"customer": customer.name, "number": number})) for code in codes],
        moving=(move, before) if before not in (None, number) else None,
        several=len(go_clients(app.settings)) > 1,
        longest_id=LONGEST_ID,
        longest_field=LONGEST_FIELD,
        highest=HIGHEST_LIMIT,
    )


def _get(register: CustomerRegister, number: int) -> Customer:
    return (register.get(number) if number <= LARGEST_ID else None) or abort(404)


def _change(app: App, number: int, do: Callable[[CustomerRegister, Customer], str | None]) -> Response:
    """Do what a form asks; an id that comes back is to be moved here if a second button says so."""
    asked = read_asked(app, request.form)
    register = app.customers.of(asked.client)
    move = None
    try:
        move = do(register, _get(register, number))
    except Wrong as wrong:
        say(wrong.sentence, refused=True)
    return back_to(url_for("customers.one", number=number, client=asked.whose or None, move=move))


def _link(register: CustomerRegister, customer: Customer) -> str | None:
    text = words().customers
    host_id = host_id_of(request.form, text)
    if customer.is_archived:
        raise Wrong(text.is_archived)
    before = register.linked(host_id)
    if before not in (None, customer.number) and "move" not in request.form:
        return host_id
    register.link(host_id, customer.number, technician())
    say(text.linked.format(host_id=host_id, number=customer.number, name=customer.name))
    if before is not None and before != customer.number:
        say(text.linked_before.format(host_id=host_id, number=before))
    return None


def _set_terms(register: CustomerRegister, customer: Customer) -> None:
    text, before = words().customers, register.accounts.terms(customer.number)
    terms = terms_of(request.form, before, text)
    if terms == before:
        say(text.nothing_changed)
        return
    register.accounts.set_terms(customer.number, terms, technician())
    say(text.saved)
