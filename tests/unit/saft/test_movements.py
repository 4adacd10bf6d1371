"""Money put in and taken out, cash that was counted, and what is no sale and not posted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posplugin.domain.zreport import CashMovement, TenderTotal
from posplugin.saft.entries import Transaction
from sample_terminal.rule_files import sold
from tests.unit.saft.day_files import Files, money, only


@pytest.mark.parametrize(
    ("transaction", "movements"),
    [
        (money(1, "11010", 50000), [("11010", -50000, "cash")]),
        (money(1, "11010", -50000, debit=True), [("11010", -50000, "cash")]),
        (money(1, "UTTAK", 50000, ("KONTANT", 50000), debit=True), [("UTTAK", -50000, "cash")]),
        (money(1, "11011", 20000), [("11011", 20000, "cash")]),
        (money(1, "11003", 9900, ("BANKKORT", 9900)), [("11003", -9900, "card")]),
        (
            money(1, "11004", -9900, ("KONTANT", -5000), ("BANK", -4900)),
            [("11004", -4900, "bank"), ("11004", -5000, "cash")],
        ),
        (money(1, "11010", 0), []),
    ],
)
def test_money_is_taken_out_and_put_in_by_its_code(
    read: Files,
    transaction: Transaction,
    movements: list[tuple[str, int, str]],
) -> None:
    day = only(read(transaction))

    assert [(one.kind, one.amount, one.channel) for one in day.z.movements] == movements
    assert day.problems == ()


def test_movements_are_summed_per_kind(read: Files) -> None:
    day = only(read(money(1, "UTTAK", 50000), money(2, "UTTAK", 25000)))

    assert day.z.movements == (CashMovement(kind="UTTAK", amount=-75000, saft_code="11010"),)


@pytest.mark.parametrize(("amount", "debit"), [(-300, False), (300, True), (-300, True)])
def test_a_shortage_is_counted_in_cash_with_what_was_moved_and_without_the_float(
    read: Files,
    amount: int,
    debit: bool,
) -> None:
    day = only(
        read(
            money(1, "11007", 200000, ("KONTANT", 200000)),
            sold(2, "1 suppe", "cash"),
            money(3, "11010", 10000),
            money(4, "11008", amount, debit=debit),
        )
    )

    assert day.z.cash.tenders == (
        TenderTotal(channel="cash", expected=18900, counted=18900 - 10000 - 300, saft_code="12001"),
    )
    assert day.z.movements == (CashMovement(kind="11010", amount=-10000, saft_code="11010"),)
    assert day.counts.left_out == {"the opening float": 1}


def test_a_surplus_without_a_cash_sale_is_cash_all_the_same(read: Files) -> None:
    day = only(read(money(1, "11008", 500)))

    assert day.z.cash.tenders == (TenderTotal(channel="cash", expected=0, counted=500, saft_code="12001"),)


def test_a_correction_a_stock_movement_and_others_are_named_as_not_posted(read: Files) -> None:
    day = only(read(money(1, "11009", 0), money(2, "11014", 5000), money(3, "11999", 700)))

    assert day.problems == ()
    assert [text.partition(": ")[0] for text in day.counts.not_posted] == [
        "Transaction 1 of register BAR-1 is a correction (11009)",
        "Transaction 2 of register BAR-1 is a stock movement (11014)",
        "Transaction 3 of register BAR-1 is something other than a sale (11999)",
    ]


@pytest.mark.parametrize(
    ("transaction", "sentence"),
    [
        (money(1, "11999", 700, ("KONTANT", 700)), "with payments, and nothing tells what they are"),
        (money(1, "11009", 0, ("KONTANT", -700), ("BANKKORT", 700)), "with payments, and nothing tells"),
        (money(1, "11005", 700, ("KONTANT", 700)), "payment of an open invoice (11005)"),
        (money(1, "11010", 700, ("KONTANT", 600)), "its payments add up to 6,00, but its total is 7,00"),
        (money(1, "11010", 700, ("FAKTURA", 700)), "paid by FAKTURA, which is Faktura"),
        (money(1, "11008", 700, ("BANKKORT", 700)), "it is a cash difference, but of card"),
        (replace(sold(1, "1 suppe", "card"), kind="11077"), "the type 11077 has no predefined code"),
    ],
)
def test_what_cannot_be_told_is_a_problem_of_its_day(
    read: Files,
    transaction: Transaction,
    sentence: str,
) -> None:
    (problem,) = only(read(transaction)).problems

    assert problem.startswith("Transaction 1 of register BAR-1: ")
    assert sentence in problem
