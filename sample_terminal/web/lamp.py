"""The lamp: how the plugins are doing, asked beside the page, so that a plugin that hangs keeps no cashier waiting."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Final

from posplugin.domain.payment import ChannelStatus, Light
from posplugin.hooks import PosHost

#: Seconds for which an answer is good.
_FRESH: Final = 3.0
_ORDER: Final = (Light.RED, Light.YELLOW, Light.GREEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shine:
    """What the lamp shows: the worst of all channels. No light: there is no plugin."""

    light: Light | None
    text: str
    notices: tuple[str, ...] = ()


@dataclass(eq=False)
class Lamp:
    """The lamp of a till. Its methods may be called from any thread."""

    host: PosHost
    _shine: Shine | None = field(default=None, init=False)
    _asked: float = field(default=0.0, init=False)
    _asking: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def now(self) -> Shine:
        """Return what was last answered, and ask anew when that is old; waits for the very first answer alone."""
        shine = self._shine
        if shine is None:
            return self.ask()
        if time.monotonic() - self._asked > _FRESH and self._asking.acquire(blocking=False):
            self._asked = time.monotonic()
            self._asking.release()
            threading.Thread(target=self.ask, name="lamp", daemon=True).start()
        return shine

    def ask(self) -> Shine:
        """Ask now, and wait for the answer."""
        with self._asking:
            self._shine = _worst(self.host)
            self._asked = time.monotonic()
            return self._shine


def _worst(host: PosHost) -> Shine:
    told: tuple[ChannelStatus, ...] = host.status()
    if not told:
        return Shine(light=None, text="", notices=tuple(str(failure) for failure in host.failures[-3:]))
    worst = min(told, key=lambda status: _ORDER.index(status.light))
    notices = tuple(dict.fromkeys(notice for status in told for notice in status.notices if notice != worst.text))
    return Shine(light=worst.light, text=worst.text, notices=notices)
