"""Records that are gone through one after another, each read when its turn comes."""

from __future__ import annotations

from typing import Any

import pytest

from posplugin.outbox.lifecycle import Status
from posplugin.outbox.store import Outbox
from tests.fixtures.sales import invoice, request, sale

COUNT = 70


@pytest.fixture
def kept(outbox: Outbox) -> Outbox:
    for number in range(COUNT):
        asked = request(sale(sale_id=f"s-{number}", receipt=f"{number}"))
        outbox.authorize(invoice(asked))
        outbox.capture(lambda: pytest.fail("it is there"), asked.ref)
    return outbox


def test_all_are_gone_through_oldest_first(kept: Outbox) -> None:
    waiting = kept.backlog(Status.PENDING)

    assert len(waiting) == COUNT
    assert [*waiting] == kept.in_status(Status.PENDING)
    last = waiting.only(lambda record: int(record.receipt) > 65)
    assert [record.receipt for record in last] == ["66", "67", "68", "69"]
    assert not kept.backlog(Status.UNCERTAIN)


def test_no_more_than_a_few_are_in_memory_at_a_time(kept: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    select, read = kept.select, []

    def counted(where: str, parameters: Any = ()) -> Any:
        found = select(where, parameters)
        read.append(len(found))
        return found

    monkeypatch.setattr(kept, "select", counted)

    assert sum(1 for _ in kept.backlog(Status.PENDING)) == COUNT
    assert read == [32, 32, 6]


def test_what_has_moved_on_before_its_turn_is_left_out(kept: Outbox) -> None:
    waiting = kept.backlog(Status.PENDING).only(lambda record: int(record.receipt) >= 10)
    turn = iter(waiting)
    first = next(turn)

    kept.move(kept.get(waiting.ids[-1]), Status.NEEDS_ATTENTION, "a person", "let it be")

    assert first.receipt == "10"
    assert [record.receipt for record in turn] == [str(number) for number in range(11, COUNT - 1)]
    assert len(waiting) == COUNT - 10
