"""The picture of docs/performance.md: each figure as a part of its goal, so that what is over it stands out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pygal
from pygal.style import Style

from tests.benchmarks.comparison import Comparison

_WITHIN: Final = "#2f6f5e"
_ABOVE: Final = "#b5482f"
_STYLE: Final = Style(
    background="white", plot_background="white", font_family="sans-serif", label_font_size=11, value_font_size=11
)


def draw(comparisons: Sequence[Comparison], path: Path) -> None:
    """Write an SVG: a bar for each comparison, as long as the part of its goal that it uses."""
    parts = [part_of_goal(each) for each in comparisons]
    chart = pygal.HorizontalBar(
        style=_STYLE,
        title="Part of what each goal allows: 1 is the goal, red is above it",
        width=1000,
        height=90 + 26 * len(parts),
        show_legend=False,
        print_values=True,
        spacing=4,
        js=(),
        disable_xml_declaration=True,
        range=(0, max(1.2, *parts)),
        formatter=lambda part: f"{part:.2f}",
    )
    chart.x_labels = [each.what for each in reversed(comparisons)]
    bars = [{"value": part, "color": _ABOVE if part > 1 else _WITHIN} for part in reversed(parts)]
    chart.add("part of the goal", bars)
    path.write_text(chart.render(is_unicode=True) + "\n", encoding="utf-8")


def part_of_goal(each: Comparison) -> float:
    """Return how much of what the goal allows is used; above 1 it is missed."""
    return each.goal / each.reached if each.holds == "share" else max(each.reached, 0.0) / each.goal
