"""One sender at a time: a lock of the operating system beside the database. No clock, no lease; freed at death."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from posplugin.domain.errors import AlreadySending

#: Seconds: `is_sending` holds the lock for an instant, and no run may be lost to that.
_MOMENT = 0.1


@contextmanager
def only_sender(outbox: Path) -> Iterator[None]:
    """Hold the sender's lock of an outbox file; raise `AlreadySending` when another has it."""
    lock = FileLock(f"{outbox}.sender.lock", mode=0o600)
    try:
        lock.acquire(timeout=_MOMENT, poll_interval=_MOMENT / 5)
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
