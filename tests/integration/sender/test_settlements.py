"""A day's settlement on its way to the books: posted once, held back where a person must look, and then going on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from posplugin.accounting_system import Stage
from posplugin.domain.documents import RecordKind
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.sender.selection import Selection
from posplugin.simulator import CLIENT_KEY, SECOND_CLIENT_KEY
from tests.integration.sender.settled import CLEARING, in_the_books, settled, stand_settled_once
from tests.integration.sender.shop import CAFE, CLEARING_MODE, INVOICED, OpenShop, Shop, settling

NOWHERE = PaymentRef("bar-1", "s99", "1")
A_DAY = timedelta(days=1)


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return settling(shops)


def _standing(shop: Shop, number: int = 1) -> tuple[Status, Reason | None]:
    record = shop.record(f"Z {number}")
    return record.status, record.reason


def _vat(shop: Shop) -> dict[str, tuple[int, int]]:
    """Return the VAT return by code: turnover and VAT, øre."""
    reported = shop.go.vat_return().items()
    return {code: (int(each.base * 100), int(each.vat * 100)) for code, each in reported}


# -- what is posted ----------------------------------------------------------------------------------------------------


def test_designs_example_where_invoices_report_vat(shop: Shop) -> None:
    """500 kr, 400 at 25 % and 100 at 15 %; 300 by invoice, 200 and a tip of 40 by card."""
    shop.sell("101", INVOICED)
    z = shop.close_day(1)

    report = shop.send()

    assert (report.delivered, report.waiting, report.attention, report.stopped) == (2, 0, 0, [])
    stand_settled_once(shop.go, z)
    assert settled(shop.go) == {"Z 1": [{1580: 24000, 2981: -4000, 3000: -16000, 3001: -4000}]}
    assert _vat(shop) == {"3": (12800, 3200), "31": (3478, 522)}
    shop.go.send_order(shop.go.orders()[0]["Id"])
    assert _vat(shop) == {"3": (32000, 8000), "31": (8695, 1305)}


def test_designs_example_where_the_settlement_reports_vat(shops: OpenShop) -> None:
    """All sales with VAT, the invoiced ones against clearing; when the invoice is sent, clearing is zero."""
    shop = settling(shops, **CLEARING_MODE)
    shop.sell("101", INVOICED)
    z = shop.close_day(1)

    shop.until_quiet()

    stand_settled_once(shop.go, z, cleared=INVOICED)
    assert settled(shop.go) == {"Z 1": [{1580: 24000, 1990: 30000, 2981: -4000, 3000: -40000, 3001: -10000}]}
    assert shop.go.trial_balance()[CLEARING] == Decimal("300.00")
    shop.go.send_order(shop.go.orders()[0]["Id"])
    assert shop.go.trial_balance()[CLEARING] == 0
    assert _vat(shop) == {"3": (32000, 8000), "31": (8696, 1304)}


def test_every_kind_of_money_is_on_its_account(shop: Shop) -> None:
    """Cash that is short, rounded and taken to the bank; gift cards sold and redeemed; four rates, tips."""
    z = shop.close_day(
        1,
        {25: 123450, 15: 6789, 12: 1120, 0: 500},
        tips=777,
        rounding=-36,
        gift_cards=50000,
        paid={"cash": 60000, "card": 112600, "gift_card": 10000},
        counted=60000 - 20000 - 1050,
        moved={"bank deposit": -20000},
    )

    shop.send()

    stand_settled_once(shop.go, z)
    assert {1900: 38950, 7746: 1050, 1920: 20000, 2901: -40000}.items() <= in_the_books(z).items()
    assert sum(shop.go.trial_balance().values()) == 0


def test_a_voucher_says_what_it_is_of(shops: OpenShop) -> None:
    """Day, department, the till's own ids, and the Z's number; its number is kept here."""
    shop = settling(shops, department_code='department_code = "10"')
    z = shop.close_day(26324)
    shop.send()

    (voucher,), record = shop.go.vouchers(), shop.record("Z 26324")
    assert voucher["Description"] == "Kasseoppgjør Z 26324, bar-1"
    assert voucher["VoucherDate"] == z.business_date.isoformat()
    told = ("ExternalImportReference", "ImportedVoucherNo", "SaftSourceId", "SaftBatchId")
    assert [voucher[name] for name in told] == [record.reference, 26324, "bar-1", "26324"]
    assert all(line["VatId"] and line["PostingDate"] == voucher["VoucherDate"] for line in voucher["VoucherLines"])
    assert {row["DepartmentCode"] for row in shop.go.postings() if not row["Description"].startswith("Mva")} == {"10"}
    assert (record.accounting_id, record.accounting_number, record.accounting_state) == (
        voucher["Id"],
        voucher["VoucherNo"],
        Stage.POSTED,
    )


def test_a_second_run_adds_nothing_and_asks_nothing(shop: Shop) -> None:
    z = shop.close_day(1)
    shop.send()
    before = shop.requests()

    assert shop.send().delivered == 0
    assert shop.requests() == before
    stand_settled_once(shop.go, z)


def test_every_z_of_a_day_is_posted_with_the_invoices_of_its_own_time(shops: OpenShop) -> None:
    shop = settling(shops, **CLEARING_MODE)
    shop.sell("1", {25: 10000})
    shop.close_day(1, {25: 100})
    shop.sell("2", {15: 5000})
    shop.close_day(2, {25: 200})
    shop.close_day(3, {25: 300})

    shop.until_quiet()

    assert settled(shop.go) == {
        "Z 1": [{1580: 100, 3000: -10100, 1990: 10000}],
        "Z 2": [{1580: 200, 3000: -200, 3001: -5000, 1990: 5000}],
        "Z 3": [{1580: 300, 3000: -300}],
    }


def test_the_same_z_again_is_the_same_record(shop: Shop) -> None:
    z = shop.close_day(1)
    shop.send()

    assert shop.app.till().day_closed(z)
    shop.send()
    stand_settled_once(shop.go, z)


@pytest.mark.parametrize("invoiced", [False, True])
def test_a_z_without_sales_posts_nothing_and_says_so(shop: Shop, invoiced: bool) -> None:
    """Also where all of it is invoiced, and the invoices report the VAT."""
    if invoiced:
        shop.sell("101", INVOICED)
    shop.close_day(1, {})

    report = shop.send()

    record = shop.record("Z 1")
    assert (report.waiting, report.attention) == (0, 0)
    assert (record.status, record.reason) == (Status.DISCARDED, None)
    assert "nothing to post" in (record.detail or "")
    assert (shop.go.vouchers(), shop.journal_posts()) == ([], 0)


def test_a_day_that_is_all_invoiced_is_posted_where_the_settlement_reports_vat(shops: OpenShop) -> None:
    shop = settling(shops, **CLEARING_MODE)
    shop.sell("101", INVOICED)
    z = shop.close_day(1, {})

    shop.until_quiet()
    stand_settled_once(shop.go, z, cleared=INVOICED)


# -- waiting -----------------------------------------------------------------------------------------------------------


def test_after_invoices_it_waits_for_them_and_goes_on(shops: OpenShop) -> None:
    shop = settling(shops, "after_invoices = true")
    shop.sell("101", INVOICED)
    z = shop.close_day(1)
    shop.go.fault("500-before", path="SalesOrders/Complete", times=1)

    report = shop.send()
    assert (_standing(shop), report.waiting) == ((Status.PENDING, None), 2)
    assert "on their way still: 101" in (shop.record("Z 1").detail or "")
    assert shop.go.vouchers() == []

    shop.until_quiet()
    stand_settled_once(shop.go, z)
    assert shop.record("101").status is Status.DELIVERED


def test_after_invoices_one_that_needs_a_person_holds_it_until_it_is_let_go(shops: OpenShop) -> None:
    shop = settling(shops, "after_invoices = true")
    shop.sell("101", INVOICED)
    z = shop.close_day(1)
    shop.go.archive_product("30")
    for _ in range(3):
        shop.send()
        shop.later(timedelta(hours=1))
    assert shop.standing() == {"101": "needs_attention: product_archived", "Z 1": "pending"}

    shop.app.office().discard(shop.record("101"), "paid in cash")
    shop.send()
    stand_settled_once(shop.go, z)


def test_switched_off_what_waits_is_left_and_goes_on_when_switched_on(shop: Shop) -> None:
    """A run with settlements off is done, and does not ask for them; a new Z is kept, and not put on its way."""
    first = shop.close_day(1)
    shop.write(settlement="enabled = false")
    shop.reopen()
    second = shop.close_day(2, {25: 100})

    report = shop.send()
    assert (report.outcome, report.waiting, shop.standing()) == ("done", 0, {"Z 1": "pending"})
    assert shop.go.postings() == []

    shop.write(settlement="attach_z_report = false")
    shop.reopen()
    shop.send()
    stand_settled_once(shop.go, first)
    shop.app.settlement_desk().enqueue(date.min, date.max)
    shop.send()
    stand_settled_once(shop.go, first, second)


def test_a_run_takes_only_the_kinds_and_days_it_is_told(shop: Shop) -> None:
    shop.sell("101")
    z = shop.close_day(1)
    invoices, settlements = frozenset({RecordKind.INVOICE}), frozenset({RecordKind.SETTLEMENT})

    shop.send(selection=Selection(kinds=invoices))
    shop.send(selection=Selection(kinds=settlements, last_day=z.business_date - A_DAY))
    assert shop.standing() == {"101": "delivered", "Z 1": "pending"}
    shop.send(selection=Selection(kinds=settlements, first_day=z.business_date))
    stand_settled_once(shop.go, z)


# -- several clients ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failing", ["bar", "cafe"])
def test_a_department_whose_keys_fail_keeps_its_settlement_and_holds_up_no_other(failing: str, shops: OpenShop) -> None:
    """The till has been moved from the bar to the café; both days are settled, each in its own client's books."""
    shop = settling(shops, more=CAFE)
    in_bar = shop.close_day(1)
    shop.write(department="cafe")
    shop.reopen()
    in_cafe = shop.close_day(2, {25: 100})
    right = {"client_key": CLIENT_KEY, "more": CAFE}
    wrong = {"bar": {"client_key": "no-key"}, "cafe": {"more": CAFE.replace(SECOND_CLIENT_KEY, "no-key")}}
    shop.write(**wrong[failing])

    report = shop.send()
    assert (len(report.stopped), report.waiting) == (1, 1)
    assert _standing(shop, 1 if failing == "bar" else 2) == (Status.PENDING, None)
    assert _standing(shop, 2 if failing == "bar" else 1) == (Status.DELIVERED, None)

    shop.write(**right)
    shop.send()
    stand_settled_once(shop.go, in_bar)
    stand_settled_once(shop.go, in_cafe, client=SECOND_CLIENT_KEY)


def test_what_is_cleared_in_another_clients_books_holds_the_settlement(shops: OpenShop) -> None:
    cafe = CAFE.replace('"30"', '"50"').replace('"31"', '"51"')
    shop = settling(shops, more=cafe, **CLEARING_MODE)
    shop.sell("101", INVOICED, department="cafe")
    shop.close_day(1)

    shop.send()

    assert _standing(shop) == (Status.NEEDS_ATTENTION, Reason.SETTLEMENT_MISMATCH)
    assert "department cafe's, another client" in (shop.record("Z 1").detail or "")


def test_a_department_that_is_gone_from_the_settings_is_said(shops: OpenShop) -> None:
    shop = settling(shops, department="cafe", more=CAFE)
    shop.close_day(1)
    shop.write(department="bar", more="")
    shop.reopen()

    shop.send()
    assert _standing(shop) == (Status.NEEDS_ATTENTION, Reason.ACCOUNT_MISSING)
    assert "cafe" in (shop.record("Z 1").detail or "")


def test_one_settlement_that_cannot_be_posted_holds_up_no_other(shop: Shop) -> None:
    first = shop.close_day(1, {25: 100})
    shop.close_day(2, {25: 100}, paid={"card": 99})
    shop.close_day(3, {25: 100}, invoiced=[NOWHERE])
    damaged = shop.close_day(4, {25: 100})
    last = shop.close_day(5, {25: 500})
    shop.app.database.execute("UPDATE records SET document = '{}' WHERE receipt = ?", (damaged.name,))

    shop.until_quiet()

    stand_settled_once(shop.go, first, last)
    assert shop.standing() == {
        "Z 1": "delivered",
        "Z 2": "needs_attention: unbalanced",
        "Z 3": "needs_attention: settlement_mismatch",
        "Z 4": "needs_attention: content_damaged",
        "Z 5": "delivered",
    }
    assert replace(first, number=5).name == last.name
