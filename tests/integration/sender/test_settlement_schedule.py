"""Settlements with a schedule of their own are sent in runs of their own; without one, with the invoices."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from posplugin.app import App
from posplugin.domain.documents import RecordKind
from posplugin.domain.errors import AlreadySending
from posplugin.schedule import spread
from posplugin.sender.run import RunReport
from posplugin.sender.selection import Selection
from posplugin.settings import fingerprint
from posplugin.till.status import CHECK_PASSED
from tests.fixtures.clocks import Watch
from tests.fixtures.settings import LEDGER, write_settings

#: Friday, an hour after the runs at 06:00 Oslo time.
MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
ALONE = frozenset({RecordKind.SETTLEMENT})
OTHERS = frozenset(RecordKind) - ALONE
AT_FOUR = {"schedule": {"time": "04:00"}}
SUNDAYS = {"schedule": {"frequency": "weekly", "weekday": "sun", "time": "09:00"}}


class Runs:
    """What the app would have sent, written down as runs that came to their end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[str, frozenset[RecordKind]]] = []
        self.windows: list[timedelta] = []
        self.busy = False
        runs = self

        def send(app: App, cause: str, *, window: timedelta, selection: Selection, **_: Any) -> RunReport:
            if runs.busy:
                raise AlreadySending("another has it")
            runs.made.append((cause, selection.kinds))
            runs.windows.append(window)
            app.runs.finish(app.runs.begin(cause), "done", delivered=0, waiting=0, attention=0)
            return RunReport()

        monkeypatch.setattr(App, "send", send)
        # What is done every day beside the runs is not looked at here.
        monkeypatch.setattr(App, "_daily_due", lambda *_: None)

    def since_last(self) -> list[tuple[str, frozenset[RecordKind]]]:
        made, self.made = self.made, []
        return made


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(monkeypatch)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with App.open(_settings(tmp_path), clock=Watch(MORNING)) as opened:
        yield opened


def _settings(folder: Path, settlement: dict[str, Any] | None = None, **schedule: object) -> Path:
    return write_settings(
        folder / "posplugin.toml",
        schedule={"automatic": True, **schedule},
        ledger=LEDGER,
        settlement=settlement or {},
    )


def _give(app: App, settlement: dict[str, Any], **schedule: object) -> None:
    """Write the settings anew, and let `check` have passed for them."""
    _settings(app.settings.path.parent, settlement, **schedule)
    app.outbox.write_note(CHECK_PASSED, fingerprint(app.settings_now()))


def _look(app: App) -> None:
    """Do what both threads do at each look."""
    app._tick()
    app._tick(settlements=True)


def _at(app: App, hour: int, day: int = 20, minute: int = 0) -> None:
    """Let it be a time in Oslo in November, counted from this terminal's own offset."""
    assert isinstance(app.clock, Watch)
    app.clock.now = datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC) + spread(app.settings.terminal.id)


def test_without_a_schedule_of_their_own_one_run_sends_all(app: App, runs: Runs) -> None:
    _give(app, {})
    _look(app)
    _look(app)

    assert runs.since_last() == [("catch_up", frozenset(RecordKind))]


def test_with_one_each_has_its_runs_at_its_time(app: App, runs: Runs) -> None:
    _give(app, AT_FOUR)
    _look(app)
    assert runs.since_last() == [("catch_up", OTHERS), ("settlement_catch_up", ALONE)]

    _at(app, 4, 21, minute=1)
    _look(app)
    _look(app)
    assert runs.since_last() == [("settlement_schedule", ALONE)]

    _at(app, 6, 21, minute=1)
    _look(app)
    _look(app)
    assert runs.since_last() == [("schedule", OTHERS)]
    assert {*runs.windows} == {timedelta(hours=6)}


def test_a_week_of_settlements_goes_out_on_its_day(app: App, runs: Runs) -> None:
    _give(app, SUNDAYS)
    _look(app)
    runs.since_last()
    settlements = []
    for day in range(21, 29):
        for hour in (7, 9, 10):
            _at(app, hour, day, minute=1)
            _look(app)
            settlements += [(day, hour) for _, kinds in runs.since_last() if RecordKind.SETTLEMENT in kinds]

    assert settlements == [(22, 9)]


def test_a_run_by_hand_takes_no_runs_place(app: App, runs: Runs) -> None:
    _give(app, AT_FOUR)
    app.runs.finish(app.runs.begin("hand"), "done", delivered=0, waiting=0, attention=0)

    _look(app)

    assert len(runs.since_last()) == 2


def test_a_run_that_died_is_made_anew(app: App, runs: Runs) -> None:
    _give(app, AT_FOUR)
    app.runs.begin("settlement_schedule")

    app._tick(settlements=True)

    assert runs.since_last() == [("settlement_catch_up", ALONE)]


def test_what_another_has_in_hand_is_left_for_the_next_look(app: App, runs: Runs) -> None:
    _give(app, AT_FOUR)
    runs.busy = True
    _look(app)
    assert runs.since_last() == []

    runs.busy = False
    _look(app)
    assert len(runs.since_last()) == 2


def test_the_switch_and_the_gate_are_those_of_all_sending(app: App, runs: Runs, tmp_path: Path) -> None:
    _settings(tmp_path, AT_FOUR)
    app.settings_now()
    _give(app, AT_FOUR, automatic=False)
    _look(app)
    assert runs.since_last() == []

    _settings(tmp_path, {**AT_FOUR, "posting": "draft"})
    _look(app)
    assert runs.since_last() == []

    _settings(tmp_path, SUNDAYS)  # of what `check` has passed for, only times have changed
    _look(app)
    assert len(runs.since_last()) == 2


def test_when_their_schedule_is_taken_away_they_go_with_the_invoices_again(app: App, runs: Runs) -> None:
    _give(app, AT_FOUR)
    _look(app)
    _give(app, {})
    _at(app, 6, 21, minute=1)
    runs.since_last()

    _look(app)

    assert runs.since_last() == [("schedule", frozenset(RecordKind))]


def test_a_run_of_hours_does_not_hold_up_the_other(app: App, runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invoices that are tried again and again until the window closes; the settlements go out meanwhile."""
    _give(app, AT_FOUR)
    done, let_go, quickly = threading.Event(), threading.Event(), App.send

    def send(self: App, cause: str, **more: Any) -> RunReport:
        if "settlement" not in cause:
            let_go.wait(30)
            return RunReport()
        report = quickly(self, cause, **more)
        done.set()
        return report

    monkeypatch.setattr(App, "send", send)
    app.start_schedule()

    assert done.wait(20)
    let_go.set()
