"""After every fault: is the ledger whole?"""

from __future__ import annotations

from collections import defaultdict

from posplugin.domain.documents import RecordKind
from posplugin.domain.reasons import Reason
from posplugin.outbox.lifecycle import Status
from posplugin.texts import texts
from tests.integration.sender.shop import Shop

#: Where a record may stand when nothing is under way any more.
_AT_REST = {Status.DELIVERED, Status.NEEDS_ATTENTION, Status.CANCELLED, Status.DISCARDED, Status.REVERSED}


def is_whole(shop: Shop) -> None:
    """Each sale stands in PowerOffice once, equal to the øre, or waits for a person with a reason that has a remedy."""
    there: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for reference, customer, amount in shop.ledger():
        there[reference.rpartition("-")[0]].append((customer, amount))
    for record in shop.records():
        if record.kind is RecordKind.SETTLEMENT:
            continue
        documents = there.pop(record.reference.rpartition("-")[0], [])
        assert record.status in _AT_REST, (record.receipt, record.status, record.detail)
        assert len(documents) <= 1, (record.receipt, documents)
        if record.status is Status.DELIVERED:
            assert documents == [(record.customer_number, record.amount)], (record.receipt, documents)
        if record.needs_a_person:
            has_a_remedy(record.reason)
    assert not there, f"nobody here made these: {dict(there)}"


def has_a_remedy(reason: Reason | None) -> None:
    """What a person must act on says why, and what to do, in both languages."""
    assert reason is not None
    for language in ("nb", "en"):
        told = texts(language).reason[reason]
        assert told.sentence
        assert told.remedy


def is_delivered_whole(shop: Shop) -> None:
    """Everything final stands in PowerOffice, once and to the øre."""
    is_whole(shop)
    assert {record.status for record in shop.records()} == {Status.DELIVERED}, shop.standing()
    invoices = [record for record in shop.records() if record.kind is not RecordKind.SETTLEMENT]
    wanted = sorted((record.reference, record.customer_number, record.amount) for record in invoices)
    assert shop.ledger() == wanted
