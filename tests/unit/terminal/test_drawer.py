"""What a file's transactions do to the drawer: each by its code, whichever way the sign is written."""

from __future__ import annotations

from datetime import datetime

import pytest

from posplugin.domain.zreport import CashMovement
from posplugin.saft.codes import Codes
from posplugin.saft.entries import Tables, Transaction
from posplugin.saft.moments import OSLO
from posplugin.saft.rules import SaftRules
from sample_terminal.drawer import Drawer, summed
from sample_terminal.evening import sale_of

AT = datetime(2026, 11, 20, 20, 0)  # noqa: DTZ001  # as in a file


def moved(amount: int, *, debit: bool = False) -> Transaction:
    return Transaction(register_id="BAR-1", nr="1", trans_id="T1", kind="LOKAL", amount=amount, debit=debit, at=AT)


def movement(amount: int, code: str) -> CashMovement:
    return CashMovement(kind="LOKAL", amount=amount, saft_code=code)


@pytest.mark.parametrize(
    ("code", "amount", "debit", "expected"),
    [
        ("11007", 200000, False, Drawer(opening_float=200000)),
        ("11008", -3500, True, Drawer(difference=-3500)),
        ("11008", 3500, True, Drawer(difference=-3500)),
        ("11008", 3500, False, Drawer(difference=3500)),
        ("11008", 0, False, Drawer(difference=0)),
        ("11003", 3500, False, Drawer(movements=(movement(-3500, "11003"),))),
        ("11010", -3500, True, Drawer(movements=(movement(-3500, "11010"),))),
        ("11010", 3500, True, Drawer(movements=(movement(-3500, "11010"),))),
        ("11010", 3500, False, Drawer(movements=(movement(-3500, "11010"),))),
        ("11011", 3500, False, Drawer(movements=(movement(3500, "11011"),))),
        ("11011", -3500, True, Drawer(movements=(movement(3500, "11011"),))),
        ("11014", 3500, False, Drawer()),
    ],
)
def test_each_code_does_what_it_says(code: str, amount: int, debit: bool, expected: Drawer) -> None:
    codes = Codes(Tables({("11", "LOKAL"): code}), SaftRules())
    assert Drawer().after(moved(amount, debit=debit), codes) == expected


def test_what_was_counted_follows_from_sales_movements_and_the_difference() -> None:
    sales = [
        sale_of("2 burger, 2 brus", "cash", "s1", AT.replace(tzinfo=OSLO)),
        sale_of("1 vin", "card", "s2", AT.replace(tzinfo=OSLO)),
    ]
    drawer = Drawer(opening_float=200000, movements=(movement(-20000, "11010"),), difference=-3500)

    assert drawer.counted(sales) == 58800 - 20000 - 3500
    assert Drawer(opening_float=200000).counted(sales) is None


def test_movements_are_summed_by_kind() -> None:
    other = CashMovement(kind="VEKSLING", amount=700, saft_code="11011")

    assert summed([movement(500, "11011"), other, movement(250, "11011")]) == (movement(750, "11011"), other)
