"""PowerOffice allows 10 requests a second per subscription key, whoever sends them: one pacer for each key."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: A little under ten a second, since the gateway's second and ours do not begin together.
SPACING_SECONDS = 0.105


class Pacer:
    """Lets requests through one at a time, evenly spaced, in the order in which they came. Thread-safe."""

    def __init__(
        self,
        spacing: float = SPACING_SECONDS,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._spacing = spacing
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Wait for a place."""
        with self._lock:
            now = self._monotonic()
            place = max(now, self._next)
            self._next = place + self._spacing
        if place > now:
            self._sleep(place - now)

    def pause(self, seconds: float) -> None:
        """Hold everybody back: the gateway said 429."""
        with self._lock:
            self._next = max(self._next, self._monotonic() + seconds)
