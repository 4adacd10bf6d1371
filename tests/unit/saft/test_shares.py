"""What was paid of a line at the till is what its invoices do not carry, to the øre."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posplugin.bookkeeping.invoicing import invoiced_items
from posplugin.domain.errors import UsageError
from posplugin.domain.sale import LineKind, Sale, SaleLine, Tender
from posplugin.domain.shares import invoiced_amount, paid_per_line

AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
lines = st.lists(
    st.builds(
        lambda amount, rate, kind: SaleLine(
            description="x", amount=amount, vat_rate=0 if kind is LineKind.GIFT_CARD else rate, kind=kind
        ),
        st.integers(-30_000, 90_000),
        st.sampled_from([0, 12, 15, 25]),
        st.sampled_from(LineKind),
    ),
    min_size=1,
    max_size=7,
)


@given(lines, st.lists(st.integers(1, 20_000), max_size=3))
def test_the_invoices_and_the_till_share_each_line_between_them(sold: list[SaleLine], parts: list[int]) -> None:
    total = sum(line.amount for line in sold)
    invoices = [Tender(tender_id=str(n), channel="invoice", amount=part) for n, part in enumerate(parts)]
    rest = Tender(tender_id="rest", channel="card", amount=total - sum(parts))
    sale = Sale(sale_id="S", terminal_id="T", at=AT, lines=tuple(sold), tenders=(*invoices, rest))
    try:
        carried = [invoiced_items(sale, tender.tender_id) for tender in invoices]
    except UsageError:
        with pytest.raises(UsageError, match="cannot be shared"):
            paid_per_line(sale)
        return

    paid = paid_per_line(sale)

    assert sum(paid) == total - invoiced_amount(sale)
    assert [line.amount for line in sold] == [
        here + sum(items[place].invoiced for items in carried) for place, here in enumerate(paid)
    ]
