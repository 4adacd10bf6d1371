"""Looking records up by what a member of theirs says, which stays right whatever becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posplugin.simulator.state import State


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    kept = State(tmp_path / "state.sqlite3")
    with kept.change():
        for key, voucher in (("1", "a"), ("2", "b"), ("3", "a")):
            kept.put("client", "entry", key, {"voucher": voucher})
        kept.put("other", "entry", "4", {"voucher": "a"})
    yield kept
    kept.close()


def _found(state: State, voucher: str) -> list[str]:
    return [*state.matching("client", "entry", "voucher", voucher)]


def test_what_matches_is_found_in_its_order_and_nobody_elses(state: State) -> None:
    assert _found(state, "a") == ["1", "3"]
    assert _found(state, "nothing") == []
    assert [*state.matching("nobody", "entry", "voucher", "a")] == []


def test_what_changes_is_found_by_what_it_says_now(state: State) -> None:
    assert _found(state, "b") == ["2"]
    with state.change():
        state.put("client", "entry", "1", {"voucher": "b", "more": 1})
        state.put("client", "entry", "3", {"voucher": "a", "more": 2})
        state.remove("client", "entry", "2")
        state.put("client", "entry", "5", {"voucher": "b"})

    assert state.matching("client", "entry", "voucher", "a") == {"3": {"voucher": "a", "more": 2}}
    assert _found(state, "b") == ["1", "5"]


def test_what_was_not_committed_is_not_found(state: State) -> None:
    assert _found(state, "a") == ["1", "3"]

    def fails() -> None:
        with state.change():
            state.put("client", "entry", "6", {"voucher": "a"})
            state.remove("client", "entry", "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert _found(state, "a") == ["1", "3"]
