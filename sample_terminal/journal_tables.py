"""The journal's file: its tables, and how it is opened so that what it says is kept is on disk."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

#: A payment is open from the moment the plugin is asked, then final with its sale, or abandoned.
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS sale (
    terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, sale TEXT NOT NULL, z INTEGER,
    PRIMARY KEY (terminal_id, sale_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS payment (
    terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, tender_id TEXT NOT NULL, attempt INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'final', 'abandoned')),
    captured INTEGER NOT NULL DEFAULT 0, request TEXT NOT NULL,
    PRIMARY KEY (terminal_id, sale_id, tender_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uncaptured ON payment (terminal_id) WHERE state = 'final' AND NOT captured;
CREATE INDEX IF NOT EXISTS still_open ON payment (state) WHERE state = 'open';
CREATE TABLE IF NOT EXISTS paper (
    series TEXT NOT NULL, number INTEGER NOT NULL,
    terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, tender_id TEXT,
    PRIMARY KEY (terminal_id, series, number)
) STRICT, WITHOUT ROWID;
-- A Z is known here by its place in the journal, and to people by the number in its report, which may be text.
CREATE TABLE IF NOT EXISTS z_report (
    terminal_id TEXT NOT NULL, number INTEGER NOT NULL, source TEXT NOT NULL,
    report TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (terminal_id, number), UNIQUE (terminal_id, source)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS z_number ON z_report (terminal_id, json_extract(report, '$.number'));
CREATE TABLE IF NOT EXISTS grand_total (
    terminal_id TEXT PRIMARY KEY, sales INTEGER NOT NULL, returns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS event_kind ON event (kind);
-- What has been rung up and is not final: lost with nothing but the file.
CREATE TABLE IF NOT EXISTS open_ticket (name TEXT PRIMARY KEY, ticket TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sale_at ON sale (terminal_id, json_extract(sale, '$.at'));
CREATE INDEX IF NOT EXISTS sale_original ON sale (json_extract(sale, '$.original.sale_id'));
"""


class JournalInUse(Exception):
    """Another till has this journal open; a journal belongs to one till."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the journal's file, making it if need be. Its one connection may be used from any thread, one at a time.

    The lock is exclusive: a payment still open in a journal that nobody holds was left by a crash, and can be told
    from one in progress by that alone.
    """
    connection = sqlite3.connect(path, timeout=1.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(_TABLES)
    except sqlite3.OperationalError as error:
        connection.close()
        if "locked" in str(error):
            raise JournalInUse(f"{path} is open in another till; close that one, or give this one its own") from error
        raise
    return connection
