"""A till's lock on its file is not given up by looking at it, and the guards look where SQLite does."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from posplugin.domain.errors import OutboxReplaced
from posplugin.outbox.database import Database
from tests.disk.ledger import whole

#: Debian's or Python's SQLite: the last to close a file deletes its log, and who has no lock does not have it open.
LOOK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(len(connection.execute("SELECT name FROM notes").fetchall()))
connection.close()
"""


def _technician_looks(path: Path) -> None:
    subprocess.run([sys.executable, "-c", LOOK, str(path)], check=True, capture_output=True)


def _store(database: Database, name: str) -> None:
    with database.transaction():
        database.execute("INSERT INTO notes VALUES (?, '', '')", (name,))


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


@pytest.mark.skipif(sqlite3.sqlite_version_info >= (3, 51), reason="this SQLite leaves a log that is in use")
@pytest.mark.parametrize("times", [1, 3])
def test_an_older_sqlite_that_looks_takes_no_log_from_a_till_that_has_opened_its_file_again(
    times: int, path: Path
) -> None:
    with Database(path) as till:
        _store(till, "before")
        for _ in range(times):
            Database(path).close()  # as each run of the sender in the till's own process does

        _technician_looks(path)

        assert _log(path).exists()
        _store(till, "after")
    with Database(path) as now:
        assert {("before",), ("after",)} <= {*now.rows("SELECT name FROM notes")}


@pytest.mark.skipif(sqlite3.sqlite_version_info >= (3, 51), reason="this SQLite leaves a log that is in use")
def test_a_file_that_is_closed_in_one_place_stays_locked_in_another(path: Path) -> None:
    first, second = Database(path), Database(path)
    first.close()
    Database(path).close()

    _technician_looks(path)

    _store(second, "after")
    second.close()
    assert whole(path)


@pytest.mark.parametrize("gone", [("-wal",), ("-wal", "-shm"), ("",)], ids=["log", "log and index", "file"])
def test_nothing_is_said_to_be_stored_when_the_file_went_during_the_commit(gone: tuple[str, ...], path: Path) -> None:
    def store_while_it_is_taken_away(till: Database) -> None:
        with till.transaction():
            till.execute("INSERT INTO notes VALUES ('during', '', '')")
            for suffix in gone:
                Path(f"{path}{suffix}").rename(path.with_name(f"taken{suffix}"))

    with Database(path) as till:
        _store(till, "before")
        with pytest.raises(OutboxReplaced):
            store_while_it_is_taken_away(till)
    if "" not in gone:  # what the log held has been saved
        with Database(path) as now:
            assert {("before",), ("during",)} <= {*now.rows("SELECT name FROM notes")}


def test_an_outbox_that_is_a_link_is_guarded_where_the_file_is(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "outbox.sqlite3"
    link.parent.mkdir()
    link.symlink_to(path)
    with Database(link) as till:
        _store(till, "before")
        assert till.path == path
        _log(path).unlink()
        with pytest.raises(OutboxReplaced):
            Database(path)  # the same file by its own name
        with pytest.raises(OutboxReplaced), till.transaction():
            pass
    assert [each.name for each in link.parent.iterdir()] == [link.name]
    with Database(link) as now:
        assert now.rows("SELECT name FROM notes WHERE name = 'before'")


def test_a_link_to_a_file_that_is_not_there_yet_makes_it(tmp_path: Path) -> None:
    link, file = tmp_path / "link.sqlite3", tmp_path / "data" / "file.sqlite3"
    link.symlink_to(file)
    Database(link).close()
    assert file.stat().st_mode & 0o777 == 0o600
