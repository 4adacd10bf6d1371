"""What is noted of every transaction in the first reading: a few bytes of each, since a year has hundreds of thousands.

What refers to others (voids, returns) needs them whole, but only those that are referred to; `Notes.known` makes
these once the file has been read through.
"""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import date

from posplugin.saft.entries import Transaction
from posplugin.saft.names import sale_id
from posplugin.saft.voids import Known

_VOID, _TRAINING = 1, 2
_BLOCK = 4096
_LONGEST_NR = 35
#: Stands between names; no XML can hold it.
_BETWEEN = "\0"


@dataclass(slots=True)
class Notes:
    """The transactions of one register, in file order."""

    register_id: str
    #: When each happened, seconds since 1970, and the business date that it has by itself, as an ordinal.
    stamps: array[float] = field(default_factory=lambda: array("d"))
    dates: array[int] = field(default_factory=lambda: array("i"))
    _amounts: array[int] = field(default_factory=lambda: array("q"))
    _flags: bytearray = field(default_factory=bytearray)
    #: What a transaction names as its original; few do.
    _refs: dict[int, str] = field(default_factory=dict)
    #: nr and transID of all, one after another, in blocks of text.
    _blocks: list[str] = field(default_factory=list)
    _names: list[str] = field(default_factory=list)
    #: Whether every nr so far is a number above the one before it, so that none can stand there twice.
    _rises: bool = True
    _highest: int = -1

    def add(self, transaction: Transaction, stamp: float, sold_on: date) -> None:
        """Note a transaction."""
        if transaction.ref_id is not None:
            self._refs[len(self.stamps)] = transaction.ref_id
        self.stamps.append(stamp)
        self.dates.append(sold_on.toordinal())
        self._amounts.append(transaction.amount)
        self._flags.append(transaction.void * _VOID + transaction.training * _TRAINING)
        self._names += (transaction.nr, transaction.trans_id)
        if len(self._names) >= _BLOCK:
            self._blocks.append(_BETWEEN.join(self._names))
            self._names.clear()
        is_number = self._rises and len(transaction.nr) <= _LONGEST_NR and transaction.nr.isdecimal()
        number = int(transaction.nr) if is_number else -1
        self._rises = number > self._highest
        self._highest = number

    @property
    def refs(self) -> frozenset[str]:
        """Every name that a transaction refers to."""
        return frozenset(self._refs.values())

    def known(self, wanted: Container[str]) -> list[Known]:
        """Return every void, and what is called by a wanted name, by nr or transID."""
        return [
            Known(
                position=position,
                nr=nr,
                trans_id=trans_id,
                sale_id=sale_id(self.register_id, nr),
                amount=self._amounts[position],
                sold_on=date.fromordinal(self.dates[position]),
                void=bool(self._flags[position] & _VOID),
                training=bool(self._flags[position] & _TRAINING),
                ref_id=self._refs.get(position),
            )
            for position, (nr, trans_id) in enumerate(self._all_names())
            if self._flags[position] & _VOID or nr in wanted or trans_id in wanted
        ]

    def twice(self) -> frozenset[int]:
        """Return where an nr stands that stood there before, practice left out."""
        if self._rises:
            return frozenset()
        seen: set[str] = set()
        found: set[int] = set()
        for position, (nr, _) in enumerate(self._all_names()):
            if not self._flags[position] & _TRAINING:
                if nr in seen:
                    found.add(position)
                seen.add(nr)
        return frozenset(found)

    def _all_names(self) -> Iterator[tuple[str, str]]:
        for block in (*self._blocks, _BETWEEN.join(self._names)):
            if block:
                names = iter(block.split(_BETWEEN))
                yield from zip(names, names, strict=True)
