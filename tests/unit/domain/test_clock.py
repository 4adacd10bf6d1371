"""Aware moments, and the day that begins at five."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.clock import (
    LONG_AGO,
    business_date,
    from_stored,
    from_text,
    require_aware,
    to_text,
    utc_now,
)
from posplugin.domain.errors import UsageError

OSLO = ZoneInfo("Europe/Oslo")
NAIVE = datetime(2026, 11, 20, 20, 0)  # noqa: DTZ001


class NoOffset(tzinfo):
    """A time zone that does not know its own offset: as good as none."""

    def utcoffset(self, _: datetime | None) -> None:
        return None

    dst = utcoffset

    def tzname(self, _: datetime | None) -> str:
        return "nowhere"


@pytest.mark.parametrize("moment", [NAIVE, NAIVE.replace(tzinfo=NoOffset())])
def test_naive_times_are_refused_by_name(moment: datetime) -> None:
    with pytest.raises(UsageError, match="the time of the sale is 2026-11-20T20:00:00 without a time zone"):
        require_aware("the time of the sale", moment)
    with pytest.raises(UsageError):
        to_text(moment)
    with pytest.raises(UsageError):
        business_date(moment, OSLO)


def test_now_is_aware() -> None:
    assert utc_now().utcoffset() == timedelta(0)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001
def test_text_is_utc_of_fixed_width_and_comes_back_as_the_same_moment(wall: datetime, hours: int) -> None:
    moment = wall.replace(tzinfo=timezone(timedelta(hours=hours)))
    text = to_text(moment)
    assert len(text) == len("2026-11-20T20:00:00.000000Z")
    assert from_text(text) == moment
    assert from_text(text).tzinfo is UTC


@given(*[st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC))] * 2)  # noqa: DTZ001
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    assert (to_text(one) < to_text(other)) == (one < other)


@pytest.mark.parametrize(
    ("wall", "day"),
    [
        ("2026-11-20T20:00", "2026-11-20"),
        ("2026-11-21T00:00", "2026-11-20"),
        ("2026-11-21T04:59", "2026-11-20"),
        ("2026-11-21T04:59:59.999999", "2026-11-20"),
        ("2026-11-21T05:00", "2026-11-21"),
        ("2027-01-01T03:00", "2026-12-31"),
        # the night in spring when 02:00 becomes 03:00
        ("2026-03-29T01:59", "2026-03-28"),
        ("2026-03-29T03:00", "2026-03-28"),
        ("2026-03-29T04:59", "2026-03-28"),
        ("2026-03-29T05:00", "2026-03-29"),
        # the night in autumn when 02:30 comes twice
        ("2026-10-25T02:30", "2026-10-24"),
        ("2026-10-25T04:59", "2026-10-24"),
        ("2026-10-25T05:00", "2026-10-25"),
    ],
)
def test_the_day_begins_at_five_on_the_wall_clock(wall: str, day: str) -> None:
    for fold in (0, 1):
        moment = datetime.fromisoformat(wall).replace(tzinfo=OSLO, fold=fold)
        assert business_date(moment, OSLO) == date.fromisoformat(day)
        assert business_date(moment.astimezone(UTC), OSLO) == date.fromisoformat(day)


def test_the_day_may_begin_at_another_time() -> None:
    moment = datetime(2026, 11, 21, 2, 30, tzinfo=OSLO)
    assert business_date(moment, OSLO, time(0)) == date(2026, 11, 21)
    assert business_date(moment, OSLO, time(2, 30)) == date(2026, 11, 21)
    assert business_date(moment, OSLO, time(2, 31)) == date(2026, 11, 20)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_days_never_run_backwards_and_skip_none(moment: datetime) -> None:
    today, an_hour_later = business_date(moment, OSLO), business_date(moment + timedelta(hours=1), OSLO)
    assert an_hour_later - today in {timedelta(0), timedelta(days=1)}


@pytest.mark.parametrize("text", ["", "2026-11-20", "2026-11-20T19:00:00Z", "2026-11-20T19:00:00.000000+", "x" * 27])
def test_a_text_that_is_no_stored_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"moment|isoformat"):
        from_text(text)
    assert from_stored(text) == LONG_AGO
