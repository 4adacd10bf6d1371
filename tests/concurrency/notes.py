"""What a process that hammers has done and seen, and when it is to end."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.crash.processes import Tell

_STOP = "stop"


def stop(folder: Path) -> None:
    """Let every process in a folder come to its end."""
    (folder / _STOP).touch()


def is_stopped(folder: Path) -> bool:
    return (folder / _STOP).exists()


class Notes:
    """What one process has to tell in the end. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._longest: dict[str, float] = {}
        self._wrong: list[str] = []
        self._done: list[str] = []
        self._closed: list[int | str] = []

    def count(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1

    def wrong(self, words: str) -> None:
        """Note what must never be."""
        with self._lock:
            self._wrong.append(words)

    def done(self, sale_id: str) -> None:
        """Note a sale that the till said was done."""
        with self._lock:
            self._done.append(sale_id)

    def closed(self, number: int | str) -> None:
        """Note a day that the till said was closed."""
        with self._lock:
            self._closed.append(number)

    def largest(self, name: str, value: float) -> None:
        """Note the largest of some values."""
        with self._lock:
            self._longest[name] = max(self._longest.get(name, 0.0), value)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Count something, and see how long it takes."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.largest(name, time.monotonic() - began)
            self.count(name)

    def tell(self, tell: Tell) -> None:
        """Tell the witness all of it."""
        with self._lock:
            tell({"counts": dict(self._counts), "longest": dict(self._longest), "wrong": list(self._wrong)})
            for sale in self._done:
                tell({"done": sale})
            for number in self._closed:
                tell({"closed": number})
