"""departments fetch: what PowerOffice has, beside what the settings use."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.text import Text

from posplugin.accounting_system import AccountingError, DepartmentThere
from posplugin.cli.context import open_app
from posplugin.cli.output import coloured, err, out, print_json, table
from posplugin.settings.dotted import join
from posplugin.settings.model import Settings

app = typer.Typer(help="The departments, as PowerOffice has them.", no_args_is_help=True)


@app.command()
def fetch(context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="As data.")] = False) -> None:
    """List PowerOffice's departments, and what to write in the settings for those that they do not use."""
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
        return f"# in [{join('departments', without)}], which is there already:\n{setting}"
    beside = next(iter(codes))
    of_client = f"{beside}-{name}"
    names = [name, f"{name}-{row['code']}" if name in codes else of_client, f"{of_client}-{row['code']}"]
    name = next((one for one in names if one not in known | taken), names[-1])
    taken.add(name)
    return f"[{join('departments', name)}]\n{setting}  # keys and products as in [{join('departments', beside)}]"


def _slug(name: str) -> str:
    """A department's name as the settings would have it."""
    return "-".join(name.lower().split())


def _show(rows: Sequence[dict[str, Any]]) -> None:
    table(
        ["keys of", "code", "name", "", "in the settings"],
        [
            (
                *(", ".join(row["client"]), row["code"], row["name"] or "–"),
                *(_state(row), ", ".join(row["used_by"]) or "–"),
            )
            for row in rows
        ],
    )
    new = [row["settings"] for row in rows if row["settings"]]
    if new:
        err.print("\nFor those that the settings do not use, when they sell by invoice:")
        for text in new:
            out.print(f"\n{text}", markup=False, soft_wrap=True)


def _state(row: dict[str, Any]) -> Text:
    if row["active"] is None:
        return coloured("red", "not in PowerOffice")
    if row["active"]:
        return coloured("green", "active")
    return coloured("red" if row["used_by"] else "", "not active")
