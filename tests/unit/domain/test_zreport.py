"""A day is kept as the till tells it, whether it adds up or not; two tellings of it are compared sum by sum."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.errors import UsageError
from posplugin.domain.sale import LineKind
from posplugin.domain.settlement import Settlement, settlement_ref
from posplugin.domain.zreport import CashMovement, CashSales, TenderTotal, ZReport, disagreement
from tests.fixtures.clocks import EVENING
from tests.fixtures.sales import DAY
from tests.fixtures.zreports import group, moved, took, z_report

ORE = st.integers(-(10**9), 10**9)


def test_designs_day_adds_up() -> None:
    """Card +240 = 160 at 25 % + 40 at 15 % + tips 40."""
    cash = z_report(group(160_00, vat=32_00), group(40_00, 15, 5_22), took("card", 240_00), tips=40_00).cash
    assert (cash.sold, cash.difference) == (200_00, 0)


@given(st.lists(ORE, max_size=6), st.lists(ORE, max_size=4), ORE, st.integers(-99, 99), ORE)
def test_any_day_is_kept_and_tells_by_how_much_it_is_off(
    groups: list[int], tenders: list[int], tips: int, rounding: int, off_by: int
) -> None:
    rest = sum(groups) + tips + rounding - sum(tenders) + off_by
    sold, paid = [group(amount, 0, 0) for amount in groups], [took("card", amount) for amount in [*tenders, rest]]
    cash = z_report(*sold, *paid, tips=tips, rounding=rounding).cash
    assert (cash.sold, cash.difference) == (sum(groups), off_by)


def test_what_was_paid_is_told_from_what_is_to_be_invoiced() -> None:
    cash, faktura = took("cash", 100_00), took("invoice", 300_00)
    told = z_report(cash, faktura, includes_invoiced=True)
    assert (told.paid_tenders, told.invoice_tenders) == ((cash,), (faktura,))


@pytest.mark.parametrize(
    ("values", "words"),
    [({"amount": 1.5}, "the amount of group"), ({"vat": 1.5}, "the VAT of group"), ({"vat_rate": 24}, "VAT rate")],
)
def test_a_group_refuses_what_is_not_whole_ore_or_no_rate(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        group(**values)


@pytest.mark.parametrize(
    "make",
    [
        lambda: TenderTotal(channel="cash", expected=10.5),  # type: ignore[arg-type]
        lambda: TenderTotal(channel="cash", expected=10, counted=10.5),  # type: ignore[arg-type]
        lambda: CashSales(tips=0.0),  # type: ignore[arg-type]
        lambda: CashSales(rounding=0.0),  # type: ignore[arg-type]
        lambda: CashMovement(kind="float", amount=10.5),  # type: ignore[arg-type]
    ],
    ids=["expected", "counted", "tips", "rounding", "movement"],
)
def test_no_total_of_a_day_is_a_float(make: Any) -> None:
    with pytest.raises(UsageError, match="whole øre"):
        make()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: moved("", 100), "the kind of a cash movement"),
        (lambda: moved("float", 100, channel=""), "the channel of a cash movement"),
        (lambda: took("", 100), "the channel"),
        (lambda: z_report(number=0), "numbered from 1"),
        (lambda: z_report(number=-3), "numbered from 1"),
        (lambda: z_report(number="000"), "numbered from 1"),
        (lambda: z_report(number=""), "the Z number"),
        (lambda: z_report(number="x" * 36), "the Z number"),
        (lambda: z_report(terminal_id=""), "the terminal id"),
        (lambda: z_report(closed_at=datetime(2026, 11, 20, 23, 0)), "without a time zone"),  # noqa: DTZ001
    ],
)
def test_a_z_report_refuses(make: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        make()


@pytest.mark.parametrize(
    ("told", "number"),
    [(42, 42), ("42", 42), ("0042", 42), (" 42 ", 42), ("Z-42", "Z-42"), ("2026-11-20", "2026-11-20"), ("٤٢", "٤٢")],
)
def test_a_number_told_as_text_is_the_number(told: int | str, number: int | str) -> None:
    """By the hook it may be 42, and "0042" in the file: it is one Z."""
    z = z_report(number=told)
    assert (z.number, z.name) == (number, f"Z {number}")
    assert settlement_ref("bar-1", z.number) == settlement_ref("bar-1", number)


def test_the_hour_that_comes_twice_is_two_hours_in_whatever_zone_a_z_is_told() -> None:
    """Two moments of one zone are compared by the clock on the wall, where both are 02:30."""
    told = [datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Oslo"), fold=fold) for fold in (0, 1)]
    first, second = (z_report(closed_at=at).closed_at for at in told)
    assert (first, second) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert z_report(closed_at=told[0]) == z_report(closed_at=first) != z_report(closed_at=second)


def test_a_settlement_is_known_by_its_terminal_and_z() -> None:
    settlement = Settlement(z=z_report(group(160_00), took("card", 200_00), tips=40_00, number=7), department="bar")
    assert str(settlement.ref) == "bar-1/Z 7/Z"
    assert (settlement.receipt, settlement.business_date, settlement.total) == ("Z 7", DAY, 160_00)


ONE = z_report(
    group(160_00),
    group(40_00, 15, 5_22),
    took("cash", 100_50, counted=99_00),
    took("card", 140_00),
    moved("bank deposit", -50_00),
    tips=40_00,
    rounding=50,
)


def with_cash(*parts: Any, **values: Any) -> ZReport:
    """`ONE` with other totals, movements kept."""
    told = z_report(*parts, **{"tips": 40_00, "rounding": 50, **values})
    return replace(told, movements=ONE.movements)


#: Another telling of `ONE`, and where it differs in a sum.
TOLD: dict[str, tuple[ZReport, str | None]] = {
    "the same": (ONE, None),
    "other details": (
        replace(ONE, closed_at=EVENING.replace(hour=20), invoiced=None, business_date=DAY.replace(day=21)),
        None,
    ),
    "other groups": (
        with_cash(group(100_00, name="a"), group(60_00, name=None, vat=0), group(40_00, 15), *ONE.cash.tenders),
        None,
    ),
    "other names of the payments": (
        with_cash(*ONE.cash.groups, took("12001", 100_50), took("Visa", 90_00), took("Amex", 50_00)),
        None,
    ),
    "nobody counted": (with_cash(*ONE.cash.groups, took("card", 140_00), took("cash", 100_50)), None),
    "movements by other kinds": (
        replace(ONE, movements=(moved("11010", -80_00), moved("11011", 30_00, "till"))),
        None,
    ),
    "tips": (with_cash(*ONE.cash.groups, *ONE.cash.tenders, tips=41_00), "tips 40,00 and 41,00"),
    "rounding": (with_cash(*ONE.cash.groups, *ONE.cash.tenders, rounding=-50), "rounding 0,50 and −0,50"),
    "movements": (replace(ONE, movements=()), "money put in and taken out −50,00 and 0,00"),
    "a rate": (
        with_cash(group(160_00), group(40_01, 15), *ONE.cash.tenders),
        "sales at 15 % 40,00 and 40,01",
    ),
    "each sum that differs": (
        with_cash(group(200_00), *ONE.cash.tenders, tips=41_00),
        "tips 40,00 and 41,00; sales at 15 % 40,00 and 0,00; sales at 25 % 160,00 and 200,00",
    ),
    "a payment": (
        with_cash(*ONE.cash.groups, took("cash", 100_00), took("card", 140_50)),
        "paid by card 140,00 and 140,50; paid by cash 100,50 and 100,00",
    ),
    "all payments, under other names": (
        with_cash(*ONE.cash.groups, took("12001", 100_50), took("card", 140_01)),
        "paid by all 240,50 and 240,51",
    ),
}


@pytest.mark.parametrize(("other", "words"), TOLD.values(), ids=TOLD)
def test_two_tellings_of_a_z_differ_only_in_their_sums(other: ZReport, words: str | None) -> None:
    assert disagreement(ONE, other) == words
    assert (disagreement(other, ONE) is None) == (words is None)


def test_a_gift_card_is_a_group_of_its_own_kind() -> None:
    assert group(500_00, 0, 0, kind=LineKind.GIFT_CARD).kind is LineKind.GIFT_CARD
