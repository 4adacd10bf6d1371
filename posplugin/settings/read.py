"""Find and read the settings file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from posplugin.domain.errors import ConfigError
from posplugin.settings.environment import put_keys
from posplugin.settings.model import Settings
from posplugin.settings.private import require_private
from posplugin.settings.problems import sentences
from posplugin.settings.rules import rule_problems
from posplugin.settings.tables import load, read_text

CONFIG_VARIABLE = "POSPLUGIN_CONFIG"
FILE_NAME = "posplugin.toml"


def find_settings(explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the absolute path of the file: the one given, else POSPLUGIN_CONFIG, else posplugin.toml right here.

    Raises `ConfigError` when it is not there; a file that was named is never replaced by another.
    """
    named = explicit or environ.get(CONFIG_VARIABLE)
    path = Path(named or FILE_NAME).expanduser().absolute()
    if path.exists():
        return path
    if named:
        source = "named with --config" if explicit else f"named in {CONFIG_VARIABLE}"
        raise ConfigError([f"{path}, {source}, is not there; make it with `posplugin init`"])
    tried = f"no --config was given, {CONFIG_VARIABLE} is not set, and there is no {path}"
    raise ConfigError([f"no settings: {tried}; make them with `posplugin init`"])


def read_settings(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of a file (found as `find_settings` does), with the keys that the environment gives.

    Raises `ConfigError` whose `problems` are all that is wrong, each a sentence; none holds a key. A file that holds
    keys is not read at all while others than its owner can get at it.
    """
    environ = os.environ if environ is None else environ
    path = find_settings(path, environ)
    text = read_text(path)
    require_private(path, text)
    return parse_settings(text, path, environ)


def parse_settings(text: str, path: Path, environ: Mapping[str, str]) -> Settings:
    """Return the settings that `text` would be at `path` (absolute); raise `ConfigError` as `read_settings` does."""
    tables = load(text, path)
    from_environment = put_keys(tables, environ)
    problems: list[str] = []
    try:
        settings = Settings.model_validate(
            tables, context={"path": path, "folder": path.parent, "from_environment": from_environment}
        )
    except ValidationError as found:
        problems += sentences(found, tables)
    problems += rule_problems(tables)
    if problems:
        raise ConfigError(problems)
    return settings
