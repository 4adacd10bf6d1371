"""Returns and the end of the day at the till's page."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest

from sample_terminal.fake_invoicing import FakeInvoicing
from sample_terminal.web.desk import Desk
from sample_terminal.web.evening import evening
from tests.integration.terminal.web_guest import Cashier, OpenTill


def typed(cashier: Cashier) -> dict[str, str]:
    """What stands in the fields for counting."""
    return dict(re.findall(r'name="(of-\d+|total)"[^>]* value="([^"]+)"', cashier.page))


class TestDay:
    def test_money_moved_the_count_and_the_discounts_stand_in_the_z(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("pils", "ipa", "kaffe")
        cashier.post("/line/3/remove")
        cashier.post("/discount", value="33,50", unit="kroner")
        cashier.pay("cash")
        cashier.post("/day/float", amount="1500")
        cashier.post("/day/move", amount="500", text="Vekselpenger", way="in")
        cashier.post("/day/move", amount="300,00", text="Til nattsafe", way="out")
        assert "Skal ligge i skuffen</dt><dd>1\xa0900,00" in cashier.page
        cashier.post("/day/count", **{"of-1000": "1", "of-500": "1", "of-200": "1", "of-100": "1", "of-50": "1"})
        assert "−50,00 (mangler)" in cashier.page

        cashier.close_day("1850,00")

        (report,) = till.journal.z_reports("bar-1")
        assert [(one.kind, one.amount, one.saft_code) for one in report.movements] == [
            ("INNSKUDD", 50000, "11011"),
            ("UTTAK", -30000, "11010"),
        ]
        cash = report.cash.tenders[0]
        assert (cash.expected, cash.counted) == (20000, 35000)
        paper = cashier.papers[0].replace("\xa0", " ")
        for row in (
            "Rabatter                   1       33,50",
            "Linjekorreksjoner          1       39,90",
            "Talt i skuffen                  1 850,00",
            "Kassedifferanse                   −50,00",
        ):
            assert " ".join(row.split()) in " ".join(paper.split())

    def test_the_day_after_begins_with_nothing_but_the_float(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("kaffe")
        cashier.pay("card")
        cashier.post("/day/move", amount="500", text="", way="in")
        cashier.close_day("2500")

        day = evening(till.desk)

        assert (day.sales, day.moved, day.in_drawer) == ((), (), 200000)
        assert "Z E1" in cashier.see("/day")
        assert "Z-RAPPORT nr E1" in cashier.see("/day/z/E1")

    def test_a_day_is_closed_once_however_often_it_is_tapped(self, till: OpenTill, cashier: Cashier) -> None:
        for _ in range(3):
            cashier.post("/day/close", counted="2000", made="0", expected="200000")

        assert len(till.journal.z_reports("bar-1")) == 1
        assert "Z-RAPPORT nr E1" in cashier.page

    def test_a_day_is_not_closed_on_a_count_from_before_the_last_sale(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.post("/day/count", total="2000")
        form = {"counted": "2000", "made": "0", "expected": "200000"}
        till.cashier().ring("kaffe").pay("cash")

        cashier.post("/day/close", **form)

        assert cashier.status == 409
        assert "siden opptellingen" in cashier.alarm
        assert till.journal.z_reports("bar-1") == []

    @pytest.mark.parametrize("form", [{}, {"of-1000": "mange"}, {"total": "tusen"}])
    def test_a_count_that_is_none_is_asked_for_again(self, cashier: Cashier, form: dict[str, str]) -> None:
        cashier.post("/day/count", **form)

        assert cashier.status == 409
        assert cashier.alarm

    def test_a_count_that_says_two_sums_is_refused_and_kept(self, cashier: Cashier) -> None:
        form = {"of-1000": "1", "of-500": "2", "total": "1900"}
        cashier.post("/day/count", **form)

        assert cashier.status == 409
        assert "blir 2\xa0000,00 kr, men summen sier 1\xa0900,00 kr" in cashier.alarm
        assert typed(cashier) == form
        cashier.post("/day/count", **form | {"total": "2000"})
        assert "(stemmer)" in cashier.page

    def test_counting_again_begins_with_what_was_typed(self, cashier: Cashier) -> None:
        cashier.post("/day/count", **{"of-1000": "1", "of-20": "3"})
        again = re.search(r'href="(/day/count[^"]*)"', cashier.page)

        assert again
        cashier.see(html.unescape(again[1]))
        assert typed(cashier) == {"of-1000": "1", "of-20": "3"}
        assert ">1\xa0060,00</output>" in cashier.page

    def test_tickets_that_are_still_open_are_told(self, cashier: Cashier) -> None:
        cashier.ring("kaffe")

        assert "Notaer som ennå er åpne: 1." in cashier.see("/day")

    def test_a_ticket_left_in_another_window_is_told_and_taken_up(self, till: OpenTill, cashier: Cashier) -> None:
        gone = till.cashier().ring("suppe")
        left = gone.ticket.ticket_id

        assert "Notaer som ennå er åpne: 1." in cashier.see("/day")
        assert "Åpne i et annet vindu (1)" in cashier.see("/")
        cashier.post("/take-up", ticket=left, left_open=1)
        assert cashier.ticket.ticket_id == left
        assert gone.ticket.items == ()
        gone.post("/pay/card", ticket=left)
        assert "allerede betalt, eller tatt opp et annet sted" in gone.alarm
        cashier.pay("card")
        assert "Åpne i et annet vindu" not in gone.see("/")

    def test_a_z_that_the_plugin_does_not_keep_is_told(self, cashier: Cashier, plugin: FakeInvoicing) -> None:
        plugin.keeps_days = False
        cashier.close_day("2000")

        assert "kan ikke sendes ennå" in cashier.page
        assert "Kassen prøver igjen når den starter" in cashier.page

    def test_the_business_day_is_that_of_the_last_sale(self, till: OpenTill, cashier: Cashier) -> None:
        def late(desk: Desk, moment: datetime) -> None:
            desk.clock = lambda: moment

        late(till.desk, datetime(2026, 11, 20, 23, 30, tzinfo=UTC))  # half past midnight in Norway
        cashier.ring("kaffe")
        cashier.pay("card")
        late(till.desk, datetime(2026, 11, 21, 9, 0, tzinfo=UTC))

        cashier.close_day("2000")

        assert str(till.journal.z_reports("bar-1")[0].business_date) == "2026-11-20"


class TestReturns:
    def test_goods_paid_in_cash_come_back_for_money_no_more_than_were_sold(
        self, till: OpenTill, cashier: Cashier
    ) -> None:
        cashier.ring("burger", "burger", "burger")
        cashier.post("/discount", value="100", unit="kroner")
        cashier.pay("cash")
        sold = till.sales()[0]
        assert sold.receipt in cashier.see("/returns")

        cashier.post(f"/returns/{sold.sale_id}", **{"count-0": "2"})
        assert "Å betale tilbake" in cashier.page
        cashier.pay("cash")
        cashier.post(f"/returns/{sold.sale_id}", **{"count-0": "3"})
        assert "bare 1 igjen å ta i retur" in cashier.alarm
        assert 'value="3" data-most' in cashier.page
        cashier.post(f"/returns/{sold.sale_id}", **{"count-0": "1"})
        cashier.pay("card")
        cashier.post(f"/returns/{sold.sale_id}", **{"count-0": "1"})

        back = [sale.total for sale in till.sales() if sale.original]
        assert sum(back) == -sold.total
        assert (cashier.status, len(back)) == (409, 2)
        assert any("RETURKVITTERING" in paper for paper in till.tray.papers(till.sales()[0].sale_id))

    def test_a_return_of_a_return_is_not_taken(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("burger")
        cashier.pay("card")
        cashier.post(f"/returns/{till.sales()[0].sale_id}", **{"count-0": "1"})
        cashier.pay("card")
        back = next(sale for sale in till.sales() if sale.original)

        cashier.post(f"/returns/{back.sale_id}", **{"count-0": "1"})

        assert (cashier.status, cashier.ticket.items) == (409, ())

    def test_what_was_rung_up_is_put_away_while_a_return_is_taken(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("burger")
        cashier.pay("card")
        cashier.ring("suppe")

        cashier.post(f"/returns/{till.sales()[0].sale_id}", **{"count-0": "1"})

        assert [one.total for one in till.desk.shelf.parked()] == [18900]
        assert cashier.post("/ring", dish="kaffe")
        assert "Dette er en retur" in cashier.alarm

    @pytest.mark.parametrize("form", [{}, {"count-0": "0"}, {"count-0": "én"}])
    def test_nothing_chosen_is_nothing_returned(self, till: OpenTill, cashier: Cashier, form: dict[str, str]) -> None:
        cashier.ring("burger")
        cashier.pay("card")

        cashier.post(f"/returns/{till.sales()[0].sale_id}", **form)

        assert (cashier.status, cashier.ticket.items) == (409, ())
