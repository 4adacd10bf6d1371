"""Which record a person means: by its reference, its receipt number or its code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from posplugin.domain.errors import OutboxError
from posplugin.outbox.lifecycle import CLOSED_SQL, Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import CODE_AT, CODE_SQL, SHORTEST_CODE

#: Each by the index that has it: one of references, which leaves out what was cancelled, and one that words stand in.
_BY_REFERENCE = "reference = ? AND status <> 'cancelled'"
_CANCELLED = f"reference = ? AND {CLOSED_SQL}"
_BY_CODE = (
    "id IN (SELECT id FROM records INDEXED BY records_words"
    f" WHERE substr(reference, {CODE_AT + 1}, ?) = ? OR substr({CODE_SQL}, 1, ?) = ?)"
)
#: A try that was cancelled comes last.
_SOME = "ORDER BY status = 'cancelled', id LIMIT 10"


class SeveralMatch(OutboxError):
    """What a person gave names several records; each has a code of its own."""

    def __init__(self, given: str, records: Sequence[Record]) -> None:
        self.records = tuple(records)
        super().__init__("several records match {reference!r}; give the code of one", reference=given)


def named(select: Callable[[str, Iterable[Any]], list[Record]], given: str) -> Record:
    """Return the record of a reference, a receipt number or a code, six characters of its beginning or more.

    A cancelled one is left out where one other matches. Raises `SeveralMatch`, and `OutboxError` where none does.
    """
    found = select(_BY_REFERENCE, (given,)) or select(f"receipt = ? {_SOME}", (given,))
    if not found and len(given) >= SHORTEST_CODE:
        found = select(f"{_BY_CODE} {_SOME}", (len(given), given) * 2) or select(_CANCELLED, (given,))
    if not found:
        raise OutboxError("no record matches {reference!r}; see `posplugin outbox list`", reference=given)
    live = [record for record in found if record.status is not Status.CANCELLED]
    if len(found) > 1 and len(live) != 1:
        raise SeveralMatch(given, found)
    return (live or found)[0]
