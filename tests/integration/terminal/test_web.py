"""The till's page, with a plugin that keeps what it was asked: what a cashier can do, and what cannot happen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sample_terminal.fake_invoicing import FakeInvoicing
from tests.integration.terminal.web_guest import TERMINAL, Cashier, OpenTill


class TestSelling:
    def test_what_is_tapped_stands_on_the_ticket_with_its_vat(self, cashier: Cashier) -> None:
        cashier.ring("suppe", "suppe")
        cashier.post("/where", take_away="1")
        cashier.ring("burger")

        assert [line.amount for line in cashier.ticket.lines()] == [37800, 22550]
        assert "603,50" in cashier.page
        assert "Mva 25 % av 302,40" in cashier.page
        assert "Mva 15 % av 196,09" in cashier.page
        assert "2 Bergensk" not in cashier.page
        assert "1 Hjorteburger. Å betale 603,50 kroner" in cashier.page

    def test_what_is_served_here_is_not_taken_away(self, cashier: Cashier) -> None:
        cashier.post("/where", take_away="1")

        cashier.ring("pils")

        assert (cashier.status, cashier.alarm) == (409, "Pils 0,5 l selges bare til servering her.")
        assert cashier.ticket.items == ()

    def test_a_line_is_changed_in_every_way_and_what_comes_off_is_noted(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("burger")
        cashier.post("/line/1/count", count="4")
        cashier.post("/line/1/less")
        cashier.post("/line/1/where", take_away="1")
        cashier.post("/line/1/discount", value="10", unit="per_cent")
        cashier.post("/line/1/note", note="  uten\nløk ")
        cashier.ring("kaffe")
        cashier.post("/line/2/remove")

        (item,) = cashier.ticket.items
        assert (int(item.quantity), item.vat_rate, item.amount, item.text) == (3, 15, 60885, "Hjorteburger, uten løk")
        assert till.journal.noted("correction") == ["24500", "3990"]

    @pytest.mark.parametrize("text", ["abc", "101", "-5", "x" * 10000])
    def test_a_discount_that_is_none_changes_nothing_and_says_so(self, cashier: Cashier, text: str) -> None:
        cashier.ring("burger")

        cashier.post("/discount", value=text, unit="per_cent")

        assert (cashier.status, cashier.ticket.discount) == (409, None)
        assert "ikke en rabatt" in cashier.alarm

    def test_a_ticket_is_parked_and_taken_up_by_another(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("suppe")
        cashier.post("/label", label="Bord 12")
        ticket_id = cashier.ticket.ticket_id
        cashier.post("/park")
        assert "Bord 12" in cashier.page
        assert cashier.ticket.items == ()
        other = till.cashier().ring("kaffe")

        other.post("/take-up", ticket=ticket_id)
        cashier.post("/take-up", ticket=ticket_id)

        assert (other.ticket.label, other.ticket.total) == ("Bord 12", 18900)
        assert [one.total for one in till.desk.shelf.parked()] == [3990]
        assert cashier.status == 409

    def test_nothing_that_was_rung_up_is_lost_when_the_till_is_switched_off(self, till: OpenTill) -> None:
        before = till.cashier().ring("suppe", "lam")
        cookie = before.client.get_cookie("till_page")
        assert cookie is not None
        again = till.again()
        after = again.cashier()
        after.client.set_cookie("till_page", cookie.value)

        page = after.see("/")

        again.stack.close()
        assert "Fårikål" in page
        assert after.path == "/"

    def test_an_emptied_ticket_is_gone_and_noted(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("suppe", "kaffe")
        assert "Tømme notaen?" in cashier.see("/?ask=clear")

        cashier.post("/clear")

        assert cashier.ticket.items == ()
        assert till.journal.noted("correction") == ["18900", "3990"]

    def test_a_gift_card_is_sold_for_what_the_guest_wants_without_vat(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("gavekort")
        cashier.post("/line/1/price", price="750")

        cashier.pay("card")

        (sale,) = till.sales()
        assert [(line.kind, line.amount, line.vat_rate) for line in sale.lines] == [("gift_card", 75000, 0)]


class TestPaying:
    def test_cash_is_rounded_and_the_change_told(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("pils", "ipa")

        cashier.pay("cash", given="500")

        (sale,) = till.sales()
        assert (sale.total, sale.cash_rounding, [tender.amount for tender in sale.tenders]) == (23350, 50, [23400])
        assert "Gi tilbake" in cashier.page
        assert "266,00" in cashier.page
        assert "SALGSKVITTERING nr 1" in cashier.papers[0]
        assert cashier.ticket.items == ()

    def test_a_card_is_charged_with_the_tip(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("lam")

        cashier.pay("card", amount="329,00", tip="33")

        assert list(till.card.charged.values()) == [36200]
        assert till.sales()[0].tenders[0].tip == 3300

    def test_a_split_over_gift_card_cash_and_card(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("meny")
        cashier.pay("gift_card", amount="200")
        assert "Gjenstår <strong>495,00" in cashier.page
        cashier.pay("cash", given="100")
        assert "Gjenstår <strong>395,00" in cashier.page

        cashier.pay("card")

        assert [(one.channel, one.amount) for one in till.sales()[0].tenders] == [
            ("gift_card", 20000),
            ("cash", 10000),
            ("card", 39500),
        ]

    def test_a_planned_payment_is_taken_off_again(self, cashier: Cashier) -> None:
        cashier.ring("meny")
        cashier.pay("gift_card", amount="200")

        cashier.post("/pay/take-off", channel="gift_card")

        assert cashier.ticket.left == 69500

    @pytest.mark.parametrize("amount", ["700", "0", "abc", "-1", "9" * 10000])
    def test_no_more_than_what_is_left_and_no_less_than_something(
        self, till: OpenTill, cashier: Cashier, amount: str
    ) -> None:
        cashier.ring("meny")

        cashier.pay("card", amount=amount)

        assert (cashier.status, till.sales(), till.card.charged) == (409, [], {})
        assert cashier.alarm

    def test_after_a_declined_card_the_ticket_is_paid_in_another_way(self, till: OpenTill, cashier: Cashier) -> None:
        till.card.declines = True
        cashier.ring("lam")

        cashier.pay("card")

        assert cashier.status == 409
        assert cashier.alarm.startswith("Kortet ble avvist.")
        assert "ingenting er trukket" in cashier.alarm
        assert cashier.ticket.left == 32900
        cashier.pay("cash")
        assert len(till.sales()) == 1

    def test_a_ticket_is_paid_once_however_often_it_is_tapped(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("lam")
        ticket_id = cashier.ticket.ticket_id
        cookie = cashier.client.get_cookie("till_page")
        assert cookie is not None
        codes: list[int] = []

        def tap() -> None:
            client = till.browser()
            client.set_cookie("till_page", cookie.value)
            codes.append(client.post("/pay/card", data={"ticket": ticket_id}, follow_redirects=True).status_code)

        taps = [threading.Thread(target=tap) for _ in range(8)]
        for one in taps:
            one.start()
        for one in taps:
            one.join()

        assert len(till.sales()) == len(till.card.charged) == 1
        assert set(codes) <= {200, 409}

    def test_a_ticket_that_costs_nothing_is_completed_without_money(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("kaffe")
        cashier.post("/discount", value="100", unit="per_cent")
        assert "Alt er dekket" in cashier.see("/pay")

        cashier.post("/pay/finish", ticket=cashier.ticket.ticket_id)

        assert (till.sales()[0].total, till.sales()[0].tenders) == (0, ())
        assert till.journal.noted("discount") == ["3990"]

    def test_after_a_crash_between_final_and_the_page_the_ticket_is_not_there_to_be_paid_again(
        self, till: OpenTill, cashier: Cashier
    ) -> None:
        cashier.ring("lam")
        ticket = cashier.ticket
        cashier.pay("card")
        cookie = cashier.client.get_cookie("till_page")
        assert cookie is not None
        till.desk.shelf.keep(cookie.value, ticket)

        assert cashier.ticket.items == ()
        assert cashier.post("/pay/card", ticket=ticket.ticket_id).count("SALGSKVITTERING") == 1
        assert len(till.card.charged) == 1


class TestFaktura:
    def test_without_a_customer_it_is_refused_in_words(self, till: OpenTill, cashier: Cashier) -> None:
        cashier.ring("meny")

        cashier.pay("invoice")

        assert cashier.status == 409
        assert cashier.alarm.startswith("Velg kunde før du tar betalt med Faktura.")
        assert till.sales() == []

    def test_a_plugin_that_hangs_or_fails_leaves_the_other_ways_to_pay(
        self, plugin: FakeInvoicing, till: OpenTill, cashier: Cashier
    ) -> None:
        plugin.raises = True
        cashier.ring("meny")
        cashier.pay("invoice", amount="")

        plugin.raises = False
        cashier.pay("card")

        assert len(till.sales()) == 1

    def test_without_a_plugin_there_is_no_button_and_the_lamp_says_so(self, tmp_path: Path) -> None:
        nobody = FakeInvoicing(channel="other")
        till = OpenTill(tmp_path / "j", nobody.load)
        cashier = till.cashier().ring("meny")

        page = cashier.see("/pay")
        cashier.pay("invoice")

        till.stack.close()
        assert "by-invoice" not in page
        assert cashier.status == 409
        assert "Velg en annen" in cashier.alarm


def test_in_english_every_page_is_in_english(open_till: Callable[..., OpenTill]) -> None:
    till = open_till(replace(TERMINAL, language="en"))
    cashier = till.cashier().ring("suppe")

    assert '<html lang="en">' in cashier.page
    for path, text in {"/": "Eat in", "/pay": "Way to pay", "/returns": "Returns", "/day": "The drawer"}.items():
        assert text in cashier.see(path)
