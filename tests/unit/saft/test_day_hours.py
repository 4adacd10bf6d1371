"""Each sale is in exactly one day, at whatever hour it was sold and the day was closed."""

from __future__ import annotations

from datetime import datetime

import pytest

from posplugin.saft import Waiting
from sample_terminal.rule_files import sold
from tests.unit.saft.day_files import NOON, Files, days, z


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


#: Sales and Z reports by wall clock, then the sales of each Z with its date, and what waits.
HOURS = {
    "in the closing second, and the second after": (
        ["2026-11-20T23:00:00", "2026-11-20T23:00:01"],
        ["2026-11-20T23:00:00"],
        [("2026-11-20", 1)],
        1,
    ),
    "after midnight": (["2026-11-20T22:00", "2026-11-21T00:40"], ["2026-11-21T01:15"], [("2026-11-20", 2)], 0),
    "in the hour that comes twice": (
        ["2026-10-25T02:20", "2026-10-25T02:50", "2026-10-25T02:10", "2026-10-25T02:40"],
        ["2026-10-25T01:00", "2026-10-25T02:55", "2026-10-25T02:30"],
        [("2026-10-24", 0), ("2026-10-24", 2), ("2026-10-24", 1)],
        1,
    ),
    "at half past two on the first of a month": (
        ["2026-11-30T20:00", "2026-12-01T02:29", "2026-12-01T02:31"],
        ["2026-12-01T02:30", "2026-12-02T02:30"],
        [("2026-11-30", 2), ("2026-11-30", 1)],
        0,
    ),
    "two in one day": (
        ["2026-11-20T12:00", "2026-11-20T18:00"],
        ["2026-11-20T16:00", "2026-11-20T23:00"],
        [("2026-11-20", 1), ("2026-11-20", 1)],
        0,
    ),
    "none sold": ([], ["2026-11-20T23:00", "2026-11-22T02:30"], [("2026-11-20", 0), ("2026-11-21", 0)], 0),
    "no Z": (["2026-11-20T12:00", "2026-11-20T13:00", "2026-11-20T14:00"], [], [], 3),
}


@pytest.mark.parametrize("name", HOURS)
def test_each_sale_is_in_one_day_with_the_right_date(read: Files, name: str) -> None:
    sales, closings, expected, waiting = HOURS[name]
    transactions = [sold(nr, "1 suppe", "card", at=at(moment)) for nr, moment in enumerate(sales, start=1)]
    events = [z(at(moment), number) for number, moment in enumerate(closings, start=1)]

    found = read(*transactions, events=events)

    assert [(day.z.business_date.isoformat(), day.counts.receipts) for day in days(found)] == expected
    assert sum(one.receipts for one in found if isinstance(one, Waiting)) == waiting
    assert sum(day.counts.receipts for day in days(found)) + waiting == len(sales)


def test_what_waits_for_its_z_is_named(read: Files) -> None:
    found = read(*(sold(nr, "1 suppe", "card") for nr in (41, 42, 43)), events=[z(NOON)])

    assert found[-1] == Waiting(
        register_id="BAR-1",
        receipts=3,
        text="3 receipts of register BAR-1 after its last Z wait for their Z: 41, 42, 43",
    )
