"""Change the settings file, comments and order kept."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array, InlineTable, Table

from posplugin.domain.errors import ConfigError, SettingsChanged
from posplugin.settings.dotted import split
from posplugin.settings.lists import change_list, new_list
from posplugin.settings.private import private_mode, require_private
from posplugin.settings.problem import Problem
from posplugin.settings.read import parse_settings
from posplugin.settings.tables import load, read_text

#: One change after another: another process is seen by what it has written.
_WRITING = threading.Lock()


def set_values(
    path: Path, values: Mapping[str, object], environ: Mapping[str, str] | None = None, *, was: str | None = None
) -> None:
    """Give settings new values, by dotted key; None takes a setting out, back to its default.

    Values are as TOML has them (text, number, true or false, date, list, table). The file is replaced whole, or
    left untouched: when the result would not read, or cannot be written, `ConfigError` says why. `was` is the text
    that the values were chosen for: where the file reads otherwise by now, `SettingsChanged` is raised. Once
    it holds a key it is its owner's alone; one with a key that others could read already raises `SettingsExposed`.
    """
    path = path.absolute()
    with _WRITING:
        text = read_text(path)
        if was is not None:
            _require_same(path, text, was)
        require_private(path, text)
        changed = changed_text(path, text, values, environ)
        try:
            _replace(path.resolve(), text, changed)
        except OSError as error:
            raise ConfigError(
                [Problem("{path} cannot be written: {error}", (), path=path, error=error.strerror)]
            ) from error


def _require_same(path: Path, text: str, was: str) -> None:
    if text != was:
        raise SettingsChanged([f"{path} has been changed by somebody else since it was read"])


def changed_text(path: Path, text: str, values: Mapping[str, object], environ: Mapping[str, str] | None = None) -> str:
    """Return what the file's `text` would be with new values, as `set_values` takes them; nothing is written.

    Raises `ConfigError` where that would not read.
    """
    load(text, path)
    document = tomlkit.parse(text)
    for dotted, value in values.items():
        _set(document, dotted, value)
    changed = document.as_string()
    if load(changed, path) != document.unwrap():
        template = "{path} is written in a way that cannot be changed from here; change it in an editor"
        raise ConfigError([Problem(template, (), path=path)])
    parse_settings(changed, path, os.environ if environ is None else environ)
    return changed


def _set(document: tomlkit.TOMLDocument, dotted: str, value: object) -> None:
    *sections, name = split(dotted)
    table: Any = document
    for section in sections:
        if value is None and section not in table:
            return
        table = table.setdefault(section, tomlkit.inline_table() if isinstance(table, InlineTable) else tomlkit.table())
        if not isinstance(table, Mapping):
            template = "{setting} cannot be set: {section} is a single value in the file, not a table"
            raise ConfigError([Problem(template, split(dotted), setting=dotted, section=section)])
    if isinstance(value, list):
        there = table.get(name)
        if isinstance(there, Array | AoT):
            change_list(there, value)
        else:
            table[name] = new_list(value)
    elif value is not None:
        # On one line, everything below is on that line too.
        table[name] = value.unwrap() if isinstance(table, InlineTable) and isinstance(value, Table) else value
    elif name in table:
        del table[name]


def _replace(path: Path, was: str, text: str) -> None:
    """Write beside the file and rename, so that a crash leaves the old file or the new one, never half of it.

    What somebody else has written meanwhile is left: the last look is right before the new file takes its place.
    """
    old = path.stat()
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if hasattr(os, "chown"):
            # A technician's change as root must leave the file to the account that the till runs as.
            os.chown(beside, old.st_uid, old.st_gid)
        Path(beside).chmod(private_mode(old.st_mode, text, path))
        _require_same(path, read_text(path), was)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in `folder` survive a power cut; Windows does so by itself."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
