"""A disk that fails when it is told to: under SQLite, as a VFS of its own, so that the product knows of nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import apsw


class Act(Enum):
    """What SQLite asks of a disk."""

    READ = "read"
    WRITE = "write"
    SYNC = "sync"


Fails = Callable[[], BaseException]

IO_WRITE: Fails = lambda: _error(apsw.IOError, apsw.SQLITE_IOERR_WRITE)  # noqa: E731
IO_SYNC: Fails = lambda: _error(apsw.IOError, apsw.SQLITE_IOERR_FSYNC)  # noqa: E731
IO_READ: Fails = lambda: _error(apsw.IOError, apsw.SQLITE_IOERR_READ)  # noqa: E731
FULL: Fails = lambda: _error(apsw.FullError, apsw.SQLITE_FULL)  # noqa: E731


def _error(kind: type[apsw.Error], code: int) -> apsw.Error:
    error = kind("the disk says no")
    error.extendedresult = code  # type: ignore[attr-defined]
    return error


@dataclass
class Disk:
    """What it does from now on; everything, while nothing is set."""

    #: Seconds that each sync takes.
    slow: float = 0.0
    #: What fails, from which time on (1 is the next), and whether it goes on failing.
    fails: Act | None = None
    at: int = 0
    with_: Fails = IO_WRITE
    for_ever: bool = False
    #: How often each has been asked since `begin`.
    asked: Counter[Act] = field(default_factory=Counter)

    def begin(self, fails: Act | None = None, at: int = 0, with_: Fails = IO_WRITE, *, for_ever: bool = False) -> None:
        """Count from here; fail the `at`-th time."""
        self.asked.clear()
        self.fails, self.at, self.with_, self.for_ever = fails, at, with_, for_ever

    def mend(self) -> None:
        """Be a disk as others are."""
        self.begin()
        self.slow = 0.0

    def does(self, act: Act) -> None:
        """Be asked for something."""
        self.asked[act] += 1
        if act is Act.SYNC and self.slow:
            time.sleep(self.slow)
        if act is self.fails and (self.asked[act] == self.at or (self.for_ever and self.asked[act] > self.at)):
            raise self.with_()


class _File(apsw.VFSFile):
    disk: Disk

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        self.disk.does(Act.READ)
        return super().xRead(amount, offset)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        self.disk.does(Act.WRITE)
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.does(Act.SYNC)
        super().xSync(flags)


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self._disk, self._base = disk, apsw.vfs_names()[0]
        super().__init__("disk", self._base, makedefault=True)

    def xOpen(self, name: Any, flags: Any) -> apsw.VFSFile:  # noqa: N802
        file = _File(self._base, name, flags)
        file.disk = self._disk
        return file


@contextmanager
def disk() -> Iterator[Disk]:
    """Every file that SQLite opens meanwhile lies on the disk that is given."""
    under, before = Disk(), apsw.vfs_names()[0]
    vfs = _Vfs(under)
    try:
        yield under
    finally:
        apsw.set_default_vfs(before)
        vfs.unregister()
