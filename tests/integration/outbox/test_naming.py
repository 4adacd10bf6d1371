"""Which record a person means, by what is typed in a command."""

from __future__ import annotations

import pytest

from posplugin.domain.documents import Invoice
from posplugin.domain.errors import OutboxError
from posplugin.outbox.naming import SeveralMatch
from posplugin.outbox.reference import CODE_AT, code_in
from posplugin.outbox.store import Outbox
from tests.fixtures.sales import invoice, request, sale, tender


def of(sale_id: str, receipt: str = "1041", tender_id: str = "t-1") -> Invoice:
    return invoice(request(sale(tenders=[tender(tender_id=tender_id)], sale_id=sale_id, receipt=receipt)))


def test_a_record_is_found_by_its_reference_its_receipt_or_the_beginning_of_its_code(outbox: Outbox) -> None:
    one, other = outbox.authorize(of("s-1")), outbox.authorize(of("s-2", receipt="1042"))
    assert outbox.by_reference(one.reference) == one
    assert outbox.by_reference(one.reference[CODE_AT : CODE_AT + 8]) == one
    code = code_in(one.reference)
    assert [outbox.by_reference(part) for part in (code, code[:8], code[:6])] == [one] * 3
    assert outbox.by_reference("1042") == other
    for unknown in (
        "nothing",
        "",
        "pp-",
        one.reference[CODE_AT : CODE_AT + 5],
        one.reference[CODE_AT + 1 : CODE_AT + 9],
    ):
        with pytest.raises(OutboxError, match="no record matches"):
            outbox.by_reference(unknown)


def test_payments_of_one_receipt_have_codes_of_their_own(outbox: Outbox) -> None:
    both = [outbox.authorize(of("s-2", receipt="1042", tender_id=tender)) for tender in ("t-1", "t-2")]
    assert [outbox.by_reference(code_in(record.reference)) for record in both] == both
    for shared in ("1042", both[0].reference[CODE_AT : CODE_AT + 8], code_in(both[0].reference)[:6]):
        with pytest.raises(SeveralMatch) as found:
            outbox.by_reference(shared)
        assert list(found.value.records) == both


def test_a_payment_that_was_voided_is_left_out_where_one_other_is_left(outbox: Outbox) -> None:
    first = outbox.authorize(of("s-2", receipt="1042", tender_id="t-1"))
    voided = outbox.void(first.ref, "another card")
    assert outbox.by_reference("1042") == voided
    again = outbox.authorize(of("s-2", receipt="1042", tender_id="t-2"))
    assert outbox.by_reference("1042") == outbox.by_reference(code_in(again.reference)[:6]) == again
    assert outbox.by_reference(code_in(first.reference)) == outbox.by_reference(first.reference) == voided
