"""The file: apsw's own SQLite, WAL, synced at every commit, one kept connection behind a lock.

Why apsw: every SQLite from 3.7.0 to 3.51.2, Python's and Debian's among them, can silently lose a committed write in
WAL mode when two connections write and checkpoint at once (sqlite.org/wal.html, "WAL-reset bug").
"""

from __future__ import annotations

import math
import os
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import apsw
import peewee
from playhouse.apsw_ext import APSWDatabase

from posplugin.domain.clock import to_text, utc_now
from posplugin.domain.errors import OutboxReplaced, OutboxUnavailable, SqliteTooOld
from posplugin.outbox.disk import OpenFiles, beside, is_of_the_disk, not_copied, not_opened, refusal, sync_folder
from posplugin.outbox.opening import BEGUN_CLEAN, make_ready

#: The oldest SQLite without the WAL-reset bug.
OLDEST_SQLITE = (3, 51, 3)
#: How long a hook waits for a lock before it raises.
HOOK_WAIT_SECONDS = 0.8

#: With secure_delete, what is deleted or made shorter is overwritten, so that a purge leaves nothing in free pages.
#: A log that has grown under a reader that took long is cut to the limit, bytes, when it begins anew. It is copied into
#: the file by the sale that makes it so many pages long: one of 170, and SQLite's own 1000 would make it one of 50.
_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "secure_delete": 1,
    "journal_size_limit": 16_000_000,
    "wal_autocheckpoint": 3500,
}
_NOT_LOCAL = "the outbox {path} has {name}={found}, not {wanted}; is it a local disk?"
_CLOSED = "the outbox {path} has been closed"
_BUSY = "the outbox {path} has been busy for {seconds} seconds; try again"
_BROUGHT_UP = (
    "the outbox {path} has been brought up to date by a newer posplugin while it was open; start this program again"
)
_LOST = "row {row} of {table} names a row of {named} that is gone"
#: The note that is written to see whether anything can be, and as much as the longest sale takes.
_TRIAL = "trial"
_TRIAL_TEXT = "x" * 64_000
#: While the disk refuses, it is tried again no more often than this, seconds.
TRY_AGAIN_SECONDS = 10.0
#: What `integrity` tells of at most.
_FAULTS = 3

#: Every open connection of this process, and what guards the list.
_OPEN: weakref.WeakSet[Database] = weakref.WeakSet()
_OPENING = threading.Lock()


class _Quiet(APSWDatabase):  # type: ignore[misc]
    """Logs no statement: its values are the names and notes of people, and no log holds those."""

    def _log_query(self, sql: str, params: object) -> None:
        pass


class _Held:
    """The connection for this thread alone, waited for no longer than `wait`; SQLite's own errors never leave."""

    __slots__ = ("_of",)

    def __init__(self, of: Database) -> None:
        self._of = of

    def __enter__(self) -> None:
        of = self._of
        if not of._lock.acquire(timeout=of.wait):
            raise OutboxUnavailable(_BUSY, path=of.path, seconds=f"{of.wait:g}")
        if of._peewee.is_closed():
            of._lock.release()
            raise OutboxUnavailable(_CLOSED, path=of.path)

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._of._lock.release()
        is_ours = isinstance(error, peewee.IntegrityError)  # a rule of the schema, for whoever broke it
        if not is_ours and isinstance(error, (peewee.DatabaseError, apsw.Error, UnicodeDecodeError)):
            raise refusal(self._of.path, error) from error


class Database:
    """One connection to an outbox file, for any number of threads; closed with `close` or as a context manager."""

    def __init__(self, path: Path, *, wait: float = HOOK_WAIT_SECONDS) -> None:
        """Open or make the file, mode 0600, and bring its schema up to date.

        `wait` is how many seconds a transaction waits for another one, in this process or elsewhere.
        Raises `OutboxUnavailable` when the file cannot be opened, `SchemaTooNew` when a newer version wrote it.
        """
        #: Where the file itself is: SQLite puts the log beside that, and not beside a link to it.
        self.path = Path(os.path.realpath(path))
        #: Seconds that a transaction waits for another one.
        self.wait = wait
        #: What the disk refused last, until it has taken as much as a sale again; and when that was last tried.
        self._refused: OutboxUnavailable | None = None
        self._tried = -math.inf
        self._files: OpenFiles | None = None
        self._lock = threading.RLock()
        if APSWDatabase.server_version < OLDEST_SQLITE:
            found = ".".join(map(str, APSWDatabase.server_version))
            raise SqliteTooOld(f"SQLite {found} can lose commits in WAL mode; install apsw 3.51.3 or newer")
        self._peewee = _Quiet(None, thread_safe=False, autoconnect=False)
        try:
            with _OPENING:
                self._open()
                _OPEN.add(self)
        except (peewee.DatabaseError, apsw.Error, OSError) as error:
            self.close()
            raise not_opened(self.path, error) from error
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        for gone in [other._gone() for other in _OPEN if other.path == self.path]:
            if gone:
                raise gone  # SQLite would share that one's index of a log that is not there any more
        is_open = any(other._files and other._files.is_at(self.path) for other in _OPEN)
        make_ready(self.path, self.wait, is_open=is_open)
        self._peewee.init(str(self.path), pragmas=_PRAGMAS, timeout=self.wait)
        self._peewee.connect()
        self._assert_pragmas()
        self._schema = self.schema()
        self._files = OpenFiles(self.path)

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the database can be used no more."""
        with self._lock, _OPENING:  # until it is closed, the file counts as open
            if not self._peewee.is_closed():
                self._keep_off_what_is_not_ours()
                self._peewee.close()
            _OPEN.discard(self)

    def require_files(self) -> None:
        """Raise `OutboxReplaced` when the file, or its log, is no longer the one that was opened.

        What the log held is saved in the file, where nobody has begun another.
        """
        with self._held():
            if gone := self._gone():
                self._keep_off_what_is_not_ours()
                raise gone

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed and synced together, or not at all.

        Raises `OutboxUnavailable` when the lock cannot be had in time or the disk says no. Inside another
        transaction of the same thread it is part of that one.
        """
        deadline = time.monotonic() + self.wait
        try:
            with self._held():
                if self._peewee.in_transaction():
                    yield
                    return
                self.require_files()
                self._peewee.connection().setbusytimeout(max(1, int((deadline - time.monotonic()) * 1000)))
                with self._peewee.atomic("IMMEDIATE"):
                    if self.schema() != self._schema:
                        raise OutboxReplaced(_BROUGHT_UP, path=self.path)  # its rules are not ours
                    yield
                self.require_files()  # what went with the commit is not stored
                self._tried = -math.inf
        except OutboxUnavailable as error:
            if is_of_the_disk(error):
                self._refused = error
            raise

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement and return how many rows it changed."""
        with self._held():
            cursor = self._peewee.execute_sql(sql, tuple(parameters))
            return int(self._peewee.rows_affected(cursor))

    def insert(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one INSERT and return the new row's id."""
        with self._held():
            cursor = self._peewee.execute_sql(sql, tuple(parameters))
            return int(self._peewee.last_insert_id(cursor))

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with self._held():
            return list(self._peewee.execute_sql(sql, tuple(parameters)).fetchall())

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def backup(self, target: Path) -> None:
        """Copy the whole file, while it is in use, by SQLite's backup API; never copy it with `cp`.

        The copy gets its name when it is whole and on the disk. Raises `OutboxUnavailable`, and leaves nothing, when
        either disk refuses.
        """
        part = beside(target, ".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with closing(apsw.Connection(str(part))) as copy:
                copy.execute("PRAGMA synchronous = FULL")
                with self._held():
                    self._copy_to(copy, target)
            part.replace(target)
            sync_folder(target)
        except (apsw.Error, OSError) as error:
            raise not_copied(target, error) from error
        finally:
            for path in (part, beside(part, "-journal"), beside(part, "-wal"), beside(part, "-shm")):
                with suppress(OSError):
                    path.unlink()

    def _copy_to(self, copy: apsw.Connection, target: Path) -> None:
        try:
            with copy.backup("main", self._peewee.connection(), "main") as work:
                work.step()
        except (apsw.CorruptError, apsw.NotADBError):
            raise  # that is this file
        except apsw.Error as error:
            raise not_copied(target, error) from error

    def begin_clean(self) -> None:
        """Write the whole file anew, once, where a posplugin that overwrote nothing that it deleted began it.

        Others wait meanwhile, and the disk must have as much room again. Raises `OutboxUnavailable` where either is
        refused; then nothing has changed. Not inside a transaction.
        """
        if self.row("SELECT 1 FROM notes WHERE name = ?", (BEGUN_CLEAN,)):
            return
        with self._held():
            self.require_files()
            self._peewee.connection().setbusytimeout(max(1, int(self.wait * 1000)))
            self._peewee.execute_sql("VACUUM")
            self._peewee.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # it stands in the log, whole
        with self.transaction():
            self.execute("INSERT OR IGNORE INTO notes VALUES (?, '', ?)", (BEGUN_CLEAN, to_text(utc_now())))

    def trouble(self) -> OutboxUnavailable | None:
        """Return what keeps anything from being stored, as far as it is known without trying.

        What the disk has refused is tried again now and then: whoever heeds it stores nothing.
        """
        with suppress(OutboxUnavailable):
            self.require_files()
        if self._refused and time.monotonic() - self._tried >= TRY_AGAIN_SECONDS:
            self.try_writing()
        return self._gone() or self._refused

    def try_writing(self) -> OutboxUnavailable | None:
        """Store as much as a long sale; return what the disk says to that, or None. Another's lock is no trouble."""
        try:
            with self.transaction():
                self.execute("DELETE FROM notes WHERE name = ?", (_TRIAL,))
                self.execute("INSERT INTO notes VALUES (?, ?, ?)", (_TRIAL, _TRIAL_TEXT, to_text(utc_now())))
        except OutboxUnavailable as error:
            self._tried = time.monotonic()
            return error if is_of_the_disk(error) or isinstance(error, OutboxReplaced) else None
        self._refused = None
        return None

    def sqlite_version(self) -> str:
        """Return the version of the SQLite in use, which is apsw's own."""
        return ".".join(map(str, APSWDatabase.server_version))

    def schema(self) -> int:
        """Return the version of the file's schema."""
        row = self.row("PRAGMA user_version")
        return int(row[0]) if row else 0

    def integrity(self) -> str:
        """Return "ok", or the first of what SQLite finds wrong with the file: pages, indexes, and what names what.

        A connection of its own looks: one that has been open while another wrote to the search index takes what it
        remembers of it for the truth, and calls the file damaged.
        """
        with self._held(), closing(apsw.Connection(str(self.path), flags=apsw.SQLITE_OPEN_READWRITE)) as fresh:
            fresh.setbusytimeout(int(self.wait * 1000))
            try:
                found = [str(row[0]) for row in fresh.execute(f"PRAGMA integrity_check({_FAULTS})")]
                lost = [*fresh.execute("PRAGMA foreign_key_check")]
            except (apsw.CorruptError, apsw.NotADBError) as error:
                return str(error)
        if found == ["ok"] and lost:
            found = [_LOST.format(row=row, table=table, named=named) for table, row, named, _ in lost[:_FAULTS]]
        return "; ".join(found)

    def _held(self) -> _Held:
        return _Held(self)

    def _gone(self) -> OutboxReplaced | None:
        return self._files.gone() if self._files else None

    def _keep_off_what_is_not_ours(self) -> None:
        """Save what a log held that was taken away, and never write from one over what others have begun since."""
        if self._files is None or not self._files.gone():
            return
        connection = self._peewee.connection()
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        if self._files.only_the_log_is_gone():
            with suppress(apsw.Error):
                connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
                self._files.begin_log()

    def _assert_pragmas(self) -> None:
        for name, wanted in _PRAGMAS.items():
            found = self.row(f"PRAGMA {name}")
            if found != (wanted,):
                raise OutboxUnavailable(_NOT_LOCAL, path=self.path, name=name, found=found, wanted=wanted)
