"""One deadline for a whole exchange: httpx's own time-outs are for each read and write, however little it moves."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx

#: Seconds: what is left when nothing is, for the socket to say so itself.
_AT_ONCE = 0.001


class Deadline(threading.local):
    """When the exchange that this thread is in must be over."""

    ends: float | None = None

    def begin(self, seconds: float) -> None:
        """Give the exchange that now begins so many seconds."""
        self.ends = time.monotonic() + seconds

    def has_passed(self) -> bool:
        """Whether the time is up."""
        return self.ends is not None and time.monotonic() > self.ends

    def within(self, timeout: float | None) -> float | None:
        """Return how long one read or write may take: its own time-out, and no longer than is left."""
        if self.ends is None:
            return timeout
        left = max(self.ends - time.monotonic(), _AT_ONCE)
        return left if timeout is None else min(timeout, left)

    def bind(self, client: httpx.Client) -> None:
        """Hold every connection that a client makes to the deadline of the thread that uses it.

        httpx has no public place for that; a transport that is no network is left as it is.
        """
        for transport in (client._transport, *client._mounts.values()):
            pool = getattr(transport, "_pool", None)
            if pool is not None:
                pool._network_backend = _Backend(pool._network_backend, self)


class _Backend:
    """Makes connections, as httpcore's own backend does."""

    def __init__(self, inner: Any, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **more: Any) -> _Stream:
        timeout = self._deadline.within(timeout)
        return _Stream(self._inner.connect_tcp(host, port, timeout=timeout, **more), self._deadline)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Stream:
    """One connection."""

    def __init__(self, inner: Any, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data: bytes = self._inner.read(max_bytes, timeout=self._deadline.within(timeout))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout=self._deadline.within(timeout))

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> _Stream:
        timeout = self._deadline.within(timeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._deadline)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
