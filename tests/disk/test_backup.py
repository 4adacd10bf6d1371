"""A backup taken while others write is whole, and is what stood there at one moment."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.domain.errors import OutboxUnavailable
from posplugin.outbox.lifecycle import Status
from tests.conftest import SettingsFile
from tests.disk.conftest import Command
from tests.disk.ledger import payment
from tests.disk.shim import FULL, IO_WRITE, Act, Disk, Fails

#: A till in a process of its own: sells until its stdin is closed, and says each final sale when it is stored.
SELLER = """
import sys, threading
from pathlib import Path
from posplugin.app import App
from tests.disk.ledger import payment

ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
with App.open(Path(sys.argv[1])) as app:
    till, number = app.till(), 0
    while not ended.is_set():
        till.authorize(payment(f"s-{number}"))
        till.capture(payment(f"s-{number}"))
        print(f"s-{number}", flush=True)
        number += 1
"""


def test_backups_taken_while_another_process_sells_are_whole_and_hold_all_that_was_sold(
    config: Path, command: Command, settings_file: SettingsFile
) -> None:
    root = Path(__file__).parents[2]
    seller = subprocess.Popen(
        [sys.executable, "-c", SELLER, str(config)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert seller.stdin
    assert seller.stdout
    sold: list[str] = []
    copies: list[tuple[int, Path]] = []
    for number in range(4):
        sold += [seller.stdout.readline().strip() for _ in range(8)]
        copies.append((len(sold), config.with_name(f"copy-{number}.sqlite3")))
        assert command("outbox", "backup", str(copies[-1][1]))[0] == 0
    seller.stdin.close()
    sold += seller.stdout.read().split()
    assert seller.wait(30) == 0
    seller.stdout.close()

    assert sold == [f"s-{number}" for number in range(len(sold))]
    for at_least, copy in copies:
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        restored = settings_file(f"{copy.stem}.toml", outbox={"path": str(copy)})
        with App.open(restored) as app, App.open(config) as now:
            assert app.database.path == copy
            assert app.database.integrity() == "ok"
            records = app.outbox.select("1 ORDER BY id")
            final = [record.sale_id for record in records if record.status is Status.PENDING]
            assert len(final) >= at_least
            assert final == sold[: len(final)]
            for record in records:
                assert now.outbox.get(record.id).document == record.document
                events = [event.now for event in app.outbox.events(record)]
                assert events == (["authorized", "pending"] if record.sale_id in final else ["authorized"])
    assert sorted(file.name for file in config.parent.glob("*.part*")) == []


@pytest.mark.parametrize("error", [IO_WRITE, FULL])
@pytest.mark.parametrize("at", [1, 5, 40])
def test_a_backup_that_breaks_off_leaves_nothing_that_looks_like_one(
    at: int, error: Fails, under: Disk, config: Path
) -> None:
    target = config.with_name("backup.sqlite3")
    with App.open(config) as app:
        app.till().authorize(payment("a"))
        app.outbox.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        under.begin(Act.WRITE, at, error)
        with pytest.raises(OutboxUnavailable, match=r"backup\.sqlite3 could not be written"):
            app.database.backup(target)
        assert list(config.parent.glob("backup*")) == []
        under.mend()
        assert app.database.trouble() is None
        app.database.backup(target)
        assert [file.name for file in config.parent.glob("backup*")] == [target.name]


def test_a_backup_of_a_damaged_file_says_which_is_damaged(config: Path, path: Path) -> None:
    data = bytearray(path.read_bytes())
    with App.open(config) as app:
        (root,) = app.database.row("SELECT rootpage FROM sqlite_schema WHERE name = 'customers'") or (0,)
    data[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    path.write_bytes(data)

    with App.open(config) as app:  # a backup copies pages as they are: `check` is what tells
        app.database.backup(config.with_name("backup.sqlite3"))
        assert app.database.integrity() != "ok"
