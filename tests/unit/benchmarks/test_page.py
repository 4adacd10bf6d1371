"""The page keeps what people wrote, and the picture shows each figure as a part of its goal."""

from __future__ import annotations

import importlib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.benchmarks.comparison import Comparison, Measured, Table
from tests.benchmarks.page import as_lines, between, goal_of, markdown, write
from tests.benchmarks.plot import draw

MET = Comparison(what="quick thing", beside="bare", ours=1, theirs=2, unit="ms", goal=1.5, note="of many")
MISSED = Comparison(what="slow thing", beside="bare", ours=4000, theirs=10.5, unit="MB", goal=2)
PAGE = """# Speed

Prose above.

<!-- measured: machine -->
<!-- end -->

Between.

<!-- measured: comparisons -->
old
<!-- end -->

<!-- measured: sizes -->
older
<!-- end -->

Prose below.
"""


def test_only_what_lies_between_its_marks_is_put_anew() -> None:
    new = between(PAGE, "comparisons", "| new |")

    assert new == PAGE.replace("\nold\n", "\n\n| new |\n\n")
    assert between(new, "comparisons", "| new |") == new


@pytest.mark.parametrize("page", ["", PAGE.replace("measured: sizes", "measured: size"), "<!-- measured: sizes -->"])
def test_a_page_without_a_place_for_the_figures_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="no place for «sizes»"):
        between(page, "sizes", "x")


def test_a_place_that_never_ends_does_not_swallow_the_next() -> None:
    page = PAGE.replace("<!-- end -->\n\nBetween", "\n\nBetween")

    with pytest.raises(ValueError, match="no place for «machine»"):
        between(page, "machine", "x")


def test_a_table_has_words_on_the_left_and_figures_on_the_right() -> None:
    assert markdown(("what", "", "goal"), [("a", "1", "2"), ("b", "", "3")], left=1) == "\n".join(
        ["| what | | goal |", "| --- | ---: | ---: |", "| a | 1 | 2 |", "| b | | 3 |"]
    )


def test_the_page_is_written_with_its_tables_and_its_picture(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(PAGE, encoding="utf-8")
    sizes = Table(title="sizes", head=("records", "p50"), rows=[("1 000", "2 ms")])

    write(tmp_path, [Measured(comparisons=[MET]), Measured(comparisons=[MISSED], tables=[sizes])])

    text = page.read_text(encoding="utf-8")
    assert "| quick thing<br>of many | bare | 1.00 ms | 2.00 ms | 0.50× | ≤ 1.5× | |" in text
    assert "| slow thing | bare | 4 000 MB | 10.5 MB | 380.95× | ≤ 2× | **above** |" in text
    assert "| 1 000 | 2 ms |" in text
    assert text.startswith("# Speed\n\nProse above.\n")
    assert text.endswith("\nProse below.\n")
    assert (tmp_path / "performance.svg").exists()


def test_each_kind_of_goal_is_said_in_words() -> None:
    kinds = {"times": "≤ 1.5×", "share": "≥ 95 %", "more": "+ ≤ 15 MB", "at_most": "≤ 16 MB"}
    goals = {"times": 1.5, "share": 0.95, "more": 15, "at_most": 16}
    for holds, said in kinds.items():
        goal = goals[holds]
        each = Comparison(what="", beside="", ours=1, theirs=1, unit="MB", goal=goal, holds=holds)  # type: ignore[arg-type]
        assert goal_of(each) == said


def test_the_terminal_names_what_is_above_its_goal() -> None:
    met, _, missed, _ = as_lines(Measured(comparisons=[MET, MISSED]))

    assert "**above**" not in met
    assert "**above**" in missed


def test_the_picture_is_an_svg_without_programs_that_names_every_figure(tmp_path: Path) -> None:
    path = tmp_path / "performance.svg"

    draw([MET, MISSED], path)

    drawn = ElementTree.parse(path).getroot()
    texts = {"".join(each.itertext()).strip() for each in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert {"quick thing", "slow thing", "0.33"} <= texts
    assert not list(drawn.iter("{http://www.w3.org/2000/svg}script"))


def test_drawing_leaves_no_trace_in_how_modules_are_found() -> None:
    """Else every look-up of a module that is not there would warn, in this process, and warnings are errors here."""
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_module_at_all")
