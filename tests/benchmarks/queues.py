"""A record put in the outbox, and taken out and delivered, beside two queues in SQLite that are made for that.

Theirs are huey's SqliteHuey (a task called; dequeued, executed, its result stored) and persist-queue's SQLiteAckQueue
(put; get, ack). Both are synced at each commit: huey by `fsync=True`; persist-queue has no setting for it, so that its
connections are told PRAGMA synchronous = FULL; what it has acked is cleared now and then, as it wants. Each carries the
same text, our record's JSON, and gets the same answer. Neither keeps a history, an attempt with its request and answer,
or an index to find a record by.
"""

from __future__ import annotations

import itertools
import tempfile
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

from huey import SqliteHuey
from persistqueue import SQLiteAckQueue

from posplugin.accounting_system import AccountingSystem, Posted, Stage
from posplugin.domain.clock import utc_now
from posplugin.domain.documents import Invoice
from posplugin.domain.payment import PaymentRef
from posplugin.outbox import facts
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.sender.deliver import Delivery
from tests.benchmarks.comparison import Comparison, Measured, Samples, Table, by_turns
from tests.benchmarks.dinner import dinner, on_a_disk
from tests.fixtures.sales import invoice

_ANSWER: Final = "order 10001, total 2 193,00"


@dataclass
class _Answers:
    """An accounting system that answers at once: what is measured is the outbox."""

    request: str

    def request_for(self, *_: object) -> str:
        return self.request

    def deliver(self, document: Invoice, reference: str, *_: object) -> Posted:
        return Posted(
            reference=reference,
            accounting_id="3f2a77c1",
            number=10001,
            customer_number=document.customer_number,
            total=document.total,
            stage=Stage.DRAFT,
        )


class Ours:
    """The outbox: a promise with its event; what the sender does from taking a record to having it delivered."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(folder / "outbox.sqlite3", wait=30)
        self._outbox = Outbox(self._database)
        self._numbers = itertools.count(1)
        self._document = invoice(dinner(1))
        self.text = facts.write(self._document)
        system = cast(AccountingSystem, _Answers(request=self.text))
        self._delivery = Delivery(outbox=self._outbox, system=system, clock=utc_now, run_id=1)
        self._waiting: deque[Record] = deque()

    def enqueue(self) -> None:
        number = next(self._numbers)
        ref = PaymentRef("bar-1", f"dinner-{number}", "invoice")
        self._outbox.authorize(replace(self._document, ref=ref, receipt=f"{number:06}"))

    def get_ready(self) -> None:
        """Make the sales final, as the till does, and read them, as a run does, all at once."""
        for record in self._outbox.in_status(Status.AUTHORIZED):
            self._outbox.capture(record.invoice, record.ref)
        self._waiting.extend(self._outbox.in_status(Status.PENDING))

    def deliver(self) -> None:
        posted = self._delivery.attempt(self._waiting.popleft())
        assert isinstance(posted, Posted)

    def close(self) -> None:
        assert not self._outbox.in_status(Status.SENDING, Status.UNCERTAIN, Status.NEEDS_ATTENTION)
        self._database.close()


class Huey:
    """SqliteHuey, as its documentation has it: a task is called, and a worker executes it."""

    def __init__(self, folder: Path, text: str) -> None:
        self._huey = SqliteHuey("sales", filename=str(folder / "huey.sqlite3"), fsync=True)
        self._text = text

        @self._huey.task()  # type: ignore[untyped-decorator]
        def deliver(document: str) -> str:
            assert document == text
            return _ANSWER

        self._task = deliver

    def enqueue(self) -> None:
        self._task(self._text)

    def deliver(self) -> None:
        assert self._huey.execute(self._huey.dequeue()) == _ANSWER

    def close(self) -> None:
        assert self._huey.pending_count() == 0
        self._huey.storage.close()


class PersistQueue:
    """SQLiteAckQueue, synced."""

    def __init__(self, folder: Path, text: str) -> None:
        self._queue = SQLiteAckQueue(str(folder / "persist-queue"), multithreading=True)
        connections: list[Any] = [self._queue._putter, self._queue._getter]  # the same one twice, where they share it
        for connection in connections:
            connection.execute("PRAGMA synchronous = FULL")
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        self._text = text

    def enqueue(self) -> None:
        self._queue.put(self._text)

    def tidy(self) -> None:
        """Let go of what has been acked: each `get` passes it by."""
        self._queue.clear_acked_data(max_delete=0, keep_latest=0)

    def deliver(self) -> None:
        item = self._queue.get(block=False)
        assert item == self._text
        self._queue.ack(item)

    def close(self) -> None:
        assert self._queue.size == 0
        self._queue.close()


def measure(quick: bool) -> Measured:
    """Measure both, by turns: so many are put in, then all are taken out, several times over."""
    turns, each = (1, 15) if quick else (8, 500)
    enqueued, delivered = [Samples() for _ in range(3)], [Samples() for _ in range(3)]
    with tempfile.TemporaryDirectory(dir=on_a_disk()) as name:
        folder = Path(name)
        ours = Ours(folder)
        persist_queue = PersistQueue(folder, ours.text)
        queues: list[Any] = [ours, Huey(folder, ours.text), persist_queue]
        for _ in range(turns):
            _add(enqueued, by_turns([queue.enqueue for queue in queues], each))
            ours.get_ready()
            _add(delivered, by_turns([queue.deliver for queue in queues], each))
            persist_queue.tidy()
        for queue in queues:
            queue.close()
    note = f"p50 of {turns * each}, {len(ours.text.encode())} bytes of JSON"
    return Measured(
        comparisons=[
            *_held("enqueue one record with its event, durable", enqueued, note),
            *_held("claim + mark delivered", delivered, note),
        ],
        tables=[
            Table(
                title="queues",
                head=("ms", "ours p50", "p99", "huey p50", "p99", "persist-queue p50", "p99"),
                rows=[
                    (what, *(f"{figure:.2f}" for one in samples for figure in (one.p50, one.p99)))
                    for what, samples in (("enqueue", enqueued), ("claim + mark delivered", delivered))
                ],
            )
        ],
    )


def _add(to: Sequence[Samples], more: Sequence[Samples]) -> None:
    for samples, each in zip(to, more, strict=True):
        samples.seconds += each.seconds


def _held(what: str, samples: Sequence[Samples], note: str) -> list[Comparison]:
    """Hold ours against the slower and the faster of the two."""
    ours, *others = samples
    named = zip(("huey SqliteHuey, fsync on", "persist-queue SQLiteAckQueue, synced"), others, strict=True)
    faster, slower = sorted(named, key=lambda each: each[1].p50)
    return [
        Comparison(
            what=what,
            beside=f"{name} (the {which} of two)",
            ours=ours.p50,
            theirs=theirs.p50,
            unit="ms",
            goal=goal,
            note=note,
        )
        for which, goal, (name, theirs) in (("slower", 1.0, slower), ("faster", 1.5, faster))
    ]
