"""Voids: a voided sale and its void cancel out, and neither is played."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What must be remembered of a transaction that others refer to, or that refers to another."""

    #: Which transaction of its register it is, in file order.
    position: int
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
    #: Where the other one of the pair stands.
    other: int | None = None


def verdicts(known: Sequence[Known], void_events: Collection[str]) -> Mapping[int, Verdict]:
    """Return the verdict of every transaction of one register that is a void or is voided, by position.

    `known` holds, in file order, every void and whatever a void or a void event (13028) names.
    """
    found: dict[int, Verdict] = {}
    by_name = by_names(known)
    for place, void in enumerate(known):
        if not void.void or void.training:
            continue
        original = by_name.get(void.ref_id) if void.ref_id else _by_event(known, place, void_events, found)
        if original is None or original.void or original.training:
            found[void.position] = Verdict(False, _no_pair(void))
        elif original.position in found:
            found[void.position] = Verdict(False, f"it voids transaction {original.nr}, which is voided already")
        elif abs(original.amount) != abs(void.amount):
            text = f"transaction {void.nr} voids {original.nr}, but their amounts differ; look at both by hand"
            found[void.position] = found[original.position] = Verdict(False, text)
        else:
            found[void.position] = Verdict(True, f"voids transaction {original.nr}", original.position)
            found[original.position] = Verdict(True, f"voided by transaction {void.nr}", void.position)
    return found


def by_names(known: Sequence[Known]) -> dict[str, Known]:
    """Return what each nr and each transID is first given to, practice left out; an nr wins over another's transID."""
    from_the_last = [one for one in known if not one.training][::-1]
    return {one.trans_id: one for one in from_the_last} | {one.nr: one for one in from_the_last}


def _by_event(
    known: Sequence[Known], place: int, void_events: Collection[str], found: Mapping[int, Verdict]
) -> Known | None:
    """Find the sale of a void without refID: the last one before it of the same size that a 13028 event names."""
    for earlier in range(place - 1, -1, -1):
        one = known[earlier]
        is_named = one.trans_id in void_events and not one.void and one.position not in found
        if is_named and abs(one.amount) == abs(known[place].amount):
            return one
    return None


def _no_pair(void: Known) -> str:
    if void.ref_id:
        return f"it voids {void.ref_id}, which is no sale in this file; look at both by hand"
    return "it is a void that names no sale (refID); find the sale it voids by hand"
