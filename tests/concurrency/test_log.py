"""The log beside the file does not stay as long as a reader has made it."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from posplugin.outbox import database
from posplugin.outbox.store import Outbox


def test_a_log_that_grew_under_a_reader_that_took_long_is_short_again_when_it_has_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit, path = 100_000, tmp_path / "outbox.sqlite3"
    with database.Database(path) as usual:
        assert usual.row("PRAGMA journal_size_limit") == (16_000_000,)
    monkeypatch.setitem(database._PRAGMAS, "journal_size_limit", limit)
    log = path.with_name(f"{path.name}-wal")
    with database.Database(path) as opened:
        outbox = Outbox(opened)
        reader = apsw.Connection(str(path))
        reader.execute("BEGIN; SELECT count(*) FROM notes").fetchall()
        number = 0
        while not log.exists() or log.stat().st_size < 18_000_000:  # more than SQLite lets it grow unread
            number += 1
            outbox.write_note(f"note {number}", "x" * 50_000)
        reader.close()

        for _ in range(3):
            outbox.write_note("last", "")

        assert log.stat().st_size <= limit
        assert opened.integrity() == "ok"
