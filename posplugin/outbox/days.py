"""How the last days went: what was delivered on each, and what stood where when it ended. Read from the events."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from posplugin.domain.clock import to_text
from posplugin.outbox.lifecycle import OPEN, OPEN_SQL, Status
from posplugin.outbox.store import Outbox

_WAITING = ", ".join(f"'{status}'" for status in Status if status in OPEN and status is not Status.NEEDS_ATTENTION)

# One statement, so that both are of one moment: the moves of each hour (or minute), and how many stand where now.
_MOVES = f"""
SELECT substr(at, 1, ?1), sum(now = 'delivered'),
    sum(now IN ({_WAITING})) - sum(coalesce(was, '') IN ({_WAITING})),
    sum(now = 'needs_attention') - sum(coalesce(was, '') = 'needs_attention')
FROM events
WHERE id > coalesce((SELECT id FROM events WHERE at < ?2 ORDER BY id DESC LIMIT 1), 0) AND was IS NOT now
GROUP BY 1
UNION ALL
SELECT '', 0, coalesce(sum(status <> 'needs_attention'), 0), coalesce(sum(status = 'needs_attention'), 0)
FROM records WHERE {OPEN_SQL}
"""
#: As much of a moment's text as tells the hour, and the minute.
_HOUR, _MINUTE = len("2026-11-20T19"), len("2026-11-20T19:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the terminal's calendar."""

    day: date
    #: How many came to stand in PowerOffice on it.
    delivered: int
    #: How many were on their way when it ended, or are now.
    waiting: int
    #: How many were not delivered and needed a person when it ended, or do now.
    attention: int


def last_days(outbox: Outbox, now: datetime, zone: ZoneInfo, count: int) -> list[Day]:
    """Return the last days, oldest first, today with them.

    What was delivered and has had something happen to it since is not held back, and not counted so. A moment outside
    these days, told by a clock that was wrong, counts on the nearest of them.
    """
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=ago) for ago in reversed(range(count))]
    begins = datetime.combine(days[0], time(), zone)
    width = _HOUR if all(_on_the_hour(day, zone) for day in (days[0], today)) else _MINUTE
    delivered, waited, held = Counter[date](), Counter[date](), Counter[date]()
    waiting = attention = 0
    for at, arrived, came, stopped in outbox.database.rows(_MOVES, (width, to_text(begins))):
        if not at:
            waiting, attention = came, stopped
            continue
        moment = datetime.fromisoformat(f"{at}:00+00:00" if width == _HOUR else f"{at}+00:00")
        day = min(max(moment.astimezone(zone).date(), days[0]), today)
        delivered[day] += arrived
        waited[day] += came
        held[day] += stopped
    found = []
    for day in reversed(days):  # back from how it is now
        found.append(Day(day=day, delivered=delivered[day], waiting=waiting, attention=attention))
        waiting, attention = waiting - waited[day], attention - held[day]
    return found[::-1]


def _on_the_hour(day: date, zone: ZoneInfo) -> bool:
    offset = datetime.combine(day, time(), zone).utcoffset() or timedelta(0)
    return offset % timedelta(hours=1) == timedelta(0)
