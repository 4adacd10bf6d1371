"""Of a Z, what an accountant asks: what came late, of which department, who accepted it, what became of the voucher."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from posplugin.domain.payment import PaymentRef
from tests.integration.console.visitor import Visitor
from tests.integration.sender.shop import CLEARING_MODE, INVOICED, OpenShop, Shop, settling
from tests.integration.sender.test_settlement_departments import BAR, OTHER_CLIENT, RESTAURANT

DAY = "/settlements/z?terminal=bar-1&number={}"
WHEN = r"\d\d\.\d\d\.\d{4} \d\d:\d\d"


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    """A till whose settlement reports the VAT, with a department of its own client and one of another."""
    return settling(shops, more=RESTAURANT + OTHER_CLIENT, **{**CLEARING_MODE, "department_code": BAR})


def test_what_another_department_sold_is_in_the_journal_by_its_name(shop: Shop, visitor: Visitor) -> None:
    shop.sell("1001", INVOICED, department="restaurant")
    shop.close_day(42)
    told = visitor.sees(DAY.format(42))
    assert "1990 0 Faktura kasse, restaurant 300,00" in told
    assert "3100 3 Salg 25 %, restaurant 240,00" in told
    assert re.search(rf"1001 {WHEN} avdelingen restaurant Venter på å bli sendt 300,00", told)


def test_what_another_client_invoiced_is_told_not_to_be_in_the_voucher(shop: Shop, visitor: Visitor) -> None:
    shop.sell("1001", INVOICED, department="cafe")
    shop.close_day(42)
    told = visitor.sees(DAY.format(42))
    assert "nota 1001 er fra avdelingen cafe, en annen klient i PowerOffice" in told
    assert re.search(rf"1001 {WHEN} avdelingen cafe ikke med i bilaget Venter", told)
    assert "kan ikke føres i dette bilaget" in told
    assert "Z-en og fakturaene er enige" not in told
    assert "Varene i disse salgene er med i bilaget" not in told


def test_what_was_told_after_its_own_z_is_marked_in_the_z_that_takes_it(shop: Shop, visitor: Visitor) -> None:
    late = shop.promise("1001", INVOICED)
    shop.later(timedelta(hours=1))
    shop.close_day(41, invoiced=None)
    shop.later(timedelta(days=1))
    shop.send()
    shop.app.till().capture(late)
    shop.close_day(42, invoiced=None)
    told = visitor.sees(DAY.format(42))
    assert re.search(rf"1001 {WHEN} meldt etter sin egen Z, og tatt med her", told)
    assert "meldt etter sin egen Z" not in visitor.sees(DAY.format(41))


def test_what_was_promised_and_never_final_is_named_by_receipt_and_amount(shop: Shop, visitor: Visitor) -> None:
    promised = shop.promise("1005", {25: 7700})
    shop.close_day(42, invoiced=(promised.ref, PaymentRef("bar-1", "s999", "1")))
    told = visitor.sees(DAY.format(42))
    assert re.search(r"1005 bar-1/s1005/1 [^–]+ 77,00 – bar-1/s999/1 Aldri meldt hit", told)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_an_accepted_z_says_who_when_and_why_after_it_is_posted_too(
    shop: Shop, visitor: Visitor, language: str
) -> None:
    shop.close_day(42, invoiced=(PaymentRef("bar-1", "s999", "1"),))
    shop.send()
    shop.app.settlement_desk().accept(shop.record("Z 42"), "slått inn to ganger")
    shop.send()
    visitor.post("/language", {"language": language})
    told = visitor.sees(DAY.format(42))
    by = {"nb": rf"Godtatt av tekniker \S+, {WHEN}: «slått", "en": rf"Accepted by technician \S+, {WHEN}: “slått"}
    assert re.search(by[language], told)


def test_a_posted_z_whose_sale_a_later_one_names_was_accepted_by_nobody(shop: Shop, visitor: Visitor) -> None:
    ref = shop.sell("1001", INVOICED).ref
    shop.close_day(41)
    shop.send()
    shop.close_day(42, invoiced=(ref,))
    told = visitor.sees(DAY.format(41))
    assert "Z-en og fakturaene er ikke enige:" in told
    assert "Også i Z 42" in told
    assert "godtatt" not in told.lower()


def test_a_voucher_that_was_reversed_in_poweroffice_is_headed_so(shop: Shop, visitor: Visitor) -> None:
    shop.close_day(42)
    shop.send()
    shop.go.reverse_voucher(shop.record("Z 42").accounting_id or "")
    shop.later(timedelta(days=1))
    shop.app.follow()
    told = visitor.sees(DAY.format(42))
    assert re.search(rf"Var ført i PowerOffice, og er tilbakeført der \(sett {WHEN}\) Konto", told)
    assert "Ført i PowerOffice Konto" not in told
    assert "Tilbakefør i PowerOffice" not in told
    assert "gå til posten i køen og prøv på nytt" in told


def test_what_has_no_account_is_in_the_journal_all_the_same(shop: Shop, visitor: Visitor) -> None:
    shop.close_day(42, paid={"coupon": 20000, "cash": 4000}, moved={"ukjent uttak": -100})
    told = visitor.sees(DAY.format(42))
    assert "! Mangler konto 0 coupon 200,00" in told
    assert "! Mangler konto 0 ukjent uttak 1,00" in told
    assert "✓ Diff 0,00 Linjene uten konto føres først når kontoene står i innstillingene." in told
    assert "under Innstillinger > Kontoplan her" in told
