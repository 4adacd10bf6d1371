"""What a form changes in the settings: only what a person has changed, as TOML has it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from posplugin.console.settings_fields import Field, Kind, Place, Section, Shape, Table
from posplugin.console.settings_form import ON, OUT, TICKS, Form, Row, entries, fits, in_file, rows_in_file
from posplugin.console.settings_sections import NEW_DEPARTMENT, NEW_FIELDS, fields_of, tables_of
from posplugin.domain.errors import UsageError
from posplugin.domain.money import to_kroner
from posplugin.domain.typed import day_typed, kroner_typed
from posplugin.settings.dotted import join, split
from posplugin.settings.tables import at

#: A whole number that TOML has room for has no more digits.
_LONGEST_NUMBER = 18


@dataclass(slots=True)
class Changes:
    """New values by dotted key, None for what is taken out, as `set_values` takes them."""

    values: dict[str, object] = field(default_factory=dict)
    #: The field that belongs to a place in the changed file.
    names: dict[tuple[str | int, ...], str] = field(default_factory=dict)
    #: What only a form can have wrong: fields with a name that another row has; a new department without a name, or
    #: with one that is taken.
    twice: dict[str, str] = field(default_factory=dict)
    nameless: bool = False
    exists: str | None = None


def changes_of(form: Form, page: Sequence[Section], given: Collection[str] = ()) -> Changes:
    """Return what was entered in a form that differs from the file; what the environment has `given` is no field."""
    changes = Changes()
    whole = [block.ticked for section in page for block in section.blocks if block.ticked]
    for place in whole:
        _whole(form, place, changes)
    for one in fields_of(page):
        changes.names[one.place] = one.name
        left_out = any(one.place[: len(place)] == place and not form.has(place) for place in whole)
        if not left_out and one.name not in given:
            _field(form, one, changes)
    for table in tables_of(page):
        _table(form, table, changes)
    _emptied(form, page, changes)
    _new_department(form, changes)
    return changes


def _whole(form: Form, place: Place, changes: Changes) -> None:
    stands = at(form.tables, *place) is not None
    if stands and not form.has(place):
        changes.values[join(*place)] = None
    elif not stands and form.has(place):
        changes.values[join(*place)] = {}


def _field(form: Form, one: Field, changes: Changes) -> None:
    typed, stands = form.typed, at(form.tables, *one.place)
    if typed is None or one.kind is Kind.FIXED:
        return
    if one.kind is Kind.KEY:
        if entered := typed.get(one.name, "").strip():
            changes.values[one.name] = entered
        elif one.may_go and f"{one.name}{OUT}" in typed and stands is not None:
            changes.values[one.name] = None
        return
    if one.kind is Kind.TICK:
        was, now = in_file(one, form.tables) == ON, form.is_ticked(one)
        if one.name in typed.getlist(TICKS) and (was is not now or not _ok(stands, one)):
            changes.values[one.name] = now
        return
    if one.name in typed and (form.value(one) != in_file(one, form.tables) or not _ok(stands, one)):
        entered = form.value(one)
        changes.values[one.name] = as_toml(entered, one.kind) if entered else None


def _ok(stands: Any, one: Field) -> bool:
    return stands is None or fits(stands, one.kind)


def as_toml(entered: str, kind: Kind) -> object:
    """Return what was entered as the file has it; what cannot be read stays as it is, for the settings to refuse."""
    try:
        if kind is Kind.DAY:
            return day_typed(entered)
        if kind is Kind.KRONER:
            return f"{to_kroner(kroner_typed(entered)):.2f}"
    except (ValueError, UsageError):
        return entered
    if kind is Kind.NUMBER and entered.isascii() and entered.isdecimal() and len(entered) <= _LONGEST_NUMBER:
        return int(entered)
    if kind is Kind.CHOICE and entered in ("true", "false"):
        return entered == "true"
    return entered


# -- tables ------------------------------------------------------------------------------------------------------------


def _table(form: Form, table: Table, changes: Changes) -> None:
    if form.typed is None or table.name not in form.typed.getlist(TICKS):
        _name_rows(table, rows_in_file(table, form.tables), changes)
        return
    rows = [row for row in form.rows(table) if any(row.cells.values())]
    _name_rows(table, rows, changes)
    were = {row.number: row for row in rows_in_file(table, form.tables)}
    if rows == list(were.values()):
        return
    stands = dict(enumerate(entries(table, form.tables)))
    if table.shape in (Shape.ROWS, Shape.NAMES):
        wanted = [_entry(table, row, were.get(row.number), stands.get(row.number)) for row in rows]
        listed = wanted if table.shape is Shape.ROWS else [entry.get("value", "") for entry in wanted]
        changes.values[table.name] = listed or None
        return
    _named(table, rows, were, stands, changes)


def _named(
    table: Table,
    rows: Sequence[Row],
    were: Mapping[int, Row],
    stands: Mapping[int, tuple[str | int, Mapping[str, Any]]],
    changes: Changes,
) -> None:
    """Rows that are known by a name: only those that are other than they were are written anew."""
    before = {str(name): dict(entry) for name, entry in stands.values()}
    after: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = dict(_entry(table, row, were.get(row.number), stands.get(row.number)))
        name = entry["key"] = str(entry.get("key", ""))
        if name in after:
            changes.twice[table.cell(row.number, "key")] = name
        after[name] = entry
    if not after:
        changes.values[table.name] = None
        return
    for name in sorted(before.keys() - after.keys()):
        changes.values[join(*table.place, name)] = None
    for name, entry in after.items():
        _put_named((*table.place, name), table.shape, entry, before.get(name), changes)


def _put_named(
    place: Place, shape: Shape, entry: dict[str, Any], before: dict[str, Any] | None, changes: Changes
) -> None:
    told = {column: value for column, value in entry.items() if column != "key"}
    if shape is not Shape.TABLES:
        if before is None or before.get("value") != told.get("value", ""):
            changes.values[join(*place)] = told.get("value", "")
    elif before is None:
        changes.values[join(*place)] = told
    else:
        changed = [
            column for column in {**before, **told} if column != "key" and before.get(column) != told.get(column)
        ]
        changes.values |= {join(*place, column): told.get(column) for column in changed}


def _entry(
    table: Table, row: Row, was: Row | None, stands: tuple[str | int, Mapping[str, Any]] | None
) -> Mapping[str, Any]:
    """Return a row as the file has it: as it stands there where nobody has touched it."""
    if was is not None and stands is not None and was.cells == row.cells:
        return stands[1]
    kinds = {column.name: column.kind for column in table.columns}
    return {name: as_toml(entered, kinds[name]) for name, entered in row.cells.items() if entered}


def _name_rows(table: Table, rows: Sequence[Row], changes: Changes) -> None:
    changes.names[table.place] = table.name
    for place, row in enumerate(rows):
        known: str | int = place if table.shape in (Shape.ROWS, Shape.NAMES) else row.cells.get("key", "")
        at_row = (*table.place, known)
        for column in table.columns:
            changes.names[*at_row, column.name] = table.cell(row.number, column.name)
        only = "key" if known == "" else "value"
        changes.names[at_row] = table.cell(row.number, only if table.shape is not Shape.ROWS else table.columns[0].name)


# -- what is left empty, and what is new -------------------------------------------------------------------------------


def _emptied(form: Form, page: Sequence[Section], changes: Changes) -> None:
    """Take out a table in which nothing is left: an empty ledger would be one that lacks everything."""
    places = {one.place[:-1] for one in fields_of(page) if one.place[-2:-1] in (("ledger",), ("times",))}
    after = deepcopy(form.tables)
    for dotted, value in changes.values.items():
        _put(after, split(dotted), value)
    for place in sorted(places):
        name = join(*place)
        if at(form.tables, *place) and not _holds(at(after, *place)) and name not in changes.values:
            changes.values = {key: value for key, value in changes.values.items() if not key.startswith(f"{name}.")}
            changes.values[name] = None


def _put(tables: Any, place: Sequence[str], value: object) -> None:
    *parents, name = place
    for parent in parents:
        tables = tables.setdefault(parent, {}) if isinstance(tables, dict) else None
    if isinstance(tables, dict):
        tables[name] = value


def _holds(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(_holds(each) for each in value.values())
    return value not in (None, [])


def _new_department(form: Form, changes: Changes) -> None:
    if form.typed is None:
        return
    told = {name: form.typed.get(f"{NEW_DEPARTMENT}{name}", "").strip() for name in NEW_FIELDS}
    name = told.pop("name")
    place = ("departments", name)
    if not name:
        changes.nameless = any(told.values())
        return
    if at(form.tables, *place) is not None:
        changes.exists = name
        return
    changes.values[join(*place)] = {}
    changes.values |= {join(*place, key): value for key, value in told.items() if value}
    changes.names |= {(*place, key): f"{NEW_DEPARTMENT}{key}" for key in told}
    changes.names[place] = f"{NEW_DEPARTMENT}name"
