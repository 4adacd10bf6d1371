"""Settings that change while something is on its way."""

from __future__ import annotations

from collections.abc import Callable

from posplugin.domain.reasons import Reason
from tests.faults.ledger import is_delivered_whole
from tests.faults.till import MODES
from tests.integration.sender.shop import LEDGER, Shop


def test_what_was_sold_before_the_vat_was_reported_by_another_waits_until_its_products_are_back(
    shops: Callable[..., Shop],
) -> None:
    """At 0 % the totals would agree, and nobody would see that the turnover is on the wrong account."""
    shop = shops()
    shop.sell("1", {0: 10000})
    shop.sell("2", {25: 10000})
    shop.write(ledger=LEDGER, **MODES["settlement"])
    shop.until_quiet()
    told = {(record.reason, record.detail) for record in shop.records()}
    assert {reason for reason, _ in told} == {Reason.VAT_REPORTED_TWICE}
    assert 'sold while invoicing.vat_reported_by was "invoice"' in str(told)
    assert shop.posts() == 0

    shop.write(**MODES["invoice"])
    shop.reopen()
    assert all(finding.ok for finding in shop.app.office().check())
    shop.until_quiet()

    is_delivered_whole(shop)
