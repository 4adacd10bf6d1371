"""How requests are spaced: alone, as one of many, and after a refusal. The clock is a number; nobody waits."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.poweroffice.pace import LONGEST_ROUND_SECONDS, SPACING_SECONDS, Pacer, share
from tests.benchmarks import fleet


class Clock:
    """Time that passes by sleeping."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds


def _paced(spacing: float, chance: Callable[[], float] = lambda: 0.5) -> tuple[Pacer, Clock]:
    clock = Clock()
    return Pacer(spacing, monotonic=clock.monotonic, sleep=clock.sleep, chance=chance), clock


def _places(pacer: Pacer, clock: Clock, number: int) -> list[float]:
    found = []
    for _ in range(number):
        pacer.wait()
        found.append(round(clock.now - 100, 6))
    return found


@pytest.mark.parametrize(
    ("terminals", "seconds"), [(1, SPACING_SECONDS), (2, 0.3), (50, 7.5), (100, 15.0), (101, 15.0), (10_000, 15.0)]
)
def test_a_share_is_longer_the_more_there_are_up_to_what_a_night_bears(terminals: int, seconds: float) -> None:
    assert share(terminals) == pytest.approx(seconds)


@given(st.integers(2, 10_000))
def test_no_share_is_quicker_than_alone_nor_too_slow_for_a_token_to_serve_a_run(terminals: int) -> None:
    assert SPACING_SECONDS < share(terminals) <= LONGEST_ROUND_SECONDS
    assert share(terminals) <= share(terminals + 1)


def test_requests_are_evenly_spaced_from_the_first_on() -> None:
    assert _places(*_paced(15.0), 4) == [0, 15, 30, 45]


def test_a_place_that_nobody_took_is_not_made_up_for() -> None:
    pacer, clock = _paced(15.0)
    pacer.wait()
    clock.now += 100

    assert _places(pacer, clock, 2) == [100, 115]


def test_after_a_refusal_all_that_follow_come_at_another_place_of_the_round() -> None:
    """The refused one and those after it: others, who were there before, space theirs alike."""
    pacer, clock = _paced(15.0, chance=lambda: 0.4)
    pacer.wait()
    pacer.pause(1.0)

    assert _places(pacer, clock, 3) == [21, 36, 51]


def test_whoever_waits_while_another_is_refused_waits_on() -> None:
    """A request is refused while the next sleeps."""
    pacer: Pacer
    clock, slept = Clock(), []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 6))
        if len(slept) == 1:
            clock.now += 0.05
            pacer.pause(1.0)
            clock.now -= 0.05
        clock.sleep(seconds)

    pacer = Pacer(0.1, monotonic=clock.monotonic, sleep=sleep, chance=lambda: 0.0)
    pacer.wait()
    pacer.wait()

    assert (slept, round(clock.now, 6)) == ([0.1, 0.95], 101.05)


def test_what_a_gateway_asks_for_is_waited_and_several_refusals_at_once_are_one_pause() -> None:
    pacer, clock = _paced(SPACING_SECONDS, chance=lambda: 1.0)
    pacer.wait()
    for _ in range(4):
        pacer.pause(3.0)

    (place,) = _places(pacer, clock, 1)
    assert 3.0 <= place <= 3.0 + 4 * SPACING_SECONDS + 1e-6


@given(st.lists(st.sampled_from(["wait", "refused", "idle"]), max_size=60), st.integers(0, 2**32))
def test_requests_are_never_closer_than_the_share_whatever_is_refused(happens: Sequence[str], seed: int) -> None:
    pacer, clock = _paced(15.0, chance=random.Random(seed).random)
    starts = [-1e9]
    for what in happens:
        if what == "wait":
            pacer.wait()
            starts.append(clock.now)
        elif what == "refused":
            pacer.pause(1.0)
        else:
            clock.now += 4.0

    assert all(after - before >= 15 - 1e-6 for before, after in itertools.pairwise(starts))


def test_threads_take_turns_and_none_is_left_waiting() -> None:
    pacer, clock = _paced(0.1)
    found: list[float] = []

    def ask() -> None:
        for _ in range(25):
            pacer.wait()
            found.append(clock.now)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(found) == 100
    assert clock.now == pytest.approx(100 + 99 * 0.1)


def test_whoever_is_told_to_stop_waits_no_longer() -> None:
    """The sleep of a scheduled run is that of its till: it ends when the till closes."""
    stop = threading.Event()
    stop.set()
    pacer = Pacer(3600.0, sleep=stop.wait)

    for _ in range(3):
        pacer.wait()


def test_a_fleet_that_knows_its_number_is_refused_less_than_one_request_in_twenty() -> None:
    """Played under a virtual clock with fixed chances, as the benchmark does with more."""
    told, not_told = fleet.play(600, told=600), fleet.play(600, told=1)

    assert told.refused < 5 < not_told.refused
    assert told.took is not None
    assert told.took < 2 * told.limit
