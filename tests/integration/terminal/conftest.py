from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posplugin.domain.payment import Terminal
from sample_terminal.fake_invoicing import FakeInvoicing
from tests.integration.terminal.web_guest import TERMINAL, Cashier, OpenTill


@pytest.fixture
def plugin() -> FakeInvoicing:
    return FakeInvoicing()


@pytest.fixture
def open_till(tmp_path: Path, plugin: FakeInvoicing) -> Iterator[Callable[..., OpenTill]]:
    opened: list[OpenTill] = []

    def open_(terminal: Terminal = TERMINAL) -> OpenTill:
        opened.append(OpenTill(tmp_path / "journal.sqlite3", plugin.load, terminal))
        return opened[-1]

    yield open_
    for till in opened:
        till.stack.close()


@pytest.fixture
def till(open_till: Callable[..., OpenTill]) -> OpenTill:
    return open_till()


@pytest.fixture
def cashier(till: OpenTill) -> Cashier:
    return till.cashier()
