"""What can go wrong on the way, on demand and counted."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

KINDS: Mapping[str, str] = {
    "drop-before": "the connection ends before Go has seen the request",
    "drop-after": "Go acts, and the connection ends before any answer",
    "cut": "Go acts, and the connection ends in the middle of the answer's body",
    "delay-before": "Go waits `seconds`, then acts and answers",
    "delay-after": "Go acts, waits `seconds`, then answers",
    "drip": "Go acts, and the answer's body takes `seconds` to arrive, little by little",
    "429": "the limit of requests a second is said to be reached; Go has not acted",
    "500-before": "Go fails without having acted; the body is U12",
    "500-after": "Go acts, then fails; the body is U12",
    "503": "Go is unavailable and has not acted; the body is U12",
    "401": "the token is refused; Go has not acted",
    "403": "the privilege is refused, as with a token from before it was given; Go has not acted",
    "404": "the gateway knows no such resource; Go has not acted",
}
"""The kinds of fault and what each does."""


@dataclass
class Fault:
    """One fault: of the requests it matches every `every`-th is hit, `times` times in all (None: always).

    `path` is found anywhere in the request's path, `method` is equal to the request's; in any case.
    """

    kind: str
    path: str | None = None
    method: str | None = None
    every: int = 1
    times: int | None = None
    seconds: float = 1.0
    matched: int = field(default=0, init=False)
    hit: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"There is no fault {self.kind!r}: the simulator has {', '.join(KINDS)}.")
        self.seconds = float(self.seconds)  # a number from JSON is a Decimal, which cannot be slept
        if self.every < 1 or self.seconds < 0 or (self.times is not None and self.times < 1):
            raise ValueError("every and times begin at 1, and seconds at 0.")

    def strikes(self, method: str, path: str) -> bool:
        """Count the request, and return whether it is hit."""
        if self.path is not None and self.path.lower() not in path.lower():
            return False
        if self.method is not None and self.method.upper() != method.upper():
            return False
        if self.times is not None and self.hit >= self.times:
            return False
        self.matched += 1
        if self.matched % self.every:
            return False
        self.hit += 1
        return True


class Faults:
    """The faults that are set; several may hit one request."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._cleared = threading.Event()

    def add(self, fault: Fault) -> None:
        """Set one more."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Take all away, and let go of what they hold up."""
        with self._lock:
            self._faults.clear()
            self._cleared.set()
            self._cleared = threading.Event()

    def hold_up(self, seconds: float) -> None:
        """Wait; no longer than until the faults are cleared."""
        self._cleared.wait(seconds)

    def striking(self, method: str, path: str) -> list[Fault]:
        """Count a request, and return the faults that hit it."""
        with self._lock:
            return [fault for fault in self._faults if fault.strikes(method, path)]

    def listed(self) -> list[dict[str, object]]:
        """Return the faults with their counts."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]
