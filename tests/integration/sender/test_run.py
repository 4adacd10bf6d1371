"""A run from the outbox to the simulator and back, and what it does when things go wrong."""

from __future__ import annotations

import itertools
import shutil
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from posplugin.domain.documents import RecordKind
from posplugin.domain.reasons import Reason
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import Status
from posplugin.sender.lock import only_sender
from posplugin.sender.run import IN_FLIGHT
from posplugin.sender.selection import Selection
from posplugin.simulator import SECOND_CLIENT_KEY, Simulator
from tests.integration.sender.shop import A_MINUTE, CAFE, Shop

Shops = Callable[..., Shop]
POST = "/SalesOrders/Complete"


def test_every_captured_invoice_is_posted_once_and_a_second_run_adds_nothing(shop: Shop) -> None:
    shop.evening(8)

    report = shop.send()
    assert (report.delivered, report.waiting, report.attention, report.stopped) == (8, 0, 0, [])
    assert shop.ledger() == shop.wanted()
    before = shop.requests()
    assert shop.send().delivered == 0
    assert shop.ledger() == shop.wanted()
    assert shop.requests() == before


def test_what_is_not_captured_is_not_sent(shop: Shop) -> None:
    shop.promise("1", {25: 10000})

    shop.send()
    assert shop.ledger() == []
    assert shop.standing() == {"1": "authorized"}


def test_n_plain_drafts_cost_at_most_n_and_five_requests(shops: Shops) -> None:
    shop = shops(department_code='department_code = "10"')
    assert all(finding.ok for finding in shop.app.office().check())
    shop.evening(12)
    before = len(shop.requests())

    shop.send()
    assert len(shop.requests()) - before <= 12 + 5
    assert shop.ledger() == shop.wanted()


def test_a_run_takes_only_the_kinds_and_days_it_is_told(shop: Shop) -> None:
    shop.sell("1")
    today = shop.record("1").business_date

    shop.send(selection=Selection(last_day=today - timedelta(days=1)))
    shop.send(selection=Selection(kinds=frozenset({RecordKind.CREDIT_NOTE})))
    assert shop.ledger() == []
    shop.send(selection=Selection(first_day=today, last_day=today))
    assert shop.ledger() == shop.wanted()


def test_the_order_number_and_every_attempt_are_kept(shop: Shop) -> None:
    shop.sell("1")
    shop.send()

    record = shop.record("1")
    order = shop.go.orders()[0]
    assert (record.accounting_id, record.accounting_number, record.accounting_state) == (
        order["Id"],
        order["SalesOrderNo"],
        "draft",
    )
    (attempt,) = shop.app.outbox.attempts(record)
    assert (attempt.outcome, attempt.status) == ("accepted", 201)
    assert record.reference in attempt.request


# -- the old backup (It must show 6) -----------------------------------------------------------------------------------


def _put_back(shop: Shop, backup: Path) -> None:
    shop.app.close()
    outbox = shop.app.database.path
    for name in (outbox, *(outbox.with_name(outbox.name + end) for end in ("-wal", "-shm"))):
        name.unlink(missing_ok=True)
    shutil.copy(backup, outbox)
    shop.app = shop.open()


def test_an_old_backup_put_back_after_sending_posts_nothing_twice(shop: Shop, tmp_path: Path) -> None:
    shop.evening(6)
    backup = tmp_path / "backup.sqlite3"
    shop.app.database.backup(backup)
    shop.send()
    wanted, posts = shop.wanted(), shop.posts()

    _put_back(shop, backup)
    assert shop.statuses() == {Status.PENDING}
    report = shop.send()
    assert (report.delivered, report.waiting, report.attention) == (6, 0, 0)
    assert shop.ledger() == wanted == shop.wanted()
    assert shop.posts() == posts
    shop.send()
    assert shop.ledger() == wanted
    assert shop.posts() == posts


def test_what_an_old_backup_lacks_is_captured_again_days_later_and_not_posted_again(shop: Shop, tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite3"
    shop.app.database.backup(backup)
    request = shop.promise("1", {25: 10000})
    shop.app.till().capture(request)
    shop.send()
    wanted, posts = shop.wanted(), shop.posts()

    shop.later(timedelta(days=3))
    _put_back(shop, backup)
    shop.app.till().capture(request)  # the host replays its journal
    shop.send()
    assert shop.standing() == {"1": "delivered"}
    assert shop.ledger() == wanted
    assert shop.posts() == posts


def test_a_backup_is_harmless_also_where_a_person_has_sent_the_draft(shop: Shop, tmp_path: Path) -> None:
    shop.sell("1")
    backup = tmp_path / "backup.sqlite3"
    shop.app.database.backup(backup)
    shop.send()
    shop.go.send_order(shop.go.orders()[0]["Id"])
    posts = shop.posts()

    _put_back(shop, backup)
    shop.send()
    assert (shop.record("1").status, shop.record("1").accounting_state) == (Status.DELIVERED, "sent")
    assert shop.ledger() == shop.wanted()
    assert shop.posts() == posts


# -- unknown fate ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["drop-after", "cut", "500-after"])
def test_a_lost_answer_is_looked_up_in_the_same_run_and_delivered(shop: Shop, fault: str) -> None:
    shop.sell("1")
    shop.go.fault(fault, path=POST, times=1)

    report = shop.send()
    assert (report.delivered, report.waiting) == (1, 0)
    assert [event.now for event in shop.app.outbox.events(shop.record("1"))][-3:] == [
        "sending",
        "uncertain",
        "delivered",
    ]
    assert shop.ledger() == shop.wanted()
    assert shop.posts() == 1


@pytest.mark.parametrize("fault", ["drop-before", "500-before", "503"])
def test_not_there_counts_only_after_settle_time_and_two_looks(shop: Shop, fault: str) -> None:
    shop.sell("1")
    shop.go.fault(fault, path=POST, times=1)
    shop.send()
    assert (shop.record("1").status, shop.record("1").looks) == (Status.UNCERTAIN, 1)

    # Two looks, but too early.
    shop.send()
    assert (shop.record("1").status, shop.posts()) == (Status.UNCERTAIN, 1)
    # Time enough: sent again, and found at the end of no run before.
    shop.later()
    shop.send()
    assert (shop.record("1").status, shop.posts()) == (Status.DELIVERED, 2)
    assert shop.record("1").attempts == 0  # nobody else got through: an outage costs no attempt
    assert shop.ledger() == shop.wanted()


def test_what_a_killed_sender_had_in_hand_is_looked_up_before_it_is_sent(shop: Shop) -> None:
    shop.evening(2)
    there, not_there = shop.records()
    shop.send(selection=Selection(first_day=there.business_date + timedelta(days=1)))
    shop.app.outbox.move(not_there, Status.SENDING, "dead")
    with shop.app.clients() as clients:
        claimed = shop.app.outbox.move(there, Status.SENDING, "dead")
        clients[0].system.deliver(claimed.invoice(), claimed.reference)

    shop.send()
    assert shop.standing() == {"1": "delivered", "2": "uncertain"}
    shop.later()
    shop.send()
    assert shop.standing() == {"1": "delivered", "2": "delivered"}
    assert shop.ledger() == shop.wanted()
    assert shop.posts() == 2


def test_a_record_that_never_arrives_though_others_do_needs_a_person_in_the_end(shop: Shop) -> None:
    """Its tries count only when another got through beside it; alone it waits, as in an outage."""
    shop.sell("1")
    shop.go.fault("drop-before", path=POST)
    for _ in range(4):
        shop.send()
        shop.later()
    assert shop.record("1").attempts == 0

    first = shop.record("1")
    passes = 0
    while passes < 20:
        passes += 1
        if shop.record("1").status is Status.NEEDS_ATTENTION:
            break
        shop.app.outbox.database.execute("UPDATE records SET attempts = attempts + 1 WHERE id = ?", (first.id,))
        shop.send()
        shop.later()
    assert shop.standing() == {"1": "needs_attention: attempts_exhausted"}
    assert passes <= 10
    shop.go.clear_faults()
    shop.app.office().retry(shop.record("1"))
    shop.send()
    assert shop.ledger() == shop.wanted()


# -- duplicates --------------------------------------------------------------------------------------------------------


def _posted_out_of_sight(shop: Shop) -> None:
    """Post the only record's order without the outbox knowing, and delete it with its reference kept (U3 b)."""
    shop.go.switch("U3", "b")
    record = shop.record("1")
    with shop.app.clients() as clients:
        posted = clients[0].system.deliver(record.invoice(), record.reference)
        clients[0].system.withdraw(posted)


def test_a_duplicate_answer_that_cannot_be_found_is_blocked_and_retry_takes_the_next_reference(shop: Shop) -> None:
    shop.sell("1")
    _posted_out_of_sight(shop)
    first = shop.record("1").reference
    shop.send()
    assert shop.standing() == {"1": "uncertain: reference_in_use"}
    shop.later()
    shop.send()
    assert shop.standing() == {"1": "needs_attention: reference_blocked"}
    assert shop.ledger() == []

    shop.app.office().retry(shop.record("1"))
    shop.send()
    assert shop.standing() == {"1": "delivered"}
    assert shop.record("1").reference == first.removesuffix("-1") + "-2"
    assert shop.ledger() == shop.wanted()


def test_look_ups_search_all_generations_of_a_reference(shop: Shop) -> None:
    shop.sell("1")
    record = shop.record("1")
    with shop.app.clients() as clients:
        clients[0].system.deliver(record.invoice(), record.reference)
    shop.app.outbox.move(record, Status.NEEDS_ATTENTION, "test", reason=Reason.REFERENCE_BLOCKED)
    shop.app.office().retry(shop.record("1"))
    posts = shop.posts()

    shop.send()
    assert shop.standing() == {"1": "delivered"}
    assert [entry[0] for entry in shop.ledger()] == [record.reference]
    assert shop.posts() == posts


# -- comparison --------------------------------------------------------------------------------------------------------


def test_a_draft_whose_total_differs_is_withdrawn_and_needs_a_person(shop: Shop) -> None:
    shop.go.switch("U7", "b")  # PowerOffice takes our price without VAT for one with VAT
    shop.sell("1")

    shop.send()
    assert shop.standing() == {"1": "needs_attention: totals_differ"}
    assert shop.ledger() == []
    assert "80,00 instead of 100,00" in (shop.record("1").detail or "")
    shop.send()
    assert shop.posts() == 1


def test_a_draft_that_cannot_be_withdrawn_is_named_and_withdrawn_later(shop: Shop) -> None:
    shop.go.switch("U7", "b")
    shop.go.fault("503", method="DELETE", times=1)
    shop.sell("1")

    shop.send()
    assert shop.standing() == {"1": "needs_attention: totals_differ"}
    assert "delete it in PowerOffice" in (shop.record("1").detail or "")
    assert len(shop.go.orders()) == 1
    shop.sell("2", {15: 100})
    shop.go.switch("U7", "a")
    shop.send()
    assert shop.record("2").status is Status.DELIVERED
    assert [reference for reference, _, _ in shop.ledger()] == [shop.record("2").reference]


def test_an_order_on_another_customer_is_no_delivery_and_is_left_alone(shop: Shop) -> None:
    shop.sell("1")
    shop.go.fault("drop-after", path=POST, times=1)
    shop.go.fault("503", path="OutgoingInvoices", every=2, times=1)
    shop.send()
    shop.go.edit_order(shop.go.orders()[0]["Id"], CustomerNo=10003)

    shop.send()
    assert shop.standing() == {"1": "needs_attention: reference_in_use"}
    assert "10003" in (shop.record("1").detail or "")
    assert len(shop.go.orders()) == 1
    assert shop.posts() == 1


# -- outages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["401", "429", "404"])
def test_an_outage_stops_the_run_and_costs_no_record_an_attempt(shop: Shop, fault: str) -> None:
    shop.evening(IN_FLIGHT + 8)
    shop.go.fault(fault, path=POST)

    report = shop.send()
    assert len(report.stopped) == 1
    assert {(r.status, r.attempts) for r in shop.records()} == {(Status.PENDING, 0)}
    # Those in flight, each tried again as often as its answer allows, and no more.
    assert shop.posts() <= IN_FLIGHT * {"401": 2, "429": 4, "404": 1}[fault]
    shop.go.clear_faults()
    shop.send()
    assert shop.ledger() == shop.wanted()


def test_an_outage_of_all_of_poweroffice_costs_nothing_and_is_told(shop: Shop) -> None:
    shop.evening(3)
    shop.go.stop()

    report = shop.send()
    assert report.outcome == "stopped"
    assert "cannot be reached" in report.stopped[0]
    assert {(r.status, r.attempts) for r in shop.records()} == {(Status.PENDING, 0)}
    shop.go.start()
    shop.send()
    assert shop.ledger() == shop.wanted()


def test_a_privilege_taken_away_stops_the_run(shop: Shop) -> None:
    shop.go.set_privilege("SalesOrders_Full", False)
    shop.go.set_privilege("SalesOrders", True)
    shop.go.revoke_tokens()
    shop.evening(IN_FLIGHT + 8)

    report = shop.send()
    assert report.stopped == ["403 without a word, to POST /v2/SalesOrders/Complete"]
    assert {(r.status, r.attempts) for r in shop.records()} == {(Status.PENDING, 0)}
    assert shop.posts() <= IN_FLIGHT


def test_three_server_errors_in_a_row_stop_the_run(shop: Shop) -> None:
    shop.evening(30)
    shop.go.fault("500-before", path=POST)

    report = shop.send()
    assert len(report.stopped) == 1
    assert shop.posts() <= 3 + IN_FLIGHT - 1  # those in flight beside the third
    shop.go.clear_faults()
    shop.until_quiet()
    assert shop.ledger() == shop.wanted()


def test_server_errors_now_and_then_stop_nothing(shop: Shop) -> None:
    """Three in a row are an outage; one in six is not."""
    shop.evening(30)
    shop.go.fault("500-before", path=POST, every=6)

    report = shop.send()
    assert report.stopped == []
    assert shop.posts() == 30
    assert report.delivered == 25
    shop.go.clear_faults()
    shop.until_quiet()
    assert shop.ledger() == shop.wanted()


def test_an_outage_that_ends_within_the_window_is_outlived(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.evening(3)
    shop.go.fault("503", path="/v2/SalesOrders", times=2)
    waited: list[float] = []

    class Impatient(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0)
            shop.later(timedelta(seconds=timeout or 0))
            return False

    shop.app.stopping = Impatient()
    report = shop.send(window=timedelta(hours=1))
    assert (report.delivered, report.outcome) == (3, "done")
    assert len(waited) == 2
    assert 30 <= waited[0] <= 37.5
    assert 60 <= waited[1] <= 75
    assert shop.ledger() == shop.wanted()


def test_two_client_keys_one_down_the_other_delivers(shops: Shops) -> None:
    shop = shops(more=CAFE)
    shop.sell("1")
    shop.sell("2", department="cafe")
    shop.write(more=CAFE.replace(SECOND_CLIENT_KEY, "wrong-key"))

    report = shop.send()
    assert len(report.stopped) == 1
    assert "does not accept the keys" in report.stopped[0]
    assert shop.standing() == {"1": "delivered", "2": "pending"}
    shop.write(more=CAFE)
    shop.send()
    assert shop.standing() == {"1": "delivered", "2": "delivered"}
    assert [r for r, _, _ in shop.ledger()] == [shop.record("1").reference]
    assert [r for r, _, _ in shop.ledger(SECOND_CLIENT_KEY)] == [shop.record("2").reference]


def test_two_client_keys_the_first_down_the_second_delivers(shops: Shops) -> None:
    shop = shops(more=CAFE)
    shop.sell("1")
    shop.sell("2", department="cafe")
    shop.write(client_key="wrong-key")

    shop.send()
    assert shop.standing() == {"1": "pending", "2": "delivered"}


# -- bad records -------------------------------------------------------------------------------------------------------


def test_one_bad_record_never_stops_the_others(shop: Shop) -> None:
    shop.sell("1", customer=10003)
    shop.sell("2")
    shop.sell("3", {12: 11200})
    shop.go.archive_customer(10003)
    shop.go.archive_product("32")

    report = shop.send()
    assert (report.delivered, report.attention, report.stopped) == (1, 2, [])
    assert shop.standing() == {
        "1": "needs_attention: customer_archived",
        "2": "delivered",
        "3": "needs_attention: product_archived",
    }
    assert [r for r, _, _ in shop.ledger()] == [shop.record("2").reference]


def test_damaged_content_is_never_sent(shop: Shop) -> None:
    shop.evening(2)
    with Database(shop.app.database.path) as other, other.transaction():
        other.execute("UPDATE records SET document = replace(document, '10001', '10002') WHERE receipt = '1'")

    shop.send()
    assert shop.standing() == {"1": "needs_attention: content_damaged", "2": "delivered"}
    assert [r for r, _, _ in shop.ledger()] == [shop.record("2").reference]


def test_a_department_that_has_gone_from_the_settings_is_named(shops: Shops) -> None:
    shop = shops(more=CAFE)
    shop.sell("1", department="cafe")
    shop.write(more="")

    shop.send()
    assert shop.standing() == {"1": "needs_attention: department_missing"}
    assert "cafe" in (shop.record("1").detail or "")


def test_a_mended_set_up_and_a_passed_check_let_held_records_go_on(shop: Shop) -> None:
    products = 'vat_25 = "30", vat_15 = "31", rounding = "35", gratuity = "34"'
    shop.sell("1", {12: 11200})
    shop.write(products=f'{products}, vat_12 = "98"')
    shop.send()
    assert shop.standing() == {"1": "needs_attention: product_archived"}

    shop.reopen()
    assert not all(finding.ok for finding in shop.app.office().check())
    assert shop.standing() == {"1": "needs_attention: product_archived"}
    shop.write(products=f'{products}, vat_12 = "32"')
    shop.reopen()
    assert all(finding.ok for finding in shop.app.office().check())
    assert shop.standing() == {"1": "pending"}
    shop.send()
    assert shop.ledger() == shop.wanted()


def test_a_promise_nobody_confirmed_needs_a_person_after_a_day(shop: Shop) -> None:
    request = shop.promise("1", {25: 10000})
    shop.later(timedelta(hours=23))
    shop.send()
    assert shop.standing() == {"1": "authorized"}

    shop.later(timedelta(hours=2))
    shop.send()
    assert shop.standing() == {"1": "needs_attention: unconfirmed_sale"}
    assert shop.ledger() == []
    # The host's late word counts after all.
    shop.app.till().capture(request)
    shop.send()
    assert shop.ledger() == shop.wanted()


# -- a window ----------------------------------------------------------------------------------------------------------


class _Clockwork(threading.Event):
    """Waits by letting time pass at the till and at PowerOffice."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self.shop = shop
        self.waited: list[float] = []
        self.meanwhile: Callable[[], object] = list

    def wait(self, timeout: float | None = None) -> bool:
        assert len(self.waited) < 20, self.waited
        self.waited.append(timeout or 0.0)
        self.meanwhile()
        self.shop.later(timedelta(seconds=timeout or 0.0))
        return False


def test_a_run_goes_on_as_soon_as_what_was_lost_may_be_sent_again(shop: Shop) -> None:
    shop.evening(40)
    shop.go.fault("503", path=POST, every=20)
    shop.app.stopping = clockwork = _Clockwork(shop)

    report = shop.send(window=timedelta(hours=1))

    assert (report.outcome, report.delivered) == ("done", 40)
    assert [round(seconds) for seconds in clockwork.waited] == [61]
    assert shop.ledger() == shop.wanted()


def test_a_run_tries_at_once_what_was_refused_while_others_got_through(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.evening(40)
    shop.app.stopping = clockwork = _Clockwork(shop)
    send, posted = httpx.Client.send, itertools.count(1)

    def now_and_then(client: httpx.Client, asked: httpx.Request, **how: Any) -> httpx.Response:
        if asked.url.path.endswith(POST) and next(posted) % 10 == 0:
            raise httpx.ConnectError("[Errno 111] Connection refused", request=asked)
        return send(client, asked, **how)

    monkeypatch.setattr(httpx.Client, "send", now_and_then)
    report = shop.send(window=timedelta(hours=1))

    assert (report.outcome, report.delivered) == ("done", 40)
    assert clockwork.waited == [0.0]
    assert {record.attempts for record in shop.records()} == {0}


def test_a_run_waits_longer_each_time_that_nothing_gets_through(shop: Shop) -> None:
    shop.evening(3)
    shop.go.fault("404", path=POST)
    shop.app.stopping = clockwork = _Clockwork(shop)

    report = shop.send(window=timedelta(minutes=6))

    assert report.outcome == "stopped"
    doubled = zip(clockwork.waited, (30, 60, 120), strict=True)
    assert all(first <= waited <= first * 1.25 for waited, first in doubled), clockwork.waited


def test_a_run_that_goes_on_waits_longer_each_time_that_another_sends(shops: Shops) -> None:
    """It has taken steps before; what came since could go at once, and the other sender has it."""
    shop = shops(invoicing="attach_receipt = true")
    shop.evening(2)
    shop.go.fault("503", path=POST, times=1)
    shop.app.stopping = clockwork = _Clockwork(shop)
    with ExitStack() as other:

        def let_in() -> None:
            if len(clockwork.waited) == 1:
                other.enter_context(only_sender(shop.app.database.path))
                shop.sell("late")
            elif len(clockwork.waited) == 4:
                other.close()

        clockwork.meanwhile = let_in
        report = shop.send(window=timedelta(hours=1))

    assert (report.outcome, report.delivered) == ("done", 3)
    doubled = zip(clockwork.waited[1:], (30, 60, 120), strict=True)
    assert all(first <= waited <= first * 1.25 for waited, first in doubled), clockwork.waited
    assert shop.ledger() == shop.wanted()


# -- stopping ----------------------------------------------------------------------------------------------------------


def test_the_stop_event_ends_a_run_between_records(shop: Shop) -> None:
    shop.evening(IN_FLIGHT + 20)

    def stop(done: int, of: int) -> None:
        assert of == IN_FLIGHT + 20
        if done >= 2:
            shop.app.stopping.set()

    report = shop.send(progress=stop)
    assert 2 <= report.delivered < IN_FLIGHT + 10
    assert shop.statuses() == {Status.DELIVERED, Status.PENDING}
    shop.app.stopping.clear()
    shop.send()
    assert shop.ledger() == shop.wanted()


def test_a_run_told_to_stop_before_it_begins_asks_poweroffice_nothing(shop: Shop) -> None:
    shop.evening(2)
    before = shop.requests()
    shop.app.stopping.set()

    shop.send(window=timedelta(hours=1))
    assert shop.requests() == before


def test_every_run_is_written_down(shop: Shop) -> None:
    shop.evening(2)
    shop.send()
    shop.go.fault("401")
    shop.sell("3")
    shop.send()

    second, first = shop.app.runs.latest(5)
    assert (first.cause, first.outcome, first.delivered, first.waiting) == ("hand", "done", 2, 0)
    assert (second.outcome, second.delivered, second.waiting) == ("stopped", 0, 1)
    assert second.detail
    assert second.finished_at - second.started_at < A_MINUTE if second.finished_at else False


def test_the_simulator_is_one_other_office(go: Simulator, shops: Shops) -> None:
    """Two tills with outboxes of their own never meet in a reference."""
    one, two = shops("bar-1"), shops("bar-2")
    one.sell("1")
    two.sell("1", terminal="bar-2")

    one.send()
    two.send()
    assert sorted([*one.wanted(), *two.wanted()]) == one.ledger()
    assert len(go.orders()) == 2
