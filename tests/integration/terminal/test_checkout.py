"""Promises first, the card last, one point of no return; before it everything is undone, after it all is repeated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import pytest

from posplugin.domain.errors import UsageError
from posplugin.domain.payment import Outcome, PaymentRef, Terminal
from posplugin.domain.sale import Sale, Tender
from posplugin.hooks import PosHost
from posplugin.saft.moments import OSLO
from sample_terminal.card import CardDeclined
from sample_terminal.checkout import Buyer, Done, Stopped, Till
from sample_terminal.evening import sale_of
from sample_terminal.fake_invoicing import FakeInvoicing
from sample_terminal.figures import GrandTotals
from sample_terminal.journal import Journal, PaperNumbers

TERMINAL = Terminal(terminal_id="bar-1", department="bar")
AT = datetime(2026, 11, 20, 20, 0, tzinfo=OSLO)
GUEST = Buyer(customer_number=10002)


class PowerCut(BaseException):
    """What a crash looks like from inside."""


@dataclass(eq=False)
class Parts:
    """A card reader and a printer that write into the plugin's log, and fail when told to."""

    log: list[str]
    declines: bool = False
    cuts: bool = False
    papers: list[str] = field(default_factory=list)

    def charge(self, amount: int) -> str:
        self.log.append(f"charge {amount}")
        if self.declines:
            raise CardDeclined("Kortet ble avvist.")
        return "ref"

    def reverse(self, reference: str) -> None:
        self.log.append(f"reverse {reference}")

    def print(self, paper: str) -> None:
        if self.cuts:
            raise PowerCut
        self.log.append("print")
        self.papers.append(paper)


class LoggedJournal(Journal):
    log: list[str]

    def finalise(self, sale: Sale, requests: object) -> PaperNumbers:
        self.log.append("finalise")
        return super().finalise(sale, requests)  # type: ignore[arg-type]


@dataclass(eq=False)
class Bench:
    path: Path
    plugin: FakeInvoicing = field(default_factory=FakeInvoicing)

    def __post_init__(self) -> None:
        self.parts = Parts(self.plugin.log)
        self.start()

    def start(self) -> None:
        """Switch the till on, as after a crash."""
        self.journal = LoggedJournal(self.path)
        self.journal.log = self.plugin.log
        self.host: PosHost = self.plugin.load(TERMINAL, self.journal.outcome)
        self.till = Till(self.host, self.journal, self.parts, self.parts)

    def stop(self) -> None:
        self.host.shutdown()
        self.journal.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "journal.sqlite3")
    yield made
    made.stop()


def sale(pay: str, sale_id: str = "s1", order: str = "1 torsk, 1 vin") -> Sale:
    return replace(sale_of(order, pay, sale_id, AT), terminal_id="bar-1")


def ref(tender_id: str, sale_id: str = "s1") -> PaymentRef:
    return PaymentRef("bar-1", sale_id, tender_id)


def test_a_split_is_promised_charged_made_final_printed_and_captured_in_this_order(bench: Bench) -> None:
    answer = bench.till.checkout(sale("invoice 300, card+40"), GUEST)

    assert isinstance(answer, Done)
    assert bench.plugin.log == ["authorize 1", "charge 26800", "finalise", "print", "print", "capture 1"]
    assert "SALGSKVITTERING nr 1" in bench.parts.papers[0]
    assert "UTLEVERINGSKVITTERING nr 1" in bench.parts.papers[1]
    assert bench.journal.outcome(ref("1")) is Outcome.FINAL
    assert bench.journal.uncaptured() == []


def test_a_refusal_voids_what_was_held_and_leaves_no_sale(bench: Bench) -> None:
    answer = bench.till.checkout(sale("invoice 100, invoice+50"), GUEST)

    assert answer == Stopped("tip_not_allowed", "Tips kan ikke faktureres.")
    assert bench.plugin.log == ["authorize 1", "authorize 2", "void 1 tip_not_allowed"]
    assert bench.journal.open_sales("bar-1") == []
    assert bench.journal.outcome(ref("1")) is Outcome.ABANDONED


def test_a_declined_card_voids_all_that_was_held(bench: Bench) -> None:
    bench.parts.declines = True

    answer = bench.till.checkout(sale("invoice 300, card"), GUEST)

    assert answer == Stopped("card_declined", "Kortet ble avvist.")
    assert bench.plugin.log == ["authorize 1", "charge 22800", "void 1 card_declined"]
    assert bench.journal.open_sales("bar-1") == []


def test_after_an_attempt_that_came_to_nothing_the_payment_has_a_new_name(bench: Bench) -> None:
    bench.parts.declines = True
    bench.till.checkout(sale("invoice 300, card"), GUEST)
    bench.parts.declines = False

    answer = bench.till.checkout(sale("invoice 300, card"), GUEST)

    assert isinstance(answer, Done)
    assert [tender.tender_id for tender in answer.sale.tenders] == ["1.2", "2"]
    assert bench.journal.outcome(ref("1.2")) is Outcome.FINAL
    assert bench.journal.outcome(ref("1")) is Outcome.ABANDONED


def test_a_plugin_that_raises_is_voided_since_it_may_have_promised(bench: Bench) -> None:
    bench.plugin.raises = True

    answer = bench.till.checkout(sale("invoice"), GUEST)

    assert isinstance(answer, Stopped)
    assert answer.code == "plugin_failed"
    assert bench.plugin.log == ["authorize 1", "void 1 plugin_failed"]


def test_a_sale_that_cannot_be_made_final_gives_the_card_its_money_back(bench: Bench) -> None:
    bench.till.checkout(sale("card"))
    bench.plugin.log.clear()

    with pytest.raises(Exception, match="UNIQUE"):
        bench.till.checkout(sale("invoice 300, card"), GUEST)

    assert bench.plugin.log == ["authorize 1", "charge 22800", "finalise", "reverse ref", "void 1 not_final"]


def test_a_capture_that_was_not_confirmed_is_repeated_with_the_same_request(bench: Bench) -> None:
    bench.plugin.captures = False
    bench.till.checkout(sale("invoice"), GUEST)
    waiting = bench.journal.uncaptured()
    bench.plugin.captures = True

    bench.till.replay()

    assert bench.plugin.captured == {ref("1"): waiting[0]}
    assert waiting[0].sale == sale("invoice")
    assert bench.journal.uncaptured() == []


def test_a_crash_between_final_and_capture_is_made_good_at_the_next_start(bench: Bench) -> None:
    bench.parts.cuts = True
    with pytest.raises(PowerCut):
        bench.till.checkout(sale("invoice"), GUEST)
    bench.stop()
    bench.start()

    bench.till.replay()

    assert set(bench.plugin.captured) == {ref("1")}


def test_a_crash_before_final_is_abandoned_at_the_next_start_and_unknown_until_then(bench: Bench) -> None:
    outcomes: list[Outcome] = []

    def cut(amount: int) -> str:
        outcomes.append(bench.journal.outcome(ref("1")))
        raise PowerCut

    def forget(requests: object) -> None:
        """A machine without power writes nothing."""

    bench.journal.abandon = forget  # type: ignore[method-assign]
    bench.parts.charge = cut  # type: ignore[method-assign]
    with pytest.raises(PowerCut):
        bench.till.checkout(sale("invoice 300, card"), GUEST)
    bench.stop()
    bench.start()

    assert outcomes == [Outcome.UNKNOWN]
    assert bench.plugin.outcome is not None
    assert bench.plugin.outcome(ref("1")) is Outcome.ABANDONED
    assert bench.plugin.outcome(ref("1", "s9")) is Outcome.UNKNOWN


def test_a_sale_without_a_plugins_payment_asks_no_plugin(bench: Bench) -> None:
    bench.till.checkout(sale("cash"))

    assert bench.plugin.log == ["finalise", "print"]


def test_closing_the_day_captures_first_and_numbers_on(bench: Bench) -> None:
    bench.plugin.captures = False
    bench.till.checkout(sale("invoice"), GUEST)
    bench.till.checkout(sale("cash", "s2"))
    bench.plugin.captures = True
    bench.plugin.log.clear()

    sales = bench.journal.open_sales("bar-1")
    report = bench.till.close_day(date(2026, 11, 20), AT, "first", sales, counted_cash=52700)
    empty = bench.till.close_day(date(2026, 11, 21), AT, "second", bench.journal.open_sales("bar-1"))

    assert bench.plugin.log == ["capture 1", "print", "day E1", "print", "day E2"]
    assert (report.cash.tenders[0].expected, report.cash.tenders[0].counted) == (52800, 52700)
    assert report.invoiced == (ref("1"),)
    assert empty.cash.tenders == ()
    assert bench.plugin.days == {"E1": report, "E2": empty}


def test_a_z_is_on_disk_before_it_is_printed_and_printed_before_a_plugin_has_it(bench: Bench) -> None:
    bench.till.checkout(sale("invoice"), GUEST)
    bench.plugin.log.clear()
    bench.parts.cuts = True
    with pytest.raises(PowerCut):
        bench.till.close_day(date(2026, 11, 20), AT, "first", bench.journal.open_sales("bar-1"))
    assert bench.plugin.days == {}
    bench.stop()
    bench.start()

    bench.till.replay()

    assert bench.plugin.log == ["day E1"]
    assert list(bench.plugin.days) == ["E1"]
    assert bench.journal.unsent_z() == []


def test_a_z_that_no_plugin_keeps_is_handed_over_again_before_the_next(bench: Bench) -> None:
    bench.plugin.keeps_days = False
    first = bench.till.close_day(date(2026, 11, 20), AT, "first", ())
    assert bench.journal.unsent_z() == [first]
    bench.plugin.keeps_days = True
    bench.plugin.log.clear()

    bench.till.close_day(date(2026, 11, 21), AT, "second", ())

    assert bench.plugin.log == ["day E1", "print", "day E2"]
    assert bench.journal.unsent_z() == []


def test_a_z_keeps_the_number_it_is_given_unless_another_has_it(bench: Bench) -> None:
    numbers = [
        bench.till.close_day(date(2026, 11, 20), AT, f"day {place}", (), number=number).number
        for place, number in enumerate([None, 26324, 26324, "A-7", "A-7", None, "E9", None])
    ]

    assert numbers == ["E1", 26324, "E2", "A-7", "E3", "E4", "E9", "E10"]
    assert [report.number for report in bench.journal.z_reports("bar-1")] == numbers


def test_grand_totals_go_on_from_one_z_to_the_next(bench: Bench) -> None:
    bench.till.checkout(sale("cash", "s1"))
    bench.till.close_day(date(2026, 11, 20), AT, "first", bench.journal.open_sales("bar-1"))
    bench.till.checkout(sale("invoice 300, card", "s2"), GUEST)
    bench.till.checkout(sale("card", "s3", "-1 vin"))
    bench.till.close_day(date(2026, 11, 21), AT, "second", bench.journal.open_sales("bar-1"))

    assert bench.journal.grand_totals("bar-1") == GrandTotals(sales=52800 + 22800, returns=13900)
    assert [line.split()[-1] for line in bench.parts.papers[-1].splitlines() if line.startswith("Akkumulert")] == [
        "756,00",
        "139,00",
        "617,00",
    ]


def test_a_tender_of_no_amount_is_still_a_sale(bench: Bench) -> None:
    free = replace(sale("card"), tenders=(Tender(tender_id="1", channel="card", amount=0),), lines=())

    assert isinstance(bench.till.checkout(free), Done)


def test_a_split_that_cannot_be_shared_over_its_lines_is_refused_before_anything_is_asked(bench: Bench) -> None:
    nothing = replace(
        sale("card", order="1 vin, -1 vin"),
        tenders=(
            Tender(tender_id="1", channel="card", amount=100),
            Tender(tender_id="2", channel="invoice", amount=-100),
        ),
    )

    with pytest.raises(UsageError, match="cannot be shared"):
        bench.till.checkout(nothing, GUEST)

    assert bench.plugin.log == []
