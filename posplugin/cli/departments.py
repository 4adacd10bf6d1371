"""departments fetch: what PowerOffice has, beside what the settings use."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
    failures: list[AccountingError] = []
    with open_app(context) as opened, opened.clients() as clients:
        for client in clients:
            try:
                rows += _rows(opened.settings, client.departments, client.system.departments())
            except AccountingError as error:
                names = f"{', '.join(client.departments)}: " if len(clients) > 1 else ""
                failures.append(AccountingError(error.verdict, error.reason, names + error.words, status=error.status))
    if as_json:
        print_json(rows)
    else:
        _show(rows)
    if failures:
        raise failures[0]


def _rows(settings: Settings, ours: Sequence[str], there: Sequence[DepartmentThere]) -> list[dict[str, Any]]:
    """One row for each department of one client, there first, then what only the settings name."""
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
    return [{**row, "settings": _line(row, ours[0], settings)} for row in rows]


def _line(row: dict[str, Any], beside: str, settings: Settings) -> str | None:
    """What to write for a department that is not used yet."""
    if row["used_by"] or not row["active"]:
        return None
    name = "-".join(row["name"].lower().split()) or row["code"]
    if name in settings.departments:
        name = f"{name}-{row['code']}"
    keys = join("departments", beside)
    code = json.dumps(row["code"], ensure_ascii=False)
    return f"[{join('departments', name)}]\ndepartment_code = {code}  # keys and products as in [{keys}]"


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
        err.print("\nFor those that are not in the settings, when they sell by invoice:")
        for text in new:
            out.print(f"\n{text}", markup=False, soft_wrap=True)


def _state(row: dict[str, Any]) -> Text:
    if row["active"] is None:
        return coloured("red", "not in PowerOffice")
    if row["active"]:
        return coloured("green", "active")
    return coloured("red" if row["used_by"] else "", "not active")
