"""ledger show, ledger copy: the accounts and VAT codes of each department."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any

import typer

from posplugin.bookkeeping.ledger import EVERY_GROUP, PAYMENT_CODES
from posplugin.cli import completion
from posplugin.cli.context import config_of, require_department
from posplugin.cli.output import coloured, print_json, say, table, tell
from posplugin.cli.speech import words
from posplugin.settings import Ledger, Settings, find_settings, read_settings
from posplugin.settings.copy_ledger import copy_ledger

app = typer.Typer(help="The accounts and VAT codes of each department.", no_args_is_help=True)


def add_to(above: typer.Typer) -> None:
    """Register the commands."""
    above.add_typer(app, name="ledger")


#: The VAT code of what is no turnover.
_NO_TURNOVER = "0"
#: The settings that are one account each.
_SINGLE = ("gratuity", "gift_card", "rounding", "cash_difference", "invoice_clearing")
#: What the tax authority's codes mean.
_PAYMENTS = {code: name for name, codes in PAYMENT_CODES.items() for code in codes}


@app.command()
def show(
    context: typer.Context,
    department: Annotated[
        str | None, typer.Option(help="Only this department.", autocompletion=completion.departments)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As data.")] = False,
) -> None:
    """Show the ledger of each department.

    The one in force, by account class, and what differs from the default ledger. VAT code 0 is what is no turnover:
    payments, tips, gift cards, rounding. Whether PowerOffice has these accounts and codes, `posplugin check` tells.

    Example: posplugin ledger show --department bar
    """
    settings = read_settings(find_settings(config_of(context), os.environ))
    names = [require_department(settings, department)] if department is not None else [*settings.departments]
    shown = [_shown(settings, name) for name in names]
    if as_json:
        print_json(shown)
        return
    for number, one in enumerate(shown):
        if number:
            tell()
        _print(one)


@app.command()
def copy(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="FROM", help="A department, or default for [ledger].", autocompletion=completion.ledgers
        ),
    ],
    target: Annotated[
        str,
        typer.Argument(metavar="TO", help="A department in the settings file.", autocompletion=completion.departments),
    ],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of the ledger that TO has.")] = False,
) -> None:
    """Give a department the whole ledger of another.

    Or the default one, as its own. From then on, changes of those accounts there do not reach it. The rest of the
    settings file stays as it is.

    Example: posplugin ledger copy default terrace

    Example: posplugin ledger copy bar terrace --replace
    """
    path = find_settings(config_of(context), os.environ)
    copy_ledger(path, source, target, replace=replace)
    say(words().ledger.copied.format(target=target, source=source, path=path))
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
    own_sales = {(row.article_group, row.vat) for row in own.sales}
    for row in ledger.sales:
        is_own = (row.article_group, row.vat) in own_sales
        yield _row("sales", row.article_group, row.account, is_own, vat_code=row.vat_code, rate=row.vat)
    for name, account in ledger.tenders.items():
        yield _row("tender", name, account, name in own.tenders)
    for name, account in ledger.movements.items():
        yield _row("movement", name, account, name in own.movements)
    for name in _SINGLE:
        account = getattr(ledger, name)
        if account is not None:
            yield _row(name, None, account, getattr(own, name) is not None)


def _row(
    what: str, name: str | None, account: int, is_own: bool, *, vat_code: str = _NO_TURNOVER, rate: int | None = None
) -> dict[str, Any]:
    """A setting of the ledger: `what` it is for, and the `name` of the group, tender or movement."""
    which = {"what": what, "name": name, "vat_rate": rate}
    return {**which, "account": account, "vat_code": vat_code, "of_the_department": is_own}


def _print(shown: Mapping[str, Any]) -> None:
    said, name, code = words().ledger, shown["department"], shown["department_code"]
    title = said.title.format(name=name) + (said.has_code.format(code=code) if code else "")
    if shown["accounts"] is None:
        tell(coloured("bold", title, said.none))
        say(said.write_one.format(name=name))
        return
    tell(coloured("bold", title, said.posted if shown["settlements_posted"] else said.not_posted))
    rates = {row["vat_rate"] for row in shown["accounts"] if row["what"] == "sales" and row["name"] != EVERY_GROUP}
    table(
        [said.account, said.vat_code, said.what, said.source],
        [
            (
                *(str(row["account"]), row["vat_code"], _told(row, rates)),
                coloured("yellow", said.department) if row["of_the_department"] else said.default,
            )
            for row in shown["accounts"]
        ],
        right=[said.vat_code],
        whole=[said.account, said.source],
    )


def _told(row: Mapping[str, Any], rates: Collection[int]) -> str:
    """What an account is for, as an accountant calls it; `rates` are those at which some group has its own."""
    said, name = words().ledger, row["name"]
    if row["what"] == "sales":
        every = said.other_groups if row["vat_rate"] in rates else said.every_group
        return said.sales.format(group=every if name == EVERY_GROUP else name, rate=row["vat_rate"])
    if row["what"] == "tender":
        return said.tender.format(name=name) + _meaning(said.tenders, _PAYMENTS.get(name))
    if row["what"] == "movement":
        return said.movement.format(name=name) + _meaning(said.movements, name)
    return said.single[row["what"]]


def _meaning(meanings: Mapping[str, str], code: str | None) -> str:
    return f" ({meanings[code]})" if code is not None and code in meanings else ""
