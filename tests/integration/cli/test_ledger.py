"""`posplugin ledger show` as an accountant reads it, and `ledger copy` for a new department."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posplugin.settings import read_settings
from tests.fixtures.settings import LEDGER, write_settings

Run = Callable[..., tuple[int, str, str]]

#: What the terrace has otherwise than the default ledger.
OWN = {
    "gratuity": 2982,
    "tenders": {"12011": 1585},
    "sales": [
        {"article_group": "*", "vat": 15, "account": 3001, "vat_code": "31"},
        {"article_group": "04003", "vat": 15, "account": 3010, "vat_code": "31"},
    ],
}


def _write(path: Path, **changes: object) -> None:
    write_settings(path, terminal={"language": "en"}, **changes)


@pytest.fixture
def ledger(run: Run, tmp_path: Path) -> Run:
    """Run commands where bar has the default ledger, and the terrace one that differs."""
    key = {"client_key": "bar-client-0b2d"}
    _write(
        tmp_path / "posplugin.toml",
        ledger=LEDGER,
        departments={"terrace": {**key, "department_code": "20", "ledger": OWN}, "roof": key},
    )
    return run


def _shown(run: Run, *words: str) -> dict[str, dict[str, Any]]:
    code, out, err = run("ledger", "show", "--json", *words)
    assert code == 0, err
    return {each["department"]: each for each in json.loads(out)}


def _accounts(shown: dict[str, Any]) -> list[tuple[str, int, str, bool]]:
    return [(_what(row), row["account"], row["vat_code"], row["of_the_department"]) for row in shown["accounts"]]


def _what(row: dict[str, Any]) -> str:
    return " ".join(str(row[name]) for name in ("what", "name", "vat_rate") if row[name] is not None)


def test_each_account_has_its_vat_code_by_account_class(ledger: Run) -> None:
    bar = _shown(ledger)["bar"]

    assert (bar["department_code"], bar["settlements_posted"]) == ("10", True)
    assert _accounts(bar) == [
        ("tender card", 1580, "0", False),
        ("tender cash", 1900, "0", False),
        ("movement 11010", 1920, "0", False),
        ("movement 11011", 1920, "0", False),
        ("invoice_clearing", 1990, "0", False),
        ("gift_card", 2901, "0", False),
        ("gratuity", 2981, "0", False),
        ("sales * 25", 3000, "3", False),
        ("sales * 15", 3001, "31", False),
        ("rounding", 7745, "0", False),
        ("cash_difference", 7746, "0", False),
    ]


def test_what_a_department_overrides_is_marked(ledger: Run) -> None:
    """An entry of its own is marked though it says what the default says."""
    terrace = _shown(ledger, "--department", "terrace")["terrace"]

    own = [(what, account) for what, account, _, is_own in _accounts(terrace) if is_own]
    assert own == [
        ("tender 12011", 1585),
        ("gratuity", 2982),
        ("sales * 15", 3001),
        ("sales 04003 15", 3010),
    ]


def test_people_get_a_table_that_fits_their_screen(ledger: Run) -> None:
    code, out, _ = ledger("ledger", "show")

    assert code == 0
    assert max(len(line) for line in out.splitlines()) <= 80
    assert [line for line in out.splitlines() if line.startswith("Department")] == [
        "Department bar (code 10): settlements are posted.",
        "Department terrace (code 20): settlements are posted.",
        "Department roof: settlements are posted.",
    ]
    assert "2982            0  Tips" in out
    for told in ("Tender 12011 (mobile)", "Movement 11010 (taken out)", "Sales other groups 15 %", "Sales 04003 15 %"):
        assert told in out
    assert [line.split()[0] for line in out.splitlines() if line.rstrip().endswith("department")] == [
        "1585",
        "2982",
        "3001",
        "3010",
    ]


def test_long_names_are_folded_and_lose_nothing(ledger: Run, tmp_path: Path) -> None:
    long = "Servering av mat og drikke på terrassen, høysesong og lavsesong"
    row = {"article_group": long, "vat": 25, "account": 3005, "vat_code": "3"}
    _write(tmp_path / "posplugin.toml", ledger={**LEDGER, "sales": [row]})

    out = ledger("ledger", "show")[1]

    assert max(len(line) for line in out.splitlines()) <= 80
    assert "".join(long.split()) in "".join(out.replace("default", "").split())


def test_a_department_without_a_ledger_is_told_so(run: Run, tmp_path: Path) -> None:
    _write(tmp_path / "posplugin.toml")

    code, out, err = run("ledger", "show")

    assert (code, out.strip()) == (0, "Department bar (code 10): no ledger; no settlement is posted.")
    assert "posplugin ledger copy FROM bar" in err
    assert _shown(run)["bar"]["accounts"] is None


def test_settlements_that_are_switched_off_are_told(run: Run, tmp_path: Path) -> None:
    _write(tmp_path / "posplugin.toml", ledger=LEDGER, settlement={"enabled": False})

    assert "Department bar (code 10): no settlement is posted (settlement.enabled)." in run("ledger", "show")[1]
    assert _shown(run)["bar"]["settlements_posted"] is False


def test_a_department_that_is_not_there_is_named(ledger: Run) -> None:
    code, out, err = ledger("ledger", "show", "--department", "kitchen")

    assert (code, out) == (2, "")
    assert 'department "kitchen" is not in' in err


def test_a_copy_stands_on_its_own(ledger: Run, tmp_path: Path) -> None:
    """Every account in force at the terrace is the roof's own now; the command shows them."""
    code, out, err = ledger("ledger", "copy", "terrace", "roof")

    assert code == 0, err
    assert "roof has the ledger of terrace as its own now" in err
    assert out.startswith("Department roof: settlements are posted.")
    shown = _shown(ledger)
    assert all(is_own for *_, is_own in _accounts(shown["roof"]))
    assert [row[:3] for row in _accounts(shown["roof"])] == [row[:3] for row in _accounts(shown["terrace"])]
    assert read_settings(tmp_path / "posplugin.toml", {}).ledger is not None


def test_a_ledger_of_its_own_is_replaced_only_when_told(ledger: Run, tmp_path: Path) -> None:
    before = (tmp_path / "posplugin.toml").read_bytes()
    code, _, err = ledger("ledger", "copy", "default", "terrace")
    assert (code, (tmp_path / "posplugin.toml").read_bytes()) == (2, before)
    assert "add --replace" in err

    assert ledger("ledger", "copy", "default", "terrace", "--replace")[0] == 0

    assert ("gratuity", 2981, "0", True) in _accounts(_shown(ledger)["terrace"])


@pytest.mark.parametrize("words", [("roof", "attic"), ("attic", "roof")])
def test_a_copy_to_or_from_nowhere_is_refused(ledger: Run, words: tuple[str, str]) -> None:
    code, _, err = ledger("ledger", "copy", *words)

    assert code == 2
    assert 'department "attic" is not in' in err
