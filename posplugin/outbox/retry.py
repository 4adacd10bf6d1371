"""When to try again: a value, so that the rule is a table."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Exponential backoff with jitter, and an end.

    Only a try that failed while others got through counts; an outage costs no record an attempt.
    """

    attempts: int = 8
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)

    def exhausted(self, attempts: int) -> bool:
        """Whether a record that has failed `attempts` times needs a person."""
        return attempts >= self.attempts

    def delay(self, attempts: int, jitter: Callable[[], float] = random.random) -> timedelta:
        """Return how long to wait after the `attempts`-th failure: doubled each time, plus up to a quarter."""
        doubled = self.first * 2 ** min(attempts - 1, 32) if attempts > 0 else timedelta(0)
        return min(doubled, self.longest) * (1 + jitter() / 4)
