from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from posplugin.poweroffice import client as client_module
from posplugin.simulator import Simulator
from tests.faults.proxy import Proxy
from tests.integration.sender.shop import Shop


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000, read_lag_seconds=30) as simulator:
        yield simulator


@pytest.fixture
def proxy(go: Simulator) -> Iterator[Proxy]:
    """The way to PowerOffice; nothing is the matter with it yet."""
    with Proxy(go.url) as way:
        yield way


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every limit of the client is a hundredth of what it is, so that a test need not wait for it."""
    monkeypatch.setattr(client_module, "_TIMEOUT", httpx.Timeout(connect=0.1, read=0.3, write=0.3, pool=0.3))
    monkeypatch.setattr(client_module, "DEADLINE_SECONDS", 0.6)


class Behind(Shop):
    """A till whose way to PowerOffice leads through the proxy."""

    def __init__(self, folder: Path, go: Simulator, proxy: Proxy, **settings: str) -> None:
        self.proxy = proxy
        super().__init__(folder, go, **settings)

    def write(self, **settings: str) -> None:
        super().write(**settings)
        text = self.config.read_text()
        self.config.write_text(text.replace(self.go.url, self.proxy.url))


@pytest.fixture
def behind(tmp_path: Path, go: Simulator, proxy: Proxy) -> Iterator[Callable[..., Behind]]:
    """Opens tills behind the proxy."""
    opened: list[Behind] = []

    def open_shop(terminal: str = "bar-1", **settings: Any) -> Behind:
        opened.append(Behind(tmp_path / terminal, go, proxy, terminal=terminal, **settings))
        return opened[-1]

    yield open_shop
    for shop in opened:
        shop.close()


@pytest.fixture
def shops(tmp_path: Path, go: Simulator) -> Iterator[Callable[..., Shop]]:
    """Opens tills with nothing in between."""
    opened: list[Shop] = []

    def open_shop(terminal: str = "bar-1", **settings: Any) -> Shop:
        opened.append(Shop(tmp_path / terminal, go, terminal=terminal, **settings))
        return opened[-1]

    yield open_shop
    for shop in opened:
        shop.close()
