"""What sending and paying invoices posts, and what the books say of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posplugin.simulator import SECOND_CLIENT_KEY, Simulator
from posplugin.simulator.amounts import spread

D = Decimal
_LINE = {"LineType": "Normal", "ProductCode": "30", "Quantity": 1, "ProductUnitPrice": 100.00}


def _line(code: str, price: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return _LINE | {"ProductCode": code, "ProductUnitPrice": float(price), "Quantity": quantity} | more


def _sent(api: Any, go: Simulator, *lines: dict[str, Any], **members: Any) -> dict[str, Any]:
    answer = api.order(SalesOrderLines=list(lines), **members)
    assert answer.status_code == 201, answer.text
    return go.send_order(answer.json()["Id"])


def test_an_invoice_stands_on_the_customer_the_sales_accounts_and_the_vat_accounts(api: Any, go: Simulator) -> None:
    text = {"LineType": "Text", "Description": "Nota 17"}
    _sent(api, go, text, _line("30", "192.00"), _line("31", "52.17"), _line("34", "40.00"))

    assert go.trial_balance() == {
        1500: D("340.00"),
        2700: D("-48.00"),
        2701: D("-7.83"),
        2981: D("-40.00"),
        3000: D("-192.00"),
        3001: D("-52.17"),
    }
    assert go.vat_return() == {"3": (D("192.00"), D("48.00")), "31": (D("52.17"), D("7.83"))}
    assert go.customer_ledger() == {10001: D("340.00")}


def test_products_whose_vat_the_settlement_reports_only_credit_the_clearing_account(api: Any, go: Simulator) -> None:
    _sent(api, go, _line("50", "240.00"), _line("51", "60.00"))

    assert go.trial_balance() == {1500: D("300.00"), 1990: D("-300.00")}
    assert go.vat_return() == {}


def test_turnover_without_vat_is_reported_by_its_code(api: Any, go: Simulator) -> None:
    _sent(api, go, _line("33", "80.00"), _line("36", "500.00"))
    _sent(api, go, _line("30", "20.00"), CustomerNo=10007)

    assert go.vat_return() == {"5": (D("100.00"), D("0.00"))}
    assert go.trial_balance()[3003] == D("-100.00")


def test_a_credit_note_takes_its_invoice_back(api: Any, go: Simulator) -> None:
    invoice = _sent(api, go, _line("30", "33.33", 3), _line("31", "9.99"))
    _sent(api, go, _line("30", "33.33", -3), _line("31", "9.99", -1), RelatedInvoiceNo=invoice["InvoiceNo"])

    assert set(go.trial_balance().values()) == {D("0.00")}
    assert go.customer_ledger() == {10001: D("0.00")}
    assert [row["VoucherType"] for row in go.postings()][-1] == "OutgoingCreditNote"


def test_a_client_not_registered_for_vat_posts_none(api: Any, go: Simulator) -> None:
    go.set_vat_registered(False)
    _sent(api, go, _line("30", "100.00"))

    assert go.trial_balance() == {1500: D("100.00"), 3000: D("-100.00")}


def test_what_a_person_changes_and_gos_own_fee_are_posted_too(api: Any, go: Simulator) -> None:
    go.switch("U17", "b")
    order = api.order(CustomerNo=10009).json()["Id"]
    go.send_order(order, D("-0.50"))

    assert go.trial_balance() == {
        1500: D("173.25"),
        2700: D("-34.75"),
        3000: D("-100.00"),
        3900: D("-39.00"),
        7745: D("0.50"),
    }


def test_departments_follow_the_lines(api: Any, go: Simulator) -> None:
    lines = (_line("30", "10.00"), _line("31", "10.00", DepartmentCode="10"), _line("33", "10.00", DepartmentId=-1))
    _sent(api, go, *lines, DepartmentCode="20")

    by_account = {row["AccountNo"]: row["DepartmentCode"] for row in go.postings()}
    assert [by_account[number] for number in (1500, 3000, 3001, 3003)] == ["20", "20", "10", None]


def test_clients_have_books_of_their_own(api: Any, go: Simulator) -> None:
    _sent(api, go, _LINE)

    assert go.trial_balance(SECOND_CLIENT_KEY) == {}


def test_nothing_is_sent_into_a_locked_period(api: Any, go: Simulator) -> None:
    go.set_lock_date(date(2999, 1, 1))
    order = api.order().json()["Id"]

    with pytest.raises(ValueError, match="the lock date is 2999-01-01"):
        go.send_order(order)
    assert go.postings() == []
    assert len(go.orders()) == 1


def test_a_payment_lowers_the_balance_and_what_the_customer_owes(api: Any, go: Simulator) -> None:
    number = _sent(api, go, _LINE)["InvoiceNo"]

    part = go.pay(number, D("25"))
    assert (part["Balance"], go.customer_ledger()) == (D("100.00"), {10001: D("100.00")})
    assert part["BalanceLastChangedDateTimeOffset"] > part["SentDateTimeOffset"]
    assert api.get("/OutgoingInvoices", onlyUnpaidInvoices="true").status_code == 200
    assert go.pay(number)["Balance"] == 0
    assert api.get("/OutgoingInvoices", onlyUnpaidInvoices="true").status_code == 204
    assert (go.trial_balance()[1920], go.trial_balance()[1500]) == (D("125.00"), D("0.00"))
    found = api.get("/OutgoingInvoices", balanceLastChangedDateTimeOffsetGreaterThan=part["SentDateTimeOffset"])
    assert [row["InvoiceNo"] for row in found.json()] == [number]


def test_a_credit_note_is_paid_out(api: Any, go: Simulator) -> None:
    number = _sent(api, go, _line("30", "100.00", -1))["InvoiceNo"]

    assert go.pay(number)["Balance"] == 0
    assert go.trial_balance()[1920] == D("-125.00")


@pytest.mark.parametrize("amount", ["0", "125.01", "-1"])
def test_what_is_no_part_of_the_balance_cannot_be_paid(api: Any, go: Simulator, amount: str) -> None:
    number = _sent(api, go, _LINE)["InvoiceNo"]

    with pytest.raises(ValueError, match="125"):
        go.pay(number, D(amount))
    with pytest.raises(LookupError, match="no invoice 7"):
        go.pay(7)
    assert 1920 not in go.trial_balance()


@pytest.mark.parametrize(
    ("prices", "rounding", "high", "middle"),
    [
        # 3 × 9.99 at each rate. VAT of the sums: 7.4925 and 4.4955; of one line: 2.4975 and 1.4985.
        ("a", "a", ("29.97", "7.49"), ("29.97", "4.50")),
        ("a", "b", ("29.97", "7.50"), ("29.97", "4.50")),
        ("a", "c", ("29.97", "7.49"), ("29.97", "4.50")),
        ("a", "d", ("29.97", "7.49"), ("29.97", "4.50")),
        # With VAT in the price: 5.994 and 3.9091 of the sums; 1.998 and 1.3030 of one line.
        ("b", "a", ("23.98", "5.99"), ("26.06", "3.91")),
        ("b", "b", ("23.97", "6.00"), ("26.07", "3.90")),
        ("b", "c", ("23.98", "5.99"), ("26.06", "3.91")),
    ],
)
def test_u8_each_vat_code_gets_what_its_rate_was_worked_out_to(
    *, api: Any, go: Simulator, prices: str, rounding: str, high: tuple[str, str], middle: tuple[str, str]
) -> None:
    go.switch("U7", prices)
    go.switch("U8", rounding)
    _sent(api, go, *[_line("30", "9.99")] * 3, *[_line("31", "9.99")] * 3)

    assert go.vat_return() == {"3": tuple(map(D, high)), "31": tuple(map(D, middle))}


@pytest.mark.parametrize(
    ("whole", "parts", "shares"),
    [
        ("2.01", ["1.001", "1.004"], ["1.00", "1.01"]),
        ("1.99", ["1.001", "1.004"], ["0.99", "1.00"]),
        ("-2.01", ["-1.001", "-1.004"], ["-1.00", "-1.01"]),
        ("0.03", ["0", "0.01", "0"], ["0.00", "0.03", "0.00"]),
        ("0.05", ["0.01", "0.01"], ["0.03", "0.02"]),
        ("0.01", ["100.00", "-99.99"], ["100.00", "-99.99"]),
        ("0.00", [], []),
    ],
)
def test_what_is_over_goes_to_the_part_rounding_has_cut_most(whole: str, parts: list[str], shares: list[str]) -> None:
    assert spread(D(whole), [D(part) for part in parts]) == [D(share) for share in shares]


_LINES = st.lists(
    st.builds(
        _line,
        st.sampled_from(["30", "31", "32", "33", "34", "35", "50", "7"]),
        st.decimals(D("-5000"), D("200000"), places=4).map(str),
        st.integers(-3, 7),
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize(("prices", "rounding"), list(product("ab", "abcd")))
def test_u7_u8_the_books_say_what_the_order_says_and_balance(
    prices: str, rounding: str, connect: Callable[..., Any]
) -> None:
    """Net, VAT and total are the order's own to the øre, whatever the rounding, and the sum is nothing."""
    with Simulator(None, switches={"U7": prices, "U8": rounding}, requests_per_second=100_000) as go:
        api = connect(go)

        @settings(max_examples=60)
        @given(_LINES)
        def holds(lines: list[dict[str, Any]]) -> None:
            before = len(go.postings())
            invoice = _sent(api, go, *lines)
            rows = go.postings()[before:]
            on_vat = sum(row["Amount"] for row in rows if row["AccountNo"] in (2700, 2701, 2702))
            vat = invoice["TotalAmount"] - invoice["NetAmount"]

            assert sum(row["Amount"] for row in rows) == 0
            assert sum(row["Amount"] for row in rows if row["AccountNo"] == 1500) == invoice["TotalAmount"]
            assert (-on_vat, sum(-row["VatAmount"] for row in rows)) == (vat, vat)
            assert all(row["Amount"] == round(row["Amount"], 2) for row in rows)
            # No line is given more than the rounding of the order's other lines can have left over.
            at_most = D("0.01") * (len(lines) + 1)
            for row in rows:
                if row["VatRate"]:
                    assert abs(row["Amount"] * row["VatRate"] - row["VatAmount"]) <= at_most

        holds()
        assert sum(go.trial_balance().values()) == 0
        assert go.trial_balance()[1500] == go.customer_ledger()[10001]
