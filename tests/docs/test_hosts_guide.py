"""docs/hosts.md has every hook and every call of the host; each program of docs/hosts_programs.md runs as it stands."""

from __future__ import annotations

import inspect
import re
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from posplugin.domain.payment import (
    LONGEST_FIELD,
    Authorization,
    Outcome,
    PaymentField,
    PaymentRequest,
    RefusalCode,
    Terminal,
)
from posplugin.domain.zreport import ZReport
from posplugin.hooks import CONTRACT, PosHost
from posplugin.hooks import host as host_module
from posplugin.hooks.host import PATIENCE_SECONDS
from posplugin.hooks.specs import PosTerminalSpec
from posplugin.outbox.database import HOOK_WAIT_SECONDS
from posplugin.outbox.migrations import STEPS
from posplugin.simulator import Simulator
from posplugin.texts import texts
from tests.fixtures.commands import every_command, understood

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hosts.md").read_text()
FLAT = " ".join(PAGE.split())
PROGRAM_PAGE = (ROOT / "docs" / "hosts_programs.md").read_text()
BOTH = f"{PAGE}\n{PROGRAM_PAGE}"
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PROGRAM_PAGE, re.S)
PROGRAMS = [text for language, text in BLOCKS if language == "python"]
SAID = [text for language, text in BLOCKS if not language]
HOOKS = {name: hook for name, hook in vars(PosTerminalSpec).items() if name.startswith("pos_")}
CALLS = [name for name in vars(PosHost) if inspect.isroutine(getattr(PosHost, name)) and not name.startswith("_")]


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_each_hook_is_in_the_table_with_its_argument(name: str) -> None:
    argument = list(inspect.signature(HOOKS[name]).parameters)[1]

    assert len(re.findall(rf"^\| `{name}\({argument}\)` \|", PAGE, re.M)) == 1


def test_no_hook_and_no_call_is_named_that_is_not_there() -> None:
    assert set(re.findall(r"\bpos_\w+", BOTH)) <= {*HOOKS, "pos_terminal"}
    assert set(re.findall(r"\bhost\.(\w+)", BOTH)) <= {*CALLS, "failures"}


@pytest.mark.parametrize("name", CALLS)
def test_each_call_of_the_host_is_in_the_table_with_its_arguments(name: str) -> None:
    """Those that a till must give; `load` is called on the class."""
    row = re.search(rf"^\| `(?:PosHost|host)\.{name}\((.*?)\)` \|", PAGE, re.M)
    parameters = inspect.signature(getattr(PosHost, name)).parameters.values()

    assert row, name
    assert [word for word in row[1].split(", ") if word] == [
        one.name for one in parameters if one.name != "self" and one.kind is not inspect.Parameter.KEYWORD_ONLY
    ]


@pytest.mark.parametrize("code", RefusalCode)
def test_each_refusal_is_named(code: RefusalCode) -> None:
    assert f"`{code}`" in PAGE.split("### Refusals")[1].split("\n## ")[0]


def test_the_numbers_are_those_of_the_code() -> None:
    major, minor = CONTRACT
    assert f"Version {major}.{minor}." in PAGE
    assert f"(major, minor) = ({major}, {minor})" in PAGE
    assert f"Its schema is {len(STEPS)} now" in FLAT
    assert f"**{PATIENCE_SECONDS:g} seconds** (`patience`)" in PAGE
    assert f"**{HOOK_WAIT_SECONDS * 1000:g} ms**" in PAGE
    assert f"at most {LONGEST_FIELD} characters" in PAGE
    assert ", ".join(texts("en").field[field].lower() for field in PaymentField) in FLAT


def test_the_cashiers_sentences_are_those_that_are_said() -> None:
    """Where no plugin can answer, the host itself speaks."""
    channel = texts("nb").channel_label
    assert f"«{host_module._SORRY['nb'].format(label=channel)}»" in PAGE
    assert f"«{host_module._NO_CHANNEL['nb'].format(channel='invoice')}»" in PAGE
    assert f"«{texts('nb').channel.sending_stopped.split('{')[0]}…»" in PAGE
    assert f"«{texts('nb').receipt.credit_title}»" in PAGE
    assert f"«{texts('nb').receipt.not_a_sales_receipt}»" in PAGE


@pytest.mark.parametrize("name", ["cash", "invoiced", "includes_invoiced", "movements", "number", "business_date"])
def test_what_is_told_of_a_z_is_what_a_z_has(name: str) -> None:
    assert name in ZReport.__dataclass_fields__
    assert re.search(rf"`(cash\.)?{name}[`=.]", PAGE.split("## The day's end")[1].split("\n## ")[0])


def test_the_till_on_the_page_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused, sold, killed and started again, closed and sent: what it says, and what stands in PowerOffice."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "till.py").write_text(PROGRAMS[0])
    commands = [line for language, text in BLOCKS if language == "sh" for line in text.splitlines()]
    with Simulator(None) as simulator:
        _set_up(simulator)
        said = "".join(_run(*shlex.split(line, comments=True), killed="die" in line) for line in commands)
        totals = sorted(order["TotalAmount"] for order in simulator.orders())

    assert said == SAID[0]
    assert totals == [100, 200, 300]


@pytest.mark.parametrize(("program", "says"), [(1, 1), (2, 2)])
def test_the_other_programs_run_as_they_stand(
    program: int, says: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "program.py").write_text(PROGRAMS[program])

    assert _run("python", "program.py") == SAID[says]


def test_no_program_is_left_out() -> None:
    assert (len(PROGRAMS), len(SAID)) == (3, 3)


def test_the_same_facts_give_the_same_paper_after_capture_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the page says of copies."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "till.py").write_text(PROGRAMS[0])
    with Simulator(None) as simulator:
        _set_up(simulator)
        _run("python", "till.py", "sell")
    with closing(sqlite3.connect("journal.sqlite3")) as journal:
        sold = journal.execute("SELECT request FROM payment WHERE state = 'final' AND captured ORDER BY ref").fetchall()
        printed = journal.execute("SELECT text FROM delivery_receipt ORDER BY number").fetchall()
    host = PosHost.load(Terminal(terminal_id="bar-1", department="bar"), lambda _: Outcome.UNKNOWN)
    try:
        answers = [host.authorize(TypeAdapter(PaymentRequest).validate_json(request)) for (request,) in sold]
    finally:
        host.shutdown()

    assert [(yes.receipt.text(),) for yes in answers if isinstance(yes, Authorization)] == printed
    assert len(printed) == 2


@pytest.mark.parametrize("line", sorted({*re.findall(r"`(posplugin [a-z][^`]*)`", BOTH)}))
def test_each_command_on_the_page_can_be_given(line: str) -> None:
    assert understood(line) in every_command()


@pytest.mark.parametrize("name", ["hosts.md", "hosts_programs.md", "technicians.md"])
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / "docs" / name
    for target, place in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", page.read_text()):
        there = (ROOT / "docs" / target).resolve() if target else page
        assert there.exists(), target
        titles = re.findall(r"^#+ (.*)$", there.read_text(), re.M) if there.suffix == ".md" else []
        names = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
        assert not place or place in names, (target, place)


def test_the_readme_leads_here() -> None:
    assert "(docs/hosts.md)" in (ROOT / "README.md").read_text()


def _set_up(simulator: Simulator) -> None:
    """As the README's steps 1 and 2."""
    where = ("--mode", "simulator", "--simulator-url", simulator.url)
    _run("posplugin", "init", "--terminal", "bar-1", "--department", "bar", "--department-code", "10", *where)
    _run("posplugin", "customers", "sync")
    _run("posplugin", "check")


def _run(*words: str, killed: bool = False) -> str:
    command = ["-m", *words] if words[0] == "posplugin" else words[1:]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == (1 if killed else 0), (words, done.stdout, done.stderr)
    return done.stdout
