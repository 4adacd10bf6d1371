"""Dotted keys as TOML writes them: departments.bar.client_key, departments."bar 2".client_key."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping

from posplugin.domain.errors import ConfigError

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def join(*parts: str | int) -> str:
    """Return the dotted key of `parts`; a number is a place in a list, shown from 1."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            # JSON quotes as TOML does, but for DEL, which TOML wants escaped.
            quoted = json.dumps(part, ensure_ascii=False).replace("\x7f", "\\u007f")
            text += "." + (part if _BARE.fullmatch(part) else quoted)
    return text.removeprefix(".")


def split(dotted: str) -> tuple[str, ...]:
    """Return the parts of a dotted key; raise `ConfigError` when it is none."""
    try:
        table: object = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        table = {}
    parts: list[str] = []
    while isinstance(table, Mapping) and len(table) == 1:
        name, table = next(iter(table.items()))
        parts.append(name)
    if table != 0:
        raise ConfigError([f"{dotted!r} is no dotted key; write it as in outbox.path"])
    return tuple(parts)
