"""Tills on disks that fail."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.cli.main import main
from posplugin.hooks import PosHost
from tests.conftest import SettingsFile
from tests.disk.ledger import Ledger
from tests.disk.shim import Disk, disk
from tests.fixtures.customers import CUSTOMERS

#: Runs `posplugin …`; gives the exit code and all that was said.
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def under() -> Iterator[Disk]:
    """The disk under every file that this test opens."""
    with disk() as made:
        yield made
        made.mend()


@pytest.fixture
def config(settings_file: SettingsFile, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A till's settings, with the register read already; the outbox is closed."""
    path = settings_file(schedule={"automatic": False})
    ready(path)
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(path))
    return path


def ready(path: Path) -> None:
    """Read the register for a settings file."""
    with App.open(path) as app:
        app.customers.store(CUSTOMERS, app.clock())


@pytest.fixture
def path(config: Path) -> Path:
    return config.with_name("outbox.sqlite3")


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def start(config: Path, ledger: Ledger) -> Iterator[Callable[..., PosHost]]:
    """Starts the till; it is shut down at the end."""
    hosts: list[PosHost] = []

    def begin(patience: float = 5.0) -> PosHost:
        hosts.append(ledger.start(patience))
        return hosts[-1]

    yield begin
    for host in hosts:
        host.shutdown()


@pytest.fixture
def command(config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in this process."""

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["posplugin", "--config", str(config), *arguments])
        capsys.readouterr()
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        else:
            code = 0
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, " ".join((said.out + said.err).split())

    return run


_CAPABILITY_VERSION = 0x20080522
_MAY_WRITE_ALL = 0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@contextmanager
def not_root() -> Iterator[None]:
    """Let this thread, and those it starts, be refused what a mode forbids, as any user but root is."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    held = (ctypes.c_uint32 * 6)()
    if libc.capget(header, held):
        pytest.skip("this system does not say what root may do")
    less = (ctypes.c_uint32 * 6)(*held)
    less[0] &= ~_MAY_WRITE_ALL
    assert libc.capset(header, less) == 0
    try:
        yield
    finally:
        assert libc.capset(header, held) == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a tmpfs of a size, with options: a disk of its own. Root may, where mounting is allowed at all."""
    mounted: list[Path] = []

    def mount(options: str) -> Path:
        place = tmp_path / f"disk-{len(mounted)}"
        place.mkdir()
        if not sys.platform.startswith("linux") or os.geteuid() != 0:
            pytest.skip("only root may mount a small disk")
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.decode().strip()}")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", "-l", str(place)], check=False)
