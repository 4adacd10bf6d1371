"""A file that holds keys is its owner's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from posplugin.domain.errors import ConfigError, SettingsExposed
from posplugin.settings.problem import Problem
from posplugin.settings.problems import SECRETS
from posplugin.settings.tables import load

_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH
_EXPOSED = (
    "{path} holds keys, and others on this machine can read or change it; run `chmod 600 {path}`, or, where its mode "
    "cannot be changed, take the keys out of the file and give them in the environment (POSPLUGIN_APPLICATION_KEY and "
    "so on); change the keys in PowerOffice if somebody may have read them"
)


def require_private(path: Path, text: str) -> None:
    """Raise `SettingsExposed` when `text`, as it stands at `path`, holds keys that others than the owner can get at.

    Others are the file's group and everybody else. Only POSIX has such modes: elsewhere nothing is refused.
    """
    try:
        exposed = os.name == "posix" and path.stat().st_mode & _OTHERS
    except OSError as error:
        raise ConfigError([Problem("{path} cannot be read: {error}", (), path=path, error=error.strerror)]) from error
    if exposed and _holds_key(load(text, path)):
        raise SettingsExposed([Problem(_EXPOSED, (), path=path)], path)


def private_mode(mode: int, text: str, path: Path) -> int:
    """Return the mode for `text` at `path`: `mode`, less what it lets others than the owner do where it holds keys."""
    return mode & ~(stat.S_IRWXG | stat.S_IRWXO) if _holds_key(load(text, path)) else mode


def _holds_key(tables: object) -> bool:
    """Whether a key stands anywhere, at its own place or astray."""
    if isinstance(tables, dict):
        return any((name in SECRETS and bool(value)) or _holds_key(value) for name, value in tables.items())
    return isinstance(tables, list) and any(map(_holds_key, tables))
