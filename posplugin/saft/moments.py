"""Local times as they stand in a file, made aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

#: SAF-T times are local, and the format is Norwegian.
OSLO: Final = ZoneInfo("Europe/Oslo")


@dataclass(slots=True)
class Moments:
    """Makes the times of one list aware, in file order.

    In the hour that comes twice in autumn the clock alone cannot tell which is meant; a time earlier than the one
    before it in the list is then in the second hour, and so is all of that hour that follows.
    """

    zone: ZoneInfo = OSLO
    _last: datetime | None = None

    def aware(self, at: datetime) -> datetime:
        """Return the moment of the list's next entry."""
        first = at.replace(tzinfo=self.zone) if at.tzinfo is None else at.astimezone(self.zone)
        second = first.replace(fold=1)
        is_twice = at.tzinfo is None and first.utcoffset() != second.utcoffset()
        moment = second if is_twice and self._last and self._last.timestamp() > first.timestamp() else first
        self._last = moment
        return moment
