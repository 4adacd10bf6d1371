"""The way between client and API: it keeps the log of requests and lets faults happen."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

from werkzeug.wrappers import Request, Response

from .answers import Answer, decode, gateway
from .faults import Faults
from .gateway import PARAMETER, TOKEN_PATH, failed, throttled
from .office import Office

WSGI = Callable[..., Iterable[bytes]]

_DRIPS = 10


class Wire:
    """WSGI in front of the API; what is under /simulator passes without log and faults."""

    def __init__(self, app: WSGI, office: Office, faults: Faults) -> None:
        self._app = app
        self._office = office
        self._faults = faults
        self.log: list[dict[str, object]] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request as WSGI."""
        request = Request(environ)
        content = request.get_data()
        environ["wsgi.input"] = BytesIO(content)
        path = request.path.lower()
        if path.startswith("/simulator"):
            return self._app(environ, start_response)
        # Paths are the same in any case (FACTS 1); the API's rules are written in lower case.
        environ["PATH_INFO"] = path.encode().decode("latin-1")  # as WSGI has every path
        entry = self._entry(request, content)
        return self._answer(environ, entry)(environ, start_response)

    def _entry(self, request: Request, content: bytes) -> dict[str, object]:
        """Begin a line of the log: no headers, and no other secrets."""
        is_token = request.path.lower() == TOKEN_PATH
        entry: dict[str, object] = {
            "method": request.method,
            "path": request.path,
            "query": {name: value for name, value in request.args.items() if name.lower() != PARAMETER},
            "body": None if is_token or not content else _readable(request, content),
            "time": self._office.clock.stamp(),
            "status": None,
            "acted": False,
            "faults": [],
        }
        self.log.append(entry)
        return entry

    def _answer(self, environ: dict[str, Any], entry: dict[str, object]) -> Response:
        path = str(entry["path"]).lower()
        faults = self._faults.striking(str(entry["method"]), path)
        kinds = {fault.kind for fault in faults}
        entry["faults"] = [fault.kind for fault in faults]
        self._faults.hold_up(sum(fault.seconds for fault in faults if fault.kind == "delay-before"))
        if "drop-before" in kinds:
            return _hang_up(environ)
        instead = next(filter(None, (self._instead(fault.kind, path) for fault in faults)), None)
        if instead is not None:
            entry["status"] = instead.status
            return instead.response()

        response = Response.from_app(self._app, environ, buffered=True)
        entry["acted"] = response.status_code < 400
        self._faults.hold_up(sum(fault.seconds for fault in faults if fault.kind == "delay-after"))
        body = response.get_data()
        if "drop-after" in kinds or ("cut" in kinds and not body):
            return _hang_up(environ)
        if "500-after" in kinds:
            response = failed(self._office, 500).response()
        elif "cut" in kinds:
            response.response = _cut(body, environ)
        elif "drip" in kinds:
            response.response = _drip(body, sum(fault.seconds for fault in faults if fault.kind == "drip"))
        entry["status"] = response.status_code
        return response

    def _instead(self, kind: str, path: str) -> Answer | None:
        """Return the answer a fault gives in place of the API's."""
        if kind == "429":
            return throttled(self._office, path)
        if kind in ("500-before", "503"):
            return failed(self._office, int(kind[:3]))
        if kind == "401":
            return Answer(401)
        if kind == "403":
            return Answer(403)
        return gateway(404, "Resource not found").answer if kind == "404" else None


def _hang_up(environ: dict[str, Any]) -> Response:
    """End the connection; the response returned reaches nobody."""
    with suppress(OSError):
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response()


def _cut(body: bytes, environ: dict[str, Any]) -> Iterator[bytes]:
    """Send half of what Content-Length promises."""
    yield body[: len(body) // 2]
    _hang_up(environ)


def _drip(body: bytes, seconds: float) -> Iterator[bytes]:
    step = max(1, -(-len(body) // _DRIPS))
    for start in range(0, len(body), step):
        time.sleep(seconds / _DRIPS)
        yield body[start : start + step]


def _readable(request: Request, content: bytes) -> object:
    """Return a body as the log keeps it: of files only name and size."""
    if request.mimetype == "multipart/form-data":
        with request:
            files = request.files.items(multi=True)
            return {part: {"name": file.filename, "size": len(file.read())} for part, file in files}
    with suppress(ValueError):
        return decode(content)
    return content.decode(errors="replace")
