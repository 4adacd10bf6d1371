"""customers sync, find, set, link, links: the register, and what is kept beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from posplugin.app import App
from posplugin.bookkeeping.exposure import limit_of
from posplugin.checking import said, verify_register
from posplugin.cli.completion import departments
from posplugin.cli.context import open_app, require_department, texts_of
from posplugin.cli.link_file import known, linkable, read_links, require_free
from posplugin.cli.output import coloured, print_json, say, table
from posplugin.cli.speech import words
from posplugin.domain.customer import CustomerAccount, CustomerTerms
from posplugin.domain.errors import UsageError
from posplugin.domain.money import kroner_text, to_kroner
from posplugin.domain.payment import LONGEST_FIELD, CustomerMatch
from posplugin.domain.typed import kroner_typed
from posplugin.office import technician
from posplugin.outbox.customers import CustomerRegister
from posplugin.settings.clients import client_of, go_clients

app = typer.Typer(help="The customers, as PowerOffice has them.", no_args_is_help=True)


def add_to(above: typer.Typer) -> None:
    """Register the commands."""
    above.add_typer(app, name="customers")


#: Øre; whoever may owe more has no limit.
_HIGHEST_LIMIT = 1_000_000_000_00

AsJson = Annotated[bool, typer.Option("--json", help="As data.")]
Department = Annotated[
    str | None,
    typer.Option(
        "--department",
        help="Whose customers: departments with keys of their own have others.",
        autocompletion=departments,
    ),
]


def _register(opened: App, department: str | None) -> CustomerRegister:
    name = department or opened.settings.terminal.department
    require_department(opened.settings, name)
    return opened.customers.of(client_of(opened.settings, name))


@app.command()
def sync(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="All of them, not only what has changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read customers, and what they owe, from PowerOffice.

    Only what is new or has changed, unless --all says otherwise.

    Example: posplugin customers sync --all
    """
    with open_app(context) as opened:
        count = opened.sync_customers(everything=everything)
        known = sum(opened.customers.of(client).count() for client in go_clients(opened.settings))
        if as_json:
            print_json({"read": count, "known": known})
        else:
            say(words().customers.synced.format(read=count, known=known))


@app.command()
def find(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Name, number or organization number; beginnings of words will do.")] = "",
    archived: Annotated[bool, typer.Option("--archived", help="Archived ones too.")] = False,
    limit: Annotated[int, typer.Option(help="The most to list.")] = 50,
    department: Department = None,
    as_json: AsJson = False,
) -> None:
    """Find customers, as the till does.

    With their limits, and what they owe.

    Example: posplugin customers find fjell
    """
    columns = words().customers
    with open_app(context) as opened:
        register = _register(opened, department)
        found = register.search(text, limit, archived=archived)
        accounts = register.accounts.of(match.customer.number for match in found)
        default = opened.settings.invoicing.default_credit_limit
        client = client_of(opened.settings, department or opened.settings.terminal.department)
        read = said(verify_register(opened.settings, register, client, opened.clock()), texts_of(opened))
    limits = {number: limit_of(account.terms, default) for number, account in accounts.items()}
    if as_json:
        print_json(
            [
                {
                    "number": match.customer.number,
                    "name": match.customer.name,
                    "organization_number": match.customer.organization_number,
                    "delivery": match.customer.delivery,
                    "vat_free": match.customer.is_vat_free,
                    "archived": match.customer.is_archived,
                    "linked": match.host_ids,
                    "credit_limit_ore": limits[match.customer.number],
                    "open_ore": account.open_amount,
                    "open_in_poweroffice_ore": account.open_there,
                    "reference": account.terms.your_reference,
                    "order_number": account.terms.order_number,
                }
                for match in found
                for account in [accounts[match.customer.number]]
            ]
        )
        return
    table(
        [columns.number, columns.name, columns.organization, columns.delivery, columns.limit, columns.open],
        [
            (
                str(match.customer.number),
                _named(match),
                match.customer.organization_number or "–",
                columns.deliveries[match.customer.delivery],
                _kroner(limits[match.customer.number]),
                _open(accounts[match.customer.number]),
            )
            for match in found
        ],
        right=[columns.limit, columns.open],
        whole=[columns.number, columns.organization, columns.delivery],
    )
    counted = columns.found.format(count=len(found))
    say(" ".join(filter(None, [f"{counted}; {read.what}: {read.text}", read.remedy])))


def _named(match: CustomerMatch) -> str:
    """A customer's name, and below it what to know of it."""
    said, customer = words().customers, match.customer
    notes = [
        said.archived if customer.is_archived else "",
        said.vat_free if customer.is_vat_free else "",
        said.linked_to.format(ids=", ".join(match.host_ids)) if match.host_ids else "",
    ]
    return "\n".join([customer.name, *(f"– {note}" for note in notes if note)])


@app.command("set")
def set_terms(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The PowerOffice customer number.")],
    credit_limit: Annotated[
        str | None, typer.Option(metavar="KRONER", help='Such as 10000.00; "default": as in the settings.')
    ] = None,
    no_credit_limit: Annotated[
        bool, typer.Option("--no-credit-limit", help="No limit, whatever the settings say.")
    ] = False,
    reference: Annotated[
        str | None, typer.Option(help="“Your reference” where the cashier enters none; empty takes it away.")
    ] = None,
    order_number: Annotated[
        str | None, typer.Option(help="Order number where the cashier enters none; empty takes it away.")
    ] = None,
    department: Department = None,
) -> None:
    """Set a customer's credit limit and references.

    The references go on its invoices where the cashier enters none. Without options, show them.

    Example: posplugin customers set 10002 --credit-limit 10000.00 --reference "Kari Nordmann"
    """
    if credit_limit is not None and no_credit_limit:
        raise UsageError(words().customers.not_both_limits)
    with open_app(context) as opened:
        register = _register(opened, department)
        customer = known(register, number)
        terms = before = register.accounts.terms(number)
        if credit_limit is not None or no_credit_limit:
            terms = replace(terms, credit_limit=_limit(credit_limit), unlimited=no_credit_limit)
        if reference is not None:
            terms = replace(terms, your_reference=_text("--reference", reference))
        if order_number is not None:
            terms = replace(terms, order_number=_text("--order-number", order_number))
        if terms != before:
            register.accounts.set_terms(number, terms, technician())
        told = _told(terms, opened.settings.invoicing.default_credit_limit)
        say(f"{customer.number} {customer.name}: {told}.")


def _limit(text: str | None) -> int | None:
    if text is None or text == "default":
        return None
    try:
        ore = kroner_typed(text)
    except UsageError:
        raise
    except ValueError:
        raise UsageError("{text!r} is no amount; write kroner with a point, such as 39.00", text=text) from None
    if not 0 <= ore <= _HIGHEST_LIMIT:
        raise UsageError(words().customers.limit_out_of_range.format(text=text, highest=to_kroner(_HIGHEST_LIMIT)))
    return ore


def _text(option: str, text: str) -> str | None:
    stripped = text.strip()
    if len(stripped) > LONGEST_FIELD or not stripped.isprintable():
        raise UsageError(words().customers.unprintable.format(option=option, longest=LONGEST_FIELD))
    return stripped or None


def _told(terms: CustomerTerms, default: int | None) -> str:
    said, limit = words().customers, limit_of(terms, default)
    whose = said.of_the_settings if limit is not None and terms.credit_limit is None else ""
    parts = [said.no_limit if limit is None else said.credit_limit.format(amount=kroner_text(limit)) + whose]
    if terms.your_reference:
        parts.append(said.has_reference.format(text=terms.your_reference))
    if terms.order_number:
        parts.append(said.has_order_number.format(text=terms.order_number))
    return ", ".join(parts)


def _kroner(ore: int | None) -> str:
    return "–" if ore is None else kroner_text(ore)


def _open(account: CustomerAccount) -> str:
    """Nothing where PowerOffice has never been asked: what waits here is a part alone."""
    return _kroner(None if account.open_there is None else account.open_amount)


@app.command()
def link(
    context: typer.Context,
    host_id: Annotated[str | None, typer.Argument(help="The till's own customer id.")] = None,
    number: Annotated[int | None, typer.Argument(help="The PowerOffice customer number.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the link away.")] = False,
    move: Annotated[bool, typer.Option("--move", help="Also where it is linked to another customer now.")] = False,
    file: Annotated[
        Path | None, typer.Option("--import", help="A CSV file of many: host_id;number on each line. All, or none.")
    ] = None,
    department: Department = None,
) -> None:
    """Link the till's own customer id to a PowerOffice customer.

    Example: posplugin customers link K-17 10003

    Example: posplugin customers link --import links.csv
    """
    said = words().customers
    with open_app(context) as opened:
        register = _register(opened, department)
        if file is not None:
            if host_id is not None or remove:
                raise UsageError(said.import_alone)
            links = read_links(file, register, move=move)
            register.link_all(links, technician())
            say(said.many_linked.format(count=len(links)))
        elif host_id is None:
            raise UsageError(said.give_id)
        elif remove:
            if not register.unlink(host_id):
                raise UsageError(said.not_linked.format(host_id=host_id))
            say(said.unlinked.format(host_id=host_id))
        else:
            customer = linkable(register, number)
            if not move:
                require_free(register, host_id, customer.number)
            register.link(host_id, customer.number, technician())
            say(said.linked.format(host_id=host_id, number=customer.number, name=customer.name))


@app.command()
def links(
    context: typer.Context,
    department: Department = None,
    as_json: AsJson = False,
) -> None:
    """List every link, and where it leads.

    linked: to a customer that can be invoiced; archived; or gone.

    Example: posplugin customers links --department bar
    """
    said = words().customers
    with open_app(context) as opened:
        found = _register(opened, department).links()
    if as_json:
        print_json(
            [
                {"host_id": one.host_id, "number": one.number, "name": one.name or None, "state": one.state}
                for one in found
            ]
        )
        return
    colours = {"linked": "green", "archived": "yellow", "gone": "red"}
    table(
        [said.till_id, said.number, said.name, ""],
        [
            (one.host_id, str(one.number), one.name or "–", coloured(colours[one.state], said.link_states[one.state]))
            for one in found
        ],
        whole=[said.number],
    )
    say(said.links.format(count=len(found)))
