"""What pydantic found wrong, said as sentences: the dotted key, what stands there, what is expected."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any, get_args

from pydantic import ValidationError

from posplugin.settings.dotted import join
from posplugin.settings.environment import variable
from posplugin.settings.model import Settings
from posplugin.settings.problem import Problem
from posplugin.settings.tables import Tables, at
from posplugin.settings.values import Section

SECRETS = frozenset({"application_key", "subscription_key", "client_key"})
#: pydantic's name of what is wrong → what to do.
_EXPECTED = {
    "string_type": "write it in quotes",
    "bool_type": "write true or false, without quotes",
    "int_type": "write a whole number, without quotes",
    "date_type": "write a date without quotes, such as 2026-11-01",
    "enum": "use {expected}",
    "literal_error": "use {expected}",
    "greater_than_equal": "give {ge} or more",
    "less_than_equal": "give {le} or less",
    "too_long": "give at most {max_length} characters",
    "tuple_type": "make it a list, in square brackets",
}
_TABLE_TYPES = {"model_type", "dict_type", "mapping_type"}
#: Of a number that is written out; Python refuses to write out one that is far longer.
_MOST_BITS = 180
#: Where nothing more is known of what is expected.
_ANOTHER = "write another value"


def sentences(found: ValidationError, tables: Tables) -> Iterator[Problem]:
    """Give one sentence for each thing wrong; a key's value, or what may be one, is never in it."""
    for error in found.errors(include_url=False):
        place = tuple(part for part in error["loc"] if part != "[key]")
        kind, stands = error["type"], error["input"]
        context: Mapping[str, Any] = error.get("ctx", {})
        named = {"setting": join(*place), "row": _row(place, tables)}
        if kind == "extra_forbidden":
            yield _unknown(place)
        elif kind == "missing":
            given = {"variable": name} if (name := variable(*place)) else {}
            or_else = ", or set {variable} in the environment" if given else ""
            yield Problem("{setting}{row} is missing; write it in the file" + or_else, place, **named, **given)
        elif kind in _TABLE_TYPES:
            # Not what stands there: it may be a key, written one table too high.
            table = f"[{join(*place)}]" if isinstance(place[-1], str) else "{ … }"
            yield Problem("{setting} is a single value; make it a table, {table}", place, **named, table=table)
        else:
            yield _wrong(place, kind, stands, context, named)


def _wrong(
    place: tuple[str | int, ...], kind: str, stands: object, context: Mapping[str, Any], named: Mapping[str, object]
) -> Problem:
    """What stands there, and what is expected: `how` is the latter as it is written here, without its details."""
    how = str(context["error"]) if kind == "value_error" else _EXPECTED.get(kind, _ANOTHER)
    details = {name: str(value).replace("'", '"') for name, value in context.items() if name != "error"}
    told = {**named, "how": how, "details": details}
    told["expected"] = how if kind == "value_error" else how.format_map(details)
    if place[-1] in SECRETS:
        return Problem("{setting}{row} cannot be used; {expected}", place, **told)
    return Problem("{setting}{row} is {value}; {expected}", place, **told, value=_shown(stands))


def _unknown(place: tuple[str | int, ...]) -> Problem:
    *parents, name = place
    close = difflib.get_close_matches(str(name), _section_at(parents).model_fields)
    close.sort(key=lambda other: sorted(other) != sorted(str(name)))  # vat_51 is vat_15 with two figures turned round
    if close:
        template, known = "{setting} is no setting; did you mean {close}?", {"close": join(*parents, close[0])}
    else:
        template, known = "{setting} is no setting; take it out", {}
    return Problem(template, place, setting=join(*place), **known)


def _section_at(parents: list[str | int]) -> type[Section]:
    section: type[Section] = Settings
    for part in parents:
        if isinstance(part, str) and part in section.model_fields:
            section = _section_in(section.model_fields[part].annotation) or section
    return section


def _section_in(annotation: object) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part))), None)


def _row(place: tuple[str | int, ...], tables: Tables) -> str:
    """Name the article group of a row of the ledger: its place in the list tells an accountant nothing."""
    row = at(tables, *place[:-1])
    if place[-3:-2] != ("sales",) or not isinstance(row, dict):
        return ""
    group = f"article group {_shown(row['article_group'])}" if "article_group" in row else ""
    rate = f"{_shown(row['vat'])} %" if "vat" in row else ""
    told = ", ".join(each for each in (group, rate) if each and place[-1] != "article_group")
    return f" ({told})" if told else ""


def _shown(value: object) -> str:
    match value:
        case dict():
            return "a table"
        case list():
            return "a list"
        case date() | time():
            return value.isoformat()
        case int() if value.bit_length() > _MOST_BITS:
            return "a number"
        case str() | bool() | int() | float():
            text = json.dumps(value, ensure_ascii=False)
            return text if len(text) <= 60 else f"{text[:57]}…"
    return type(value).__name__
