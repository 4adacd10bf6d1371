"""Voids: a voided sale and its void cancel out, and neither is played."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What must be remembered of a transaction while the rest of the file is read."""

    nr: str
    trans_id: str
    sale_id: str
    amount: int
    sold_on: date
    void: bool
    training: bool
    ref_id: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a transaction that voids, or is voided: skipped as one of a pair, or refused."""

    paired: bool
    text: str


def verdicts(known: Sequence[Known], void_events: Collection[str]) -> Mapping[int, Verdict]:
    """Return the verdict of every transaction of one register that is a void or is voided, by position."""
    found: dict[int, Verdict] = {}
    by_name = positions(known)
    for position, void in enumerate(known):
        if not void.void or void.training:
            continue
        original = by_name.get(void.ref_id) if void.ref_id else _by_event(known, position, void_events, found)
        if original is None or known[original].void or known[original].training:
            found[position] = Verdict(False, _no_pair(void))
        elif original in found:
            found[position] = Verdict(False, f"it voids transaction {known[original].nr}, which is voided already")
        elif abs(known[original].amount) != abs(void.amount):
            text = f"transaction {void.nr} voids {known[original].nr}, but their amounts differ; look at both by hand"
            found[position] = found[original] = Verdict(False, text)
        else:
            found[position] = Verdict(True, f"voids transaction {known[original].nr}")
            found[original] = Verdict(True, f"voided by transaction {void.nr}")
    return found


def positions(known: Sequence[Known]) -> dict[str, int]:
    """Return where each nr and each transID first stands, practice left out; an nr wins over another's transID."""
    from_the_last = [(position, one) for position, one in enumerate(known) if not one.training][::-1]
    by_trans_id = {one.trans_id: position for position, one in from_the_last}
    by_nr = {one.nr: position for position, one in from_the_last}
    return by_trans_id | by_nr


def _by_event(
    known: Sequence[Known], position: int, void_events: Collection[str], found: Mapping[int, Verdict]
) -> int | None:
    """Find the sale of a void without refID: the last one before it of the same size that a 13028 event names."""
    for earlier in range(position - 1, -1, -1):
        one = known[earlier]
        is_named = one.trans_id in void_events and not one.void and earlier not in found
        if is_named and abs(one.amount) == abs(known[position].amount):
            return earlier
    return None


def _no_pair(void: Known) -> str:
    if void.ref_id:
        return f"it voids {void.ref_id}, which is no sale in this file; look at both by hand"
    return "it is a void that names no sale (refID); find the sale it voids by hand"
