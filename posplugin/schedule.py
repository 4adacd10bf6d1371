"""When to send: once a day (or week, or month), spread over the terminals, made up for when it was missed."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, get_args

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from posplugin.domain.clock import Clock
from posplugin.logs import get_logger
from posplugin.settings.model import Settings
from posplugin.settings.values import Weekday

log = get_logger("schedule")

#: PowerOffice's limit is shared by every terminal of a vendor: starts are spread over this many seconds.
SPREAD_SECONDS = 30 * 60
#: How often the settings file is looked at for another schedule.
_REREAD_SECONDS = 60
_WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
#: A month has at least one day of every schedule in it, so a missed one is found within this.
_LOOK_BACK = timedelta(days=32)


class Spread(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Another trigger, later by the same time every time; the offset comes from the terminal's id."""

    def __init__(self, base: BaseTrigger, offset: timedelta) -> None:
        self._base = base
        self._offset = offset

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """Return the base's next time, plus the offset."""
        before = previous - self._offset if previous else None
        found: datetime | None = self._base.get_next_fire_time(before, now - self._offset)
        return found + self._offset if found else None


def spread(terminal_id: str, seconds: int = SPREAD_SECONDS) -> timedelta:
    """Return a terminal's own offset: the same every day, evenly spread over all terminals."""
    number = int.from_bytes(hashlib.sha256(terminal_id.encode()).digest()[:8])
    return timedelta(seconds=number % seconds)


def trigger(settings: Settings) -> Spread:
    """Return when this terminal sends, by its settings, in its own time zone."""
    schedule, zone = settings.schedule, settings.terminal.timezone

    def at(time: Any, **when: Any) -> CronTrigger:
        return CronTrigger(hour=time.hour, minute=time.minute, timezone=zone, **when)

    if schedule.frequency == "weekly":
        base: BaseTrigger = at(schedule.time, day_of_week=schedule.weekday or "mon")
    elif schedule.frequency == "monthly":
        base = at(schedule.time, day=schedule.day or 1)
    else:
        base = OrTrigger([at(schedule.times.get(day, schedule.time), day_of_week=day) for day in _WEEKDAYS])
    return Spread(base, spread(settings.terminal.id))


def next_run(settings: Settings, now: datetime) -> datetime | None:
    """Return when the next run begins."""
    found: datetime | None = trigger(settings).get_next_fire_time(None, now)
    return found


def last_due(settings: Settings, now: datetime) -> datetime | None:
    """Return when the latest run should have begun."""
    times = trigger(settings)
    due, found = None, times.get_next_fire_time(None, now - _LOOK_BACK)
    while found and found <= now:
        due, found = found, times.get_next_fire_time(found, found + timedelta(seconds=1))
    return due


class Schedule:
    """Calls `run(cause)` at its times, on a thread of its own, until `stop`.

    `read` gives the settings anew, so that another time takes effect within a minute. `last_run` gives when the
    latest run began: a time that passed while nothing was running is made up for at once.
    """

    def __init__(
        self,
        read: Callable[[], Settings],
        run: Callable[[str], None],
        last_run: Callable[[], datetime | None],
        clock: Clock,
    ) -> None:
        self._read = read
        self._run = run
        self._last_run = last_run
        self._clock = clock
        self._armed: tuple[object, ...] | None = None
        self._running = threading.Lock()
        self._stopped = False
        self._scheduler = BackgroundScheduler(
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin; returns at once."""
        self._scheduler.add_listener(self._failed, EVENT_JOB_ERROR)
        self._arm()
        self._scheduler.add_job(self._arm, "interval", seconds=_REREAD_SECONDS, id="reread")
        self._scheduler.start()
        settings = self._read()
        due, last = last_due(settings, self._clock()), self._last_run()
        if settings.schedule.automatic and due and (last is None or last < due):
            self._scheduler.add_job(self._go, args=["catch_up"], id="catch_up")

    def stop(self, patience: float = 5.0) -> None:
        """End; whatever runs has been told to stop and is given `patience` seconds. Repeatable."""
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._running.acquire(timeout=patience):
            self._running.release()

    def _arm(self) -> None:
        """(Re)place the job when the schedule in the settings is another than before."""
        settings = self._read()
        wanted = (settings.schedule, settings.terminal.timezone, settings.terminal.id)
        if wanted == self._armed:
            return
        self._armed = wanted
        if settings.schedule.automatic:
            self._scheduler.add_job(self._go, trigger(settings), args=["schedule"], id="send", replace_existing=True)
        elif self._scheduler.get_job("send"):
            self._scheduler.remove_job("send")

    def _go(self, cause: str) -> None:
        with self._running:
            if not self._stopped:
                self._run(cause)

    def _failed(self, event: JobExecutionEvent) -> None:
        log.error("schedule_failed", job=event.job_id, error=repr(event.exception))
