"""Commands, run in an empty folder against a simulator of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posplugin.cli import main as cli
from posplugin.simulator import Simulator
from tests.integration.sender.shop import LEDGER, quick_pacer

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=1000) as running:
        yield running


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A till's pace is a hundred times as quick."""
    monkeypatch.setattr("posplugin.app.Pacer", lambda *_, **__: quick_pacer())


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command in an empty folder; give exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["posplugin", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


@pytest.fixture
def shop(run: Run, simulator: Simulator) -> Run:
    """A till that is set up, checked, and has its customers; it speaks English."""
    words = ("--terminal", "till-1", "--department", "bar", "--department-code", "10", "--mode", "simulator")
    assert run("init", *words, "--simulator-url", simulator.url)[0] == 0
    path = Path("posplugin.toml")
    path.write_text(path.read_text().replace('language = "nb"', 'language = "en"'))
    assert run("customers", "sync")[0] == 0
    assert run("check")[0] == 0
    return run


@pytest.fixture
def till(run: Run, simulator: Simulator) -> Run:
    """A till whose settlements are posted, with its customers; it speaks bokmål."""
    words = ("--terminal", "till-1", "--department", "bar", "--mode", "simulator")
    assert run("init", *words, "--simulator-url", simulator.url)[0] == 0
    path = Path("posplugin.toml")
    path.write_text(path.read_text() + LEDGER)
    assert run("customers", "sync")[0] == 0
    return run
