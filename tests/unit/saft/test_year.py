"""A generated year reads in flat memory, valid, each receipt in one day, and tells how far it has come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from posplugin.saft import DayRead, Reader, SaftRules, read_days
from posplugin.saft.entries import Transaction
from posplugin.saft.notes import Notes
from tests.benchmarks.saft_import import measured
from tests.benchmarks.saft_year import write_year

SCHEMA = Path(__file__).parents[4] / "shared/saf-t/Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("year") / "year.xml"
    write_year(path, 1)
    return path


def test_every_night_of_the_year_is_one_day_and_agrees_with_its_report(year: Path) -> None:
    told: list[tuple[int, int]] = []
    reader = Reader(year, SaftRules(), "bar-1", progress=lambda done, whole: told.append((done, whole)))

    read = [day for day in read_days(reader) if isinstance(day, DayRead)]

    assert [day.z.business_date for day in read] == [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [day.problems for day in read if day.problems] == []
    assert {day.z.cash.difference for day in read} == {0}
    assert {day.counts.left_out["voided"] for day in read} == {2}
    size = year.stat().st_size
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert (told[-1], {whole for _, whole in told}) == ((2 * size, 2 * size), {2 * size})


def test_reading_it_takes_no_more_memory_than_a_day_does(year: Path) -> None:
    took = measured(year)

    assert (took.days, took.days_with_problems, took.waiting) == (365, 0, 0)
    assert took.peak_megabytes < 60


@pytest.mark.skipif(not SCHEMA.exists(), reason="the tax authority's schema is not beside this checkout (../shared)")
def test_the_year_is_valid_against_the_schema(year: Path) -> None:
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(etree.parse(str(year)))


@pytest.mark.parametrize(
    ("numbers", "twice"),
    [
        (["1", "2", "3"], set()),
        (["1", "3", "2", "3"], {3}),
        (["1", "2", "2"], {2}),
        (["7", "07", "A", "A", "7"], {3, 4}),
        (["9" * 5000, "9" * 5000], {1}),
    ],
)
def test_a_number_that_stands_there_twice_is_found_in_whatever_order(numbers: list[str], twice: set[int]) -> None:
    notes = Notes("R")
    for nr in numbers:
        notes.add(transaction(nr), 0.0, date(2026, 1, 1))

    assert notes.twice() == twice


def test_only_what_others_refer_to_is_kept_whole() -> None:
    notes = Notes("R")
    for nr in range(10_000):
        notes.add(transaction(str(nr), ref_id="17" if nr == 9_999 else None), 0.0, date(2026, 1, 1))

    assert notes.refs == {"17"}
    assert [(one.position, one.nr, one.sale_id) for one in notes.known(notes.refs | {"T9000"})] == [
        (17, "17", "R-17"),
        (9_000, "9000", "R-9000"),
    ]


def transaction(nr: str, ref_id: str | None = None) -> Transaction:
    noon = datetime(2026, 1, 1, 12)  # noqa: DTZ001
    return Transaction(
        register_id="R", nr=nr, trans_id=f"T{nr}", kind="11001", amount=100, debit=False, at=noon, ref_id=ref_id
    )
