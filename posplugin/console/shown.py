"""How facts are written on a page: money, days, moments, and the colour and sign of where a record stands."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from posplugin.domain.money import kroner_text
from posplugin.outbox.finding import Standing, standing_of
from posplugin.outbox.record import Record
from posplugin.outbox.reference import code_in


class Tone(StrEnum):
    """The colour of a thing; a word or a sign always stands beside it."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


#: The sign beside a colour, for who does not see it.
SIGNS = {Tone.GREEN: "✓", Tone.YELLOW: "…", Tone.RED: "!", Tone.GREY: "–"}
#: The colour of where a record stands.
TONES = {
    Standing.SENT: Tone.GREEN,
    Standing.NOT_SENT: Tone.RED,
    Standing.WAITING: Tone.YELLOW,
    Standing.CLOSED: Tone.GREY,
}


def tone(record: Record) -> Tone:
    """Return green for sent, red for what needs a person, grey for closed, yellow for what waits."""
    return TONES[standing_of(record)]


def code_of(record: Record) -> str:
    """Return what names a record in commands, short enough to type."""
    return code_in(record.reference)


def kroner(ore: int | None) -> str:
    """Write øre as kroner, "–" for none."""
    return "–" if ore is None else kroner_text(ore)


def thousands(count: int) -> str:
    """Write a count: 200 000."""
    return f"{count:,}".replace(",", "\u00a0")


def day(when: date | None) -> str:
    """Write a day: 20.11.2026."""
    return when.strftime("%d.%m.%Y") if when else "–"


def moment(when: datetime | None, zone: ZoneInfo) -> str:
    """Write a moment as the terminal's clock shows it: 20.11.2026 20:00."""
    return when.astimezone(zone).strftime("%d.%m.%Y %H:%M") if when else "–"


def exact(when: datetime | None, zone: ZoneInfo) -> str:
    """Write a moment to the second."""
    return when.astimezone(zone).strftime("%d.%m.%Y %H:%M:%S") if when else "–"
