"""The settlement from a SAF-T file, beside lxml's iterparse over the same file: it takes every element, and clears it.

Ours reads the file twice, as every import does: once for what must be known before the first sale is judged, and that
all of it can be read; then each transaction is judged, added up to its Z, held against the Z's own report, and the
journal is drawn. lxml only parses: no amount is read, nothing is kept. Both stream; figures are processor time.

    python -m tests.benchmarks settlement
    SAFT_MEGABYTES=500 python -m tests.benchmarks settlement    a year as docs/saft.md has it
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import iterparse
from xml.parsers import expat

from lxml import etree

from posplugin.bookkeeping.reconciliation import Reconciliation
from posplugin.bookkeeping.settlement import journal_lines
from posplugin.saft import DayRead, Reader, SaftRules, read_days
from posplugin.settings.ledger import Ledger
from tests.benchmarks.comparison import Comparison, Measured, Table
from tests.benchmarks.dinner import on_a_disk
from tests.benchmarks.saft_import import measured as import_measured
from tests.benchmarks.saft_year import write_night, write_year
from tests.fixtures.settings import LEDGER

_BESIDE: Final = "lxml iterparse alone"
_GOAL: Final = 2.0
_TENDERS: Final = {"card": 1580, "cash": 1900, "mobile": 1581, "gift_card": 2901}


def measure(quick: bool) -> Measured:
    """Measure one Z of 100,000 receipts, and a year."""
    megabytes = int(os.environ.get("SAFT_MEGABYTES", "40"))
    with tempfile.TemporaryDirectory(dir=on_a_disk()) as folder:
        night, year = Path(folder) / "night.xml", Path(folder) / "year.xml"
        receipts = write_night(night, 300 if quick else 100_000)
        (write_night(year, 300) if quick else write_year(year, megabytes))
        one, many = f"settlement of a Z of {receipts:,} receipts".replace(",", " "), "settlements of a year, SAF-T file"
        rounds = 1 if quick else 3
        return Measured(
            comparisons=[_compared(one, night, 1, rounds=1), _compared(many, year, 1 if quick else 365, rounds=rounds)],
            tables=[_passes(year)],
        )


def _compared(what: str, path: Path, days: int, *, rounds: int) -> Comparison:
    def ours() -> None:
        drawn = settlements(path)
        assert len(drawn) == days

    ours_took, theirs_took = _by_turns([ours, lambda: lxml_clears(path)], rounds)
    peak = import_measured(path).peak_megabytes
    size = path.stat().st_size / 1e6
    note = f"{size:.0f} MB, read twice; processor time; {peak:.0f} MB of memory at most"
    return Comparison(what=what, beside=_BESIDE, ours=ours_took, theirs=theirs_took, unit="s", goal=_GOAL, note=note)


def settlements(path: Path) -> list[int]:
    """Read a file's days and draw the journal of each; return of how many lines each is."""
    ledger = Ledger(**{**LEDGER, "tenders": _TENDERS})
    reader = Reader(path, SaftRules(), "bar-1", every_terminal=True)
    days = [day for day in read_days(reader) if isinstance(day, DayRead)]
    assert not any(day.problems for day in days)
    return [len(journal_lines(day.z, Reconciliation(), ledger).lines) for day in days]


def _passes(path: Path) -> Table:
    """Return what one pass over the file costs, by how much of it Python sees."""
    reader = Reader(path, SaftRules(), "bar-1", every_terminal=True)
    ways: dict[str, Callable[[], object]] = {
        "expat, nothing called": lambda: _expat(path),
        "expat, three empty functions of Python": lambda: _expat(path, called=True),
        "xml.etree iterparse, each element cleared": lambda: etree_clears(path),
        "lxml iterparse, each element cleared": lambda: lxml_clears(path),
        "the same, each text looked at": lambda: lxml_reads(path),
        "ours, read into transactions": lambda: sum(1 for _ in reader.file.entries()),
        "ours, all of it: two passes, and the journals": lambda: settlements(path),
    }
    took = _by_turns(list(ways.values()), 1)
    size = path.stat().st_size / 1e6
    rows = [(name, f"{seconds:.2f} s", f"{size / seconds:.0f} MB/s") for name, seconds in zip(ways, took, strict=True)]
    return Table(title="one pass over a SAF-T file", head=("what", "time", "pace"), rows=rows)


def lxml_clears(path: Path) -> None:
    """Take every element, and clear it."""
    for _, element in etree.iterparse(str(path)):
        element.clear()


def lxml_reads(path: Path) -> int:
    """Look at every text too."""
    read = 0
    for _, element in etree.iterparse(str(path)):
        read += bool(element.tag and element.text)
        element.clear()
    return read


def etree_clears(path: Path) -> None:
    """Do what `lxml_clears` does, by Python's own library."""
    for _, element in iterparse(path):
        element.clear()


def _expat(path: Path, *, called: bool = False) -> None:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    if called:
        parser.StartElementHandler = lambda _name, _attributes: None
        parser.EndElementHandler = lambda _name: None
        parser.CharacterDataHandler = lambda _text: None
    with path.open("rb") as stream:
        parser.ParseFile(stream)


def _by_turns(calls: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the processor time of each call, seconds: the median of some rounds, by turns."""
    took: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, seconds in zip(calls, took, strict=True):
            began = time.process_time()
            call()
            seconds.append(time.process_time() - began)
    return [statistics.median(seconds) for seconds in took]
