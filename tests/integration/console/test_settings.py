"""The settings as forms: what is changed is written and nothing else, and the page has all of them."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from posplugin.settings import parse_settings, rows
from posplugin.texts import texts
from tests.integration.console.editor import ON, Editor, commented
from tests.integration.console.filled import form_of, found
from tests.integration.console.visitor import Visitor, seen
from tests.integration.sender.shop import OpenShop, Shop

ROOT = Path(__file__).parents[3]


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return commented(shops)


@pytest.fixture
def editor(shop: Shop) -> Editor:
    return Editor(shop)


# -- saving ------------------------------------------------------------------------------------------------------------


def test_a_form_that_nobody_changed_leaves_the_file_as_it_is(editor: Editor) -> None:
    before, inode = editor.text, editor.shop.config.stat().st_ino
    assert "Ingenting var endret" in editor.press()
    assert (editor.text, editor.shop.config.stat().st_ino) == (before, inode)


def test_only_what_was_changed_is_written_and_comments_mode_and_order_stay(editor: Editor) -> None:
    before = editor.text
    told = editor.does({"terminal.id": "bar-7", "ledger.sales#0#account": "3010"})

    assert "Lagret." in told
    assert editor.text == before.replace('"bar-1"', '"bar-7"').replace("account = 3000", "account = 3010")
    assert "# på lappen under kassen" in editor.text
    assert "# mat og drikke" in editor.text
    assert stat.S_IMODE(editor.shop.config.stat().st_mode) == 0o600


CHANGED: list[tuple[dict[str, str | None], str, object]] = [
    ({"poweroffice.settle_time": "90s"}, "poweroffice.settle_time", "1m"),
    ({"poweroffice.terminals": "1200"}, "poweroffice.terminals", "1200"),
    ({"invoicing.enabled_since": "01.11.2026"}, "invoicing.enabled_since", "2026-11-01"),
    ({"invoicing.enabled_since": "01.11.26"}, "invoicing.enabled_since", "2026-11-01"),
    ({"invoicing.invoice_fee": ON}, "invoicing.invoice_fee", "true"),
    ({"invoicing.tips_on_invoice": None}, "invoicing.tips_on_invoice", "false"),
    ({"invoicing.invoice_fee_amount": "1 039,5"}, "invoicing.invoice_fee_amount", "1039.50"),
    ({"invoicing.delivery": "send"}, "invoicing.delivery", "send"),
    ({"invoicing.lines": "per_item", "invoicing.create_missing_products": ON}, "invoicing.lines", "per_item"),
    ({"departments.bar.products.fee": "8"}, "departments.bar.products.fee", "8"),
    ({"departments.bar.products.fee": ""}, "departments.bar.products.fee", "(not set)"),
    ({"departments.bar.department_code": "10"}, "departments.bar.department_code", "10"),
    ({"departments.bar.ledger.gratuity": "2982"}, "departments.bar.ledger.gratuity", "2982"),
    ({"settlement.enabled": "true"}, "settlement.enabled", "true"),
    ({"settlement.period_locked": "first_open_day"}, "settlement.period_locked", "first_open_day"),
    ({"schedule.time": "05:30", "schedule.times.sun": "08:00"}, "schedule.times", '{"sun": "08:00"}'),
    (
        {"settlement.schedule": ON, "settlement.schedule.frequency": "weekly", "settlement.schedule.weekday": "mon"},
        "settlement.schedule.weekday",
        "mon",
    ),
    ({"settlement.schedule": ON}, "settlement.schedule.time", "06:00"),
    ({"terminal.language": "en"}, "terminal.language", "en"),
    ({"saft.customer_numbers": "poweroffice"}, "saft.customer_numbers", "poweroffice"),
]


@pytest.mark.parametrize(("entered", "key", "shown"), CHANGED, ids=[key for _, key, _ in CHANGED])
def test_what_is_entered_is_in_force(editor: Editor, entered: dict[str, str | None], key: str, shown: object) -> None:
    editor.does(entered)
    now = {name: value for name, value, _ in rows(editor.shop.app.settings_now())}
    expected = {"poweroffice.settle_time": "90s"}.get(key, shown)
    assert now[key] == expected
    assert editor.shop.app.settings == parse_settings(editor.text, editor.shop.config, {})


def test_the_page_shows_what_was_saved(editor: Editor) -> None:
    editor.does({"invoicing.enabled_since": "01.11.2026", "invoicing.invoice_fee_amount": "39"})
    form = editor.open()
    assert (form["invoicing.enabled_since"], form["invoicing.invoice_fee_amount"]) == ("01.11.2026", "39,00")


def test_what_is_emptied_falls_back_to_its_default_and_an_empty_table_goes(editor: Editor) -> None:
    editor.does({"schedule.times.sun": "08:00", "departments.bar.ledger.gratuity": "2982"})
    editor.open()
    editor.does({"schedule.times.sun": "", "departments.bar.ledger.gratuity": "", "poweroffice.settle_time": ""})
    assert "times" not in editor.tables["schedule"]
    assert "ledger" not in editor.tables["departments"]["bar"]
    assert "settle_time" not in editor.tables["poweroffice"]


def test_the_settlements_own_times_are_taken_out_whole(editor: Editor) -> None:
    editor.does({"settlement.schedule": ON, "settlement.schedule.time": "07:00"})
    editor.open()
    editor.does({"settlement.schedule": None, "settlement.schedule.time": "07:30"})
    assert "schedule" not in editor.tables["settlement"]


def test_a_department_is_added(editor: Editor) -> None:
    editor.does({"new#name": "terrasse 2", "new#client_key": "en-ny-noekkel", "new#department_code": "30"})
    assert editor.tables["departments"]["terrasse 2"] == {"client_key": "en-ny-noekkel", "department_code": "30"}
    assert 'name="departments.&#34;terrasse 2&#34;.products.vat_25"' in editor.page
    editor.open()
    editor.does({'departments."terrasse 2".products.vat_25': "30"})
    assert editor.tables["departments"]["terrasse 2"]["products"] == {"vat_25": "30"}


# -- tables with rows --------------------------------------------------------------------------------------------------

DRINKS = {"article_group": "drikke", "vat": "25", "account": "3020", "vat_code": "3"}


def test_a_row_is_added_and_another_taken_out_without_javascript(editor: Editor) -> None:
    """Each button gives the page anew, with what was entered so far; nothing is written before it is saved."""
    before = editor.text
    editor.does({"terminal.id": "bar-7"}, act="add:ledger.sales")
    editor.form = form_of(editor.page, "/settings")
    assert editor.form.getlist("ledger.sales#") == ["0", "1", "2", "3", "4"]
    editor.does({f"ledger.sales#4#{column}": value for column, value in DRINKS.items()}, act="remove:ledger.sales#3")
    editor.form = form_of(editor.page, "/settings")
    assert editor.text == before

    editor.press()
    groups = [(row["article_group"], row["vat"]) for row in editor.tables["ledger"]["sales"]]
    assert groups == [("*", 25), ("*", 15), ("*", 12), ("drikke", 25)]
    assert editor.tables["terminal"]["id"] == "bar-7"
    assert "# mat og drikke" in editor.text


def test_a_way_to_pay_is_renamed_added_and_taken_out(editor: Editor) -> None:
    numbers = editor.form.getlist("ledger.tenders#")
    editor.form.setlist("ledger.tenders#", [*numbers, "2"])
    editor.does(
        {
            "ledger.tenders#0#key": "12001",
            "ledger.tenders#1#value": "1581",
            "ledger.tenders#2#key": "vipps",
            "ledger.tenders#2#value": "1582",
        }
    )
    assert editor.tables["ledger"]["tenders"] == {"card": 1581, "12001": 1900, "vipps": 1582}


def test_an_empty_row_is_no_row(editor: Editor) -> None:
    editor.form.setlist("ledger.movements#", ["0", "1", "2"])
    editor.does({"ledger.movements#1#key": "", "ledger.movements#2#value": " "})
    assert "Ingenting var endret" in seen(editor.visitor.get("/settings")) or "ledger" in editor.tables
    assert editor.tables["ledger"]["movements"] == {"bank deposit": 1920}


def test_the_tables_of_saf_t_are_written_as_the_file_has_them(editor: Editor) -> None:
    for table in ("codes", "invoice_payments", "line_kinds", "registers"):
        editor.form.setlist(f"saft.{table}#", ["0"])
    editor.does(
        {
            "saft.codes#0#key": "HUSKONTO",
            "saft.codes#0#value": "12006",
            "saft.invoice_payments#0#value": "ROOM",
            "saft.line_kinds#0#key": "900",
            "saft.line_kinds#0#value": "gift_card",
            "saft.registers#0#key": "11.222",
            "saft.registers#0#terminal": "bar-1",
            "saft.registers#0#department": "bar",
        }
    )
    assert editor.tables["saft"] == {
        "codes": {"HUSKONTO": "12006"},
        "invoice_payments": ["ROOM"],
        "line_kinds": {"900": "gift_card"},
        "registers": {"11.222": {"terminal": "bar-1", "department": "bar"}},
    }
    editor.open()
    editor.does({"saft.registers#0#terminal": "bar-2"})
    assert editor.tables["saft"]["registers"] == {"11.222": {"terminal": "bar-2", "department": "bar"}}


# -- the page ----------------------------------------------------------------------------------------------------------


def _documented() -> list[str]:
    toml = (ROOT / "docs" / "settings.md").read_text().split("```toml\n")[1].split("```")[0]
    page = [key for key, _, _ in rows(parse_settings(toml, ROOT / "posplugin.toml", {}))]
    return sorted({re.split(r"\[|\.\"", key)[0] for key in page})


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_setting_of_the_documentation_is_on_the_page_with_a_label(shop: Shop, language: str) -> None:
    visitor = Visitor(shop.app)
    visitor.post("/language", {"language": language})
    page = visitor.get("/settings").text
    shown = found(page, '//*[contains(@class, "dotted")]/text()')
    days = {f"schedule.times.{day}" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    assert days <= set(shown)
    tables = {dotted.rpartition(".")[0] for dotted in shown}
    assert [key for key in _documented() if key not in tables.union(shown)] == []
    for dotted in found(page, '//*[contains(@class, "entry")][.//p[contains(@class, "dotted")]]//label//text()'):
        assert "None" not in dotted


def test_every_setting_choice_and_column_has_words_in_both_languages(shop: Shop) -> None:
    """What stands on the page is never a word of the file."""
    for language in ("nb", "en"):
        text = texts(language).console.settings
        visitor = Visitor(shop.app)
        visitor.post("/language", {"language": language})
        page = visitor.get("/settings").text
        for key in found(page, "//select/@name"):
            for option in found(page, f"//select[@name='{key}']/option/text()"):
                assert not re.fullmatch(r"[a-z]+(_[a-z]+)+", option), (key, option)
        assert {name.split(".")[0] for name in text.setting} >= {"terminal", "poweroffice", "ledger", "saft"}


def test_ids_are_not_given_twice_and_every_label_has_its_field(editor: Editor) -> None:
    outside = re.sub(r"<template>.*?</template>", "", editor.page, flags=re.S)
    ids = found(outside, "//@id")
    assert len(ids) == len(set(ids))
    assert set(found(outside, "//label/@for")) <= set(ids)
    assert set(" ".join(found(outside, "//@aria-describedby | //@aria-labelledby")).split()) <= set(ids)


ODD = [
    "x" * 10_000,
    "'; DROP TABLE records; --",
    '"""',
    "\x00",
    "9" * 10_000,
    "[a]\nb=1",
    "🍺\N{RIGHT-TO-LEFT OVERRIDE}",
]


ONE_OF_EACH = [
    *("terminal.id", "terminal.timezone", "poweroffice.simulator_url", "poweroffice.settle_time"),
    *("poweroffice.application_key", "poweroffice.endpoint_mode", "invoicing.enabled", "invoicing.enabled_since"),
    *("invoicing.default_credit_limit", "invoicing.product_prefix", "departments.bar.products.vat_25", "schedule.day"),
    *("schedule.time", "schedule.times.sun", "ledger.gratuity", "ledger.sales#", "ledger.sales#0#vat"),
    *("ledger.sales#0#account", "ledger.sales#0#vat_code", "ledger.tenders#0#key", "ledger.tenders#0#value"),
    *("new#name", "new#client_key", "mark", "ticks"),
]


@pytest.mark.parametrize("odd", ODD, ids=lambda text: ascii(text)[:20])
def test_whatever_is_entered_nothing_breaks(editor: Editor, odd: str) -> None:
    """Refused in words at a field, or written and read as it is."""
    sane = editor.text
    form = editor.open()
    every = [name for name in form if name not in ("mark", "ticks")]
    for names in [every, *([name] for name in ONE_OF_EACH)]:
        editor.shop.config.write_text(sane)
        entered = {**form.to_dict(flat=False), **dict.fromkeys(names, odd), "act": "save"}
        answer = editor.visitor.post("/settings", entered)
        assert answer.status_code in (200, 303, 413), names
        editor.shop.app.status()
        parse_settings(editor.text, editor.shop.config, {})


def test_an_act_that_no_page_of_ours_has_changes_nothing(editor: Editor) -> None:
    before = editor.text
    for act in ("add:nowhere", "remove:ledger.sales#99", "remove:", "add:"):
        editor.press(act)
    assert editor.text == before


def test_blanks_around_a_value_stay_while_nobody_changes_it(shops: OpenShop) -> None:
    """Such a prefix is valid, and another one would make the products anew."""
    shop = commented(shops)
    text = shop.config.read_text()
    shop.config.write_text(text.replace("[invoicing]", '[invoicing]\nproduct_prefix = "A "', 1))
    editor = Editor(shop)

    editor.does({"schedule.window": "2m"})

    assert editor.tables["invoicing"]["product_prefix"] == "A "
    editor.open()
    editor.does({"invoicing.product_prefix": " B "})
    assert editor.tables["invoicing"]["product_prefix"] == "B"
