"""Every language says everything, with the same places to fill in; every refusal of the page has its words."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest

import sample_terminal.web
from posplugin.domain.payment import Light, PaymentField
from posplugin.texts import texts
from sample_terminal.menu import GROUPS
from sample_terminal.web.language import words
from sample_terminal.web.words import Words

FOLDER = Path(sample_terminal.web.__file__).parent
NB, EN = words("nb"), words("en")


def filled(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def said(texts: Words) -> dict[str, str]:
    """Everything a language says, by name."""
    found: dict[str, str] = {}
    for field in fields(texts):
        value = getattr(texts, field.name)
        if isinstance(value, Mapping):
            found |= {f"{field.name}.{key}": text for key, text in value.items()}
        else:
            found[field.name] = value
    return found


def test_both_languages_say_the_same_things() -> None:
    norwegian, english = said(NB), said(EN)

    assert norwegian.keys() == english.keys()
    assert all(text.strip() for text in (*norwegian.values(), *english.values()))
    assert {name: filled(text) for name, text in norwegian.items()} == {n: filled(t) for n, t in english.items()}


@pytest.mark.parametrize("language", ["nb", "en"])
def test_what_is_written_for_the_invoice_has_the_plugins_own_names(language: str) -> None:
    """A refusal and a delivery receipt speak of the same fields."""
    assert dict(words(language).field) == dict(texts(language).field)


def test_nothing_is_left_untranslated() -> None:
    same = {name for name, text in said(NB).items() if said(EN)[name] == text}

    assert same == {"kroner", "ehf", "light.green"}


@pytest.mark.parametrize("texts", [NB, EN])
def test_every_group_field_light_and_refusal_has_words(texts: Words) -> None:
    used = set(re.findall(r'Wrong\("(\w+)"', "".join(file.read_text() for file in FOLDER.glob("*.py"))))

    assert texts.group.keys() == GROUPS.keys()
    assert texts.field.keys() == texts.field_hint.keys() == set(PaymentField)
    assert texts.light.keys() == set(Light)
    assert texts.wrong.keys() == used | {"card_declined", "usage"}


def test_every_word_that_a_template_names_is_there_and_every_one_is_used() -> None:
    code = "".join(file.read_text() for file in (*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.html")))
    named = set(re.findall(r"\bw\.(\w+)|\bwords\.(\w+)", code))
    names = {one or other for one, other in named} - {"words_en", "words_nb", "words"}

    assert names == {field.name for field in fields(NB)}


def test_an_unknown_language_is_bokmal() -> None:
    assert words("sv") is NB
