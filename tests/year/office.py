"""PowerOffice, simulated, in a process of its own: its memory is not counted as the till's."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from tempfile import gettempdir
from typing import Any, Self, TypeVar

from posplugin.simulator import Simulator

Answer = TypeVar("Answer")
#: Beside those that the restaurant has from the start: 20001, 20002…
CUSTOMERS = 40
#: Where nobody knows how PowerOffice answers, it is what is hardest on the till: the same reference is taken twice, so
#: that nothing but the till's own look-ups prevents it.
_SWITCHES = {"U1": "d", "U2": "d"}
#: How long what was written stays unread on a night when reads lag; shorter than `settle_time`.
_LAG_SECONDS = 20.0


class Office:
    """The process, from here. `ask` is what a test would call on a simulator of its own."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_answer, args=(theirs,), name="poweroffice", daemon=True)
        self._process.start()
        theirs.close()
        self._lock = threading.Lock()
        self.url = str(self._pipe.recv())

    def ask(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        """Let `work(simulator, *arguments)` be done there; return what it returned, or raise what it raised."""
        with self._lock:
            self._pipe.send((work, arguments))
            done, answer = self._pipe.recv()
        if not done:
            raise answer
        found: Answer = answer
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.close()
        self._process.join()
        self._process.close()


def advance(go: Simulator, seconds: float) -> None:
    """Let time pass there."""
    go.advance(seconds)


def forget_requests(go: Simulator) -> int:
    """Empty the log of requests, which nobody reads; return how long it was."""
    count = len(go._wire.log)
    go._wire.log.clear()
    return count


def _answer(pipe: Connection) -> None:
    os.environ.pop("SSL_CERT_FILE", None)
    os.environ["SSL_CERT_DIR"] = gettempdir()  # there is no TLS here, and reading the certificates takes long
    with Simulator(
        None, switches=_SWITCHES, requests_per_second=100_000, read_lag_seconds=_LAG_SECONDS, customers=CUSTOMERS
    ) as go:
        pipe.send(go.url)
        while True:
            try:
                work, arguments = pipe.recv()
            except EOFError:
                return
            try:
                pipe.send((True, work(go, *arguments)))
            except Exception as error:
                pipe.send((False, error))
