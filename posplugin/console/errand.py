"""What takes long, done beside the pages: one thing at a time, told while it goes on and when it is over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from posplugin.app import App
from posplugin.domain.errors import PosPluginError
from posplugin.logs import get_logger

log = get_logger("console")

#: Told of how far it has come: (done, of).
Progress = Callable[[int, int], None]
#: What is done, on an app with a connection of its own; what it returns is the result.
Work = Callable[[App, Progress], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One thing that was asked for, as it stands now."""

    name: str
    began: datetime
    done: int = 0
    #: 0 until it is known.
    of: int = 0
    ended: datetime | None = None
    #: What the work returned.
    result: object = None
    #: What refused it.
    error: PosPluginError | None = None
    #: Nobody expected what went wrong; it has been logged.
    crashed: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it goes on still."""
        return self.ended is None


class Errands:
    """Does one thing at a time on a thread of its own. Thread-safe; the latest is kept, in memory alone.

    The thread ends when the app is told to stop, between two records; a process waits for it.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._latest: Errand | None = None

    def latest(self) -> Errand | None:
        """Return what goes on, or what was done last; None where nothing has been asked for."""
        return self._latest

    def start(self, name: str, work: Work) -> bool:
        """Begin, and return at once; False, and nothing is begun, while another goes on."""
        with self._lock:
            if self._latest is not None and self._latest.is_running:
                return False
            self._latest = Errand(name=name, began=self._app.clock())
        threading.Thread(target=self._do, args=(work,), name=f"posplugin-console-{name}").start()
        return True

    def _do(self, work: Work) -> None:
        told: dict[str, object] = {"crashed": True}
        try:
            with self._app.apart() as app:
                told = {"result": work(app, lambda done, of: self._change(done=done, of=of))}
        except PosPluginError as error:
            log.info("refused", error=error.template)
            told = {"error": error}
        except Exception:
            log.exception("errand_crashed")
        finally:
            self._change(ended=self._app.clock(), **told)

    def _change(self, **told: object) -> None:
        with self._lock:
            assert self._latest is not None
            self._latest = replace(self._latest, **told)  # type: ignore[arg-type]
