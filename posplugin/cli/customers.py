"""customers sync, find, link: the register."""

from __future__ import annotations

from typing import Annotated

import typer

from posplugin.cli.context import open_app
from posplugin.cli.output import err, print_json, table
from posplugin.domain.errors import UsageError
from posplugin.office import ago, technician

app = typer.Typer(help="The customers, as PowerOffice has them.", no_args_is_help=True)


@app.command()
def sync(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="All of them, not only what has changed.")] = False,
) -> None:
    """Read new and changed customers from PowerOffice."""
    with open_app(context) as opened:
        count = opened.sync_customers(everything=everything)
        err.print(f"{count} customers read; {opened.customers.count()} in the register.")


@app.command()
def find(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Name, number or organization number; beginnings of words will do.")] = "",
    archived: Annotated[bool, typer.Option("--archived", help="Archived ones too.")] = False,
    limit: Annotated[int, typer.Option(help="The most to list.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="As data.")] = False,
) -> None:
    """Find customers, as the till does."""
    with open_app(context) as opened:
        found = opened.customers.search(text, limit, archived=archived)
        synced = opened.customers.synced()
        age = f"read {ago(opened.clock() - synced)} ago" if synced else "never read: posplugin customers sync"
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
                }
                for match in found
            ]
        )
        return
    table(
        ["number", "name", "org. no.", "delivery", "linked to", ""],
        [
            (
                str(match.customer.number),
                match.customer.name,
                match.customer.organization_number or "–",
                str(match.customer.delivery),
                ", ".join(match.host_ids) or "–",
                "archived" if match.customer.is_archived else "VAT-free" if match.customer.is_vat_free else "",
            )
            for match in found
        ],
    )
    err.print(f"{len(found)} found; the register was {age}.")


@app.command()
def link(
    context: typer.Context,
    host_id: Annotated[str, typer.Argument(help="The till's own customer id.")],
    number: Annotated[int | None, typer.Argument(help="The PowerOffice customer number.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the link away.")] = False,
) -> None:
    """Link the till's own customer id to a PowerOffice customer."""
    with open_app(context) as opened:
        if remove:
            if not opened.customers.unlink(host_id):
                raise UsageError(f"{host_id} is not linked")
            err.print(f"{host_id} is no longer linked.")
            return
        customer = opened.customers.get(number) if number is not None else None
        if customer is None:
            raise UsageError(f"customer {number} is not in the register; run posplugin customers sync, or find")
        opened.customers.link(host_id, customer.number, technician())
        err.print(f"{host_id} is linked to {customer.number} {customer.name}.")
