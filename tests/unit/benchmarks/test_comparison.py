"""A figure beside another, and the goal between them."""

from __future__ import annotations

import pytest

from tests.benchmarks.comparison import Comparison, Holds, Samples, by_turns
from tests.benchmarks.plot import part_of_goal


def compared(ours: float, theirs: float, goal: float, holds: Holds) -> Comparison:
    return Comparison(what="a", beside="b", ours=ours, theirs=theirs, unit="ms", goal=goal, holds=holds)


@pytest.mark.parametrize(
    ("each", "reached", "met", "part"),
    [
        (compared(3, 2, 1.5, "times"), 1.5, True, 1),
        (compared(4, 2, 1.5, "times"), 2, False, 4 / 3),
        (compared(9.5, 10, 0.95, "share"), 0.95, True, 1),
        (compared(9, 10, 0.95, "share"), 0.9, False, 0.95 / 0.9),
        (compared(65, 50, 15, "more"), 15, True, 1),
        (compared(66, 50, 15, "more"), 16, False, 16 / 15),
        (compared(49, 50, 15, "more"), -1, True, 0),
        (compared(4, 0, 16, "at_most"), 4, True, 0.25),
        (compared(17, 0, 16, "at_most"), 17, False, 17 / 16),
    ],
)
def test_a_goal_holds_in_four_ways(each: Comparison, reached: float, met: bool, part: float) -> None:
    assert each.reached == pytest.approx(reached)
    assert each.met is met
    assert part_of_goal(each) == pytest.approx(part)
    assert (part_of_goal(each) <= 1) is met


def test_calls_are_timed_by_turns_and_each_begins_a_round_in_its_turn() -> None:
    called: list[str] = []

    samples = by_turns([lambda: called.append("a"), lambda: called.append("b")], rounds=4, warm=1)

    assert "".join(called) == "ab" + "ab" + "ba" + "ab" + "ba"
    assert [len(each.seconds) for each in samples] == [4, 4]
    assert all(second >= 0 for each in samples for second in each.seconds)


def test_the_median_and_what_ninety_nine_of_a_hundred_stay_under_are_milliseconds() -> None:
    samples = Samples(seconds=[number / 1000 for number in range(101)])

    assert samples.p50 == pytest.approx(50)
    assert samples.p99 == pytest.approx(99)
