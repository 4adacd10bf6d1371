"""Others with SQLite at the same file: one that makes checkpoints in every mode, one that reads for a long time."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from typing import Final

import apsw

from tests.concurrency.notes import Notes, is_stopped
from tests.crash.processes import OPENED, Tell
from tests.crash.world import OUTBOX

_MODES: Final = {
    "passive": apsw.SQLITE_CHECKPOINT_PASSIVE,
    "full": apsw.SQLITE_CHECKPOINT_FULL,
    "restart": apsw.SQLITE_CHECKPOINT_RESTART,
    "truncate": apsw.SQLITE_CHECKPOINT_TRUNCATE,
}
#: Milliseconds: while it waits for readers, a checkpoint keeps writers out.
_WAIT = 50


def keeper(folder: Path, tell: Tell, name: str, longest: float) -> None:
    """Make checkpoints and hold read transactions open, `longest` seconds at most, until everything is stopped."""
    notes = Notes()
    threads = [
        threading.Thread(target=_checkpoints, args=(folder, notes, random.Random(f"{name} c"))),
        threading.Thread(target=_reads, args=(folder, notes, random.Random(f"{name} r"), longest)),
    ]
    tell({OPENED: True})
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    notes.tell(tell)


def _checkpoints(folder: Path, notes: Notes, dice: random.Random) -> None:
    connection, log = apsw.Connection(str(folder / OUTBOX)), folder / f"{OUTBOX}-wal"
    connection.setbusytimeout(_WAIT)
    while not is_stopped(folder):
        mode = dice.choice([*_MODES])
        try:
            with notes.timed(f"checkpoint: {mode}"):
                connection.wal_checkpoint(mode=_MODES[mode])
        except apsw.BusyError:
            notes.count(f"checkpoint: {mode}, others were at it")
        except apsw.Error as error:
            notes.wrong(f"checkpoint: {error}")
        if log.exists():
            notes.largest("bytes of -wal", log.stat().st_size)
        time.sleep(dice.random() * 0.3)
    connection.close()


def _reads(folder: Path, notes: Notes, dice: random.Random, longest: float) -> None:
    """What a reader has seen stays as it is until its end, whoever writes."""
    connection = apsw.Connection(str(folder / OUTBOX), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.setbusytimeout(_WAIT)
    sql = "SELECT count(*), coalesce(sum(amount), 0), (SELECT count(*) FROM events) FROM records"
    while not is_stopped(folder):
        try:
            with notes.timed("reader: a transaction"), connection:
                first, ends = list(connection.execute(sql)), time.monotonic() + dice.random() * longest
                while time.monotonic() < ends and not is_stopped(folder):
                    time.sleep(0.05)
                if list(connection.execute(sql)) != first:
                    notes.wrong("a reader saw two states in one transaction")
        except apsw.Error as error:
            notes.wrong(f"reader: {error}")
    connection.close()
