"""`make till`: simulator, console and till as processes, set up, each at an address of this machine."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from sample_terminal.processes import POSPLUGIN, StepFailed, started
from sample_terminal.stage import _at

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_all_three_answer_until_ctrl_c_and_nothing_is_left(tmp_path: Path, language: str) -> None:
    command = (sys.executable, "-m", "sample_terminal.stage", "--language", language)
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        said = ""
        while "Ctrl-C ends" not in said:
            said += process.stdout.readline()
        addresses = re.findall(r"^(?:till|console|simulator) +(http://127\.0\.0\.1:\S+)", said, re.M)
        till, console, simulator = [_read(address) for address in addresses]
        given = next(line for line in said.splitlines() if line.endswith("outbox list"))
        listed = subprocess.run(shlex.split(given), env=environment, stdout=subprocess.PIPE, check=False)
        customers = _read(f"{addresses[0]}invoice/customers?q=fjell")
        os.killpg(process.pid, signal.SIGINT)  # as a keyboard's Ctrl-C: to all of them at once
        process.stdout.read()

        assert process.wait(30) == 0
    assert ["Simulator" in simulator, "posplugin" in console, "Brygga Bistro AS" in till] == [True, True, True]
    assert listed.returncode == 0
    assert "--reference 'Kari Nordmann'" in said
    assert {"nb": "Koblet K-17", "en": "Linked K-17"}[language] in customers
    assert {"nb": "Faktura: OK", "en": "Invoice: OK"}[language] in till
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert list(tmp_path.iterdir()) == []


def _read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


def test_a_port_that_is_taken_is_left_to_who_has_it(tmp_path: Path) -> None:
    with socket.socket() as taken, ExitStack() as stack:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        address = _at(tmp_path, stack, port, *POSPLUGIN, "simulator")

        assert address.startswith("http://127.0.0.1:")
        assert not address.endswith(f":{port}")


def test_a_command_that_does_not_start_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(StepFailed, match="posplugin simulator"),
        started(tmp_path, *POSPLUGIN, "simulator", "--port", "x"),
    ):
        pass
