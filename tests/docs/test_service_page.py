"""docs/service.md: systemd takes the unit, every command on the page can be given, the agent's script works."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from posplugin.cli.output import Exit
from tests.fixtures.commands import every_command, understood
from tests.fixtures.settings import write_settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "service.md").read_text()
UNIT = re.findall(r"```ini\n(.*?)```", PAGE, re.S)[0]
SCRIPT = re.findall(r"```sh\n(#!/bin/sh\n.*?)```", PAGE, re.S)[0]


def _unit() -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # as its documentation has it
    unit.read_string(UNIT)
    return unit


def _commands() -> list[str]:
    """Give every call of posplugin on the page."""
    plain = (
        PAGE.replace(SCRIPT, "")
        .replace("--unit posplugin", "")
        .replace("\\", "/")
        .replace("nssm set posplugin AppParameters", "posplugin")
    )
    return re.findall(r"posplugin(?:\.exe)? ((?:--[a-z]|status|check|outbox|send).*?)(?=[\"`)\n])", plain)


@pytest.mark.parametrize("line", _commands())
def test_every_command_on_the_page_can_be_given(line: str) -> None:
    assert understood(line) in every_command()


def test_there_are_commands_on_the_page() -> None:
    assert any(line.endswith("service") for line in _commands())
    assert any(line.endswith("status --line") for line in _commands())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """With this program and this user, since it looks for both."""
    unit = UNIT.replace("/opt/posplugin/.venv/bin/posplugin", sys.executable)
    (tmp_path / "posplugin.service").write_text(unit.replace("=till", "=root"))

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "posplugin.service")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_unit_keeps_to_what_the_page_says() -> None:
    """One user of its own, one writable folder, no new privileges, stopped by the signal that the service hears."""
    service = _unit()["Service"]
    assert service["User"] not in {"root", ""}
    assert service["WorkingDirectory"] == "/var/lib/" + service["StateDirectory"]
    assert service["ExecStart"].split()[1:3] == ["--config", f"{service['WorkingDirectory']}/posplugin.toml"]
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["UMask"]) == ("yes", "strict", "0077")
    assert (service["KillSignal"], service["RestartPreventExitStatus"]) == ("SIGTERM", str(int(Exit.USAGE)))


def test_every_exit_of_status_is_on_the_page() -> None:
    table = PAGE.split("| exit | means | do |")[1].split("\n\n")[0]
    assert re.findall(r"^\| (\d) \|", table, re.M) == [str(int(code)) for code in sorted(Exit)]
    for word in ("GREEN", "YELLOW", "RED", "UNKNOWN"):
        assert f"`{word}`" in PAGE


@pytest.mark.parametrize(
    ("harm", "code", "word"), [("", 2, "RED"), ("never read", 2, "RED"), ("settings", 3, "UNKNOWN")]
)
def test_the_agents_script_gives_what_agents_want(tmp_path: Path, harm: str, code: int, word: str) -> None:
    """Critical where customers were never read; unknown where the settings cannot be."""
    settings = write_settings(tmp_path / "posplugin.toml")
    if harm == "settings":
        settings.write_text("nothing")
    (tmp_path / "posplugin").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m posplugin "$@"\n')
    (tmp_path / "posplugin").chmod(0o755)
    (tmp_path / "watch").write_text(SCRIPT)

    done = subprocess.run(
        ["sh", str(tmp_path / "watch"), str(settings)],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout.split()[0], done.stderr) == (code, word, "")
    assert done.stdout.count("\n") == 1


def test_the_readme_leads_here() -> None:
    assert "(docs/service.md)" in (ROOT / "README.md").read_text()
