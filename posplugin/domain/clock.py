"""Time: aware always, UTC in storage, the till's own zone on paper and screens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from posplugin.domain.errors import UsageError

#: Gives the present moment, aware.
Clock = Callable[[], datetime]


#: What is read where a stored time cannot be.
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_WIDTH = len("1970-01-01T00:00:00.000000Z")


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def require_aware(name: str, moment: datetime) -> datetime:
    """Return `moment` unchanged, or raise `UsageError` when it has no time zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise UsageError(f"{name} is {moment.isoformat()} without a time zone; give an aware datetime")
    return moment


def to_text(moment: datetime) -> str:
    """Write a moment as UTC text of fixed width, so that text order is time order."""
    return require_aware("the moment", moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """Read what `to_text` wrote; raise `ValueError` for what is no such text."""
    if len(text) != _WIDTH or not text.endswith("Z"):
        raise ValueError(f"{text!r} is no moment in UTC to the microsecond")
    return datetime.fromisoformat(text)


def from_stored(text: str) -> datetime:
    """Read what `to_text` wrote, whatever a disk has made of it since: `LONG_AGO` where it is no time any more."""
    try:
        return from_text(text)
    except ValueError:
        return LONG_AGO


def require_our_time(day: date) -> date:
    """Return a day that a person typed unchanged, or raise `ValueError` when its year must be mistyped."""
    if not 2000 <= day.year <= 2099:
        raise ValueError(f"{day.isoformat()} is not of the years 2000 to 2099")
    return day


def business_date(moment: datetime, zone: ZoneInfo, day_starts: time = time(5)) -> date:
    """Return the day a sale belongs to: the local date, where the day begins at `day_starts`.

    Counted on the wall clock, so that in the hour that comes twice in autumn both 02:30 are the same day.
    """
    wall = require_aware("the sale's time", moment).astimezone(zone).replace(tzinfo=None)
    return (wall - timedelta(hours=day_starts.hour, minutes=day_starts.minute)).date()
