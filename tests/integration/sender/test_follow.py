"""Where a delivered document stands in PowerOffice: seen nightly, in few requests, and told to a person when wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from posplugin.accounting_system import Stage
from posplugin.domain.errors import IllegalTransition
from posplugin.domain.payment import Light
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import OriginalSale
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.simulator import CLIENT_KEY, SECOND_CLIENT_KEY, Simulator
from tests.integration.sender.shop import CAFE, OpenShop, Shop

Act = Callable[[Simulator, str], object]


def _pay(go: Simulator, order: str) -> None:
    go.pay(go.send_order(order)["InvoiceNo"])


def _cheaper(go: Simulator, order: str) -> None:
    line = {"LineType": "Normal", "ProductCode": "30", "Quantity": 1, "ProductUnitPrice": 50}
    go.edit_order(order, SalesOrderLines=[line])


#: What a person does there → where the record stands then, and why a person here must act.
ACTS: dict[str, tuple[Act, Stage, Reason | None]] = {
    "nothing": (lambda *_: None, Stage.DRAFT, None),
    "confirms it": (lambda go, order: go.edit_order(order, SalesOrderStatus="Confirmed"), Stage.CONFIRMED, None),
    "gives it a reference": (lambda go, order: go.edit_order(order, CustomerReference="Per"), Stage.DRAFT, None),
    "sends it": (lambda go, order: go.send_order(order), Stage.SENT, None),
    "sends it, and it is paid": (_pay, Stage.PAID, None),
    "deletes it": (lambda go, order: go.delete_order(order), Stage.GONE, Reason.GONE),
    "gives it another customer": (
        lambda go, order: go.edit_order(order, CustomerNo=10003),
        Stage.CHANGED,
        Reason.CHANGED,
    ),
    "gives it another total": (_cheaper, Stage.CHANGED, Reason.CHANGED),
    "sends it with another total": (lambda go, order: go.send_order(order, 10), Stage.CHANGED, Reason.CHANGED),
}


def _delivered(shop: Shop, receipt: str = "1") -> Record:
    shop.sell(receipt)
    shop.send()
    record = shop.record(receipt)
    assert (record.status, record.accounting_state) == (Status.DELIVERED, Stage.DRAFT)
    return record


def _followed(shop: Shop, receipt: str = "1") -> Record:
    """Follow on two nights: what is missing on one is not gone yet."""
    for _ in range(2):
        shop.later()
        assert shop.app.follow() == []
    return shop.record(receipt)


@pytest.mark.parametrize("id_changes", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_what_a_person_does_there_is_seen_here(act: str, id_changes: bool, shops: OpenShop) -> None:
    """Whether or not the invoice keeps the id of its order."""
    shop = shops()
    shop.go.switch("U15", "b" if id_changes else "a")
    do, stage, reason = ACTS[act]
    do(shop.go, _delivered(shop).accounting_id or "")

    record = _followed(shop)

    assert (record.status, record.accounting_state, record.reason) == (Status.DELIVERED, stage, reason)
    assert record.needs_a_person is (reason is not None)
    if stage in (Stage.SENT, Stage.PAID):
        assert (record.invoice_number, record.sent_at is None) == (shop.go.invoices()[0]["InvoiceNo"], False)
    assert shop.posts() == 1


def test_an_invoice_fee_that_poweroffice_adds_by_itself_is_seen(shops: OpenShop) -> None:
    """U17 b: the customer would owe more than the guest's paper says."""
    shop = shops()
    shop.go.switch("U17", "b")
    shop.sell("1", customer=10009)
    shop.send()
    shop.go.send_order(shop.record("1").accounting_id or "")

    record = _followed(shop)

    assert (record.accounting_state, record.reason) == (Stage.CHANGED, Reason.CHANGED)
    assert "was sent with 148,75, and was delivered with 100,00" in (record.detail or "")


def test_a_night_takes_three_requests_whatever_stands_there(shops: OpenShop) -> None:
    shop = shops()
    shop.evening(12)
    shop.send()
    for order in shop.go.orders()[::2]:
        shop.go.send_order(order["Id"])
    shop.later()
    shop.app.follow()
    before = len(shop.requests())

    shop.app.follow()

    asked = [path for _, path in shop.requests()[before:] if "Token" not in path]
    assert asked == ["/v2/SalesOrders", "/v2/OutgoingInvoices", "/v2/OutgoingInvoices"]
    assert Counter(record.accounting_state for record in shop.records()) == {Stage.SENT: 6, Stage.DRAFT: 6}


def test_what_is_paid_is_not_followed_any_more(shops: OpenShop) -> None:
    shop = shops()
    _pay(shop.go, _delivered(shop).accounting_id or "")
    _followed(shop)
    before = len(shop.requests())

    assert shop.app.outbox.deliveries.count() == 0
    shop.app.follow()

    assert len(shop.requests()) == before


def test_a_payment_weeks_after_the_sending_is_seen(shops: OpenShop) -> None:
    """By then it is in no list of what was sent of late."""
    shop = shops()
    shop.go.send_order(_delivered(shop).accounting_id or "")
    assert _followed(shop).accounting_state is Stage.SENT
    for _ in range(3):
        shop.later(timedelta(days=7))
        shop.app.follow()
    shop.go.pay(shop.go.invoices()[0]["InvoiceNo"])

    assert _followed(shop).accounting_state is Stage.PAID


def test_reads_that_lag_make_nothing_gone(shops: OpenShop) -> None:
    """U4 b: what was delivered a moment ago may not show yet."""
    shop = shops()
    shop.go.switch("U4", "b")
    shop.sell("1")
    shop.send()

    shop.app.follow()

    assert (shop.record("1").accounting_state, shop.record("1").reason) == (Stage.DRAFT, None)


def test_a_draft_that_is_gone_is_made_again_when_a_person_says_so(shops: OpenShop) -> None:
    """Under the next reference, once; until then nothing is sent by itself."""
    shop = shops()
    shop.go.switch("U3", "b")
    shop.go.delete_order(_delivered(shop).accounting_id or "")
    gone = _followed(shop)
    shop.send()
    assert shop.ledger() == []

    shop.app.office().retry(gone)
    shop.send()
    shop.later()
    shop.send()

    record = shop.record("1")
    assert (record.status, record.accounting_state, record.reason) == (Status.DELIVERED, Stage.DRAFT, None)
    assert record.reference == gone.reference[:-1] + "2"
    assert shop.ledger() == [(record.reference, record.customer_number, record.amount)]


def test_a_draft_that_is_gone_can_be_let_go(shops: OpenShop) -> None:
    shop = shops()
    shop.go.delete_order(_delivered(shop).accounting_id or "")

    shop.app.office().discard(_followed(shop), "the guest paid in cash")

    assert shop.record("1").status is Status.DISCARDED
    assert _followed(shop).status is Status.DISCARDED
    assert shop.ledger() == []


def test_what_was_changed_is_made_again_only_once_the_changed_one_is_away(shops: OpenShop) -> None:
    """While the changed draft stands there, a second one would be a double."""
    shop = shops()
    order = _delivered(shop).accounting_id or ""
    shop.go.edit_order(order, CustomerNo=10003)
    changed = _followed(shop)

    shop.app.office().retry(changed)
    shop.send()
    assert (shop.record("1").status, len(shop.ledger())) == (Status.NEEDS_ATTENTION, 1)

    shop.go.delete_order(order)
    shop.app.office().retry(shop.record("1"))
    shop.send()
    assert shop.record("1").status is Status.DELIVERED
    assert [(customer, total) for _, customer, total in shop.ledger()] == [(10002, 10000)]


def test_what_was_sent_wrong_is_made_again_only_once_it_is_credited_there(shops: OpenShop) -> None:
    """The wrong invoice stays in PowerOffice for ever; while something is owed on it, a second would be a double."""
    shop = shops()
    order = _delivered(shop).accounting_id or ""
    shop.go.edit_order(order, CustomerNo=10003)
    wrong = shop.go.send_order(order)

    shop.app.office().retry(_followed(shop))
    shop.send()
    assert (shop.record("1").status, len(shop.ledger())) == (Status.NEEDS_ATTENTION, 1)

    shop.go.pay(wrong["InvoiceNo"])
    shop.app.office().retry(shop.record("1"))
    shop.send()
    record = shop.record("1")
    assert (record.status, record.accounting_state) == (Status.DELIVERED, Stage.DRAFT)
    assert sorted(shop.ledger())[1] == (record.reference, 10002, 10000)


def test_a_changed_draft_that_is_on_nobody_we_know_is_found_before_another_is_made(shops: OpenShop) -> None:
    """Moved to another customer, and made by another integration as far as PowerOffice tells: it is asked for by id."""
    shop = shops()
    order = _delivered(shop).accounting_id or ""
    shop.go.edit_order(order, CustomerNo=10003)
    changed = _followed(shop)
    shop.go.edit_order(order, ExternalImportReference=changed.reference, CustomerNo=10003)
    shop.app.office().retry(changed)
    shop.app.outbox.set(shop.record("1"), "t", "no customer of old", customer_number=10005)

    shop.send()

    assert (shop.record("1").status, shop.posts()) == (Status.NEEDS_ATTENTION, 1)


def test_what_is_missing_on_one_night_is_not_gone(shops: OpenShop) -> None:
    """It may be on its way from a draft to an invoice, and in neither list."""
    shop = shops()
    order = _delivered(shop).accounting_id or ""
    shop.go.delete_order(order)
    shop.later()
    shop.app.follow()
    assert (shop.record("1").reason, shop.record("1").looks) == (None, 1)

    shop.later()
    shop.app.follow()
    assert shop.record("1").reason is Reason.GONE


def test_with_another_clients_key_nothing_is_said_to_be_gone(shops: OpenShop) -> None:
    shop = shops()
    _delivered(shop)
    _followed(shop)
    shop.write(client_key=SECOND_CLIENT_KEY)
    shop.reopen()
    shop.later()

    failures = shop.app.follow()

    assert "leads to client 71402 now" in failures[0]
    assert (shop.record("1").accounting_state, shop.record("1").reason) == (Stage.DRAFT, None)


def test_a_change_that_a_person_accepts_stands_and_is_followed_on(shops: OpenShop) -> None:
    """It stays delivered, and a return of it is credited; another change asks again."""
    shop = shops()
    order = _delivered(shop).accounting_id or ""
    _cheaper(shop.go, order)
    changed = _followed(shop)

    shop.app.office().discard(changed, "the price was wrong at the till")
    record = _followed(shop)
    assert (record.status, record.accounting_state, record.reason) == (Status.DELIVERED, Stage.DRAFT, None)

    original = OriginalSale(terminal_id="bar-1", sale_id="s1", receipt="1")
    shop.sell("2", {25: -5000}, original=original)
    shop.sell("3", {25: -5000}, original=original)
    shop.send()
    assert [shop.record(receipt).status for receipt in "23"] == [Status.DELIVERED, Status.NEEDS_ATTENTION]

    shop.go.edit_order(order, CustomerNo=10003)
    assert _followed(shop).reason is Reason.CHANGED


def test_a_department_that_has_gone_from_the_settings_is_told(shops: OpenShop) -> None:
    shop = shops(more=CAFE)
    shop.sell("1", department="cafe")
    shop.send()
    shop.write(more="")
    shop.reopen()

    shop.app.follow()

    assert shop.record("1").reason is Reason.DEPARTMENT_MISSING


def test_a_till_whose_clock_was_a_year_ahead_follows_again_when_it_is_right(shops: OpenShop) -> None:
    shop = shops()
    order = _delivered(shop).accounting_id or ""
    shop.app.office().check()
    shop.ahead += timedelta(days=365)
    shop.app.follow()
    shop.ahead -= timedelta(days=365)
    shop.go.send_order(order)
    shop.later()

    assert shop.app._daily_due(shop.clock(), None) == "followed"
    shop.app.follow()
    assert (shop.record("1").accounting_state, shop.record("1").reason) == (Stage.SENT, None)


def test_the_lamp_tells_when_nobody_has_asked_for_days(shops: OpenShop) -> None:
    shop = shops()
    _delivered(shop)
    shop.app.office().check()
    shop.later(timedelta(days=4))
    shop.app.sync_customers()

    lamp = shop.app.status()

    assert lamp.light is Light.YELLOW
    assert "posplugin outbox sync" in lamp.text


def test_one_document_that_cannot_be_read_stops_no_other(shops: OpenShop) -> None:
    """A total that is a double, and one that is no number at all."""
    shop = shops()
    shop.evening(3)
    shop.send()
    rows = shop.go._office.state._rows[CLIENT_KEY, "order"]
    first, second, _ = rows.values()
    first["TotalAmount"] += Decimal("0.00000000000001")
    second["TotalAmount"] = None
    shop.sell("4")

    assert shop.send().stopped == []
    shop.later()
    assert shop.app.follow() == []

    reasons = Counter(record.reason for record in shop.records())
    assert reasons == {None: 3, Reason.CHANGED: 1}
    assert {record.status for record in shop.records()} == {Status.DELIVERED}


def test_what_is_put_right_there_is_right_here(shops: OpenShop) -> None:
    shop = shops()
    order = _delivered(shop).accounting_id or ""
    shop.go.edit_order(order, CustomerNo=10003)
    assert _followed(shop).needs_a_person
    shop.go.edit_order(order, CustomerNo=10002)

    record = _followed(shop)

    assert (record.accounting_state, record.reason, record.detail) == (Stage.DRAFT, None, None)


@pytest.mark.parametrize(
    ("days", "light", "reason"), [(13, Light.GREEN, None), (16, Light.YELLOW, None), (26, Light.RED, Reason.UNSENT)]
)
def test_drafts_that_nobody_sends_grow_old(days: int, light: Light, reason: Reason | None, shops: OpenShop) -> None:
    """The law wants an invoice within a month: a warning at 14 days, a person at 25; sent, all is well."""
    shop = shops()
    _delivered(shop)
    shop.app.office().check()
    shop.later(timedelta(days=days))
    shop.app.sync_customers()
    record = _followed(shop)

    assert (record.reason, shop.app.status().light) == (reason, light)
    if reason:
        with pytest.raises(IllegalTransition, match="send it"):
            shop.app.office().retry(record)
    shop.go.send_order(record.accounting_id or "")
    record = _followed(shop)
    assert (record.accounting_state, record.reason, shop.app.status().light) == (Stage.SENT, None, Light.GREEN)


def test_an_outage_at_night_says_nothing_of_any_document(shops: OpenShop) -> None:
    shop = shops()
    record = _delivered(shop)
    shop.go.fault("503")

    failures = shop.app.follow()

    assert failures
    assert (shop.record("1"), shop.app.followed()) == (record, None)
