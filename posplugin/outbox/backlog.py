"""Records that are gone through one after another: however many they are, few are in memory at a time."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from posplugin.outbox.record import Record

#: How many are read at once.
_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Backlog:
    """Records as they were listed, oldest first. Each is read shortly before its turn; what has moved on is left out.

    Its length is how many were listed.
    """

    #: `Outbox.select`.
    select: Callable[[str, Iterable[Any]], list[Record]]
    ids: array[int]
    #: Whether a record is still one of them.
    holds: Callable[[Record], bool]

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Record]:
        for first in range(0, len(self.ids), _AT_ONCE):
            some = self.ids[first : first + _AT_ONCE]
            for record in self.select(f"id IN ({', '.join('?' * len(some))}) ORDER BY id", some):
                if self.holds(record):
                    yield record

    def only(self, which: Callable[[Record], bool]) -> Backlog:
        """Return those of which something else holds too."""
        found = array("q", (record.id for record in self if which(record)))
        return Backlog(self.select, found, lambda record: self.holds(record) and which(record))
