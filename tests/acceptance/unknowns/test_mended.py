"""Answers that need a person: nothing is lost meanwhile, and once it is mended everything stands there once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from posplugin.domain.documents import RecordKind
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import APPLICATION_KEY, CLIENT_KEY, SUBSCRIPTION_KEY
from tests.acceptance.unknowns.conftest import OpenShop
from tests.acceptance.unknowns.evening import (
    EVENING,
    POST,
    Shop,
    a_person_sends_every_second_draft,
    all_stand_once,
    none_stands_twice,
)

RIGHT_KEYS = {
    "application_key": APPLICATION_KEY,
    "client_key": CLIENT_KEY,
    "subscription_key": SUBSCRIPTION_KEY,
}
#: Without any VAT in them, the two ways to read a price give the same total.
SAME_EITHER_WAY = {2, 5, 7}
FAULTS = ["none", "drop-after", "drop-before"]


def _nothing_done(shop: Shop) -> None:
    """Every payment is as it was captured, and no try has been counted."""
    assert shop.books() == {}
    assert set(shop.captured().values()) == {(Status.PENDING, None)}
    assert {record.attempts for record in shop.records()} == {0}


def _retry(shop: Shop, reason: Reason) -> int:
    """Try again by hand what waits for this reason; return how many."""
    held = [record for record in shop.records() if record.reason is reason]
    for record in held:
        shop.app.office().retry(record)
    return len(held)


# -- totals, and what becomes of a deleted draft's reference -----------------------------------------------------------


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("answer", ["U3a", "U3b"])
def test_drafts_of_a_wrong_total_are_withdrawn_and_stand_once_when_mended(
    answer: str, fault: str, open_shop: OpenShop
) -> None:
    """PowerOffice takes our prices for prices with VAT (U7b); where references stay taken, the next ones are used.

    `check` would have measured it: PowerOffice takes them so since.
    """
    shop = open_shop(answer)
    shop.go.switch("U7", "b")
    shop.sell_evening()
    shop.until_quiet()
    held = none_stands_twice(shop)
    assert {shop.captured()[receipt][1] for receipt in held} <= {Reason.TOTALS_DIFFER, Reason.WAITING_FOR_ORIGINAL}
    assert shop.books().keys() == SAME_EITHER_WAY == EVENING.keys() - held

    shop.write(invoicing="send_amount_excluding_vat = false")
    shop.check()
    if fault != "none":
        shop.go.fault(fault, path=POST, every=2)
    assert _retry(shop, Reason.TOTALS_DIFFER) >= len(held) - 1
    shop.until_quiet()
    if answer == "U3b":
        assert {shop.captured()[receipt][1] for receipt in none_stands_twice(shop)} == {
            Reason.REFERENCE_BLOCKED,
            Reason.WAITING_FOR_ORIGINAL,
        }
        assert _retry(shop, Reason.REFERENCE_BLOCKED) >= len(held) - 1
        shop.until_quiet()
    if _retry(shop, Reason.WAITING_FOR_ORIGINAL):
        shop.until_quiet()
    all_stand_once(shop)
    mended = [record for record in shop.records() if int(record.receipt) in held and record.kind is RecordKind.INVOICE]
    assert {record.reference[-2:] for record in mended} == {"-2" if answer == "U3b" else "-1"}


def test_a_credit_note_tried_again_after_days_waits_while_its_original_is_under_way(open_shop: OpenShop) -> None:
    """Both were held for days and are tried again together; the original's answer is lost, and it needs another run."""
    shop = open_shop()
    shop.go.switch("U7", "b")  # since check measured it
    paid = {receipt: EVENING[receipt] for receipt in (1, 12)}
    shop.sell_one(1)
    shop.sell_one(12)
    shop.until_quiet()
    assert none_stands_twice(shop, paid) == [1, 12]
    shop.write(invoicing="send_amount_excluding_vat = false")
    shop.later(timedelta(days=3))
    _retry(shop, Reason.TOTALS_DIFFER)
    _retry(shop, Reason.WAITING_FOR_ORIGINAL)
    shop.go.fault("drop-before", path=POST, times=1)

    shop.until_quiet()
    all_stand_once(shop, paid)


def test_u7b_a_wrong_total_whose_answer_is_lost_is_held_and_never_posted_again(open_shop: OpenShop) -> None:
    """Nobody can tell then who made the difference, so the draft is left alone, and counted as one."""
    shop = open_shop()
    shop.go.switch("U7", "b")  # since check measured it
    shop.sell_evening()
    shop.go.fault("drop-after", path=POST, every=2)

    shop.until_quiet()
    held = none_stands_twice(shop)
    books, posts = shop.books(), shop.posts()
    assert any(receipt in books for receipt in held)
    shop.until_quiet()
    assert (shop.books(), shop.posts(), none_stands_twice(shop)) == (books, posts, held)


# -- duplicates and reads that lag, together ---------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["drop-after", "cut"])
@pytest.mark.parametrize("answer", ["U1a", "U1b", "U1c", "U1d"])
def test_lost_answers_and_reads_that_lag_together_make_nothing_twice(
    answer: str, fault: str, open_shop: OpenShop
) -> None:
    """Also where PowerOffice itself would let a second order in (U1d), and lists lag (U4b)."""
    shop = open_shop(answer, "U4b", read_lag_seconds=0.3, settle_time="1s")
    shop.sell_evening()
    shop.go.fault(fault, path=POST, every=2)

    shop.send_in_real_time()
    all_stand_once(shop)


@pytest.mark.parametrize("answer", ["U1a", "U1b", "U1c", "U1d"])
def test_every_fourth_answer_of_any_kind_is_lost(answer: str, open_shop: OpenShop) -> None:
    """Lists, products, orders and tokens alike: what cannot be looked up is not posted again."""
    shop = open_shop(answer)
    shop.sell_evening()
    shop.go.fault("drop-after", path="/v2/", every=4, times=20)
    shop.go.fault("drop-after", path="/OAuth/Token", every=3)

    shop.until_quiet()
    all_stand_once(shop)


@pytest.mark.parametrize("fault", ["none", "drop-after"])
@pytest.mark.parametrize("answer", ["U1a", "U1b", "U1c"])
def test_a_new_try_meets_its_own_order_out_of_sight_and_makes_no_second(
    answer: str, fault: str, open_shop: OpenShop
) -> None:
    """Lists that lag longer than settle_time allows for: the duplicate answer saves us (under U1d nothing could)."""
    shop = open_shop(answer, "U4b", read_lag_seconds=3 * 3600)
    shop.sell_evening()
    shop.go.fault("drop-after", path=POST, times=4)
    if fault != "none":
        shop.go.fault(fault, path=POST, every=5)

    for _ in range(6):
        shop.send()
        shop.later()
    assert all(len(documents) == 1 for documents in shop.books().values())
    shop.later(timedelta(hours=4))
    _retry(shop, Reason.REFERENCE_BLOCKED)
    shop.until_quiet()
    all_stand_once(shop)


# -- lists -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["U6a", "U6b", "U6c"])
def test_a_list_of_two_pages_is_read_whole(answer: str, open_shop: OpenShop) -> None:
    """More customers than fit on a page: the last of them can be sold to and is invoiced."""
    shop = open_shop(answer, customers=5200)
    last = 25200
    paid = {1: replace(EVENING[1], customer=last)}
    shop.sell("1", paid[1].amounts, customer=last)

    shop.until_quiet()
    all_stand_once(shop, paid)


@pytest.mark.parametrize("answer", ["U4b", "U6b", "U6c", "U15a", "U15b", "U22a", "U22b"])
def test_an_old_outbox_put_back_finds_drafts_and_invoices_and_posts_nothing(
    answer: str, open_shop: OpenShop, tmp_path: Path
) -> None:
    """Half of them have been sent by a person since, so that their Id may be another."""
    shop = open_shop(answer)
    shop.sell_evening()
    backup = tmp_path / "backup.sqlite3"
    shop.app.database.backup(backup)
    shop.until_quiet()
    shop.later(timedelta(minutes=1))
    a_person_sends_every_second_draft(shop)
    shop.later(timedelta(hours=50))
    posts = shop.posts()

    shop.put_back(backup)
    shop.until_quiet()
    all_stand_once(shop)
    assert shop.posts() == posts
    stages = {record.accounting_state for record in shop.records() if record.status is Status.DELIVERED}
    assert stages == {"draft", "sent"}


@pytest.mark.parametrize("answer", ["U15a", "U15b", "U22a", "U22b"])
def test_a_draft_of_unknown_fate_that_a_person_has_sent_is_found_as_an_invoice(
    answer: str, open_shop: OpenShop
) -> None:
    """The answers are lost, and so are the looks; meanwhile the drafts are sent by hand."""
    shop = open_shop(answer)
    shop.sell_evening()
    shop.go.fault("drop-after", path=POST, every=2)

    def first_done(done: int, of: int) -> None:
        if done == 1:
            shop.go.fault("503", path="OutgoingInvoices", times=1)

    assert shop.send(progress=first_done).stopped
    assert Status.UNCERTAIN in shop.statuses()
    for order in shop.go.orders():
        shop.go.send_order(order["Id"])
    shop.later(timedelta(hours=2))

    shop.until_quiet()
    all_stand_once(shop)


@pytest.mark.parametrize("answer", ["U5a", "U5b", "U5c"])
def test_a_limit_that_lasts_stops_the_run_and_uses_no_attempt(answer: str, open_shop: OpenShop) -> None:
    """So many 429s on end that no invoice gets through however often it is tried, then room again."""
    shop = open_shop(answer)
    shop.sell_evening()
    shop.go.fault("429", path=POST, times=40)

    assert shop.send().stopped
    assert shop.statuses() <= {Status.PENDING, Status.CANCELLED, Status.DELIVERED}
    assert {record.attempts for record in shop.records()} == {0}
    shop.until_quiet()
    all_stand_once(shop)


# -- what is archived --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "reason"), [("U11a", "customer_archived"), ("U11b", "customer_unknown")])
def test_an_archived_customer_holds_only_its_own_invoices_until_amended(
    answer: str, reason: str, open_shop: OpenShop
) -> None:
    """Archived between sale and sending: those are held with that reason, the others are delivered."""
    shop = open_shop(answer)
    shop.sell_evening()
    shop.go.archive_customer(10010)

    shop.until_quiet()
    assert none_stands_twice(shop) == [6]
    assert shop.captured()[6] == (Status.NEEDS_ATTENTION, Reason(reason))

    office = shop.app.office()
    record = office.amend(shop.record("6"), customer=10003)
    if record.status is Status.NEEDS_ATTENTION:
        office.retry(record)
    shop.until_quiet()
    all_stand_once(shop, {**EVENING, 6: replace(EVENING[6], customer=10003)})


@pytest.mark.parametrize("answer", ["U11a", "U11b"])
def test_an_archived_product_holds_what_needs_it_until_another_is_set(answer: str, open_shop: OpenShop) -> None:
    """Held with a reason; once check passes they go on by themselves."""
    shop = open_shop(answer)
    shop.sell_evening()
    shop.go.archive_product("32")

    shop.until_quiet()
    assert none_stands_twice(shop) == [4, 6, 8]
    assert {shop.captured()[receipt][1] for receipt in (4, 6, 8)} == {Reason.PRODUCT_ARCHIVED}

    shop.go.change("product", "Code", "32", IsArchived=False)
    shop.check()
    shop.until_quiet()
    all_stand_once(shop)


@pytest.mark.parametrize("answer", ["U11a", "U11b"])
def test_a_product_archived_while_a_run_is_under_way_holds_what_needs_it(
    answer: str, open_shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PowerOffice itself says no then: in words, or as if the product were not there."""
    monkeypatch.setattr("posplugin.sender.run.IN_FLIGHT", 1)  # else all may be there before it is archived
    shop = open_shop(answer)
    shop.sell_evening()

    def first_done(done: int, of: int) -> None:
        if done == 1:
            shop.go.archive_product("32")

    shop.send(progress=first_done)
    shop.until_quiet()
    held = none_stands_twice(shop)
    assert {6, 8} <= set(held) <= {4, 6, 8}
    reason = Reason.PRODUCT_ARCHIVED if answer == "U11a" else Reason.PRODUCT_MISSING
    assert {shop.captured()[receipt][1] for receipt in held} == {reason}
    shop.go.change("product", "Code", "32", IsArchived=False)
    shop.check()
    shop.until_quiet()
    all_stand_once(shop)


# -- keys and privileges -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["application_key", "client_key", "subscription_key"])
@pytest.mark.parametrize("answer", ["U13a", "U13b", "U13c"])
def test_wrong_keys_stop_the_run_and_cost_nothing(answer: str, wrong: str, open_shop: OpenShop) -> None:
    """All stays as it was captured; with the right keys everything is delivered."""
    shop = open_shop(answer)
    shop.sell_evening()
    right = {name: value for name, value in RIGHT_KEYS.items() if name == wrong}
    shop.write(**{wrong: "never-a-key-of-ours"})

    for _ in range(3):
        report = shop.send()
        assert report.stopped
        assert report.delivered == 0
        _nothing_done(shop)
        shop.later()

    shop.write(**right)
    shop.until_quiet()
    all_stand_once(shop)


@pytest.mark.parametrize("answer", ["U13a", "U13b", "U13c"])
def test_keys_that_stop_working_in_the_middle_lose_nothing(answer: str, open_shop: OpenShop) -> None:
    """Every call is a 401 from the fourth order on, and the new token no better."""
    shop = open_shop(answer)
    shop.sell_evening()
    shop.go.fault("401", path=POST, every=2)
    shop.go.fault("401", path="/OAuth/Token", every=2)

    shop.send()
    assert shop.statuses() <= {Status.PENDING, Status.CANCELLED, Status.DELIVERED}
    assert {record.attempts for record in shop.records()} == {0}
    shop.go.clear_faults()
    shop.until_quiet()
    all_stand_once(shop)


@pytest.mark.parametrize("privilege", ["SalesOrders_Full", "OutgoingInvoice_Full", "Product_Full"])
@pytest.mark.parametrize("answer", ["U14a", "U14b"])
def test_a_privilege_taken_away_stops_or_holds_until_check_passes(
    answer: str, privilege: str, open_shop: OpenShop
) -> None:
    """Nothing is posted; given back, a passed check lets everything go on by itself."""
    shop = open_shop(answer)
    shop.sell_evening()
    shop.go.set_privilege(privilege, False)

    for _ in range(3):
        report = shop.send()
        assert report.stopped or report.attention
        assert shop.books() == {}
        assert set(shop.captured().values()) <= {
            (Status.PENDING, None),
            (Status.PENDING, Reason.WAITING_FOR_ORIGINAL),
            (Status.NEEDS_ATTENTION, Reason.MISSING_PRIVILEGE),
        }
        shop.later()

    shop.go.set_privilege(privilege, True)
    shop.check()
    shop.until_quiet()
    all_stand_once(shop)
