"""What a day comes to in the books, account by account; nothing is ever plugged."""

from __future__ import annotations

from typing import Any

import pytest

from posplugin.bookkeeping.reconciliation import Reconciliation, reconcile
from posplugin.bookkeeping.settlement import Drawn, differences, journal_lines, likely_cause
from posplugin.domain.documents import Invoice, VatReportedBy
from posplugin.domain.sale import LineKind, SaleLine, Tender
from posplugin.domain.zreport import GroupTotal, ZReport
from posplugin.settings.ledger import Ledger
from tests.fixtures.sales import invoice, line, request, returned, sale, tender
from tests.fixtures.settings import LEDGER
from tests.fixtures.zreports import group, moved, took, z_report

BOOKS = Ledger(**LEDGER)
#: What DESIGN's example sold, and its Faktura.
DINNER = (line(400_00, 25, article_group="beer"), line(100_00, 15, "Burger", article_group="mat"))
BY_INVOICE, BY_SETTLEMENT = VatReportedBy.INVOICE, VatReportedBy.SETTLEMENT


def booked(drawn: Drawn) -> list[tuple[int, int, str | None]]:
    """Account, øre and VAT code of each line."""
    assert drawn.gaps == ()
    return [(each.account, each.amount, each.vat_code) for each in drawn.lines]


def dinner(mode: VatReportedBy, *tenders: Tender, lines: tuple[SaleLine, ...] = DINNER, **values: Any) -> Invoice:
    paid = tenders or (tender(300_00), tender(200_00, "card", tip=40_00))
    return invoice(request(sale(lines, paid, **values)), vat_reported_by=mode)


def drawn(z: ZReport, *invoices: Invoice, discarded: tuple[Invoice, ...] = (), **ledger: Any) -> Drawn:
    reconciled = Reconciliation(invoices=invoices, discarded=discarded)
    return journal_lines(z, reconciled, Ledger(**{**LEDGER, **ledger}))


def gift_cards(amount: int) -> GroupTotal:
    return group(amount, 0, 0, "gavekort", kind=LineKind.GIFT_CARD)


# -- DESIGN's example --------------------------------------------------------------------------------------------------

#: Card +240 = 160 at 25 % + 40 at 15 % + tips 40.
LAWFUL = z_report(
    group(160_00, vat=32_00, name="beer"), group(40_00, 15, 5_22, "mat"), took("card", 240_00), tips=40_00
)
#: The same evening from a host whose Z holds the invoice too.
WHOLE = z_report(
    *(group(400_00, vat=80_00, name="beer"), group(100_00, 15, 13_04, "mat")),
    *(took("card", 240_00), took("invoice", 300_00)),
    tips=40_00,
    includes_invoiced=True,
)


@pytest.mark.parametrize("z", [LAWFUL, WHOLE], ids=["lawful", "includes_invoiced"])
def test_designs_example_where_invoices_report_vat(z: ZReport) -> None:
    made = drawn(z, dinner(BY_INVOICE))
    assert booked(made) == [
        (1580, 240_00, None),
        (2981, -40_00, None),
        (3000, -160_00, "3"),
        (3001, -40_00, "31"),
    ]
    assert [(each.vat_rate, each.vat) for each in made.lines] == [
        (None, 0),
        (None, 0),
        (25, -32_00),
        (15, -5_21 - (z is LAWFUL)),
    ]
    assert [each.names for each in made.lines] == [("card",), ("tips",), ("beer",), ("mat",)]


@pytest.mark.parametrize("z", [LAWFUL, WHOLE], ids=["lawful", "includes_invoiced"])
def test_designs_example_where_the_settlement_reports_vat(z: ZReport) -> None:
    made = drawn(z, dinner(BY_SETTLEMENT))
    assert booked(made) == [
        (1580, 240_00, None),
        (1990, 300_00, None),
        (2981, -40_00, None),
        (3000, -400_00, "3"),
        (3001, -100_00, "31"),
    ]
    assert [each.vat for each in made.lines if each.vat_code] == [-80_00, -13_04 - (z is LAWFUL)]


def test_a_host_that_includes_what_is_invoiced_agrees_with_its_invoices() -> None:
    mine = dinner(BY_SETTLEMENT)
    assert reconcile(WHOLE, {mine.ref: mine}).unlisted == (mine,)
    named = z_report(*WHOLE.cash.groups, *WHOLE.cash.tenders, tips=40_00, includes_invoiced=True, invoiced=(mine.ref,))
    assert reconcile(named, {mine.ref: mine}).agrees


# -- what is sold ------------------------------------------------------------------------------------------------------


def test_take_away_is_told_by_its_rate_and_groups_of_one_account_are_one_line() -> None:
    sales = [*LEDGER["sales"], {"article_group": "04003", "vat": 25, "account": 3010, "vat_code": "3"}]
    z = z_report(
        *(group(100_00, 15, 13_04, "pizza"), group(50_00, 25, 10_00, "pizza"), group(30_00, 25, 6_00, "salat")),
        *(group(20_00, 25, 4_00, "ol", saft_code="04003"), group(10_00, 25, 2_00, None, saft_code="04003")),
        took("card", 210_00),
    )
    made = drawn(z, sales=sales)
    assert booked(made) == [(1580, 210_00, None), (3000, -80_00, "3"), (3001, -100_00, "31"), (3010, -30_00, "3")]
    assert [each.names for each in made.lines] == [("card",), ("pizza", "salat"), ("pizza",), ("ol", "04003")]
    assert made.lines[1].vat == -16_00


def test_what_is_invoiced_is_sold_on_the_account_of_the_group_in_the_z() -> None:
    """The invoice has the host's own id of the group; which SAF-T code that is, the Z says."""
    sales = [*LEDGER["sales"], {"article_group": "04003", "vat": 25, "account": 3010, "vat_code": "3"}]
    beer = group(160_00, vat=32_00, name="beer", saft_code="04003")
    z = z_report(beer, group(40_00, 15, 5_22, "mat"), took("card", 240_00), tips=40_00)
    made = drawn(z, dinner(BY_SETTLEMENT), sales=sales)
    assert (3010, -400_00, "3") in booked(made)
    assert 3000 not in {each.account for each in made.lines}
    whole = z_report(
        *(group(400_00, vat=80_00, name="beer", saft_code="04003"), group(100_00, 15, 13_04, "mat")),
        *(took("card", 240_00), took("invoice", 300_00)),
        tips=40_00,
        includes_invoiced=True,
    )
    assert booked(drawn(whole, dinner(BY_SETTLEMENT), sales=sales)) == booked(made)
    assert (3010, -160_00, "3") in booked(drawn(whole, dinner(BY_INVOICE), sales=sales))


def test_gift_cards_sold_are_a_debt_and_those_redeemed_pay_it_back() -> None:
    z = z_report(group(300_00), gift_cards(500_00), took("card", 500_00), took("gift_card", 300_00, code="12005"))
    assert booked(drawn(z)) == [(1580, 500_00, None), (2901, -200_00, None), (3000, -300_00, "3")]
    apart = drawn(z, tenders={**LEDGER["tenders"], "gift_card": 2905})
    assert booked(apart) == [(1580, 500_00, None), (2905, 300_00, None), (2901, -500_00, None), (3000, -300_00, "3")]


def test_a_service_charge_and_a_deposit_are_sales_at_their_rate() -> None:
    z = z_report(
        *(group(200_00), group(20_00, 25, 4_00, "service", kind=LineKind.SERVICE_CHARGE)),
        *(group(3_00, 15, 39, "pant", kind=LineKind.DEPOSIT), took("card", 223_00)),
    )
    assert booked(drawn(z)) == [(1580, 223_00, None), (3000, -220_00, "3"), (3001, -3_00, "31")]


def test_more_came_back_than_was_sold() -> None:
    z = z_report(group(-250_00, vat=-50_00), gift_cards(-100_00), took("cash", -350_00))
    made = drawn(z)
    assert booked(made) == [(2901, 100_00, None), (3000, 250_00, "3"), (1900, -350_00, None)]
    assert made.lines[1].vat == 50_00


def test_what_comes_to_nothing_has_no_line() -> None:
    z = z_report(group(100_00), group(-100_00, name="other"), took("card", 50_00), took("card", -50_00))
    assert drawn(z).lines == ()
    assert drawn(z_report()).lines == ()


# -- how it was paid ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rounding", [40, -40])
def test_cash_rounded_up_is_income_and_down_a_cost(rounding: int) -> None:
    made = booked(drawn(z_report(group(100_00), took("cash", 100_00 + rounding), rounding=rounding)))
    assert (1900, 100_00 + rounding, None) in made
    assert (7745, -rounding, None) in made


@pytest.mark.parametrize(("counted", "difference"), [(148_00, -2_00), (151_50, 1_50), (150_00, 0)])
def test_a_shortage_is_a_cost_and_a_surplus_income_with_what_was_moved_taken_into_account(
    counted: int, difference: int
) -> None:
    """500 were sold, 400 taken to the bank and 50 of change put in: 150 should be there."""
    movements = (moved("bank", -400_00, code="11010"), moved("11011", 50_00))
    z = z_report(group(500_00), took("cash", 500_00, counted), *movements)
    made = booked(drawn(z))
    assert differences(z) == ({"cash": difference} if difference else {})
    assert (1900, counted, None) in made
    assert (1920, 350_00, None) in made
    assert [amount for account, amount, _ in made if account == 7746] == ([-difference] if difference else [])


def test_what_was_moved_counts_once_however_many_tenders_the_channel_has() -> None:
    z = z_report(group(300_00), took("cash", 100_00, 50_00), took("cash", 200_00, 200_00), moved("11010", -50_00))
    assert differences(z) == {}
    assert booked(drawn(z)) == [(1900, 250_00, None), (1920, 50_00, None), (3000, -300_00, "3")]


def test_what_differs_is_on_the_account_of_what_was_counted() -> None:
    z = z_report(group(300_00), took("card", 100_00, 90_00, code="12003"), took("card", 200_00, code="12002"))
    made = booked(drawn(z, tenders={"12002": 1580, "12003": 1581}))
    assert made == [(1580, 200_00, None), (1581, 90_00, None), (7746, 10_00, None), (3000, -300_00, "3")]


def test_what_was_only_moved_or_only_counted_is_booked_too() -> None:
    z = z_report(took("cash", 0, 10_00), moved("11011", 500_00, "12002"))
    assert booked(drawn(z)) == [(1580, 500_00, None), (1900, 10_00, None), (1920, -500_00, None), (7746, -10_00, None)]


def test_a_way_to_pay_that_nobody_used_needs_no_account() -> None:
    z = z_report(group(100_00), group(0, 12, 0), took("card", 100_00), took("Vipps", 0), moved("float", 0, "safe"))
    assert booked(drawn(z)) == [(1580, 100_00, None), (3000, -100_00, "3")]


def test_everything_that_the_ledger_lacks_is_named_at_once() -> None:
    z = z_report(
        *(group(100_00, 12, 10_71, "hotel"), gift_cards(50_00), took("Vipps", 150_00), took("cash", 0, 1_00)),
        *(moved("safe", 10_00), group(1_00, 0, 0, None)),
        tips=10_00,
        rounding=-10_00,
    )
    none: dict[str, Any] = dict.fromkeys(("gratuity", "gift_card", "rounding", "cash_difference", "invoice_clearing"))
    made = drawn(z, dinner(BY_SETTLEMENT), tenders={}, movements={}, **none)
    assert made.gaps == (
        'ledger.sales has no row for article group "hotel" at 12 %',
        "ledger.gift_card is missing",
        'ledger.sales has no row for article group "*" at 0 %',
        'ledger.tenders has no account for "Vipps"',
        'ledger.tenders has no account for "cash"',
        'ledger.movements has no account for "safe"',
        "ledger.cash_difference is missing",
        "ledger.invoice_clearing is missing",
        "ledger.gratuity is missing",
        "ledger.rounding is missing",
    )


# -- what is invoiced --------------------------------------------------------------------------------------------------

#: A gift card and a tip on an invoice: 500 of goods and 200 of gift card, of which all, and 25 of tips.
PARTY = (*DINNER, line(200_00, 0, "Gavekort", kind=LineKind.GIFT_CARD, article_group="gavekort"))


def party(mode: VatReportedBy) -> Invoice:
    return dinner(mode, tender(700_00, tip=25_00), lines=PARTY)


@pytest.mark.parametrize("mode", VatReportedBy)
def test_tips_and_gift_cards_on_an_invoice_are_the_invoices(mode: VatReportedBy) -> None:
    lawful = z_report(group(100_00, vat=20_00, name="beer"), took("card", 110_00), tips=10_00)
    whole = z_report(
        *(group(500_00, vat=100_00, name="beer"), group(100_00, 15, 13_04, "mat"), gift_cards(200_00)),
        *(took("card", 110_00), took("invoice", 725_00)),
        tips=35_00,
        includes_invoiced=True,
    )
    settled = [(1990, 500_00, None)] if mode is BY_SETTLEMENT else []
    sold = [(3000, -500_00, "3"), (3001, -100_00, "31")] if mode is BY_SETTLEMENT else [(3000, -100_00, "3")]
    expected = [(1580, 110_00, None), *settled, (2981, -10_00, None), *sold]
    assert booked(drawn(lawful, party(mode))) == expected
    assert booked(drawn(whole, party(mode))) == expected


@pytest.mark.parametrize("mode", VatReportedBy)
def test_what_was_discarded_is_posted_by_nobody_here(mode: VatReportedBy) -> None:
    expected = booked(drawn(LAWFUL))
    assert booked(drawn(LAWFUL, discarded=(dinner(mode),))) == expected
    assert booked(drawn(WHOLE, discarded=(dinner(mode),))) == expected


def test_a_credit_note_takes_back_what_the_settlement_sold() -> None:
    back = invoice(request(returned([line(-80_00, article_group="beer")])), vat_reported_by=BY_SETTLEMENT)
    assert booked(drawn(z_report(), back)) == [(3000, 80_00, "3"), (1990, -80_00, None)]
    assert drawn(z_report(), invoice(request(returned(-80_00)))).lines == ()


def test_an_invoice_of_gift_cards_alone_needs_no_clearing_account() -> None:
    only = dinner(BY_SETTLEMENT, tender(200_00), lines=(PARTY[2],))
    assert drawn(z_report(), only, invoice_clearing=None) == Drawn(lines=())


def test_a_fee_is_not_of_the_settlement() -> None:
    mine = invoice(request(sale(lines=DINNER)), vat_reported_by=BY_SETTLEMENT, fee=39_00)
    assert (1990, 500_00, None) in booked(drawn(z_report(), mine))


# -- what does not add up ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("off_by", [1, -1, 240_00])
def test_a_day_that_does_not_add_up_is_not_made_to(off_by: int) -> None:
    z = z_report(*LAWFUL.cash.groups, took("card", 240_00 + off_by), tips=40_00)
    made = drawn(z)
    assert sum(each.amount for each in made.lines) == z.cash.difference == off_by
    assert [each for each in made.lines if each.account != 1580] == list(drawn(LAWFUL).lines[1:])


MINE = dinner(BY_INVOICE)
#: What the till has mixed up, and what is said of it.
CAUSES: dict[str, tuple[ZReport, str | None]] = {
    "adds up": (LAWFUL, None),
    "a kroner is missing": (z_report(group(100_00), took("card", 99_00)), None),
    "tips left out": (z_report(group(100_00), took("card", 100_00), tips=10_00), "the tips are not within the tenders"),
    "tips twice": (
        z_report(group(100_00), took("card", 120_00), tips=10_00),
        "the tips are counted twice in the tenders",
    ),
    "rounding left out": (
        z_report(group(100_40), took("cash", 100_40), rounding=-40),
        "the rounding is not within the tenders",
    ),
    "rounding turned round": (
        z_report(group(100_40), took("cash", 100_00), rounding=40),
        "the rounding has the wrong sign: rounded up is positive",
    ),
    "invoices in the groups alone": (
        z_report(group(400_00), group(100_00, 15), took("card", 240_00), tips=40_00),
        "the groups hold what was invoiced, and the tenders do not: see includes_invoiced",
    ),
    "includes_invoiced not said": (
        z_report(*WHOLE.cash.groups, *WHOLE.cash.tenders, tips=40_00),
        "the groups hold what was invoiced, and the tenders do not: see includes_invoiced",
    ),
    "invoices in the tenders alone": (
        z_report(*LAWFUL.cash.groups, took("card", 540_00), tips=40_00),
        "the tenders hold what was invoiced, and the groups do not",
    ),
    "groups without VAT": (
        z_report(group(80_00, vat=20_00), group(87, 15, 13), took("card", 101_00)),
        "the groups are without VAT",
    ),
    "gift cards twice": (
        z_report(group(100_00), gift_cards(50_00), took("card", 200_00)),
        "the gift cards sold are counted twice in the tenders",
    ),
    "gift cards left out": (
        z_report(group(100_00), gift_cards(50_00), took("card", 100_00)),
        "the gift cards sold are not within the tenders",
    ),
}


@pytest.mark.parametrize(("z", "words"), CAUSES.values(), ids=CAUSES)
def test_the_likely_cause_is_told_where_the_sums_tell_it(z: ZReport, words: str | None) -> None:
    assert likely_cause(z, [MINE]) == words


def test_a_tender_called_invoice_is_no_payment_at_the_till() -> None:
    """A host that lists it beside the cash sales: they are booked as they are."""
    z = z_report(*LAWFUL.cash.groups, *LAWFUL.cash.tenders, took("invoice", 300_00), tips=40_00)
    assert booked(drawn(z, MINE)) == booked(drawn(LAWFUL, MINE))
    assert likely_cause(z, [MINE]) is None
