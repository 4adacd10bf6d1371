"""`posplugin departments fetch`: what PowerOffice has, and what to write in the settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posplugin.settings import parse_settings
from posplugin.simulator import SECOND_CLIENT_KEY, Simulator

Run = Callable[..., tuple[int, str, str]]


def _fetched(run: Run) -> list[dict[str, Any]]:
    code, out, err = run("departments", "fetch", "--json")
    assert code == 0, err
    rows: list[dict[str, Any]] = json.loads(out)
    return rows


def _add(tmp_path: Path, text: str) -> None:
    path = tmp_path / "posplugin.toml"
    path.write_text(f"{path.read_text()}\n{text}\n")


def test_every_department_is_listed_with_who_uses_it(shop: Run) -> None:
    rows = _fetched(shop)
    assert [(row["code"], row["name"], row["active"], row["used_by"]) for row in rows] == [
        ("10", "Bar", True, ["bar"]),
        ("20", "Restaurant", True, []),
        ("30", "Selskapslokale", False, []),
    ]
    code, out, _ = shop("departments", "fetch")
    assert code == 0
    for word in ("Bar", "Restaurant", "Selskapslokale", "not active", "[departments.restaurant]"):
        assert word in out


def test_what_it_says_to_write_reads_as_settings(shop: Run, tmp_path: Path) -> None:
    """For the one that is active and not used; with the keys it makes a department."""
    lines = [row["settings"] for row in _fetched(shop)]
    assert [line is not None for line in lines] == [False, True, False]
    path = tmp_path / "posplugin.toml"
    whole = f'{path.read_text()}\n{lines[1]}\nclient_key = "simulator-client-key"\n'
    assert parse_settings(whole, path, {}).department("restaurant").department_code == "20"


def test_it_costs_one_request_for_each_client(shop: Run, simulator: Simulator, tmp_path: Path) -> None:
    """Beside its token: never one client's token for another's."""
    _add(tmp_path, f'[departments.cafe]\nclient_key = "{SECOND_CLIENT_KEY}"\ndepartment_code = "20"')
    _add(tmp_path, f'[departments.kiosk]\nclient_key = "{SECOND_CLIENT_KEY}"')
    before = len(simulator.requests)

    rows = _fetched(shop)

    asked = [(entry["method"], str(entry["path"])) for entry in simulator.requests[before:]]
    assert asked == [("POST", "/OAuth/Token"), ("GET", "/v2/Departments")] * 2
    assert [(row["client"], row["code"], row["used_by"]) for row in rows] == [
        (["bar"], "10", ["bar"]),
        (["bar"], "20", []),
        (["bar"], "30", []),
        (["cafe", "kiosk"], "10", []),
        (["cafe", "kiosk"], "20", ["cafe"]),
        (["cafe", "kiosk"], "30", []),
    ]


def test_a_code_that_poweroffice_does_not_have_is_told(shop: Run, tmp_path: Path) -> None:
    _add(tmp_path, '[departments.roof]\nclient_key = "simulator-client-key"\ndepartment_code = "77"')
    assert _fetched(shop)[-1] | {"settings": None} == {
        "client": ["bar", "roof"],
        "code": "77",
        "name": None,
        "active": None,
        "used_by": ["roof"],
        "settings": None,
    }
    assert "not in PowerOffice" in shop("departments", "fetch")[1]


def test_a_name_that_is_taken_gets_its_code_beside_it(shop: Run, tmp_path: Path) -> None:
    """The till's department "restaurant" is another there."""
    _add(tmp_path, '[departments.restaurant]\nclient_key = "simulator-client-key"\ndepartment_code = "30"')
    lines = {row["code"]: row["settings"] for row in _fetched(shop)}
    assert str(lines["20"]).startswith('[departments.restaurant-20]\ndepartment_code = "20"')


def test_a_client_that_cannot_be_asked_keeps_nothing_from_the_others(shop: Run, tmp_path: Path) -> None:
    _add(tmp_path, '[departments.cafe]\nclient_key = "no-such-client"')
    code, out, err = shop("departments", "fetch", "--json")
    assert (code, len(json.loads(out))) == (1, 3)
    assert "cafe: " in err


def test_a_department_without_a_code_is_given_one_where_it_stands(shop: Run, tmp_path: Path) -> None:
    """A second table for it would be another department."""
    _add(tmp_path, '[departments.Restaurant]\nclient_key = "simulator-client-key"')

    lines = {row["code"]: row["settings"] for row in _fetched(shop)}

    assert lines["20"] == '# in [departments.Restaurant], which is there already:\ndepartment_code = "20"'
    assert "[departments.restaurant-20]" not in shop("departments", "fetch")[1]


def test_departments_of_two_clients_with_the_same_codes_get_tables_of_their_own(shop: Run, tmp_path: Path) -> None:
    """Named by whose they are; the whole reads as settings."""
    _add(tmp_path, f'[departments.cafe]\nclient_key = "{SECOND_CLIENT_KEY}"')

    found = _fetched(shop)

    lines = [row["settings"] for row in found if row["settings"]]
    assert [line.partition("]")[0] for line in lines] == [
        "[departments.restaurant",
        "[departments.cafe-bar",
        "[departments.cafe-restaurant",
    ]
    path = tmp_path / "posplugin.toml"
    tables = "\n".join(f'{line}\nclient_key = "a-key"' for line in lines)
    assert len(parse_settings(f"{path.read_text()}\n{tables}", path, {}).departments) == 5


def test_where_nobody_could_be_asked_no_empty_table_is_shown(shop: Run, simulator: Simulator) -> None:
    simulator.fault("503", path="/Departments")

    code, out, err = shop("departments", "fetch")

    assert (code, out.strip()) == (1, "")
    assert "keys of" not in err
