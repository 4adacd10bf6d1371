"""What a customer owes, followed through PowerOffice by real readings: draft, invoice, payment, credit note."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from posplugin.domain.customer import CustomerTerms
from posplugin.domain.payment import Refusal, RefusalCode
from posplugin.domain.sale import OriginalSale
from posplugin.settings.clients import go_clients
from posplugin.simulator import SECOND_CLIENT_KEY, Simulator
from tests.integration.sender.shop import CAFE, Shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with Simulator(None, requests_per_second=1000) as go:
        shop = Shop(tmp_path / "bar-1", go, more=CAFE, invoicing='credit_limit = "block"')
        yield shop
        shop.close()


def owed(shop: Shop, customer: int = 10002) -> int:
    return shop.app.customers.accounts.get(customer).open_amount


def read(shop: Shop) -> None:
    shop.later(timedelta(hours=1))
    shop.app.sync_customers()


def test_from_the_promise_to_the_payment_it_counts_once(shop: Shop) -> None:
    shop.promise("1", {25: 100_00})
    shop.sell("2", 50_00)
    assert owed(shop) == 150_00
    shop.send()
    assert owed(shop) == 150_00
    read(shop)
    assert owed(shop) == 150_00

    invoice = shop.go.send_order(str(shop.go.orders()[0]["Id"]))
    read(shop)
    assert owed(shop) == 150_00
    shop.go.pay(invoice["InvoiceNo"])
    assert owed(shop) == 150_00, "nobody has told us yet"
    read(shop)
    assert owed(shop) == 100_00
    assert shop.app.customers.accounts.get(10002).open_there == 0


def test_goods_that_come_back_make_room_before_and_after_their_credit_note(shop: Shop) -> None:
    shop.app.customers.accounts.set_terms(10002, CustomerTerms(credit_limit=100_00), "test")
    shop.sell("1", 100_00)
    refused = shop.app.till().authorize(shop.request("2", {25: 1}))
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.CREDIT_LIMIT

    shop.sell("3", {25: -60_00}, original=OriginalSale(terminal_id="bar-1", sale_id="s1"))
    assert owed(shop) == 40_00
    shop.send()
    read(shop)
    assert (owed(shop), shop.statuses()) == (40_00, {"delivered"})
    shop.promise("4", {25: 60_00})


def test_what_was_lost_on_the_way_back_counts_once(shop: Shop) -> None:
    """It stands in PowerOffice, and waits here to be looked up: a reading in between does not see it twice."""
    shop.sell("1", 100_00)
    shop.go.fault("drop-after", path="SalesOrders/Complete")
    shop.send()
    assert len(shop.go.orders()) == 1
    read(shop)
    assert owed(shop) == 100_00
    shop.until_quiet()
    assert (owed(shop), shop.statuses()) == (100_00, {"delivered"})
    read(shop)
    assert owed(shop) == 100_00


def test_a_reading_the_moment_after_a_delivery_counts_it_though_the_list_lags(shop: Shop) -> None:
    """U4: what PowerOffice has accepted shows some seconds later; the next reading is a day away."""
    shop.go.switch("U4", "b")
    shop.sell("1", 100_00)
    shop.send()
    shop.app.sync_customers()
    assert owed(shop) == 100_00
    read(shop)
    assert owed(shop) == 100_00


def test_another_departments_customer_owes_in_its_own_client(shop: Shop) -> None:
    shop.sell("1", 100_00, department="cafe")
    shop.send()
    read(shop)
    assert len(shop.go.orders(SECOND_CLIENT_KEY)) == 1
    clients = {client.name: client for client in go_clients(shop.app.settings)}
    assert shop.app.customers.of(clients[""]).accounts.get(10002).open_amount == 0
    assert shop.app.customers.of(clients["cafe"]).accounts.get(10002).open_amount == 100_00


def test_a_register_of_any_client_that_is_a_day_old_is_read_anew(shop: Shop) -> None:
    """By itself: the terminal's own being fresh is not enough."""
    shop.app.follow()
    assert shop.app._daily_due(shop.clock(), None) is None
    shop.later(timedelta(days=1, minutes=1))
    shop.app.follow()
    own, cafe = (shop.app.customers.of(client) for client in go_clients(shop.app.settings))
    own.store([], shop.clock())

    assert shop.app._daily_due(shop.clock(), None) == "customers"
    shop.app.sync_customers()
    assert shop.app._daily_due(shop.clock(), None) is None
    synced = cafe.synced()
    assert synced is not None
    assert shop.clock() - synced < timedelta(minutes=1)


def test_a_department_that_comes_to_share_the_keys_finds_links_and_terms(shop: Shop) -> None:
    """ "aft" sorts before "cafe", and names their client from now on."""
    cafe = shop.app.customers.of(go_clients(shop.app.settings)[1])
    cafe.accounts.set_terms(10002, CustomerTerms(credit_limit=5_00), "test")
    cafe.link("crm-1", 10002, "test")
    shop.write(more=CAFE + CAFE.replace("[departments.cafe]", "[departments.aft]"))
    shop.reopen()
    read(shop)

    named = go_clients(shop.app.settings)[1]
    assert (named.name, named.departments) == ("aft", ("aft", "cafe"))
    assert shop.app.customers.of(named).accounts.terms(10002) == CustomerTerms(credit_limit=5_00)
    assert shop.app.customers.of(named).linked("crm-1") == 10002
