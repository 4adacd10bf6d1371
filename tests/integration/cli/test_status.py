"""`posplugin status`: one line for a monitoring agent, a lamp and a table for a person, and what the exit code says."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posplugin.app import App
from posplugin.domain.clock import to_text
from posplugin.simulator import Simulator
from tests.integration.cli.conftest import Run
from tests.integration.cli.settling_till import FILE, sell

LINE = re.compile(r"(GREEN|YELLOW|RED) till-1: .+ \| waiting=\d+ uncertain=\d+ attention=\d+\n")


def test_all_is_well_in_one_line_and_exit_0(shop: Run) -> None:
    code, out, err = shop("status", "--line")

    assert (code, out, err) == (
        0,
        "GREEN till-1: Everything is delivered to PowerOffice. | waiting=0 uncertain=0 attention=0\n",
        "",
    )


def test_what_waits_is_counted(shop: Run) -> None:
    sell("1001")

    assert shop("status", "--line")[1].endswith("| waiting=1 uncertain=0 attention=0\n")


def test_a_yellow_lamp_is_no_alarm(shop: Run) -> None:
    FILE.write_text(FILE.read_text().replace('delivery = "draft"', 'delivery = "confirmed"'))

    code, out, _ = shop("status", "--line")

    assert (code, out.split()[0]) == (0, "YELLOW")
    assert LINE.fullmatch(out)


def test_what_needs_a_person_is_exit_3_in_every_form(shop: Run, simulator: Simulator) -> None:
    sell("1001")
    simulator.archive_customer(10002)
    shop("send")

    for words in ("--line",), ("--json",), ():
        assert shop("status", *words)[0] == 3
    assert LINE.fullmatch(shop("status", "--line")[1])
    assert "attention=1" in shop("status", "--line")[1]
    assert json.loads(shop("status", "--json")[1])["need_a_person"] == 1


def test_a_red_lamp_of_another_cause_is_exit_3_too(shop: Run) -> None:
    """What has waited for more than 14 days, though no record needs a person."""
    sell("1001")
    with App.open() as app:
        long_ago = to_text(datetime.now(UTC) - timedelta(days=15))
        app.database.execute("UPDATE records SET created_at = ?", (long_ago,))

    for words in ("--line",), ("--json",), ():
        code, out, _ = shop("status", *words)
        assert (code, "red" in out.lower()) == (3, True), words
    assert "attention=0" in shop("status", "--line")[1]


def test_the_first_word_is_the_same_in_every_language(shop: Run) -> None:
    """An agent looks for it; a person reads the rest."""
    FILE.write_text(FILE.read_text().replace('language = "en"', 'language = "nb"'))
    shop("check")

    assert shop("status", "--line")[1].startswith("GREEN till-1: Alt er levert til PowerOffice. | ")
    assert shop("status")[1].startswith("GRØNN till-1: Alt er levert")


@pytest.mark.parametrize("harm", ["no settings", "settings", "no outbox"])
def test_what_could_not_be_looked_at_is_one_line_and_exit_1(shop: Run, harm: str) -> None:
    """Nothing on stderr; without --line it is told as any command tells it."""
    if harm == "no settings":
        FILE.unlink()
    elif harm == "settings":
        FILE.write_text(FILE.read_text() + "\n[termnal]\n[ledgr]\n")
    else:
        Path("outbox.sqlite3").write_text("this is no database" * 1000)
        for beside in Path().glob("outbox.sqlite3-*"):
            beside.unlink()

    code, out, err = shop("status", "--line")

    assert (code, err) == (1, "")
    assert out.startswith("UNKNOWN posplugin: cannot look: ")
    assert out.count("\n") == 1
    code, out, err = shop("status")
    assert (code, out) == (1 if harm == "no outbox" else 2, "")
    assert err


def test_a_bar_in_what_is_said_does_not_begin_the_counts(shop: Run) -> None:
    with App.open() as app:
        run_id = app.runs.begin("hand")
        app.runs.finish(run_id, "stopped", delivered=0, waiting=0, attention=0, detail="a | b\nc")

    out = shop("status", "--line")[1]

    assert LINE.fullmatch(out)
    assert "a / b c" in out


def test_two_forms_at_once_are_refused(shop: Run) -> None:
    assert shop("status", "--line", "--json") == (2, "", "give --json or --line, not both\n")


def test_a_person_sees_the_lamp_the_runs_and_the_records(shop: Run, simulator: Simulator) -> None:
    sell("1001")
    simulator.archive_customer(10002)
    shop("send")

    lines = shop("status")[1].splitlines()

    assert lines[0].startswith("RED till-1: Waiting for whoever looks after the till: 1.")
    assert lines[1] == "open: 1 needs a person"
    assert re.fullmatch(r"last run: \d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d \(done\)", lines[2])
    assert lines[3].startswith("next run: ")
    assert "1001" in lines[-1]
