"""Which settings file a command is for."""

from __future__ import annotations

from pathlib import Path

import typer

from posplugin.app import App
from posplugin.cli.speech import words
from posplugin.domain.errors import UsageError
from posplugin.settings.model import Settings
from posplugin.texts import Texts, texts


def config_of(context: typer.Context) -> Path | None:
    """Return the file named with --config before the command."""
    found: Path | None = context.obj
    return found


def open_app(context: typer.Context) -> App:
    """Open settings and outbox for a command; use it as a context manager."""
    return App.open(config_of(context))


def texts_of(app: App) -> Texts:
    """Return the texts in the terminal's language."""
    return texts(app.settings.terminal.language)


def require_department(settings: Settings, name: str) -> str:
    """Return a department's name as it was typed; raise `UsageError` for one that the settings do not have."""
    if name not in settings.departments:
        known = ", ".join(settings.departments)
        raise UsageError(words().common.no_department.format(name=name, path=settings.path, known=known))
    return name
