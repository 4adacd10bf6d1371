"""The picture of docs/performance.md: each figure as a part of its goal, so that what is over it stands out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

from tests.benchmarks.comparison import Comparison

# pygal finds its maps in a way that Python warns of at every import that fails, and has left since 3.12; none is drawn.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

_WITHIN: Final = "#2f6f5e"
_ABOVE: Final = "#b5482f"
_INK: Final = "#1f2a27"
_STYLE: Final = Style(
    background="white",
    plot_background="white",
    foreground=_INK,
    foreground_strong=_INK,
    foreground_subtle="#c9d1ce",
    font_family="sans-serif",
    title_font_size=15,
    label_font_size=12,
    major_label_font_size=12,
    value_font_size=12,
    value_colors=(_INK,),
    opacity="1",
    guide_stroke_dasharray="none",
    guide_stroke_color="#dde3e1",
    major_guide_stroke_dasharray="none",
    major_guide_stroke_color=_INK,
)
#: The goal's line is thicker than the others; a bar's figure stands beside its end.
_CSS: Final = """inline:
.axis .major.line { stroke-width: 2.5px !important; }
.text-overlay text { text-anchor: start !important; transform: translate(5px, 0);
  paint-order: stroke !important; stroke: white !important; stroke-width: 4px !important; }
"""
#: How wide a letter of a label is, pixels.
_LETTER: Final = 6.6


def draw(comparisons: Sequence[Comparison], path: Path) -> None:
    """Write an SVG: a bar for each comparison, as long as the part of its goal that it uses."""
    parts = [part_of_goal(each) for each in comparisons]
    most = max(1.2, *parts) * 1.08
    chart = pygal.HorizontalBar(
        style=_STYLE,
        css=("file://style.css", "file://graph.css", _CSS),
        title="Part of what each goal allows: 1 is the goal, red is above it",
        width=640 + round(_LETTER * max(len(each.what) for each in comparisons)),
        height=90 + 30 * len(parts),
        show_legend=False,
        print_values=True,
        print_values_position="top",
        spacing=6,
        truncate_label=-1,
        js=(),
        no_prefix=True,
        disable_xml_declaration=True,
        range=(0, most),
        formatter=lambda part: f"{part:.2f}",
    )
    chart.x_labels = [each.what for each in reversed(comparisons)]
    chart.y_labels = [0, 0.5, *range(1, int(most) + 1)]
    chart.y_labels_major = [1]
    bars = [{"value": part, "color": _ABOVE if part > 1 else _WITHIN} for part in reversed(parts)]
    chart.add("part of the goal", bars)
    chart.add_xml_filter(_without_programs)
    path.write_text(chart.render(is_unicode=True) + "\n", encoding="utf-8")


def part_of_goal(each: Comparison) -> float:
    """Return how much of what the goal allows is used; above 1 it is missed."""
    return each.goal / each.reached if each.holds == "share" else max(each.reached, 0.0) / each.goal


def _without_programs(drawn: Element) -> Element:
    for above in list(drawn.iter()):
        for program in [each for each in above if each.tag == "script"]:
            above.remove(program)
    return drawn
