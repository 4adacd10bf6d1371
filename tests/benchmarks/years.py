"""Makes an outbox old: evenings are copied before the one that is in it, each with its day, names and numbers.

Every table and index has what it would have after so many evenings like that one; only the documents are copied as they
are, and nothing reads those of what has been delivered. The references are spread as hashes are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import apsw

from posplugin.outbox.reference import CODE_AT

_IDS: Final = ("records", "events", "attempts")
#: Eight of the sixteen letters of a sale's code are another copy's.
_CODE: Final = "printf('%08x', k * 2654435761 % 4294967296)"
_REFERENCE: Final = f"substr(reference, 1, {CODE_AT}) || {_CODE} || substr(reference, {CODE_AT + 9})"
#: What each copy has of its own, `k` evenings before: for columns of these names in every table, and in some.
_OWN: Final = {
    "reference": _REFERENCE,
    "sale_id": "sale_id || '-' || k",
    "receipt": "receipt || '-' || k",
    "number": "number || '-' || k",
    "accounting_id": "accounting_id || '-' || k",
}
_NUMBERS: Final = ("accounting_number", "invoice_number")
_DAYS: Final = (
    "business_date",
    "at",
    "created_at",
    "updated_at",
    "received_at",
    "sent_at",
    "started_at",
    "finished_at",
)
_TABLES: Final = (*_IDS, "steps", "z_reports", "journals", "cleared", "runs")


def age(outbox: Path, evenings: int) -> None:
    """Let a closed outbox that holds one evening hold so many, the newest as it was."""
    with closing(apsw.Connection(str(outbox))) as db:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000", "locking_mode = EXCLUSIVE"):
            db.execute(f"PRAGMA {pragma}")
        marks = ", ".join("?" * len(_TABLES))
        sql = f"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL AND tbl_name IN ({marks})"
        indexes = list(db.execute(sql, _TABLES))
        for name, _ in indexes:
            db.execute(f"DROP INDEX {name}")
        with db:
            _copy(db, evenings - 1)
        for _, made_by in indexes:
            db.execute(str(made_by))
        db.execute("PRAGMA journal_mode = WAL")


def _copy(db: apsw.Connection, copies: int) -> None:
    columns = {table: [str(row[1]) for row in db.execute(f"PRAGMA table_info({table})")] for table in _TABLES}
    newest = {table: int(db.execute(f"SELECT max(id) FROM {table}").get) for table in (*_IDS, "runs")}
    for table in _TABLES:  # the evening that is there stays the newest
        for column, each in _moved(table, columns[table], newest):
            db.execute(f"UPDATE {table} SET {column} = {column} + {copies * each}")
        db.execute(f"CREATE TEMP TABLE evening_{table} AS SELECT * FROM {table}")
    for table in _TABLES:
        moved = dict(_moved(table, columns[table], newest))
        told = ", ".join(_told(column, moved) for column in columns[table])
        db.execute(
            f"WITH RECURSIVE copies (k) AS (SELECT {copies} UNION ALL SELECT k - 1 FROM copies WHERE k > 1)"
            f" INSERT INTO main.{table} SELECT {told} FROM copies CROSS JOIN evening_{table}"
        )


def _moved(table: str, columns: list[str], newest: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Give the columns that hold ids, and how many of them an evening takes."""
    of = {"id": table, "record_id": "records", "run_id": "runs"}
    yield from ((column, newest[of[column]]) for column in columns if column in of)


def _told(column: str, moved: dict[str, int]) -> str:
    if column in moved:
        return f"{column} - k * {moved[column]}"
    if column in _NUMBERS:
        return f"{column} + k * 1000"
    if column in _DAYS:
        return f"date(substr({column}, 1, 10), -k || ' days') || substr({column}, 11)"
    return _OWN.get(column, column)
