"""Days and periods as people type them."""

from __future__ import annotations

from datetime import date

from posplugin.cli.speech import words
from posplugin.domain.errors import UsageError
from posplugin.domain.typed import day_typed


def read_day(text: str | None) -> date | None:
    """Return the day, None where none was typed; raise `UsageError` for what is no day."""
    try:
        return day_typed(text.strip()) if text else None
    except ValueError:
        raise UsageError(words().common.no_date.format(text=text)) from None


def read_period(first: str | None, last: str | None) -> tuple[date | None, date | None]:
    """Return the first and the last day, None where one is open; a period that ends before it begins is refused."""
    begins, ends = read_day(first), read_day(last)
    if begins and ends and begins > ends:
        raise UsageError(words().common.period_backwards.format(first=begins, last=ends))
    return begins, ends
