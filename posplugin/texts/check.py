"""What every language must have words for, of `posplugin check`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posplugin.domain.fault import Fault
from posplugin.domain.look import Look, Need


@dataclass(frozen=True, slots=True, kw_only=True)
class LookText:
    """One thing that is looked at: what it is called, and what is said when it is right."""

    subject: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultText:
    """What is wrong, and what a person does about it."""

    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckText:
    """All that `check` says. Texts with {names} are filled in from the finding's facts."""

    #: "nb" or "en".
    language: str
    look: Mapping[Look, LookText]
    fault: Mapping[Fault, FaultText]
    need: Mapping[Need, str]
    #: Between the last two of what would do.
    either: str
    #: {days} {hours}
    days: str
    hours: str
    less_than_an_hour: str
    #: The last line: {wrong} {count}
    some_wrong: str
    nothing_proven: str
    all_right: str
