"""A line for each item: right under every answer, on products that are made once, and at a known cost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from posplugin.domain.payment import PaymentRef, PaymentRequest
from posplugin.domain.sale import INVOICE, LineKind, Sale, SaleLine, Tender
from posplugin.outbox.record import Record
from posplugin.simulator import CLIENT_KEY, Simulator
from tests.integration.sender.shop import CLEARING_PRODUCTS, OpenShop, Shop

PER_ITEM = 'lines = "per_item"\n'
CREATE = PER_ITEM + "create_missing_products = true\n"


def goods(article: str | None, amount: int, rate: int = 25, quantity: str = "1", **more: Any) -> SaleLine:
    return SaleLine(
        description=f"Vare {article}",
        amount=amount,
        vat_rate=rate,
        quantity=Decimal(quantity),
        article_id=article,
        **more,
    )


DINNER = [
    goods("1", 297_00, quantity="3"),
    goods("2", 39_00, 15),
    goods("1", 33_33, 15),
    goods(None, -20_01),
    goods("3", 0),
    goods("4", 99_99, 12, quantity="2"),
    goods("5", 500_00, 0, kind=LineKind.GIFT_CARD),
]


def sell(shop: Shop, receipt: str, lines: Sequence[SaleLine], *, paid: int = 0, employee: int | None = None) -> Record:
    """Sell by invoice, `paid` of it by card."""
    total = sum(line.amount for line in lines)
    sale = Sale(
        sale_id=f"s{receipt}",
        terminal_id=shop.app.settings.terminal.id,
        at=shop.clock(),
        lines=tuple(lines),
        tenders=(
            Tender(tender_id="1", channel=INVOICE, amount=total - paid),
            *([Tender(tender_id="2", channel="card", amount=paid)] if paid else []),
        ),
        receipt=receipt,
        employee_number=employee,
    )
    ref = PaymentRef(sale.terminal_id, sale.sale_id, "1")
    shop.app.till().capture(PaymentRequest(ref=ref, sale=sale, customer_number=10002))
    return shop.record(receipt)


def made(go: Simulator) -> dict[str, tuple[str, int]]:
    """Return the articles' products that stand there: name and account by code; each code once."""
    rows = [row for row in go._all(CLIENT_KEY, "product") if row["Code"].startswith("P-")]
    assert max(Counter(row["Code"] for row in rows).values(), default=1) == 1
    return {row["Code"]: (row["Name"], row["StandardSalesAccount"]) for row in rows}


def normal(go: Simulator) -> list[tuple[str, Decimal, str]]:
    """Return product code, quantity and text of the lines of the only order."""
    (order,) = go.orders()
    lines = [line for line in order["SalesOrderLines"] if line["LineType"] == "Normal"]
    return [(line["ProductCode"], line["Quantity"], line["Description"]) for line in lines]


@pytest.mark.parametrize("u8", "abcd")
@pytest.mark.parametrize("u7", "ab")
@pytest.mark.parametrize("paid", [0, 123_45])
def test_u7_u8_items_come_out_as_the_till_says(shops: OpenShop, go: Simulator, u7: str, u8: str, paid: int) -> None:
    """Whatever way PowerOffice rounds, with prices with and without VAT, whole and split."""
    go.switch("U7", u7)
    go.switch("U8", u8)
    excluding = "true" if u7 == "a" else "false"
    shop = shops(invoicing=f"{CREATE}send_amount_excluding_vat = {excluding}")
    record = sell(shop, "1", DINNER, paid=paid)
    shop.send()

    assert shop.standing() == {"1": "delivered"}
    assert shop.ledger() == [(record.reference, 10002, 949_31 - paid)] == shop.wanted()


def test_products_are_made_for_articles_and_used_from_then_on(shops: OpenShop, go: Simulator) -> None:
    """On the account of the rate; an article sold at two rates has two. A gift card and what is free have none."""
    shop = shops(invoicing=CREATE)
    sell(shop, "1", DINNER)
    shop.send()

    assert made(go) == {
        "P-1-25": ("Vare 1", 3000),
        "P-2-15": ("Vare 2", 3001),
        "P-1-15": ("Vare 1", 3001),
        "P-4-12": ("Vare 4", 3002),
    }
    assert normal(go) == [
        ("P-1-25", 3, "Vare 1"),
        ("P-2-15", 1, "Vare 2"),
        ("P-1-15", 1, "Vare 1"),
        ("30", -1, "Vare None"),
        ("P-4-12", 2, "Vare 4"),
        ("36", 1, "Vare 5"),
        *(line for line in normal(go) if line[0] == "35"),
    ]
    before = made(go)
    sell(shop, "2", DINNER)
    shop.send()
    assert made(go) == before
    assert shop.standing() == {"1": "delivered", "2": "delivered"}


def test_without_leave_to_make_products_the_rates_products_serve(shops: OpenShop, go: Simulator) -> None:
    shop = shops(invoicing=PER_ITEM)
    sell(shop, "1", [goods("1", 100_00), goods("2", 39_00, 15)])
    shop.send()

    assert made(go) == {}
    assert [line[0] for line in normal(go)][:2] == ["30", "31"]


def test_showing_what_would_be_sent_makes_nothing(shops: OpenShop, go: Simulator) -> None:
    """The new product is named by the code that it will have; what is sent is what was shown."""
    shop = shops(invoicing=CREATE)
    record = sell(shop, "1", [goods("1", 100_00)])
    (preview,) = shop.app.office().preview([record])
    assert made(go) == {}
    assert preview.request is not None
    assert '"ProductCode": "P-1-25"' in preview.request

    shop.send()
    assert shop.app.outbox.attempts(record)[0].request == preview.request


def test_what_items_and_new_products_cost_is_known(shops: OpenShop, go: Simulator) -> None:
    """One look-up for the run (up to 50 codes), and one request for each new product."""

    def requests(invoicing: str, terminal: str) -> Counter[tuple[str, str]]:
        shop = shops(terminal, invoicing=invoicing)
        for number in range(8):
            sell(shop, str(number), [goods(f"{number % 3}", 100_00 + number), goods(f"{number}", 39_00, 15)])
        assert all(finding.ok for finding in shop.app.office().check())
        before = len(shop.requests())
        shop.send()
        assert set(shop.standing().values()) == {"delivered"}
        return Counter(shop.requests()[before:])

    plain = requests("", "bar-1")
    new = requests(CREATE, "bar-2")
    known = requests(CREATE, "bar-3")

    assert new - plain == {("GET", "/v2/Products"): 1, ("POST", "/v2/Products"): 11}
    assert known - plain == {("GET", "/v2/Products"): 1}
    assert sum(known.values()) <= 8 + 5


@pytest.mark.parametrize("u4", "ab")
def test_u4_terminals_at_the_same_time_make_each_product_once(shops: OpenShop, go: Simulator, u4: str) -> None:
    """Also where what one has made cannot be seen by the other for a while."""
    go.switch("U4", u4)
    tills = [shops(f"bar-{number}", invoicing=CREATE) for number in range(1, 4)]
    for till in tills:
        for number in range(6):
            sell(till, str(number), [goods(f"{number}", 100_00), goods("same", 50_00)])
    threads = [threading.Thread(target=till.send) for till in tills]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made(go)) == 7
    for till in tills:
        till.until_quiet()
        assert set(till.standing().values()) == {"delivered"}


@pytest.mark.parametrize("fault", ["drop-after", "drop-before", "cut", "500-after", "500-before", "503"])
@pytest.mark.parametrize("u4", "ab")
def test_u4_a_product_whose_answer_is_lost_is_made_once(shops: OpenShop, go: Simulator, u4: str, fault: str) -> None:
    """Also where reads lag, so that it is not to be seen at first: the invoice then waits, and is sent once."""
    go.switch("U4", u4)
    shop = shops(invoicing=CREATE)
    sell(shop, "1", [goods("1", 100_00)])
    sell(shop, "2", [goods("1", 100_00)])
    go.fault(fault, path="/Products", times=1)
    shop.until_quiet()

    assert list(made(go)) == ["P-1-25"]
    assert shop.standing() == {"1": "delivered", "2": "delivered"}
    assert shop.ledger() == shop.wanted()


def test_a_product_on_another_account_holds_the_invoice_until_that_is_mended(shops: OpenShop, go: Simulator) -> None:
    shop = shops(invoicing=CREATE)
    sell(shop, "1", [goods("1", 100_00)])
    shop.send()
    go.change("product", "Code", "P-1-25", StandardSalesAccount=3001)
    sell(shop, "2", [goods("1", 100_00)])
    sell(shop, "3", [goods("2", 100_00)])
    shop.send()

    assert shop.standing() == {"1": "delivered", "2": "needs_attention: vat_reported_twice", "3": "delivered"}
    assert "P-1-25 posts to 3001 (VAT code 31)" in (shop.record("2").detail or "")


def test_where_the_settlement_reports_vat_new_products_post_to_clearing(shops: OpenShop, go: Simulator) -> None:
    products = ", ".join(f'{role} = "{code}"' for role, code in CLEARING_PRODUCTS.items())
    shop = shops(invoicing=CREATE, vat_reported_by="settlement", products=products)
    sell(shop, "1", DINNER)
    shop.send()

    assert {account for _, account in made(go).values()} == {1990}
    assert shop.standing() == {"1": "delivered"}
    assert {line["VatCode"] for line in go.orders()[0]["SalesOrderLines"] if line["LineType"] == "Normal"} == {"0"}


def test_an_employee_who_is_not_there_holds_the_invoice(shops: OpenShop, go: Simulator) -> None:
    shop = shops(invoicing="include_employee_number = true")
    for receipt, employee in (("1", 2), ("2", 99), ("3", 4), ("4", None)):
        sell(shop, receipt, [goods("1", 100_00)], employee=employee)
    shop.send()

    assert shop.standing() == {
        "1": "delivered",
        "2": "needs_attention: employee_missing",
        "3": "needs_attention: employee_missing",
        "4": "delivered",
    }
    assert [order["SalesPersonEmployeeNumber"] for order in go.orders()] == [2, None]
