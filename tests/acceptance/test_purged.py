"""After a purge nobody's name is left in the file, its free pages, its index or its log: the bytes are searched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import apsw
import pytest

from posplugin.domain.customer import Customer
from posplugin.domain.documents import RecordKind
from posplugin.domain.errors import OutboxUnavailable
from posplugin.domain.payment import PaymentField
from posplugin.domain.reasons import Reason
from posplugin.outbox import database
from posplugin.outbox.facts import digest
from posplugin.outbox.keeping import PURGED
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.opening import BEGUN_CLEAN
from posplugin.simulator import Simulator
from tests.fixtures.old import grow_old
from tests.integration.sender.shop import CUSTOMER, Shop

LAWFUL = date(datetime.now(UTC).year - 5, 1, 1)
#: In every text that tells of a person, at the till or afterwards.
NAME = "Hemmeligsen"
GONE = 10_777
COUNT = 12


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Shop]:
    with Simulator(None, requests_per_second=10_000) as go:
        opened = Shop(tmp_path, go)
        yield opened
        opened.close()


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """Sold to people, amended by technicians, refused by PowerOffice in words that name them, and old."""
    _fill(empty)
    return empty


@pytest.fixture
def old_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """The same, by a posplugin that overwrote nothing that it deleted."""
    with Simulator(None, requests_per_second=10_000) as go:
        with monkeypatch.context() as patch:
            patch.setitem(database._PRAGMAS, "secure_delete", 0)
            opened = Shop(tmp_path, go)
            opened.app.database.execute("DELETE FROM notes WHERE name = ?", (BEGUN_CLEAN,))
            _fill(opened)
        opened.reopen()
        yield opened
        opened.close()


def _fill(opened: Shop) -> None:
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


def test_nothing_is_left_of_what_an_older_posplugin_deleted(old_shop: Shop) -> None:
    """Where others write to the file it is not purged, until it can be written anew."""
    old_shop.app.database.wait = 0.1
    with closing(apsw.Connection(str(old_shop.app.database.path))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutboxUnavailable, match="busy"):
            old_shop.app.office().purge(LAWFUL)
        other.execute("ROLLBACK")
    assert old_shop.app.office().to_purge(LAWFUL).purged == COUNT

    assert old_shop.app.office().purge(LAWFUL).purged == COUNT
    assert NAME.lower().encode() not in _bytes(old_shop)
    assert old_shop.app.database.integrity() == "ok"
    assert [match.customer.number for match in old_shop.app.customers.search("bergen havn")] == [CUSTOMER]


def test_only_a_file_of_before_is_written_anew_and_once(empty: Shop) -> None:
    asked: list[str] = []

    def hear(_: object, sql: str, __: object) -> bool:
        asked.append(sql)
        return True

    kept = empty.app.database
    kept._peewee.connection().exec_trace = hear
    empty.app.office().purge(LAWFUL)
    assert "VACUUM" not in asked

    kept.execute("DELETE FROM notes WHERE name = ?", (BEGUN_CLEAN,))
    for _ in range(2):
        empty.app.office().purge(LAWFUL)
    assert asked.count("VACUUM") == 1


def test_what_people_wrote_loses_whole_names_and_nothing_else(empty: Shop) -> None:
    """Short notes and references stand in many words; and our own words of the purge are nobody's name."""
    of_us = {PaymentField.PURPOSE: "requests", PaymentField.PARTICIPANTS: "final"}
    fields = {PaymentField.NOTE: "of", PaymentField.YOUR_REFERENCE: "Per"} | of_us
    empty.sell("99", customer=CUSTOMER, fields=fields)
    outbox = empty.app.outbox
    outbox.move(empty.record("99"), Status.NEEDS_ATTENTION, "sender", "x", reason=Reason.REJECTED)
    words = "Posted by hand, voucher 1234, see the email of 3 May to {}, on paper; {}"
    empty.app.office().discard(empty.record("99"), words.format("PER", "Bergen Havnelag AS"))
    grow_old(outbox)

    empty.app.office().purge(LAWFUL)

    record = empty.record("99")
    told = [event.why for event in outbox.events(record)]
    assert told == ["authorized by the till", "the sale is final", "x", words.format("***", "***"), PURGED]
    assert record.detail == words.format("***", "***")
