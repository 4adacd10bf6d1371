"""The settings as forms: what is wrong is said where it stands, and nothing of another person is overwritten."""

from __future__ import annotations

import os
from typing import Any

import pytest

from posplugin.settings.tables import read_text
from posplugin.simulator import APPLICATION_KEY
from posplugin.texts import texts
from tests.integration.console.editor import Editor, commented
from tests.integration.console.filled import form_of, found
from tests.integration.console.visitor import Visitor, seen
from tests.integration.sender.shop import OpenShop, Shop


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return commented(shops)


@pytest.fixture
def editor(shop: Shop) -> Editor:
    return Editor(shop)


# -- what is wrong -----------------------------------------------------------------------------------------------------

ACCOUNT = "skriv nummeret på en konto i PowerOffices kontoplan."


def test_all_that_is_wrong_is_said_at_once_each_at_its_field_and_nothing_is_written(editor: Editor) -> None:
    before = editor.text
    editor.form.setlist("ledger.sales#", ["0", "1", "2", "3", "4"])
    told = editor.does(
        {
            "terminal.department": "kjøkken",
            "schedule.time": "02:30",
            "schedule.frequency": "weekly",
            "invoicing.invoice_fee_amount": "mye",
            "invoicing.enabled_since": "31.02.2026",
            "ledger.gratuity": "tips",
            "ledger.rounding": "",
            "ledger.sales#1#account": "null",
            "ledger.sales#4#article_group": "drikke",
            "ledger.tenders#0#value": "",
            "new#name": "bar",
        }
    )
    assert "Ingenting er lagret. Dette må rettes (13):" in told
    assert editor.text == before
    assert editor.wrong_at("terminal.department") == ["«kjøkken» er ingen avdeling i filen. Den har bar, cafe."]
    assert "velg en tid utenom 02:00 til 02:59" in editor.wrong_at("schedule.time")[0]
    assert editor.wrong_at("schedule.weekday") == ["Mangler; når det sendes ukentlig, må det fylles ut."]
    assert "skriv kroner" in editor.wrong_at("invoicing.invoice_fee_amount")[0]
    assert editor.wrong_at("invoicing.enabled_since") == [
        '"31.02.2026" kan ikke brukes: skriv en dato, som 01.11.2026.'
    ]
    assert editor.wrong_at("ledger.gratuity") == [f'"tips" kan ikke brukes: {ACCOUNT}']
    assert editor.wrong_at("ledger.rounding")[0].startswith("Mangler: kontoen for øreavrunding.")
    assert editor.wrong_at("ledger.sales#1#account") == [f'"null" kan ikke brukes: {ACCOUNT}']
    assert editor.wrong_at("ledger.sales#4#vat") == ["Må fylles ut."]
    assert ACCOUNT in editor.wrong_at("ledger.tenders#0#value")[0]
    assert editor.wrong_at("new#name") == ["Avdelingen bar finnes allerede."]
    assert form_of(editor.page, "/settings")["invoicing.invoice_fee_amount"] == "mye"
    links = found(editor.page, '//section[@role="alert"]//a/@href')
    ids = set(found(editor.page, "//@id"))
    assert {link[1:] for link in links} <= ids


@pytest.mark.parametrize("language", ["nb", "en"])
def test_vat_that_nobody_would_report_is_said_at_who_reports_it(shop: Shop, language: str) -> None:
    text = shop.config.read_text().replace("[terminal]", f'[terminal]\nlanguage = "{language}"')
    shop.config.write_text(text.split("[ledger]")[0])
    editor = Editor(shop)
    editor.does({"invoicing.vat_reported_by": "settlement"})
    words = {"nb": "bar har ingen kontoplan, så ingen ville", "en": "bar has no ledger, so nobody would"}
    assert editor.wrong_at("invoicing.vat_reported_by")[0].startswith(words[language])


def test_what_was_wrong_can_be_mended_and_saved_from_the_same_page(editor: Editor) -> None:
    editor.does({"ledger.gratuity": "tips", "terminal.id": "bar-7"})
    editor.form = form_of(editor.page, "/settings")
    assert "Lagret." in editor.does({"ledger.gratuity": "2982"})
    assert (editor.tables["terminal"]["id"], editor.tables["ledger"]["gratuity"]) == ("bar-7", 2982)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_name_that_two_rows_have_is_said_at_the_second(shop: Shop, language: str) -> None:
    shop.config.write_text(shop.config.read_text().replace("[terminal]", f'[terminal]\nlanguage = "{language}"'))
    editor = Editor(shop)
    editor.does({"ledger.tenders#1#key": "cash"})
    words = texts(language).console.settings.problems.twice
    assert editor.wrong_at("ledger.tenders#1#key") == [words.format(name="cash")]


def test_a_file_that_was_broken_elsewhere_is_mended_here(shop: Shop) -> None:
    text = shop.config.read_text()
    shop.config.write_text(text.replace("gratuity = 2981", 'gratuity = "2981"').replace("[saft]", ""))
    editor = Editor(shop)
    assert "Filen er ikke i orden" in seen(editor.visitor.get("/settings"))
    assert editor.wrong_at("ledger.gratuity")
    assert "Lagret." in editor.press()
    assert editor.tables["ledger"]["gratuity"] == 2981


def test_what_has_no_field_is_named_by_its_key(shop: Shop) -> None:
    shop.config.write_text(shop.config.read_text().replace("[invoicing]", "[invoicing]\ntips = true"))
    told = seen(Visitor(shop.app).get("/settings"))
    assert "invoicing.tips i filen er ingen innstilling. Er det invoicing.lines som er ment?" in told or (
        "invoicing.tips i filen er ingen innstilling." in told
    )


def test_a_file_that_is_no_toml_is_told_and_left_alone(shop: Shop) -> None:
    shop.config.write_text(f'[poweroffice]\napplication_key = "{APPLICATION_KEY}\n')
    visitor = Visitor(shop.app)
    for answer in (visitor.get("/settings"), visitor.post("/settings", {"terminal.id": "x"})):
        told = seen(answer)
        assert "er ikke skrevet som TOML" in told
        assert APPLICATION_KEY not in told


def test_a_disk_that_refuses_is_told(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    before = editor.text
    monkeypatch.setattr(os, "fsync", full)
    assert "kan ikke skrives: No space left on device" in editor.does({"terminal.id": "bar-7"})
    assert editor.text == before


# -- somebody else -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["save", "test", "add:ledger.sales"])
def test_a_change_by_somebody_else_is_noticed_and_kept(editor: Editor, act: str) -> None:
    editor.shop.config.write_text(editor.text.replace("gratuity = 2981", "gratuity = 2985"))
    told = editor.does({"terminal.id": "bar-7"}, act=act)
    assert "Noen andre har endret filen" in told
    assert editor.tables["ledger"]["gratuity"] == 2985
    assert editor.tables["terminal"]["id"] == "bar-1"
    assert form_of(editor.page, "/settings")["ledger.gratuity"] == "2985"


@pytest.mark.parametrize("mark", ["", "0" * 64, "å"])
def test_a_form_that_no_page_of_ours_gave_changes_nothing(editor: Editor, mark: str) -> None:
    assert "Noen andre har endret filen" in editor.does({"terminal.id": "bar-7", "mark": mark})
    assert editor.tables["terminal"]["id"] == "bar-1"


def test_a_change_between_the_look_and_the_writing_is_noticed(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posplugin.settings.write.read_text", lambda path: read_text(path) + "# of another\n")
    assert "Noen andre har endret filen" in editor.does({"terminal.id": "bar-7"})
    assert editor.tables["terminal"]["id"] == "bar-1"
