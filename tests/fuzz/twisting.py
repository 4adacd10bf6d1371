"""Answers of the simulated PowerOffice, recorded once, and given again with one thing in them twisted."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

#: Where something stands in a body: members and places in lists.
Place = tuple[str | int, ...]
#: What may stand where something else should.
WRONG: tuple[Any, ...] = (
    None,
    "",
    "x",
    "\ud800\x00\n" + "å" * 5000,
    0,
    -1,
    10**40,
    0.5,
    1e300,
    True,
    [],
    [None],
    {},
    {"Id": []},
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes

    def with_(self, content: bytes) -> httpx.Response:
        """Return the answer with another body."""
        return httpx.Response(self.status, headers=self.headers, content=content)


@dataclass(frozen=True, slots=True)
class Twist:
    """Something else at one place of one kind of answer."""

    #: Method and path.
    of: str
    place: Place
    wrong: Any

    def __str__(self) -> str:
        return f"{self.of} {'.'.join(map(str, self.place)) or 'whole'} = {json.dumps(self.wrong)[:30]}"

    def apply(self, content: bytes) -> bytes:
        """Return the body twisted."""
        body = json.loads(content)
        if not self.place:
            return json.dumps(self.wrong).encode()
        *way, last = self.place
        at = body
        for part in way:
            at = at[part]
        at[last] = copy.deepcopy(self.wrong)
        return json.dumps(body).encode()


def kind_of(request: httpx.Request) -> str:
    """Return what an answer is to, ids left out of the path."""
    parts = [part if not any(letter.isdigit() for letter in part[2:]) else "ID" for part in request.url.path.split("/")]
    return f"{request.method} {'/'.join(parts)}"


def places(body: Any, at: Place = ()) -> Iterator[Place]:
    """Give every place of a body; of a list the first element alone."""
    yield at
    if isinstance(body, dict):
        for name, value in body.items():
            yield from places(value, (*at, name))
    elif isinstance(body, list) and body:
        yield from places(body[0], (*at, 0))


class Recorder(httpx.BaseTransport):
    """Passes on to the network, and keeps what comes back."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()
        self.kept: dict[tuple[str, str], list[Recorded]] = {}
        self.kinds: dict[str, list[bytes]] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        content = answer.read()
        told = Recorded(answer.status_code, tuple(answer.headers.items()), content)
        self.kept.setdefault(_key(request), []).append(told)
        if content and answer.is_success:
            self.kinds.setdefault(kind_of(request), []).append(content)
        return told.with_(content)

    def close(self) -> None:
        self._inner.close()

    def twists(self) -> Iterator[Twist]:
        """Give everything that can be twisted in what was kept."""
        for kind, bodies in self.kinds.items():
            found = {place for content in bodies for place in places(json.loads(content))}
            for place in sorted(found, key=str):
                yield from (Twist(kind, place, wrong) for wrong in WRONG)


class Replay(httpx.BaseTransport):
    """Answers as was recorded, but for one twist; what was asked several times is answered in turn."""

    def __init__(self, recorder: Recorder, twist: Twist | None = None) -> None:
        self._kept = {key: list(answers) for key, answers in recorder.kept.items()}
        self._twist = twist
        self.was_twisted = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answers = self._kept.get(_key(request))
        if not answers:
            return httpx.Response(404, json={"title": "Not found", "status": 404})
        told = answers.pop(0) if len(answers) > 1 else answers[0]
        content, twist = told.content, self._twist
        if twist and content and 200 <= told.status < 300 and kind_of(request) == twist.of:
            try:
                content = twist.apply(content)
                self.was_twisted = True
            except (KeyError, IndexError, TypeError):
                pass  # this answer has no such place
        return told.with_(content)


def _key(request: httpx.Request) -> tuple[str, str]:
    return request.method, str(request.url.copy_with(host="127.0.0.1", port=None))
