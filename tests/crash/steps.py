"""Every step that a process takes, numbered, and death by SIGKILL at the one that is asked for.

Wrapped around the product from outside, in the process that is to die: nothing in the product knows of it.
"""

from __future__ import annotations

import itertools
import os
import re
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import apsw
import httpcore._backends.sync
import httpx

from sample_terminal import journal, journal_tables

#: The file in a world's folder that names every step of the process that was last to die.
LOG = "steps.log"
_VFS = "steps"
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d{4,}\b")


class Level(StrEnum):
    """How finely steps are cut."""

    #: Each SQL statement of outbox and journal, and before and after each request.
    STATEMENT = "statement"
    #: Each write, sync, cut and removal of a file of the outbox, and each write to the network, half done; each read.
    WRITE = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """When a process dies by itself: at its n-th step, from 1, or at the first whose name holds some words."""

    at: int = 0
    named: str = ""
    level: Level = Level.STATEMENT
    #: Whether steps are counted from the first on; else from when the process has opened its files.
    opening: bool = True


#: It lives until it has done its work, or is killed.
NO_DEATH = Death()


class Steps:
    """The steps of this process."""

    def __init__(self, log: Path, death: Death) -> None:
        """Write each step into `log` before it is taken: what has been written survives SIGKILL."""
        self._log = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_APPEND, 0o600)
        self._death = death
        self._counts = death.opening
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def wrap(self) -> None:
        """See, from now on, to every connection to a database and to PowerOffice that this process opens."""
        if self._death.level is Level.WRITE:
            apsw.connection_hooks.append(_keep(_Files(self)))
            self._network()
        else:
            apsw.connection_hooks.append(self._statements)
            self._journal()
            self._requests()

    def begin(self) -> None:
        """Count from now on: what there was to open is open."""
        self._counts = True

    def take(self, name: str, half: Callable[[], object] = lambda: None) -> None:
        """Take a step, or die before it, having done `half` of it."""
        with self._lock:
            if not self._counts:
                return
            number = next(self._numbers)
            named = f"{_where()}: {name}"
            os.write(self._log, f"{number}\t{named}\n".encode())
            if number == self._death.at or (self._death.named and self._death.named in named):
                half()
                os.kill(os.getpid(), signal.SIGKILL)

    def _statements(self, connection: apsw.Connection) -> None:
        def before(_: object, sql: str, __: object) -> bool:
            self.take(f"outbox {_short(sql)}")
            return True

        connection.set_exec_trace(before)

    def _journal(self) -> None:
        connect = journal_tables.connect

        def traced(path: Path) -> sqlite3.Connection:
            connection = connect(path)
            connection.set_trace_callback(lambda sql: self.take(f"journal {_short(sql)}"))
            return connection

        setattr(journal, connect.__name__, traced)

    def _requests(self) -> None:
        handle = httpx.HTTPTransport.handle_request

        def seen(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
            name = f"{request.method} {_ID.sub('<id>', request.url.path)}"
            self.take(f"before {name}")
            answer = handle(transport, request)
            self.take(f"after {name}")
            return answer

        setattr(httpx.HTTPTransport, handle.__name__, seen)

    def _network(self) -> None:
        stream = httpcore._backends.sync.SyncStream
        read, write = stream.read, stream.write

        def reading(self_: Any, max_bytes: int, timeout: float | None = None) -> bytes:
            self.take("read of an answer")
            return read(self_, max_bytes, timeout)

        def writing(self_: Any, buffer: bytes, timeout: float | None = None) -> None:
            self.take("write of a request", lambda: write(self_, buffer[: len(buffer) // 2], timeout))
            write(self_, buffer, timeout)

        setattr(stream, read.__name__, reading)
        setattr(stream, write.__name__, writing)


class _Files(apsw.VFS):
    """The files of every outbox that is opened."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        super().__init__(_VFS, "unix", makedefault=True)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return _File(self._steps, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self._steps.take(f"removal of {_kind(filename)}")
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, steps: Steps, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self._steps = steps
        self._kind = _kind(name.filename() if isinstance(name, apsw.URIFilename) else name or "")
        super().__init__("unix", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        half = bytes(data)[: len(data) // 2]
        self._steps.take(f"write to {self._kind}", lambda: super(_File, self).xWrite(half, offset))
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._steps.take(f"sync of {self._kind}")
        super().xSync(flags)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._steps.take(f"cut of {self._kind}")
        super().xTruncate(newsize)


def _keep(files: _Files) -> Callable[[apsw.Connection], None]:
    """A VFS lives as long as something holds it."""
    return lambda _: (files, None)[1]


def _kind(name: str) -> str:
    return "the write-ahead log" if name.endswith("-wal") else "the file"


def _short(sql: str) -> str:
    return " ".join(sql.split())[:60]


def _where() -> str:
    """Return what in the product is at it: the innermost function below the file, and who called it from above."""
    frame, names = sys._getframe(1), list[str]()
    while frame.f_back is not None and len(names) < 3:
        frame = frame.f_back
        module = str(frame.f_globals.get("__name__", ""))
        is_ours = module.startswith(("posplugin.", "sample_terminal."))
        name = frame.f_code.co_qualname
        if is_ours and module != "posplugin.outbox.database" and "<" not in name and name not in names:
            names.append(name)
    return " < ".join(names) or "start"
