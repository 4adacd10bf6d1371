"""The file is changed whole or not at all, and its comments stay."""

from __future__ import annotations

import os
import stat
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from posplugin.domain.errors import ConfigError, SettingsChanged
from posplugin.settings import read_settings, rows
from posplugin.settings.write import set_values


@pytest.fixture
def file(tmp_path: Path, short: str) -> Path:
    path = tmp_path / "posplugin.toml"
    text = short.replace('id = "bar-1"', 'id = "bar-1"   # on the label under the till')
    path.write_text(text.replace("[departments", "[settlement]\nenabled = false\n[departments"))
    path.chmod(0o400)
    return path


def test_comments_order_and_permissions_are_kept(file: Path) -> None:
    before = file.read_text()
    set_values(file, {"terminal.id": "bar-2"}, {})
    assert file.read_text() == before.replace('"bar-1"', '"bar-2"')
    assert stat.S_IMODE(file.stat().st_mode) == 0o400


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("terminal.language", "en", "en"),
        ("schedule.time", "07:30", "07:30"),
        ("schedule.times", {"sat": "09:00"}, '{"sat": "09:00"}'),
        ("schedule.times.sun", "08:00", None),
        ("settlement.schedule.time", "07:30", "07:30"),
        ("settlement.enabled", None, "(not set)"),
        ("invoicing.enabled_since", date(2026, 11, 1), "2026-11-01"),
        ("invoicing.tips_on_invoice", True, "true"),
        ("departments.bar.products.fee", "7", "7"),
        ("departments.bar.ledger.gratuity", 2981, "2981"),
        ("saft.invoice_payments", ["A", "B"], '["A", "B"]'),
        ("terminal.saft_source_id", 'with "quotes" and \\', 'with "quotes" and \\'),
    ],
)
def test_a_new_value_reads_back(file: Path, key: str, value: object, shown: str | None) -> None:
    set_values(file, {key: value}, {})
    found = {name: text for name, text, _ in rows(read_settings(file, {}))}
    assert shown is None or found[key] == shown


def test_rows_of_the_ledger_are_replaced_together(file: Path) -> None:
    row = {"article_group": "*", "vat": 25, "account": 3000, "vat_code": "3"}
    set_values(file, {"ledger.sales": [row, row | {"vat": 15}]}, {})
    set_values(file, {"ledger.sales": [row | {"account": 3005}], "ledger.gratuity": 2981}, {})
    ledger = read_settings(file, {}).ledger
    assert ledger is not None
    assert [rule.account for rule in ledger.sales] == [3005]


def test_a_department_can_be_added_and_tables_written_on_one_line_grow(file: Path) -> None:
    file.write_text(file.read_text() + 'products = { fee = "7" } # codes\n')
    set_values(file, {'departments."bår 2".client_key': "k", "departments.bar.products.rounding": "35"}, {})
    settings = read_settings(file, {})
    assert set(settings.departments) == {"bar", "bår 2"}
    assert settings.department("bar").products.rounding == "35"
    assert "# codes" in file.read_text()


def test_none_takes_a_setting_out(file: Path) -> None:
    set_values(file, {"terminal.language": "en"}, {})
    set_values(file, {"terminal.language": None, "saft.codes": None, "terminal.saft_source_id": None}, {})
    assert read_settings(file, {}).terminal.language == "nb"
    assert "[saft]" not in file.read_text()


@pytest.mark.parametrize(
    "values",
    [
        {"terminal.department": "kitchen"},
        {"terminal.id": None},
        {"poweroffice.application_key": "..."},
        {"terminal.id": "bar-9", "invoicing.create_missing_products": True},
        {"terminal.id.x": "y"},
        {"no such key": "y"},
    ],
)
def test_a_result_that_would_not_read_leaves_the_file_untouched(file: Path, values: dict[str, object]) -> None:
    before = file.read_bytes()
    with pytest.raises(ConfigError):
        set_values(file, values, {})
    assert file.read_bytes() == before
    assert os.listdir(file.parent) == [file.name]  # noqa: PTH208


def test_keys_of_the_environment_need_not_be_in_the_file(file: Path) -> None:
    set_values(file, {"poweroffice.application_key": None}, {"POSPLUGIN_APPLICATION_KEY": "from-env"})
    assert "from-env" not in file.read_text()


def test_a_failing_disk_leaves_the_file_untouched(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    before = file.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="cannot be written: No space left on device"):
        set_values(file, {"terminal.id": "bar-2"}, {})
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_link_stays_a_link(file: Path) -> None:
    link = file.with_name("link.toml")
    link.symlink_to(file)
    set_values(link, {"terminal.id": "bar-2"}, {})
    assert link.is_symlink()
    assert 'id = "bar-2"' in file.read_text()


def test_windows_line_ends_stay(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    set_values(file, {"terminal.id": "bar-2"}, {})
    assert file.read_bytes().count(b"\r\n") == file.read_bytes().count(b"\n")


def test_of_two_saves_at_once_one_is_told_that_the_other_came_first(file: Path) -> None:
    was, told = file.read_text(), []

    def save(name: str) -> None:
        try:
            set_values(file, {"invoicing.product_prefix": name}, {}, was=was)
            told.append(name)
        except SettingsChanged:
            pass

    both = [Thread(target=save, args=(name,)) for name in ("A-", "B-")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(told) == 1
    assert f'product_prefix = "{told[0]}"' in file.read_text()


def test_what_another_process_wrote_while_the_change_was_made_is_left(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(handle: int) -> None:
        file.write_text(file.read_text() + "# of another\n")

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(SettingsChanged):
        set_values(file, {"terminal.id": "bar-2"}, {})
    assert file.read_text().endswith("# of another\n")
    assert 'id = "bar-1"' in file.read_text()
    assert sorted(file.parent.iterdir()) == [file]


def test_what_was_chosen_for_another_text_is_not_written(file: Path) -> None:
    was = file.read_text()
    file.write_text(was.replace('"nb"', '"en"') + "# of another\n")
    before = file.read_text()
    with pytest.raises(SettingsChanged, match="changed by somebody else"):
        set_values(file, {"terminal.id": "bar-2"}, {}, was=was)
    assert file.read_text() == before
    set_values(file, {"terminal.id": "bar-2"}, {}, was=before)
    assert read_settings(file, {}).terminal.id == "bar-2"


def test_comments_beside_the_rows_of_a_ledger_stay(file: Path) -> None:
    row = {"article_group": "*", "vat": 25, "account": 3000, "vat_code": "3"}
    set_values(file, {"ledger.sales": [row, row | {"vat": 15}]}, {})
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(f"{line.rstrip()}  # away\n" if "vat = 15" in line else line for line in lines))
    set_values(file, {"ledger.sales": [row | {"account": 3005}, row | {"vat": 15}]}, {})
    (away,) = (line for line in file.read_text().splitlines() if "vat = 15" in line)
    assert away.endswith("# away")
