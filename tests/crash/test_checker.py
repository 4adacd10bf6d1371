"""What the checker would say: files that are put wrong by hand, one thing at a time."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.crash.checker import check_books
from tests.crash.sender_process import finish
from tests.crash.till_process import till
from tests.crash.world import World

_ORDER = "SELECT owner, kind, 'another', json_set(body, '$.Id', 'another') FROM record WHERE kind = 'order'"
#: Which file is put wrong, how, and what is found.
WRONG = [
    ("simulator", "DELETE FROM record WHERE kind = 'order'", {"lost", "not delivered"}),
    ("simulator", f"INSERT INTO record {_ORDER}", {"doubled"}),
    ("simulator", "UPDATE record SET body = json_set(body, '$.CustomerNo', 1) WHERE kind = 'order'", {"different"}),
    ("simulator", "DELETE FROM record WHERE kind = 'transaction'", {"lost", "settled wrongly"}),
    ("outbox", "UPDATE records SET status = 'pending' WHERE kind = 'invoice'", {"not delivered"}),
    ("outbox", "DELETE FROM records WHERE kind = 'invoice'", {"lost", "unexpected"}),
    (
        "outbox",
        "UPDATE records SET status = 'needs_attention', reason = 'internal'",
        {"not delivered", "needs a person"},
    ),
    ("outbox", "UPDATE records SET document = replace(document, 'Middag', 'Lunsj')", {"damaged"}),
    ("outbox", "DELETE FROM events WHERE now = 'delivered'", {"no history"}),
    ("outbox", "DELETE FROM events WHERE now = 'sending'", {"no history"}),
    ("journal", "DELETE FROM payment", {"unexpected"}),
    ("journal", "DELETE FROM sale", {"unexpected", "witnessed"}),
    ("journal", "DELETE FROM z_report", {"unexpected", "witnessed"}),
]


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world at rest in which nothing is wrong."""
    world = World.new(tmp_path_factory.mktemp("evening") / "world", "plain")
    world.do(till, ("whole", "cash", "close"))
    world.do(finish)
    assert not world.judge(at_rest=True).counts, world.found.told
    yield world
    world.close()


@pytest.mark.parametrize(("file", "sql", "expected"), WRONG, ids=[sql for _, sql, _ in WRONG])
def test_what_is_put_wrong_is_found(evening: World, tmp_path: Path, file: str, sql: str, expected: set[str]) -> None:
    folder = tmp_path / "world"
    shutil.copytree(evening.folder, folder)
    with closing(sqlite3.connect(folder / f"{file}.sqlite3")) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DROP TRIGGER IF EXISTS events_stay")
        assert db.execute(sql).rowcount > 0
        db.commit()

    found = check_books(folder, at_rest=True, witnessed=evening.witnessed, closed=evening.closed)

    assert expected <= found.counts.keys(), found.told


def test_a_process_that_fails_is_found(tmp_path: Path) -> None:
    world = World.new(tmp_path / "world", "plain")
    (world.folder / "posplugin.toml").write_text("[")

    assert not world.do(till, ("whole",))

    world.close()
    assert world.found.counts["failed"] == 1
