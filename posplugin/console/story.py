"""What happened to a record, from the till to PowerOffice, as a person reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from posplugin.console.shown import TONES, Tone, kroner
from posplugin.domain.reasons import Reason
from posplugin.outbox.finding import standing_at
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Attempt, Event, Record
from posplugin.outbox.steps import StepRow, StepState
from posplugin.outbox.store import Outbox
from posplugin.texts import Texts, details, history

_STEP_TONES = {StepState.DONE: Tone.GREEN, StepState.TO_DO: Tone.YELLOW, StepState.FAILED: Tone.RED}
#: What was written of an order: its number and total, in øre by an earlier version.
_ORDER = re.compile(r"order (\S+), total (?:(-?\d+) øre|(.+))")
_VOUCHER = re.compile(r"voucher (\S+)")
#: A piece of JSON: a string, a bracket, a comma or colon, or anything else.
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One point of the time line."""

    at: datetime
    tone: Tone
    #: What it became, where it became something else.
    became: str
    why: str
    reason: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try at PowerOffice."""

    at: datetime
    tone: Tone
    outcome: str
    status: int | None
    took_ms: int
    #: Set out in lines.
    request: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One step after the delivery."""

    what: str
    state: str
    tone: Tone
    at: datetime
    detail: str


def happenings(outbox: Outbox, record: Record, t: Texts, language: str) -> list[Happening]:
    """Return all that happened to a record, oldest first."""
    return [_happening(event, t, language) for event in outbox.events(record)]


def tries(outbox: Outbox, record: Record, t: Texts, language: str) -> list[Try]:
    """Return every try at PowerOffice, newest first."""
    return [_try(attempt, t, language) for attempt in reversed(outbox.attempts(record))]


def steps(outbox: Outbox, record: Record, t: Texts, language: str) -> list[Taken]:
    """Return the steps after the delivery, in the order in which they are taken."""
    return [_taken(row, t, language) for row in outbox.steps.of(record)]


def laid_out(text: str) -> str:
    """Return JSON set out in lines, its numbers as they stand; another text as it is."""
    if not text.lstrip().startswith(("{", "[")):
        return text
    return "".join(_laid_out(text))


def _laid_out(text: str) -> Iterator[str]:
    depth, pieces = 0, _PIECE.findall(text)
    for place, piece in enumerate(pieces):
        before = pieces[place - 1] if place else ""
        if piece in "}]":
            depth -= 1
            yield piece if before in ("{", "[") else "\n" + "  " * depth + piece
            continue
        if before in ("{", "[", ","):
            yield "\n" + "  " * depth
        if piece in "{[":
            depth += 1
        yield ": " if piece == ":" else piece


def _happening(event: Event, t: Texts, language: str) -> Happening:
    status = Status(event.now)
    known = event.reason in set(Reason)
    return Happening(
        at=event.at,
        tone=TONES[standing_at(status, has_reason=event.reason is not None)],
        became=t.status[status] if event.was != event.now else "",
        why=_fields_named(history.why(event.why, language), t),
        reason=t.reason[Reason(event.reason)].sentence if event.reason and known else "",
        who=history.who(event.who, language),
    )


def _fields_named(why: str, t: Texts) -> str:
    """What was amended is written by the names that fields have in the code."""
    for name, label in t.console.record.field.items():
        why = re.sub(rf"\b{name}\b(?= | →|$|,)", label, why) if " → " in why else why
    return why


def _try(attempt: Attempt, t: Texts, language: str) -> Try:
    text, tone = t.console.record, Tone.YELLOW
    if attempt.outcome == "accepted":
        tone = Tone.GREEN
    elif attempt.outcome == "attention":
        tone = Tone.RED
    return Try(
        at=attempt.at,
        tone=tone,
        outcome=text.outcome.get(attempt.outcome, attempt.outcome),
        status=attempt.status,
        took_ms=attempt.took_ms,
        request=laid_out(attempt.request),
        answer=_answer(attempt.answer or "", t, language),
    )


def _answer(told: str, t: Texts, language: str) -> str:
    """Say in words what we wrote of an answer; PowerOffice's own words stay."""
    text = t.console.record
    if found := _ORDER.fullmatch(told):
        return text.answered_order.format(number=found[1], total=kroner(int(found[2])) if found[2] else found[3])
    if found := _VOUCHER.fullmatch(told):
        return text.answered_voucher.format(number=found[1])
    return laid_out(details.in_words(told, language))


def _taken(row: StepRow, t: Texts, language: str) -> Taken:
    text = t.console.record
    return Taken(
        what=text.step[row.step],
        state=text.step_state[row.state],
        tone=_STEP_TONES[row.state],
        at=row.at,
        detail=history.why(row.detail, language),
    )
