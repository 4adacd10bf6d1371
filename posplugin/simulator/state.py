"""Everything the simulated Go remembers: in memory, and in one SQLite file when it has a path."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .answers import decode, encode

Record = dict[str, Any]


class State:
    """Records by owner (a Go client, or "" for all), kind and key; read from memory, written to the file first.

    One process owns the file. A change is in the file before `change` ends (WAL, synchronous=FULL),
    and none of it is when the process dies inside.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._rows: dict[tuple[str, str], dict[str, Record]] = {}
        #: By owner, kind and member: the keys of the records that have a value there, in their order.
        self._indexes: dict[tuple[str, str, str], dict[object, dict[str, None]]] = {}
        self._changing = False
        self.lock = threading.RLock()
        self.open()

    def open(self) -> None:
        """Open the file, if there is one and it is closed, and read it."""
        if self._path is None or self._database is not None:
            return
        # Autocommit: transactions are opened and ended by `change` alone.
        self._database = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS record (owner TEXT, kind TEXT, key TEXT, body TEXT,"
            " PRIMARY KEY (owner, kind, key)) STRICT"
        )
        self._read()

    def close(self) -> None:
        """Close the file; what was in it stays readable in memory."""
        with self.lock:
            if self._database is not None:
                self._database.close()
                self._database = None

    @property
    def is_open(self) -> bool:
        """Whether it can be changed: it has no file, or that is open."""
        return self._path is None or self._database is not None

    def rows(self, owner: str, kind: str) -> Mapping[str, Record]:
        """Return the records of one kind by key, in the order they were first put."""
        return self._rows.get((owner, kind), {})

    def matching(self, owner: str, kind: str, member: str, value: object) -> dict[str, Record]:
        """Return the records of one kind whose member has this value, by key; quick, however many others there are."""
        rows = self.rows(owner, kind)
        if (owner, kind, member) not in self._indexes:
            self._indexes[owner, kind, member] = {}
            for key, row in rows.items():
                self._index(owner, kind, key, None, row, only=member)
        return {key: rows[key] for key in self._indexes[owner, kind, member].get(value, ())}

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock, and make all that is put and removed inside one transaction."""
        with self.lock:
            if self._changing:
                yield
                return
            self._changing = True
            try:
                self._run("BEGIN IMMEDIATE")
                yield
                self._run("COMMIT")
            except BaseException:
                self._undo()
                raise
            finally:
                self._changing = False

    def put(self, owner: str, kind: str, key: str, record: Record) -> None:
        """Write a record, inside `change`."""
        self._run(
            "INSERT INTO record VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
            (owner, kind, key, encode(record).decode()),
        )
        rows = self._rows.setdefault((owner, kind), {})
        self._index(owner, kind, key, rows.get(key), record)
        rows[key] = record

    def remove(self, owner: str, kind: str, key: str) -> None:
        """Take a record away that is there, inside `change`."""
        self._run("DELETE FROM record WHERE owner = ? AND kind = ? AND key = ?", (owner, kind, key))
        self._index(owner, kind, key, self._rows[owner, kind].pop(key), None)

    def forget(self, owner: str, kind: str, key: str) -> None:
        """Remove a record if it is there, inside `change`."""
        if key in self.rows(owner, kind):
            self.remove(owner, kind, key)

    def number(self, owner: str, series: str, first: int) -> int:
        """Return the next number of a series, inside `change`."""
        last = self.rows(owner, "series").get(series)
        value = int(last["last"]) + 1 if last else first
        self.put(owner, "series", series, {"last": value})
        return value

    def _index(
        self, owner: str, kind: str, key: str, old: Record | None, new: Record | None, *, only: str | None = None
    ) -> None:
        for (of_owner, of_kind, member), index in self._indexes.items():
            if (of_owner, of_kind) != (owner, kind) or only not in (None, member):
                continue
            if old is not None and (new is None or new[member] != old[member]):
                del index[old[member]][key]
            if new is not None:
                index.setdefault(new[member], {})[key] = None

    def _run(self, sql: str, values: tuple[str, ...] = ()) -> None:
        if self._database is not None:
            self._database.execute(sql, values)
        elif self._path is not None:
            raise RuntimeError("The simulator is stopped: its file is closed. Start it first.")

    def _undo(self) -> None:
        if self._database is not None and self._database.in_transaction:
            self._database.execute("ROLLBACK")
            self._read()

    def _read(self) -> None:
        assert self._database is not None
        self._rows.clear()
        self._indexes.clear()
        for owner, kind, key, body in self._database.execute("SELECT * FROM record ORDER BY rowid"):
            self._rows.setdefault((owner, kind), {})[key] = decode(body)
