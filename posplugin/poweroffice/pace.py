"""PowerOffice allows 10 requests a second per subscription key, whoever sends them: one pacer for each key."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

#: A little under ten a second, since the gateway's second and ours do not begin together.
SPACING_SECONDS = 0.105
#: Where several terminals share the ten and know nothing of each other, so many are used that fewer than one request in
#: twenty is refused; tests/benchmarks/fleet.py shows it.
SHARED_SPACING_SECONDS = 0.15
#: However many there are, a terminal asks this often, or a night would not do, and each request need a new token: it is
#: the spread of the schedule that keeps more than a hundred from sending at once.
LONGEST_ROUND_SECONDS = 15.0


def share(terminals: int) -> float:
    """Return the seconds between two requests of one terminal, when so many share a subscription key."""
    return SPACING_SECONDS if terminals == 1 else min(terminals * SHARED_SPACING_SECONDS, LONGEST_ROUND_SECONDS)


class Pacer:
    """Lets requests through one at a time, evenly spaced. Thread-safe.

    After a refusal all that follow come at another place between the requests of others, who space theirs alike.
    """

    def __init__(
        self,
        spacing: float = SPACING_SECONDS,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._spacing = spacing
        self._monotonic = monotonic
        self._sleep = sleep
        self._chance = chance
        self._turn, self._lock = threading.Lock(), threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Wait for a place, and longer where the gateway says 429 meanwhile."""
        with self._turn:
            place = self._monotonic()
            while place < (until := self._next):  # read once: a refusal may come between
                self._sleep(until - place)
                place = until
            with self._lock:
                self._next = max(place, self._next) + self._spacing

    def pause(self, seconds: float) -> None:
        """Hold everybody back: the gateway said 429. Not all who hear it come again at the same moment."""
        with self._lock:
            self._next = max(self._next, self._monotonic() + seconds) + self._chance() * self._spacing
