"""The last days as bars: one row for each of what was delivered, what was on its way, and what needed a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from posplugin.console.shown import Tone
from posplugin.outbox.days import Day
from posplugin.texts.console_runs import RunsText

#: How many days are shown; each is one unit wide.
DAYS = 60
#: The height of a row, units.
HEIGHT = 20.0
#: So high is the bar of a day that has any at all.
_LEAST = 1.2
#: A day in so many is named under the picture, from the first.
EACH = 15


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of a row; `height` is in units, from below."""

    day: date
    count: int
    place: int
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    """One row of bars; the highest fills it."""

    label: str
    tone: Tone
    most: int
    bars: Sequence[Bar]


def rows(days: Sequence[Day], text: RunsText) -> list[Row]:
    """Return the rows of the picture, each to a scale of its own."""
    return [
        _row(text.delivered, Tone.GREEN, days, [day.delivered for day in days]),
        _row(text.waiting, Tone.YELLOW, days, [day.waiting for day in days]),
        _row(text.attention, Tone.RED, days, [day.attention for day in days]),
    ]


def _row(label: str, tone: Tone, days: Sequence[Day], counts: Sequence[int]) -> Row:
    most = max(counts, default=0)
    bars = [
        Bar(day.day, count, place, max(_LEAST, round(HEIGHT * count / most, 2)) if count > 0 else 0.0)
        for place, (day, count) in enumerate(zip(days, counts, strict=True))
    ]
    return Row(label, tone, most, bars)
