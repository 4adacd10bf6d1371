"""What holds the names of people is its owner's alone, however lax the machine is set up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posplugin.outbox.database import Database
from posplugin.sender.lock import only_sender

pytestmark = pytest.mark.skipif(os.name != "posix", reason="only POSIX has such modes")


@pytest.fixture(autouse=True)
def _lax() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def _modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


def test_every_file_of_an_outbox_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite3"
    with closing(Database(path)) as database, only_sender(path):
        database.backup(tmp_path / "copy.sqlite3")
        found = _modes(tmp_path)

    assert {path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}.sender.lock", "copy.sqlite3"} <= set(found)
    assert set(found.values()) == {0o600}


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o666, 0o640])
def test_a_copy_that_others_can_read_is_taken_from_them_when_it_is_opened(tmp_path: Path, mode: int) -> None:
    """`cp` gives it the mode that new files have."""
    path = tmp_path / "outbox.sqlite3"
    Database(path).close()
    path.chmod(mode)

    with closing(Database(path)):
        assert set(_modes(tmp_path).values()) == {0o600}


def test_what_a_killed_process_left_beside_it_is_taken_from_others_too(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite3"
    with closing(Database(path)):
        for file in tmp_path.iterdir():
            file.chmod(0o644)
        with closing(Database(path)):
            assert set(_modes(tmp_path).values()) == {0o600}
