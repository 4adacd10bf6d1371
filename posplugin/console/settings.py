"""The settings file as forms, in the words and the order of the tills' manuals."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import MultiDict

from posplugin.app import App
from posplugin.checking.settings_said import sentence
from posplugin.console import settings_check
from posplugin.console.page import back_to, render, say, words
from posplugin.console.settings_changes import Changes, changes_of
from posplugin.console.settings_fields import Section
from posplugin.console.settings_form import Form
from posplugin.console.settings_sections import sections, tables_of
from posplugin.console.settings_words import Trouble, trouble
from posplugin.domain.errors import ConfigError, SettingsChanged
from posplugin.logs import get_logger
from posplugin.settings import fingerprint
from posplugin.settings.environment import variable
from posplugin.settings.tables import Tables, load, named, read_text
from posplugin.settings.write import changed_text, set_values
from posplugin.till.status import check_has_passed

log = get_logger("console")


@dataclass(frozen=True, slots=True)
class File:
    """The settings file as it is now."""

    text: str
    tables: Tables

    @property
    def page(self) -> list[Section]:
        """The sections for its departments, the terminal's own first."""
        own = self.tables.get("terminal", {})
        own = own.get("department") if isinstance(own, dict) else None
        names = [name for name, _ in named(self.tables, "departments")]
        return sections(sorted(names, key=lambda name: name != own))


@dataclass(slots=True)
class Desk:
    """One console's work with the file."""

    app: App
    #: What the form tells the file by: nobody can work out a key from it.
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def read(self) -> File:
        """Read the file; raises `ConfigError` where it is no TOML."""
        text = read_text(self.app.settings.path)
        return File(text, load(text, self.app.settings.path))

    def mark(self, file: File) -> str:
        """Return what a form remembers the file by."""
        return hmac.new(self._secret, file.text.encode(), hashlib.sha256).hexdigest()

    def problems(self, file: File) -> Sequence[str]:
        """Return what is wrong in the file as it is."""
        return self._tried(file, {})

    def save(self, file: File, changes: Changes) -> Sequence[str]:
        """Write changes; return what keeps them from being written.

        Raises `SettingsChanged` where the file is another than was read.
        """
        if changes.twice or changes.nameless or changes.exists is not None:
            return self._tried(file, changes.values)
        try:
            set_values(self.app.settings.path, changes.values, was=file.text)
        except SettingsChanged:
            raise
        except ConfigError as error:
            return error.problems
        return ()

    def _tried(self, file: File, values: dict[str, object]) -> Sequence[str]:
        try:
            changed_text(self.app.settings.path, file.text, values)
        except ConfigError as error:
            return error.problems
        return ()


def create(app: App) -> Blueprint:
    """Return the page at /settings, and those of the check."""
    routes = Blueprint("settings", __name__)
    desk = Desk(app)
    settings_check.add_to(routes, app)
    routes.add_app_template_filter(_anchor, "anchor")

    @routes.get("/settings")
    def show() -> str:
        try:
            file = desk.read()
        except ConfigError as error:
            return _unreadable(error)
        form = Form(tables=file.tables)
        found = trouble(desk.problems(file), changes_of(form, file.page), words().settings)
        return _page(desk, file, form, found)

    @routes.post("/settings")
    def change() -> Response | str:
        try:
            file = desk.read()
        except ConfigError as error:
            return _unreadable(error)
        if not hmac.compare_digest(request.form.get("mark", "").encode(), desk.mark(file).encode()):
            return _changed_since()
        act, _, what = request.form.get("act", "").partition(":")
        if act in ("add", "remove"):
            name = what if act == "add" else what.rpartition("#")[0]
            form = Form(tables=file.tables, typed=_with_rows(name, what, file), touched=name)
            return _page(desk, file, form, Trouble())
        return _save(desk, file, then_test=act == "test")

    return routes


def _save(desk: Desk, file: File, *, then_test: bool) -> Response | str:
    text, form = words().settings, Form(tables=file.tables, typed=request.form)
    changes = changes_of(form, file.page, desk.app.settings_now().from_environment)
    if changes.values or changes.twice or changes.nameless or changes.exists is not None:
        was = fingerprint(desk.app.settings)
        try:
            problems = desk.save(file, changes)
        except SettingsChanged:
            return _changed_since()
        found = trouble(problems, changes, text)
        if found.said:
            return _page(desk, file, form, found)
        log.info("settings_saved", changed=sorted(changes.values))
        _tell_saved(desk.app, was)
    else:
        say(text.saved_nothing)
    if then_test:
        settings_check.test(desk.app)
    return back_to(url_for("settings.show"))


def _tell_saved(app: App, was: str) -> None:
    text, now = words().settings, app.settings_now()
    waits = now.schedule.automatic and fingerprint(now) != was and not check_has_passed(app.outbox, now)
    say(" ".join([text.saved, text.at_next_start, *([text.waits_for_check] if waits else [])]))


def _with_rows(name: str, what: str, file: File) -> MultiDict[str, str]:
    """Return what was entered, with a row more in a table where that is `what`, else without the row `what`."""
    typed = MultiDict(request.form)
    form = Form(tables=file.tables, typed=typed)
    for table in tables_of(file.page):
        if table.name == name:
            numbers = [row.number for row in form.rows(table)]
            kept = [number for number in numbers if f"{name}#{number}" != what]
            more = [form.next_row(table)] if what == name else []
            typed.setlist(f"{name}#", [str(number) for number in (*kept, *more)])
    return typed


def _anchor(name: str) -> str:
    """Return a name that an address can point at, another for each field."""
    return "".join(one if one.isascii() and one.isalnum() else f"_{ord(one):x}_" for one in name)


def _changed_since() -> Response:
    say(words().settings.changed_since, refused=True)
    return back_to(url_for("settings.show"))


def _unreadable(error: ConfigError) -> str:
    text = words().settings
    sentences = [sentence(problem, text) for problem in error.problems]
    return render("settings_unreadable.html", page="settings", sentences=sentences)


def _page(desk: Desk, file: File, form: Form, found: Trouble) -> str:
    form = replace(form, wrong=found.at_fields)
    given = desk.app.settings_now().from_environment
    return render(
        "settings.html",
        page="settings",
        sections=file.page,
        form=form,
        trouble=found,
        mark=desk.mark(file),
        path=desk.app.settings.path,
        given=given,
        variable=lambda one: variable(*one.place),
    )
