"""The pages are held to the code: every setting and every state is on them, as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from posplugin.accounting_system import Stage
from posplugin.domain.payment import RefusalCode
from posplugin.domain.reasons import Reason
from posplugin.settings import rows
from posplugin.settings.read import parse_settings
from posplugin.texts import texts

ROOT = Path(__file__).parents[2]
POWEROFFICE = (ROOT / "docs" / "poweroffice.md").read_text()
SETTINGS = (ROOT / "docs" / "settings.md").read_text()


def test_each_reason_and_refusal_has_words_in_both_languages() -> None:
    """Nobody meets a bare code."""
    for language in ("nb", "en"):
        assert set(texts(language).reason) == set(Reason)
        assert set(texts(language).refusal) == set(RefusalCode)


def test_the_settings_page_is_a_file_that_reads_and_names_every_setting() -> None:
    """The page's TOML is read by the plugin itself, and leaves no setting out."""
    toml = SETTINGS.split("```toml\n")[1].split("```")[0]
    settings = parse_settings(toml, ROOT / "posplugin.toml", {})

    for key, _, _ in rows(settings):
        last = key.replace('"', "").split(".")[-1].split("[")[0]
        assert re.search(rf"(?m)(^|[{{ #.]){re.escape(last)}\b|\"{re.escape(last)}\"", toml), key


NEEDED = """
[terminal]
id = "bar-1"
department = "bar"
[poweroffice]
endpoint_mode = "simulator"
application_key = "a"
subscription_key = "s"
[departments.bar]
client_key = "c"
"""


def _marks(toml: str) -> dict[str, str]:
    """Return of each setting on the page what its comment begins with."""
    section, found = "", {}
    for line in toml.splitlines():
        if line.startswith("["):
            section = line[1 : line.index("]")]
        elif setting := re.match(r"(\w+) = (.*)", line):
            found[f"{section}.{setting[1]}"] = setting[2].rpartition("  # ")[2]
    return found


def test_what_the_settings_page_does_not_call_needed_or_an_example_is_the_default() -> None:
    """A reader knows what a setting is when it is left out."""
    toml = SETTINGS.split("```toml\n")[1].split("```")[0]
    page = {key: value for key, value, _ in rows(parse_settings(toml, ROOT / "posplugin.toml", {}))}
    short = {key: value for key, value, _ in rows(parse_settings(NEEDED, ROOT / "posplugin.toml", {}))}
    marks = _marks(toml)

    defaults = {key for key, mark in marks.items() if not mark.startswith(("needed", "example"))}
    examples = {key for key, mark in marks.items() if mark.startswith("example")}
    needed = {key for key, mark in marks.items() if mark.startswith("needed")}

    assert len(defaults) > 30
    assert {key: page[key] for key in defaults} == {key: short.get(key) for key in defaults}
    assert not {key for key in examples if key in short and page.get(key) == short[key]}
    assert needed == {f"{place}" for place in _marks(NEEDED)}


@pytest.mark.parametrize("stage", Stage)
def test_each_state_is_on_the_poweroffice_page(stage: Stage) -> None:
    """Whoever meets a state finds what it means and whether to act."""
    assert f"| `{stage}` |" in POWEROFFICE
    assert texts("nb").stage[stage] != texts("en").stage[stage]
