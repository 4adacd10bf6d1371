"""Invoices that a till has kept and nobody has sent: what a drain is measured by."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import httpx

from posplugin.app import App
from posplugin.checking.gate import open_gate
from posplugin.domain.payment import Authorization
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY
from tests.benchmarks.dinner import dinner
from tests.benchmarks.simulated import simulated
from tests.fixtures.settings import write_settings

#: The customers that the invoices go to, each as often; they are the simulator's generated ones.
CUSTOMERS: Final = 199
_FIRST_CUSTOMER: Final = 20001
#: How many sales are synced together: only what comes afterwards is measured.
_TOGETHER: Final = 500


def settings_file(folder: Path, url: str, *, settle_time: str = "60s", terminals: int = 1) -> Path:
    """Write the settings of a till that sends to a simulator."""
    poweroffice = {
        "application_key": APPLICATION_KEY,
        "subscription_key": SUBSCRIPTION_KEY,
        "simulator_url": url,
        "settle_time": settle_time,
        "terminals": terminals,
    }
    departments = {"bar": {"client_key": CLIENT_KEY}}
    schedule = {"automatic": True, "runs_in": "service"}
    return write_settings(
        folder / "posplugin.toml", poweroffice=poweroffice, departments=departments, schedule=schedule
    )


def keep(folder: Path, count: int) -> Path:
    """Let a till keep so many dinners on account, each as it does; return its outbox, closed."""
    with simulated(customers=CUSTOMERS) as there, App.open(settings_file(folder, there.url)) as app:
        app.sync_customers()
        till = app.till()
        for first in range(1, count + 1, _TOGETHER):
            with app.database.transaction():
                for number in range(first, min(first + _TOGETHER, count + 1)):
                    asked = replace(dinner(number), customer_number=_FIRST_CUSTOMER + number % CUSTOMERS)
                    assert isinstance(till.authorize(asked), Authorization)
                    assert till.capture(asked)
        return app.database.path


@contextmanager
def opened(config: Path) -> Iterator[App]:
    """Open a till whose settings have been checked."""
    with App.open(config) as app:
        open_gate(app.settings, app.outbox)
        yield app


@dataclass(slots=True)
class Requests:
    """What has been sent over HTTP from this process."""

    count: int = 0
    #: The most that were in flight at once.
    at_once: int = 0
    _now: int = 0
    _there: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def counted(self, *, path: str = "", refused: int = 0) -> Iterator[None]:
        """Count from now on; of those to `path`, each `refused`-th finds nobody who listens, as httpx tells that."""
        send = httpx.Client.send

        def counting(client: httpx.Client, request: httpx.Request, **how: Any) -> httpx.Response:
            with self._counting:
                self.count, self._now = self.count + 1, self._now + 1
                self.at_once = max(self.at_once, self._now)
                self._there += request.url.path.endswith(path)
                is_refused = refused and request.url.path.endswith(path) and self._there % refused == 0
            try:
                if is_refused:
                    raise httpx.ConnectError("[Errno 111] Connection refused", request=request)
                return send(client, request, **how)
            finally:
                with self._counting:
                    self._now -= 1

        httpx.Client.send = counting  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            httpx.Client.send = send  # type: ignore[method-assign]
