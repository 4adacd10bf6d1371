"""Files that somebody deletes or replaces: nothing is written where nobody will look, and what was stored is saved."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.domain.errors import OutboxDamaged, OutboxReplaced
from posplugin.domain.payment import Light
from posplugin.hooks import PosHost
from posplugin.outbox.database import Database
from tests.disk.conftest import Command
from tests.disk.ledger import Ledger, payment, refused_cleanly, whole


@pytest.mark.parametrize("gone", [("-wal",), ("-shm",), ("-wal", "-shm")], ids="".join)
def test_a_log_that_is_deleted_under_a_running_till_loses_no_sale(
    gone: tuple[str, ...], config: Path, path: Path, ledger: Ledger, start: Callable[..., PosHost]
) -> None:
    host = start()
    for name in ("a", "b"):
        assert ledger.sell(host, payment(name))
    for suffix in gone:
        path.with_name(path.name + suffix).unlink()

    went_on = ledger.sell(host, payment("c"))

    assert went_on is ("-wal" not in gone)
    if not went_on:
        refused_cleanly(ledger.refused[-1])
        lamp = host.status()[0]
        assert lamp.light is Light.RED
        assert "start dette programmet på nytt" in lamp.text
    host.shutdown()
    again = start()
    assert ledger.sell(again, payment("d"))
    again.shutdown()
    ledger.must_stand_in(config)


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_file_that_is_taken_away_under_a_running_till_is_noticed_at_the_next_sale(
    how: str, config: Path, path: Path, ledger: Ledger, start: Callable[..., PosHost]
) -> None:
    host = start()
    assert ledger.sell(host, payment("a"))
    taken = path.with_name("taken.sqlite3")
    backup = path.with_name("backup.sqlite3")
    with App.open(config) as app:
        app.database.backup(backup)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").rename(f"{taken}{suffix}")
    if how == "replaced":
        shutil.copy(backup, path)

    assert not ledger.sell(host, payment("b"))

    refused_cleanly(ledger.refused[-1])
    assert host.status()[0].light is Light.RED
    before = path.read_bytes() if how == "replaced" else None
    host.shutdown()
    assert (path.read_bytes() if how == "replaced" else None) == before
    for suffix in ("", "-wal", "-shm"):
        if Path(f"{taken}{suffix}").exists():
            Path(f"{taken}{suffix}").rename(f"{path}{suffix}")
    start().shutdown()
    ledger.must_stand_in(config)


def test_nothing_else_is_opened_beside_a_log_that_is_gone(path: Path) -> None:
    """In one process, as a run's own connection: SQLite would read its index of the log that is not there."""
    for suffixes in (("-wal",), ("-wal", "-shm")):
        with Database(path) as first:
            first.try_writing()
            for suffix in suffixes:
                path.with_name(path.name + suffix).unlink()
            with pytest.raises((OutboxReplaced, OutboxDamaged)):
                Database(path)
            with (
                pytest.raises(OutboxReplaced, match=r"sqlite3-wal, which holds the newest commits"),
                first.transaction(),
            ):
                pass
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
        assert whole(path)


def test_what_others_have_begun_since_is_not_written_over(path: Path) -> None:
    first = Database(path)
    first.execute("INSERT INTO notes VALUES ('first', '', '')")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink()
    code = (
        f"from posplugin.outbox.database import Database as D; from pathlib import Path as P; d = D(P({str(path)!r}));"
    )
    code += "d.execute(\"INSERT INTO notes VALUES ('second', '', '')\"); import os; os._exit(0)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

    with pytest.raises(OutboxReplaced), first.transaction():
        pass
    first.close()

    with Database(path) as now:
        assert ("second",) in now.rows("SELECT name FROM notes")
        assert now.integrity() == "ok"


def _killed(path: Path, count: int) -> None:
    """A process that stores `count` notes and is killed: its newest commits stand in the log alone."""
    code = (
        "import os, signal, sys; from pathlib import Path; from posplugin.outbox.database import Database;"
        "database = Database(Path(sys.argv[1]));"
        "[database.execute(\"INSERT INTO notes VALUES (?, '', '')\", (f'n-{n}',)) for n in range(int(sys.argv[2]))];"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(path), str(count)], check=False)
    assert killed.returncode == -signal.SIGKILL


def test_a_log_that_is_missing_after_a_crash_is_named_and_nothing_goes_on_without_it(
    path: Path, command: Command, ledger: Ledger, start: Callable[..., PosHost]
) -> None:
    _killed(path, 3)
    log, kept = path.with_name(f"{path.name}-wal"), path.with_name("kept")
    log.rename(kept)
    before = path.read_bytes()

    host = start()
    assert not host.channels()
    assert "holds the newest" in host.failures[0].text or "held the newest" in host.failures[0].text
    for arguments in (("status",), ("outbox", "list"), ("check", "--no-draft")):
        code, said = command(*arguments)
        assert code == 1
        assert "mangler: legg den tilbake" in said
    assert said.startswith("107")
    assert path.read_bytes() == before
    host.shutdown()

    kept.rename(log)
    with Database(path) as database:
        assert len(database.rows("SELECT 1 FROM notes WHERE name LIKE 'n-%'")) == 3


def test_after_a_crash_the_index_may_be_missing(path: Path) -> None:
    _killed(path, 3)
    path.with_name(f"{path.name}-shm").unlink()
    with Database(path) as database:
        assert len(database.rows("SELECT 1 FROM notes WHERE name LIKE 'n-%'")) == 3


def test_with_log_and_index_both_gone_after_a_crash_the_file_is_as_it_was_before(path: Path) -> None:
    """Nobody can know that: the host captures anew what has been final since a backup."""
    _killed(path, 3)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink()
    with Database(path) as database:
        assert database.integrity() == "ok"
        assert database.rows("SELECT 1 FROM notes WHERE name LIKE 'n-%'") == []
