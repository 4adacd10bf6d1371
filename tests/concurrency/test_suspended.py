"""A sender that is suspended with a record in hand and wakes late does no harm: nothing is lost, nothing goes twice."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.domain.errors import AlreadySending, PosPluginError
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from tests.concurrency.suspended_process import MOMENTS, send_and_sleep
from tests.crash.processes import Child
from tests.crash.sender_process import finish
from tests.crash.till_process import till
from tests.crash.world import SETTINGS, World

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc says whether a process sleeps")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world with two sales that wait. PowerOffice there takes the same reference twice."""
    made = World.new(tmp_path / "plain", "plain")
    made.do(till, ("whole", "whole"), "before")
    yield made
    made.close()


def asleep(world: World, moment: str) -> tuple[Child, int]:
    """Start a sender that falls asleep at a moment; return it when it has."""
    child = world.start(send_and_sleep, moment)
    told = child.hear()
    assert told, "it came to its end awake"
    assert "asleep" in told, told
    pid = int(told["asleep"])
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        time.sleep(0.001)
    return child, pid


def wake(world: World, child: Child, pid: int) -> None:
    os.kill(pid, signal.SIGCONT)
    assert world.heard(child), child.errors


def each_went_out_once(world: World) -> None:
    world.go_on()
    assert not world.judge(at_rest=True).counts, world.found.told


@pytest.mark.parametrize("moment", [MOMENTS[0], MOMENTS[2]])
def test_while_it_sleeps_no_other_sends_and_when_it_wakes_it_goes_on(moment: str, world: World) -> None:
    child, pid = asleep(world, moment)
    with App.open(world.folder / SETTINGS) as app:
        for _ in range(2):
            with pytest.raises(AlreadySending):
                app.send("hand")
    world.do(till, ("whole", "cash"), "meanwhile")  # the till sells on
    world.later()
    wake(world, child, pid)
    each_went_out_once(world)


def test_what_it_has_in_hand_no_technician_can_change(world: World) -> None:
    child, pid = asleep(world, MOMENTS[1])
    with App.open(world.folder / SETTINGS) as app:
        (record, *_) = app.outbox.in_status(Status.SENDING)
        office, refused = app.office(), []
        acts: tuple[Callable[[], object], ...] = (
            lambda: office.retry(record),
            lambda: office.discard(record, "by hand"),
            lambda: office.amend(record, customer=10003 if record.customer_number == 10002 else 10002),
        )
        for act in acts:
            with pytest.raises(PosPluginError) as error:
                act()
            refused.append(str(error.value))
    assert all("sending" in words for words in refused), refused
    wake(world, child, pid)
    each_went_out_once(world)


def _aside(app: App, record: Record) -> Record:
    return app.outbox.move(record, Status.NEEDS_ATTENTION, "technician", "put aside", reason=Reason.REJECTED)


def _amended(app: App, record: Record) -> None:
    app.office().amend(record, your_reference="Ola", order_number="PO-7")


def _tried_again(app: App, record: Record) -> None:
    app.office().retry(_aside(app, record))


@pytest.mark.parametrize("act", [_amended, _tried_again])
def test_what_a_technician_has_changed_meanwhile_goes_out_as_it_is_now(
    act: Callable[[App, Record], None], world: World
) -> None:
    """It has read the record, and takes in hand only what is still as it was read."""
    child, pid = asleep(world, MOMENTS[0])
    with App.open(world.folder / SETTINGS) as app:
        for record in app.outbox.in_status(Status.PENDING):
            act(app, record)
        changed = {record.id: record.sha256 for record in app.outbox.in_status(Status.PENDING)}
    wake(world, child, pid)
    with App.open(world.folder / SETTINGS) as app:
        (first, *_) = [record for record in app.outbox.select("1 ORDER BY id") if record.id in changed]
        assert first.status is Status.PENDING, "it was sent as it was read"
    each_went_out_once(world)
    with App.open(world.folder / SETTINGS) as app:
        assert {r.id: r.sha256 for r in app.outbox.select("status = 'delivered'") if r.id in changed} == changed


def test_what_a_technician_has_let_go_meanwhile_is_never_sent(world: World) -> None:
    child, pid = asleep(world, MOMENTS[0])
    with App.open(world.folder / SETTINGS) as app:
        for record in app.outbox.in_status(Status.PENDING):
            app.office().discard(_aside(app, record), "invoiced by hand")
    wake(world, child, pid)
    world.do(till, ("cash",), "after")
    with App.open(world.folder / SETTINGS) as app:
        app.send("hand")
        records = app.outbox.select("kind = 'invoice'")
        assert {record.status for record in records} == {Status.DISCARDED}
        assert [app.outbox.attempts(record) for record in records] == [[], []]


def test_what_it_has_sent_another_finds_that_was_let_in_by_a_hand_that_removed_its_lock(world: World) -> None:
    """Nothing else takes the lock from one that lives."""
    child, pid = asleep(world, MOMENTS[2])
    (lock,) = world.folder.glob("*.sender.lock")
    lock.unlink()
    world.later()
    world.do(finish, world.ahead)
    wake(world, child, pid)
    each_went_out_once(world)
