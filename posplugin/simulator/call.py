"""One call of the API by a client with a valid token."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .answers import Answer, RefusedError, problem
from .filters import boolean
from .office import Office


@dataclass(frozen=True)
class Call:
    """Which Go client calls, with which parameters (in their own spelling) and body."""

    office: Office
    client: str
    query: Mapping[str, str]
    content: bytes
    url: str

    def asks(self, parameter: str) -> bool:
        """Return whether a true-or-false parameter is true."""
        return boolean(self.query.get(parameter, "").strip() or "false")


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
