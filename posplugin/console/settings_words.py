"""What is wrong in the settings, in the reader's language, and at which field it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from posplugin.checking.settings_said import sentence
from posplugin.console.settings_changes import Changes
from posplugin.console.settings_fields import words_of
from posplugin.console.settings_sections import NEW_DEPARTMENT
from posplugin.settings import Problem
from posplugin.settings.dotted import join
from posplugin.texts.console_settings import SettingsText


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is wrong: its field, where it has one, what the setting is called, and a sentence."""

    field: str | None
    label: str
    sentence: str


@dataclass(slots=True, kw_only=True)
class Trouble:
    """All that is wrong."""

    said: list[Said] = field(default_factory=list)

    @property
    def at_fields(self) -> Mapping[str, list[str]]:
        """Sentences by the name of the field."""
        found: dict[str, list[str]] = {}
        for one in self.said:
            if one.field is not None:
                found.setdefault(one.field, []).append(one.sentence)
        return found


def trouble(problems: Iterable[str], changes: Changes, text: SettingsText) -> Trouble:
    """Put what is wrong into words, and beside the fields."""
    found = Trouble()
    words = text.problems
    for problem in problems:
        place = problem.place if isinstance(problem, Problem) else ()
        found.said.append(Said(_field_of(place, changes), _label(place, text), sentence(problem, text)))
    for name, stands in changes.twice.items():
        found.said.append(Said(name, _label(_place_of(name, changes), text), words.twice.format(name=stands)))
    if changes.exists is not None:
        told = words.department_exists.format(name=changes.exists)
        found.said.append(Said(f"{NEW_DEPARTMENT}name", text.new_department, told))
    if changes.nameless:
        found.said.append(Said(f"{NEW_DEPARTMENT}name", text.new_department, words.department_nameless))
    return found


def _field_of(place: tuple[str | int, ...], changes: Changes) -> str | None:
    """The field at a place, else that of the row or table that holds it."""
    return next((changes.names[place[:end]] for end in range(len(place), 0, -1) if place[:end] in changes.names), None)


def _place_of(name: str, changes: Changes) -> tuple[str | int, ...]:
    return next((place for place, known in changes.names.items() if known == name), ())


def _label(place: tuple[str | int, ...], text: SettingsText) -> str:
    """What people call the setting at a place, with its department; else its dotted key."""
    for end in range(len(place), 0, -1):
        known = words_of(place[:end])
        if known in text.setting and len(place[:end]) > 1:
            of = f" ({place[1]})" if place[0] == "departments" else ""
            return ", ".join([f"{text.setting[known].label}{of}", *_cell(known, place[end:], text)])
    return join(*place)


def _cell(table: str, rest: tuple[str | int, ...], text: SettingsText) -> Iterator[str]:
    """What is left of a place within a table: the number of a row, or its name, and the column."""
    columns = text.column.get(table, {})
    for part in rest:
        yield text.row.format(number=part + 1) if isinstance(part, int) else columns.get(part, part)
