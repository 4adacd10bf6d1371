"""Keys that come from the environment instead of the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from posplugin.domain.errors import ConfigError
from posplugin.settings.dotted import join
from posplugin.settings.problem import Problem
from posplugin.settings.tables import Tables, at, named

_POWEROFFICE = {
    ("poweroffice", "application_key"): "POSPLUGIN_APPLICATION_KEY",
    ("poweroffice", "subscription_key"): "POSPLUGIN_SUBSCRIPTION_KEY",
}


def variable(*parts: str | int) -> str | None:
    """Return the variable that can give the setting at a place, or None when none can."""
    match parts:
        case ("departments", str(name), "client_key"):
            return f"POSPLUGIN_CLIENT_KEY_{re.sub('[^A-Z0-9]', '_', name.upper())}"
        case (str(section), str(name)):
            return _POWEROFFICE.get((section, name))
    return None


def put_keys(tables: Tables, environ: Mapping[str, str]) -> frozenset[str]:
    """Put the environment's keys into `tables`, over the file's; return the dotted keys that were put.

    An empty variable counts as not set. Raises `ConfigError` when one variable fits two departments.
    """
    places = [*_POWEROFFICE, *(("departments", name, "client_key") for name, _ in named(tables, "departments"))]
    given = {place: name for place in places if (name := variable(*place)) and environ.get(name)}
    twice = [name for name, count in Counter(given.values()).items() if count > 1]
    if twice:
        template = "{variable} fits two departments; rename one of them"
        raise ConfigError([Problem(template, ("departments",), variable=name) for name in twice])
    for place, name in given.items():
        *sections, key = place
        tables.setdefault(sections[0], {})
        table = at(tables, *sections)
        if isinstance(table, dict):
            table[key] = environ[name]
    return frozenset(join(*place) for place in given)
