"""SECURITY.md is held to the code: what it names is there, what it promises is tried, and one finds it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posplugin.console import gate
from posplugin.office import YEARS_KEPT
from posplugin.poweroffice.connection import POWEROFFICE_HOST
from posplugin.settings.environment import variable
from posplugin.till import till

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE)))
#: Who may want something, and must have a row.
WHO = (
    *("cashier", "technician", "root", "another user of the machine", "another machine on the network"),
    *("a page in the technician's browser", "PowerOffice", "a settings file", "a SAF-T file", "a customer's name"),
    "who steals the disk or a backup",
)


def test_everybody_has_a_row_and_each_row_a_test() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]*) ?\|$", PAGE, re.M)[1:]
    for who in WHO:
        assert any(who in row[0] for row in rows), who
    assert [row[0] for row in rows if "tests/" not in row[3]] == ["who steals the disk or a backup"]


@pytest.mark.parametrize("name", TESTS)
def test_what_tries_it_is_there(name: str) -> None:
    assert "def test_" in (ROOT / name).read_text(encoding="utf-8")


def test_its_figures_are_those_of_the_code() -> None:
    assert f"https://{POWEROFFICE_HOST}" in PAGE
    assert f"after {gate.LONGEST_SESSION / 3600:.0f} hours, or {gate.LONGEST_IDLE / 3600:.0f} unused" in PAGE
    assert gate.LONGEST_LINK == 3600
    assert YEARS_KEPT == 5
    assert "within 800 ms" in PAGE
    assert "800 ms" in (till.Till.__doc__ or "")
    assert variable("poweroffice", "application_key")


def test_it_is_found() -> None:
    for page, link in (("README.md", "(SECURITY.md)"), ("docs/settings.md", "(../SECURITY.md)")):
        assert link in (ROOT / page).read_text(encoding="utf-8")
