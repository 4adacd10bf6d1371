"""A ticket at the page: what it comes to, after every discount, and what is left to pay."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.sale import CASH, LineKind
from sample_terminal.menu import MENU
from sample_terminal.web.ticket import Discount, Planned, Ticket, Unit, carried, price_of
from sample_terminal.web.typed import hundredths, number, plain

EMPTY = Ticket(ticket_id="t1")
DISHES = sorted(MENU)


def rung(*dishes: str, take_away: bool = False) -> Ticket:
    ticket = replace(EMPTY, take_away=take_away)
    for dish in dishes:
        ticket = ticket.rung(dish)
    return ticket


def discounts() -> st.SearchStrategy[Discount | None]:
    per_cent = st.builds(Discount, st.just(Unit.PER_CENT), st.integers(0, 10000))
    kroner = st.builds(Discount, st.just(Unit.KRONER), st.integers(0, 10**7))
    return st.none() | per_cent | kroner


@given(st.lists(st.sampled_from(DISHES), min_size=1, max_size=8), st.booleans(), discounts(), discounts())
def test_discounts_are_shared_to_the_ore_and_nothing_is_sold_for_less_than_nothing(
    dishes: list[str], take_away: bool, whole: Discount | None, on_line: Discount | None
) -> None:
    ticket = rung(*dishes, take_away=take_away)
    if ticket.items[0].kind is not LineKind.GIFT_CARD:
        ticket = ticket.with_item(replace(ticket.items[0], discount=on_line))
    ticket = replace(ticket, discount=whole)

    amounts = ticket.amounts()

    assert sum(amounts) == ticket.total == sum(item.amount for item in ticket.items) - ticket.discounted
    assert all(0 <= amount <= item.before for amount, item in zip(amounts, ticket.items, strict=True))
    assert [line.amount for line in ticket.lines()] == list(amounts)
    assert sum(amount for _, amount, _ in ticket.vat) == ticket.total


def test_a_gift_card_is_never_sold_for_less() -> None:
    ticket = replace(rung("gavekort", "kaffe"), discount=Discount(Unit.PER_CENT, 10000))

    assert ticket.amounts() == (50000, 0)


@given(st.lists(st.sampled_from(DISHES), min_size=1, max_size=8), st.integers(0, 10**6))
def test_cash_that_covers_all_is_rounded_to_whole_kroner_and_the_rest_is_change(dishes: list[str], given_: int) -> None:
    ticket = rung(*dishes)
    given_in_kroner = given_ * 100

    paid = ticket.paying_cash(given_in_kroner)

    cash = paid.payment(CASH)
    assert cash is not None
    if given_in_kroner < ticket.in_cash:
        assert (cash.amount, cash.rounding, cash.change, paid.left) == (
            given_in_kroner,
            0,
            0,
            ticket.total - cash.amount,
        )
    else:
        assert (paid.left, cash.amount % 100, cash.change) == (0, 0, given_in_kroner - cash.amount)
        assert abs(cash.rounding) <= 50


def test_cash_comes_last_in_a_split_and_rounds_what_is_left() -> None:
    ticket = rung("kaffe").paying(Planned(channel="gift_card", amount=2000))

    paid = ticket.paying_cash(None)

    assert [(one.channel, one.amount, one.rounding) for one in paid.payments] == [
        ("gift_card", 2000, 0),
        ("cash", 2000, 10),
    ]


def test_the_same_dish_again_is_one_more_of_it_unless_its_line_is_another() -> None:
    ticket = rung("kaffe", "kaffe")
    assert [item.quantity for item in ticket.items] == [2]

    noted = ticket.with_item(replace(ticket.items[0], note="uten melk")).rung("kaffe")

    assert [(int(item.quantity), item.note) for item in noted.items] == [(2, "uten melk"), (1, "")]
    assert len(rung("gavekort", "gavekort").items) == 2


def test_taken_away_food_has_its_own_price_and_rate_and_what_is_served_here_has_none() -> None:
    away = rung("suppe", take_away=True).items[0]

    assert (away.price, away.vat_rate, away.take_away) == (17400, 15, True)
    assert (carried(away, take_away=False).price, carried(away, take_away=False).vat_rate) == (18900, 25)
    assert price_of(MENU["pils"], take_away=True) is None
    assert price_of(MENU["rom"], take_away=True) == (149000, 12)
    beer = rung("pils").items[0]
    assert carried(beer, take_away=True) == beer


def test_a_change_of_what_was_rung_up_takes_planned_payments_away() -> None:
    ticket = rung("kaffe").paying(Planned(channel="card", amount=1000))

    assert ticket.rung("te").payments == ()
    assert ticket.with_item(replace(ticket.items[0], quantity=Decimal(0))).items == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("250", 25000),
        ("99,50", 9950),
        ("99.5", 9950),
        ("1 234,50", 123450),
        ("1\u00a0234,50 kr", 123450),
        ("10 %", 1000),
        ("250,-", 25000),
        ("−16,40", -1640),
        ("", None),
        ("1,234", None),
        ("12a", None),
        ("99999999", None),
        ("¼", None),
        ("٣", 300),
        ("1e3", None),
    ],
)
def test_typed_amounts(text: str, value: int | None) -> None:
    assert hundredths(text) == value


def test_typed_counts_and_texts() -> None:
    assert [number(text, 999) for text in ("0", "999", "1000", "-1", "1.5", "²", "")] == [
        0,
        999,
        None,
        None,
        None,
        None,
        None,
    ]
    assert plain("  uten\nløk \x00 ", 40) == "uten løk"
    assert len(plain("x" * 10000, 40)) == 40
