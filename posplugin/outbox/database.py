"""The file: apsw's own SQLite, WAL, synced at every commit, one kept connection behind a lock.

Why apsw: every SQLite from 3.7.0 to 3.51.2, Python's and Debian's among them, can silently lose a committed write in
WAL mode when two connections write and checkpoint at once (sqlite.org/wal.html, "WAL-reset bug").
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import apsw
import peewee
from playhouse.apsw_ext import APSWDatabase

from posplugin.domain.errors import OutboxError, OutboxUnavailable, SqliteTooOld
from posplugin.outbox.migrations import migrate

#: The oldest SQLite without the WAL-reset bug.
OLDEST_SQLITE = (3, 51, 3)
#: How long a hook waits for a lock before it raises.
HOOK_WAIT_SECONDS = 0.8

_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


class Database:
    """One connection to an outbox file, for any number of threads; closed with `close` or as a context manager."""

    def __init__(self, path: Path, *, wait: float = HOOK_WAIT_SECONDS) -> None:
        """Open or make the file, mode 0600, and bring its schema up to date.

        `wait` is how many seconds a transaction waits for another one, in this process or elsewhere.
        Raises `OutboxUnavailable` when the file cannot be opened, `SchemaTooNew` when a newer version wrote it.
        """
        self.path = path
        #: Seconds that a transaction waits for another one.
        self.wait = wait
        self._lock = threading.RLock()
        if APSWDatabase.server_version < OLDEST_SQLITE:
            found = ".".join(map(str, APSWDatabase.server_version))
            raise SqliteTooOld(f"SQLite {found} can lose commits in WAL mode; install apsw 3.51.3 or newer")
        self._peewee = APSWDatabase(None, thread_safe=False, autoconnect=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._peewee.init(str(path), pragmas=_PRAGMAS, timeout=wait)
            self._peewee.connect()
            self._assert_pragmas()
            migrate(self)
        except (peewee.DatabaseError, OSError) as error:
            self.close()
            raise OutboxUnavailable(f"the outbox {path} cannot be opened: {error}") from error
        except OutboxError:
            self.close()
            raise

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the database can be used no more."""
        with self._lock:
            if not self._peewee.is_closed():
                self._peewee.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed and synced together, or not at all.

        Raises `OutboxUnavailable` when the lock cannot be had in time or the disk says no. Inside another
        transaction of the same thread it is part of that one.
        """
        deadline = time.monotonic() + self.wait
        with self._held():
            if self._peewee.in_transaction():
                yield
                return
            self._peewee.connection().setbusytimeout(max(1, int((deadline - time.monotonic()) * 1000)))
            with self._peewee.atomic("IMMEDIATE"):
                yield

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
        """Copy the whole file, while it is in use, by SQLite's backup API; never copy it with `cp`."""
        with Database(target) as copy, self._held():
            mine, theirs = self._peewee.connection(), copy._peewee.connection()
            with theirs.backup("main", mine, "main") as work:
                work.step()

    def sqlite_version(self) -> str:
        """Return the version of the SQLite in use, which is apsw's own."""
        return ".".join(map(str, APSWDatabase.server_version))

    def schema(self) -> int:
        """Return the version of the file's schema."""
        row = self.row("PRAGMA user_version")
        return int(row[0]) if row else 0

    def integrity(self) -> str:
        """Return "ok", or what SQLite found wrong with the file.

        A connection of its own looks: one that has been open while another wrote to the search index takes what it
        remembers of it for the truth, and calls the file damaged.
        """
        with self._held(), closing(apsw.Connection(str(self.path), flags=apsw.SQLITE_OPEN_READWRITE)) as fresh:
            fresh.setbusytimeout(int(self.wait * 1000))
            return "; ".join(str(row[0]) for row in fresh.execute("PRAGMA integrity_check"))

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The connection for this thread alone, waited for no longer than `wait`; SQLite's own errors never leave."""
        if not self._lock.acquire(timeout=self.wait):
            raise OutboxUnavailable(f"the outbox {self.path} has been busy for {self.wait:g} seconds; try again")
        try:
            if self._peewee.is_closed():
                raise OutboxUnavailable(f"the outbox {self.path} has been closed")
            yield
        except peewee.IntegrityError:
            raise
        except (peewee.DatabaseError, apsw.Error) as error:
            raise OutboxUnavailable(f"the outbox {self.path} refused: {error}") from error
        finally:
            self._lock.release()

    def _assert_pragmas(self) -> None:
        for name, wanted in _PRAGMAS.items():
            found = self.row(f"PRAGMA {name}")
            if found != (wanted,):
                raise OutboxUnavailable(f"the outbox {self.path} has {name}={found}, not {wanted}; is it a local disk?")
