"""The filters of lists: each turns the text of a query parameter into a question to ask a record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from .answers import problem
from .state import Record

Predicate = Callable[[Record], bool]
Filter = Callable[[str, bool], Predicate]
"""Takes the text, and whether timestamps are cut to whole seconds (U22)."""

_SPAN = re.compile(r"\s*(\d+)\s*(-\s*(\d*))?\s*")


def numbers(member: str) -> Filter:
    """Keep records whose number is in a list such as "10000-11000, 12000, 13000-"."""

    def read(text: str, _: bool) -> Predicate:
        spans = [_span(part) for part in text.split(",")]
        return lambda row: row[member] is not None and any(low <= row[member] <= high for low, high in spans)

    return read


def codes(member: str, *, none: str | None = None) -> Filter:
    """Keep records whose value is in a comma-separated list; `none` in it asks for those without."""

    def read(text: str, _: bool) -> Predicate:
        wanted = {part.strip() for part in text.split(",")}
        return lambda row: (none if row[member] is None else str(row[member])) in wanted

    return read


def exact(member: str) -> Filter:
    """Keep records with exactly this value."""
    return lambda text, _: lambda row: row[member] == text


def one_of(member: str, names: frozenset[str]) -> Filter:
    """Keep records with this name of an enum."""

    def read(text: str, _: bool) -> Predicate:
        found = next((name for name in names if name.lower() == text.strip().lower()), None)
        if found is None:
            raise _cannot_cast(text)
        return lambda row: row[member] == found

    return read


def flag(member: str) -> Filter:
    """Keep records whose flag is as asked."""

    def read(text: str, _: bool) -> Predicate:
        wanted = boolean(text)
        return lambda row: bool(row[member]) is wanted

    return read


def when_set(keep: Predicate) -> Filter:
    """Keep records for which `keep` holds when the parameter is true, and all when it is false."""
    return lambda text, _: keep if boolean(text) else lambda _row: True


def newer(member: str) -> Filter:
    """Keep records whose timestamp is later than this one, not the same (U22)."""

    def read(text: str, whole_seconds: bool) -> Predicate:
        limit = _moment(text, whole_seconds)
        return lambda row: row[member] is not None and _moment(row[member], whole_seconds) > limit

    return read


def not_before(member: str) -> Filter:
    """Keep records dated this day or later."""

    def read(text: str, _: bool) -> Predicate:
        limit = day(text)
        return lambda row: str(row[member]) >= limit

    return read


def not_after(member: str) -> Filter:
    """Keep records dated this day or earlier."""

    def read(text: str, _: bool) -> Predicate:
        limit = day(text)
        return lambda row: str(row[member]) <= limit

    return read


def boolean(text: str) -> bool:
    """Return what "true" or "false" says; refuses all else."""
    if text.strip().lower() not in {"true", "false"}:
        raise _cannot_cast(text)
    return text.strip().lower() == "true"


def _span(part: str) -> tuple[int, float]:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise _cannot_cast(part)
    low, dash, high = found.groups()
    return int(low), int(high) if high else float("inf") if dash else int(low)


def _moment(text: str, whole_seconds: bool) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _cannot_cast(text) from None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    return moment.replace(microsecond=0) if whole_seconds else moment


def day(text: str) -> str:
    """Return the date a text begins with; refuses all else."""
    try:
        # Only the date counts, whatever follows it (OpenAPI text of fromDate).
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        raise _cannot_cast(text) from None


def _cannot_cast(text: str) -> Exception:
    return problem(400, "Unable to cast object(s)", f"The value '{text}' is not valid.")
