"""How the last days went, read from the events: what was delivered on each, and what stood where when it ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from posplugin.outbox.database import Database
from posplugin.outbox.days import Day, last_days
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from tests.fixtures.clocks import Watch
from tests.fixtures.sales import invoice, request, sale

OSLO = ZoneInfo("Europe/Oslo")


class Till:
    """Sells and moves records at moments of its own."""

    def __init__(self, outbox: Outbox, clock: Watch) -> None:
        self.outbox, self.clock, self._sold = outbox, clock, 0

    def sell(self, at: datetime) -> Record:
        self._sold += 1
        self.clock.now = at
        promised = self.outbox.authorize(invoice(request(sale(sale_id=f"s{self._sold}"))))
        return self.outbox.move(promised, Status.PENDING, "till", "the sale is final")

    def move(self, record: Record, to: Status, at: datetime, **told: object) -> Record:
        self.clock.now = at
        taken = self.outbox.move(record, Status.SENDING, "sender", "taken in hand")
        return self.outbox.move(taken, to, "sender", "as it went", **told)


@pytest.fixture
def till(outbox: Outbox, clock: Watch) -> Till:
    return Till(outbox, clock)


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def told(days: list[Day]) -> list[tuple[int, int, int, int]]:
    return [(day.day.day, day.delivered, day.waiting, day.attention) for day in days]


def test_an_empty_outbox_has_days_of_nothing(outbox: Outbox) -> None:
    assert told(last_days(outbox, at(3), OSLO, 3)) == [(1, 0, 0, 0), (2, 0, 0, 0), (3, 0, 0, 0)]


def test_each_day_tells_how_it_ended(till: Till) -> None:
    first, second = till.sell(at(1)), till.sell(at(1))
    held = till.move(second, Status.NEEDS_ATTENTION, at(2), reason="rejected")
    till.move(first, Status.DELIVERED, at(3))
    till.sell(at(4))
    till.clock.now = at(5)
    till.outbox.move(held, Status.DISCARDED, "technician", "handled", detail="handled")

    assert told(last_days(till.outbox, at(6), OSLO, 6)) == [
        (1, 0, 2, 0),
        (2, 0, 1, 1),
        (3, 1, 0, 1),
        (4, 0, 1, 1),
        (5, 0, 1, 0),
        (6, 0, 1, 0),
    ]


def test_what_stood_open_before_these_days_is_counted(till: Till) -> None:
    old = till.sell(at(1))
    till.sell(at(1))
    till.move(old, Status.DELIVERED, at(9))
    assert told(last_days(till.outbox, at(10), OSLO, 3)) == [(8, 0, 2, 0), (9, 1, 1, 0), (10, 0, 1, 0)]


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/Oslo", 2), ("UTC", 1), ("America/New_York", 1), ("Asia/Kathmandu", 2), ("Australia/Adelaide", 2)],
)
def test_a_day_is_the_terminals_own(till: Till, zone: str, day: int) -> None:
    till.move(till.sell(at(1, 23, 10)), Status.DELIVERED, at(1, 23, 10))
    days = last_days(till.outbox, at(3), ZoneInfo(zone), 4)
    assert [each.day.day for each in days if each.delivered] == [day]


@pytest.mark.parametrize(("minute", "day"), [(14, 1), (15, 2)])
def test_midnight_is_kept_where_the_clock_is_off_the_hour(till: Till, minute: int, day: int) -> None:
    """Kathmandu is 5 hours and 45 minutes ahead."""
    moment = at(1, 18, minute)
    till.move(till.sell(moment), Status.DELIVERED, moment)
    days = last_days(till.outbox, at(3), ZoneInfo("Asia/Kathmandu"), 4)
    assert [each.day.day for each in days if each.delivered] == [day]


def test_the_night_when_the_clock_is_set_back_belongs_to_its_day(till: Till) -> None:
    """25 October 2026 has 25 hours in Oslo: 22:30 UTC is 23:30 there, and 21:30 on the 24th is 23:30 too."""
    for moment in (datetime(2026, 10, 24, 21, 30, tzinfo=UTC), datetime(2026, 10, 25, 22, 30, tzinfo=UTC)):
        till.move(till.sell(moment), Status.DELIVERED, moment)
    days = last_days(till.outbox, datetime(2026, 10, 26, 12, tzinfo=UTC), OSLO, 3)
    assert [(each.day, each.delivered) for each in days] == [
        (date(2026, 10, 24), 1),
        (date(2026, 10, 25), 1),
        (date(2026, 10, 26), 0),
    ]


def test_a_clock_that_was_wrong_loses_nothing(till: Till) -> None:
    """What was written in the future counts today."""
    till.move(till.sell(at(20)), Status.DELIVERED, at(20))
    assert told(last_days(till.outbox, at(3), OSLO, 2)) == [(2, 0, 0, 0), (3, 1, 0, 0)]


def test_columns_that_change_are_no_moves(till: Till, database: Database) -> None:
    record = till.move(till.sell(at(1)), Status.DELIVERED, at(1))
    till.clock.now = at(1) + timedelta(hours=1)
    till.outbox.set(record, "sender", "is sent in the accounting system", accounting_state="sent")
    assert told(last_days(till.outbox, at(1, 20), OSLO, 1)) == [(1, 1, 0, 0)]
