"""A credit note follows its original, wherever that is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from posplugin.domain.sale import OriginalSale
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import CLIENT_KEY
from tests.integration.sender.shop import Shop

Shops = Callable[..., Shop]


def _of(receipt: str, terminal: str = "bar-1") -> OriginalSale:
    return OriginalSale(terminal_id=terminal, sale_id=f"s{receipt}", receipt=receipt)


def _ordered(shop: Shop) -> list[Any]:
    return [order["ExternalImportReference"] for order in shop.go.orders()]


def test_a_credit_note_goes_out_after_its_original_in_the_same_run(shop: Shop) -> None:
    shop.sell("1", {25: 10000})
    shop.sell("2", {25: -10000}, original=_of("1"))

    shop.send()
    assert shop.standing() == {"1": "delivered", "2": "delivered"}
    assert _ordered(shop) == [shop.record("1").reference, shop.record("2").reference]
    assert shop.ledger() == shop.wanted()
    assert shop.go.orders()[1]["RelatedInvoiceNo"] is None


def test_it_names_the_invoice_number_where_the_original_has_one(shop: Shop) -> None:
    shop.sell("1", {25: 10000})
    shop.send()
    sent = shop.go.send_order(shop.go.orders()[0]["Id"])
    shop.sell("2", {25: -4000}, original=_of("1"))

    shop.send()
    assert shop.go.orders()[0]["RelatedInvoiceNo"] == sent["InvoiceNo"]
    assert shop.ledger() == shop.wanted()


def test_it_waits_while_its_original_needs_a_person_and_goes_when_that_is_mended(shop: Shop) -> None:
    shop.sell("1", {12: 11200})
    shop.sell("2", {12: -11200}, original=_of("1"))
    working = shop.settings.get("products", "")
    shop.write(products='vat_25 = "30", vat_15 = "31", rounding = "35"')
    report = shop.send()
    assert (report.waiting, report.attention) == (1, 1)
    assert shop.standing() == {
        "1": "needs_attention: product_missing",
        "2": "pending: waiting_for_original",
    }
    assert shop.record("2").attempts == 0

    del shop.settings["products"]
    assert working == ""
    shop.write()
    shop.app.office().retry(shop.record("1"))
    shop.later(timedelta(minutes=11))
    shop.send()
    assert shop.standing() == {"1": "delivered", "2": "delivered"}
    assert shop.ledger() == shop.wanted()


def test_it_waits_while_nobody_knows_whether_its_original_arrived(shop: Shop) -> None:
    shop.sell("1", {25: 10000})
    shop.sell("2", {25: -10000}, original=_of("1"))
    shop.go.fault("drop-before", path="/SalesOrders/Complete", times=1)
    shop.send()
    assert shop.standing() == {"1": "uncertain", "2": "pending: waiting_for_original"}

    shop.until_quiet()
    assert shop.ledger() == shop.wanted()


def test_another_terminals_original_is_found_by_its_reference(shops: Shops) -> None:
    one, two = shops("bar-1"), shops("bar-2")
    one.sell("1", {25: 10000})
    two.sell("2", {25: -10000}, terminal="bar-2", original=_of("1"))

    two.send()
    assert two.standing() == {"2": "pending: waiting_for_original"}
    one.send()
    two.later(timedelta(minutes=11))
    two.send()
    assert two.standing() == {"2": "delivered"}
    assert two.ledger() == sorted([*one.wanted(), *two.wanted()])


def test_an_original_that_is_nowhere_needs_a_person_after_two_days(shop: Shop) -> None:
    shop.sell("2", {25: -10000}, original=_of("1", "bar-9"))
    shop.send()
    assert shop.standing() == {"2": "pending: waiting_for_original"}

    shop.later(timedelta(days=2, minutes=1))
    shop.send()
    assert shop.standing() == {"2": "needs_attention: waiting_for_original"}
    assert shop.ledger() == []


def test_a_discarded_original_needs_a_person_at_once(shop: Shop) -> None:
    shop.sell("1", {12: 11200})
    shop.sell("2", {12: -11200}, original=_of("1"))
    shop.go.archive_product("32")
    shop.send()
    shop.app.office().discard(shop.record("1"), "written by hand")

    shop.later(timedelta(minutes=11))
    shop.send()
    assert shop.standing() == {"1": "discarded", "2": "needs_attention: waiting_for_original"}
    assert shop.ledger() == []


def test_an_original_that_a_person_deleted_is_not_credited(shop: Shop) -> None:
    shop.sell("1", {25: 10000})
    shop.send()
    shop.go.delete_order(shop.go.orders()[0]["Id"])
    shop.sell("2", {25: -10000}, original=_of("1"))

    shop.send()
    assert shop.record("2").status is Status.PENDING
    shop.later(timedelta(days=3))
    shop.send()
    assert shop.standing() == {"1": "delivered", "2": "needs_attention: waiting_for_original"}
    assert shop.ledger() == []


def test_a_credit_note_waits_while_poweroffice_will_not_tell_of_invoices(shop: Shop) -> None:
    """The privilege to list them is missing (U14 b): the run stops and says so, and the record costs nothing."""
    shop.sell("1", {25: 10000})
    shop.send()
    shop.sell("2", {25: -10000}, original=_of("1"))
    shop.go.switch("U14", "b")
    shop.go.set_privilege("OutgoingInvoice_Full", False)
    shop.go.revoke_tokens()

    report = shop.send()
    assert report.stopped
    assert "Missing privilege" in report.stopped[0]
    assert shop.standing()["2"].startswith("pending")


@pytest.mark.parametrize("followed", [False, True])
def test_what_was_reversed_there_is_not_credited_once_more(followed: bool, shop: Shop) -> None:
    shop.sell("1", {25: 10000})
    shop.send()
    invoice = shop.go.send_order(shop.go.orders()[0]["Id"])
    shop.later()
    shop.app.follow()
    shop.go._office.state._rows[CLIENT_KEY, "invoice"][invoice["Id"]]["IsReversed"] = True
    if followed:
        shop.later()
        shop.app.follow()
    shop.sell("2", {25: -10000}, original=_of("1"))

    shop.send()

    assert shop.standing()["2"] == "needs_attention: waiting_for_original"
    assert shop.go.orders() == []


def test_what_was_sent_with_less_is_not_credited_with_more(shop: Shop) -> None:
    """Whether the change has been seen here yet or not, a person decides first."""
    shop.sell("1", {25: 10000})
    shop.send()
    shop.go.send_order(shop.go.orders()[0]["Id"], -50)
    shop.sell("2", {25: -10000}, original=_of("1"))

    shop.send()

    assert shop.standing()["2"] == "needs_attention: waiting_for_original"
    assert "was sent with 50,00" in (shop.record("2").detail or "")


def test_of_another_terminals_invoice_the_one_that_was_made_again_is_named(shops: Shops) -> None:
    there, here = shops("bar-2"), shops("bar-1")
    there.sell("1", {25: 10000}, terminal="bar-2")
    there.send()
    wrong = there.go.send_order(there.go.orders()[0]["Id"], 100)
    there.later()
    there.app.follow()
    there.go.pay(wrong["InvoiceNo"])
    there.app.office().retry(there.record("1"))
    there.send()
    right = there.go.send_order(there.go.orders()[0]["Id"])
    here.sell("2", {25: -10000}, original=_of("1", "bar-2"))

    here.send()

    assert here.standing() == {"2": "delivered"}
    assert there.go.orders()[0]["RelatedInvoiceNo"] == right["InvoiceNo"]


@pytest.mark.parametrize("terminals", [("bar-1", "bar-1"), ("bar-1", "bar-2")], ids=["ours", "another's"])
def test_after_days_of_outage_an_original_that_was_delivered_just_now_is_waited_for(
    terminals: tuple[str, str], shops: Shops
) -> None:
    """PowerOffice does not show at once what it has taken, and the credit note is days old already."""
    first, second = terminals
    one = shops(first)
    two = one if second == first else shops(second)
    one.sell("1", {25: 10000})
    two.sell("2", {25: -4000}, terminal=second, original=_of("1"))
    for shop in {id(one): one, id(two): two}.values():
        shop.later(timedelta(days=3))
    one.go.switch("U4", "b")

    one.send()
    two.send()
    assert two.standing()["2"] == "pending: waiting_for_original"

    two.later(timedelta(minutes=11))
    two.send()
    assert two.standing()["2"] == "delivered"
