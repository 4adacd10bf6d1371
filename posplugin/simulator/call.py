"""One call of the API by a client with a valid token."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flask import request

from . import bodies
from .answers import Answer, RefusedError, problem
from .filters import boolean
from .office import Office
from .state import Record


@dataclass(frozen=True)
class Call:
    """Which Go client calls, with which parameters (in their own spelling) and body."""

    office: Office
    client: str
    query: Mapping[str, str]
    content: bytes
    url: str
    mimetype: str
    may_send: bool

    def asks(self, parameter: str) -> bool:
        """Return whether a true-or-false parameter is true."""
        return boolean(self.query.get(parameter, "").strip() or "false")

    def posted(self, schema: str, title: str) -> Record:
        """Return the JSON body, checked against its schema; `title` is that of the 400 for unknown members."""
        if self.mimetype != "application/json":
            raise problem(415, "Unsupported Media Type", f"'{self.mimetype}' is not application/json.")
        return bodies.read(self.content, schema, title, ignore_unknown=self.office.switches["U9"] == "b")


class Part(NamedTuple):
    """A file sent as multipart/form-data."""

    name: str
    media: str
    content: bytes


class Endpoint(NamedTuple):
    """A method and path (in lower case), what answers, and the privileges of which one is needed."""

    method: str
    rule: str
    answer: Callable[..., Answer]
    roles: Iterable[str]
    query: Iterable[str] = ()


def file_part(title: str) -> Part:
    """Return the one part named "file" of the request; `title` is that of the 400 for another body."""
    part = request.files.get("file")
    if part is None or len(request.files) != 1:
        raise problem(400, title, "The body must be multipart/form-data with one part named 'file'.")
    return Part(part.filename or "", part.mimetype, part.read())


def spelled(given: Iterable[tuple[str, str]], known: Iterable[str]) -> dict[str, str]:
    """Return the query by the parameters' own spelling; refuses what the endpoint does not know (FACTS 2)."""
    spelling = {name.lower(): name for name in known}
    query = {}
    for name, value in given:
        if name.lower() not in spelling:
            raise problem(400, "Invalid query parameter(s)", f"Query parameter '{name}' is not valid.")
        query[spelling[name.lower()]] = value
    return query


def require(office: Office, held: Iterable[str], roles: Iterable[str]) -> None:
    """Refuse a token that holds none of the roles, as U14 says."""
    if not set(roles) or set(held) & set(roles):
        return
    if office.switches["U14"] == "b":
        raise problem(400, "Missing privilege", "The integration does not have the required privileges.")
    raise RefusedError(Answer(403))
