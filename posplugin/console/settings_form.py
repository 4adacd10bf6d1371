"""What the fields of the settings show: what stands in the file, or what a person has entered and not yet saved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from posplugin.console.settings_fields import Block, Column, Field, Kind, Place, Shape, Table
from posplugin.settings.tables import Tables, at

#: Lists the ticks that a form has: a browser says nothing of those that are off.
TICKS = "ticks"
#: What a key is taken out by, after the name of its field.
OUT = "#out"
#: What a tick sends when it is on.
ON = "1"
#: The number of a row has no more digits.
_LONGEST_ROW = 9
_AMOUNT = re.compile(r"\d+\.\d+")
#: What a value of a kind is in the file; "bool" is no number there.
_TYPES: Mapping[Kind, type] = {Kind.TICK: bool, Kind.DAY: date, Kind.NUMBER: int}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number in the form, and what its columns show."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of the page, by their names."""

    #: The file, as it is.
    tables: Tables
    #: What was entered; None where the page shows the file.
    typed: MultiDict[str, str] | None = None
    #: Sentences by the name of the field.
    wrong: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: The table that has just been given a row more or less.
    touched: str = ""

    def value(self, one: Field) -> str:
        """Return what a field shows: never a key."""
        if one.kind is Kind.KEY:
            return ""
        if self.typed is None or one.name not in self.typed:
            return in_file(one, self.tables)
        return as_entered(self.typed[one.name], in_file(one, self.tables))

    def is_ticked(self, one: Field) -> bool:
        """Whether a tick is on."""
        if self.typed is None or one.name not in self.typed.getlist(TICKS):
            return in_file(one, self.tables) == ON
        return one.name in self.typed

    def has(self, place: Place) -> bool:
        """Whether a table that may be left out is wanted."""
        name = ".".join(place)
        if self.typed is None or name not in self.typed.getlist(TICKS):
            return at(self.tables, *place) is not None
        return name in self.typed

    def is_set(self, one: Field) -> bool:
        """Whether the file has a key."""
        return bool(at(self.tables, *one.place))

    def rows(self, table: Table) -> list[Row]:
        """Return the rows of a table; one that is empty where there are none would say nothing, so there is none."""
        if self.typed is None or table.name not in self.typed.getlist(TICKS):
            return rows_in_file(table, self.tables)
        told, were = self.typed.getlist(f"{table.name}#"), {row.number: row for row in rows_in_file(table, self.tables)}
        numbers = [int(number) for number in told if number.isdecimal() and len(number) <= _LONGEST_ROW]
        return [
            Row(
                number,
                {
                    column.name: as_entered(
                        self.typed.get(table.cell(number, column.name), ""),
                        were[number].cells[column.name] if number in were else "",
                    )
                    for column in table.columns
                },
            )
            for number in dict.fromkeys(numbers)
        ]

    def next_row(self, table: Table) -> int:
        """Return a number that no row of a table has, nor had in the file."""
        return max([row.number + 1 for row in (*self.rows(table), *rows_in_file(table, self.tables))], default=0)

    def shows(self, block: Block) -> bool:
        """Whether a folded block is open: somebody is at work in it, something is wrong in it, or it says something."""
        names = [one.name for one in block.fields] + [table.name for table in block.tables]
        if self.touched in names or any(wrong.partition("#")[0] in names for wrong in self.wrong):
            return True
        if block.ticked:
            return self.has(block.ticked)
        tells = block.heading != "more" and any(self.value(one) for one in block.fields)
        return tells or any(self.rows(table) for table in block.tables)


def as_entered(typed: str, stands: str) -> str:
    """Return what was typed without blanks around it; as it stands in the file where nobody has changed more."""
    return stands if typed.strip() == stands.strip() else typed.strip()


def in_file(one: Field, tables: Tables) -> str:
    """Return what a field shows of the file, or of the default where a choice or a tick is left out."""
    stands = at(tables, *one.place)
    if stands is None and one.kind in (Kind.TICK, Kind.CHOICE):
        stands = one.default
    return shown(stands, one.kind)


def shown(stands: Any, kind: Kind) -> str:
    """Write a value of the file as people enter it."""
    match stands:
        case bool():
            return (ON if stands else "") if kind is Kind.TICK else str(stands).lower()
        case date():
            return f"{stands:%d.%m.%Y}"
        case str() if kind is Kind.KRONER and _AMOUNT.fullmatch(stands):
            return stands.replace(".", ",")
        case str() | int() | float():
            return str(stands)
    return ""


def fits(stands: Any, kind: Kind) -> bool:
    """Whether a value of the file is of the type that its kind has there."""
    if kind is Kind.CHOICE:
        return isinstance(stands, str | bool)
    if isinstance(stands, bool):
        return kind is Kind.TICK
    return isinstance(stands, _TYPES.get(kind, str))


def rows_in_file(table: Table, tables: Tables) -> list[Row]:
    """Return the rows that a table has in the file."""
    return [
        Row(number, {column.name: _cell(entry, column) for column in table.columns})
        for number, (_, entry) in enumerate(entries(table, tables))
    ]


def entries(table: Table, tables: Tables) -> list[tuple[str | int, Mapping[str, Any]]]:
    """Return what a table has in the file: the name or place of each row, and its values by column."""
    stands = at(tables, *table.place)
    if table.shape in (Shape.ROWS, Shape.NAMES):
        listed = stands if isinstance(stands, list) else []
        return [
            (place, entry if isinstance(entry, Mapping) else {"value": entry}) for place, entry in enumerate(listed)
        ]
    named = stands if isinstance(stands, Mapping) else {}
    return [
        (name, {"key": name, **entry} if isinstance(entry, Mapping) else {"key": name, "value": entry})
        for name, entry in named.items()
    ]


def _cell(entry: Mapping[str, Any], column: Column) -> str:
    return shown(entry.get(column.name), column.kind)
