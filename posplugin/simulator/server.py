"""The simulator as a server on this machine."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from . import api, control, front, seed, tokens
from .clock import Clock
from .desk import Desk
from .faults import Faults
from .loopback import is_loopback
from .office import Office
from .state import State
from .switches import Switches
from .wire import Wire


class Simulator(Desk):
    """PowerOffice GO API v2 on localhost, and the desk to control it from.

    Args:
        path: the one file all that Go remembers lives in, also after a crash; None keeps it in memory.
        switches: answers to unknowns, such as ``{"U1": "b"}``; see `SWITCHES`.
        requests_per_second: the limit for all clients together.
        host: a loopback address.
        port: 0 takes a free one, and keeps it from the first start.
        read_lag_seconds: how long writes stay unreadable under U4 b.
        token_seconds: how long a token is good for.
        send_seconds: how long it takes, by Go's clock, until an order that is to be sent has become an invoice.
        customers: how many customers to add to the seed of a new state, for load tests.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        switches: Mapping[str, str] | None = None,
        requests_per_second: int = 10,
        host: str = "127.0.0.1",
        port: int = 0,
        read_lag_seconds: float = 2.0,
        token_seconds: int = 1200,
        send_seconds: float = 0.2,
        customers: int = 0,
    ) -> None:
        _refuse_other_machines(host)
        state = State(path)
        office = Office(
            state,
            Clock(),
            Switches(state),
            read_lag_seconds=read_lag_seconds,
            token_seconds=token_seconds,
            requests_per_second=requests_per_second,
            send_seconds=send_seconds,
        )
        faults = Faults()
        app = api.create(office)
        self._wire = Wire(app, office, faults)
        super().__init__(office, faults, self._wire.log)
        app.register_blueprint(control.create(self))
        app.register_blueprint(front.create(office, self))
        self._host, self._port = host, port
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        try:
            seed.install(state, customers)
            if office.setting("token secret", None) is None:
                tokens.revoke(office)
            for name, answer in (switches or {}).items():
                self.switch(name, answer)
        except BaseException:
            state.close()
            raise

    @property
    def url(self) -> str:
        """Where it answers, such as http://127.0.0.1:43123; the API is at /v2, the token at /OAuth/Token."""
        if not self._port:
            raise RuntimeError("The simulator has no port before it is started.")
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> Self:
        """Answer from now on, in threads of its own; returns the simulator."""
        if self._server is not None:
            raise RuntimeError("The simulator is already started.")
        self._office.state.open()
        try:
            handler = _handler(self._office.clock)
            self._server = make_server(self._host, self._port, self._wire, threaded=True, request_handler=handler)
        except BaseException:
            self._office.state.close()
            raise
        self._server.socket.settimeout(1)  # one that hung up between the look and `accept` would be waited for for ever
        self._port = self._server.server_port
        # A short poll so that `stop` does not wait half a second.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="simulator", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answer no more; what Go remembers stays for the next start."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = self._thread = None
        self._office.state.close()

    def serve_forever(self) -> None:
        """Answer until interrupted (Ctrl-C); starts unless started."""
        if self._server is None:
            self.start()
        try:
            while self._thread is not None and self._thread.is_alive():
                self._thread.join(1)
        except KeyboardInterrupt:
            pass
        finally:
            self.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _handler(clock: Clock) -> type[WSGIRequestHandler]:
    """Return what speaks HTTP here: its Date is Go's, by which a client can see that its own clock is wrong."""

    class Handler(WSGIRequestHandler):
        """Writes no line per request: the log of requests is the desk's."""

        protocol_version = "HTTP/1.1"

        def date_time_string(self, timestamp: float | None = None) -> str:
            """Return the time as a Date header has it."""
            return super().date_time_string(clock.now().timestamp() if timestamp is None else timestamp)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Say nothing."""

    return Handler


def _refuse_other_machines(host: str) -> None:
    if not is_loopback(host):
        raise ValueError(
            f"The simulator answers on this machine only, and {host!r} is no loopback address: use 127.0.0.1."
        )
