"""The promise of the outbox, with a real till that is really killed. `make crash ROUNDS=200` for more of the same."""

from __future__ import annotations

from tests.crash.harness import run


def test_a_till_killed_at_random_loses_nothing_and_doubles_nothing() -> None:
    """Every payment that the journal has as final is in the outbox once; every other is void."""
    figures = run(rounds=12)

    assert figures.final > 0
    assert figures.clean, figures
