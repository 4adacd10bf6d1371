"""One sender at a time: a lock of the operating system beside the database. No clock, no lease; freed at death."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from posplugin.domain.errors import AlreadySending, OutboxUnavailable

#: Seconds: `is_sending` holds the lock for an instant, and no run may be lost to that.
_MOMENT = 0.1


@contextmanager
def only_sender(outbox: Path) -> Iterator[None]:
    """Hold the sender's lock of an outbox file; raise `AlreadySending` when another has it.

    Raises `OutboxUnavailable` when the lock's file cannot be used.
    """
    path = Path(f"{outbox}.sender.lock")
    lock = FileLock(path, mode=0o600)
    try:
        lock.acquire(timeout=_MOMENT, poll_interval=_MOMENT / 5)
    except Timeout:
        raise AlreadySending("another process is sending from this outbox right now; see `posplugin status`") from None
    except OSError as error:
        raise OutboxUnavailable(f"{path} cannot be used ({error.strerror}): give it to the till's own user") from error
    _belongs_with(path, outbox)
    try:
        yield
    finally:
        lock.release()


def _belongs_with(path: Path, outbox: Path) -> None:
    """A lock made by root, with `sudo posplugin send`, must not keep the till's own user from sending."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        owner = outbox.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def is_sending(outbox: Path) -> bool:
    """Whether somebody sends from this outbox at the moment."""
    try:
        with only_sender(outbox):
            return False
    except AlreadySending:
        return True
