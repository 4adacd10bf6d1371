"""docs/technicians.md has every command, status, reason and sentence of the lamp, and its examples run."""

from __future__ import annotations

import dataclasses
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from posplugin.cli import main as cli
from posplugin.cli.console import PORT
from posplugin.cli.output import Exit
from posplugin.console import gate
from posplugin.domain.payment import PaymentRef, RefusalCode
from posplugin.domain.reasons import Reason
from posplugin.office import ONE_BY_ONE
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from posplugin.texts import texts
from sample_terminal.evening import EVENING, evening_xml
from tests.fixtures.commands import every_command, understood
from tests.integration.cli.settling_till import close_day, sell
from tests.integration.sender.shop import LEDGER

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "technicians.md").read_text()
COMMANDS = [" ".join(("posplugin", *words)) for words in every_command()]
ROWS = re.findall(r"^\| `(posplugin [a-z -]+)` \| (.*) \| `(posplugin .*)` \|$", PAGE, re.M)
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.S)
#: With what the demo's evening has besides.
_LEDGER = LEDGER.replace("card = 1580", "card = 1580, mobile = 1580, gift_card = 2901").replace(
    '"bank deposit" = 1920', "11010 = 1920, 11011 = 1920"
)
#: These go on until they are told to end.
LASTING = ("console", "service", "simulator")


def _part(title: str) -> str:
    return PAGE.split(f"\n{title}\n")[1].split("\n## ")[0]


# -- what there is -------------------------------------------------------------------------------------------------


def test_each_command_is_in_the_table_once_and_no_other() -> None:
    assert sorted(command for command, _, _ in ROWS) == sorted(COMMANDS)


@pytest.mark.parametrize(("command", "does"), [(command, does) for command, does, _ in ROWS])
def test_the_options_in_the_table_are_the_commands_own(command: str, does: str) -> None:
    found: Any = typer.main.get_command(cli.app)
    for word in command.split()[1:]:
        found = found.commands[word]

    assert set(re.findall(r"--[a-z-]+", does)) <= {name for parameter in found.params for name in parameter.opts}


@pytest.mark.parametrize("line", sorted({*re.findall(r"`(posplugin [a-z][^`]*)`", PAGE)} - {*COMMANDS}))
def test_each_command_on_the_page_can_be_given(line: str) -> None:
    assert understood(line.replace("DATE", "2021-01-01")) in every_command()


def test_each_status_stands_with_what_the_screen_says() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| .+ \| .+ \|$", _part("## Where a record stands"), re.M)

    assert rows == [(status, texts("nb").status[status]) for status in Status]


def test_each_reason_stands_as_people_meet_it() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", _part("## Why it needs a person"), re.M)
    said = texts("en").reason

    assert rows == [(reason, said[reason].sentence, said[reason].remedy) for reason in Reason]


def test_what_retry_all_leaves_is_named() -> None:
    sentence = _part("## Why it needs a person").split("| reason |")[0].split("can decide about:")[1]

    assert set(re.findall(r"`(\w+)`", sentence)) == set(ONE_BY_ONE)


def test_each_sentence_of_the_lamp_is_there() -> None:
    said = texts("nb")
    sentences = {getattr(said.channel, field.name) for field in dataclasses.fields(said.channel)}
    told = re.findall(r"^\| (.+) \| (?:green|yellow|red)[^|]* \| .+ \|$", _part("### What the lamp says"), re.M)

    assert set(told) == sentences - {said.channel.by_hand} | {said.refusal[RefusalCode.INVOICING_OFF]}


def test_the_exit_codes_are_there() -> None:
    assert [int(code) for code in Exit] == [0, 1, 2, 3]
    assert "Exit codes: 0 done, 1 failed, 2 usage or settings. 3: records need attention" in PAGE


def test_the_consoles_limits_are_those_of_the_gate() -> None:
    console = " ".join(_part("## The console").split())
    assert f"at most **{gate.LONGEST_SESSION / 3600:g} hours**" in console
    assert f"after **{gate.LONGEST_IDLE / 3600:g} hour** unused" in console
    assert gate.LONGEST_LINK == 3600
    assert "once, within an hour**" in console
    assert f"It listens on {gate.ADDRESS} and nowhere else" in console
    assert f"ssh -N -L {PORT}:{gate.ADDRESS}:{PORT} user@till" in console
    assert f"«{texts('nb').console.fault.wrong_host.title}»" in console


@pytest.mark.parametrize(
    "event", re.findall(r"`(\w+)`", PAGE.split("- Events to look for:")[1].split("\n- ")[0].replace("\n", " "))
)
def test_each_event_is_one_that_is_logged(event: str) -> None:
    """By the very name."""
    assert any(f'"{event}"' in path.read_text() for path in (ROOT / "posplugin").rglob("*.py"))


def test_the_readme_leads_here() -> None:
    assert "(docs/technicians.md)" in (ROOT / "README.md").read_text()


# -- what is run ---------------------------------------------------------------------------------------------------


@pytest.fixture
def till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """A till with a day delivered and settled, and with two receipts and a Z that need a person."""
    monkeypatch.chdir(tmp_path)
    with Simulator(None, requests_per_second=1000) as go:
        where = ("--mode", "simulator", "--simulator-url", go.url)
        _give("init", "--terminal", "till-1", "--department", "bar", "--department-code", "10", *where)
        settings = Path("posplugin.toml")
        settings.write_text(settings.read_text() + _LEDGER)
        for words in (("customers", "sync"), ("check",)):
            assert _give(*words) == 0
        close_day(42, invoiced=(sell("1040"),))
        assert _give("send") == 0
        go.archive_customer(10002)
        sell("1042")
        sell("1043")
        close_day(43, invoiced=(PaymentRef("till-1", "1041", "1"),))
        assert _give("send") == int(Exit.NEEDS_ATTENTION)
        yield go


def test_each_example_of_the_table_runs(till: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the table, each at the till that those before it have left."""
    Path("kasse.xml").write_bytes(evening_xml(EVENING))
    for command, _, example in ROWS:
        words = shlex.split(example)[1:]
        if command.split()[1] in LASTING:
            _lasts(words)
        else:
            assert _give(*words) in (Exit.DONE, Exit.NEEDS_ATTENTION), example
        if "check" in words:  # it lets go what the set-up held, and the customer is still archived
            assert _give("send") == Exit.NEEDS_ATTENTION


def test_the_blocks_run_as_they_stand_and_a_restored_backup_sends_nothing_twice(till: Simulator) -> None:
    """Backup, restore, upgrade, purge; what is of the machine, and no command of ours, is left out."""
    _stand_in("posplugin", f'exec "{sys.executable}" -m posplugin "$@"')
    _stand_in("pip", "exit 0")
    orders, vouchers = len(till.orders()), len(till.vouchers())
    for block in BLOCKS:
        if "ssh " in block:
            continue
        for line in block.splitlines():
            environment = {**os.environ, "PATH": f"{Path.cwd() / 'bin'}:{os.environ['PATH']}"}
            done = subprocess.run(
                ["sh", "-c", line], env=environment, capture_output=True, text=True, check=False, timeout=60
            )
            assert done.returncode in (Exit.DONE, Exit.NEEDS_ATTENTION), (line, done.stdout, done.stderr)

    assert (len(till.orders()), len(till.vouchers())) == (orders, vouchers)
    assert Path("outbox.sqlite3").stat().st_mode & 0o777 == 0o600
    assert Path("damaged/outbox.sqlite3").exists()


def _give(*words: str) -> int:
    """Give one command; return its exit code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["posplugin", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    return int(ended.value.code or 0)


def _lasts(words: list[str]) -> None:
    """Start what goes on, on any free port; it says that it runs, and ends well when told to."""
    free = ["0" if before == "--port" else word for before, word in zip(["", *words], words, strict=False)]
    with subprocess.Popen(
        [sys.executable, "-m", "posplugin", *free], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            assert process.stderr.readline()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) in (0, 128 + signal.SIGINT), words  # the latter: told before it was waiting for it
        finally:
            process.kill()


def _stand_in(name: str, does: str) -> None:
    """Put a program of that name into bin/."""
    Path("bin").mkdir(exist_ok=True)
    path = Path("bin") / name
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
