from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posplugin.simulator import Simulator
from tests.acceptance.check.bench import Bench


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deletion that fails is tried again after seconds."""
    monkeypatch.setattr("posplugin.poweroffice.setup.draft._PAUSES", (0.0, 0.0))


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000, read_lag_seconds=30) as simulator:
        yield simulator


@pytest.fixture
def bench(tmp_path: Path, go: Simulator) -> Iterator[Bench]:
    """A till with one sale waiting."""
    opened = Bench(tmp_path / "bar-1", go)
    opened.sell("1")
    yield opened
    opened.close()
