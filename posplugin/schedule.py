"""When to send: once a day (or week, or month), spread over the terminals, made up for when it was missed."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from posplugin.domain.documents import RecordKind
from posplugin.logs import get_logger
from posplugin.settings.model import Settings
from posplugin.settings.schedule import Timetable
from posplugin.settings.values import Weekday

log = get_logger("schedule")

#: PowerOffice's limit is shared by every terminal of a vendor: starts are spread over this many seconds at least.
SPREAD_SECONDS = 30 * 60
#: And over this many for each of them: 20 invoices and what is asked besides are 33 requests, of 0.15 seconds each.
SECONDS_EACH = 5
#: How often it is looked at whether something is due; another time in the settings takes effect within it.
TICK_SECONDS = 20.0
#: How much a wall clock is set forward or back at most.
_CHANGED_BY_AT_MOST = timedelta(hours=3)
_WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
#: A daily run is found within the first, a weekly or monthly one within the others.
_LOOK_BACKS = (timedelta(days=2), timedelta(days=8), timedelta(days=32))


class Spread(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """A trigger on a wall clock, later by the same time every time; the offset comes from the terminal's id.

    The trigger itself knows nothing of the nights on which the clocks change, when APScheduler skips a day: it counts
    the wall clock's time as if it were UTC. What the wall clock skips is due when it has, and what it shows twice is
    due the first time.
    """

    def __init__(self, base: BaseTrigger, zone: ZoneInfo, offset: timedelta) -> None:
        self._base = base
        self._zone = zone
        self._offset = offset

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:  # noqa: ARG002
        """Return the base's next time, plus the offset, in UTC."""
        after = now.astimezone(UTC) - self._offset
        wall = after.astimezone(self._zone).replace(tzinfo=UTC, fold=0) - _CHANGED_BY_AT_MOST
        while found := self._base.get_next_fire_time(None, wall):
            moment: datetime = found.replace(tzinfo=self._zone).astimezone(UTC)
            if moment >= after:
                return moment + self._offset
            wall = found + timedelta(seconds=1)
        return None


def spread(terminal_id: str, terminals: int = 1) -> timedelta:
    """Return a terminal's own offset: the same every day, evenly spread over all terminals, so many as there are."""
    number = int.from_bytes(hashlib.sha256(terminal_id.encode()).digest()[:8])
    return timedelta(seconds=number % max(SPREAD_SECONDS, terminals * SECONDS_EACH))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is sent together, and when."""

    timetable: Timetable
    kinds: frozenset[RecordKind]
    #: Why its runs are made: at their time, and when that was missed. Tells them from those of another plan.
    cause: str
    late_cause: str

    @property
    def causes(self) -> tuple[str, str]:
        """Both causes."""
        return self.cause, self.late_cause


def plans(settings: Settings) -> tuple[Plan, ...]:
    """Return the plan by [schedule], and that of the settlements where they have a schedule of their own."""
    own = settings.settlement.schedule
    alone = frozenset() if own is None else frozenset({RecordKind.SETTLEMENT})
    kinds = frozenset(RecordKind) - alone
    plan = Plan(timetable=settings.schedule, kinds=kinds, cause="schedule", late_cause="catch_up")
    if own is None:
        return (plan,)
    return plan, Plan(timetable=own, kinds=alone, cause="settlement_schedule", late_cause="settlement_catch_up")


def trigger(settings: Settings, of: Timetable | None = None) -> Spread:
    """Return when this terminal sends by a timetable, [schedule] unless told, in its own time zone."""
    timetable = of or settings.schedule

    def at(time: Any, **when: Any) -> CronTrigger:
        return CronTrigger(hour=time.hour, minute=time.minute, timezone=UTC, **when)

    if timetable.frequency == "weekly":
        base: BaseTrigger = at(timetable.time, day_of_week=timetable.weekday or "mon")
    elif timetable.frequency == "monthly":
        base = at(timetable.time, day=timetable.day or 1)
    else:
        base = OrTrigger([at(timetable.times.get(day, timetable.time), day_of_week=day) for day in _WEEKDAYS])
    return Spread(base, settings.terminal.timezone, spread(settings.terminal.id, settings.poweroffice.terminals))


def next_run(settings: Settings, now: datetime, of: Timetable | None = None) -> datetime | None:
    """Return when the next run by a timetable begins; without one, the next run of all."""
    timetables = [of] if of else [plan.timetable for plan in plans(settings)]
    found = [trigger(settings, timetable).get_next_fire_time(None, now) for timetable in timetables]
    return min((moment for moment in found if moment), default=None)


def due_by(settings: Settings, kind: RecordKind, came: datetime) -> datetime | None:
    """Return when the run ends, at the latest, that is to send a document of a kind which came then."""
    timetable = next(plan.timetable for plan in plans(settings) if kind in plan.kinds)
    begins = next_run(settings, came, timetable)
    return begins + settings.schedule.window if begins else None


def last_due(settings: Settings, now: datetime, of: Timetable | None = None) -> datetime | None:
    """Return when the latest run by a timetable, [schedule] unless told, should have begun."""
    times = trigger(settings, of)
    for look_back in _LOOK_BACKS:
        due, found = None, times.get_next_fire_time(None, now - look_back)
        while found and found <= now:
            due, found = found, times.get_next_fire_time(found, found + timedelta(seconds=1))
        if due:
            return due
    return None


class Ticker:
    """Calls `work` now and then every so many seconds, on one daemon thread, until `stop`.

    The times come from APScheduler's triggers; the waiting does not: a job armed in wall-clock time sleeps on when the
    clock is set back, and knows nothing of a time that passed while the till was off. `work` compares the present with
    what the outbox says was done last, so that neither matters. It may take its time; there is no tick meanwhile.
    """

    def __init__(self, work: Callable[[], None], *, seconds: float = TICK_SECONDS) -> None:
        self._work = work
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="posplugin-schedule", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self, patience: float = 3.0) -> None:
        """End. What is under way, and has been told to stop, is given `patience` seconds; repeatable."""
        self._stopped.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(patience)

    def _loop(self) -> None:
        while not self._stopped.is_set():
            try:
                self._work()
            except Exception:
                log.exception("schedule_failed")
            self._stopped.wait(self._seconds)
