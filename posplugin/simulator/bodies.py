"""The strict check of a request body against the members and types of its object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .answers import decode, problem
from .members import ENUMS, POSTED

_OPERATIONS = ("add", "replace", "remove")


def read(content: bytes, schema: str, title: str, *, ignore_unknown: bool) -> dict[str, Any]:
    """Return the posted object with all members of its schema, null where left out; refuses all else.

    `schema` is one of `members.POSTED`; `title` is that of the 400 for a member it does not have.
    """
    return _object(_decoded(content), schema, "", None if ignore_unknown else title)


def patch(content: bytes, schema: str, title: str, *, ignore_unknown: bool) -> dict[str, Any]:
    """Return what a JSON Patch sets, by member; a path in camelCase is passed over in silence (FACTS 2)."""
    operations = _decoded(content)
    if not isinstance(operations, list):
        raise _wrong("JsonPatchDocument", "an array")
    changes = {}
    for at, each in enumerate(operations):
        path = each.get("path") if isinstance(each, dict) else None
        if not isinstance(path, str) or not path.startswith("/") or each.get("op") not in _OPERATIONS:
            raise _wrong(f"[{at}]", f"an operation with a path and one of {', '.join(_OPERATIONS)}")
        name = path[1:]
        if name in POSTED[schema]:
            value = None if each["op"] == "remove" else each.get("value")
            changes[name] = _value(value, POSTED[schema][name], name, title)
        elif not (ignore_unknown or name[:1].islower()):
            raise problem(400, title, f"Could not find member '{name}' on object of type '{schema}'.")
    return changes


def _decoded(content: bytes) -> Any:
    try:
        return decode(content)
    except ValueError as error:
        raise problem(400, "Unable to cast object(s)", f"The body is not JSON: {error}") from error


def _object(posted: Any, schema: str, where: str, title: str | None) -> dict[str, Any]:
    if not isinstance(posted, dict):
        raise _wrong(where.rstrip(".") or schema, "an object")
    members = POSTED[schema]
    for name in posted:
        # Names are PascalCase, and another case is another name (FACTS 2).
        if name not in members and title is not None:
            raise problem(400, title, f"Could not find member '{name}' on object of type '{schema}'.")
    return {name: _value(posted.get(name), kind, f"{where}{name}", title) for name, kind in members.items()}


def _value(value: Any, kind: str, where: str, title: str | None) -> Any:
    if value is None:
        return None
    if kind.endswith("[]"):
        if not isinstance(value, list):
            raise _wrong(where, "an array")
        return [_object(line, kind[:-2], f"{where}[{at}].", title) for at, line in enumerate(value)]
    if kind in POSTED:
        return _object(value, kind, f"{where}.", title)
    if kind in ENUMS:
        return _enum(value, kind, where)
    if not _FITS[kind](value):
        raise _wrong(where, kind)
    return value[:10] if kind == "day" else value


def _enum(value: Any, kind: str, where: str) -> Any:
    if _whole(value):
        raise problem(400, "Unable to cast object(s)", f"Enums is not allowed to be represented as integers ({where}).")
    if value not in ENUMS[kind]:
        raise _wrong(where, f"one of {', '.join(sorted(ENUMS[kind]))}")
    return value


def _whole(value: Any, bits: int = 64) -> bool:
    # JSON's true is Python's 1.
    return isinstance(value, int) and not isinstance(value, bool) and -(1 << bits - 1) <= value < 1 << bits - 1


def _date(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def _day(value: Any) -> bool:
    # A voucher's dates may have a time, which is not looked at (FACTS 2).
    return isinstance(value, str) and _date(value[:10]) and (len(value) == 10 or _moment(value))


def _moment(value: str) -> bool:
    try:
        return bool(datetime.fromisoformat(value))
    except ValueError:
        return False


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "int64": _whole,
    "int32": lambda value: _whole(value, 32),
    "number": lambda value: _whole(value) or isinstance(value, Decimal),
    "date": _date,
    "day": _day,
    "object": lambda value: isinstance(value, dict),
    "anything": lambda _: True,
}


def _wrong(where: str, wanted: str) -> Exception:
    return problem(400, "Unable to cast object(s)", f"{where} is not {wanted}.")
