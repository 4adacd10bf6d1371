"""The promise, with a till, a sender and a PowerOffice that are really killed.

`make crash ROUNDS=1000` and `python -m tests.crash.sweep` for more of the same.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.harness import run
from tests.crash.scenarios import SCENARIOS, Scenario
from tests.crash.sweep import Visits, sweep


def test_killed_at_random_nothing_is_lost_and_nothing_is_doubled() -> None:
    """A world of each mode, in which till and sender die again and again."""
    figures = run(rounds=8)

    assert figures.sales > 0
    assert not figures.found.counts, figures.found.told


@pytest.mark.parametrize("scenario", SCENARIOS[::4], ids=lambda scenario: scenario.name)
def test_killed_at_a_step_nothing_is_lost_and_nothing_is_doubled(scenario: Scenario, tmp_path: Path) -> None:
    """A few steps of some of what the sweep visits wholly."""
    swept = sweep(scenario, tmp_path, Visits(every=40, first=5))

    assert swept.deaths > 0
    assert not swept.found.counts, swept.found.told
