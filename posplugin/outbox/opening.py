"""Opening a file: whose it is, of which version, and brought up to date while nobody else has it open."""

from __future__ import annotations

import os
import random
import stat
import time
from contextlib import closing, suppress
from pathlib import Path

import apsw

from posplugin.domain.clock import to_text, utc_now
from posplugin.domain.errors import OutboxHeld, OutboxOfAnother, SchemaTooNew
from posplugin.outbox import migrations
from posplugin.outbox.disk import beside, require_log, require_whole
from posplugin.outbox.reference import new_installation

_TOO_NEW = (
    "the outbox {path} was written by a newer posplugin (schema {schema}, this one knows {known}); install the newer "
    "version again, nothing has been changed"
)
_HELD = (
    "the outbox {path} has to be brought up to date (schema {schema}, this posplugin writes {known}), and another "
    "process has it open; stop the till, the service and the console, and start them again"
)
_NO_OUTBOX = "{path} is another program's file, and no outbox; give the outbox a file of its own in outbox.path"

#: The note of a file of which nothing that was deleted is left in free bytes: it is overwritten from its first day on.
BEGUN_CLEAN = "begun_clean"

#: Seconds between two looks at a file that another process has open, at most.
_PAUSE = 0.05
#: Seconds that one of an older version is waited for, which may be about to end.
_PATIENCE = 4.0


def make_ready(path: Path, wait: float, *, is_open: bool = False) -> None:
    """Make the file, its owner's alone, or bring it up to date, whole or not at all.

    No other process may have it open meanwhile: one of an older version would go on writing by its own rules. Waits
    `wait` seconds for that, and no more than a few for one of an older version. Raises `OutboxHeld` then, and
    `SchemaTooNew`, `OutboxOfAnother` or `OutboxDamaged` for a file that is left as it is.

    `is_open`: this process has the file open. On POSIX, closing any descriptor of a file gives up all locks that the
    process has on it, SQLite's own too: from then on only SQLite may touch it.
    """
    if not is_open:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    _take_from_others(path)
    began, known, log = time.monotonic(), len(migrations.STEPS), beside(path, "-wal")
    deadline = began + wait
    while True:
        require_log(path)
        if not is_open:
            require_whole(path)
        with closing(apsw.Connection(str(path))) as connection:
            if log.exists():  # a look changes nothing
                connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            schema = _schema(connection)
            if schema == known:
                return
            if schema is not None and schema > known:
                raise SchemaTooNew(_TOO_NEW, path=path, schema=schema, known=known)
            if schema is not None and _bring_up(connection, path):
                return
        held = schema is not None and time.monotonic() > began + _PATIENCE
        if held or time.monotonic() > deadline:
            raise OutboxHeld(_HELD, path=path, schema=schema or "–", known=known)
        time.sleep(random.uniform(_PAUSE / 10, _PAUSE))  # two that wait for each other must not wait alike


def _take_from_others(path: Path) -> None:
    """A copy put back with `cp` may be everybody's to read; what is made beside it has the file's own mode."""
    for each in (path, beside(path, "-wal"), beside(path, "-shm")):
        with suppress(OSError):  # not there, or another's
            if os.name == "posix" and (mode := each.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
                each.chmod(mode & stat.S_IRWXU)


def _schema(connection: apsw.Connection) -> int | None:
    """Return the file's version, None while another process brings it up to date."""
    try:
        return int(str(connection.pragma("user_version")))
    except apsw.BusyError:
        return None


def _bring_up(connection: apsw.Connection, path: Path) -> bool:
    """Take the steps that the file lacks, in one transaction; return whether it could be had alone."""
    try:
        # Only a connection that is alone can leave WAL mode, whichever version the others are of.
        if connection.pragma("journal_mode", "delete") != "delete":
            return False
        connection.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; BEGIN EXCLUSIVE")
    except apsw.BusyError:
        return False
    try:
        if connection.pragma("journal_mode") != "delete":  # another was quicker, and is in it now
            return False
        _take_steps(connection, path)
        connection.execute("COMMIT")
        connection.pragma("journal_mode", "wal")
        return True
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _take_steps(connection: apsw.Connection, path: Path) -> None:
    schema, steps = _schema(connection) or 0, migrations.STEPS
    if schema == 0 and list(connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1")):
        raise OutboxOfAnother(_NO_OUTBOX, path=path)
    for step in steps[schema:]:
        connection.execute(step)
    if schema == 0:
        now = to_text(utc_now())
        connection.execute("INSERT INTO installation VALUES (?, ?)", (new_installation(), now))
        connection.execute("INSERT INTO notes VALUES (?, '', ?)", (BEGUN_CLEAN, now))
    connection.execute(f"PRAGMA user_version = {max(schema, len(steps))}")
