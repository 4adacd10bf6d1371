"""A ledger is copied whole or not at all, and from then on stands on its own."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.errors import ConfigError
from posplugin.settings import Ledger, SalesAccount, parse_settings, read_settings
from posplugin.settings.copy_ledger import _table, copy_ledger
from posplugin.settings.write import set_values

TERRACE = '\n[departments.terrace]  # under the trees\nclient_key = "terrace-key"\n\n'


@pytest.fixture
def file(tmp_path: Path, whole: str) -> Path:
    path = tmp_path / "posplugin.toml"
    path.write_text(whole.replace("\n[saft]", TERRACE + "[saft]").replace("[ledger]", "[ledger]  # from Kari"))
    path.chmod(0o600)
    return path


def _of(file: Path, department: str) -> Ledger:
    ledger = read_settings(file, {}).ledger_of(department)
    assert ledger is not None
    return ledger


@pytest.mark.parametrize(("source", "gratuity"), [("default", 2981), ("bar", 2982)])
def test_the_ledger_in_force_becomes_the_departments_own(file: Path, source: str, gratuity: int) -> None:
    """With what the source takes from the default ledger; every other line of the file stays."""
    before = file.read_text().splitlines()

    copied = copy_ledger(file, source, "terrace", environ={})

    assert copied.gratuity == gratuity
    assert _of(file, "terrace") == copied == read_settings(file, {}).department("terrace").ledger
    changes = SequenceMatcher(a=before, b=file.read_text().splitlines(), autojunk=False).get_opcodes()
    assert [what for what, *_ in changes if what != "equal"] == ["insert"]


def test_changes_of_the_default_reach_it_no_longer(file: Path) -> None:
    copied = copy_ledger(file, "default", "terrace", environ={})

    rows = [{"article_group": "*", "vat": rate, "account": 3100, "vat_code": "6"} for rate in (25, 15)]
    set_values(file, {"ledger.rounding": 7740, "ledger.tenders.12001": 1905, "ledger.sales": rows}, {})

    assert _of(file, "terrace") == copied


def test_a_ledger_of_its_own_is_replaced_only_when_told(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(ConfigError, match=r"\[departments\.bar\.ledger\] is there already; .* add --replace"):
        copy_ledger(file, "default", "bar", environ={})
    assert file.read_bytes() == before

    copy_ledger(file, "default", "bar", replace=True, environ={})

    assert _of(file, "bar").gratuity == 2981


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("roof", "terrace", 'department "roof" is not in .*; it has bar, terrace'),
        ("default", "roof", 'department "roof" is not in .*; it has bar, terrace'),
        ("bar", "default", 'department "default" is not in '),
    ],
)
def test_who_is_not_in_the_file_is_named(file: Path, source: str, target: str, said: str) -> None:
    before = file.read_bytes()
    with pytest.raises(ConfigError, match=said):
        copy_ledger(file, source, target, environ={})
    assert file.read_bytes() == before


def test_a_department_called_default_makes_the_word_mean_two_things(file: Path) -> None:
    file.write_text(file.read_text().replace("terrace]", "default]"))
    with pytest.raises(ConfigError, match="rename the department"):
        copy_ledger(file, "default", "bar", replace=True, environ={})


def test_where_there_is_no_ledger_nothing_is_copied(tmp_path: Path, short: str) -> None:
    path = tmp_path / "posplugin.toml"
    path.write_text(short + TERRACE)
    path.chmod(0o600)
    for source in ("default", "terrace"):
        with pytest.raises(ConfigError, match=f'there is no ledger of "{source}" to copy'):
            copy_ledger(path, source, "bar", environ={})


def test_it_mends_settings_that_cannot_be_read_for_want_of_a_ledger(file: Path) -> None:
    """Switched on, with a ledger of one department alone."""
    text = file.read_text()
    own = text[text.index("[ledger]") : text.index("[departments.bar]")]
    text = text.replace(own, "").replace(
        "[departments.bar.ledger]", own.replace("[ledger]", "[departments.bar.ledger]")
    )
    file.write_text(text.replace('gratuity = 2982\ntenders = { "12002" = 1581 }\n', ""))
    with pytest.raises(ConfigError, match='"terrace" has no ledger'):
        read_settings(file, {})

    copy_ledger(file, "bar", "terrace", environ={})

    assert _of(file, "terrace") == _of(file, "bar")


def test_a_ledger_that_is_wrong_is_told_as_ever(file: Path) -> None:
    file.write_text(file.read_text().replace("rounding = 7745", "rounding = 0"))
    before = file.read_bytes()
    with pytest.raises(ConfigError, match=r"^ledger\.rounding is 0; give the number of an account"):
        copy_ledger(file, "default", "terrace", environ={})
    assert file.read_bytes() == before


def test_departments_written_on_one_line_stay_on_it(tmp_path: Path, short: str) -> None:
    path = tmp_path / "posplugin.toml"
    text = short.replace('[departments.bar]\nclient_key = "bar-client-0b2d"', "[settlement]\nenabled = false\n[ledger]")
    path.write_text('departments = { bar = { client_key = "k" } }\n' + text + "rounding = 7745\n")
    path.chmod(0o600)

    copied = copy_ledger(path, "default", "bar", environ={})

    assert copied.rounding == 7745
    assert read_settings(path, {}).department("bar").ledger == copied


_names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
_accounts = st.integers(1, 99999)
_sales = st.dictionaries(st.tuples(_names, st.sampled_from([0, 12, 15, 25])), st.tuples(_accounts, _names), max_size=3)


@given(
    single=st.dictionaries(st.sampled_from(["gratuity", "rounding", "invoice_clearing"]), _accounts),
    tenders=st.dictionaries(_names, _accounts, max_size=3),
    movements=st.dictionaries(_names, _accounts, max_size=3),
    sales=_sales,
)
def test_any_ledger_is_written_as_it_reads(
    single: dict[str, int],
    tenders: dict[str, int],
    movements: dict[str, int],
    sales: dict[tuple[str, int], tuple[int, str]],
) -> None:
    rows = tuple(
        SalesAccount(article_group=group, vat=rate, account=account, vat_code=code)
        for (group, rate), (account, code) in sales.items()
    )
    ledger = Ledger(tenders=tenders, movements=movements, sales=rows, **single)
    text = f"""
    settlement = {{ enabled = false }}
    terminal = {{ id = "1", department = "bar" }}
    poweroffice = {{ endpoint_mode = "test", application_key = "a", subscription_key = "s" }}
    departments = {{ bar = {{ client_key = "c" }} }}
    [ledger]
    {_table(ledger, "bar").as_string()}
    """
    assert parse_settings(text, Path("/srv/posplugin.toml"), {}).ledger == ledger
