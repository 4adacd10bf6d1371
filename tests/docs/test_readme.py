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


BLOCKS = [(language, text) for language, text in re.findall(r"```(\w*)\n(.*?)```", HOST, re.S)]


def _only(kind: str) -> list[str]:
    return [text for language, text in BLOCKS if language == kind]


def test_the_host_part_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From init to a verified set-up and a delivered invoice: each command and the program, as they stand."""
    monkeypatch.chdir(tmp_path)
    said = []
    with Simulator(None) as simulator:
        for language, text in BLOCKS:
            if language == "python":
                said.append(_program(tmp_path / "host.py", text))
            for line in text.splitlines() if language == "sh" else ():
                words = shlex.split(line)
                if words[:1] == ["posplugin"] and words[1] != "simulator":
                    said.append(_run(*words[1:], *(["--simulator-url", simulator.url] if words[1] == "init" else [])))
        totals = [order["TotalAmount"] for order in simulator.orders()]

    assert totals == [300]
    assert _only("")[0] in said
    assert any("levert: utkast" in " ".join(each.split()) for each in said)


def test_for_poweroffices_demo_only_keys_and_endpoint_mode_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings that `init` writes for the simulator and for PowerOffice's demo, line by line."""
    monkeypatch.chdir(tmp_path)
    words = shlex.split(next(line for line in _only("sh")[1].splitlines() if " init " in line))[1:]
    files = []
    for mode in ("simulator", "test"):
        for name in ("APPLICATION_KEY", "SUBSCRIPTION_KEY", "CLIENT_KEY_BAR"):
            monkeypatch.setenv(f"POSPLUGIN_{name}", "from-the-environment")
        _run("--config", f"{mode}.toml", *words[:-1], mode)
        files.append((tmp_path / f"{mode}.toml").read_text().splitlines())

    different = [one.strip("# ").split()[0].rstrip(":") for one, other in zip(*files, strict=True) if one != other]

    assert different == ["endpoint_mode", "application_key", "subscription_key", "customer_numbers", "client_key"]


def _program(path: Path, text: str) -> str:
    path.write_text(text + "host.shutdown()\nassert not host.failures, host.failures\n")
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _run(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "posplugin", *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout
