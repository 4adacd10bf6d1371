"""What was measured, as docs/performance.md has it: between its marks; the rest of the page stays as it was written."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.comparison import Comparison, Measured
from tests.benchmarks.plot import draw

_HEAD = ("what", "beside", "ours", "beside it", "", "goal", "")
_LEFT = 2


def write(docs: Path, found: Sequence[Measured]) -> None:
    """Write the figures into the page, and the picture beside it."""
    comparisons = [each for measured in found for each in measured.comparisons]
    page = docs / "performance.md"
    text = page.read_text(encoding="utf-8")
    text = between(text, "machine", machine())
    text = between(text, "comparisons", markdown(_HEAD, [_row(each) for each in comparisons], left=_LEFT))
    for table in (each for measured in found for each in measured.tables):
        text = between(text, table.title, markdown(table.head, table.rows, left=1))
    page.write_text(text, encoding="utf-8")
    draw(comparisons, docs / "performance.svg")


def between(text: str, name: str, new: str) -> str:
    """Return the page with what is between a name's two marks put anew; raise ValueError for a page without them."""
    begin, end = f"<!-- measured: {name} -->", "<!-- end -->"
    before, _, rest = text.partition(begin)
    old, found, after = rest.partition(end)
    if not found or "<!-- measured:" in old:
        raise ValueError(f"the page has no place for «{name}»: it wants {begin} and, after it, {end}")
    return f"{before}{begin}\n\n{new}\n\n{end}{after}"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    """Return a table; so many columns from the left are words, the others figures."""
    rule = ["---" if at < left else "---:" for at in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows)).replace("|  |", "| |")


def machine() -> str:
    """Say where and when this runs."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    what = f"{os.cpu_count()} processors ({_processor()}), {memory:.0f} GB of memory, {platform.system()}"
    return f"Measured on {datetime.now(UTC):%-d %B %Y}: {what}, Python {platform.python_version()}."


def as_lines(measured: Measured) -> Iterator[str]:
    """Say on the terminal what one part found."""
    for each in measured.comparisons:
        _, _, ours, theirs, reached, goal, met = _row(each)
        yield f"{each.what:<58} {ours:>12} beside {theirs:>12}  {reached:>8}  (goal {goal}) {met}"
        yield f"    {each.beside}{'; ' if each.note else ''}{each.note}"
    for table in measured.tables:
        yield table.title
        widths = [max(len(row[at]) for row in (table.head, *table.rows)) for at in range(len(table.head))]
        for row in (table.head, *table.rows):
            yield "    " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))


def goal_of(each: Comparison) -> str:
    """Return a comparison's goal in words."""
    return {
        "times": f"≤ {each.goal:g}×",
        "share": f"≥ {each.goal * 100:g} %",
        "more": f"+ ≤ {each.goal:g} {each.unit}",
        "at_most": f"≤ {each.goal:g} {each.unit}",
    }[each.holds]


def _row(each: Comparison) -> tuple[str, ...]:
    reached = {
        "times": f"{each.reached:.2f}×",
        "share": f"{each.reached * 100:.0f} %",
        "more": f"+ {each.reached:.1f} {each.unit}",
        "at_most": "",
    }[each.holds]
    theirs = _figure(each.theirs, each.unit) if each.holds != "at_most" or each.theirs else "–"
    what = f"{each.what}<br>{each.note}" if each.note else each.what
    return (
        what,
        each.beside,
        _figure(each.ours, each.unit),
        theirs,
        reached,
        goal_of(each),
        "" if each.met else "**above**",
    )


def _figure(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".replace(",", " ")


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
