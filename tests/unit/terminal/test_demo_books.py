"""The demo says that a settlement is equal only when each sum of the Z is on its account, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import pytest

from posplugin.domain.zreport import CashMovement
from posplugin.saft.moments import OSLO
from sample_terminal.demo_books import show_books
from sample_terminal.evening import sale_of
from sample_terminal.zday import z_report

AT = datetime(2026, 11, 20, 20, 0, tzinfo=OSLO)
Z = z_report(
    "till-1",
    26324,
    business_date=AT.date(),
    closed_at=AT,
    sales=[
        sale_of("2 burger, 2 brus", "cash", "s1", AT),
        sale_of("1 suppe*, 1 gavekort", "card+30", "s2", AT),
        sale_of("1 pils", "gift_card 50, mobile", "s3", AT),
    ],
    counted_cash=58800 - 20000 - 3500,
    movements=[CashMovement(kind="UTTAK", amount=-20000, saft_code="11010")],
)
#: Account to øre, debit positive, as an accountant would book it by hand.
BOOKED: Mapping[int, int] = {
    1900: 35300,
    1580: 17400 + 50000 + 3000 + 5900,
    1920: 20000,
    7746: 3500,
    2901: -45000,
    2981: -3000,
    7745: -20,
    3000: -55744,
    2700: -13936,
    3001: -15130,
    2701: -2270,
}


def posted(amounts: Mapping[int, int], voucher: int = 1, kind: str = "CashJournal") -> list[dict[str, object]]:
    return [
        {
            "AccountNo": account,
            "Amount": Decimal(ore) / 100,
            "VatCode": "0",
            "VoucherNo": voucher,
            "VoucherType": kind,
        }
        for account, ore in amounts.items()
    ]


def test_what_is_booked_as_the_z_says_is_equal(capsys: pytest.CaptureFixture[str]) -> None:
    others = posted({1500: 9900, 3000: -9900}, voucher=2, kind="OutgoingInvoice")

    assert sum(BOOKED.values()) == 0
    assert show_books([Z], posted(BOOKED) + others)
    out = capsys.readouterr().out
    assert "DIFFERENT" not in out
    assert "Z 26324 stands in PowerOffice (simulated), once: sum 0,00" in out


@pytest.mark.parametrize(
    "rows",
    [
        [],
        posted(BOOKED) + posted(BOOKED, voucher=2),
        posted({**BOOKED, 1900: 38800, 7746: 0}),
        posted({**BOOKED, 1900: 35301}),
        posted({**BOOKED, 2901: -50000, 1580: 81300}),
        posted({**BOOKED, 2981: 0, 9999: -3000}),
    ],
    ids=["nothing", "twice", "shortage forgotten", "out of balance", "gift card forgotten", "another account"],
)
def test_whatever_else_is_booked_is_not(rows: list[dict[str, object]], capsys: pytest.CaptureFixture[str]) -> None:
    assert not show_books([Z], rows)
    assert "NOT EQUAL" in capsys.readouterr().out


def test_no_z_is_nothing_to_be_equal_to() -> None:
    assert not show_books([], [])
