"""Whose an outbox is: written in it once, and a terminal that gets a new name goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.domain.errors import OutboxOfAnother
from posplugin.domain.payment import Refusal, RefusalCode, Terminal
from posplugin.hooks import PosHost
from posplugin.hooks.plugin import InvoicePlugin
from posplugin.outbox.database import Database
from tests.conftest import SettingsFile
from tests.disk.conftest import Command, ready
from tests.disk.ledger import Ledger, payment
from tests.fixtures.sales import request, sale


def start_as(name: str, ledger: Ledger) -> PosHost:
    terminal = Terminal(terminal_id=name, department="bar")
    return PosHost.load(terminal, ledger.outcome, plugins={"posplugin": InvoicePlugin()})


@pytest.fixture
def renamed(settings_file: SettingsFile) -> Path:
    """The same settings under a new name, with the same file."""
    return settings_file("renamed.toml", terminal={"id": "bar-2"}, schedule={"automatic": False})


def without_a_note(path: Path) -> None:
    """As versions before this one have left it."""
    with Database(path) as database:
        database.execute("DELETE FROM notes WHERE name = 'terminal'")


def sell_as(config: Path, terminal: str, name: str) -> None:
    """A sale by whichever version, that did not look whose the file is."""
    with App.open(config) as app:
        asked = request(sale(terminal_id=terminal, sale_id=name))
        app.outbox.capture(lambda: app.till()._invoice_anyhow(asked), asked.ref)


def test_a_file_is_the_first_terminals_that_opens_it(config: Path, renamed: Path, path: Path) -> None:
    with pytest.raises(OutboxOfAnother, match="is terminal bar-1's, and this is bar-2"):
        App.open(renamed)
    without_a_note(path)
    with App.open(renamed):
        pass
    with pytest.raises(OutboxOfAnother, match="is terminal bar-2's, and this is bar-1"):
        App.open(config)


def test_two_that_open_an_empty_file_at_once_do_not_share_it(config: Path, renamed: Path, path: Path) -> None:
    """The first promise settles it, where opening could not."""
    without_a_note(path)
    with App.open(config) as first:
        without_a_note(path)
        with App.open(renamed), pytest.raises(OutboxOfAnother, match="is terminal bar-2's, and this is bar-1"):
            first.till().authorize(payment("a"))


def test_a_new_file_for_a_new_name_takes_what_the_host_captures_again_under_the_old_one(
    settings_file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = settings_file(terminal={"id": "bar-2"}, outbox={"path": "new.sqlite3"}, schedule={"automatic": False})
    ready(config)
    monkeypatch.setenv("POSPLUGIN_CONFIG", str(config))
    ledger = Ledger()
    for name in ("n-1", "n-2"):
        host = start_as("bar-2", ledger)
        assert host.capture(payment("final under the old name"))
        assert ledger.sell(host, request(sale(terminal_id="bar-2", sale_id=name))), ledger.refused
        host.shutdown()


def test_an_older_file_with_sales_of_both_names_is_the_terminals_that_opens_it(
    config: Path, renamed: Path, path: Path
) -> None:
    for terminal, name in (("bar-1", "a"), ("bar-2", "b"), ("bar-1", "replayed")):
        sell_as(config, terminal, name)
    without_a_note(path)
    with App.open(renamed) as app:
        assert not isinstance(app.till().authorize(request(sale(terminal_id="bar-2", sale_id="c"))), Refusal)
    with pytest.raises(OutboxOfAnother):
        App.open(config)


def test_an_older_file_with_sales_of_other_names_alone_is_the_newest_ones(
    config: Path, settings_file: SettingsFile, path: Path
) -> None:
    for terminal, name in (("bar-2", "a"), ("bar-1", "b")):
        sell_as(config, terminal, name)
    without_a_note(path)
    third = settings_file("third.toml", terminal={"id": "bar-3"}, schedule={"automatic": False})
    with pytest.raises(OutboxOfAnother, match="is terminal bar-1's, and this is bar-3"):
        App.open(third)


def test_a_renamed_terminal_takes_its_file_over_and_settles_what_was_open(
    config: Path, renamed: Path, ledger: Ledger, start: Callable[..., PosHost], command: Command
) -> None:
    host = start()
    assert ledger.sell(host, payment("a"))
    promised = payment("b")
    host.authorize(promised)
    ledger.final.add(promised.ref)
    host.shutdown()
    config.write_text(renamed.read_text())
    code, said = command("status")
    assert (code, "posplugin outbox take-over" in said) == (1, True)
    assert command("outbox", "take-over")[0] == 2  # nobody has said yes

    code, said = command("outbox", "take-over", "--yes")

    assert (code, "tilhører kassen bar-2 fra nå av" in said) == (0, True)
    assert command("outbox", "take-over")[0] == 0  # it is its own already
    host = start_as("bar-2", ledger)
    assert ledger.sell(host, request(sale(terminal_id="bar-2", sale_id="c")))
    host.shutdown()
    ledger.must_stand_in(config)


def test_a_till_whose_file_is_taken_over_promises_nothing_more(
    config: Path, renamed: Path, ledger: Ledger, start: Callable[..., PosHost], command: Command
) -> None:
    host = start()
    assert ledger.sell(host, payment("a"))
    old = config.read_text()
    config.write_text(renamed.read_text())
    assert command("outbox", "take-over", "--yes")[0] == 0

    assert not ledger.sell(host, payment("b"))

    assert "is terminal bar-2's, and this is bar-1" in host.failures[-1].text
    config.write_text(old)


def test_another_terminals_payment_is_refused_in_the_cashiers_words(
    ledger: Ledger, start: Callable[..., PosHost]
) -> None:
    host = start()
    assert ledger.sell(host, payment("a"))
    answer = host.authorize(request(sale(terminal_id="bar-9", sale_id="x")))
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.OTHER_TERMINAL
    assert host.failures == []
