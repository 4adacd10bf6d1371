"""The README's own commands and program, run as a POS host would: from install to a working Faktura button."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from posplugin.simulator import Simulator

README = (Path(__file__).parents[2] / "README.md").read_text()
HOST = README.split("## For POS hosts")[1].split("## For technicians")[0]


def _blocks(kind: str) -> list[str]:
    return [text for language, text in re.findall(r"```(\w*)\n(.*?)```", HOST, re.S) if language == kind]


def test_the_host_part_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands set it up, the program prints what the README says it prints, and `send` delivers its invoice."""
    monkeypatch.chdir(tmp_path)
    program = tmp_path / "host.py"
    program.write_text(_blocks("python")[0] + "host.shutdown()\nassert not host.failures, host.failures\n")
    with Simulator(None) as simulator:
        for line in "\n".join(_blocks("sh")).splitlines():
            words = shlex.split(line)
            if words[:1] == ["posplugin"] and words[1] != "simulator":
                _run(*words[1:], *(["--simulator-url", simulator.url] if words[1] == "init" else []))
        done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)

        assert done.returncode == 0, done.stderr
        assert _blocks("")[0].split() == done.stdout.split()

        _run("send")
        totals = [order["TotalAmount"] for order in simulator.orders()]

    assert totals == [300]


def _run(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "posplugin", *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, (words, done.stdout, done.stderr)
