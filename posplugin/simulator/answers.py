"""What the simulated API says back, good or bad."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response


@dataclass(frozen=True)
class Answer:
    """A status, the bytes of the body and the headers to go with it."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return the answer as WSGI; without a Content-Type unless it states one."""
        response = Response(self.body, self.status)
        del response.headers["Content-Type"]
        response.headers.update(self.headers)
        return response


class RefusedError(Exception):
    """The request is answered with `answer` and has changed nothing."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def encode(value: object) -> bytes:
    """Return JSON in UTF-8, with amounts as JSON numbers."""
    return json.dumps(value, ensure_ascii=False, default=_number).encode()


def decode(content: bytes | str) -> Any:
    """Return what the JSON says, with amounts as Decimal; raises ValueError for what is not JSON."""
    return json.loads(content, parse_float=Decimal, parse_constant=_no_number)


def json_answer(status: int, value: object, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an answer whose body is `value` in JSON."""
    return Answer(status, encode(value), {"Content-Type": "application/json; charset=utf-8", **(headers or {})})


def problem(status: int, title: str, detail: str, **more: object) -> RefusedError:
    """Return a ProblemDetails to raise; its keys are lower-case although the schema's are not (FACTS 3)."""
    return RefusedError(json_answer(status, {"title": title, "status": status, "detail": detail, **more}))


def not_found(noun: str, key: str, value: object) -> RefusedError:
    """Return the 404 of a record that is not there, to raise."""
    return problem(404, "Object(s) not found", f"{noun} with {key} = {value} not found.")


def gateway(status: int, message: str) -> RefusedError:
    """Return the answer of the gateway in front of the API, to raise (FACTS 3 a)."""
    return RefusedError(json_answer(status, {"statusCode": status, "message": message}))


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not a JSON number")
