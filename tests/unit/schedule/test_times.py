"""When a terminal sends: a table of settings and clocks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from posplugin.domain.documents import RecordKind
from posplugin.schedule import SECONDS_EACH, SPREAD_SECONDS, Ticker, due_by, last_due, next_run, plans, spread
from posplugin.settings import read_settings
from posplugin.settings.model import Settings

OSLO = ZoneInfo("Europe/Oslo")
SettingsFile = Callable[..., Path]


def at(text: str) -> datetime:
    """A moment on the wall clock in Oslo."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


def plain(settings: Settings, moment: datetime | None) -> str | None:
    """A moment without this terminal's own offset, as the wall clock shows it."""
    if moment is None:
        return None
    base = moment.astimezone(UTC) - spread(settings.terminal.id)
    return base.astimezone(OSLO).strftime("%Y-%m-%d %H:%M")


DAILY: dict[str, object] = {}
SUNDAYS_LATER = {"times": {"sun": "08:00"}}
WEEKLY = {"frequency": "weekly", "weekday": "mon", "time": "05:00"}
MONTHLY = {"frequency": "monthly", "day": 1, "time": "05:00"}

CASES = [
    # schedule, now, the next run, the latest that should have been
    (DAILY, "2026-11-20 05:00", "2026-11-20 06:00", "2026-11-19 06:00"),
    (DAILY, "2026-11-20 12:00", "2026-11-21 06:00", "2026-11-20 06:00"),
    (SUNDAYS_LATER, "2026-11-22 07:00", "2026-11-22 08:00", "2026-11-21 06:00"),
    (SUNDAYS_LATER, "2026-11-21 12:00", "2026-11-22 08:00", "2026-11-21 06:00"),
    (WEEKLY, "2026-11-20 12:00", "2026-11-23 05:00", "2026-11-16 05:00"),
    (MONTHLY, "2026-11-20 12:00", "2026-12-01 05:00", "2026-11-01 05:00"),
    (MONTHLY, "2026-12-31 12:00", "2027-01-01 05:00", "2026-12-01 05:00"),
    # the nights when the clocks change: 29 March and 25 October 2026
    (DAILY, "2026-03-29 01:30", "2026-03-29 06:00", "2026-03-28 06:00"),
    (DAILY, "2026-10-25 01:30", "2026-10-25 06:00", "2026-10-24 06:00"),
    ({"time": "23:55"}, "2026-10-25 00:40", "2026-10-25 23:55", "2026-10-24 23:55"),
    ({"time": "03:30"}, "2026-10-25 12:00", "2026-10-26 03:30", "2026-10-25 03:30"),
]


@pytest.mark.parametrize(("schedule", "now", "following", "latest"), CASES)
def test_a_terminal_sends_at_its_time_and_knows_what_it_missed(
    schedule: dict[str, object], now: str, following: str, latest: str, settings_file: SettingsFile
) -> None:
    settings = read_settings(settings_file(schedule={"automatic": True, **schedule}))

    assert plain(settings, next_run(settings, at(now))) == following
    assert plain(settings, last_due(settings, at(now))) == latest


@pytest.mark.parametrize(("schedule", "now", "following", "latest"), CASES)
def test_settlements_have_times_of_their_own_where_they_have_a_schedule(
    schedule: dict[str, object], now: str, following: str, latest: str, settings_file: SettingsFile
) -> None:
    """The same table, read as [settlement.schedule]; the invoices keep theirs."""
    settings = read_settings(settings_file(settlement={"schedule": schedule}, schedule={"time": "06:00"}))
    own = settings.settlement.schedule

    assert plain(settings, next_run(settings, at(now), own)) == following
    assert plain(settings, last_due(settings, at(now), own)) == latest
    daily = read_settings(settings_file())
    assert next_run(settings, at(now), settings.schedule) == next_run(daily, at(now))
    assert last_due(settings, at(now)) == last_due(daily, at(now))


@pytest.mark.parametrize(
    ("now", "following"),
    [
        ("2026-11-22 05:00", "2026-11-22 06:00"),
        ("2026-11-22 12:00", "2026-11-23 04:00"),
        ("2026-11-23 05:00", "2026-11-23 06:00"),
    ],
)
def test_the_next_run_of_all_is_the_sooner(now: str, following: str, settings_file: SettingsFile) -> None:
    mondays = {"frequency": "weekly", "weekday": "mon", "time": "04:00"}
    settings = read_settings(settings_file(settlement={"schedule": mondays}))

    assert plain(settings, next_run(settings, at(now))) == following


def test_without_a_schedule_of_their_own_settlements_go_with_the_invoices(settings_file: SettingsFile) -> None:
    (plan,) = plans(read_settings(settings_file()))

    assert plan.kinds == frozenset(RecordKind)
    assert plan.causes == ("schedule", "catch_up")


def test_with_one_each_kind_belongs_to_one_plan_and_no_cause_to_both(settings_file: SettingsFile) -> None:
    """An empty table is a schedule too: every day at six, in a run of its own."""
    settings = read_settings(settings_file(settlement={"schedule": {}}))
    invoices, settlements = plans(settings)

    assert invoices.timetable is settings.schedule
    assert settlements.timetable == settings.settlement.schedule
    assert settlements.kinds == {RecordKind.SETTLEMENT}
    assert invoices.kinds == {RecordKind.INVOICE, RecordKind.CREDIT_NOTE}
    assert not {*invoices.causes} & {*settlements.causes}


def test_between_two_runs_nothing_is_due_twice(settings_file: SettingsFile) -> None:
    """Every other hour through a year, what was due last moves on once a day, over both changes of the clocks."""
    settings = read_settings(settings_file())
    now, seen = at("2026-01-01 00:00").astimezone(UTC), set()
    for _ in range(365 * 12):
        now += timedelta(hours=2)
        seen.add(last_due(settings, now))

    assert len(seen) in {365, 366}
    assert all(moment is not None for moment in seen)


def test_terminals_are_spread_evenly_and_always_alike() -> None:
    """PowerOffice's limit is shared by all of a vendor's terminals."""
    offsets = [spread(f"till-{number}").total_seconds() for number in range(3000)]

    assert spread("till-1") == spread("till-1")
    assert min(offsets) >= 0
    assert max(offsets) < SPREAD_SECONDS
    thirds = [sum(1 for o in offsets if low <= o < low + SPREAD_SECONDS / 3) for low in (0, 600, 1200)]
    assert all(900 < third < 1100 for third in thirds)


def test_the_more_terminals_there_are_the_wider_they_are_spread() -> None:
    """Few are spread as those are that do not know; a night has a time for each of many."""
    few, many = ([spread(f"till-{number}", of).total_seconds() for number in range(of)] for of in (300, 5000))

    assert few == [spread(f"till-{number}").total_seconds() for number in range(300)]
    assert max(many) < 5000 * SECONDS_EACH
    hours = [sum(1 for o in many if begin <= o < begin + 3600) for begin in range(0, 5000 * SECONDS_EACH - 3600, 3600)]
    assert all(600 < begun < 850 for begun in hours)


@pytest.mark.parametrize("terminals", [1, 480, 1000, 10_000])
def test_what_a_fleet_s_terminal_has_missed_and_when_it_will_be_late_follow_from_its_own_start(
    terminals: int, settings_file: SettingsFile
) -> None:
    """However late in the day that is: no run is missed because of it, and none is late before its own has ended."""
    settings = read_settings(settings_file(poweroffice={"terminals": terminals}, schedule={"time": "05:00"}))
    offset = spread(settings.terminal.id, terminals)
    sold = at("2026-11-19 22:00")
    begins = (at("2026-11-20 05:00") + offset).astimezone(UTC)
    if offset.total_seconds() > 17 * 3600:
        begins -= timedelta(days=1)

    assert next_run(settings, sold) == begins
    assert due_by(settings, RecordKind.INVOICE, sold) == begins + settings.schedule.window
    assert last_due(settings, begins + timedelta(seconds=1)) == begins
    assert last_due(settings, begins - timedelta(seconds=1)) == begins - timedelta(days=1)


def test_a_ticker_works_at_once_and_again_and_ends_when_told() -> None:
    """What its work raises is logged, and it goes on."""
    ticks: list[float] = []
    often = threading.Event()

    def work() -> None:
        ticks.append(time.monotonic())
        if len(ticks) >= 3:
            often.set()
        raise ValueError("not today")

    ticker = Ticker(work, seconds=0.01)
    ticker.start()
    assert often.wait(10)
    ticker.stop()
    count = len(ticks)
    time.sleep(0.05)

    assert len(ticks) == count
    ticker.stop()


def test_a_ticker_that_is_held_up_is_left_behind() -> None:
    """A till closes within seconds, whatever the network does."""
    let_go = threading.Event()

    def held_up() -> None:
        let_go.wait()

    ticker = Ticker(held_up, seconds=0.01)
    ticker.start()

    ticker.stop(patience=0.1)  # returns, though nobody has let go

    let_go.set()
    ticker.stop()
