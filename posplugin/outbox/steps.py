"""What follows a delivery: attach the receipt, confirm, send. Each is done, failed and tried again alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from posplugin.domain.clock import Clock, from_stored, to_text, utc_now
from posplugin.outbox.database import Database
from posplugin.outbox.record import Record


class Step(StrEnum):
    """In the order in which they are taken."""

    #: A draft of a wrong total is deleted again.
    WITHDRAW = "withdraw"
    #: A person takes what stands there though it is another than we delivered.
    ACCEPT = "accept"
    ATTACH = "attach"
    CONFIRM = "confirm"
    SEND = "send"


class StepState(StrEnum):
    """How far a step is."""

    TO_DO = "to_do"
    DONE = "done"
    #: A person must act.
    FAILED = "failed"


#: The detail of a step of a document that was found: an outbox that knew more than this one may have taken it.
FOUND = "found there"
#: The detail of a step that a person lets be taken again.
AGAIN = "to be taken again"
#: Nothing has been asked for since.
_NOT_ASKED = frozenset({None, FOUND, AGAIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of one record; `detail` tells how its last try went, and is None before the first."""

    step: Step
    state: StepState
    detail: str | None
    at: datetime

    @property
    def has_been_asked_for(self) -> bool:
        """Whether the accounting system may have been asked to take it already."""
        return self.detail not in _NOT_ASKED


class Steps:
    """The steps in the outbox file. Thread-safe."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def of(self, record: Record) -> list[StepRow]:
        """Return the steps of a record, in the order in which they are taken."""
        rows = self._database.rows("SELECT step, state, detail, at FROM steps WHERE record_id = ?", (record.id,))
        found = [
            StepRow(step=Step(step), state=StepState(state), detail=detail, at=from_stored(at))
            for step, state, detail, at in rows
        ]
        return sorted(found, key=lambda row: list(Step).index(row.step))

    def get(self, record: Record, step: Step) -> StepRow | None:
        """Return one step, None when the record has no such step."""
        return next((row for row in self.of(record) if row.step is step), None)

    def taken_since(self, moment: datetime) -> dict[tuple[str, str], int]:
        """Return how many steps have been done since then, by step and by kind of document."""
        rows = self._database.rows(
            "SELECT step, kind, count(*) FROM steps JOIN records ON records.id = steps.record_id"
            " WHERE steps.state = 'done' AND steps.at >= ? GROUP BY step, kind ORDER BY step, kind",
            (to_text(moment),),
        )
        return {(step, kind): count for step, kind, count in rows if step != Step.ACCEPT}

    def write(self, record: Record, step: Step, state: StepState, detail: str | None = None) -> None:
        """Write down how far a step is."""
        self._put(
            "DO UPDATE SET state = excluded.state, detail = excluded.detail, at = excluded.at",
            record,
            step,
            state,
            detail,
        )

    def plan(self, record: Record, step: Step, detail: str | None = None) -> None:
        """Let a step be done, unless the record has it already."""
        self._put("DO NOTHING", record, step, StepState.TO_DO, detail)

    def forget(self, record: Record) -> None:
        """Take all steps of a record away: it is made anew."""
        with self._database.transaction():
            self._database.execute("DELETE FROM steps WHERE record_id = ?", (record.id,))

    def _put(self, conflict: str, record: Record, step: Step, state: StepState, detail: str | None) -> None:
        with self._database.transaction():
            self._database.execute(
                f"INSERT INTO steps VALUES (?, ?, ?, ?, ?) ON CONFLICT {conflict}",
                (record.id, step, state, detail, to_text(self._clock())),
            )
