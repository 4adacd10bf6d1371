"""A full disk: what fits is kept, the rest refused in words; when there is room again the till goes on by itself."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.domain.errors import OutboxUnavailable
from posplugin.domain.payment import Light
from posplugin.hooks import PosHost
from posplugin.outbox.database import Database
from tests.conftest import SettingsFile
from tests.disk.conftest import Command, ready
from tests.disk.ledger import Ledger, payment, refused_cleanly, whole


def test_a_file_that_may_grow_no_more_keeps_what_it_has(
    config: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, start: Callable[..., PosHost]
) -> None:
    host = start()
    plugin = host._manager.get_plugin("posplugin")
    database: Database = plugin._app.database  # type: ignore[union-attr]
    (pages,) = database.row("PRAGMA page_count") or (0,)
    database.execute(f"PRAGMA max_page_count = {pages + 8}")

    sold = [ledger.sell(host, payment(f"s-{number}")) for number in range(60)]

    assert sold[0]
    assert not sold[-1]
    for refusal in ledger.refused:
        refused_cleanly(refusal)
    database.execute("PRAGMA max_page_count = 1000000")
    assert ledger.sell(host, payment("after"))
    ledger.settle(host)
    host.shutdown()
    start().shutdown()
    ledger.must_stand_in(config)


@pytest.fixture
def on_small_disk(
    small_disk: Callable[[str], Path], settings_file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """Settings whose outbox lies on a disk of a megabyte; and that disk."""
    place = small_disk("size=1m")
    config = settings_file("small.toml", outbox={"path": str(place / "outbox.sqlite3")}, schedule={"automatic": False})
    ready(config)
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(config))
    return config, place


def fill(place: Path) -> Path:
    """Leave no room at all."""
    file = place / "others"
    with file.open("wb", buffering=0) as out:
        try:
            while out.write(b"x" * 4096):
                pass
        except OSError:
            os.fsync(out.fileno())
    return file


def test_a_till_on_a_full_disk_refuses_and_goes_on_when_there_is_room(
    on_small_disk: tuple[Path, Path], ledger: Ledger
) -> None:
    config, place = on_small_disk
    host = ledger.start()
    assert ledger.sell(host, payment("before"))
    others = fill(place)

    sold = [ledger.sell(host, payment(f"s-{number}")) for number in range(40)]

    assert not sold[-1]
    for refusal in ledger.refused:
        refused_cleanly(refusal)
    assert host.status()[0].light is Light.RED
    assert "disken er full" in host.status()[0].text
    others.unlink()
    assert ledger.sell(host, payment("after"))
    ledger.settle(host)
    assert "disken er full" not in host.status()[0].text
    host.shutdown()
    ledger.start().shutdown()
    ledger.must_stand_in(config)


def test_the_lamp_is_red_while_a_sale_does_not_fit_and_sees_room_without_one(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, start: Callable[..., PosHost]
) -> None:
    """A cashier who obeys it makes none; and what is smaller than a sale may fit all the while."""
    host = start()
    app: App = host._manager.get_plugin("posplugin")._app  # type: ignore[union-attr]
    (pages,) = app.database.row("PRAGMA page_count") or (0,)
    app.database.execute(f"PRAGMA max_page_count = {pages + 8}")
    assert not all(ledger.sell(host, payment(f"s-{number}")) for number in range(60))
    app.outbox.write_note("small", "x")

    assert "disken er full" in host.status()[0].text

    app.database.execute("PRAGMA max_page_count = 1000000")
    monkeypatch.setattr("posplugin.outbox.database.TRY_AGAIN_SECONDS", math.inf)
    assert "disken er full" in host.status()[0].text  # not every look tries it
    monkeypatch.setattr("posplugin.outbox.database.TRY_AGAIN_SECONDS", 0)
    assert "disken er full" not in host.status()[0].text


def test_a_till_that_is_started_on_a_full_disk_has_no_button_and_says_why(
    on_small_disk: tuple[Path, Path], ledger: Ledger
) -> None:
    config, place = on_small_disk
    others = fill(place)
    host = ledger.start()
    asked = payment("a")

    if host.channels():  # there was room for the log still
        ledger.sell(host, asked)
    else:
        assert "make room on it" in host.failures[0].text
        assert not ledger.sell(host, asked)
        assert ledger.refused[-1].text.startswith("Kassen har ingen betalingsmåte som heter")
    host.shutdown()
    others.unlink()
    host = ledger.start()
    assert ledger.sell(host, payment("after"))
    ledger.settle(host)
    host.shutdown()
    ledger.must_stand_in(config)


def test_commands_on_a_full_disk_name_it(
    on_small_disk: tuple[Path, Path], command: Command, monkeypatch: pytest.MonkeyPatch, config: Path
) -> None:
    small, place = on_small_disk
    config.write_text(small.read_text())
    fill(place)
    for arguments in (("status",), ("check", "--no-draft"), ("outbox", "list")):
        code, said = command(*arguments)
        assert code != 0
        assert "full" in said, arguments


def test_a_disk_that_is_nearly_full_is_told_before_it_is(
    config: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(config.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=49_000_000))

    assert "Disken er nesten full: disken under utboksen" in command("status")[1]
    assert "tar imot; 49 MB er ledig" in command("check", "--no-draft")[1]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=51_000_000))
    assert "nesten full" not in command("status")[1]


def test_a_backup_that_does_not_fit_leaves_nothing(config: Path, small_disk: Callable[[str], Path]) -> None:
    place = small_disk("size=64k")
    with App.open(config) as app:
        app.till().authorize(payment("a"))
        with pytest.raises(OutboxUnavailable, match=r"backup\.sqlite3 could not be written .*nothing of it"):
            app.database.backup(place / "backup.sqlite3")
        assert list(place.iterdir()) == []
        assert app.database.trouble() is None  # that was the other disk
        app.database.backup(config.with_name("backup.sqlite3"))
    assert whole(config.with_name("backup.sqlite3"))
