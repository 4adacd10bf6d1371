"""Every picture of a page in README and guides is made by docs/screenshots.py, and every one that it makes is shown."""

from __future__ import annotations

import ast
import re
import struct
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
PAGES = {page: page.read_text() for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}
SOURCE = (ROOT / "docs" / "screenshots.py").read_text()
#: Bytes of all of them together: a clone should stay small.
MOST = 2_500_000


def _shown() -> dict[str, set[str]]:
    return {
        page.name: set(re.findall(r"(?:\]\(|src=\")([^)\"]+\.(?:png|jpe?g|gif|svg|webp))", text))
        for page, text in PAGES.items()
    }


def _made() -> set[str]:
    """Give the names that the script may write, without running it."""
    (named,) = (
        each.value
        for each in ast.parse(SOURCE).body
        if isinstance(each, ast.AnnAssign) and ast.unparse(each.target) == "PICTURES" and each.value
    )
    return {str(each.value) for each in ast.walk(named) if isinstance(each, ast.Constant)}


def test_every_picture_that_is_shown_is_made_and_every_one_made_is_shown() -> None:
    shown = {Path(picture) for pictures in _shown().values() for picture in pictures}
    shown_of_pages = {picture.stem for picture in shown if picture.parent.name == FOLDER.name}

    assert shown_of_pages == _made() == {picture.stem for picture in FOLDER.iterdir()}


def test_the_script_takes_each_of_them_once() -> None:
    taken = re.findall(r"""album\.take\(\s*"([a-z-]+)",|\("(console-[a-z]+)", "[a-z]+"\)""", SOURCE)

    assert sorted(one or other for one, other in taken) == sorted(_made())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_of_a_page_is_there_and_told_in_words(page: Path) -> None:
    for picture in _shown()[page.name]:
        assert (page.parent / picture).is_file(), picture
    assert not re.search(r"!\[\s*\]", PAGES[page])


def test_they_are_whole_and_not_too_large() -> None:
    pictures = [picture.read_bytes() for picture in sorted(FOLDER.glob("*.png"))]

    assert sum(map(len, pictures)) < MOST
    for picture in pictures:
        assert picture.startswith(b"\x89PNG")
        assert picture.endswith(b"IEND\xaeB`\x82")
        assert struct.unpack(">I", picture[16:20])[0] <= 1280
