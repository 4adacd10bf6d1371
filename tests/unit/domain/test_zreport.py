"""A day adds up, or is not one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.domain.errors import UsageError
from posplugin.domain.sale import LineKind
from posplugin.domain.zreport import CashSales, GroupTotal, TenderTotal, ZReport
from tests.fixtures.clocks import EVENING
from tests.fixtures.sales import DAY

ORE = st.integers(-(10**9), 10**9)


def group(amount: int = 400_00, vat_rate: int = 25, vat: int = 80_00, **values: Any) -> GroupTotal:
    plain: dict[str, Any] = {"article_group": "04003", "kind": LineKind.GOODS}
    return GroupTotal(**{**plain, "amount": amount, "vat_rate": vat_rate, "vat": vat, **values})


def z(**values: Any) -> ZReport:
    plain: dict[str, Any] = {"terminal_id": "bar-1", "number": 1, "business_date": DAY, "closed_at": EVENING}
    return ZReport(**{**plain, "cash": CashSales(), **values})


def test_designs_day_adds_up() -> None:
    """Card +240 = 160 at 25 % + 40 at 15 % + tips 40."""
    cash = CashSales(
        groups=(group(160_00, vat=32_00), group(40_00, 15, 5_22)),
        tenders=(TenderTotal(channel="card", expected=240_00),),
        tips=40_00,
    )
    assert z(cash=cash).cash.tips == 40_00


@given(st.lists(ORE, max_size=6), st.lists(ORE, max_size=4), ORE, st.integers(-99, 99), st.integers(-2, 2))
def test_a_day_is_taken_exactly_when_tenders_equal_groups_tips_and_rounding(
    groups: list[int], tenders: list[int], tips: int, rounding: int, off_by: int
) -> None:
    rest = sum(groups) + tips + rounding - sum(tenders) + off_by
    made: dict[str, Any] = {
        "groups": tuple(group(amount, vat=0, vat_rate=0) for amount in groups),
        "tenders": tuple(TenderTotal(channel="card", expected=amount) for amount in [*tenders, rest]),
        "tips": tips,
        "rounding": rounding,
    }
    if off_by:
        with pytest.raises(UsageError, match="the day does not add up"):
            CashSales(**made)
    else:
        assert CashSales(**made).rounding == rounding


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
    ],
    ids=["expected", "counted", "tips", "rounding"],
)
def test_no_total_of_a_day_is_a_float(make: Any) -> None:
    with pytest.raises(UsageError, match="whole øre"):
        make()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"number": 0}, "numbered from 1"),
        ({"number": -3}, "numbered from 1"),
        ({"terminal_id": ""}, "the terminal id"),
        ({"closed_at": datetime(2026, 11, 20, 23, 0)}, "without a time zone"),  # noqa: DTZ001
    ],
)
def test_a_z_report_refuses(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        z(**values)
