"""The year's time: the machine's clock as the till sees it, PowerOffice's beside it, and the scheduler's next look."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import pytest
import time_machine

from posplugin.schedule import Ticker
from tests.year.office import Office, advance

OSLO = ZoneInfo("Europe/Oslo")


class Machine(Protocol):
    """What `time_machine.travel` gives."""

    def shift(self, delta: float) -> None:
        """Let seconds pass."""


class Time:
    """What the wall clock says, at the till and at PowerOffice."""

    def __init__(self, machine: Machine, office: Office) -> None:
        self._machine = machine
        self._office = office
        self._told = 0.0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def pass_at_the_till(self, seconds: float) -> None:
        """Let time pass at the till; PowerOffice hears of it when somebody speaks to it."""
        with self._lock:
            self._machine.shift(seconds)

    def later(self, seconds: float) -> None:
        """Let time pass everywhere."""
        with self._lock:
            self._machine.shift(seconds)
            ahead = self.now().timestamp() - time_machine.escape_hatch.time.time()
            self._office.ask(advance, ahead - self._told)
            self._told = ahead

    def until(self, moment: datetime) -> None:
        """Let it be a moment, unless it has been."""
        self.later(max(0.0, (moment - self.now()).total_seconds()))


@contextmanager
def travelling(begins: datetime, office: Office) -> Iterator[Time]:
    """Let it be another time, which goes on as the machine's does, and faster where somebody says so."""
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(begins, tick=True) as machine:
        patch.setattr("posplugin.app.Ticker", OnCall)
        time = Time(machine, office)
        time.later(0)
        yield time


class Dial(threading.Event):
    """`App.stopping`: where a run would wait for its next try, the clocks go on instead."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self._time = time

    def wait(self, timeout: float | None = None) -> bool:
        if not self.is_set() and timeout:
            self._time.later(timeout)
        return self.is_set()


class OnCall(Ticker):
    """The scheduler's own thread and its own loop; it looks when it is called, not every twenty seconds."""

    def __init__(self, work: Callable[[], None], **how: Any) -> None:
        super().__init__(work, **how)
        self._bell = self._stopped = _Bell()

    def call(self) -> None:
        """Let it look once whether something is due; return when what was due is done."""
        self._bell.ring_and_wait()

    def _loop(self) -> None:
        self._stopped.wait()
        super()._loop()


class _Bell(threading.Event):
    """Its `wait` ends when it is rung, or set."""

    def __init__(self) -> None:
        super().__init__()
        self._rung = threading.Semaphore(0)
        self._back = threading.Semaphore(0)
        self._was_rung = False

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        if self._was_rung:
            self._back.release()
        self._rung.acquire()
        self._was_rung = True
        return self.is_set()

    def set(self) -> None:
        super().set()
        self._rung.release()

    def ring_and_wait(self) -> None:
        self._rung.release()
        self._back.acquire()


def at_oslo(day: datetime, hour: int, minute: int = 0) -> datetime:
    """Return a wall clock's moment of the same date in Oslo."""
    return day.astimezone(OSLO).replace(hour=hour, minute=minute, second=0, microsecond=0)


def hours(count: float) -> float:
    """Return seconds."""
    return timedelta(hours=count).total_seconds()
