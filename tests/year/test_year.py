"""Ten short evenings of the year, by the code that plays all of it; and whether a leak would be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.year.measures import OBJECTS, RSS_MB, WAL_MB, Sample, leaks
from tests.year.play import Year

_FLAT = Sample(
    day=date(2026, 11, 1),
    sales=2100,
    documents=700,
    rss_mb=120.0,
    descriptors=15,
    threads=3,
    objects=125_000,
    wal_mb=4.2,
    file_mb=3.0,
    hooks_p50_ms=2.0,
    hooks_p99_ms=9.0,
    cpu_s=2.0,
)
_WEEKS = [replace(_FLAT, sales=2100 * week) for week in range(1, 53)]


def test_ten_evenings_end_with_equal_books_and_nothing_grown(tmp_path: Path) -> None:
    told = Year(evenings=10, sales=10, seed=5, folder=tmp_path, week=1).play()

    assert told.wrong == []
    assert told.books is not None
    assert (told.evenings, told.books.settlements) == (10, 10)
    assert told.books.documents > 20
    assert len(told.nights) > 3
    assert any(each.startswith("died") for each in told.seen)
    assert leaks(told.samples) == []


def test_what_is_flat_is_no_leak() -> None:
    nearly = [replace(each, rss_mb=120 + RSS_MB * week / 52) for week, each in enumerate(_WEEKS)]
    assert leaks(nearly) == []


@pytest.mark.parametrize(
    ("grows", "a_week", "told"),
    [
        ("descriptors", 1, "the number of open descriptors grew from 34 to 60 over 54,600 sales"),
        ("threads", 1, "the number of threads grew from"),
        ("objects", OBJECTS / 20, "the number of objects grew from"),
        ("rss_mb", RSS_MB / 20, "resident memory (MB) grew from"),
    ],
)
def test_what_grows_by_a_little_every_week_is_told(grows: str, a_week: float, told: str) -> None:
    grown = [replace(each, **{grows: getattr(each, grows) + a_week * week}) for week, each in enumerate(_WEEKS)]
    assert [sentence[: len(told)] for sentence in leaks(grown)] == [told]


def test_a_log_that_was_too_long_once_is_told() -> None:
    assert "the outbox's log was 16.1 MB" in leaks([*_WEEKS, replace(_FLAT, wal_mb=WAL_MB + 0.1)])[0]


def test_of_a_few_weeks_nothing_is_claimed() -> None:
    assert leaks(_WEEKS[:7]) == ["only 7 weeks were measured: whether anything grows is not to be seen"]
