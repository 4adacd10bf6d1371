"""What every test may rely on: a clean environment, a settings file, a clock that stands, an open app."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from posplugin.app import App
from tests.fixtures.clocks import Watch
from tests.fixtures.customers import CUSTOMERS
from tests.fixtures.settings import write_settings

# The same examples on every run and every machine, however slow.
hypothesis.settings.register_profile("tests", derandomize=True, deadline=None)
# pytest tests/fuzz --hypothesis-profile=long: other examples every time, and many more of them; `fixtures.long` tells.
hypothesis.settings.register_profile("long", derandomize=False, deadline=None, print_blob=True)
hypothesis.settings.load_profile("tests")

#: Gives the path of a posplugin.toml with changes: `settings_file(invoicing={"invoice_fee": True})`.
SettingsFile = Callable[..., Path]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith("POSPLUGIN_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """A command that a test runs sets the logs up for its process; the next test's are as they were."""
    loggers = [logging.getLogger(name) for name in ("posplugin", "apscheduler")]
    before = [(logger.handlers, logger.propagate, logger.level) for logger in loggers]
    yield
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.fixture
def clock() -> Watch:
    """A Friday evening in November; it stands until it is set."""
    return Watch()


@pytest.fixture
def settings_file(tmp_path: Path) -> SettingsFile:
    """Writes tmp_path/posplugin.toml for the simulator; keywords are sections, their values what to change."""

    def write(name: str = "posplugin.toml", **changes: object) -> Path:
        return write_settings(tmp_path / name, **changes)

    return write


@pytest.fixture
def open_app(settings_file: SettingsFile, clock: Watch) -> Iterator[Callable[..., App]]:
    """Opens an app with the register of `CUSTOMERS`, for settings that are changed as in `settings_file`."""
    opened: list[App] = []

    def open_(**changes: object) -> App:
        app = App.open(settings_file(**changes), wait=0.8, clock=clock)
        opened.append(app)
        app.customers.store(CUSTOMERS, clock())
        return app

    yield open_
    for app in opened:
        app.close()


@pytest.fixture
def app(open_app: Callable[..., App]) -> App:
    """An app with plain settings."""
    return open_app()
