"""Which words are said."""

from __future__ import annotations

from sample_terminal.web.words import Words
from sample_terminal.web.words_en import EN
from sample_terminal.web.words_nb import NB

_LANGUAGES = {"nb": NB, "en": EN}


def words(language: str) -> Words:
    """Return the words of a language; bokmål for one that there are none of."""
    return _LANGUAGES.get(language, NB)
