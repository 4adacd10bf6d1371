"""Settlements after they were posted: looked at each night, the damaged beside the whole, and the second of a pair."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posplugin.accounting_system import Stage
from posplugin.domain.payment import Light
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.simulator import Simulator
from tests.integration.sender.settled import settled, stand_settled_once
from tests.integration.sender.shop import LEDGER, PAPERS, OpenShop, Shop, settling

A_DAY = timedelta(days=1)
AUTOMATIC = 'automatic = true\nwindow = "1m"'


@pytest.fixture
def shop(shops: OpenShop) -> Shop:
    return settling(shops)


def _nights(shop: Shop, nights: int = 1) -> list[str]:
    failures: list[str] = []
    for _ in range(nights):
        shop.later(A_DAY)
        failures = shop.app.follow()
    return failures


def _damage(shop: Shop, receipt: str = "Z 1") -> None:
    sql = "UPDATE journals SET document = replace(document, '4000', '4001') WHERE record_id = ?"
    assert shop.app.database.execute(sql, (shop.record(receipt).id,)) == 1


# -- what is damaged here ----------------------------------------------------------------------------------------------


def test_what_was_posted_of_one_and_is_damaged_here_stops_no_other_settlement(shop: Shop) -> None:
    """Taken back and posted anew, it stands there as well."""
    first = shop.close_day(1)
    shop.send()
    _damage(shop)
    shop.app.settlement_desk().reverse(shop.record("Z 1"), "x", again=True)
    second = shop.close_day(2, {25: 100})
    shop.sell("5")

    report = shop.send()

    assert (report.delivered, report.attention, report.stopped) == (3, 0, [])
    stand_settled_once(shop.go, first, second)


def test_what_is_damaged_while_its_answer_is_lost_is_found_and_compared_with_the_z(shop: Shop) -> None:
    z = shop.close_day(1)
    shop.go.fault("drop-after", path="CashJournals", times=1)
    shop.go.fault("503", path="AccountTransactions", every=2, times=1)
    shop.send()
    assert shop.record("Z 1").status is Status.UNCERTAIN
    _damage(shop)

    shop.until_quiet()
    assert shop.record("Z 1").status is Status.DELIVERED
    stand_settled_once(shop.go, z)
    assert len(shop.app.outbox.settlements.journals(shop.record("Z 1"))) == 1


def test_what_is_damaged_is_put_on_no_paper_and_stops_no_other_paper(shops: OpenShop) -> None:
    shop = settling(shops, PAPERS)
    for number in (1, 2):
        shop.close_day(number, {25: 4000})
    shop.go.fault("503", path="/VoucherDocumentation")
    shop.send()
    shop.go.clear_faults()
    _damage(shop)

    shop.until_quiet()

    assert shop.standing() == {"Z 1": "delivered: attachment_failed", "Z 2": "delivered"}
    assert shop.record("Z 1").detail == "attach: what was posted of it cannot be read here"
    assert shop.documents().count("204") == 1


def test_what_is_damaged_hides_no_other_at_night(shop: Shop) -> None:
    """One that was taken on a duplicate answer's word is read, and a person compares it."""
    for number in (1, 2):
        shop.close_day(number, {25: 4000})
    shop.send()
    with shop.app.database.transaction():
        shop.app.database.execute("UPDATE records SET accounting_id = NULL WHERE receipt = 'Z 1'")
        _damage(shop)
    shop.go.reverse_voucher(shop.record("Z 2").accounting_id or "")

    assert _nights(shop) == []
    assert shop.standing() == {"Z 1": "delivered: totals_differ", "Z 2": "delivered: gone"}


# -- the night itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fails", ["/AccountTransactions", "/SalesOrders"])
def test_a_night_counts_when_invoices_and_settlements_have_both_been_asked_for(shops: OpenShop, fails: str) -> None:
    """What failed is said; after three days the lamp tells."""
    shop = settling(shops, schedule=AUTOMATIC)
    shop.sell("101")
    shop.close_day(1)
    assert [finding for finding in shop.app.office().check() if not finding.ok] == []
    shop.send()

    for light in (Light.GREEN, Light.YELLOW):
        shop.go.fault("503", path=fails)
        assert len(_nights(shop, 2)) == 1
        shop.go.clear_faults()
        shop.app.sync_customers()
        assert (shop.app.followed(), shop.app.status().light) == (None, light)
    assert "siden" in shop.app.status().text

    assert shop.app.follow() == []
    assert shop.app.followed() is not None
    assert shop.app.status().light is Light.GREEN


def test_the_lamp_of_a_till_that_only_settles_tells_when_nobody_asks(shops: OpenShop) -> None:
    shop = settling(shops, invoicing="enabled = false", schedule=AUTOMATIC, products="")
    assert [finding for finding in shop.app.office().check() if not finding.ok] == []
    shop.close_day(1)
    shop.send()

    shop.later(2 * A_DAY)
    assert shop.app.status().light is Light.GREEN
    shop.later(2 * A_DAY)
    assert shop.app.status().light is Light.YELLOW
    assert shop.app.follow() == []
    assert shop.app.status().light is Light.GREEN


# -- a second voucher that shows late ----------------------------------------------------------------------------------


@pytest.fixture
def lagging(shops: OpenShop, go: Simulator) -> Shop:
    """PowerOffice takes a reference twice, and what was written cannot be read for longer than settle_time."""
    go.switch("U2", "d")
    go.switch("U4", "b")
    go._office.read_lag_seconds = 400
    return settling(shops)


def _posted_twice(shop: Shop) -> Record:
    shop.close_day(1)
    shop.go.fault("drop-after", path="/Vouchers/CashJournals", times=1)
    shop.send()
    for _ in range(2):
        shop.later(timedelta(minutes=2))
        shop.send()
    assert (shop.record("Z 1").status, shop.journal_posts()) == (Status.DELIVERED, 2)
    _nights(shop)
    record = shop.record("Z 1")
    assert (record.status, record.accounting_state, record.reason) == (
        *(Status.DELIVERED, Stage.POSTED),
        Reason.REFERENCE_IN_USE,
    )
    assert record.detail == (
        f"vouchers 1, 2 carry the reference {record.reference}: reverse all but one in the accounting system"
    )
    return record


@pytest.mark.parametrize("kept", [0, 1], ids=["the first is kept", "the second is kept"])
def test_u2_d_a_second_voucher_that_shows_later_is_told_until_one_alone_stands_there(lagging: Shop, kept: int) -> None:
    """Told once; that one is what we posted, however long it took."""
    told = _posted_twice(lagging)
    _nights(lagging, 4)
    assert lagging.record("Z 1") == told

    vouchers = lagging.go.vouchers()
    lagging.go.reverse_voucher(vouchers[1 - kept]["Id"])
    _nights(lagging, 2)

    record = lagging.record("Z 1")
    assert (record.reason, record.accounting_state) == (None, Stage.POSTED)
    assert (record.accounting_id, record.accounting_number) == (vouchers[kept]["Id"], kept + 1)
    assert len(settled(lagging.go)["Z 1"]) == 1


def test_u2_d_retried_before_one_has_been_reversed_it_is_told_again_and_never_posted(lagging: Shop) -> None:
    record = _posted_twice(lagging)

    lagging.app.office().retry(record)
    lagging.until_quiet()

    assert lagging.record("Z 1").reason is Reason.REFERENCE_IN_USE
    assert lagging.journal_posts() == 2


def test_u2_d_the_one_that_is_left_is_compared(lagging: Shop) -> None:
    """The ledger was changed between the two tries: what was posted last is what we compare with."""
    lagging.close_day(1)
    lagging.go.fault("drop-after", path="/Vouchers/CashJournals", times=1)
    lagging.send()
    lagging.write(ledger=LEDGER.replace("card = 1580", "card = 1900"))
    lagging.reopen()
    for _ in range(2):
        lagging.later(timedelta(minutes=2))
        lagging.send()
    _nights(lagging)
    assert lagging.record("Z 1").reason is Reason.REFERENCE_IN_USE

    lagging.go.reverse_voucher(lagging.go.vouchers()[1]["Id"])
    _nights(lagging)
    record = lagging.record("Z 1")
    assert (record.reason, record.detail) == (
        Reason.TOTALS_DIFFER,
        "voucher 1: account 1900 has 0,00 instead of 240,00",
    )


def test_u2_d_both_reversed_it_is_gone(lagging: Shop) -> None:
    _posted_twice(lagging)
    for voucher in lagging.go.vouchers():
        lagging.go.reverse_voucher(voucher["Id"])
    _nights(lagging)
    assert lagging.record("Z 1").reason is Reason.GONE
