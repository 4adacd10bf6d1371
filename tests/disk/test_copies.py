"""An old backup put back, a copy on a second machine, two terminals on one file: nothing twice, or told."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from posplugin.app import App
from posplugin.domain.errors import OutboxOfAnother
from posplugin.domain.payment import Refusal, Terminal
from posplugin.hooks import PosHost
from posplugin.hooks.plugin import InvoicePlugin
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.conftest import SettingsFile
from tests.disk.conftest import Command
from tests.disk.ledger import Ledger, payment
from tests.integration.sender.shop import SETTLES, Shop

DRAFTS = {"settlement": 'attach_z_report = false\nposting = "draft"'}
POSTED = {"settlement": "attach_z_report = false"}


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000) as simulator:
        yield simulator


def _twice(shop: Shop) -> list[str]:
    """References that stand in PowerOffice more than once."""
    count = Counter(reference for reference, _, _ in shop.ledger())
    return [reference for reference, times in count.items() if times > 1]


def _put_back(shop: Shop, backup: Path) -> None:
    """As docs/technicians.md says."""
    path = shop.app.database.path
    shop.close()
    for file in path.parent.glob(f"{path.name}*"):
        file.rename(file.with_name(f"damaged-{file.name}"))
    shutil.copy(backup, path)
    shop.app = shop.open()


@pytest.mark.parametrize("posting", [POSTED, DRAFTS], ids=["posted", "draft"])
def test_an_old_backup_that_is_put_back_sends_nothing_twice(
    posting: dict[str, str], go: Simulator, tmp_path: Path
) -> None:
    shop = Shop(tmp_path / "bar-1", go, **SETTLES | posting)
    shop.evening(4)
    z = shop.close_day(1)
    backup = tmp_path / "backup.sqlite3"
    shop.app.database.backup(backup)
    shop.evening(3, first=5)
    later = shop.close_day(2)
    shop.until_quiet()
    wanted, journals = shop.ledger(), shop.journal_posts()

    _put_back(shop, backup)
    for number in range(5, 8):  # the host captures anew what has been final since
        shop.sell(str(number), {25: 10000 + number, 15: 5000 + number})
    assert shop.app.till().day_closed(z)
    assert shop.app.till().day_closed(later)
    for _ in range(3):
        shop.send()
        shop.later()

    assert shop.ledger() == wanted
    assert shop.journal_posts() == journals
    assert shop.statuses() <= {Status.DELIVERED, Status.NEEDS_ATTENTION}
    assert all(record.status is Status.DELIVERED for record in shop.records() if record.customer_number)
    shop.close()


def test_a_copy_of_the_file_on_a_second_machine_sends_nothing_twice(go: Simulator, tmp_path: Path) -> None:
    """The same terminal, the same names, both sending in turn and at once; each sells something of its own too."""
    here = Shop(tmp_path / "here", go, **SETTLES | POSTED)
    here.evening(5)
    here.close_day(1)
    there_folder = tmp_path / "there"
    there_folder.mkdir()
    here.app.database.backup(there_folder / "outbox.sqlite3")
    there = Shop(there_folder, go, **SETTLES | POSTED)

    here.sell("h1")
    there.sell("t1")
    here.send()
    there.send()
    there.sell("t2")
    there.send()
    here.send()
    for _ in range(2):
        here.later()
        there.ahead = here.ahead
        here.send()
        there.send()

    assert _twice(here) == []
    assert len(here.ledger()) == 5 + 3
    assert here.journal_posts() == 1
    for shop in (here, there):
        assert {record.status for record in shop.records()} == {Status.DELIVERED}
        shop.close()


def test_a_sale_of_the_same_name_on_both_machines_is_told_and_not_overwritten(go: Simulator, tmp_path: Path) -> None:
    """Two tills that count their sales from the same number: the second waits for a person."""
    here = Shop(tmp_path / "here", go)
    here.sell("1")
    (tmp_path / "there").mkdir()
    here.app.database.backup(tmp_path / "there" / "outbox.sqlite3")
    there = Shop(tmp_path / "there", go)
    here.sell("2", 10000)
    there.sell("2", 20000)

    here.send()
    for _ in range(3):
        there.send()
        there.later()
        here.ahead = there.ahead

    assert _twice(here) == []
    assert here.standing()["2"] == "delivered"
    assert there.standing()["2"].startswith("needs_attention")
    here.close()
    there.close()


# -- two terminals, one file -------------------------------------------------------------------------------------------


@pytest.fixture
def second(config: Path, settings_file: SettingsFile) -> Path:
    """Settings of another terminal that name the same file."""
    return settings_file("second.toml", terminal={"id": "bar-2"}, schedule={"automatic": False})


def test_a_second_terminal_on_the_same_file_is_refused_by_name(
    config: Path, second: Path, ledger: Ledger, start: Callable[..., PosHost], monkeypatch: pytest.MonkeyPatch
) -> None:
    host = start()
    assert ledger.sell(host, payment("a"))
    promised = payment("b")
    assert not isinstance(host.authorize(promised), Refusal)
    ledger.final.add(promised.ref)

    monkeypatch.setenv("POSPLUGIN_CONFIG", str(second))
    other = PosHost.load(
        Terminal(terminal_id="bar-2", department="bar"), Ledger().outcome, plugins={"posplugin": InvoicePlugin()}
    )

    assert not other.channels()
    assert "is terminal bar-1's, and this is bar-2" in other.failures[0].text
    assert host.capture(promised)  # the other has not let it go, though its journal has no such sale
    host.shutdown()
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(config))
    ledger.must_stand_in(config)


def test_commands_with_another_terminals_settings_say_whose_file_it_is(
    config: Path, second: Path, ledger: Ledger, start: Callable[..., PosHost], command: Command
) -> None:
    ledger.sell(start(), payment("a"))
    config.write_text(second.read_text())

    for arguments in (("status",), ("outbox", "list"), ("send",), ("check", "--no-draft")):
        code, said = command(*arguments)
        assert code == 1
        assert "tilhører kassen bar-1, og denne er bar-2" in said
    assert said.startswith("110")


def test_another_programs_file_is_refused_and_left_as_it_is(tmp_path: Path, settings_file: SettingsFile) -> None:
    path = tmp_path / "journal.sqlite3"
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE sales (id TEXT)")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(OutboxOfAnother, match="is another program's file"):
        App.open(settings_file(outbox={"path": str(path)}))

    assert path.read_bytes() == before
