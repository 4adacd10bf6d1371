"""`make till`: simulator, console and till as processes, set up, each at an address of this machine."""

from __future__ import annotations

import socket
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from sample_terminal.processes import POSPLUGIN, StepFailed, started
from sample_terminal.stage import _free, stage


def test_all_three_answer_and_end_with_the_stack(tmp_path: Path) -> None:
    with ExitStack() as stack:
        addresses = stage(tmp_path, stack)
        pages = [urllib.request.urlopen(address, timeout=30).read().decode() for address in addresses]
        customers = urllib.request.urlopen(f"{addresses[2]}invoice/customers?q=fjell", timeout=30).read().decode()

    assert all(address.startswith("http://127.0.0.1:") for address in addresses)
    assert ["Simulator" in pages[0], "posplugin" in pages[1], "Bryggekroa" in pages[2]] == [True, True, True]
    assert "Koblet K-17" in customers
    assert "Faktura: OK" in pages[2]
    for address in addresses:
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(address, timeout=5)


def test_a_port_that_is_taken_is_left_to_who_has_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert _free(port) == 0
    assert _free(port) == port


def test_a_command_that_does_not_start_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(StepFailed, match="posplugin simulator"),
        started(tmp_path, *POSPLUGIN, "simulator", "--port", "x"),
    ):
        pass
