"""What the disk says to an outbox, in words; and whether the file is still the one that was opened."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

import apsw

from posplugin.domain.errors import OutboxDamaged, OutboxReplaced, OutboxUnavailable

_FULL = "the outbox {path} cannot be written, since the disk is full ({error}); make room on it"
_READ_ONLY = (
    "the outbox {path} may not be written ({error}); see who owns the file and its folder, and whether the disk is "
    "mounted read-only"
)
_FAILS = "the disk under the outbox {path} fails ({error}); take a backup, and look at the disk"
_DAMAGED = "the outbox {path} is damaged ({error}); keep the file, and put the newest backup in its place"
_CUT_SHORT = "it ends within a page"
#: What every file of SQLite begins with; of another, SQLite says that it is none.
_MAGIC = b"SQLite format 3\0"
_BUSY = "the outbox {path} is busy ({error}); another process has it, try again"
_REFUSED = "the outbox {path} refused: {error}"
_NOT_OPENED = "the outbox {path} cannot be opened: {error}"
_LITTLE_ROOM = "the disk under the outbox {path} has {megabytes} MB left; make room on it before nothing can be stored"
_NOT_COPIED = "{path} could not be written ({error}); nothing of it has been left there"
_TAKEN_AWAY = (
    "the outbox {path} has been taken away or replaced while it was open; nothing more is stored in it, start this "
    "program again"
)
_LOG_TAKEN_AWAY = (
    "{log}, which holds the newest commits of the outbox, has been taken away or replaced while it was open; nothing "
    "more is stored, start this program again"
)
_LOG_MISSING = (
    "{log}, which held the newest commits of the outbox, is missing: put it back. If it is lost, compare the till's "
    "journal with a backup, delete {index}, and start again with what is left"
)

_SAID: tuple[tuple[tuple[type[BaseException], ...], type[OutboxUnavailable], str], ...] = (
    ((apsw.FullError,), OutboxUnavailable, _FULL),
    ((apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError), OutboxUnavailable, _READ_ONLY),
    ((apsw.IOError,), OutboxUnavailable, _FAILS),
    ((apsw.CorruptError, apsw.NotADBError, UnicodeDecodeError), OutboxDamaged, _DAMAGED),
    ((apsw.BusyError, apsw.LockedError), OutboxUnavailable, _BUSY),
)

_BY_NUMBER = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _READ_ONLY),
    errno.EIO: _FAILS,
}
#: With less room than this, somebody should make some.
LITTLE_ROOM = 50_000_000
#: With less than this SQLite cannot even open the file, and does not say why.
_NO_ROOM = 200_000


def refusal(path: Path, error: BaseException, otherwise: str = _REFUSED) -> OutboxUnavailable:
    """Return what SQLite or the operating system said, as an error of ours: what, where, and the remedy."""
    cause = getattr(error, "orig", error)  # peewee's own errors hold SQLite's
    if isinstance(cause, apsw.IOError) and room(path) < _NO_ROOM:
        return OutboxUnavailable(_FULL, path=path, error=cause)
    for kinds, made, sentence in _SAID:
        if isinstance(cause, kinds):
            return made(sentence, path=path, error=cause)
    sentence = _BY_NUMBER.get(cause.errno or 0, otherwise) if isinstance(cause, OSError) else otherwise
    return OutboxUnavailable(sentence, path=path, error=getattr(cause, "strerror", None) or cause)


def not_opened(path: Path, error: BaseException) -> OutboxUnavailable:
    """Return the same of a file that is being opened."""
    return refusal(path, error, _NOT_OPENED)


def not_copied(target: Path, error: BaseException) -> OutboxUnavailable:
    """Return why there is no copy at `target`."""
    return OutboxUnavailable(_NOT_COPIED, path=target, error=error)


def sync_folder(path: Path) -> None:
    """Have the disk keep the name that a file has been given."""
    if hasattr(os, "O_DIRECTORY"):  # Windows keeps it by itself
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def little_room(path: Path) -> OutboxUnavailable | None:
    """Return a warning when the disk is nearly full."""
    free = room(path)
    return OutboxUnavailable(_LITTLE_ROOM, path=path, megabytes=free // 1_000_000) if free < LITTLE_ROOM else None


def room(path: Path) -> int:
    """Return how many bytes the disk has left; many, where it does not say."""
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return LITTLE_ROOM


def is_of_the_disk(error: OutboxUnavailable) -> bool:
    """Whether an error of `refusal` will stay until somebody has seen to the disk."""
    return error.template in (_FULL, _READ_ONLY, _FAILS, _DAMAGED)


def beside(path: Path, what: str) -> Path:
    """Return the path of the log ("-wal") or of its index ("-shm")."""
    return path.with_name(f"{path.name}{what}")


def require_log(path: Path) -> None:
    """Raise `OutboxDamaged` when the log is missing and its index is there: SQLite makes, and deletes, the log last.

    A process was killed, then, and the log taken away since; opened as it is, the newest commits would be gone unseen.
    """
    log, index = beside(path, "-wal"), beside(path, "-shm")
    for _ in range(2):  # another process may be making both just now
        if log.exists() or not index.exists():
            return
    raise OutboxDamaged(_LOG_MISSING, log=log, index=index)


def require_whole(path: Path) -> None:
    """Raise `OutboxDamaged` for a file that ends within a page; SQLite would read what is missing as zeros.

    Not while this process has the file open: its locks would go.
    """
    with path.open("rb") as file:
        head = file.read(18)
    if len(head) < 18 or not head.startswith(_MAGIC):
        return
    page = int.from_bytes(head[16:18], "big")
    for _ in range(2):  # while a log is there, another process may be writing the last page just now
        log = beside(path, "-wal")
        if path.stat().st_size % max(page, 512) == 0 or (log.exists() and log.stat().st_size):
            return
    raise OutboxDamaged(_DAMAGED, path=path, error=_CUT_SHORT)


class OpenFiles:
    """The file and its log, as they were when they were opened."""

    def __init__(self, path: Path) -> None:
        self._path, self._log = path, beside(path, "-wal")
        self._seen = _identity(path), _identity(self._log)

    def gone(self) -> OutboxReplaced | None:
        """Return what is wrong when others stand in their place, or none: what is written now, nobody would read."""
        if _identity(self._path) != self._seen[0]:
            return OutboxReplaced(_TAKEN_AWAY, path=self._path)
        if _identity(self._log) != self._seen[1]:
            return OutboxReplaced(_LOG_TAKEN_AWAY, log=self._log)
        return None

    def is_at(self, path: Path) -> bool:
        """Whether the file that was opened is the one that a path names."""
        return self._seen[0] is not None and self._seen[0] == _identity(path)

    def only_the_log_is_gone(self) -> bool:
        """Whether what the log held can still be saved: the file is there, and nobody has begun another log."""
        return _identity(self._path) == self._seen[0] and not self._log.exists()

    def begin_log(self) -> None:
        """Leave an empty log where one was taken away, now that nothing of it is missing."""
        with suppress(OSError):
            os.close(os.open(self._log, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # at each commit, twice: a Path takes as long again
    except OSError:
        return None
    return found.st_dev, found.st_ino
