"""One page of a list: PageNumber, PageSize, Fields and OrderBy, and the X-Pagination header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from .answers import Answer, encode, json_answer, problem
from .filters import boolean
from .state import Record

PARAMETERS = ("PageNumber", "PageSize", "Fields", "OrderBy", "UseDatabaseValidation")
_DEFAULT_SIZE, _MAX_SIZE = 5000, 20000


def page(rows: Sequence[Record], members: Sequence[str], query: Mapping[str, str], url: str, pagination: str) -> Answer:
    """Return the asked-for page: 204 and no body when it is empty; `pagination` is the answer to U6."""
    number, size = _whole(query, "PageNumber", 1), _whole(query, "PageSize", _DEFAULT_SIZE)
    if size > _MAX_SIZE:
        raise _bad("PageSize", f"cannot be larger than {_MAX_SIZE}")
    boolean(query.get("UseDatabaseValidation", "false"))
    fields = _names(query.get("Fields", ""), members, "Fields") or list(members)
    ordered = _ordered(rows, query.get("OrderBy", ""), members)
    shown = ordered[(number - 1) * size : number * size]
    if not shown:
        return Answer(204)
    last = number * size >= len(rows)
    following = urlencode({**query, "PageNumber": number + 1, "PageSize": size})
    header: dict[str, object] = {"nextPageLink": "" if last else f"{url}?{following}"}
    if pagination == "c":
        header = {"totalCount": len(rows), "pageSize": size, "currentPage": number}
        header["totalPages"] = -(-len(rows) // size)
    headers = {"X-Pagination": encode(header).decode()}
    if pagination == "b" and number == 1 and last:
        headers = {}
    return json_answer(200, [{name: row[name] for name in fields} for row in shown], headers)


def _ordered(rows: Sequence[Record], text: str, members: Sequence[str]) -> list[Record]:
    ordered = list(rows)
    # The last key first: sorting is stable.
    for part in reversed([part.split() for part in text.split(",") if part.strip()]):
        name, *direction = part
        if name not in members or [word.lower() for word in direction] not in ([], ["asc"], ["desc"]):
            raise _bad("OrderBy", "is not formatted correct")
        ordered.sort(
            key=lambda row, name=name: _sortable(row[name]),  # type: ignore[misc]
            reverse=[word.lower() for word in direction] == ["desc"],
        )
    return ordered


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, str(value) if isinstance(value, list | dict) else value)


def _names(text: str, members: Sequence[str], parameter: str) -> list[str]:
    names = [name.strip() for name in text.split(",")] if text.strip() else []
    if any(name not in members for name in names):
        raise _bad(parameter, "is not formatted correct")
    return names


def _whole(query: Mapping[str, str], parameter: str, default: int) -> int:
    text = query.get(parameter, "")
    if text and not (text.isdecimal() and int(text) > 0):
        raise _bad(parameter, "must be a whole number above 0")
    return int(text) if text else default


def _bad(parameter: str, text: str) -> Exception:
    return problem(400, "Invalid resourceParameter", f"{parameter} property in resourceParameter {text}.")
