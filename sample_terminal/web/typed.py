"""What people type, as numbers: 1 234,50 and 12,5."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"(?P<sign>[-−]?)(?P<whole>\d{1,7})(?:[.,](?P<part>\d{1,2}))?")
_LEFT_OUT: Final = str.maketrans("", "", " \u00a0\u202f")


def hundredths(text: str) -> int | None:
    """Return a number with at most two decimals in hundredths (kroner as øre); None for what is no such number."""
    plain = text.translate(_LEFT_OUT).lower().removesuffix("kr").removesuffix("%").removesuffix(",-")
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return None
    size = int(found["whole"]) * 100 + int((found["part"] or "").ljust(2, "0"))
    return -size if found["sign"] else size


def number(text: str, most: int) -> int | None:
    """Return a whole number from 0 to `most`; None for all else."""
    plain = text.strip()
    if not plain.isascii() or not plain.isdecimal() or len(plain) > len(str(most)) or int(plain) > most:
        return None
    return int(plain)


def plain(text: str, longest: int) -> str:
    """Return a text on one line, without what cannot be printed, cut where it is too long for its place."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(shown.split())[:longest].rstrip()
