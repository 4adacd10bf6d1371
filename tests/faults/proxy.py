"""A network that fails on demand: a TCP proxy with toxiproxy's toxics, aimed at single requests."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

TOXICS: Mapping[str, str] = {
    "latency": "the answer begins `seconds` late",
    "slicer": "the answer comes in pieces of `size` bytes",
    "bandwidth": "the answer comes byte for byte, `seconds` between two, the head too",
    "bandwidth_body": "the head of the answer comes at once, its body byte for byte, `seconds` between two",
    "reset_before": "the connection is reset before the request has arrived",
    "reset_peer": "the request arrives, and after `size` bytes of the answer the connection is reset",
    "limit_data": "the request arrives, and after `size` bytes of the answer the connection is closed",
    "timeout": "the connection is accepted, and the request never arrives nor is it answered",
    "timeout_after": "the request arrives, and no answer ever comes",
    "slicer_up": "the request goes in pieces of `size` bytes, `seconds` between two",
    "limit_data_up": "no more than `size` bytes of the request arrive before the connection is reset",
    "slow_close": "hung up after the answer: what is asked next on this connection is reset after `seconds`",
}
"""What a toxic does to the request it strikes, and to the answer."""

_METHODS = (b"GET ", b"POST ", b"PATCH ", b"DELETE ", b"PUT ")
#: They let the answer be as it is.
_ELSEWHERE = frozenset({"reset_before", "timeout", "slicer_up", "limit_data_up", "slow_close"})


@dataclass
class Toxic:
    """One toxic: every `every`-th request is struck whose first line contains `request`, `times` times in all."""

    kind: str
    request: str = ""
    every: int = 1
    times: int | None = None
    seconds: float = 0.0
    size: int = 0
    matched: int = field(default=0, init=False)
    hit: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        assert self.kind in TOXICS, self.kind

    def strikes(self, line: str) -> bool:
        """Count the request, and return whether it is struck."""
        if self.request not in line or (self.times is not None and self.hit >= self.times):
            return False
        self.matched += 1
        self.hit += self.matched % self.every == 0
        return self.matched % self.every == 0


class Proxy:
    """A port on this machine that leads to another, until something is the matter with the way."""

    def __init__(self, upstream: str) -> None:
        address = urlsplit(upstream)
        self._upstream = (address.hostname or "127.0.0.1", address.port or 80)
        self._toxics: list[Toxic] = []
        self._lock = threading.Lock()
        self._connections: set[_Connection] = set()
        self._listener: socket.socket | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._port}"

    def add(self, kind: str, request: str = "", **how: float) -> Toxic:
        """Let something be the matter from now on."""
        toxic = Toxic(kind, request, **how)  # type: ignore[arg-type]
        with self._lock:
            self._toxics.append(toxic)
        return toxic

    def clear(self) -> None:
        """Let nothing be the matter any more."""
        with self._lock:
            self._toxics.clear()

    def down(self) -> None:
        """Refuse new connections, and reset those there are."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for connection in self._now():
            connection.reset()

    def up(self) -> Self:
        """Accept connections, always on the same port."""
        if self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self._port))
            self._port = self._listener.getsockname()[1]
            threading.Thread(target=self._accept, args=(self._listener,), name="proxy", daemon=True).start()
        return self

    def __enter__(self) -> Self:
        return self.up()

    def __exit__(self, *_: object) -> None:
        self.down()

    def striking(self, line: str) -> Toxic | None:
        """Count a request, and return what strikes it."""
        with self._lock:
            return next((toxic for toxic in self._toxics if toxic.strikes(line)), None)

    def forget(self, connection: _Connection) -> None:
        """A connection has ended."""
        with self._lock:
            self._connections.discard(connection)

    def _now(self) -> list[_Connection]:
        with self._lock:
            return list(self._connections)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._upstream)
            except OSError:
                client.close()
                continue
            connection = _Connection(self, client, server)
            with self._lock:
                self._connections.add(connection)
            connection.start()


class _Connection:
    """One connection through the proxy; what strikes is decided anew by each request on it."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._toxic: Toxic | None = None
        #: Bytes of the present request, and of its answer, that have been passed on.
        self._asked = 0
        self._passed = 0
        self._ended = threading.Event()

    def start(self) -> None:
        for work in (self._requests, self._answers):
            threading.Thread(target=self._until_it_ends, args=(work,), name="proxy", daemon=True).start()

    def reset(self) -> None:
        """End it with a RST, as a machine that has gone does."""
        with suppress(OSError):
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self._ended.set()
        for end in (self._client, self._server):
            with suppress(OSError):
                # What is on its way to us wakes the thread that reads; the client's end tells how it ended.
                end.shutdown(socket.SHUT_RD if end is self._client else socket.SHUT_RDWR)
            with suppress(OSError):
                end.close()
        self._proxy.forget(self)

    def _until_it_ends(self, work: object) -> None:
        with suppress(OSError):
            assert callable(work)
            work()
        self.close()

    def _requests(self) -> None:
        while data := self._client.recv(65536):
            if data.startswith(_METHODS):
                if self._toxic and self._toxic.kind == "slow_close":
                    self._ended.wait(self._toxic.seconds)
                    self.reset()
                    return
                self._toxic = self._proxy.striking(data.split(b"\r\n", 1)[0].decode())
                self._asked = self._passed = 0
            if not self._ask(data):
                return

    def _ask(self, data: bytes) -> bool:
        """Pass a request on as the toxic has it; return whether the connection goes on."""
        toxic, before = self._toxic, self._asked
        self._asked += len(data)
        if toxic and toxic.kind == "reset_before":
            self.reset()
            return False
        if toxic and toxic.kind == "limit_data_up":
            self._server.sendall(data[: max(0, toxic.size - before)])
            if self._asked > toxic.size:
                self.reset()
                return False
        elif toxic and toxic.kind == "slicer_up":
            for start in range(0, len(data), toxic.size):
                self._server.sendall(data[start : start + toxic.size])
                time.sleep(toxic.seconds)
        elif toxic is None or toxic.kind != "timeout":
            self._server.sendall(data)
        return True

    def _answers(self) -> None:
        while data := self._server.recv(65536):
            if not self._pass_on(data):
                return

    def _pass_on(self, data: bytes) -> bool:
        """Pass an answer on as the toxic has it; return whether the connection goes on."""
        toxic, before = self._toxic, self._passed
        self._passed += len(data)
        if toxic is None or toxic.kind in _ELSEWHERE:
            self._client.sendall(data)
        elif toxic.kind == "latency":
            if not before and self._ended.wait(toxic.seconds):
                return False
            self._client.sendall(data)
        elif toxic.kind == "slicer":
            for start in range(0, len(data), toxic.size):
                self._client.sendall(data[start : start + toxic.size])
                time.sleep(toxic.seconds)
        elif toxic.kind in ("bandwidth", "bandwidth_body"):
            return self._drip(data, toxic, before)
        elif toxic.kind in ("reset_peer", "limit_data"):
            self._client.sendall(data[: max(0, toxic.size - before)])
            if self._passed < toxic.size:
                return True
            if toxic.kind == "reset_peer":
                time.sleep(0.01)  # a RST overtakes what has not been read yet
                self.reset()
            return False
        return True

    def _drip(self, data: bytes, toxic: Toxic, before: int) -> bool:
        head = 0
        if toxic.kind == "bandwidth_body":
            head = (
                len(data)
                if before == 0 and b"\r\n\r\n" not in data
                else data.find(b"\r\n\r\n") + 4
                if not before
                else 0
            )
            self._client.sendall(data[:head])
        for byte in range(head, len(data)):
            if self._ended.wait(toxic.seconds):
                return False
            self._client.sendall(data[byte : byte + 1])
        return True
