"""Which records a run is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from posplugin.domain.documents import RecordKind
from posplugin.outbox.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which records a run is for; all by default."""

    kinds: frozenset[RecordKind] = frozenset(RecordKind)
    first_day: date = date.min
    last_day: date = date.max

    def takes(self, record: Record) -> bool:
        """Whether a record belongs to the run."""
        return record.kind in self.kinds and self.first_day <= record.business_date <= self.last_day
