"""Both languages say everything, with the same things filled in, and name only what exists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from string import Formatter

import pytest

from posplugin.domain.errors import UsageError
from posplugin.domain.payment import PaymentField, RefusalCode
from posplugin.domain.reasons import SET_UP_REASONS, Reason
from posplugin.texts import Texts, texts

LANGUAGES = ("nb", "en")
STATUSES = {
    "authorized",
    "pending",
    "sending",
    "uncertain",
    "delivered",
    "needs_attention",
    "cancelled",
    "discarded",
    "reversed",
}
FOR_THE_CASHIER = {"customer", "number", "receipt", "rate", "amount", "limit", "field", "date", "department"}


def every_text(said: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Give each text with the name that leads to it."""
    if isinstance(said, str):
        yield name, said
    elif isinstance(said, Mapping):
        for key, value in said.items():
            yield from every_text(value, f"{name}[{key}]")
    elif is_dataclass(said):
        for field in fields(said):
            yield from every_text(getattr(said, field.name), f"{name}.{field.name}")


def filled_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_value_has_words(language: str) -> None:
    said = texts(language)
    assert set(said.refusal) == set(RefusalCode)
    assert set(said.reason) == set(Reason)
    assert set(said.field) == set(PaymentField)
    assert set(said.status) == STATUSES
    assert all(text.strip() == text and text for _, text in every_text(said))


def test_both_languages_fill_in_the_same() -> None:
    nb, en = (dict(every_text(texts(language))) for language in LANGUAGES)
    assert nb.keys() == en.keys()
    assert {name: filled_in(text) for name, text in nb.items()} == {name: filled_in(en[name]) for name in en}


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_are_sentences_that_fill_in_only_what_the_till_gives(language: str) -> None:
    for code, text in texts(language).refusal.items():
        assert filled_in(text) <= FOR_THE_CASHIER, code
        assert text.endswith("."), code
        assert text.format_map(dict.fromkeys(FOR_THE_CASHIER, "x"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_have_a_sentence_and_a_remedy_with_nothing_to_fill_in(language: str) -> None:
    for reason, said in texts(language).reason.items():
        assert not filled_in(said.sentence + said.remedy), reason
        assert said.sentence.endswith("."), reason
        assert said.remedy.endswith("."), reason
        assert "posplugin " in said.remedy, reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_goes_on_once_the_set_up_is_mended_says_so(language: str) -> None:
    for reason in SET_UP_REASONS:
        assert "`posplugin check`" in texts(language).reason[reason].remedy, reason


def test_both_languages_name_the_same_commands() -> None:
    commands = [re.findall(r"`posplugin [^`]*`", "".join(t for _, t in every_text(texts(x)))) for x in LANGUAGES]
    assert set(commands[0]) == set(commands[1])


def test_languages_differ_and_an_unknown_one_is_refused() -> None:
    assert isinstance(texts("nb"), Texts)
    assert texts("nb").channel_label == "Faktura"
    assert texts("en").channel_label == "Invoice"
    with pytest.raises(UsageError, match="'sv' is not known; use one of nb, en"):
        texts("sv")
