"""The page of the settings has words for every setting, every choice, and everything that can be wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from posplugin.checking.settings_said import sentence
from posplugin.console.settings_sections import fields_of, sections, tables_of
from posplugin.domain.errors import ConfigError
from posplugin.settings import Problem, parse_settings
from posplugin.settings.problems import _EXPECTED
from posplugin.texts import texts
from tests.unit.settings.conftest import WHOLE
from tests.unit.settings.test_problems import ONE_PROBLEM

ROOT = Path(__file__).parents[3]
LANGUAGES = ("nb", "en")
FILE = Path("/srv/till/posplugin.toml")
PAGE = sections(["bar", "cafe"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_section_and_column_has_words_and_no_other_has(language: str) -> None:
    text = texts(language).console.settings
    settled = {"settlement.schedule"}
    named = {one.words for one in fields_of(PAGE)} | {table.words for table in tables_of(PAGE)} | settled
    assert set(text.setting) == named
    assert set(text.section) == {section.name for section in PAGE}
    assert {name: set(columns) for name, columns in text.column.items()} == {
        table.words: {column.name for column in table.columns} for table in tables_of(PAGE)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_has_words(language: str) -> None:
    option = texts(language).console.settings.option
    for one in fields_of(PAGE):
        if one.options:
            assert set(one.options) == set(option[one.words]), one.name
    for table in tables_of(PAGE):
        for column in table.columns:
            if any(word.isalpha() for word in column.options):
                assert set(column.options) == set(option[table.words]), table.name


def test_the_terms_of_the_manuals_are_on_both_pages() -> None:
    terms = ["Client key", "Enabled since", "Send amount excluding VAT", "Invoice gratuity productid"]
    terms += ["Invoice fee productid", "Invoice fee amount", "End point mode"]
    terms += [f"Invoice sale productid {rate}\u00a0% VAT" for rate in (0, 12, 15, 25)]
    for language in LANGUAGES:
        known = {setting.term for setting in texts(language).console.settings.setting.values()}
        assert set(terms) <= known


def _expectations() -> Iterator[str]:
    """Give every sentence that a value of the settings is refused with."""
    yield from _EXPECTED.values()
    tree = ast.parse((ROOT / "posplugin" / "settings" / "values.py").read_text())
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "ValueError":
            yield from (part.value for part in call.args if isinstance(part, ast.Constant))  # type: ignore[misc]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_expectation_has_words(language: str) -> None:
    known = texts(language).console.settings.problems.expected
    assert [told for told in _expectations() if told not in known] == []


SETTLING = WHOLE.replace('vat_reported_by = "invoice"', 'vat_reported_by = "settlement"')
BROKEN = [
    *(WHOLE.replace(old, new, 1) for old, new, _ in ONE_PROBLEM),
    "",
    SETTLING.replace("invoice_clearing = 1990", ""),
    WHOLE.replace("[ledger]", "[ledgers]").replace("[departments.bar.ledger]", "[departments.bar.ledgers]"),
    WHOLE.replace("rounding = 7745", "").replace("gratuity = 2981", "").replace("gratuity = 2982", ""),
    WHOLE.replace('endpoint_mode = "simulator"', 'endpoint_mode = "test"').replace('"60s"', '"5s"'),
    WHOLE.replace("bar-client-0b2d", "a key"),
    WHOLE.replace("[schedule]", 'x = 1\nschedule = "daily"\n[quux]'),
    "x = ",
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_of_a_file_is_said_in_words_of_its_own(language: str) -> None:
    text, seen = texts(language).console.settings, set()
    for broken in BROKEN:
        with pytest.raises(ConfigError) as caught:
            parse_settings(broken, FILE, {})
        for problem in caught.value.problems:
            assert isinstance(problem, Problem), problem
            seen.add(problem.template)
            told = sentence(problem, text)
            assert problem.template in {**text.problems.sentence, **text.problems.unwritten}, problem
            assert "{" not in told.replace("{ … }", "")
            if language == "nb":
                assert told != problem
    assert len(seen) > 12


def _templates() -> Iterator[str]:
    """Give every sentence with a place for facts in it; of one that is put together, its beginning."""
    for file in sorted((ROOT / "posplugin" / "settings").glob("*.py")):
        for part in ast.walk(ast.parse(file.read_text())):
            told = part.value if isinstance(part, ast.Constant) else None
            if isinstance(told, str) and told.startswith(("{setting}", "{path}", "{variable}")):
                yield told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_in_the_code_has_words(language: str) -> None:
    problems = texts(language).console.settings.problems
    known = (*problems.sentence, *problems.unwritten)
    found = list(_templates())
    assert len(found) > 20
    assert [told for told in found if not any(each.startswith(told) for each in known)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_problems_are_of_problems_that_there_are(language: str) -> None:
    """A template that is mended in the code is mended here too."""
    problems = texts(language).console.settings.problems
    code = "".join(file.read_text() for file in sorted((ROOT / "posplugin" / "settings").glob("*.py")))
    code = re.sub(r"""(["'])\n +\1""", "", code)
    for template in problems.unwritten:
        assert template in code, template
    for what in problems.expected:
        assert what.split(":")[0].split("; ")[0][:24] in code, what
