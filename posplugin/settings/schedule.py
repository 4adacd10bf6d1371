"""When the sender runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Literal

from pydantic import Field

from posplugin.settings.values import PositiveDuration, RunTime, Section, Weekday


class Timetable(Section):
    """At what times runs begin, in the terminal's time zone."""

    frequency: Literal["daily", "weekly", "monthly"] = "daily"
    #: Weekly only.
    weekday: Weekday | None = None
    #: Monthly only; every month has 28 days.
    day: Annotated[int, Field(ge=1, le=28)] | None = None
    time: RunTime = time(6)
    #: Daily only: overrides `time` on that weekday.
    times: Mapping[Weekday, RunTime] = Field(default_factory=dict)


class ScheduleSettings(Timetable):
    """When to send, who does, and for how long."""

    #: Off until `posplugin check` has passed, whatever stands here.
    automatic: bool = True
    #: "service": `posplugin service` sends, the till does not.
    runs_in: Literal["till", "service"] = "till"
    #: How long a run goes on trying what can be tried later.
    window: PositiveDuration = timedelta(hours=6)
