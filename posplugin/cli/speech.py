"""In which language the commands speak: the terminal's; English where there are no settings yet."""

from __future__ import annotations

import os
import re
from contextvars import ContextVar
from pathlib import Path

from posplugin.domain.errors import ConfigError, PosPluginError
from posplugin.settings import find_settings, read_settings
from posplugin.settings.tables import read_text
from posplugin.texts import cli_en, cli_nb
from posplugin.texts.cli import CliText
from posplugin.texts.refused import in_words

ENGLISH = "en"
#: As settings that say nothing of it have it.
_DEFAULT = "nb"
_LANGUAGE = re.compile(r"""^[^#\n]*\blanguage["']?[ \t]*=[ \t]*["'](nb|en)["']""", re.MULTILINE)
_LANGUAGES = {"nb": cli_nb.CLI, ENGLISH: cli_en.CLI}
_spoken: ContextVar[str] = ContextVar("language of the commands", default=ENGLISH)


def speak(language: str) -> None:
    """Speak "nb" or "en" from now on."""
    _spoken.set(language)


def speak_as_set(config: Path | None) -> None:
    """Speak as terminal.language says from now on, English where there is no file."""
    try:
        speak(read_settings(config).terminal.language)
    except ConfigError:
        speak(_written(config))


def _written(config: Path | None) -> str:
    """Return what stands in a file that cannot be used, and may be no TOML, else what is meant where nothing stands.

    Its owner reads what is to be mended there.
    """
    try:
        path = find_settings(config, os.environ)
    except ConfigError:
        return ENGLISH
    try:
        found = _LANGUAGE.search(read_text(path))
    except ConfigError:
        found = None
    return found[1] if found else _DEFAULT


def language() -> str:
    """Return "nb" or "en"."""
    return _spoken.get()


def words() -> CliText:
    """Return all that the commands say, in the language spoken now."""
    return _LANGUAGES[_spoken.get()]


def wrong_in(error: ConfigError) -> list[str]:
    """Return each thing that is wrong with the settings, in the language spoken now."""
    from posplugin.checking.settings_said import in_file  # noqa: PLC0415  # with all of `check`: seldom wanted

    return [in_file(problem, language()) for problem in error.problems]


def told(error: PosPluginError) -> str:
    """Return what an error says, in the language spoken now; of settings, everything that is wrong."""
    if isinstance(error, ConfigError):
        return "; ".join(wrong_in(error))
    return in_words(error, language())
