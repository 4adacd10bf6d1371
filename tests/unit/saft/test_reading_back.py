"""A sale written as SAF-T reads back as the same sale, and the day as the same day."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from posplugin.domain.sale import Sale
from posplugin.saft import CustomerNumbers, DayEnd, Entry, Played, Reader, RegisterRule, SaftRules, Skipped
from posplugin.saft.entries import Event, Transaction
from posplugin.saft.moments import OSLO, Moments
from posplugin.saft.names import sale_id
from sample_terminal.evening import sale_of
from sample_terminal.menu import MENU
from sample_terminal.rule_files import sold
from sample_terminal.saft_export import Paper, exported
from sample_terminal.saft_xml import Document, RegisterLog, to_xml

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=OSLO)
LOCAL_NOON = NOON.replace(tzinfo=None)
POWEROFFICE = SaftRules(customer_numbers=CustomerNumbers.POWEROFFICE)

items = st.tuples(st.integers(1, 9), st.sampled_from(sorted(MENU)), st.booleans())
payments = st.sampled_from(
    [
        "card",
        "cash",
        "invoice",
        "invoice 10, card",
        "invoice 10, card+25",
        "mobile 5, cash",
        "card+12.50",
        "gift_card 1, card",
    ]
)


def read(rules: SaftRules, *registers: RegisterLog, every_terminal: bool = False) -> list[Entry | DayEnd]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.xml"
        path.write_bytes(to_xml(Document(day=NOON.date(), registers=registers)))
        return list(Reader(path, rules, "BAR-1", every_terminal=every_terminal).entries())


@settings(max_examples=60, deadline=None)
@given(order=st.lists(items, min_size=1, max_size=6), pay=payments)
def test_a_sale_reads_back_as_it_was_written(order: list[tuple[int, str, bool]], pay: str) -> None:
    text = ", ".join(f"{n} {name}{'*' if away and MENU[name].take_away else ''}" for n, name, away in order)
    sale = replace(sale_of(text, pay, "R-17", NOON), receipt="17")
    paper = Paper(customer="10002", text="Notat: for «alle» & <noen>")

    (entry,) = read(POWEROFFICE, RegisterLog(register_id="R", transactions=[exported(sale, "R", "17", paper)]))

    assert isinstance(entry, Entry)
    assert isinstance(entry.verdict, Played)
    assert entry.verdict.sale == sale
    assert entry.verdict.fields == {"note": "for «alle» & <noen>"}


def log(register_id: str, *transactions: Transaction, z: tuple[datetime, ...] = ()) -> RegisterLog:
    events = [
        Event(register_id=register_id, event_id=f"{register_id}{n}", kind="Z", at=at, report_id=f"{n}")
        for n, at in enumerate(z, start=1)
    ]
    return RegisterLog(register_id=register_id, events=events, transactions=transactions)


def in_order(entries: list[Entry | DayEnd]) -> list[str]:
    return [f"Z{e.z.report_id}" if isinstance(e, DayEnd) else e.transaction.nr for e in entries]


def test_each_z_comes_after_the_last_sale_that_it_closes_though_a_later_one_stands_before() -> None:
    hours = [LOCAL_NOON + timedelta(hours=hour) for hour in range(6)]
    sales = [sold(nr, "1 vin", "card", at=hours[hour]) for nr, hour in ((1, 0), (2, 2), (3, 0), (4, 4))]

    entries = read(POWEROFFICE, log("BAR-1", *sales, z=(hours[1], hours[3])))

    assert in_order(entries) == ["1", "2", "3", "Z1", "Z2", "4"]


def test_a_z_without_sales_is_given_too() -> None:
    entries = read(POWEROFFICE, log("BAR-1", z=(LOCAL_NOON, LOCAL_NOON + timedelta(days=1))))

    assert [e.business_date.isoformat() for e in entries if isinstance(e, DayEnd)] == ["2026-11-20", "2026-11-21"]


def test_a_register_belongs_to_the_terminal_and_department_that_the_rules_say() -> None:
    rules = replace(POWEROFFICE, registers={"BAR-2": RegisterRule(terminal="bar-2", department="kjeller")})
    other = log("BAR-2", replace(sold(1, "1 vin", "card"), register_id="BAR-2"), z=(LOCAL_NOON + timedelta(hours=1),))

    left, taken = read(rules, other), read(rules, other, every_terminal=True)

    assert [entry.verdict.why for entry in left if isinstance(entry, Entry) and isinstance(entry.verdict, Skipped)] == [
        "other_terminal"
    ]
    assert len(left) == 1
    sale = played(taken[0])
    assert (sale.terminal_id, sale.department, sale.sale_id) == ("bar-2", "kjeller", "BAR-2-1")
    assert isinstance(taken[1], DayEnd)
    assert taken[1].terminal_id == "bar-2"


def test_the_original_of_a_return_may_be_another_registers() -> None:
    rules = replace(POWEROFFICE, registers={"BAR-2": RegisterRule(terminal="bar-2")})
    first = log("BAR-2", replace(sold(44, "1 vin", "invoice"), register_id="BAR-2"))
    back = log("BAR-1", sold(1, "-1 vin", "invoice", Paper(customer="10002", ref_id="44")))

    entries = read(rules, first, back, every_terminal=True)

    original = played(entries[1]).original
    assert original is not None
    assert (original.terminal_id, original.sale_id, original.receipt) == ("bar-2", "BAR-2-44", "44")
    assert original.sold_on == NOON.date()


def played(entry: Entry | DayEnd) -> Sale:
    assert isinstance(entry, Entry)
    assert isinstance(entry.verdict, Played)
    return entry.verdict.sale


def test_an_id_too_long_or_unprintable_is_cut_and_told_apart() -> None:
    long, other = sale_id("R" * 90, "17"), sale_id("R" * 90, "18")

    assert sale_id("11.222-33.44.567", "1000") == "11.222-33.44.567-1000"
    assert len(long) == len(other) == 64
    assert long != other
    assert sale_id("A\nB", "1").startswith("AB-1~")


def test_in_the_spring_hour_that_does_not_exist_time_goes_on() -> None:
    moments = Moments()
    walls = [datetime(2026, 3, 29, 1, 59), datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 3, 31)]  # noqa: DTZ001

    stamps = [moments.aware(wall).timestamp() for wall in walls]

    assert stamps == sorted(stamps)
