"""requirements-dev.lock is of this setup.cfg, holds nothing of the machine that wrote it, and is what is installed."""

from __future__ import annotations

import re
import runpy
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
#: A requirement with its hashes and, below it, who asked for it.
ENTRIES = re.findall(r"^(\S+)==(\S+)( ;[^\\\n]*)? \\\n((?:    --hash=\S+(?: \\)?\n)+)((?:    #.*\n)+)", LOCK, re.M)
LOCKED = {name: version for name, version, *_ in ENTRIES}
OUT_OF_STEP = "setup.cfg and requirements-dev.lock have come apart: run `make lock`"


def _asked_for() -> dict[str, Requirement]:
    """What setup.cfg asks for, for development: what it needs itself, and every extra."""
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"].splitlines()
    lines += [line for extra in config["options.extras_require"].values() for line in extra.splitlines()]
    asked = [Requirement(line) for line in lines if line.strip()]
    return {canonicalize_name(each.name): each for each in asked if each.name != "posplugin"}


def test_everything_that_setup_asks_for_is_locked_in_a_version_that_it_allows() -> None:
    wrong = {name for name, each in _asked_for().items() if not each.specifier.contains(LOCKED.get(name, "0"))}
    assert wrong == set(), OUT_OF_STEP


def test_nothing_is_locked_that_nobody_asks_for() -> None:
    asked_by_us = {name for name, *_, why in ENTRIES if "posplugin (setup.cfg)" in why}
    assert asked_by_us == set(_asked_for()), OUT_OF_STEP


def test_every_version_is_locked_with_hashes_and_by_no_address() -> None:
    assert len(ENTRIES) == len(re.findall(r"^[^\s#-]", LOCK, re.M)) > 60
    assert all(hashes.count("--hash=sha256:") >= 1 for *_, hashes, _ in ENTRIES)
    assert not re.search(r"https?:|file:|/opt|--index|--find-links", LOCK)


def _audited(name: str, *vulnerabilities: str) -> dict[str, Any]:
    return {"name": name, "version": "1", "vulns": [{"id": each, "fix_versions": ["2"]} for each in vulnerabilities]}


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [
        ([_audited("a"), _audited("b")], 0, "2 of 2 versions looked up, 0 known"),
        ([_audited("a", "CVE-1"), {"name": "b", "skip_reason": "x"}], 1, "a 1: CVE-1, mended in 2"),
        ([{"name": "a", "skip_reason": "not found"}], 0, "the index does not answer; not audited"),
    ],
    ids=["clean", "vulnerable", "unknown"],
)
def test_an_audit_says_what_came_of_it(
    found: list[dict[str, Any]], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    audit = runpy.run_path(str(ROOT / ".ci" / "audit.py"))

    assert audit["tell"](found) == code
    assert said in capsys.readouterr().out


def test_where_nothing_can_be_looked_up_it_is_said_and_does_not_fail(capsys: pytest.CaptureFixture[str]) -> None:
    audit = runpy.run_path(str(ROOT / ".ci" / "audit.py"))

    assert audit["main"](str(ROOT / "no" / "pip-audit"), "requirements-dev.lock") == 0
    assert "not audited" in capsys.readouterr().out
