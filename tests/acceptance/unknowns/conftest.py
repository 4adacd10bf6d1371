from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from posplugin.simulator import Simulator
from tests.acceptance.unknowns.evening import Shop

#: Opens a till at a PowerOffice that answers as told: `open_shop("U1b", "U4b", read_lag_seconds=0.3)`.
OpenShop = Callable[..., Shop]


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator sends within a moment, and need not be given what PowerOffice is."""
    monkeypatch.setattr("posplugin.sender.run.SEND_POLLS", (0.03, 0.06))


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[OpenShop]:
    with ExitStack() as stack:

        def open_(
            *answers: str,
            read_lag_seconds: float = 2.0,
            send_seconds: float = 0.02,
            customers: int = 0,
            **settings: str,
        ) -> Shop:
            go = Simulator(
                None,
                switches={answer[:-1]: answer[-1] for answer in answers},
                requests_per_second=10_000,
                read_lag_seconds=read_lag_seconds,
                send_seconds=send_seconds,
                customers=customers,
            )
            go.allow_send_invoice = True
            shop = Shop(tmp_path / "till", stack.enter_context(go), **settings)
            stack.callback(shop.close)
            return shop

        yield open_
