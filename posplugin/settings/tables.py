"""The file as plain tables, before anything is known to be right in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from posplugin.domain.errors import ConfigError
from posplugin.settings.problem import Problem

Tables = dict[str, Any]

_NOT_TOML = "{path} is not written as TOML: {error}"
#: Tables and lists within each other: no setting is deeper than a few.
_DEEPEST, _DEEP = 20, "nested too deep"
#: a.b.c… without end: what reads TOML remembers each beginning of it, and fills the memory.
_DEEP_KEY = re.compile(rf"""^[ \t\[]*(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{_DEEPEST}}}""", re.MULTILINE)


def load(text: str, path: Path) -> Tables:
    """Return the tables of a TOML text; raise `ConfigError` with the line of a mistake in its writing."""
    try:
        _refuse_deep_keys(text)
        tables = tomllib.loads(text)
        _refuse_depth(tables)
    except RecursionError:
        raise ConfigError([Problem(_NOT_TOML, (), path=path, error=_DEEP)]) from None
    except ValueError as error:
        raise ConfigError([Problem(_NOT_TOML, (), path=path, error=error)]) from None
    return tables


def _refuse_deep_keys(text: str) -> None:
    if _DEEP_KEY.search(text):
        raise ValueError(_DEEP)


def _refuse_depth(tables: Tables) -> None:
    level: list[Any] = [tables]
    for _ in range(_DEEPEST):
        level = [
            each
            for value in level
            for each in (value.values() if isinstance(value, dict) else value)
            if isinstance(each, dict | list)
        ]
        if not level:
            return
    raise ValueError(_DEEP)


def read_text(path: Path) -> str:
    """Return the file's text; raise `ConfigError` when it cannot be read."""
    try:
        # Windows' editors put a mark before UTF-8 text; line ends are kept as they are.
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError([Problem("{path} cannot be read: {error}", (), path=path, error=error.strerror)]) from error
    except UnicodeDecodeError:
        told = Problem("{path} is not UTF-8 text; save it as UTF-8 and try again", (), path=path)
        raise ConfigError([told]) from None


def at(tables: object, *parts: str | int) -> Any:
    """Return what stands at a place, or None when nothing does."""
    for part in parts:
        if isinstance(tables, list) and isinstance(part, int) and part < len(tables):
            tables = tables[part]
        elif isinstance(tables, Mapping):
            tables = tables.get(part)
        else:
            return None
    return tables


def named(tables: object, name: str) -> Iterator[tuple[str, Tables]]:
    """Give the tables that stand under a table, each with its name; nothing where something else stands."""
    below = at(tables, name)
    if isinstance(below, Mapping):
        yield from ((key, table) for key, table in below.items() if isinstance(table, dict))
