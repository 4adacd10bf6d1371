"""A SAF-T file's days: each Z with what was paid at the till, and why it must not be posted where that is so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posplugin.domain.payment import PaymentRef
from posplugin.domain.sale import LineKind
from posplugin.domain.zreport import CashMovement, GroupTotal, TenderTotal, disagreement
from posplugin.saft import (
    CustomerNumbers,
    DayRead,
    Entry,
    Played,
    Reader,
    RegisterRule,
    SaftRules,
    Waiting,
    read_days,
)
from posplugin.saft.entries import Event, Payment, Transaction
from sample_terminal.figures import Count, ReportFigures
from sample_terminal.menu import MENU
from sample_terminal.rule_files import documents, sold
from sample_terminal.saft_export import Paper
from sample_terminal.saft_xml import Document, RegisterLog, to_xml
from sample_terminal.zday import cash_sales, z_report

SHARED = Path(__file__).parents[4] / "shared/saf-t"
NOON = datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001  # a file's times are local and naive
NIGHT = NOON.replace(hour=23)
POWEROFFICE = SaftRules(customer_numbers=CustomerNumbers.POWEROFFICE)


def z(at: datetime = NIGHT, number: object = 1, register_id: str = "BAR-1") -> Event:
    """Return a Z without figures of its own; it is then known by its event."""
    return Event(register_id=register_id, event_id=str(number), kind="Z", at=at)


def money(nr: int, code: str, amount: int, *payments: tuple[str, int], debit: bool = False) -> Transaction:
    return Transaction(
        register_id="BAR-1",
        nr=str(nr),
        trans_id=f"T{nr}",
        kind=code,
        amount=amount,
        debit=debit,
        at=NOON + timedelta(minutes=nr),
        payments=tuple(Payment(kind=kind, amount=paid) for kind, paid in payments),
    )


def read_file(path: Path, rules: SaftRules = POWEROFFICE) -> list[DayRead | Waiting]:
    return list(read_days(Reader(path, rules, "bar-1", every_terminal=True)))


@dataclass(frozen=True)
class Files:
    """Writes a file of transactions, and reads its days."""

    path: Path

    def __call__(self, *transactions: Transaction, events: Sequence[Event] = (z(),)) -> list[DayRead | Waiting]:
        return self.of(RegisterLog(register_id="BAR-1", events=events, transactions=transactions))

    def of(self, *logs: RegisterLog, rules: SaftRules = POWEROFFICE) -> list[DayRead | Waiting]:
        self.path.write_bytes(to_xml(Document(day=NOON.date(), registers=logs)))
        return read_file(self.path, rules)


@pytest.fixture
def read(tmp_path: Path) -> Files:
    return Files(tmp_path / "file.xml")


def only(read: Sequence[DayRead | Waiting]) -> DayRead:
    (day,) = read
    assert isinstance(day, DayRead)
    return day


def days(read: Sequence[DayRead | Waiting]) -> list[DayRead]:
    return [day for day in read if isinstance(day, DayRead)]


@pytest.mark.skipif(not SHARED.exists(), reason="the tax authority's files are not beside this checkout (../shared)")
def test_the_tax_authoritys_example_gives_its_golden_figures() -> None:
    day = only(read_file(next(SHARED.glob("Example*.xml")), SaftRules()))

    assert day.problems == ()
    assert day.z.cash.tenders == (
        TenderTotal(channel="card", expected=21880, saft_code="12002"),
        TenderTotal(channel="cash", expected=29500, saft_code="12001"),
    )
    assert (day.z.cash.rounding, day.z.cash.tips, day.z.movements, day.z.invoiced) == (-40, 0, (), ())
    by_rate: Counter[int] = Counter()
    vat: Counter[int] = Counter()
    for group in day.z.cash.groups:
        by_rate[group.vat_rate] += group.amount
        vat[group.vat_rate] += group.vat
    assert by_rate == {15: 10280, 25: 41140}
    assert vat == {15: 1342, 25: 8228}
    assert (day.z.number, day.z.business_date.isoformat(), day.z.cash.difference) == (1, "2020-01-01", 0)
    assert [(figure.what, figure.file) for figure in day.figures if figure.file] == [
        ("total cash sales", 51420),
        ("sales at 15 %", 8938),
        ("VAT at 15 %", 1342),
        ("sales at 25 %", 32912),
        ("VAT at 25 %", 8228),
        ("payment 12002", 21880),
        ("payment cash", 29500),
    ]


def test_the_evening_in_the_tree_closes_without_a_problem_but_for_what_is_refused() -> None:
    evening = Path(__file__).parents[3] / "sample_terminal/data/evening.xml"

    day = only(read_file(evening))

    assert day.z.cash.difference == 0
    assert all(figure.agrees for figure in day.figures)
    assert day.counts.on_account == len(day.z.invoiced) > 5


class TestWhatIsPaidAtTheTill:
    def test_debit_and_credit_cards_stay_apart_under_one_channel(self, read: Files) -> None:
        credit = sold(2, "1 vin", "card")
        day = only(read(sold(1, "1 suppe", "card"), replace(credit, payments=(Payment(kind="12003", amount=13900),))))

        assert day.z.cash.tenders == (
            TenderTotal(channel="card", expected=18900, saft_code="12002"),
            TenderTotal(channel="card", expected=13900, saft_code="12003"),
        )

    def test_a_split_leaves_what_its_invoice_does_not_carry(self, read: Files) -> None:
        # 389.00 at 25 % and 36.70 at 15 %: the invoice carries 274.14 and 25.86 of its 300.00.
        day = only(read(sold(1, "1 torsk, 1 kaffe*", "invoice 300, card+40")))

        sums = [(group.article_group, group.vat_rate, group.amount, group.vat) for group in day.z.cash.groups]
        assert sums == [("100", 25, 11486, 2297), ("150", 15, 1084, 141)]
        assert day.z.cash.tips == 4000
        assert day.z.invoiced == (PaymentRef("bar-1", "BAR-1-1", "1"),)
        assert (day.counts.receipts, day.counts.on_account, day.counts.on_account_amount) == (1, 1, 30000)

    def test_a_group_keeps_its_own_id_beside_its_code_and_gift_cards_their_kind(self, read: Files) -> None:
        day = only(read(sold(1, "1 gavekort, 1 suppe*", "card")))

        assert day.z.cash.groups == (
            GroupTotal(
                article_group="100", kind=LineKind.GOODS, vat_rate=15, amount=17400, vat=2270, saft_code="04006"
            ),
            GroupTotal(
                article_group="180", kind=LineKind.GIFT_CARD, vat_rate=0, amount=50000, vat=0, saft_code="04999"
            ),
        )

    def test_the_vat_is_what_the_till_printed(self, read: Files) -> None:
        one = sold(1, "1 suppe", "card")
        odd = replace(one, lines=(replace(one.lines[0], vat=replace(one.lines[0].vat, amount=3779)),))

        assert [group.vat for group in only(read(odd)).z.cash.groups] == [3779]

    def test_what_is_only_invoiced_is_no_cash_sale(self, read: Files) -> None:
        day = only(read(sold(1, "2 torsk", "invoice+50")))

        assert (day.z.cash.groups, day.z.cash.tenders, day.z.cash.tips) == ((), (), 0)
        assert day.counts.on_account_amount == 77800

    def test_training_and_voids_are_counted_and_in_no_sum(self, read: Files) -> None:
        pair = documents()["void_pair"].registers[0].transactions
        day = only(read(*pair, replace(sold(9, "1 vin", "cash"), training=True)))

        assert day.counts.left_out == {"voided": 2, "training": 1}
        assert day.z.cash.sold == 18900
        assert day.problems == ()


class TestMovements:
    @pytest.mark.parametrize(
        ("transaction", "movements"),
        [
            (money(1, "11010", 50000), [("11010", -50000, "cash")]),
            (money(1, "11010", -50000, debit=True), [("11010", -50000, "cash")]),
            (money(1, "UTTAK", 50000, ("KONTANT", 50000), debit=True), [("UTTAK", -50000, "cash")]),
            (money(1, "11011", 20000), [("11011", 20000, "cash")]),
            (money(1, "11003", 9900, ("BANKKORT", 9900)), [("11003", -9900, "card")]),
            (
                money(1, "11004", -9900, ("KONTANT", -5000), ("BANK", -4900)),
                [("11004", -4900, "bank"), ("11004", -5000, "cash")],
            ),
            (money(1, "11010", 0), []),
        ],
    )
    def test_money_is_taken_out_and_put_in_by_its_code(
        self,
        read: Files,
        transaction: Transaction,
        movements: list[tuple[str, int, str]],
    ) -> None:
        day = only(read(transaction))

        assert [(one.kind, one.amount, one.channel) for one in day.z.movements] == movements
        assert day.problems == ()

    def test_movements_are_summed_per_kind(self, read: Files) -> None:
        day = only(read(money(1, "UTTAK", 50000), money(2, "UTTAK", 25000)))

        assert day.z.movements == (CashMovement(kind="UTTAK", amount=-75000, saft_code="11010"),)

    @pytest.mark.parametrize(("amount", "debit"), [(-300, False), (300, True), (-300, True)])
    def test_a_shortage_is_counted_in_cash_with_what_was_moved_and_without_the_float(
        self,
        read: Files,
        amount: int,
        debit: bool,
    ) -> None:
        day = only(
            read(
                money(1, "11007", 200000, ("KONTANT", 200000)),
                sold(2, "1 suppe", "cash"),
                money(3, "11010", 10000),
                money(4, "11008", amount, debit=debit),
            )
        )

        assert day.z.cash.tenders == (
            TenderTotal(channel="cash", expected=18900, counted=18900 - 10000 - 300, saft_code="12001"),
        )
        assert day.z.movements == (CashMovement(kind="11010", amount=-10000, saft_code="11010"),)
        assert day.counts.left_out == {"the opening float": 1}

    def test_a_surplus_without_a_cash_sale_is_cash_all_the_same(self, read: Files) -> None:
        day = only(read(money(1, "11008", 500)))

        assert day.z.cash.tenders == (TenderTotal(channel="cash", expected=0, counted=500, saft_code="12001"),)

    def test_a_correction_a_stock_movement_and_others_are_named_as_not_posted(self, read: Files) -> None:
        day = only(read(money(1, "11009", 0), money(2, "11014", 5000), money(3, "11999", 700)))

        assert day.problems == ()
        assert [text.partition(": ")[0] for text in day.counts.not_posted] == [
            "Transaction 1 of register BAR-1 is a correction (11009)",
            "Transaction 2 of register BAR-1 is a stock movement (11014)",
            "Transaction 3 of register BAR-1 is something other than a sale (11999)",
        ]

    @pytest.mark.parametrize(
        ("transaction", "sentence"),
        [
            (money(1, "11999", 700, ("KONTANT", 700)), "with payments, and nothing tells what they are"),
            (money(1, "11009", 0, ("KONTANT", -700), ("BANKKORT", 700)), "with payments, and nothing tells"),
            (money(1, "11005", 700, ("KONTANT", 700)), "payment of an open invoice (11005)"),
            (money(1, "11010", 700, ("KONTANT", 600)), "its payments add up to 6,00, but its total is 7,00"),
            (money(1, "11010", 700, ("FAKTURA", 700)), "paid by FAKTURA, which is Faktura"),
            (money(1, "11008", 700, ("BANKKORT", 700)), "it is a cash difference, but of card"),
            (replace(sold(1, "1 suppe", "card"), kind="11077"), "the type 11077 has no predefined code"),
        ],
    )
    def test_what_cannot_be_told_is_a_problem_of_its_day(
        self,
        read: Files,
        transaction: Transaction,
        sentence: str,
    ) -> None:
        (problem,) = only(read(transaction)).problems

        assert problem.startswith("Transaction 1 of register BAR-1: ")
        assert sentence in problem


def closed_without_figures(log: RegisterLog) -> list[Event]:
    return [replace(event, report_id=None) for event in log.events]


class TestProblems:
    @pytest.mark.parametrize("name", sorted(documents()))
    def test_a_day_has_a_problem_for_each_transaction_that_is_refused_and_for_none_other(
        self, tmp_path: Path, name: str
    ) -> None:
        document = documents()[name]
        if document.currency != "NOK":
            return
        logs = [
            replace(log, events=[*closed_without_figures(log), z(NOON + timedelta(days=1), 9, log.register_id)])
            for log in document.registers
        ]
        path = tmp_path / "file.xml"
        path.write_bytes(to_xml(replace(document, registers=logs)))
        rules = replace(POWEROFFICE, registers={"BAR-2": RegisterRule(terminal="bar-2")})
        reader = Reader(path, rules, "bar-1", every_terminal=True)
        refused = [e.verdict for e in reader.entries() if isinstance(e, Entry) and hasattr(e.verdict, "text")]

        told = [problem for day in days(read_file(path, rules)) for problem in day.problems]

        assert told == [verdict.text for verdict in refused if type(verdict).__name__ == "Refused"]

    def test_a_sale_voided_after_its_z_is_a_problem_of_both_days(self, read: Files) -> None:
        sale, void, _ = documents()["void_pair"].registers[0].transactions
        later = replace(void, at=NOON + timedelta(days=1))

        read_out = read(sale, later, events=(z(), z(NIGHT + timedelta(days=1), 2)))

        assert ["after the Z of one of them" in day.problems[0] for day in days(read_out)] == [True, True]

    def test_registers_of_one_terminal_are_not_guessed_apart(self, read: Files) -> None:
        logs = [RegisterLog(register_id=name, events=[z(register_id=name)]) for name in ("BAR-1", "BAR-2")]

        named = replace(POWEROFFICE, registers={"BAR-2": RegisterRule(terminal="bar-2", department="kjeller")})
        together, apart = read.of(*logs), read.of(*logs, rules=named)

        assert all("BAR-1, BAR-2 are all read as terminal bar-1" in day.problems[0] for day in days(together))
        assert [(day.z.terminal_id, day.register_id, day.department, day.problems) for day in days(apart)] == [
            ("bar-1", "BAR-1", None, ()),
            ("bar-2", "BAR-2", "kjeller", ()),
        ]

    def test_a_z_number_that_stands_there_twice_is_a_problem_of_both(self, read: Files) -> None:
        found = days(read(events=(z(), z(NIGHT + timedelta(days=1)))))

        assert [len(day.problems) for day in found] == [1, 1]
        assert "stands there more than once" in found[0].problems[0]

    @pytest.mark.parametrize(
        ("report_id", "number", "problems"), [("26324", 26324, 0), ("0017", 17, 0), ("Z-4", "Z-4", 0), ("0", "? 0", 1)]
    )
    def test_a_z_is_known_by_its_number_or_by_its_text(
        self,
        read: Files,
        report_id: str,
        number: int | str,
        problems: int,
    ) -> None:
        day = only(read(events=(z(number=report_id),)))

        assert (day.z.number, len(day.problems)) == (number, problems)

    def test_of_very_many_problems_the_first_are_named_and_the_rest_counted(self, read: Files) -> None:
        day = only(read(*(replace(sold(nr, "1 suppe", "card"), amount=1) for nr in range(1, 31))))

        assert len(day.problems) == 21
        assert day.problems[-1] == "… and 10 more"

    def test_a_sale_whose_invoice_cannot_be_shared_is_a_problem_and_in_no_sum(self, read: Files) -> None:
        one = sold(1, "1 suppe, -1 suppe", "card", Paper(customer="10002"))
        payments = (Payment(kind="FAKTURA", amount=1000), Payment(kind="BANKKORT", amount=-1000))
        day = only(read(replace(one, kind="DELTSALG", payments=payments)))

        assert "cannot be shared" in day.problems[0]
        assert (day.z.cash.tenders, day.counts.receipts) == ((), 0)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


#: Sales and Z reports by wall clock, then the sales of each Z with its date, and what waits.
HOURS = {
    "in the closing second, and the second after": (
        ["2026-11-20T23:00:00", "2026-11-20T23:00:01"],
        ["2026-11-20T23:00:00"],
        [("2026-11-20", 1)],
        1,
    ),
    "after midnight": (["2026-11-20T22:00", "2026-11-21T00:40"], ["2026-11-21T01:15"], [("2026-11-20", 2)], 0),
    "in the hour that comes twice": (
        ["2026-10-25T02:20", "2026-10-25T02:50", "2026-10-25T02:10", "2026-10-25T02:40"],
        ["2026-10-25T01:00", "2026-10-25T02:55", "2026-10-25T02:30"],
        [("2026-10-24", 0), ("2026-10-24", 2), ("2026-10-24", 1)],
        1,
    ),
    "at half past two on the first of a month": (
        ["2026-11-30T20:00", "2026-12-01T02:29", "2026-12-01T02:31"],
        ["2026-12-01T02:30", "2026-12-02T02:30"],
        [("2026-11-30", 2), ("2026-11-30", 1)],
        0,
    ),
    "two in one day": (
        ["2026-11-20T12:00", "2026-11-20T18:00"],
        ["2026-11-20T16:00", "2026-11-20T23:00"],
        [("2026-11-20", 1), ("2026-11-20", 1)],
        0,
    ),
    "none sold": ([], ["2026-11-20T23:00", "2026-11-22T02:30"], [("2026-11-20", 0), ("2026-11-21", 0)], 0),
    "no Z": (["2026-11-20T12:00", "2026-11-20T13:00", "2026-11-20T14:00"], [], [], 3),
}


class TestHours:
    @pytest.mark.parametrize("name", HOURS)
    def test_each_sale_is_in_one_day_with_the_right_date(self, read: Files, name: str) -> None:
        sales, closings, expected, waiting = HOURS[name]
        transactions = [sold(nr, "1 suppe", "card", at=at(moment)) for nr, moment in enumerate(sales, start=1)]
        events = [z(at(moment), number) for number, moment in enumerate(closings, start=1)]

        found = read(*transactions, events=events)

        assert [(day.z.business_date.isoformat(), day.counts.receipts) for day in days(found)] == expected
        assert sum(one.receipts for one in found if isinstance(one, Waiting)) == waiting
        assert sum(day.counts.receipts for day in days(found)) + waiting == len(sales)

    def test_what_waits_for_its_z_is_named(self, read: Files) -> None:
        found = read(*(sold(nr, "1 suppe", "card") for nr in (41, 42, 43)), events=[z(NOON)])

        assert found[-1] == Waiting(
            register_id="BAR-1",
            receipts=3,
            text="3 receipts of register BAR-1 after its last Z wait for their Z: 41, 42, 43",
        )


items = st.tuples(st.integers(1, 9), st.sampled_from(sorted(MENU)), st.booleans())
payments = st.sampled_from(
    [
        "card",
        "cash",
        "invoice",
        "invoice 10, card",
        "invoice 10, invoice 20.50, card+25",
        "invoice 10, cash",
        "invoice+12",
        "mobile 5, cash",
        "card+12.50",
        "gift_card 1, card",
        "back to card",
        "back to cash",
        "back to invoice",
    ]
)


def rung(nr: int, order: list[tuple[int, str, bool]], pay: str) -> Transaction:
    back = "-" if pay.startswith("back") else ""
    text = ", ".join(f"{back}{n} {name}{'*' if away and MENU[name].take_away else ''}" for n, name, away in order)
    pay = pay.removeprefix("back to ")
    paper = Paper(customer="10002" if "invoice" in pay else None, ref_id="1" if back else None)
    return sold(nr, text, pay, paper)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(evening=st.lists(st.tuples(st.lists(items, min_size=1, max_size=5), payments), max_size=8))
def test_any_evening_adds_up_agrees_with_its_report_and_is_the_till_own_z(
    tmp_path: Path, evening: list[tuple[list[tuple[int, str, bool]], str]]
) -> None:
    """Σ tenders = Σ groups + tips + rounding; the same Z by hook and by file is the same day."""
    first = sold(1, "9 rom", "invoice")
    transactions = [first, *(rung(nr, order, pay) for nr, (order, pay) in enumerate(evening, start=2))]
    path = tmp_path / "file.xml"

    def write(figures: ReportFigures) -> None:
        log = RegisterLog(register_id="BAR-1", events=[z()], transactions=transactions, reports={z().event_id: figures})
        path.write_bytes(to_xml(Document(day=NOON.date(), registers=[log])))

    write(ReportFigures())
    entries = Reader(path, POWEROFFICE, "bar-1").entries()
    sales = [e.verdict.sale for e in entries if isinstance(e, Entry) and isinstance(e.verdict, Played)]
    cash = cash_sales(sales)
    write(ReportFigures(cash=cash, tips=Count(1, cash.tips)))
    by_hook = z_report("bar-1", 1, business_date=NOON.date(), closed_at=NIGHT.astimezone(), sales=sales)

    day = only(read_file(path))

    assert len(sales) == len(transactions)
    assert day.problems == ()
    assert day.z.cash.difference == 0
    assert disagreement(day.z, by_hook) is None
    assert sorted(day.z.invoiced) == sorted(by_hook.invoiced or ())
