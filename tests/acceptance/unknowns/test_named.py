"""Every unknown of UNKNOWNS.md and every answer to it can be played, and has a test that carries it in its name."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from posplugin.simulator import SWITCHES, Simulator

ROOT = Path(__file__).parents[3]
UNKNOWNS = ROOT.parent / "shared/poweroffice-go/UNKNOWNS.md"

#: As UNKNOWNS.md has them: id and the letters of its answers. U18 is what we do always, U23 what a person does.
ANSWERS: Mapping[str, str] = {
    "U1": "abcd",
    "U2": "abcd",
    "U3": "ab",
    "U4": "ab",
    "U5": "abc",
    "U6": "abc",
    "U7": "ab",
    "U8": "abcd",
    "U9": "ab",
    "U10": "ab",
    "U11": "ab",
    "U12": "abc",
    "U13": "abc",
    "U14": "ab",
    "U15": "ab",
    "U16": "ab",
    "U17": "ab",
    "U18": "",
    "U19": "abc",
    "U20": "ab",
    "U21": "a",
    "U22": "ab",
    "U23": "",
}
ACTS = ("edited", "merged", "deleted", "sent")
#: What the simulator can play besides: the answers to what we always say, and to having the privilege (its a).
PLAYED_TOO = {"U18": "ab", "U21": "b"}


@pytest.mark.skipif(not UNKNOWNS.is_file(), reason="UNKNOWNS.md is not beside this checkout (../shared/poweroffice-go)")
def test_the_list_here_is_that_of_unknowns_md() -> None:
    rows = [line.split("|") for line in UNKNOWNS.read_text(encoding="utf-8").splitlines()]
    told = {row[1].strip(): row[3] for row in rows if len(row) > 3 and re.fullmatch(r" U\d+ ", row[1])}

    assert {name: _letters(text) for name, text in told.items()} == ANSWERS
    assert "each: gone, changed, sent" in told["U23"]


def _letters(answers: str) -> str:
    if span := re.match(r" a–([a-d]) as U1", answers):
        return "abcd"[: "abcd".index(span[1]) + 1]
    return "".join(re.findall(r"(?:^|·) ([a-d]):", answers))


def test_every_answer_is_a_switch_of_the_simulator_and_every_act_can_be_done_in_it() -> None:
    switches = {name: "".join(answers) for name, answers in SWITCHES.items()}

    assert switches == {
        name: "".join(sorted({*letters, *PLAYED_TOO.get(name, "")}))
        for name, letters in ANSWERS.items()
        if name != "U23"
    }
    for act in ("edit_order", "merge_orders", "delete_order", "send_order"):
        assert callable(getattr(Simulator, act))


def test_every_answer_is_carried_in_the_name_of_a_test() -> None:
    """A test of the product, not of the simulator."""
    played = {f"{name}{letter}" for name, letters in SWITCHES.items() for letter in letters}

    assert played <= _named_in("tests/acceptance/unknowns")


def test_every_act_of_a_person_is_carried_in_the_name_of_a_test() -> None:
    names = _names("tests/acceptance/unknowns")

    assert [act for act in ACTS if not any(f"U23-{act}" in name for name in names)] == []


def _named_in(folder: str) -> set[str]:
    return {f"U{found[1]}{found[2]}" for name in _names(folder) for found in _ids(name)}


def _ids(name: str) -> Iterator[re.Match[str]]:
    """A test's name writes "u19_b", a parameter's "U19b"."""
    return re.finditer(r"(?<![A-Za-z0-9])[Uu](\d+)_?([a-d])(?![A-Za-z0-9])", name)


@cache
def _names(folder: str) -> list[str]:
    """Ask pytest what tests there are, those of this file aside."""
    ask = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", folder]
    done = subprocess.run([*ask, f"--ignore={__file__}"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if "::" in line]
