"""`posplugin init` writes a file that reads, explains itself, and is nobody else's to read."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.errors import ConfigError
from posplugin.settings import parse_settings, read_settings
from posplugin.settings.invoicing import InvoicingSettings
from posplugin.settings.new_file import Answers, _text, new_file
from posplugin.settings.settlement import SettlementSettings
from posplugin.settings.values import Section
from posplugin.settings.write import set_values

ANSWERS = Answers(
    terminal_id="bar-1",
    department="bar",
    endpoint_mode="simulator",
    application_key="a",
    subscription_key="s",
    client_key="c",
    department_code="10",
)


def test_the_file_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "posplugin.toml"
    new_file(path, ANSWERS, {})
    settings = read_settings(path, {})
    assert settings.terminal.id == "bar-1"
    assert settings.department("bar").department_code == "10"
    assert settings.department("bar").products.vat_25 == "30"
    assert not settings.settles("bar"), "nobody but the accountant knows the accounts"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_setting_has_a_comment() -> None:
    plain = {"timezone", "business_day_starts"} | set(ANSWERS.products)
    for line in _text(ANSWERS).splitlines():
        name = line.partition(" = ")[0]
        assert "=" not in line or line.startswith("#") or "  # " in line or name in plain, line


@pytest.mark.parametrize(
    ("section", "without"), [("invoicing", InvoicingSettings()), ("settlement", SettlementSettings())]
)
def test_everything_about_a_kind_is_there_to_be_changed_and_as_it_is_without(section: str, without: Section) -> None:
    first, *lines = _text(ANSWERS).partition(f"\n[{section}]")[2].partition("\n\n")[0].splitlines()
    named = [line.removeprefix("# ").partition(" = ")[0] for line in lines]
    settings = parse_settings(_text(ANSWERS), Path("/srv/posplugin.toml"), {})

    assert first == "" or first.startswith("  # ")
    assert sorted(named) == sorted({*type(without).model_fields} - {"schedule"})
    assert f"\n# [{section}.schedule]" in _text(ANSWERS) or "schedule" not in type(without).model_fields
    assert getattr(settings, section).model_dump() == without.model_dump()


def test_what_is_commented_out_would_read_too() -> None:
    lines = [line.removeprefix("# ") if " = " in line or line.startswith("# [") or line == "# ]" else line
             for line in _text(ANSWERS).splitlines()]  # fmt: skip
    lines = [line.replace("  {", "{") for line in lines]
    settings = parse_settings("\n".join(lines), Path("/srv/posplugin.toml"), {})
    assert settings.ledger is not None
    assert len(settings.ledger.sales) == 2
    assert settings.settles("bar")
    own = settings.settlement.schedule
    assert own is not None
    assert (own.frequency, own.time, own.times) == ("daily", time(7), {"sun": time(9)})
    assert settings.invoicing.invoice_fee_amount == 3900


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "posplugin.toml"
    path.write_text("mine")
    with pytest.raises(ConfigError, match="is there already"):
        new_file(path, ANSWERS, {})
    assert path.read_text() == "mine"


def test_keys_may_stay_in_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "posplugin.toml"
    environ = {
        "POSPLUGIN_APPLICATION_KEY": "a",
        "POSPLUGIN_SUBSCRIPTION_KEY": "s",
        "POSPLUGIN_CLIENT_KEY_BAR": "SECRET",
    }
    new_file(path, Answers(terminal_id="1", department="bar"), environ)
    assert "# client_key: from POSPLUGIN_CLIENT_KEY_BAR" in path.read_text()
    assert "SECRET" not in path.read_text()
    assert read_settings(path, environ).poweroffice.endpoint_mode == "test"


def test_answers_that_make_no_settings_write_nothing(tmp_path: Path) -> None:
    path = tmp_path / "posplugin.toml"
    with pytest.raises(ConfigError) as caught:
        new_file(path, replace(ANSWERS, client_key=None, simulator_url="http://example.com"), {})
    assert len(caught.value.problems) == 2
    assert not path.exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        new_file(tmp_path / "missing" / "posplugin.toml", ANSWERS, {})


def test_the_file_can_be_changed_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "posplugin.toml"
    new_file(path, ANSWERS, {})
    lines = path.read_text().splitlines()
    set_values(path, {"invoicing.invoice_fee": True, "departments.bar.client_key": "d"}, {})
    changed = [(a, b) for a, b in zip(lines, path.read_text().splitlines(), strict=True) if a != b]
    assert len(changed) == 2
    assert all(a.partition("  #")[2] == b.partition("  #")[2] for a, b in changed)


_names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(terminal=_names, department=_names, code=_names)
def test_any_printable_answer_reads_back_unchanged(terminal: str, department: str, code: str) -> None:
    text = _text(replace(ANSWERS, terminal_id=terminal, department=department, department_code=code))
    settings = parse_settings(text, Path("/srv/posplugin.toml"), {})
    assert settings.terminal.id == terminal
    assert settings.department(department).department_code == code
