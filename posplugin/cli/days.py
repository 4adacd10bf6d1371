"""Days and periods as people type them."""

from __future__ import annotations

from datetime import date

import typer


def read_day(text: str | None) -> date | None:
    """Return the day, None where none was typed; what is no day is a usage error."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write 2026-11-20") from None


def read_period(first: str | None, last: str | None) -> tuple[date | None, date | None]:
    """Return the first and the last day, None where one is open; a period that ends before it begins is refused."""
    begins, ends = read_day(first), read_day(last)
    if begins and ends and begins > ends:
        raise typer.BadParameter(f"--from {begins} is after --to {ends}")
    return begins, ends
