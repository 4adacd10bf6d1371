"""Serves a site by waitress, on 127.0.0.1 and nowhere else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress.server import create_server

from posplugin.console.entrance import LARGEST_FORM
from posplugin.console.gate import ADDRESS
from posplugin.domain.errors import UsageError

_THREADS = 6
#: Seconds that a request under way is given when the console ends.
_PATIENCE = 5.0


def listen(port: int) -> socket.socket:
    """Return a socket bound to a port of this machine alone, 0 for any that is free.

    Raises `UsageError` when the port is taken.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((ADDRESS, port))
    except (OSError, OverflowError) as error:
        bound.close()
        template = "port {port} of {address} cannot be had ({error}); name another with --port, 0 for any that is free"
        raise UsageError(template, port=port, address=ADDRESS, error=error) from error
    return bound


def port_of(bound: socket.socket) -> int:
    """Return the port that a socket is bound to."""
    port: int = bound.getsockname()[1]
    return port


@contextmanager
def serving(site: Flask, bound: socket.socket) -> Iterator[None]:
    """Answer on threads of its own while the block runs; the socket is closed after it."""
    open_files: dict[int, Any] = {}
    server: Any = create_server(
        site,
        map=open_files,
        sockets=[bound],
        threads=_THREADS,
        ident=None,
        max_request_body_size=2 * LARGEST_FORM,  # what is larger than a form may be is told so by a page
        clear_untrusted_proxy_headers=True,
    )

    def end() -> None:
        """Close what browsers hold open, on the server's own thread, which then ends."""
        for each in list(open_files.values()):
            if each not in (server, server.trigger):
                each.close()
        open_files.clear()

    thread = threading.Thread(target=server.run, name="posplugin-console", daemon=True)
    thread.start()
    try:
        yield
    finally:
        # What wakes the server is closed last, by whoever alone is left: a thread that woke it later would write
        # into whatever file has the same number by then.
        server.task_dispatcher.shutdown(timeout=_PATIENCE)
        server.trigger.pull_trigger(end)
        thread.join(_PATIENCE)
        if not server.task_dispatcher.threads:
            server.close()
