"""Why a day must not be posted as it is: nothing is guessed, and everything is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from posplugin.saft import Entry, Reader, Refused, RegisterRule
from posplugin.saft.entries import Event, Payment
from sample_terminal.rule_files import documents, sold
from sample_terminal.saft_export import Paper
from sample_terminal.saft_xml import RegisterLog, to_xml
from tests.unit.saft.day_files import NIGHT, NOON, POWEROFFICE, Files, days, only, read_file, z


def closed_without_figures(log: RegisterLog) -> list[Event]:
    return [replace(event, report_id=None) for event in log.events]


@pytest.mark.parametrize("name", sorted(documents().keys() - {"file_in_euro"}))
def test_a_day_has_a_problem_for_each_transaction_that_is_refused_and_for_none_other(tmp_path: Path, name: str) -> None:
    document = documents()[name]
    logs = [
        replace(log, events=[*closed_without_figures(log), z(NOON + timedelta(days=1), 9, log.register_id)])
        for log in document.registers
    ]
    path = tmp_path / "file.xml"
    path.write_bytes(to_xml(replace(document, registers=logs)))
    rules = replace(POWEROFFICE, registers={"BAR-2": RegisterRule(terminal="bar-2")})
    reader = Reader(path, rules, "bar-1", every_terminal=True)
    verdicts = [entry.verdict for entry in reader.entries() if isinstance(entry, Entry)]

    told = [problem for day in days(read_file(path, rules)) for problem in day.problems]

    assert told == [verdict.text for verdict in verdicts if isinstance(verdict, Refused)]


def test_a_sale_voided_after_its_z_is_a_problem_of_both_days(read: Files) -> None:
    sale, void, _ = documents()["void_pair"].registers[0].transactions
    later = replace(void, at=NOON + timedelta(days=1))

    read_out = read(sale, later, events=(z(), z(NIGHT + timedelta(days=1), 2)))

    assert ["after the Z of one of them" in day.problems[0] for day in days(read_out)] == [True, True]


def test_registers_of_one_terminal_are_not_guessed_apart(read: Files) -> None:
    logs = [RegisterLog(register_id=name, events=[z(register_id=name)]) for name in ("BAR-1", "BAR-2")]

    named = replace(POWEROFFICE, registers={"BAR-2": RegisterRule(terminal="bar-2", department="kjeller")})
    together, apart = read.of(*logs), read.of(*logs, rules=named)

    assert all("BAR-1, BAR-2 are all read as terminal bar-1" in day.problems[0] for day in days(together))
    assert [(day.z.terminal_id, day.register_id, day.department, day.problems) for day in days(apart)] == [
        ("bar-1", "BAR-1", None, ()),
        ("bar-2", "BAR-2", "kjeller", ()),
    ]


def test_a_z_number_that_stands_there_twice_is_a_problem_of_both(read: Files) -> None:
    found = days(read(events=(z(), z(NIGHT + timedelta(days=1)))))

    assert [len(day.problems) for day in found] == [1, 1]
    assert "stands there more than once" in found[0].problems[0]


@pytest.mark.parametrize(
    ("report_id", "number", "problems"), [("26324", 26324, 0), ("0017", 17, 0), ("Z-4", "Z-4", 0), ("0", "? 0", 1)]
)
def test_a_z_is_known_by_its_number_or_by_its_text(
    read: Files,
    report_id: str,
    number: int | str,
    problems: int,
) -> None:
    day = only(read(events=(z(number=report_id),)))

    assert (day.z.number, len(day.problems)) == (number, problems)


def test_of_very_many_problems_the_first_are_named_and_the_rest_counted(read: Files) -> None:
    day = only(read(*(replace(sold(nr, "1 suppe", "card"), amount=1) for nr in range(1, 31))))

    assert len(day.problems) == 21
    assert day.problems[-1] == "… and 10 more"


def test_a_sale_whose_invoice_cannot_be_shared_is_a_problem_and_in_no_sum(read: Files) -> None:
    one = sold(1, "1 suppe, -1 suppe", "card", Paper(customer="10002"))
    payments = (Payment(kind="FAKTURA", amount=1000), Payment(kind="BANKKORT", amount=-1000))
    day = only(read(replace(one, kind="DELTSALG", payments=payments)))

    assert "cannot be shared" in day.problems[0]
    assert (day.z.cash.tenders, day.counts.receipts) == ((), 0)
