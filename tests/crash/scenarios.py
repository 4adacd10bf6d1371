"""What is going on when a process dies: each step of each is visited."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from posplugin.outbox import migrations
from posplugin.outbox.database import Database
from tests.crash.file_process import backup
from tests.crash.processes import Work
from tests.crash.sender_process import book, finish, follow, send, sync
from tests.crash.steps import Death, Level
from tests.crash.till_process import till
from tests.crash.world import OUTBOX, World

_POSTED = "POST /v2/SalesOrders/Complete"
_JOURNAL = "POST /v2/Vouchers/CashJournals"
_DRAFT = "POST /v2/JournalEntryVouchers/ManualJournals"


@dataclass(frozen=True)
class Scenario:
    """A world, and what a process does in it that dies at every step."""

    name: str
    work: Work
    #: Words that steps of it hold: what it is for, so that it can't come to pass it by.
    through: tuple[str, ...]
    arguments: tuple[Any, ...] = ()
    mode: str = "plain"
    #: How finely it is visited, where that does not depend on the sweep.
    level: Level | None = None
    #: Whether the opening of the files is visited too.
    opening: bool = False
    #: What has happened before.
    before: Callable[[World], object] = lambda _: None


def _after(*acts: str) -> Callable[[World], object]:
    return lambda world: world.do(till, acts, "before")


def _died(*acts: str, at: str, work: Work = till) -> Callable[[World], object]:
    """Return what leaves the world as a process does that died at the first step of that name."""

    def prepare(world: World) -> None:
        if work is till:
            lived = world.do(till, acts, "before", death=Death(named=at))
        else:
            world.do(till, acts, "before")
            lived = world.do(work, world.ahead, death=Death(named=at))
            world.later()
        assert not lived, f"nothing of the name {at}"

    return prepare


def _of_version(version: int) -> Callable[[World], object]:
    """Return what leaves the outbox as an older version wrote it: all that its tables can hold."""

    def prepare(world: World) -> None:
        world.do(till, ("whole", "split", "close"), "before")
        new, old = world.folder / OUTBOX, world.folder / "old.sqlite3"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migrations, "STEPS", migrations.STEPS[:version])
            Database(old).close()
        with closing(sqlite3.connect(old)) as db:
            db.execute("ATTACH ? AS new", (str(new),))
            db.execute("DELETE FROM installation")
            for (table,) in db.execute("SELECT name FROM main.sqlite_master WHERE sql LIKE 'CREATE TABLE%STRICT%'"):
                theirs, ours = (
                    [row[1] for row in db.execute(f"PRAGMA {schema}.table_info({table})")] for schema in ("main", "new")
                )
                if columns := ", ".join(name for name in theirs if name in ours):
                    db.execute(f"INSERT OR REPLACE INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
            db.commit()
            db.execute("PRAGMA journal_mode = WAL")
        old.replace(new)
        Path(f"{new}-wal").unlink(missing_ok=True)
        Path(f"{new}-shm").unlink(missing_ok=True)

    return prepare


def _new(world: World) -> None:
    (world.folder / OUTBOX).unlink()


def _posting(*acts: str, at: str) -> Callable[[World], object]:
    return _died(*acts, at=at, work=send)


def _booked(world: World) -> None:
    """All is sent, and the bookkeeper has been at it."""
    world.do(till, ("whole", "return", "cash", "close"), "before")
    world.do(finish, world.ahead)
    world.later()
    book(world.url)


_NO_INVOICE = ("cash", "close")
_EVENING = ("whole", "split", "cash", "close")
_FINALISE, _CAPTURE = "Journal.finalise < Till.checkout: journal BEGIN", "Outbox.capture < Till.capture"
SCENARIOS = (
    Scenario("a sale, whole", till, ("Outbox.authorize", "Outbox.capture"), (("whole",),)),
    Scenario("a sale, split with a card", till, ("Outbox.authorize", "Outbox.capture"), (("split",),)),
    Scenario("a sale, the card declined", till, ("Outbox.authorize", "Outbox.void"), (("declined",),)),
    Scenario("a return", till, ("Outbox.authorize", "Outbox.capture"), (("return",),), before=_after("whole")),
    Scenario("a day's end", till, ("Settlements.keep",), (("close",),), before=_after("whole", "split", "cash")),
    Scenario(
        "a start with a promise open",
        till,
        ("Outbox.void < Till.settle",),
        ((),),
        opening=True,
        before=_died("whole", at=_FINALISE),
    ),
    Scenario(
        "a start before the capture",
        till,
        ("Outbox.capture < Till.settle",),
        ((),),
        opening=True,
        before=_died("whole", at=_CAPTURE),
    ),
    Scenario("sending", send, (_POSTED, _JOURNAL), opening=True, before=_after(*_EVENING)),
    Scenario(
        "sending, VAT by the settlement", send, (_POSTED, _JOURNAL), mode="clearing", before=_after("whole", "close")
    ),
    Scenario("sending, settlements as drafts", send, (_DRAFT,), mode="drafts", before=_after("cash", "close")),
    Scenario(
        "sending with papers", send, ("/attachments", "/createAndSend"), mode="papers", before=_after("whole", "close")
    ),
    Scenario("sending a credit note", send, (_POSTED,), mode="papers", before=_after("whole", "return")),
    Scenario(
        "a look-up that finds the order", send, ("settle < look_for",), before=_posting("whole", at=f"after {_POSTED}")
    ),
    Scenario(
        "a look-up that finds none",
        send,
        ("_not_found < look_for", _POSTED),
        (2,),
        before=_posting("whole", at=f"before {_POSTED}"),
    ),
    Scenario(
        "a look-up that finds the journal",
        send,
        ("settle_journal < _found",),
        before=_posting(*_NO_INVOICE, at=f"after {_JOURNAL}"),
    ),
    Scenario(
        "a look-up that finds no journal",
        send,
        (_JOURNAL,),
        (2,),
        before=_posting(*_NO_INVOICE, at=f"before {_JOURNAL}"),
    ),
    Scenario(
        "a look-up that finds the draft",
        send,
        ("settle_journal < _found",),
        mode="drafts",
        before=_posting(*_NO_INVOICE, at=f"after {_DRAFT}"),
    ),
    Scenario(
        "following what was sent",
        follow,
        ("write_standing < Follower", "follow_journals"),
        mode="drafts",
        before=_booked,
    ),
    Scenario("a new file", sync, ("_take_steps",), opening=True, before=_new),
    *(
        Scenario(
            f"a file of version {version}", till, ("_take_steps",), ((),), opening=True, before=_of_version(version)
        )
        for version in range(1, len(migrations.STEPS))
    ),
    Scenario("a backup", backup, ("backup",), opening=True, before=_after(*_EVENING)),
    Scenario(
        "a backup, write by write",
        backup,
        ("write to the file",),
        level=Level.WRITE,
        opening=True,
        before=_after(*_EVENING),
    ),
)
