"""What `check` says: of everything it looks at and of every fault, in both languages, with a remedy."""

from __future__ import annotations

from string import Formatter

import pytest

from posplugin.domain.fault import PROVES_NOTHING, WRONG_VAT, Fault
from posplugin.domain.look import Look, Need
from posplugin.texts import texts

LANGUAGES = ("nb", "en")


def filled_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_looked_at_and_every_fault_has_words(language: str) -> None:
    said = texts(language).check
    assert set(said.look) == set(Look)
    assert set(said.fault) == set(Fault)
    assert set(said.need) == set(Need)


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_is_a_sentence_and_a_remedy(language: str, fault: Fault) -> None:
    said = texts(language).check.fault[fault]
    assert said.remedy.endswith(".")
    assert said.sentence.endswith((".", "{problems}"))
    assert said.sentence[0] in "{" or not said.sentence[0].islower() or said.sentence.startswith("invoicing.")


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
def test_both_languages_fill_in_the_same(fault: Fault) -> None:
    nb, en = (texts(language).check.fault[fault] for language in LANGUAGES)
    assert filled_in(nb.sentence) == filled_in(en.sentence)
    assert filled_in(nb.remedy) == filled_in(en.remedy)
    assert nb != en


def test_numbers_stand_in_groups_and_none_is_used_twice() -> None:
    numbers = [fault.value for fault in Fault]
    assert numbers == sorted(set(numbers))
    assert all(101 <= number <= 899 for number in numbers)


def test_a_privilege_that_is_asked_for_needs_a_new_token() -> None:
    """Each remedy that gives a privilege says when it begins to work."""
    for language in LANGUAGES:
        for fault in (
            Fault.PRIVILEGE_MISSING,
            Fault.PRIVILEGE_WITHOUT_SUBSCRIPTION,
            Fault.PRIVILEGE_REFUSED,
            Fault.MAY_NOT_SEND,
        ):
            assert "token" in texts(language).check.fault[fault].remedy, fault
            assert "20 minut" in texts(language).check.fault[fault].remedy, fault


def test_wrong_vat_is_never_what_could_not_be_asked() -> None:
    assert not WRONG_VAT & PROVES_NOTHING
