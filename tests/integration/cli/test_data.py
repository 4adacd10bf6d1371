"""What `--json` gives: free of language, days and moments as ISO 8601, amounts in øre, null for what is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from posplugin.cli.output import plain
from posplugin.simulator import Simulator
from sample_terminal.evening import evening_xml
from tests.integration.cli.conftest import Run
from tests.integration.cli.settling_till import FILE, close_day, sell

COMMANDS = [
    ("status",),
    ("send", "--dry-run"),
    ("outbox", "list"),
    ("outbox", "show", "101"),
    ("outbox", "show", "Z 42"),
    ("outbox", "sync"),
    ("customers", "sync"),
    ("customers", "find"),
    ("customers", "links"),
    ("departments", "fetch"),
    ("ledger", "show"),
    ("settlement", "preview", "--from", "2020-01-01"),
    ("settlement", "import-saft", "evening.xml", "--dry-run"),
    ("config", "show"),
    ("send",),
]
#: What is said for people, or is to be posted in the terminal's language: by name.
WORDS = {"text", "notices", "settings", "problems", "problem", "missing", "description"}
TIMES = {"at", "created_at", "updated_at", "sent_at", "not_before", "closed_at", "next_run"}
DAYS = {"business_date", "day", "posting_date"}


@pytest.fixture
def busy(till: Run, simulator: Simulator) -> Run:
    """A till with something delivered, something that waits, something that needs a person, and a link."""
    sell("101")
    till("send")
    sell("102")
    close_day(42)
    till("customers", "link", "K-1", "10003")
    simulator.edit_order(simulator.orders()[0]["Id"], CustomerNo=10003)
    Path("evening.xml").write_bytes(evening_xml())
    return till


def _fields(data: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _fields(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from _fields(value, name)
    else:
        yield name, data


@pytest.mark.parametrize("words", [words for words in COMMANDS if not {"sync", "send"} & {words[-1]}], ids=" ".join)
def test_data_are_the_same_in_every_language(busy: Run, words: tuple[str, ...]) -> None:
    told = {}
    for language in ("nb", "en"):
        FILE.write_text(re.sub(r'language = "\w+"', f'language = "{language}"', FILE.read_text(), count=1))
        found = [*_fields(json.loads(busy(*words, "--json")[1]))]
        told[language] = [
            (name, None if isinstance(value, str) and (name in WORDS | TIMES or '"' in value) else value)
            for name, value in found
            if (name, value) not in {("value", "nb"), ("value", "en")}
        ]

    assert told["nb"] == told["en"]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_days_moments_and_amounts_are_plain(busy: Run, words: tuple[str, ...]) -> None:
    for name, value in _fields(json.loads(busy(*words, "--json")[1])):
        assert value != "", name
        if value is None:
            continue
        if name in TIMES:
            assert datetime.fromisoformat(value).utcoffset() is not None, (name, value)
            assert value.endswith("+00:00"), (name, value)
        if name in DAYS:
            assert str(date.fromisoformat(value)) == value, name
        if name.endswith("_ore"):
            assert isinstance(value, int), name


def test_tries_are_counted_and_attempts_are_listed(busy: Run) -> None:
    """The same name is never a number here and a list there."""
    listed = {row["receipt"]: row for row in json.loads(busy("outbox", "list", "--json")[1])}
    shown = json.loads(busy("outbox", "show", "101", "--json")[1])

    assert isinstance(listed["101"]["tries"], int)
    assert "attempts" not in listed["101"]
    assert [attempt["status"] for attempt in shown["attempts"]] == [201]
    assert {key: shown[key] for key in listed["101"]} == listed["101"]


def test_what_a_sync_found_is_data(busy: Run) -> None:
    code, out, err = busy("outbox", "sync", "--json")
    found = json.loads(out)

    assert (code, err) == (3, "")
    assert (found["followed"], found["need_a_person"], found["failures"]) == (1, 1, [])
    assert [(row["receipt"], row["reason"]) for row in found["news"]] == [("101", "changed")]


def test_what_was_read_of_the_customers_is_data(busy: Run, simulator: Simulator) -> None:
    code, out, err = busy("customers", "sync", "--all", "--json")
    assert (code, json.loads(out), err) == (0, {"read": 10, "known": 10}, "")

    simulator.stop()
    code, out, err = busy("customers", "sync", "--json")
    assert (code, out, err.startswith("PowerOffice: PowerOffice kan ikke nås")) == (1, "", True)


def test_a_sync_that_fails_says_so_in_its_data(busy: Run, simulator: Simulator) -> None:
    simulator.stop()

    code, out, _ = busy("outbox", "sync", "--json")

    assert (code, len(json.loads(out)["failures"])) == (1, 1)


def test_what_is_no_data_is_not_written() -> None:
    with pytest.raises(TypeError, match="is no data"):
        plain(object())
