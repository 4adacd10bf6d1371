"""Give a department the whole ledger of another, so that changes of that one no longer reach it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError

from posplugin.domain.errors import ConfigError
from posplugin.settings.dotted import join
from posplugin.settings.ledger import Ledger
from posplugin.settings.read import parse_settings
from posplugin.settings.tables import Tables, at, load, named, read_text
from posplugin.settings.write import set_values

#: Names the default ledger, [ledger], among the departments.
DEFAULT = "default"


def copy_ledger(
    path: Path, source: str, target: str, *, replace: bool = False, environ: Mapping[str, str] | None = None
) -> Ledger:
    """Write the ledger in force of a department, or of `DEFAULT`, as another department's own; return it.

    Comments elsewhere in the file stay. Raises `ConfigError`, and leaves the file as it is, when there is nothing to
    copy, when both are the same, when `target` is not in the file or has a ledger of its own (unless `replace`), and as
    `set_values` does.
    """
    path, environ = path.absolute(), os.environ if environ is None else environ
    text = read_text(path)
    tables = load(text, path)
    # Not the settings: they cannot be read where a ledger is missing that should be there, which this may mend.
    _require_departments(tables, path, source, target)
    try:
        ledger = _in_force(tables, source)
    except ValidationError:
        parse_settings(text, path, environ)  # says in sentences what is wrong
        raise
    if ledger is None:
        raise ConfigError(
            [f'there is no ledger of "{source}" to copy; write [ledger] with the accountant\'s accounts in {path}']
        )
    place = join("departments", target, "ledger")
    if at(tables, "departments", target, "ledger") is not None and not replace:
        raise ConfigError([f"[{place}] is there already; to put the copy in its place, add --replace"])
    set_values(path, {place: _table(ledger, source)}, environ)
    return ledger


def _require_departments(tables: Tables, path: Path, source: str, target: str) -> None:
    if source == target:
        raise ConfigError([f'"{target}" cannot be copied onto itself; name the department whose ledger it is to get'])
    known = [name for name, _ in named(tables, "departments")]
    asked = [target] if source == DEFAULT else [source, target]
    missing = dict.fromkeys(name for name in asked if name not in known)
    if missing:
        raise ConfigError([f'department "{name}" is not in {path}; it has {", ".join(known)}' for name in missing])
    if source == DEFAULT and DEFAULT in known:
        raise ConfigError([f'"{DEFAULT}" is [ledger], but a department is called so too; rename the department'])


def _in_force(tables: Tables, source: str) -> Ledger | None:
    places = [("ledger",)] if source == DEFAULT else [("ledger",), ("departments", source, "ledger")]
    ledgers = [Ledger.model_validate(found) for place in places if (found := at(tables, *place)) is not None]
    if len(ledgers) == 2:
        return ledgers[0].overridden_by(ledgers[1])
    return ledgers[0] if ledgers else None


def _table(ledger: Ledger, source: str) -> Any:
    table = tomlkit.table()
    table.comment(f"copied from {source}")
    for name, value in ledger.model_dump(exclude_none=True, exclude={"sales"}).items():
        if value:
            table[name] = _inline(value) if isinstance(value, dict) else value
    if ledger.sales:
        rows = tomlkit.array().multiline(True)
        rows.extend(_inline(row.model_dump()) for row in ledger.sales)
        table["sales"] = rows
    table.add(tomlkit.nl())
    return table


def _inline(values: Mapping[str, object]) -> Any:
    table = tomlkit.inline_table()
    table.update(values)
    return table
