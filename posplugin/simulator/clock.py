"""The time in the simulated Go, which a test can push ahead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_NORWAY = ZoneInfo("Europe/Oslo")


class Clock:
    """The machine's clock plus what `advance` has added."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.now(UTC) + self._ahead

    def stamp(self) -> str:
        """Return the moment as Go writes timestamps."""
        return self.now().isoformat(timespec="microseconds")

    def today(self) -> date:
        """Return the date in Norway, which a voucher sent now would carry."""
        return self.now().astimezone(_NORWAY).date()

    def advance(self, seconds: float) -> None:
        """Push the clock ahead: tokens grow old and lagging writes become readable."""
        self._ahead += timedelta(seconds=seconds)
