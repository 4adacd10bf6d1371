"""A disk that fails, or is full, at any write or sync: refused in words, nothing half written, and on it goes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from posplugin.domain.errors import OutboxUnavailable
from posplugin.domain.payment import Light
from posplugin.hooks import PosHost
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.disk.conftest import Command
from tests.disk.ledger import Ledger, payment, refused_cleanly
from tests.disk.shim import FULL, IO_SYNC, IO_WRITE, Act, Disk, Fails
from tests.integration.sender.shop import Shop

#: What a sale asks of the disk at most: authorize and capture, each a commit.
SWEEP = [
    *[(Act.WRITE, at, error) for at in range(1, 25, 3) for error in (IO_WRITE, FULL)],
    *[(Act.SYNC, at, IO_SYNC) for at in range(1, 4)],
]


def _name(value: object) -> str | None:
    names = {id(IO_WRITE): "io", id(FULL): "full", id(IO_SYNC): "io"}
    return names.get(id(value)) or (value.value if isinstance(value, Act) else None)


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "on"])
@pytest.mark.parametrize(("act", "at", "error"), SWEEP, ids=_name)
def test_a_sale_is_refused_or_kept_whichever_write_fails(
    *,
    under: Disk,
    config: Path,
    ledger: Ledger,
    start: Callable[..., PosHost],
    act: Act,
    at: int,
    error: Fails,
    for_ever: bool,
) -> None:
    host = start()
    assert ledger.sell(host, payment("before"))

    under.begin(act, at, error, for_ever=for_ever)
    for name in ("a", "b"):
        ledger.sell(host, payment(name))
    under.mend()

    assert ledger.sell(host, payment("after"))  # nothing has to be started again
    ledger.settle(host)
    for refusal in ledger.refused:
        refused_cleanly(refusal)
    host.shutdown()
    again = start()  # what could not even be voided then is settled by the journal now
    again.shutdown()
    ledger.must_stand_in(config)


@pytest.mark.parametrize("error", [IO_WRITE, FULL], ids=_name)
def test_what_the_disk_refuses_the_lamp_tells_until_something_is_stored(
    under: Disk, ledger: Ledger, start: Callable[..., PosHost], error: Fails
) -> None:
    host = start()
    under.begin(Act.WRITE, 1, error, for_ever=True)
    assert not ledger.sell(host, payment("a"))

    (lamp,) = host.status()
    assert lamp.light is Light.RED
    assert lamp.text.startswith("Ingenting kan lagres, så gjestene må betale på en annen måte: ")
    under.mend()
    assert ledger.sell(host, payment("b"))
    assert "Ingenting kan lagres" not in host.status()[0].text


@pytest.mark.parametrize(
    ("error", "words"),
    [(IO_WRITE, "disken under utboksen"), (FULL, "disken er full")],
    ids=["io", "full"],
)
def test_commands_say_what_the_disk_says(under: Disk, command: Command, error: Fails, words: str) -> None:
    under.begin(Act.WRITE, 1, error, for_ever=True)

    code, said = command("status", "--line")
    assert words in said
    assert (code, said.split()[0]) in {(3, "RED"), (1, "UNKNOWN")}
    code, said = command("check", "--no-draft")
    assert code == 1
    assert "111" in said or "104" in said
    assert words in said
    code, said = command("outbox", "list")
    assert code == 0 or words in said


def test_a_slow_disk_keeps_what_it_says_and_lets_go_what_took_too_long(
    under: Disk, config: Path, ledger: Ledger, start: Callable[..., PosHost]
) -> None:
    host = start(patience=0.3)
    under.slow = 0.1
    assert ledger.sell(host, payment("slow"))

    under.slow = 0.5
    assert not ledger.sell(host, payment("too-slow"))
    refused_cleanly(ledger.refused[-1])

    under.mend()
    host.shutdown()
    start().shutdown()
    ledger.must_stand_in(config)


@pytest.mark.parametrize("for_ever", [False, True], ids=["once", "on"])
@pytest.mark.parametrize("at", [1, 7, 14, 24])
def test_a_run_that_the_disk_breaks_off_delivers_each_sale_once_in_the_end(
    at: int, for_ever: bool, under: Disk, tmp_path: Path
) -> None:
    """Whatever could not be written of a claim or an answer: what may have been sent is looked up first."""
    with Simulator(None, requests_per_second=10_000) as go:
        shop = Shop(tmp_path / "bar-1", go)
        for receipt in "123":
            shop.sell(receipt)

        under.begin(Act.WRITE, at, IO_WRITE, for_ever=for_ever)
        with suppress(OutboxUnavailable):
            shop.send()
        under.mend()

        shop.reopen()
        shop.later()
        shop.until_quiet()
        assert shop.ledger() == shop.wanted()
        assert shop.statuses() == {Status.DELIVERED}
        assert shop.app.database.integrity() == "ok"
        shop.close()
