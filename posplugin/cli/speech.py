"""In which language the commands speak: the terminal's; English where no settings can be read."""

from __future__ import annotations

from contextvars import ContextVar
from pathlib import Path

from posplugin.domain.errors import ConfigError
from posplugin.settings import read_settings
from posplugin.texts import cli_en, cli_nb
from posplugin.texts.cli import CliText

ENGLISH = "en"
_LANGUAGES = {"nb": cli_nb.CLI, ENGLISH: cli_en.CLI}
_spoken: ContextVar[str] = ContextVar("language of the commands", default=ENGLISH)


def speak(language: str) -> None:
    """Speak "nb" or "en" from now on."""
    _spoken.set(language)


def speak_as_set(config: Path | None) -> None:
    """Speak as terminal.language says from now on, English where it cannot be read."""
    try:
        speak(read_settings(config).terminal.language)
    except ConfigError:
        speak(ENGLISH)


def language() -> str:
    """Return "nb" or "en"."""
    return _spoken.get()


def words() -> CliText:
    """Return all that the commands say, in the language spoken now."""
    return _LANGUAGES[_spoken.get()]
