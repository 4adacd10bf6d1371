"""A terminal that is moved to another Go client: its customers' numbers mean other people there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.payment import Authorization, Refusal, RefusalCode
from posplugin.settings.clients import go_clients
from tests.conftest import SettingsFile
from tests.fixtures.clocks import Watch
from tests.fixtures.customers import CUSTOMERS
from tests.fixtures.sales import request

PRODUCTS = {"vat_25": "30", "vat_15": "31", "rounding": "35"}
BAR, CAFE = "bar-client-0b2d", "cafe-client-77c1"


def _departments(bar: str, cafe: str) -> dict[str, Any]:
    return {"bar": {"client_key": bar}, "cafe": {"client_key": cafe, "products": PRODUCTS}}


@pytest.mark.parametrize(
    ("moved", "answer"),
    [
        ({"terminal": {"department": "cafe"}, "departments": _departments(BAR, CAFE)}, Refusal),
        ({"departments": _departments("bar-client-new", CAFE)}, Authorization),
    ],
    ids=["moved to another client", "a new key for the same client"],
)
def test_until_the_customers_have_been_read_anew(
    moved: dict[str, Any], answer: type, open_app: Callable[..., App], settings_file: SettingsFile, clock: Watch
) -> None:
    """The terminal sells nothing to numbers of the client it has left; a key exchanged for a new one stops nobody."""
    first = open_app(departments=_departments(BAR, CAFE))
    first.customers.of(go_clients(first.settings)[0]).store(CUSTOMERS, clock(), everything=True)
    first.close()

    app = App.open(settings_file(**moved), clock=clock)
    said = app.till().authorize(request())
    app.close()

    assert isinstance(said, answer), said
    if isinstance(said, Refusal):
        assert said.code is RefusalCode.DEPARTMENT_UNKNOWN
