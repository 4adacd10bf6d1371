"""What the Tab key offers: receipts, codes and departments of this terminal. It never fails, and makes no file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from posplugin.app import App
from posplugin.cli.records import code_of
from posplugin.domain.errors import PosPluginError
from posplugin.office import Filter
from posplugin.outbox.record import Record
from posplugin.settings import read_settings

#: How many of the newest records are offered.
_NEWEST = 50


def references(context: typer.Context, incomplete: str) -> list[str]:
    """Return what names the newest records and begins so."""
    return _offer(lambda: _names(context, lambda app: app.office().find(Filter(limit=_NEWEST))), incomplete)


def troubled(context: typer.Context, incomplete: str) -> list[str]:
    """Return what names records that need a person, and begins so."""
    return _offer(lambda: _names(context, lambda app: app.outbox.needing_a_person()), incomplete)


def departments(context: typer.Context, incomplete: str) -> list[str]:
    """Return the departments of the settings that begin so."""
    return _offer(lambda: iter(read_settings(_config(context)).departments), incomplete)


def ledgers(context: typer.Context, incomplete: str) -> list[str]:
    """Return whose ledger may be copied: a department's, or "default"."""
    return _offer(lambda: iter(["default", *read_settings(_config(context)).departments]), incomplete)


def _offer(find: Callable[[], Iterator[str]], incomplete: str) -> list[str]:
    try:
        return list(dict.fromkeys(name for name in find() if name.startswith(incomplete)))
    except PosPluginError:
        return []  # nobody reads an error here; the command itself will tell


def _names(context: typer.Context, find: Callable[[App], list[Record]]) -> Iterator[str]:
    """The receipt where it can be typed as one word and is this record's alone, else the code."""
    config = _config(context)
    if not read_settings(config).outbox.path.exists():
        return
    with App.open(config) as app:
        found = find(app)
        times = Counter(record.receipt for record in found)
        for record in found:
            names_others = " " in record.receipt or times[record.receipt] > 1
            yield code_of(record) if names_others else record.receipt


def _config(context: typer.Context) -> Path | None:
    given = context.find_root().params.get("config")
    return Path(given) if given else None
