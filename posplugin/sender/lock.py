"""One sender at a time: a lock of the operating system beside the database. No clock, no lease; freed at death."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from posplugin.domain.errors import AlreadySending


@contextmanager
def only_sender(outbox: Path) -> Iterator[None]:
    """Hold the sender's lock of an outbox file; raise `AlreadySending` at once when another has it."""
    lock = FileLock(f"{outbox}.sender.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadySending("another process is sending from this outbox right now; see `posplugin status`") from None
    try:
        yield
    finally:
        lock.release()


def is_sending(outbox: Path) -> bool:
    """Whether somebody sends from this outbox at the moment."""
    try:
        with only_sender(outbox):
            return False
    except AlreadySending:
        return True
