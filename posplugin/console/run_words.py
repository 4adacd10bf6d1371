"""A run in words: why it was made, how long it took, what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from posplugin.console.errand import Errand
from posplugin.console.shown import Tone, moment
from posplugin.outbox.runs import RunRow
from posplugin.sender.run import RunReport
from posplugin.texts import Texts, details, history
from posplugin.texts.console_runs import RunsText
from posplugin.texts.refused import in_words

_TONES = {"done": Tone.GREEN, "waiting": Tone.YELLOW, "stopped": Tone.RED}
_INTERRUPTED = re.compile(r"interrupted by (\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A run in the list."""

    run: RunRow
    cause: str
    took: str
    tone: Tone
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What was found out about delivered documents, and why that failed where it did."""

    followed: int
    news: int
    failures: Sequence[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of what was asked for here: sentences, and what others said of it."""

    tone: Tone
    when: str
    sentences: Sequence[str]
    details: Sequence[str] = ()


def listed(run: RunRow, text: RunsText, language: str, *, is_newest: bool) -> Listed:
    """Return a run as it is listed; one that has no end may go on yet where it is the newest, and else died."""
    if run.finished_at is None:
        tone, outcome = (Tone.YELLOW, text.not_finished) if is_newest else (Tone.GREY, text.never_ended)
    else:
        tone = _TONES.get(run.outcome or "", Tone.GREY)
        outcome = text.outcomes.get(run.outcome or "", run.outcome or "–")
    return Listed(
        run=run,
        cause=text.causes.get(run.cause, run.cause),
        took=duration(run.finished_at - run.started_at, text) if run.finished_at else "–",
        tone=tone,
        outcome=outcome,
        detail=stopped_by(run.detail, text, language),
    )


def stopped_by(detail: str | None, text: RunsText, language: str) -> str:
    """Return what stopped a run, in words."""
    told = details.in_words(detail, language)
    return _INTERRUPTED.sub(lambda found: text.interrupted.format(type=found[1]), told)


def duration(span: timedelta, text: RunsText) -> str:
    """Write how long something took; a clock that was set back makes nothing of it."""
    minutes, seconds = divmod(max(0, round(span.total_seconds())), 60)
    if minutes >= 60:
        return text.hours.format(hours=minutes // 60, minutes=minutes % 60)
    return text.minutes.format(minutes=minutes, seconds=seconds) if minutes else text.seconds.format(seconds=seconds)


def told(errand: Errand, t: Texts, language: str, zone: ZoneInfo) -> Told:
    """Return what came of an errand that is over."""
    text, result = t.console.runs, errand.result
    when = (text.asked_at if errand.name == "follow" else text.sent_at).format(when=moment(errand.ended, zone))
    if errand.error is not None:
        return Told(Tone.RED, when, [text.refused], [in_words(errand.error, language)])
    if isinstance(result, RunReport):
        tone = Tone.RED if result.stopped else Tone.YELLOW if result.attention or result.waiting else Tone.GREEN
        stopped = [stopped_by(reason, text, language) for reason in result.stopped]
        return Told(tone, when, [*_sentences(result, text, language)], stopped)
    if isinstance(result, Followed):
        failures = [details.in_words(each, language) for each in result.failures]
        found = text.followed.format(followed=result.followed, news=result.news)
        return Told(Tone.RED if failures else Tone.GREEN, when, [text.refused if failures else found], failures)
    return Told(Tone.RED, when, [text.crashed])


def _sentences(report: RunReport, text: RunsText, language: str) -> Iterator[str]:
    counted = {"delivered": report.delivered, "waiting": report.waiting, "attention": report.attention}
    if not (any(counted.values()) or report.steps or report.stopped or report.unfinished):
        yield text.nothing_new
        return
    yield text.result.format_map(counted)
    if report.steps:
        yield text.steps.format(done=history.steps_taken(report.taken, language))
    if report.unfinished:
        yield text.unfinished.format(count=report.unfinished)
    if report.stopped:
        yield text.stopped
