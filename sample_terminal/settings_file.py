"""What the till must know of the plugin's settings file: where it lies, and whose till this is."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Final

from posplugin.domain.errors import ConfigError
from posplugin.domain.payment import Terminal

VARIABLE: Final = "POSPLUGIN_CONFIG"
_IN_FOLDER: Final = Path("posplugin.toml")


def settings_file(given: Path | None) -> Path | None:
    """Return the settings file as the plugin finds it, and make sure that it finds the same: the one given, else
    POSPLUGIN_CONFIG, else posplugin.toml in the working folder, else none.
    """
    if given is not None:
        os.environ[VARIABLE] = str(given.absolute())
        return given
    if named := os.environ.get(VARIABLE):
        return Path(named)
    return _IN_FOLDER if _IN_FOLDER.exists() else None


def terminal(path: Path | None, terminal_id: str | None, department: str | None, language: str | None) -> Terminal:
    """Return the till: as given, else as the settings file says, else till-1 of department main, in bokmål."""
    table: dict[str, str] = {}
    if path is not None:
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8")).get("terminal", {})
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ConfigError([f"{path}: cannot be read: {error}"]) from error
    return Terminal(
        terminal_id=terminal_id or table.get("id", "till-1"),
        department=department or table.get("department", "main"),
        language=language or table.get("language", "nb"),
    )
