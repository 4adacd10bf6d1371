"""A file, a folder or a disk that may not be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import run

import pytest

from posplugin.domain.payment import Light
from posplugin.hooks import PosHost
from tests.conftest import SettingsFile
from tests.disk.conftest import Command, not_root, ready
from tests.disk.ledger import Ledger, payment, refused_cleanly


@pytest.fixture
def as_a_user() -> Iterator[None]:
    """Not even root may do what a mode forbids."""
    with not_root():
        yield


def forbidden(what: str, path: Path) -> Path:
    """Take the right to write away; return where from."""
    place = path if what == "file" else path.parent
    place.chmod(0o400 if what == "file" else 0o500)
    return place


@pytest.mark.usefixtures("as_a_user")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_till_that_may_not_write_has_no_button_and_commands_say_why(
    what: str, *, config: Path, path: Path, ledger: Ledger, start: Callable[..., PosHost], command: Command
) -> None:
    before = path.read_bytes()
    place = forbidden(what, path)
    try:
        host = start()
        assert not host.channels()
        assert "may not be written" in host.failures[0].text
        assert not ledger.sell(host, payment("a"))
        for arguments in (("status",), ("status", "--line"), ("outbox", "list")):
            code, said = command(*arguments)
            assert (code, "skrivebeskyttet" in said) == (1, True), said
        code, said = command("check", "--no-draft")
        assert (code, said.split()[0]) == (1, "104")
        assert "bare lesbar" in said
        assert path.read_bytes() == before
    finally:
        place.chmod(0o700 if what == "folder" else 0o600)
    host = start()
    assert ledger.sell(host, payment("b"))
    host.shutdown()
    ledger.must_stand_in(config)


@pytest.mark.usefixtures("as_a_user")
def test_a_till_that_runs_when_the_right_is_taken_away_goes_on_or_refuses(
    config: Path, path: Path, ledger: Ledger, start: Callable[..., PosHost]
) -> None:
    """What is open stays open: the right is asked for when a file is opened."""
    host = start()
    for what in ("file", "folder"):
        forbidden(what, path)
    ledger.sell(host, payment("a"))
    path.parent.chmod(0o700)
    path.chmod(0o600)
    host.shutdown()
    start().shutdown()
    for refusal in ledger.refused:
        refused_cleanly(refusal)
    ledger.must_stand_in(config)


def test_a_disk_that_has_become_read_only(
    *,
    small_disk: Callable[[str], Path],
    settings_file: SettingsFile,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    config: Path,
    command: Command,
) -> None:
    """As Linux makes one that fails."""
    place = small_disk("size=4m")
    text = settings_file("ro.toml", outbox={"path": str(place / "outbox.sqlite3")}, schedule={"automatic": False})
    config.write_text(text.read_text())
    ready(config)
    assert run(["mount", "-o", "remount,ro", str(place)], capture_output=True, check=False).returncode == 0

    host = ledger.start()
    assert not host.channels()
    assert "may not be written" in host.failures[0].text
    assert not ledger.sell(host, payment("a"))
    for arguments in (("status",), ("check", "--no-draft"), ("outbox", "list")):
        code, said = command(*arguments)
        assert (code, "skrivebeskyttet" in said) == (1, True), said

    assert run(["mount", "-o", "remount,rw", str(place)], capture_output=True, check=False).returncode == 0
    host = ledger.start()
    assert ledger.sell(host, payment("b"))
    assert host.status()[0].light is not Light.RED
    host.shutdown()
    ledger.must_stand_in(config)
