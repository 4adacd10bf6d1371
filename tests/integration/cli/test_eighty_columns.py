"""Every command at a screen of 80 columns, in both languages: nothing is wider, and tables keep their cells whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from posplugin.domain.payment import PaymentRef
from posplugin.outbox.reference import code_in
from posplugin.simulator import Simulator
from sample_terminal.evening import evening_xml
from tests.fixtures.commands import every_command, understood
from tests.integration.cli.conftest import Run
from tests.integration.cli.settling_till import FILE, close_day, sell
from tests.integration.sender.settled import z_of

#: What a screen is told besides text.
_CONTROLS = re.compile("\x1b\\[[0-9;?]*[A-Za-z]|\r")
#: Asked for elsewhere: they go on until they are stopped.
ENDLESS = {"service", "simulator", "console"}
PERIOD = ("--from", "2020-01-01", "--to", "2030-01-01")


@pytest.fixture
def screen(till: Run, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """A till with something of everything, and a person at a screen."""
    refs = [sell("101", 123_456_789), sell("261120008-000000000000000000000001"), sell("103"), sell("104")]
    till("send", "--kind", "invoice")
    simulator.archive_customer(10002)
    refs += [sell("105")]
    long = "Sesongmeny med drikkepakke " * 4
    groups = z_of(1, {25: 123_456_789, 15: 4007}, at=datetime.now(UTC)).cash.groups
    cash = {"groups": tuple(replace(each, article_group=long) for each in groups)}
    close_day(42, {25: 123_456_789, 15: 4007}, invoiced=[*refs, PaymentRef("till-1", "s999", "1")], cash=cash)
    till("customers", "link", "en-lang-kunde-id-fra-kassen-0000000000000001", "10003")
    till("customers", "set", "10003", "--credit-limit", "1000000.00", "--reference", "Kari Nordmann " * 5)
    till("send")
    simulator.edit_order(simulator.orders()[0]["Id"], CustomerNo=10003)
    Path("evening.xml").write_bytes(evening_xml())
    Path("bad.csv").write_text("K-1;4711\nK-2;10006\n")
    with monkeypatch.context() as patch:
        patch.setattr(Console, "is_terminal", property(lambda _: True))
        yield till


def _told(run: Run, language: str, *words: str) -> str:
    FILE.write_text(re.sub(r'language = "\w+"', f'language = "{language}"', FILE.read_text(), count=1))
    _, out, err = run(*words)
    return _CONTROLS.sub("", f"{out}{err}")


COMMANDS = [
    ("check",),
    ("status",),
    ("send", "--dry-run"),
    ("send",),
    ("send", "--kind", "settlement", "--from", "2020-01-01", "--to", "2020-01-02"),
    ("outbox", "list"),
    ("outbox", "list", "--limit", "1"),
    ("outbox", "list", "--status", "cancelled"),
    ("outbox", "sync"),
    ("outbox", "show", "101"),
    ("outbox", "show", "105"),
    ("outbox", "show", "Z 42"),
    ("outbox", "show", "nothing"),
    ("outbox", "amend", "105", "--customer", "10003"),
    ("outbox", "amend", "105"),
    ("outbox", "retry", "105"),
    ("outbox", "retry", "--all"),
    ("outbox", "retry"),
    ("outbox", "discard", "105", "--how", "fakturert for hånd", "--yes"),
    ("outbox", "discard", "103", "--how", "x", "--yes"),
    ("outbox", "hide", "104"),
    ("outbox", "hide", "104", "--undo"),
    ("outbox", "export", "--output", "{language}.jsonl"),
    ("outbox", "export", "--output", "{language}.jsonl"),
    ("outbox", "purge", "--before", "2020-01-01"),
    ("outbox", "purge", "--before", "2099-01-01"),
    ("outbox", "purge", "--before", "2020-01-01", "--yes"),
    ("outbox", "backup", "{language}.sqlite3"),
    ("outbox", "backup", "{language}.sqlite3"),
    ("outbox", "take-over"),
    ("customers", "sync"),
    ("customers", "find"),
    ("customers", "find", "--archived"),
    ("customers", "set", "10003"),
    ("customers", "set", "4711"),
    ("customers", "set", "10003", "--credit-limit", "x"),
    ("customers", "set", "10003", "--credit-limit", "-1"),
    ("customers", "set", "10003", "--reference", "x" * 300),
    ("customers", "set", "10003", "--credit-limit", "1", "--no-credit-limit"),
    ("customers", "find", "--department", "cellar"),
    ("customers", "link", "K-1", "10003"),
    ("customers", "link", "K-1", "--remove"),
    ("customers", "link", "K-1", "--remove"),
    ("customers", "link", "--import", "bad.csv"),
    ("customers", "link"),
    ("customers", "links"),
    ("departments", "fetch"),
    ("ledger", "show"),
    ("ledger", "copy", "default", "bar", "--replace"),
    ("ledger", "show", "--department", "cellar"),
    ("settlement", "preview"),
    ("settlement", "preview", *PERIOD),
    ("settlement", "preview", "--date", "i går"),
    ("settlement", "accept", "Z 42", "--how", "øvelse"),
    ("settlement", "reverse", "Z 42", "--why", "feil konto", "--yes"),
    ("settlement", "import-saft", "evening.xml", "--dry-run"),
    ("settlement", "import-saft", "missing.xml"),
    ("config", "show"),
    ("init",),
]


def test_every_command_is_tried() -> None:
    assert {words for words in every_command() if words[0] not in ENDLESS} <= {
        part for words in COMMANDS for part in (words[:1], words[:2])
    }


@pytest.mark.parametrize("language", ["nb", "en"])
def test_nothing_is_wider_than_the_screen(screen: Run, language: str, tmp_path: Path) -> None:
    for words in COMMANDS:
        told = _told(screen, language, *(word.format(language=language) for word in words))

        assert told.strip(), words
        assert max(map(len, told.splitlines())) <= 80, (words, max(told.splitlines(), key=len))
        assert "Traceback" not in told, words


@pytest.mark.parametrize("language", ["nb", "en"])
def test_where_a_record_stands_is_never_broken(screen: Run, language: str) -> None:
    """One line for each record, or two where its numbers are long: the status is whole on one of them."""
    told = _told(screen, language, "outbox", "list")
    records = json.loads(screen("outbox", "list", "--json")[1])

    statuses = {"nb": ("levert: utkast", "trenger hjelp"), "en": ("delivered: draft", "needs a person")}[language]
    shown = [line for line in told.splitlines() if line.rstrip().endswith(statuses)]
    assert len(shown) == len(records) == 6


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_help_fits_and_has_examples_that_can_be_given(run: Run, words: tuple[str, ...]) -> None:
    code, out, _ = run(*words, "--help")

    examples = re.findall(r"Example: (posplugin (?:.+\n)+)", out.split("\nOptions:")[0].split("\nArguments:")[0])
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert examples
    assert {understood(" ".join(example.split())) for example in examples} == {words}


def test_completion_is_switched_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the Tab key: as the README says, and it knows commands and what an option takes."""
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    assert "_POSPLUGIN_COMPLETE" in run("--show-completion", "bash")[1]
    assert "--install-completion" in run("--help")[1]

    def completed(words: str) -> list[str]:
        env = {"_POSPLUGIN_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()))}
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        return run()[1].split()

    assert {"list", "export", "purge"} <= set(completed("posplugin outbox "))
    assert "needs_attention" in completed("posplugin outbox list --status ")


def test_the_tab_key_offers_what_is_there(till: Run, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Receipts that are one word, codes of the rest, departments; nothing, and no error, where nothing can be read."""
    sell("101")
    close_day(42, {25: 40000})
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    code = next(
        code_in(each["reference"])
        for each in json.loads(run("outbox", "list", "--json")[1])
        if each["kind"] == "settlement"
    )

    def completed(words: str) -> list[str]:
        for name, value in {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()))}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("_POSPLUGIN_COMPLETE", "complete_bash")
        return run()[1].split()

    offered = completed("posplugin outbox show ")
    assert offered[1:] == ["101"]
    assert offered[0] == code
    assert completed("posplugin outbox retry ") == []
    assert completed("posplugin ledger copy ") == ["default", "bar"]
    assert completed("posplugin --config missing.toml outbox show ") == []


def test_in_the_groups_of_commands_each_is_summed_up_whole(run: Run) -> None:
    groups = {words[:-1] for words in every_command()}

    assert [group for group in groups if "..." in run(*group, "--help")[1].partition("Commands:")[2]] == []


def test_what_was_sent_is_shown_line_by_line(screen: Run) -> None:
    told = _told(screen, "nb", "outbox", "show", "101")

    assert '\n      "SalesOrderStatus": "Draft",\n' in told
    assert "\n  svar: ordre " in told
    assert "\nkunde: 10002 Bergen Havnelag AS\n" in told
