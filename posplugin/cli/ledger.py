"""ledger show, ledger copy: the accounts and VAT codes of each department."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from posplugin.bookkeeping.ledger import EVERY_GROUP, PAYMENT_CODES
from posplugin.cli.context import config_of
from posplugin.cli.output import coloured, err, out, print_json, table
from posplugin.settings import Ledger, Settings, find_settings, read_settings
from posplugin.settings.copy_ledger import copy_ledger

app = typer.Typer(help="The accounts and VAT codes of each department.", no_args_is_help=True)

#: The VAT code of what is no turnover.
_NO_TURNOVER = "0"
#: The settings that are one account each, as an accountant calls them.
_SINGLE = {
    "gratuity": "Tips",
    "gift_card": "Gift card",
    "rounding": "Rounding",
    "cash_difference": "Cash difference",
    "invoice_clearing": "Clearing, invoiced and not yet sent",
}
#: What the tax authority's codes mean.
_PAYMENTS = {code: name for name, codes in PAYMENT_CODES.items() for code in codes}
_MOVEMENTS = {"11010": "taken out", "11011": "put in"}


@app.command()
def show(
    context: typer.Context,
    department: Annotated[str | None, typer.Option(help="Only this department.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As data.")] = False,
) -> None:
    """Show the ledger in force of each department, by account class, and what differs from the default ledger.

    VAT code 0 is what is no turnover: payments, tips, gift cards, rounding. Whether PowerOffice has these accounts and
    codes, `posplugin check` tells.

    Example: posplugin ledger show --department bar
    """
    settings = read_settings(find_settings(config_of(context), os.environ))
    names = [department] if department is not None else [*settings.departments]
    shown = [_shown(settings, name) for name in names]
    if as_json:
        print_json(shown)
        return
    for number, one in enumerate(shown):
        if number:
            out.print()
        _print(one)


@app.command()
def copy(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="FROM", help="A department, or default for [ledger].")],
    target: Annotated[str, typer.Argument(metavar="TO", help="A department in the settings file.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of the ledger that TO has.")] = False,
) -> None:
    """Give a department the whole ledger of another, or the default one, as its own.

    From then on, changes of those accounts there do not reach it. The rest of the settings file stays as it is.

    Example: posplugin ledger copy default terrace

    Example: posplugin ledger copy bar terrace --replace
    """
    path = find_settings(config_of(context), os.environ)
    copy_ledger(path, source, target, replace=replace)
    done = f"{target} has the ledger of {source} as its own now, in {path}. Look at it, then run: posplugin check"
    err.print(done, soft_wrap=True)
    _print(_shown(read_settings(path), target))


def _shown(settings: Settings, name: str) -> dict[str, Any]:
    """A department's ledger as data; `accounts` is None where it has none."""
    ledger, own = settings.ledger_of(name), settings.department(name).ledger
    rows = [] if ledger is None else sorted(_rows(ledger, own or Ledger()), key=_by_class)
    return {
        "department": name,
        "department_code": settings.department(name).department_code,
        "settlements_posted": settings.settles(name),
        "accounts": None if ledger is None else rows,
    }


def _by_class(row: Mapping[str, Any]) -> tuple[str, int, str]:
    """The class of an account is its first figure: 1 assets, 2 debts, 3 income, …"""
    return str(row["account"])[0], row["account"], row["what"]


def _rows(ledger: Ledger, own: Ledger) -> Iterator[dict[str, Any]]:
    rates = {row.vat for row in ledger.sales if row.article_group != EVERY_GROUP}
    own_sales = {(row.article_group, row.vat) for row in own.sales}
    for row in ledger.sales:
        every = "other groups" if row.vat in rates else "every group"
        group = every if row.article_group == EVERY_GROUP else row.article_group
        is_own = (row.article_group, row.vat) in own_sales
        yield _row(f"Sales {group} {row.vat} %", row.account, is_own, row.vat_code, row.article_group, row.vat)
    for name, account in ledger.tenders.items():
        yield _row(f"Tender {name}{_meaning(_PAYMENTS, name)}", account, name in own.tenders)
    for name, account in ledger.movements.items():
        yield _row(f"Movement {name}{_meaning(_MOVEMENTS, name)}", account, name in own.movements)
    for name, what in _SINGLE.items():
        account = getattr(ledger, name)
        if account is not None:
            yield _row(what, account, getattr(own, name) is not None)


def _row(
    what: str,
    account: int,
    is_own: bool,
    vat_code: str = _NO_TURNOVER,
    group: str | None = None,
    rate: int | None = None,
) -> dict[str, Any]:
    of_sales = {"article_group": group, "vat_rate": rate}
    return {"what": what, "account": account, "vat_code": vat_code, **of_sales, "of_the_department": is_own}


def _meaning(meanings: Mapping[str, str], code: str) -> str:
    return f" ({meanings[code]})" if code in meanings else ""


def _print(shown: Mapping[str, Any]) -> None:
    name, code = shown["department"], shown["department_code"]
    title = f"Department {name}" + (f" (code {code})" if code else "")
    if shown["accounts"] is None:
        out.print(coloured("bold", title, ": no ledger; no settlement is posted."), soft_wrap=True)
        err.print(
            f"Write [ledger] with the accountant's accounts, or run: posplugin ledger copy FROM {name}", soft_wrap=True
        )
        return
    posted = "settlements are posted" if shown["settlements_posted"] else "no settlement is posted (settlement.enabled)"
    out.print(coloured("bold", title, f": {posted}."), soft_wrap=True)
    table(
        ["account", "VAT code", "what", "from"],
        [
            (
                *(str(row["account"]), row["vat_code"], row["what"]),
                coloured("yellow", "department") if row["of_the_department"] else "default",
            )
            for row in shown["accounts"]
        ],
        right=["VAT code"],
    )
