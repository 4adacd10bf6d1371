"""What is measured beside what: two figures of one run on one machine, and the goal that holds between them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

#: How ours is held against theirs: so many times theirs at most; so many times theirs at least; so much more than
#: theirs at most; so much at most, whatever theirs is.
Holds = Literal["times", "share", "more", "at_most"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One row of the page."""

    what: str
    beside: str
    ours: float
    theirs: float
    unit: str
    goal: float
    holds: Holds = "times"
    #: How it was measured, where the row alone would not tell: how many, how large, how many in flight.
    note: str = ""

    @property
    def reached(self) -> float:
        """What is held against the goal."""
        if self.holds == "more":
            return self.ours - self.theirs
        if self.holds == "at_most":
            return self.ours
        return self.ours / self.theirs

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.reached >= self.goal if self.holds == "share" else self.reached <= self.goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures that no single comparison holds, with a row for each case."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one part of the benchmarks found."""

    comparisons: Sequence[Comparison] = ()
    tables: Sequence[Table] = ()


@dataclass(slots=True)
class Samples:
    """How long each of many calls took, seconds."""

    seconds: list[float] = field(default_factory=list)

    def time(self, call: Callable[[], object]) -> None:
        """Call, and keep how long that took."""
        began = time.perf_counter()
        call()
        self.seconds.append(time.perf_counter() - began)

    @property
    def p50(self) -> float:
        """The median, milliseconds."""
        return statistics.median(self.seconds) * 1000

    @property
    def p99(self) -> float:
        """What ninety-nine of a hundred stay under, milliseconds."""
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[98] * 1000


def by_turns(calls: Sequence[Callable[[], object]], rounds: int, *, warm: int = 5) -> list[Samples]:
    """Time several calls by turns, so that what else the machine does meets all of them alike."""
    for _ in range(warm):
        for call in calls:
            call()
    samples = [Samples() for _ in calls]
    for number in range(rounds):
        start = number % len(calls)
        for at in (*range(start, len(calls)), *range(start)):
            samples[at].time(calls[at])
    return samples
