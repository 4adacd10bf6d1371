"""Somebody between the till and PowerOffice: a proxy that answers TLS itself, and writes down what it gets."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

HOST = "goapi.poweroffice.net"


class Interceptor:
    """Speaks for PowerOffice, with a certificate of its own authority."""

    def __init__(self, folder: Path, name: str = HOST) -> None:
        authority = trustme.CA()
        self.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(self._tls)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        #: Where connections were asked to.
        self.asked: list[bytes] = []
        #: What came before TLS, and inside it.
        self.plain, self.read = b"", b""

    @property
    def url(self) -> str:
        """Its address, as HTTPS_PROXY has it."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, when what was said has been read."""
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self._talk(connection)
                except OSError:
                    continue

    def _talk(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head and (more := connection.recv(4096)):
            head += more
        self.plain += head
        if not head.startswith(b"CONNECT "):
            return
        self.asked.append(head.split()[1])
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with self._tls.wrap_socket(connection, server_side=True) as inside:
            self.read += inside.recv(65536)
            inside.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@contextmanager
def intercepting(folder: Path, name: str = HOST) -> Iterator[Interceptor]:
    """Give an interceptor that runs; its certificate is for `name`."""
    between = Interceptor(folder, name)
    between.start()
    try:
        yield between
    finally:
        between.stop()
