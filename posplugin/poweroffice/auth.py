"""Tokens: one per pair of application and client key, never shared, renewed before they expire."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

#: How long before its end a token is renewed, seconds; at most a tenth of its life.
_MARGIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token and how many seconds it lives, as PowerOffice said."""

    value: str
    lives: float

    def __repr__(self) -> str:
        return f"Token(***, lives={self.lives:g})"


class TokenKeeper:
    """Holds the token of one client key. Thread-safe: one thread asks for a new token, the others wait for it."""

    def __init__(self, ask: Callable[[], Token], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._value: str | None = None
        self._good_until = 0.0

    def token(self) -> str:
        """Return a token that is still good, asking for one when there is none."""
        with self._lock:
            if self._value is None or self._monotonic() >= self._good_until:
                asked_at = self._monotonic()
                token = self._ask()
                self._value = token.value
                self._good_until = asked_at + token.lives - min(_MARGIN_SECONDS, token.lives / 10)
            return self._value

    def refused(self, value: str) -> None:
        """Forget a token that PowerOffice answered 401 to, unless another thread has renewed it already."""
        with self._lock:
            if self._value == value:
                self._value = None
