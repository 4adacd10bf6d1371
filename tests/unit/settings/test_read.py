"""A good file gives typed values, short or long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from posplugin.domain.documents import VatReportedBy
from posplugin.domain.errors import ConfigError
from posplugin.settings import Settings, find_settings, parse_settings, read_settings

Parse = Callable[[str], Settings]


def test_the_whole_file_of_the_documentation_reads(parse: Parse, whole: str) -> None:
    settings = parse(whole)
    assert settings.path == Path("/srv/till/posplugin.toml")
    assert settings.terminal.timezone == ZoneInfo("Europe/Oslo")
    assert settings.terminal.business_day_starts == time(5)
    assert settings.outbox.path == Path("/srv/till/outbox.sqlite3")
    assert settings.poweroffice.settle_time == timedelta(seconds=60)
    assert settings.poweroffice.customers_max_age == timedelta(days=7)
    assert settings.poweroffice.terminals == 1
    assert settings.schedule.times == {"sun": time(8)}
    assert settings.schedule.window == timedelta(hours=6)
    assert settings.invoicing.enabled_since == date(2026, 11, 1)
    assert settings.invoicing.vat_reported_by is VatReportedBy.INVOICE
    assert settings.invoicing.invoice_fee_amount == 3900
    assert settings.ledger is not None
    assert [(row.vat, row.account, row.vat_code) for row in settings.ledger.sales] == [
        (25, 3000, "3"),
        (15, 3001, "31"),
    ]
    assert settings.department("bar").products.fee == "7"
    assert settings.department("bar").client_key.get_secret_value() == "bar-client-0b2d"
    assert settings.saft.registers["2"].terminal == "bar-2"
    assert settings.saft.invoice_payments == ("KONTO",)


def test_a_short_file_gets_defaults_that_read_like_a_file_that_says_them(parse: Parse, short: str) -> None:
    settings = parse(short)
    assert settings.outbox.path == Path("/srv/till/outbox.sqlite3")
    assert settings.schedule.time == time(6)
    assert settings.invoicing.enabled
    assert (settings.invoicing.credit_limit, settings.invoicing.default_credit_limit) == ("warn", None)
    assert settings.invoicing.invoice_fee_amount is None
    assert settings.ledger is None
    assert settings.ledger_of("bar") is None


def test_an_absolute_outbox_path_stays(parse: Parse, short: str) -> None:
    assert parse(short + '[outbox]\npath = "/var/lib/till.db"\n').outbox.path == Path("/var/lib/till.db")


@pytest.mark.parametrize(
    ("mode", "token", "api"),
    [
        ("simulator", "http://127.0.0.1:8900/OAuth/Token", "http://127.0.0.1:8900/v2"),
        ("test", "https://goapi.poweroffice.net/Demo/OAuth/Token", "https://goapi.poweroffice.net/Demo/v2"),
        ("production", "https://goapi.poweroffice.net/OAuth/Token", "https://goapi.poweroffice.net/v2"),
    ],
)
def test_the_mode_chooses_the_addresses(parse: Parse, short: str, mode: str, token: str, api: str) -> None:
    settings = parse(short.replace('"simulator"', f'"{mode}"'))
    assert (settings.poweroffice.token_url, settings.poweroffice.api_url) == (token, api)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:8900/", "http://[::1]:8900"),
        ("http://127.1.2.3", "http://127.1.2.3"),
    ],
)
def test_the_simulator_may_be_on_any_loopback_address(parse: Parse, short: str, url: str, base: str) -> None:
    settings = parse(short.replace("[poweroffice]", f'[poweroffice]\nsimulator_url = "{url}"'))
    assert settings.poweroffice.api_url == f"{base}/v2"


def test_a_department_overrides_the_ledger_entry_by_entry(parse: Parse, whole: str) -> None:
    ledger = parse(whole).ledger_of("bar")
    assert ledger is not None
    assert (ledger.gratuity, ledger.gift_card) == (2982, 2901)
    assert ledger.tenders == {"12001": 1900, "12002": 1581}
    assert len(ledger.sales) == 2


def test_an_unknown_department_is_named(parse: Parse, short: str) -> None:
    with pytest.raises(ConfigError, match=r'"kitchen" is not in .*; it has bar'):
        parse(short).department("kitchen")


def test_keys_of_the_environment_win_over_the_file(short: str) -> None:
    environ = {
        "POSPLUGIN_APPLICATION_KEY": "from-env",
        "POSPLUGIN_SUBSCRIPTION_KEY": "",
        "POSPLUGIN_CLIENT_KEY_BAR": "client-from-env",
    }
    settings = parse_settings(short, Path("/srv/posplugin.toml"), environ)
    assert settings.poweroffice.application_key.get_secret_value() == "from-env"
    assert settings.poweroffice.subscription_key.get_secret_value() == "sub-77aa", "an empty variable is not set"
    assert settings.department("bar").client_key.get_secret_value() == "client-from-env"
    assert settings.from_environment == {"poweroffice.application_key", "departments.bar.client_key"}


def test_a_department_variable_has_underscores_for_all_but_letters_and_digits() -> None:
    text = """
    terminal = { id = "1", department = "bår-2" }
    poweroffice = { endpoint_mode = "test", application_key = "a", subscription_key = "s" }
    [departments."bår-2"]
    """
    settings = parse_settings(text, Path("/srv/posplugin.toml"), {"POSPLUGIN_CLIENT_KEY_B_R_2": "c"})
    assert settings.department("bår-2").client_key.get_secret_value() == "c"


def test_one_variable_never_gives_two_departments_their_key(short: str) -> None:
    text = short + '[departments.bar-1]\nclient_key = "x"\n[departments.bar_1]\nclient_key = "y"\n'
    with pytest.raises(ConfigError, match="POSPLUGIN_CLIENT_KEY_BAR_1 fits two departments"):
        parse_settings(text, Path("/srv/posplugin.toml"), {"POSPLUGIN_CLIENT_KEY_BAR_1": "z"})


def test_the_file_is_the_one_given_then_the_variable_then_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("given.toml", "variable.toml", "posplugin.toml"):
        (tmp_path / name).touch()
    environ = {"POSPLUGIN_CONFIG": str(tmp_path / "variable.toml")}
    assert find_settings(Path("given.toml"), environ) == tmp_path / "given.toml"
    assert find_settings(None, environ) == tmp_path / "variable.toml"
    assert find_settings(None, {}) == tmp_path / "posplugin.toml"


@pytest.mark.parametrize(
    ("explicit", "environ", "said"),
    [
        ("a.toml", {}, r"a\.toml, named with --config, is not there"),
        (None, {"POSPLUGIN_CONFIG": "b.toml"}, r"b\.toml, named in POSPLUGIN_CONFIG, is not there"),
        (None, {}, r"no --config was given, POSPLUGIN_CONFIG is not set, and there is no .*posplugin\.toml"),
    ],
)
def test_a_missing_file_is_told_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, explicit: str | None, environ: dict[str, str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=f"{said}; make (it|them) with `posplugin init`"):
        find_settings(Path(explicit) if explicit else None, environ)


def test_a_file_that_a_windows_editor_saved_reads(tmp_path: Path, short: str) -> None:
    path = tmp_path / "posplugin.toml"
    path.write_bytes(b"\xef\xbb\xbf" + short.replace("\n", "\r\n").encode())
    path.chmod(0o600)
    assert read_settings(path, {}).terminal.id == "bar-1"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[terminal\nid = 1", r"is not written as TOML: .*line 1"),
        (b"id = \xe5", "is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "posplugin.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        read_settings(path, {})


def test_a_folder_instead_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_settings(tmp_path, {})
