"""Nights of a till that sends by itself: hours pass in a moment, at the till and at PowerOffice."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.integration.sender.shop import Shop

OSLO = ZoneInfo("Europe/Oslo")
#: A till that sends every morning at six, and tries on until eight.
AUTOMATIC = 'automatic = true\ntime = "06:00"\nwindow = "2h"'
_LOOKS_EVERY = timedelta(hours=3)


class Dial(threading.Event):
    """Where a run would wait for its next try, the clocks go on instead."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self._shop = shop

    def wait(self, timeout: float | None = None) -> bool:
        if not self.is_set() and timeout:
            self._shop.later(timedelta(seconds=timeout))
        return self.is_set()


def set_clocks(shop: Shop, text: str) -> None:
    """Let it be a moment on the wall clock in Oslo, at the till and at PowerOffice."""
    shop.later(datetime.fromisoformat(text).replace(tzinfo=OSLO) - shop.clock())


def open_till(shop: Shop) -> None:
    """Start it anew, as in the morning; its runs wait for no wall clock."""
    shop.reopen()
    shop.app.stopping = Dial(shop)


def let_pass(shop: Shop, time: timedelta) -> None:
    """Let time pass; now and then it is looked at whether something is due."""
    ends = shop.clock() + time
    while shop.clock() < ends:
        shop.later(min(_LOOKS_EVERY, ends - shop.clock()))
        shop.app._tick()
        shop.app._tick(settlements=True)


def lamp(shop: Shop) -> str:
    """Return all that the lamp tells."""
    return " | ".join(shop.app.status("en").notices)
