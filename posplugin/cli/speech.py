"""In which language the commands speak: the terminal's; English where that cannot be read."""

from __future__ import annotations

import os
from contextvars import ContextVar
from pathlib import Path

from posplugin.checking.settings_said import in_file
from posplugin.domain.errors import ConfigError, PosPluginError
from posplugin.settings import find_settings, read_settings
from posplugin.settings.tables import load, read_text
from posplugin.texts import cli_en, cli_nb
from posplugin.texts.cli import CliText
from posplugin.texts.refused import in_words

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
        speak(_written(config))


def _written(config: Path | None) -> str:
    """Return what stands in a file that cannot be used: its owner reads what is to be mended there."""
    try:
        path = find_settings(config, os.environ)
        table = load(read_text(path), path).get("terminal")
    except ConfigError:
        return ENGLISH
    found = table.get("language") if isinstance(table, dict) else None
    return found if isinstance(found, str) and found in _LANGUAGES else ENGLISH


def language() -> str:
    """Return "nb" or "en"."""
    return _spoken.get()


def words() -> CliText:
    """Return all that the commands say, in the language spoken now."""
    return _LANGUAGES[_spoken.get()]


def told(error: PosPluginError) -> str:
    """Return what an error says, in the language spoken now; of settings, everything that is wrong."""
    if isinstance(error, ConfigError):
        return "; ".join(in_file(problem, language()) for problem in error.problems)
    return in_words(error, language())
