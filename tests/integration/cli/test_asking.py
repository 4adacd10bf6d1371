"""What is asked at a screen, and which answers mean yes: j and ja in bokmål, y and yes in both languages."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from posplugin.app import App
from posplugin.simulator import Simulator
from tests.fixtures.old import grow_old
from tests.integration.cli.conftest import Run
from tests.integration.cli.settling_till import FILE, close_day, record_of, sell

Answer = Callable[..., tuple[int, str]]


@pytest.fixture
def answer(till: Run, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Run a command at a screen, and type; the record 101 needs a person."""
    ref = sell("101")
    simulator.archive_customer(10002)
    close_day(42, invoiced=[ref])
    till("send")
    monkeypatch.setattr(Console, "is_terminal", property(lambda _: True))

    def answer(language: str, typed: str, *words: str) -> tuple[int, str]:
        FILE.write_text(re.sub(r'language = "\w+"', f'language = "{language}"', FILE.read_text(), count=1))
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code, out, err = till(*words)
        return code, " ".join(f"{out}{err}".split())

    return answer


DISCARD = ("outbox", "discard", "101")


@pytest.mark.parametrize(("language", "typed"), [("nb", "j"), ("nb", "JA"), ("nb", "y"), ("en", "y"), ("en", " Yes ")])
def test_a_yes_does_it(answer: Answer, till: Run, language: str, typed: str) -> None:
    code, told = answer(language, f"for hånd, nr. 7\n{typed}\n", *DISCARD)

    assert code == 0
    assert {"nb": "Avslutte nota 101, 300,00? [j/N]", "en": "Discard receipt 101, 300,00? [y/N]"}[language] in told
    assert {"nb": "Hvordan ble den ordnet:", "en": "How was it handled:"}[language] in told
    assert (record_of(till, "101")["status"], record_of(till, "101")["detail"]) == ("discarded", "for hånd, nr. 7")


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("nb", "for hånd\nn\n"),
        ("nb", "for hånd\n\n"),
        ("nb", "for hånd\n"),
        ("nb", ""),
        ("en", "x\nj\n"),
        ("en", "x\n"),
    ],
)
def test_anything_else_does_nothing_and_says_so(answer: Answer, till: Run, language: str, typed: str) -> None:
    """Also where the answer never comes."""
    code, told = answer(language, typed, *DISCARD)

    assert code == 1
    assert told.endswith({"nb": "Ingenting er gjort.", "en": "Nothing has been done."}[language])
    assert record_of(till, "101")["status"] == "needs_attention"


def test_a_settlement_is_taken_back_when_asked_for(answer: Answer, till: Run) -> None:
    assert answer("nb", "feil konto\nn\n", "settlement", "reverse", "Z 42")[0] == 1
    code, told = answer("nb", "feil konto\nj\n", "settlement", "reverse", "Z 42")

    assert (code, "Tilbakeføre bilag 1, Z 42, i PowerOffice? [j/N]" in told) == (0, True)
    assert record_of(till)["status"] == "reversed"


def test_old_records_are_purged_when_asked_for(answer: Answer, till: Run) -> None:
    answer("nb", "x\nj\n", *DISCARD)
    words = ("outbox", "purge", "--before", "2020-01-01")
    with App.open() as app:
        grow_old(app.outbox)

    code, told = answer("nb", "n\n", *words)
    assert (code, "Dette fjerner for godt" in told, "Rense (antall: 2)? [j/N]" in told) == (1, True, True)
    code, told = answer("nb", "j\n", *words)

    assert (code, "Poster renset: 2." in told) == (0, True)


def test_keys_are_asked_for_unseen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing typed is no key; it may come from the environment."""
    monkeypatch.setattr(Console, "is_terminal", property(lambda _: True))
    asked: list[str] = []

    def typed(question: str, **options: object) -> str:
        asked.append(question)
        assert options["hide_input"] is True
        return "" if "client" in question else "a-key"

    monkeypatch.setattr("typer.prompt", typed)
    monkeypatch.setenv("POSPLUGIN_CLIENT_KEY_BAR", "another-key")

    assert run("init", "--mode", "test")[0] == 0

    assert asked == ["application key", "subscription key", "client key"]
    assert Path("posplugin.toml").read_text().count('"a-key"') == 2
