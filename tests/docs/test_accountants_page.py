"""docs/accountants.md: its T-accounts are what the product posts, and every command and code on it is real."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from posplugin.domain.documents import VatReportedBy
from posplugin.domain.payment import Authorization, PaymentRef, PaymentRequest
from posplugin.domain.sale import INVOICE, Sale, SaleLine, Tender
from posplugin.domain.zreport import GroupTotal, ZReport
from posplugin.poweroffice.vat_codes import NO_TURNOVER, TURNOVER
from posplugin.sender.follow import UNSENT_AFTER
from posplugin.settings.ledger import Ledger
from posplugin.settings.new_file import PRODUCTS
from posplugin.simulator import CLIENT_KEY, Simulator
from posplugin.till.status import LATE_AFTER
from tests.fixtures.commands import every_command, understood
from tests.fixtures.zreports import group, took, z_report
from tests.integration.sender.shop import CLEARING_MODE, SETTLES, Shop

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "accountants.md").read_text()
#: As they are called on the page.
NAMES = {
    1500: "Customers",
    1580: "Card",
    1900: "Cash",
    1990: "Faktura kasse",
    2700: "VAT 25 %",
    2701: "VAT 15 %",
    2981: "Tips",
    3000: "Sales 25 %",
    3001: "Sales 15 %",
    7745: "Rounding",
    7746: "Cash difference",
}
_WHO = {"CashJournal": "Z", "OutgoingInvoice": "invoice"}
_HALF = 18


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000) as simulator:
        yield simulator


def _evening(shop: Shop) -> None:
    """The page's evening: 500.00 of which 300.00 on an invoice, and 249.50 for cash."""
    sale = Sale(
        sale_id="1042",
        terminal_id="bar-1",
        at=shop.clock(),
        lines=(
            SaleLine(description="Fiskesuppe", amount=400_00, vat_rate=25),
            SaleLine(description="Skillingsbolle, med hjem", amount=100_00, vat_rate=15),
        ),
        tenders=(
            Tender(tender_id="1", channel=INVOICE, amount=300_00),
            Tender(tender_id="2", channel="card", amount=200_00, tip=40_00),
        ),
    )
    ref = PaymentRef("bar-1", "1042", "1")
    asked = PaymentRequest(ref=ref, sale=sale, customer_number=10002)
    till = shop.app.till()
    assert isinstance(till.authorize(asked), Authorization)
    till.capture(asked)
    assert till.day_closed(_z(shop, ref))


def _z(shop: Shop, ref: PaymentRef) -> ZReport:
    sold: tuple[GroupTotal, ...] = (
        group(160_00, 25, 32_00, name=None),
        group(249_50, 25, 49_90, name=None),
        group(40_00, 15, 5_22, name=None),
    )
    return z_report(
        *sold,
        took("card", 240_00),
        took("cash", 250_00, 249_00),
        tips=40_00,
        rounding=50,
        invoiced=(ref,),
        closed_at=shop.clock(),
        business_date=shop.clock().date(),
    )


@pytest.fixture(params=VatReportedBy)
def books(request: pytest.FixtureRequest, tmp_path: Path, go: Simulator) -> tuple[VatReportedBy, Simulator]:
    """PowerOffice's books once everything has been delivered, and the invoice sent from there."""
    mode = VatReportedBy(request.param)
    told = {**SETTLES, "settlement": "attach_z_report = false"}
    shop = Shop(tmp_path, go, **(told | CLEARING_MODE if mode is VatReportedBy.SETTLEMENT else told))
    try:
        _evening(shop)
        shop.send()
        (order,) = go.orders()
        go.send_order(order["Id"])
    finally:
        shop.close()
    return mode, go


def _accounts(postings: Sequence[Mapping[str, Any]]) -> dict[int, list[tuple[str, Decimal]]]:
    found: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in postings:
        found[row["AccountNo"]][_WHO[row["VoucherType"]]] += row["Amount"]
    return {number: sorted(found[number].items(), key=lambda one: one[0] != "Z") for number in sorted(found)}


def _t_account(number: int, amounts: Sequence[tuple[str, Decimal]]) -> list[str]:
    sides: tuple[list[str], list[str]] = [], []
    for who, amount in amounts:
        if amount:
            sides[amount < 0].append(f"{who:<8}{abs(amount):>8.2f}")
    head = f"{number} {NAMES[number]}".center(2 * _HALF + 1)
    bar = "─" * _HALF + "┬" + "─" * _HALF
    body = [f" {debit:<16} │ {credit:<16} " for debit, credit in zip_longest(*sides, fillvalue="")]
    return [head, bar, *body]


def drawn(postings: Sequence[Mapping[str, Any]]) -> str:
    """Return the books as T-accounts, two beside each other."""
    accounts = [_t_account(number, amounts) for number, amounts in _accounts(postings).items()]
    lines: list[str] = []
    nothing: list[str] = []
    for left, right in zip_longest(accounts[::2], accounts[1::2], fillvalue=nothing):
        wide = 2 * _HALF + 1
        lines += [f"{a:<{wide}}   {b}".rstrip() for a, b in zip_longest(left, right, fillvalue="")]
        lines.append("")
    return "\n".join(lines).rstrip()


def test_the_t_accounts_are_the_books_after_the_evening(books: tuple[VatReportedBy, Simulator]) -> None:
    mode, go = books
    part = PAGE.split(f'### `vat_reported_by = "{mode}"`')[1].split("\n##")[0]

    assert part.split("```\n")[1].rstrip() == drawn(go.postings())


def test_vat_is_reported_once_and_as_the_page_has_it(books: tuple[VatReportedBy, Simulator]) -> None:
    mode, go = books
    part = PAGE.split("| VAT code |")[1].split("\n\n")[0]
    column = {VatReportedBy.INVOICE: 0, VatReportedBy.SETTLEMENT: 1}[mode]
    told = {code: amounts for code, *amounts in re.findall(r"^\| (\d+) \| ([\d. +]+) \| ([\d. +]+) \|$", part, re.M)}

    assert {code: amounts[column] for code, amounts in told.items()} == {
        code: f"{reported.base:.2f} + {reported.vat:.2f}" for code, reported in go.vat_return(CLIENT_KEY).items()
    }


def _codes(codes: Sequence[str]) -> str:
    *first, last = codes
    return f"{', '.join(first)} or {last}" if first else last


def test_the_products_need_the_vat_codes_that_check_wants() -> None:
    part = PAGE.split("**3. Products")[1].split("**4. Departments")[0]
    shown = {name: cells for name, *cells in re.findall(r"^\| [^|]+ \| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", part, re.M)}

    assert set(shown) == set(PRODUCTS)
    for rate, codes in TURNOVER.items():
        wanted = [f"sales, code {_codes(codes)}", f"clearing, code {_codes(NO_TURNOVER)}"]
        assert shown[f"vat_{rate}"] == wanted
    for name in ("gratuity", "rounding", "gift_card"):
        assert shown[name][0].endswith(f"code {_codes(NO_TURNOVER)}")


def test_the_table_of_accounts_has_every_setting_of_the_ledger() -> None:
    part = PAGE.split("**2. Accounts")[1].split("**3. Products")[0]
    shown = re.findall(r"^\| [^|]+ \| [^|]+ \| ([^|]+) \| `(\w+)` \|$", part, re.M)

    assert {name for _, name in shown} == set(Ledger.model_fields)
    assert {codes for codes, name in shown if name != "sales"} == {_codes(NO_TURNOVER)}


@pytest.mark.parametrize("line", sorted(set(re.findall(r"`posplugin ([a-z][^`]*)`", PAGE))))
def test_every_command_can_be_given(line: str) -> None:
    assert understood(line) in every_command()


def test_the_days_of_drafts_are_those_of_the_lamp() -> None:
    days = (LATE_AFTER.days, UNSENT_AFTER.days)

    assert PAGE.count("yellow after {} days, red after {}".format(*days)) == 2


def test_the_readme_leads_here() -> None:
    assert "(docs/accountants.md)" in (ROOT / "README.md").read_text()
