"""An outbox on disk, and a second look at its file with SQLite alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from posplugin.outbox.database import Database
from posplugin.outbox.store import Outbox
from tests.fixtures.clocks import Watch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite3"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with Database(path, wait=0.8) as database:
        yield database


@pytest.fixture
def outbox(database: Database, clock: Watch) -> Outbox:
    return Outbox(database, clock)


@pytest.fixture
def raw(path: Path) -> Iterator[Callable[[], apsw.Connection]]:
    """Opens the file as the SQLite shell does: no pragmas, no lock of ours."""
    opened: list[apsw.Connection] = []

    def open_() -> apsw.Connection:
        opened.append(apsw.Connection(str(path)))
        return opened[-1]

    yield open_
    for connection in opened:
        connection.close()
