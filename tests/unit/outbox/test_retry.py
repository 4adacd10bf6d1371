"""When to try again: a table."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.outbox.retry import RetryPolicy

POLICY = RetryPolicy()


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(0, 0), (1, 30), (2, 60), (3, 120), (4, 240), (7, 1920), (8, 3600), (9, 3600), (1000, 3600)],
)
def test_the_wait_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert POLICY.delay(attempts, lambda: 0.0) == timedelta(seconds=seconds)


@given(st.integers(1, 100), st.floats(0, 1))
def test_jitter_adds_up_to_a_quarter(attempts: int, jitter: float) -> None:
    plain = POLICY.delay(attempts, lambda: 0.0)
    assert plain <= POLICY.delay(attempts, lambda: jitter) <= plain * 1.25


@pytest.mark.parametrize(("attempts", "exhausted"), [(0, False), (7, False), (8, True), (9, True)])
def test_after_eight_tries_a_person_is_needed(attempts: int, exhausted: bool) -> None:
    assert POLICY.exhausted(attempts) is exhausted


def test_another_policy_is_another_value() -> None:
    quick = RetryPolicy(attempts=2, first=timedelta(seconds=1), longest=timedelta(seconds=3))
    assert [quick.delay(n, lambda: 0.0).total_seconds() for n in (1, 2, 3)] == [1, 2, 3]
    assert quick.exhausted(2)
