"""A list in the file is changed entry by entry: what stays keeps its look and its comments."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from posplugin.settings.lists import change_list, new_list

ROWS = """\
sales = [                      # from the accountant
  { group = "*", vat = 25 },   # food
  # what is taken away
  { group = "*", vat = 15 },   # away
  { group = "bar", vat = 25 }  # drinks
]
"""
TABLES = """\
[[sales]] # first
group = "*" # every
vat = 25

[[sales]] # second
group = "bar"
vat = 15
# the end
"""
FOOD, AWAY, DRINKS = {"group": "*", "vat": 25}, {"group": "*", "vat": 15}, {"group": "bar", "vat": 25}


def _changed(text: str, wanted: list[Any]) -> str:
    document = tomlkit.parse(text)
    there: Any = document["sales"]
    change_list(there, wanted)
    changed = document.as_string()
    assert tomllib.loads(changed) == {"sales": wanted} == document.unwrap()
    return changed


CASES: list[tuple[str, list[dict[str, object]], list[str], list[str]]] = [
    ("nothing changed", [FOOD, AWAY, DRINKS], ["from the accountant", "food", "taken away", "# away", "drinks"], []),
    ("one cell", [FOOD, {**AWAY, "vat": 12}, DRINKS], ["food", "taken away", "# away", "drinks"], []),
    ("first out", [AWAY, DRINKS], ["taken away", "# away", "drinks"], ["food"]),
    ("last out", [FOOD, AWAY], ["food", "# away"], ["drinks"]),
    ("one more", [FOOD, AWAY, DRINKS, {"group": "x", "vat": 0}], ["food", "# away", "drinks"], []),
    ("one between", [FOOD, {"group": "x", "vat": 0}, AWAY, DRINKS], ["food", "# away", "drinks"], []),
    ("a cell less and one more", [{"group": "*", "account": 3000}, AWAY, DRINKS], ["food", "# away", "drinks"], []),
    ("all out", [], ["from the accountant"], ["food"]),
]


@pytest.mark.parametrize(("wanted", "kept", "gone"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_comments_stay_with_the_rows_that_stay(wanted: list[Any], kept: list[str], gone: list[str]) -> None:
    changed = _changed(ROWS, wanted)
    assert [comment for comment in kept if comment not in changed] == []
    assert [comment for comment in gone if comment in changed] == []


def test_nothing_changed_is_the_same_text() -> None:
    assert _changed(ROWS, [FOOD, AWAY, DRINKS]) == ROWS
    assert _changed(TABLES, [FOOD, {"group": "bar", "vat": 15}]) == TABLES


def test_a_list_of_tables_is_changed_too() -> None:
    changed = _changed(TABLES, [{**FOOD, "vat": 12}, {"group": "x", "vat": 0}, {"group": "bar", "vat": 15}])
    assert all(comment in changed for comment in ("# first", "# every", "# second", "# the end"))


_row = st.fixed_dictionaries({"group": st.sampled_from("ab*")}, optional={"vat": st.sampled_from([0, 25])})


@given(was=st.lists(_row, max_size=5), wanted=st.lists(_row, max_size=5))
def test_whatever_was_there_what_is_wanted_is_there_now(was: list[Any], wanted: list[Any]) -> None:
    document = tomlkit.document()
    document["sales"] = new_list(was)
    text = document.as_string()
    assert tomllib.loads(text) == {"sales": was}
    _changed(text, wanted)


@given(was=st.lists(st.text("ab", max_size=2), max_size=5), wanted=st.lists(st.text("ab", max_size=2), max_size=5))
def test_texts_are_changed_as_rows_are(was: list[Any], wanted: list[Any]) -> None:
    document = tomlkit.document()
    document["sales"] = new_list(was)
    _changed(document.as_string(), wanted)
