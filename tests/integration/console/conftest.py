from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posplugin.simulator import Simulator
from tests.integration.console.visitor import Visitor
from tests.integration.sender.shop import Shop


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000) as simulator:
        yield simulator


@pytest.fixture
def shops(tmp_path: Path, go: Simulator) -> Iterator[Callable[..., Shop]]:
    """Open tills: `shops("bar-2", schedule="…")`."""
    opened: list[Shop] = []

    def open_shop(terminal: str = "bar-1", **settings: Any) -> Shop:
        opened.append(Shop(tmp_path / terminal, go, terminal=terminal, **settings))
        return opened[-1]

    yield open_shop
    for shop in opened:
        shop.close()


@pytest.fixture
def shop(shops: Callable[..., Shop]) -> Shop:
    return shops()


@pytest.fixture
def visitor(shop: Shop) -> Visitor:
    """A technician at the console of `shop`."""
    return Visitor(shop.app)
