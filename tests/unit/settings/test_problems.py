"""A bad file gives every problem at once, each a sentence with the key, what stands there, what is expected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.errors import ConfigError
from posplugin.settings import Settings, parse_settings, read

Parse = Callable[[str], Settings]
Problems = Callable[[str], tuple[str, ...]]

FILE = Path("/srv/till/posplugin.toml")
ACCOUNT = "give the number of an account in PowerOffice's Kontoplan, without quotes"
VAT_CODE = 'give the VAT code that PowerOffice has for it, in quotes, such as "3" or "31"'
CLOCKS = "choose a time outside 02:00 to 02:59: that hour is missing, or comes twice, when the clocks change"
LOOPBACK = 'the simulator runs on this machine alone: write an address such as "http://127.0.0.1:8900"'

# What stands in the whole file, what is put in its place, and the one problem that comes of it.
ONE_PROBLEM = [
    ('id = "bar-1"', 'id = ""', 'terminal.id is ""; give 1 to 64 printable characters'),
    ('id = "bar-1"', "", "terminal.id is missing; write it in the file"),
    ('language = "nb"', 'language = "sv"', 'terminal.language is "sv"; use "nb" or "en"'),
    (
        '"Europe/Oslo"',
        '"Europe"',
        'terminal.timezone is "Europe"; write the name of a time zone, such as "Europe/Oslo"',
    ),
    (
        '"05:00"',
        '"5"',
        'terminal.business_day_starts is "5"; write a time of day in quotes, such as "06:00"',
    ),
    (
        '"999999999-1"',
        f'"{"9" * 36}"',
        f'terminal.saft_source_id is "{"9" * 36}"; give at most 35 characters',
    ),
    (
        'department = "bar"\nlanguage',
        'department = "bra"\nlanguage',
        'terminal.department is "bra", but the file has no [departments.bra]; it has bar',
    ),
    ('path = "outbox.sqlite3"', "path = 5", 'outbox.path is 5; write a path in quotes, such as "outbox.sqlite3"'),
    (
        'endpoint_mode = "simulator"',
        'endpoint_mode = "live"',
        'poweroffice.endpoint_mode is "live"; use "simulator", "test" or "production"',
    ),
    (
        '"60s"',
        "60",
        "poweroffice.settle_time is 60; write a length of time in quotes, a whole number and s, m, h or d, such as ",
    ),
    ('"7d"', '"0d"', 'poweroffice.customers_max_age is "0d"; give more than nothing'),
    ('"7d"', '"7d"\nterminals = 0', "poweroffice.terminals is 0; give 1 or more"),
    ('"7d"', '"7d"\nterminals = 10001', "poweroffice.terminals is 10001; give 10000 or less"),
    ('"7d"', '"7d"\nterminals = "many"', 'poweroffice.terminals is "many"; write a whole number, without quotes'),
    ('"6h"', '"0m"', 'schedule.window is "0m"; give more than nothing'),
    (
        'time = "06:00"',
        'time = "02:30"',
        f'schedule.time is "02:30"; {CLOCKS}',
    ),
    (
        'sun = "08:00"',
        'sun = "02:00"',
        f'schedule.times.sun is "02:00"; {CLOCKS}',
    ),
    (
        'frequency = "daily"',
        'frequency = "weekly"\nweekday = "mon"',
        'schedule.times belongs to frequency "daily", but schedule.frequency is "weekly"',
    ),
    (
        'frequency = "daily"',
        'frequency = "daily"\nweekday = "mon"',
        'schedule.weekday belongs to frequency "weekly", but schedule.frequency is "daily"',
    ),
    (
        'frequency = "daily"',
        "day = 3",
        'schedule.day belongs to frequency "monthly", but schedule.frequency is "daily"',
    ),
    (
        'frequency = "daily"\ntime = "06:00"\ntimes = { sun = "08:00" }',
        'frequency = "monthly"\nday = 29',
        "schedule.day is 29; give 28 or less",
    ),
    (
        'frequency = "daily"\ntime = "06:00"\ntimes = { sun = "08:00" }',
        'frequency = "weekly"',
        'schedule.weekday is missing; frequency "weekly" needs it',
    ),
    (
        'weekday = "mon"',
        "",
        'settlement.schedule.weekday is missing; frequency "weekly" needs it',
    ),
    (
        'weekday = "mon"',
        'weekday = "mon"\ntimes = { sun = "09:00" }',
        'settlement.schedule.times belongs to frequency "daily", but settlement.schedule.frequency is "weekly"',
    ),
    (
        'weekday = "mon"',
        'weekday = "mon"\nday = 2',
        'settlement.schedule.day belongs to frequency "monthly", but settlement.schedule.frequency is "weekly"',
    ),
    ('time = "07:00"', 'time = "02:00"', f'settlement.schedule.time is "02:00"; {CLOCKS}'),
    (
        'time = "07:00"',
        'tme = "07:00"',
        "settlement.schedule.tme is no setting; did you mean settlement.schedule.time?",
    ),
    ("enabled = true\nposting", 'enabled = "no"\nposting', 'settlement.enabled is "no"; write true or false, without'),
    ("automatic = true", 'automatic = "yes"', 'schedule.automatic is "yes"; write true or false, without quotes'),
    (
        "2026-11-01",
        '"2026-11-01"',
        'invoicing.enabled_since is "2026-11-01"; write a date without quotes, such as 2026-11-01',
    ),
    (
        '"39.00"',
        "39.0",
        'invoicing.invoice_fee_amount is 39.0; write an amount of kroner in quotes, with a point, such as "39.00"',
    ),
    (
        '"39.00"',
        '"39,005"',
        'invoicing.invoice_fee_amount is "39,005"; write kroner above zero with at most two decimals, such as "39.00"',
    ),
    (
        'vat_reported_by = "invoice"',
        'vat_reported_by = "both"',
        'invoicing.vat_reported_by is "both"; use "invoice" or "settlement"',
    ),
    (
        "create_missing_products = false",
        "create_missing_products = true",
        'invoicing.create_missing_products belongs to lines "per_item", but invoicing.lines is "per_vat_rate"',
    ),
    ("gift_card = 2901", 'gift_card = ""', f'ledger.gift_card is ""; {ACCOUNT}'),
    ('"12001" = 1900', '"12001" = 0', f"ledger.tenders.12001 is 0; {ACCOUNT}"),
    ("account = 3001", "account = 0", f'ledger.sales[2].account (article group "*", 15 %) is 0; {ACCOUNT}'),
    (", account = 3001", "", 'ledger.sales[2].account (article group "*", 15 %) is missing; write it in the file'),
    ('"31" },\n]', '"" },\n]', f'ledger.sales[2].vat_code (article group "*", 15 %) is ""; {VAT_CODE}'),
    ('"31" },\n]', "31 },\n]", f'ledger.sales[2].vat_code (article group "*", 15 %) is 31; {VAT_CODE}'),
    (', vat_code = "31"', "", 'ledger.sales[2].vat_code (article group "*", 15 %) is missing; write it in the file'),
    ("vat = 15, ", "", 'ledger.sales[2].vat (article group "*") is missing; write it in the file'),
    ('article_group = "*", vat = 15', "vat = 15", "ledger.sales[2].article_group is missing; write it in the file"),
    ("account = 3001", 'account = ""', f'ledger.sales[2].account (article group "*", 15 %) is ""; {ACCOUNT}'),
    ('"12001" = 1900', '"12001" = ""', f'ledger.tenders.12001 is ""; {ACCOUNT}'),
    ('{ "12002" = 1581 }', "{ vipps = 0 }", f"departments.bar.ledger.tenders.vipps is 0; {ACCOUNT}"),
    ('"11010" = 1920', '"bank deposit" = ""', f'ledger.movements."bank deposit" is ""; {ACCOUNT}'),
    ('"11010" = 1920', '"11010" = 0', f"ledger.movements.11010 is 0; {ACCOUNT}"),
    (
        "vat = 15",
        "vat = 11.11",
        'ledger.sales[2].vat (article group "*", 11.11 %) is 11.11; VAT: 11.11 % is the rate for raw fish sold by ',
    ),
    ("vat = 15", "vat = 25", 'ledger.sales has article group "*" at 25 % 2 times; keep one'),
    ('rounding = "35"', 'rouding = "35"', "departments.bar.products.rouding is no setting; did you mean "),
    ("[settlement]", "[setlement]", "setlement is no setting; did you mean settlement?"),
    ("[saft]", "[quux]\n[saft]", "quux is no setting; take it out"),
    ('["KONTO"]', '"KONTO"', 'saft.invoice_payments is "KONTO"; make it a list, in square brackets'),
    (
        'terminal = "bar-2", department = "bar"',
        'terminal = "bar-2", department = "x"',
        'saft.registers.2.department is "x", but the file has no [departments.x]; it has bar',
    ),
]


@pytest.mark.parametrize(("old", "new", "problem"), ONE_PROBLEM, ids=[row[2][:48] for row in ONE_PROBLEM])
def test_each_mistake_is_one_plain_sentence(problems: Problems, whole: str, old: str, new: str, problem: str) -> None:
    assert old in whole
    found = problems(whole.replace(old, new, 1))
    assert len(found) == 1
    assert found[0].startswith(problem)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:8900",
        "http://goapi.poweroffice.net",
        "http://127.0.0.1@evil.example",
        "http://evil.example\\\\@127.0.0.1",
        "http://127.0.0.1:8900/path",
        "http://127.0.0.1:99999",
        "http://0.0.0.0:8900",
        "127.0.0.1",
        "",
    ],
)
def test_the_simulator_is_never_another_machine(problems: Problems, whole: str, url: str) -> None:
    (problem,) = problems(whole.replace("http://127.0.0.1:8900", url))
    assert problem.endswith(LOOPBACK)


def test_all_problems_come_at_once_whatever_kind_they_are(problems: Problems, whole: str) -> None:
    text = whole.replace('id = "bar-1"', "id = 1").replace("products = false", "products = true")
    text = text.replace('department = "bar"\nlanguage', 'department = "bra"\nlanguage').replace("[saft]", "[safts]")
    assert [problem.split(" ")[0] for problem in problems(text)] == [
        "terminal.id",
        "safts",
        "terminal.department",
        "invoicing.create_missing_products",
    ]


def test_an_empty_file_says_everything_that_must_be_there(problems: Problems) -> None:
    assert [problem.split(" is missing")[0] for problem in problems("")] == [
        "terminal.id",
        "terminal.department",
        "poweroffice.endpoint_mode",
        "poweroffice.application_key",
        "poweroffice.subscription_key",
    ]


def test_vat_by_settlement_needs_a_clearing_account_where_there_is_a_ledger(
    problems: Problems, parse: Parse, whole: str
) -> None:
    settlement = whole.replace('vat_reported_by = "invoice"', 'vat_reported_by = "settlement"')
    assert parse(settlement).invoicing.vat_reported_by.value == "settlement"
    (problem,) = problems(settlement.replace("invoice_clearing = 1990", ""))
    assert problem.startswith('ledger.invoice_clearing is missing for department "bar"')
    own = settlement.replace("invoice_clearing = 1990", "").replace("gratuity = 2982", "invoice_clearing = 1991")
    assert parse(own).ledger_of("bar").invoice_clearing == 1991  # type: ignore[union-attr]


@pytest.mark.parametrize("key", ["...", "", "  ", "a key", "nøkkel", "tab\\tbed"])
def test_a_key_that_cannot_be_one_is_refused_without_showing_it(problems: Problems, short: str, key: str) -> None:
    (problem,) = problems(short.replace("bar-client-0b2d", key))
    assert problem.startswith("departments.bar.client_key cannot be used; ")
    assert not key.strip(". ") or key not in problem


# Every way in which a key ends up where it does not belong.
STRAYED = [
    ("[departments.kitchen]", "client_kye = 'SECRET'"),
    ("[departments]", "kitchen = 'SECRET'"),
    ("[departments.kitchen]", "client_key = ['SECRET']"),
    ("[departments.kitchen]", "client_key = { key = 'SECRET' }"),
    ("[departments.kitchen]", "client_key = 'SECRET with blanks'"),
    ("[departments]", "client_key = 'SECRET'"),
    ("", "client_key = 'SECRET'"),
    ("", "application_key = 'SECRET'"),
    ("", "saft = 'SECRET'"),
    ("", "schedule = ['SECRET']"),
]


@pytest.mark.parametrize(("table", "line"), STRAYED)
def test_a_key_in_the_wrong_place_is_not_shown(table: str, line: str, short: str) -> None:
    text = f"{line}\n{short}" if not table else f"{short}\n{table}\n{line}\n"
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, FILE, {})
    assert "SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None, "nothing that a traceback would print"


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(section=st.sampled_from(sorted(Settings.model_fields)), data=st.data())
def test_whatever_stands_in_the_file_the_answer_is_problems_or_settings(section: str, data: Any) -> None:
    """No value of any type makes reading fail in another way, nor speak as the library does."""
    names = [*_names(section), "x"]
    broken = data.draw(_values | st.dictionaries(st.sampled_from(names), _values, max_size=4))
    tables = {"terminal": {"id": "1", "department": "bar"}, section: broken}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "load", lambda _text, _path: tables)
        with pytest.raises(ConfigError) as caught:
            parse_settings("", FILE, {})
    for word in ("Input should", "pydantic", "Field required", "Value error", "write another value"):
        assert word not in str(caught.value)


def _names(section: str) -> list[str]:
    annotation = Settings.model_fields[section].annotation
    fields = getattr(annotation, "model_fields", {})
    return [*fields, "bar", "sales", "tenders"]
