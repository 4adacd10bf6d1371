"""Every sentence that a person reads at the till or in the queue, in bokmål and in English."""

from __future__ import annotations

from posplugin.domain.errors import UsageError
from posplugin.texts import en, nb
from posplugin.texts.model import (
    ChannelText,
    InvoiceText,
    PaperText,
    ReasonText,
    ReceiptText,
    Texts,
    WarningText,
)
from posplugin.texts.settlement import SettlementText

_LANGUAGES = {"nb": nb.TEXTS, "en": en.TEXTS}


def texts(language: str) -> Texts:
    """Return the texts of "nb" or "en"; raise `UsageError` for any other language."""
    if language not in _LANGUAGES:
        raise UsageError(f"the language {language!r} is not known; use one of {', '.join(_LANGUAGES)}")
    return _LANGUAGES[language]


__all__ = [
    "ChannelText",
    "InvoiceText",
    "PaperText",
    "ReasonText",
    "ReceiptText",
    "SettlementText",
    "Texts",
    "WarningText",
    "texts",
]
