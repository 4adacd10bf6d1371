"""The strict check of a request body against the members and types of its object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .answers import decode, problem
from .members import ACCRUAL_POST, ENUMS, LINE_POST, ORDER_POST

_NESTED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "lines": ("SalesOrderLinePostDto", LINE_POST),
    "accrual": ("SalesOrderAccrualPostDto", ACCRUAL_POST),
}


def order_body(content: bytes, *, ignore_unknown: bool) -> dict[str, Any]:
    """Return the posted order with all members of its schema, null where left out; refuses all else."""
    try:
        posted = decode(content)
    except ValueError as error:
        raise problem(400, "Unable to cast object(s)", f"The body is not JSON: {error}") from error
    return _object(posted, "SalesOrderCompletePostDto", ORDER_POST, "", ignore_unknown)


def _object(posted: Any, schema: str, members: Mapping[str, str], where: str, ignore_unknown: bool) -> dict[str, Any]:
    if not isinstance(posted, dict):
        raise _wrong(where or schema, "an object")
    for name in posted:
        # Names are PascalCase, and another case is another name (FACTS 2).
        if name not in members and not ignore_unknown:
            raise problem(
                400,
                "Sales order validation error(s)",
                f"Could not find member '{name}' on object of type '{schema}'.",
            )
    return {name: _value(posted.get(name), kind, f"{where}{name}", ignore_unknown) for name, kind in members.items()}


def _value(value: Any, kind: str, where: str, ignore_unknown: bool) -> Any:
    if value is None:
        return None
    if kind == "lines":
        if not isinstance(value, list):
            raise _wrong(where, "an array")
        return [_object(line, *_NESTED[kind], f"{where}[{at}].", ignore_unknown) for at, line in enumerate(value)]
    if kind == "accrual":
        return _object(value, *_NESTED[kind], f"{where}.", ignore_unknown)
    if kind in ENUMS:
        return _enum(value, kind, where)
    if not _FITS[kind](value):
        raise _wrong(where, kind)
    return value


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


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "int64": _whole,
    "int32": lambda value: _whole(value, 32),
    "number": lambda value: _whole(value) or isinstance(value, Decimal),
    "date": _date,
}


def _wrong(where: str, wanted: str) -> Exception:
    return problem(400, "Unable to cast object(s)", f"{where} is not {wanted}.")
