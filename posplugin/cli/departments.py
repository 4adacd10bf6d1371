"""departments fetch: what PowerOffice has, beside what the settings use."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.text import Text

from posplugin.accounting_system import AccountingError, DepartmentThere
from posplugin.cli.context import open_app
from posplugin.cli.output import coloured, out, print_json, say, table
from posplugin.cli.speech import words
from posplugin.settings.dotted import join
from posplugin.settings.model import Settings

app = typer.Typer(help="The departments, as PowerOffice has them.", no_args_is_help=True)


def add_to(above: typer.Typer) -> None:
    """Register the commands."""
    above.add_typer(app, name="departments")


@app.command()
def fetch(context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="As data.")] = False) -> None:
    """List PowerOffice's departments.

    And what to write in the settings for those that they do not use.

    Example: posplugin departments fetch
    """
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    failures: list[AccountingError] = []
    with open_app(context) as opened, opened.clients() as clients:
        for client in clients:
            try:
                rows += _rows(opened.settings, client.departments, client.system.departments(), taken)
            except AccountingError as error:
                names = f"{', '.join(client.departments)}: " if len(clients) > 1 else ""
                failures.append(AccountingError(error.verdict, error.reason, names + error.words, status=error.status))
    if as_json:
        print_json(rows)
    elif rows:
        _show(rows)
    if failures:
        raise failures[0]


def _rows(
    settings: Settings, ours: Sequence[str], there: Sequence[DepartmentThere], taken: set[str]
) -> list[dict[str, Any]]:
    """One row for each department of one client, there first, then what only the settings name.

    `taken` has the tables that have been proposed so far, of all clients.
    """
    codes = {name: settings.department(name).department_code for name in ours}
    rows = [
        {
            "client": list(ours),
            "code": one.code,
            "name": one.name,
            "active": one.is_active,
            "used_by": [name for name, code in codes.items() if code == one.code],
        }
        for one in there
    ]
    known = {one.code for one in there}
    rows += [
        {"client": list(ours), "code": code, "name": None, "active": None, "used_by": [name]}
        for name, code in codes.items()
        if code is not None and code not in known
    ]
    return [{**row, "settings": _lines(row, codes, {*settings.departments}, taken)} for row in rows]


def _lines(row: dict[str, Any], codes: Mapping[str, str | None], known: set[str], taken: set[str]) -> str | None:
    """What to write for a department that is not used yet: a code where the settings have it without, else a table."""
    if row["used_by"] or not row["active"]:
        return None
    name = _slug(row["name"]) or row["code"]
    setting = f"department_code = {json.dumps(row['code'], ensure_ascii=False)}"
    without = next((ours for ours, code in codes.items() if code is None and _slug(ours) == name), None)
    if without is not None and without not in taken:
        taken.add(without)
        there = words().setup.there_already.format(department=f"[{join('departments', without)}]")
        return f"{there}\n{setting}"
    beside = next(iter(codes))
    of_client = f"{beside}-{name}"
    names = [name, f"{name}-{row['code']}" if name in codes else of_client, f"{of_client}-{row['code']}"]
    name = next((one for one in names if one not in known | taken), names[-1])
    taken.add(name)
    as_in = words().setup.as_in.format(department=f"[{join('departments', beside)}]")
    return f"[{join('departments', name)}]\n{setting}  {as_in}"


def _slug(name: str) -> str:
    """A department's name as the settings would have it."""
    return "-".join(name.lower().split())


def _show(rows: Sequence[dict[str, Any]]) -> None:
    said = words().setup
    table(
        [said.keys_of, said.code, said.name, "", said.in_settings],
        [
            (
                *(", ".join(row["client"]), row["code"], row["name"] or "–"),
                *(_state(row), ", ".join(row["used_by"]) or "–"),
            )
            for row in rows
        ],
        whole=[said.code],
    )
    new = [row["settings"] for row in rows if row["settings"]]
    if new:
        say(f"\n{said.to_write}")
        for text in new:
            out.print(f"\n{text}", soft_wrap=True)  # to be copied: never broken


def _state(row: dict[str, Any]) -> Text:
    said = words().setup
    if row["active"] is None:
        return coloured("red", said.not_there)
    if row["active"]:
        return coloured("green", said.active)
    return coloured("red" if row["used_by"] else "", said.not_active)
