"""After a purge nobody's name is left in the file, its free pages, its index or its log: the bytes are searched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from posplugin.domain.customer import Customer
from posplugin.domain.documents import RecordKind
from posplugin.domain.payment import PaymentField
from posplugin.domain.reasons import Reason
from posplugin.outbox.facts import digest
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.fixtures.old import grow_old
from tests.integration.sender.shop import CUSTOMER, Shop

LAWFUL = date(datetime.now(UTC).year - 5, 1, 1)
#: In every text that tells of a person, at the till or afterwards.
NAME = "Hemmeligsen"
GONE = 10_777
COUNT = 12


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Sold to people, amended by technicians, refused by PowerOffice in words that name them, and old."""
    with Simulator(None, requests_per_second=10_000) as go:
        opened = Shop(tmp_path, go)
        there = [Customer(number=GONE, name=f"Ola {NAME}"), Customer(number=CUSTOMER, name="Bergen Havnelag AS")]
        opened.app.customers.store(there, opened.clock())
        for number in range(COUNT):
            fields = {field: f"{field} {NAME} {number} " + "å" * 80 for field in PaymentField}
            opened.sell(str(number), {25: 10000 + number}, customer=GONE, fields=fields)
        office = opened.app.office()
        for number in range(COUNT):
            for reference in (f"Per {NAME}", f"Kari {NAME} " * 9, f"{NAME}"):
                office.amend(opened.record(str(number)), your_reference=reference)
            outbox = opened.app.outbox
            outbox.move(opened.record(str(number)), Status.SENDING, "sender", "taken in hand")
            words = f"400 Customer Ola {NAME} is archived"
            outbox.move(
                opened.record(str(number)),
                Status.NEEDS_ATTENTION,
                "sender",
                words,
                reason=Reason.REJECTED,
                detail=words,
            )
            office.discard(opened.record(str(number)), f"fakturert for hånd til Ola {NAME}")
        opened.app.customers.store(there[1:], opened.clock(), everything=True)
        grow_old(opened.app.outbox)
        yield opened
        opened.close()


def _bytes(shop: Shop) -> bytes:
    files = [file for file in shop.config.parent.iterdir() if file.name.startswith("outbox")]
    assert len(files) >= 2
    return b"".join(file.read_bytes() for file in files).lower()


def test_no_byte_of_a_name_is_left(shop: Shop) -> None:
    assert NAME.lower().encode() in _bytes(shop)
    hashes = {record.id: record.sha256 for record in shop.records()}
    events = shop.app.database.rows("SELECT count(*) FROM events")[0][0]

    done = shop.app.office().purge(LAWFUL)

    assert (done.purged, done.kept_back, done.failed) == (COUNT, 0, 0)
    assert NAME.lower().encode() not in _bytes(shop)
    shop.app.database.backup(shop.config.parent / "copy.sqlite3")
    assert NAME.lower().encode() not in (shop.config.parent / "copy.sqlite3").read_bytes().lower()
    assert shop.app.database.integrity() == "ok"
    assert shop.app.database.rows("SELECT count(*) FROM events")[0][0] == events + COUNT
    for record in shop.records():
        assert record.sha256 == digest(record.document) != hashes[record.id]
        assert (record.kind, record.invoice().total) == (RecordKind.INVOICE, 10000 + int(record.receipt))
        (last,) = shop.app.database.rows(
            "SELECT why FROM events WHERE record_id = ? ORDER BY id DESC LIMIT 1", (record.id,)
        )
        assert str(last[0]).startswith("purged: ")


def test_a_customer_who_is_still_one_is_found(shop: Shop) -> None:
    shop.app.office().purge(LAWFUL)

    assert [match.customer.number for match in shop.app.customers.search("bergen havn")] == [CUSTOMER]
    assert shop.app.customers.search("hemmelig") == []
