"""The file: synced, its owner's alone, of one version, waited for no longer than a cashier can."""

from __future__ import annotations

import multiprocessing
import stat
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import apsw
import peewee
import pytest
from playhouse.apsw_ext import APSWDatabase

from posplugin.domain.errors import OutboxUnavailable, SchemaTooNew
from posplugin.outbox import migrations
from posplugin.outbox.database import HOOK_WAIT_SECONDS, OLDEST_SQLITE, Database
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.store import Outbox
from tests.fixtures.clocks import EVENING
from tests.fixtures.sales import invoice, request, sale

Raw = Callable[[], apsw.Connection]


def version(path: Path) -> int:
    connection = apsw.Connection(str(path))
    try:
        return int(connection.pragma("user_version"))  # type: ignore[call-overload, unused-ignore]
    finally:
        connection.close()


def test_every_connection_is_synced_and_keeps_its_foreign_keys(path: Path) -> None:
    for _ in range(2):
        with Database(path) as database:
            found = {name: database.row(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")}
            assert found == {"journal_mode": ("wal",), "synchronous": (2,), "foreign_keys": (1,)}


def test_a_move_is_stamped_when_it_has_the_file(database: Database, raw: Raw) -> None:
    """Not while it waits: who has looked meanwhile has seen what was there before."""
    stamped = []

    def clock() -> datetime:
        stamped.append(True)
        with pytest.raises(apsw.BusyError):  # it is ours
            raw().execute("BEGIN IMMEDIATE")
        return EVENING

    record = Outbox(database, lambda: EVENING).capture(invoice, invoice().ref)
    Outbox(database, clock).move(record, Status.SENDING, "sender")
    assert stamped


def test_a_disk_that_cannot_hold_a_wal_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posplugin.outbox.database._PRAGMAS", {"journal_mode": "memory", "synchronous": 7})
    with pytest.raises(OutboxUnavailable, match="is it a local disk"):
        Database(path)


def test_the_file_and_its_neighbours_are_the_owners_alone(outbox: Outbox, path: Path) -> None:
    outbox.authorize(invoice())
    files = list(path.parent.glob("outbox.sqlite3*"))
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_folders_are_made_for_it(tmp_path: Path) -> None:
    with Database(tmp_path / "a" / "b" / "outbox.sqlite3") as database:
        assert database.integrity() == "ok"


def test_the_sqlite_in_use_does_not_lose_commits(database: Database) -> None:
    assert APSWDatabase.server_version >= OLDEST_SQLITE == (3, 51, 3)
    assert database.sqlite_version() == apsw.sqlite_lib_version()


def test_an_sqlite_that_loses_commits_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(APSWDatabase, "server_version", (3, 51, 2))
    with pytest.raises(OutboxUnavailable, match=r"SQLite 3\.51\.2 can lose commits"):
        Database(path)
    assert not path.exists()


def test_what_is_no_database_is_refused_and_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"this is no database, whatever its name may say" * 100)
    before = path.read_bytes()
    with pytest.raises(OutboxUnavailable, match=r"the outbox .* is damaged .*not a database"):
        Database(path)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxUnavailable, match="cannot be opened"):
        Database(tmp_path / "file" / "outbox.sqlite3")


# -- versions ----------------------------------------------------------------------------------------------------------


def test_a_file_of_a_newer_version_is_refused_in_a_sentence_and_left_unchanged(path: Path) -> None:
    with Database(path) as database:
        Outbox(database).authorize(invoice())
    connection = apsw.Connection(str(path))
    connection.execute(f"PRAGMA user_version = {len(migrations.STEPS) + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(SchemaTooNew, match=r"written by a newer posplugin .* nothing has been changed"):
        Database(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.glob("outbox*")] == [path.name]


def test_a_step_that_fails_leaves_the_old_version_and_no_trace(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Database(path) as database:
        record = Outbox(database).authorize(invoice())
    now = len(migrations.STEPS)
    step = "CREATE TABLE extra (a TEXT) STRICT;\nINSERT INTO extra VALUES ('x');\nINSERT INTO nowhere VALUES (1);\n"
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, step))
    with pytest.raises(OutboxUnavailable, match="nowhere"):
        Database(path)
    assert version(path) == now
    monkeypatch.setattr(migrations, "STEPS", migrations.STEPS[:-1])
    with Database(path) as database:
        assert database.row("SELECT count(*) FROM sqlite_master WHERE name = 'extra'") == (0,)
        assert Outbox(database).get(record.id) == record


def test_a_later_step_keeps_what_is_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Database(path) as database:
        outbox = Outbox(database)
        record, installation = outbox.authorize(invoice()), outbox.installation
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, "CREATE TABLE extra (a TEXT) STRICT;\n"))
    with Database(path) as database:
        assert Outbox(database).installation == installation
        assert Outbox(database).get(record.id) == record
        assert database.rows("SELECT * FROM extra") == []
    assert version(path) == len(migrations.STEPS)


def _open(path: Path, results: multiprocessing.Queue[str]) -> None:
    try:
        with Database(path, wait=10) as database:
            results.put(Outbox(database).installation)
    except Exception as error:
        results.put(repr(error))


def test_processes_that_make_the_file_at_once_make_one(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[str] = context.Queue()
    processes = [context.Process(target=_open, args=(path, results)) for _ in range(4)]
    for process in processes:
        process.start()
    found = {results.get(timeout=60) for _ in processes}
    for process in processes:
        process.join()
    results.close()
    results.join_thread()
    assert len(found) == 1
    assert len(found.pop()) == 8


# -- waiting -----------------------------------------------------------------------------------------------------------


def test_a_hook_waits_800_ms_for_another_process_and_then_raises(outbox: Outbox, raw: Raw) -> None:
    holder = raw()
    holder.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(OutboxUnavailable, match=r"locked|busy"):
        outbox.authorize(invoice())
    assert time.monotonic() - began >= HOOK_WAIT_SECONDS - 0.05  # and it raised while the other held on
    assert outbox.select("1") == []  # reading never waits
    holder.execute("ROLLBACK")
    assert outbox.authorize(invoice()).id == 1


def test_a_hook_waits_for_another_that_is_soon_done(outbox: Outbox, raw: Raw) -> None:
    holder = raw()
    holder.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.2, lambda: holder.execute("ROLLBACK"))
    timer.start()
    assert outbox.authorize(invoice()).id == 1
    timer.join()


@pytest.mark.parametrize("reading", [False, True])
def test_a_thread_does_not_wait_until_another_is_done(path: Path, reading: bool) -> None:
    """Even for a read: ten cashiers behind a locked file must not wait ten times."""
    with Database(path, wait=0.1) as database:
        done, held = threading.Event(), threading.Event()

        def hold() -> None:
            with database.transaction():
                held.set()
                done.wait()

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        with pytest.raises(OutboxUnavailable, match=r"has been busy for 0\.1 seconds"):
            database.row("SELECT 1") if reading else database.transaction().__enter__()
        done.set()
        thread.join()
        assert database.row("SELECT 1") == (1,)


def test_everything_in_a_transaction_is_kept_or_nothing(database: Database) -> None:
    outbox = Outbox(database)

    def cut() -> None:
        with database.transaction():
            outbox.authorize(invoice())
            raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError, match="the power goes"):
        cut()
    assert outbox.select("1") == []
    with database.transaction(), database.transaction():
        outbox.authorize(invoice())
    assert len(outbox.select("1")) == 1


def test_a_closed_outbox_says_so_and_does_not_open_itself_again(path: Path) -> None:
    database = Database(path)
    outbox = Outbox(database)
    database.close()
    database.close()
    for use in (lambda: outbox.select("1"), lambda: outbox.authorize(invoice())):
        with pytest.raises(OutboxUnavailable, match="has been closed"):
            use()
    assert not path.with_name(path.name + "-wal").exists()


def test_a_full_disk_is_said_in_our_own_words(outbox: Outbox, database: Database) -> None:
    pages = database.row("PRAGMA page_count")
    assert pages is not None
    database.execute(f"PRAGMA max_page_count = {pages[0]}")
    asked = [invoice(request(sale(sale_id=f"s-{number}"))) for number in range(50)]
    with pytest.raises(OutboxUnavailable, match="full"):
        list(map(outbox.authorize, asked))
    assert database.integrity() == "ok"


# -- what nobody may do ------------------------------------------------------------------------------------------------


def test_events_cannot_be_deleted_by_anyone(outbox: Outbox, raw: Raw) -> None:
    outbox.authorize(invoice())
    with pytest.raises(apsw.ConstraintError, match="events are never deleted"):
        raw().execute("DELETE FROM events")
    with pytest.raises(peewee.IntegrityError):
        outbox.database.execute("DELETE FROM records")  # its events speak of it


# -- backup ------------------------------------------------------------------------------------------------------------


def test_a_backup_taken_while_tills_write_opens_and_is_whole(outbox: Outbox, database: Database, path: Path) -> None:
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        with Database(path, wait=10) as other:
            till = Outbox(other)
            while not stop.is_set():
                written.append(till.authorize(invoice(request(sale(sale_id=f"s-{len(written)}")))).id)

    thread = threading.Thread(target=write)
    thread.start()
    copies = []
    for number in range(5):
        while len(written) < 10 * number:
            time.sleep(0.001)
        copies.append((len(written), path.with_name(f"copy-{number}.sqlite3")))
        database.backup(copies[-1][1])
    stop.set()
    thread.join()
    for at_least, copy in copies:
        with Database(copy) as opened:
            assert opened.integrity() == "ok"
            assert opened.rows("PRAGMA foreign_key_check") == []
            restored = Outbox(opened)
            assert restored.installation == outbox.installation
            records = restored.select("1 ORDER BY id")
            assert len(records) >= at_least
            assert [record.id for record in records] == written[: len(records)]
            assert all(len(restored.events(record)) == 1 and record.invoice() for record in records)
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_backup_takes_the_place_of_an_older_one(outbox: Outbox, database: Database, path: Path) -> None:
    copy = path.with_name("copy.sqlite3")
    database.backup(copy)
    outbox.authorize(invoice())
    database.backup(copy)
    with Database(copy) as opened:
        assert len(Outbox(opened).select("1")) == 1
