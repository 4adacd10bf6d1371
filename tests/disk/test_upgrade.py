"""A file is brought up to date by one process alone: an older one never writes by its own rules into a newer file."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import apsw
import pytest

from posplugin.domain.errors import OutboxHeld, OutboxReplaced, SchemaTooNew
from posplugin.outbox import migrations
from posplugin.outbox.database import Database
from posplugin.outbox.store import Outbox
from tests.disk.conftest import Command
from tests.fixtures.sales import invoice, request, sale

#: The next version.
NEXT = "CREATE TABLE extra (a TEXT) STRICT;\n"
#: A process of an older version with the file open, as any SQLite has it: answers each line with what came of a write.
OLDER = """
import sys, apsw
connection = apsw.Connection(sys.argv[1])
connection.set_busy_timeout(2000)
connection.execute("PRAGMA synchronous = FULL")
list(connection.execute("SELECT count(*) FROM records"))
print("open", flush=True)
for number, _ in enumerate(sys.stdin):
    connection.execute("INSERT INTO notes VALUES (?, '', '')", (f"old-{number}",))
    print("written", flush=True)
"""


class Older:
    """An older program that runs."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", OLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._out.readline() == "open\n"

    @property
    def _out(self) -> IO[str]:
        assert self._process.stdout
        return self._process.stdout

    def write(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        assert self._out.readline() == "written\n"

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def older(path: Path) -> Iterator[Older]:
    process = Older(path)
    yield process
    process.kill()


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is of the next version."""
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, NEXT))


def version(path: Path) -> int:
    connection = apsw.Connection(str(path))
    try:
        return int(str(connection.pragma("user_version")))
    finally:
        connection.close()


def test_while_an_older_process_has_the_file_open_it_is_not_brought_up_to_date(
    path: Path, older: Older, newer: None
) -> None:
    was = version(path)
    for _ in range(2):
        with pytest.raises(OutboxHeld, match=r"has to be brought up to date .* another process has it open; stop the"):
            Database(path, wait=0.2)
        older.write()  # it goes on, by its own rules, into a file of its own version
        assert version(path) == was

    older.kill()

    with Database(path, wait=0.2) as database:
        assert database.schema() == was + 1
        assert database.rows("SELECT name FROM notes WHERE name LIKE 'old-%' ORDER BY name") == [("old-0",), ("old-1",)]
        assert database.integrity() == "ok"


def test_it_is_waited_for_an_older_one_that_is_about_to_end(path: Path, older: Older, newer: None) -> None:
    timer = threading.Timer(0.3, older.kill)
    timer.start()
    with Database(path, wait=20) as database:
        assert database.rows("SELECT * FROM extra") == []
    timer.join()


def test_commands_of_the_newer_version_say_what_has_to_be_stopped(
    older: Older, newer: None, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posplugin.outbox.opening._PATIENCE", 0.2)
    code, said = command("check", "--no-draft")
    assert (code, said.split()[0]) == (1, "109")
    assert "stopp kassen, tjenesten og konsollen" in said
    assert "et annet program har den åpen" in command("status", "--line")[1]


def test_a_process_whose_file_is_of_another_version_by_now_writes_nothing_more(path: Path) -> None:
    """However it came about: the version is looked at within each transaction."""
    with Database(path) as database:
        outbox = Outbox(database)
        outbox.authorize(invoice())
        other = apsw.Connection(str(path))
        other.execute(f"PRAGMA user_version = {len(migrations.STEPS) + 1}")
        other.close()

        with pytest.raises(OutboxReplaced, match="by a newer posplugin while it was open"):
            outbox.authorize(invoice(request(sale(sale_id="s-2"))))

        assert len(outbox.select("1")) == 1
    with pytest.raises(SchemaTooNew):
        Database(path)


def test_a_newer_file_is_refused_byte_for_byte_also_with_what_a_crash_has_left_beside_it(path: Path) -> None:
    code = (
        "import os, signal, sys, apsw; c = apsw.Connection(sys.argv[1]); c.execute('PRAGMA user_version = 99');"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    log = path.with_name(f"{path.name}-wal")
    before = path.read_bytes(), log.read_bytes()
    assert before[1]

    for _ in range(2):
        with pytest.raises(SchemaTooNew, match=r"schema 99, this one knows \d+\); install the newer version again"):
            Database(path)

    assert (path.read_bytes(), log.read_bytes()) == before


def test_several_of_the_newer_version_that_start_at_once_bring_it_up_to_date_once(path: Path, newer: None) -> None:
    code = (
        "import sys; from pathlib import Path; from posplugin.outbox import migrations;"
        f"migrations.STEPS = (*migrations.STEPS, {NEXT!r});"
        "from posplugin.outbox.database import Database;"
        "database = Database(Path(sys.argv[1]), wait=30); print(database.schema(), flush=True); sys.stdin.read()"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    try:
        assert {process.stdout.readline() for process in started if process.stdout} == {f"{len(migrations.STEPS)}\n"}
    finally:
        for process in started:
            process.communicate("")
    with Database(path) as database:
        assert database.rows("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == [(1,)]
