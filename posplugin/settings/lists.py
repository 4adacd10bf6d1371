"""Change a list in the file entry by entry, so that the comments beside its rows stay."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array


def new_list(values: Sequence[object]) -> Any:
    """Return a list for the file; rows of a table stand on a line each."""
    made = tomlkit.array().multiline(any(isinstance(value, Mapping) for value in values))
    made.extend(_entry(made, value) for value in values)
    return made


def change_list(there: Array | AoT, wanted: Sequence[object]) -> None:
    """Make a list of the document equal to `wanted`; an entry that stays keeps its place, its look and its comments."""
    was, now = [_known(entry) for entry in there.unwrap()], [_known(entry) for entry in wanted]
    changes = SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes()
    for kind, first, end, new_first, new_end in reversed(changes):
        if kind == "equal":
            continue
        both = min(end - first, new_end - new_first)
        for place in reversed(range(first + both, end)):
            del there[place]
        for offset in range(both, new_end - new_first):
            there.insert(first + offset, _entry(there, wanted[new_first + offset]))
        for offset in range(both):
            _change(there, first + offset, wanted[new_first + offset])


def _known(entry: object) -> str:
    return json.dumps(entry, sort_keys=True, default=str)


def _change(there: Any, place: int, wanted: object) -> None:
    row = there[place]
    if not (isinstance(row, Mapping) and isinstance(wanted, Mapping)):
        there[place] = _entry(there, wanted)
        return
    table: Any = row
    for name in [name for name in table if name not in wanted]:
        del table[name]
    for name, value in wanted.items():
        if table.get(name) != value:
            table[name] = value


def _entry(there: Any, value: object) -> Any:
    if not isinstance(value, Mapping):
        return value
    table: Any = tomlkit.table() if isinstance(there, AoT) else tomlkit.inline_table()
    table.update(value)
    return table
