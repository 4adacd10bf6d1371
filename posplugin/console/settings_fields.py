"""What the page of the settings is made of: sections, in the order of the tills' manuals, with fields and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from posplugin.settings.defaults import choices_of, default_of
from posplugin.settings.dotted import join

Place = tuple[str, ...]


class Kind(StrEnum):
    """How a setting is entered."""

    TEXT = "text"
    TICK = "tick"
    CHOICE = "choice"
    DAY = "day"
    KRONER = "kroner"
    NUMBER = "number"
    #: Shown as set or not set, never as it is.
    KEY = "key"
    #: Shown, and changed in the file alone.
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting."""

    place: Place
    kind: Kind = Kind.TEXT
    options: tuple[str, ...] = ()
    #: The department that its label names.
    of: str = ""
    #: A key that may be taken out.
    may_go: bool = False

    @property
    def name(self) -> str:
        """What the field is called in the form: the dotted key."""
        return join(*self.place)

    @property
    def words(self) -> str:
        """What the setting is called among the texts."""
        return words_of(self.place)

    @property
    def default(self) -> Any:
        """What the setting is when it is left out, as TOML has it; None for nothing."""
        return default_of(*self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind = Kind.TEXT
    options: tuple[str, ...] = ()


class Shape(StrEnum):
    """How a table stands in the file."""

    #: A list of tables.
    ROWS = "rows"
    #: Names with a value each.
    PAIRS = "pairs"
    #: A list of texts.
    NAMES = "names"
    #: Names with a table each.
    TABLES = "tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A setting of which there are as many rows as a person likes."""

    place: Place
    shape: Shape
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """What its fields' names begin with: the dotted key."""
        return join(*self.place)

    @property
    def words(self) -> str:
        """What the setting is called among the texts."""
        return words_of(self.place)

    def cell(self, row: int, column: str) -> str:
        """Return the name of the field of a row; row numbers are those of the file, and go on for new ones."""
        return f"{self.name}#{row}#{column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Fields and tables that stand together."""

    fields: Sequence[Field] = ()
    tables: Sequence[Table] = ()
    #: The text above it, by its name; `of` is the department that it is about.
    heading: str = ""
    of: str = ""
    #: Out of sight until somebody asks, or something is wrong in it.
    folded: bool = False
    #: The table that it is, which is in the file or not.
    ticked: Place = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page."""

    name: str
    blocks: Sequence[Block]


def words_of(place: Sequence[str | int]) -> str:
    """Return what a setting is called among the texts: NAME for a department, its ledger as the default one."""
    match tuple(place):
        case ("departments", _, "ledger", *rest):
            return words_of(("ledger", *rest))
        case ("departments", _, *rest):
            return join("departments", "NAME", *rest)
        case ("settlement", "schedule", first, *rest):
            return words_of(("schedule", first, *rest))
        case ("schedule", "times", *_):
            return "schedule.times"
        case parts:
            return join(*parts)


def field(dotted: str, kind: Kind | None = None, **more: Any) -> Field:
    """Return a field of a setting that is no department's; its kind is told by its default and its choices."""
    place = tuple(dotted.split("."))
    options = choices_of(*place)
    known = Kind.CHOICE if options else Kind.TICK if isinstance(default_of(*place), bool) else Kind.TEXT
    return Field(place=place, kind=kind or known, options=options, **more)
