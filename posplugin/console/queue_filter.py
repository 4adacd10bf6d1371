"""What a person asks of the queue, read from the address of the page: what cannot be read is told, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from posplugin.domain.documents import RecordKind
from posplugin.domain.errors import UsageError
from posplugin.domain.typed import day_typed, kroner_typed
from posplugin.office import Filter
from posplugin.outbox.finding import Standing
from posplugin.texts.console_queue import QueueText

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)

#: Records on a page.
PER_PAGE = 50
#: What a number in a database may be, and still be some record's.
LARGEST_ID = 2**63 - 1
#: The longest text that is searched for; nothing that is found by a text is longer.
LONGEST_TEXT = 250
#: Of what could not be read, so much is said again.
_QUOTED = 40
#: The fields of the filter; what they are called in the address.
FIELDS = ("state", "q", "amount", "kind", "from", "to", "customer", "department", "hidden")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A filter, as it was typed and as it was understood."""

    filter: Filter
    #: As typed, by the name of the field; what is empty is left out.
    typed: Mapping[str, str]
    #: What is wrong with a field, by its name.
    wrong: Mapping[str, str]

    @property
    def is_narrowed(self) -> bool:
        """Whether more is asked for than where records stand."""
        return bool(self.typed.keys() - {"state"})

    @property
    def has_more(self) -> bool:
        """Whether one of the fields is used that are out of sight at first."""
        return bool((self.typed.keys() | self.wrong.keys()) - {"state", "q"})

    def address(self, **changes: str | int | None) -> str:
        """Return the address of the same page with other answers in some fields; None leaves a field out."""
        fields = {name: value for name, value in {**self.typed, **changes}.items() if value is not None}
        return "/?" + urlencode(fields) if fields else "/"


def read_filter(given: Mapping[str, str], words: QueueText) -> Asked:
    """Read the filter from the address; what cannot be read is not asked for, and said to be wrong."""
    typed = {name: given[name].strip() for name in FIELDS if given.get(name, "").strip()}
    wrong: dict[str, str] = {}

    def read(name: str, how: Callable[[str], _T], sentence: str) -> _T | None:
        try:
            return how(typed[name]) if name in typed else None
        except (ValueError, UsageError):
            wrong[name] = sentence.format(text=typed[name][:_QUOTED])
            return None

    before = given.get("before", "")
    asked = Filter(
        standing=_one_of(Standing, typed.get("state")),
        text=read("q", _text, words.too_long),
        amount=read("amount", kroner_typed, words.no_amount),
        kind=_one_of(RecordKind, typed.get("kind")),
        first_day=read("from", day_typed, words.no_day),
        last_day=read("to", day_typed, words.no_day),
        customer=read("customer", number_typed, words.no_number),
        department=typed.get("department"),
        hidden="hidden" in typed,
        before=int(before) if is_id(before) else None,
        limit=PER_PAGE + 1,
    )
    days = {"from": asked.first_day, "to": asked.last_day}
    typed |= {name: f"{day:%d.%m.%Y}" for name, day in days.items() if day}
    return Asked(filter=asked, typed=typed, wrong=wrong)


def is_id(text: str) -> bool:
    """Whether a text is a number that a record may have."""
    return text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_ID)) and int(text) <= LARGEST_ID


def number_typed(text: str) -> int:
    """Read a customer number; raise `ValueError` where it is none."""
    if not is_id(text):
        raise ValueError(text)
    return int(text)


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValueError(text)
    return text


def _one_of(values: type[_E], text: str | None) -> _E | None:
    return next((value for value in values if value == text), None)
