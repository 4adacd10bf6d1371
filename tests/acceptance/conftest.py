"""What is listened for: every key and token, and everything that is logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from posplugin.poweroffice.auth import TokenKeeper
from tests.acceptance.keys import Secrets, made_of


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Secrets:
    """Every key, every token that was asked for, and every header that was made of them."""
    tokens: set[str] = set()
    give = TokenKeeper.token

    def remember(keeper: TokenKeeper) -> str:
        tokens.add(token := give(keeper))
        return token

    monkeypatch.setattr(TokenKeeper, "token", remember)
    return lambda: made_of(tokens)


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    """Everything that any library logs, as a host that wants it all would see it."""
    heard: list[logging.LogRecord] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record)

    listener, root = Listener(), logging.getLogger()
    names = ["", "posplugin", "httpx", "httpcore", "filelock", "apscheduler"]
    before = {name: (logging.getLogger(name).level, logging.getLogger(name).propagate) for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).propagate = True
    root.addHandler(listener)
    yield heard
    root.removeHandler(listener)
    for name, (level, propagate) in before.items():
        logging.getLogger(name).setLevel(level)
        logging.getLogger(name).propagate = propagate
