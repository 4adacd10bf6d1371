"""What each pass of the sender did: so that anyone can see whether it is working."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from posplugin.domain.clock import Clock, from_stored, to_text, utc_now
from posplugin.outbox.database import Database

#: No run has such an id.
_ALL = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run; `finished_at` is None while it goes on, or when the process died in it."""

    id: int
    #: "hand", or why a schedule made it (`posplugin.schedule.Plan`).
    cause: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    delivered: int
    waiting: int
    attention: int
    detail: str | None


class RunLog:
    """The runs in the outbox file. Thread-safe."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def begin(self, cause: str) -> int:
        """Note that a run begins, and why; return its id."""
        with self._database.transaction():
            sql = "INSERT INTO runs (cause, started_at) VALUES (?, ?)"
            return self._database.insert(sql, (cause, to_text(self._clock())))

    def finish(
        self, run_id: int, outcome: str, *, delivered: int, waiting: int, attention: int, detail: str | None = None
    ) -> None:
        """Note how a run ended: "done", "waiting" (some of it for later) or "stopped" (by an outage or a person)."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE runs SET finished_at = ?, outcome = ?, delivered = ?, waiting = ?, attention = ?, detail = ?"
                " WHERE id = ?",
                (to_text(self._clock()), outcome, delivered, waiting, attention, detail, run_id),
            )

    def latest_automatic(self, now: datetime, causes: Collection[str]) -> datetime | None:
        """Return when the newest run until `now` began that was made for one of `causes` and came to its end.

        A run of the future was made by a clock that was wrong.
        """
        among = f"cause IN ({', '.join('?' * len(causes))})"
        sql = f"SELECT max(started_at) FROM runs WHERE {among} AND finished_at IS NOT NULL AND started_at <= ?"
        row = self._database.row(sql, (*causes, to_text(now)))
        return from_stored(row[0]) if row and row[0] else None

    def begun_since(self, moment: datetime) -> list[datetime]:
        """Return when each run began that began since a moment."""
        rows = self._database.rows("SELECT started_at FROM runs WHERE started_at >= ?", (to_text(moment),))
        return [from_stored(started) for (started,) in rows]

    def latest(self, limit: int = 1, *, finished: bool = False, before: int | None = None) -> list[RunRow]:
        """Return the newest runs, newest first; `before` is the id of a run that they all came before."""
        where = "WHERE id < ?" + (" AND finished_at IS NOT NULL" if finished else "")
        columns = "id, cause, started_at, finished_at, outcome, delivered, waiting, attention, detail"
        newer = _ALL if before is None else before
        rows = self._database.rows(f"SELECT {columns} FROM runs {where} ORDER BY id DESC LIMIT ?", (newer, limit))
        return [
            RunRow(
                id=id_,
                cause=cause,
                started_at=from_stored(started),
                finished_at=from_stored(finished_at) if finished_at else None,
                outcome=outcome,
                delivered=delivered,
                waiting=waiting,
                attention=attention,
                detail=detail,
            )
            for id_, cause, started, finished_at, outcome, delivered, waiting, attention, detail in rows
        ]
