"""PowerOffice GO API v2 played on this machine, over real HTTP, for tests, demonstrations and training.

It is written from what is known about Go alone and imports nothing else of posplugin, so that the
two cannot share a mistake. What nobody knows about Go is a switch (`Simulator.switch`); what can go
wrong on the way is a fault (`Simulator.fault`)::

    with Simulator(None, switches={"U1": "b"}) as go:
        go.fault("drop-after", path="/SalesOrders/Complete", times=1)
        ...  # let a client talk to go.url
        assert len(go.orders()) == 1
"""

from __future__ import annotations

try:
    from .server import Simulator
except ModuleNotFoundError as error:
    if error.name not in {"flask", "werkzeug"}:
        raise
    raise ImportError("The simulator needs Flask: pip install 'posplugin[web]'") from error

from .faults import KINDS as FAULTS
from .seed import APPLICATION_KEY, CLIENT_KEY, SECOND_CLIENT_KEY, SUBSCRIPTION_KEY
from .switches import SWITCHES

__all__ = [
    "APPLICATION_KEY",
    "CLIENT_KEY",
    "FAULTS",
    "SECOND_CLIENT_KEY",
    "SUBSCRIPTION_KEY",
    "SWITCHES",
    "Simulator",
]
