"""The JSON of an answer, whatever stands in it: read within bounds, or refused as a whole."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

#: Numbers reach from so many places before the point to so many after it; no amount, id or rate comes near.
_PLACES = 30
#: One half of a letter alone, as JSON may have it escaped: no database takes it.
_ESCAPED_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def read_json(content: bytes) -> Any:
    """Return a body, numbers with a point as Decimal; raise `ValueError` for what is no JSON, or is beyond all bounds.

    Half letters become U+FFFD.
    """
    try:
        body = json.loads(content, parse_float=_decimal, parse_constant=_no_number)
        return _whole_letters(body) if _ESCAPED_HALF.search(content) else body
    except RecursionError:
        raise ValueError("nested too deep") from None


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if number and abs(number.adjusted()) > _PLACES:
        raise ValueError(f"{text[:20]}: beyond all amounts")
    return number


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _whole_letters(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_whole_letters(each) for each in value]
        case dict():
            return {_whole_letters(name): _whole_letters(each) for name, each in value.items()}
    return value
