"""Opens the till, and serves its page on this machine alone until it is stopped."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from waitress.server import create_server

from posplugin.domain.errors import UsageError
from posplugin.domain.payment import Terminal
from posplugin.hooks import PosHost
from sample_terminal.card import CardTerminal, FakeCard
from sample_terminal.checkout import Till
from sample_terminal.house import BRYGGA_BISTRO
from sample_terminal.journal import Journal
from sample_terminal.play import HostFactory
from sample_terminal.web.desk import Desk
from sample_terminal.web.site import make_site
from sample_terminal.web.tray import PaperTray

ADDRESS: Final = "127.0.0.1"
_THREADS: Final = 6
#: Bytes; what is longer than a form may be is told so by a page, what is longer than this by the server.
_LONGEST: Final = 1024 * 1024
#: Seconds that a request under way is given when the till is switched off.
_PATIENCE: Final = 5.0


@dataclass(frozen=True, kw_only=True)
class Counter:
    """A till to open. `port` 0 takes a free one; `say` is told what a person should know, as it happens."""

    journal: Path
    terminal: Terminal
    port: int = 0
    load: HostFactory = PosHost.load
    card: CardTerminal = field(default_factory=FakeCard)
    say: Callable[[str], None] = lambda _: None


@contextmanager
def open_till(counter: Counter) -> Iterator[str]:
    """Open a till's page, and give its address; the till is closed again after the block.

    Raises `JournalInUse`, and `UsageError` when the port is taken.
    """
    bound = _listen(counter.port)
    with Journal(counter.journal) as journal:
        host = counter.load(counter.terminal, outcome=journal.outcome)
        for failure in host.failures:
            counter.say(f"plugin failure: {failure}")
        try:
            tray = PaperTray(journal)
            till = Till(host, journal, counter.card, tray, BRYGGA_BISTRO)
            till.replay()
            with _serving(make_site(Desk(till, tray)), bound):
                yield f"http://{ADDRESS}:{bound.getsockname()[1]}/"
        finally:
            host.shutdown()


def _listen(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((ADDRESS, port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise UsageError(f"port {port} of {ADDRESS} cannot be had ({error}); name another with --port") from error
    return bound


@contextmanager
def _serving(site: Any, bound: socket.socket) -> Iterator[None]:
    open_files: dict[int, Any] = {}
    server: Any = create_server(
        site, map=open_files, sockets=[bound], threads=_THREADS, ident=None, max_request_body_size=_LONGEST
    )

    def end() -> None:
        """Close what browsers hold open, on the server's own thread, which then ends."""
        for each in list(open_files.values()):
            if each not in (server, server.trigger):
                each.close()
        open_files.clear()

    thread = threading.Thread(target=server.run, name="till-page", daemon=True)
    thread.start()
    try:
        yield
    finally:
        # What wakes the server is closed last: woken later, it would write into whatever file has that number by then.
        server.task_dispatcher.shutdown(timeout=_PATIENCE)
        server.trigger.pull_trigger(end)
        thread.join(_PATIENCE)
        if not server.task_dispatcher.threads:
            server.close()
