"""A SAF-T file's days: each Z with what was paid at the till."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posplugin.domain.payment import PaymentRef
from posplugin.domain.sale import LineKind
from posplugin.domain.zreport import GroupTotal, TenderTotal, disagreement
from posplugin.saft import Entry, Played, Reader, SaftRules
from posplugin.saft.entries import Payment, Transaction, Vat
from sample_terminal.figures import Count, ReportFigures
from sample_terminal.menu import MENU
from sample_terminal.rule_files import documents, sold
from sample_terminal.saft_export import Paper
from sample_terminal.saft_xml import Document, RegisterLog, to_xml
from sample_terminal.zday import cash_sales, z_report
from tests.unit.saft.day_files import NIGHT, NOON, POWEROFFICE, Files, only, read_file, z

SHARED = Path(__file__).parents[4] / "shared/saf-t"


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
    assert day.counts.on_account == len(day.z.invoiced or ()) > 5


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
        odd = replace(one, lines=(replace(one.lines[0], vat=Vat(amount=3779, code="3")),))

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
    assert sorted(day.z.invoiced or ()) == sorted(by_hook.invoiced or ())
