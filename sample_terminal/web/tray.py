"""Papers as they were printed, kept in the till's journal, so that a page can show them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sample_terminal.journal import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a cashier is told once a sale is final: what the guest gets back, in øre, and the plugins' warnings."""

    change: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class PaperTray:
    """A printer whose papers lie in the journal, under the name of what they are of. One checkout at a time."""

    journal: Journal
    _name: str = field(default="", init=False)

    def print(self, paper: str) -> None:
        """Print one paper."""
        self.journal.note(f"paper {self._name}", paper)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Name what is printed meanwhile."""
        self._name = name
        try:
            yield
        finally:
            self._name = ""

    def papers(self, name: str) -> list[str]:
        """Return what was printed under a name."""
        return self.journal.noted(f"paper {name}")

    def finish(self, name: str, finished: Finished) -> None:
        """Keep what the cashier is told."""
        told = {"change": finished.change, "warnings": finished.warnings}
        self.journal.note(f"told {name}", json.dumps(told, ensure_ascii=False))

    def finished(self, name: str) -> Finished:
        """Return what the cashier was told."""
        for text in self.journal.noted(f"told {name}"):
            told = json.loads(text)
            return Finished(change=told["change"], warnings=tuple(told["warnings"]))
        return Finished()
