"""What a person or the till has let go stays out of PowerOffice, whatever is said of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from posplugin.domain.payment import PaymentVoid
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.integration.sender.settled import settled
from tests.integration.sender.shop import SETTLES, Shop, settling

OpenShop = Callable[..., Shop]


def _runs(shop: Shop) -> None:
    """Some runs, a restart and a day between them."""
    for _ in range(2):
        shop.send()
        shop.later(timedelta(days=1))
        shop.reopen()


def test_what_was_discarded_is_never_sent_though_the_till_says_it_again(shops: OpenShop, go: Simulator) -> None:
    shop = settling(shops)
    asked = shop.promise("1", {25: 10000})
    shop.app.till().capture(asked)
    z = shop.close_day(1)
    for record in shop.records():
        held = shop.app.outbox.move(record, Status.NEEDS_ATTENTION, "sender", "x", reason=Reason.REJECTED)
        shop.app.office().discard(held, "posted by hand")

    _runs(shop)
    shop.app.till().authorize(asked)
    shop.app.till().capture(asked)
    shop.app.till().day_closed(z)
    shop.app.office().retry_all(shop.records())
    _runs(shop)

    assert shop.statuses() == {Status.DISCARDED}
    assert (shop.ledger(), settled(go)) == ([], {})
    assert (shop.posts(), shop.journal_posts()) == (0, 0)


def test_what_was_voided_is_never_sent_though_it_is_captured_after_that(shops: OpenShop) -> None:
    """Promised before, or never heard of: a person decides."""
    shop = shops(**SETTLES)
    promised, unheard = shop.promise("1", {25: 10000}), shop.request("2", {25: 20000})
    for asked in (promised, unheard):
        shop.app.till().void(PaymentVoid(ref=asked.ref, why="paid by card"))
    _runs(shop)
    for asked in (promised, unheard):
        shop.app.till().capture(asked)

    _runs(shop)

    assert {record.reason for record in shop.records()} == {Reason.CAPTURED_AFTER_VOID}
    assert (shop.statuses(), shop.posts(), len(shop.records())) == ({Status.NEEDS_ATTENTION}, 0, 2)
