"""Days and amounts as people in Norway type them, and as programs do."""

from __future__ import annotations

import re
from datetime import date

from posplugin.domain.clock import require_our_time
from posplugin.domain.money import parse_kroner

#: What a number in a database may be.
_LARGEST = 2**63 - 1
_DAY = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d\d)", re.ASCII)


def day_typed(text: str) -> date:
    """Read a day as people in Norway write it, 20.11.2026 or 20.11.26, or as programs do.

    Raises `ValueError` where it is none, or of another century.
    """
    if not (written := _DAY.fullmatch(text)):
        return require_our_time(date.fromisoformat(text))
    day, month, year = written.groups()
    return require_our_time(date(int(year if len(year) == len("2026") else f"20{year}"), int(month), int(day)))


def kroner_typed(text: str) -> int:
    """Read kroner as people in Norway write them, 1 234,50, as øre; raise `ValueError` where it is no amount."""
    plain = "".join(text.split()).replace("−", "-").replace(",", ".")
    if not plain.isascii() or len(plain) > len(str(_LARGEST)) or "e" in plain.lower():
        raise ValueError(text)
    ore = parse_kroner(plain)
    if abs(ore) > _LARGEST:
        raise ValueError(text)
    return ore
