"""A file that is cut short, or has bits that are not as they were written."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from posplugin.app import App
from posplugin.domain.errors import PosPluginError
from posplugin.domain.payment import Refusal
from posplugin.domain.reasons import Reason
from posplugin.hooks import PosHost
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.reading import damaged
from posplugin.simulator import Simulator
from tests.disk.conftest import Command, ready
from tests.disk.ledger import Ledger, payment, refused_cleanly
from tests.fixtures.settings import write_settings
from tests.integration.sender.shop import Shop

#: Random bits that are turned, each in a file of its own: more by hand, POSPLUGIN_TEST_FLIPS=2000.
FLIPS = int(os.environ.get("POSPLUGIN_TEST_FLIPS", "20"))


@pytest.fixture(scope="session")
def sold(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An outbox of twenty sales."""
    config = write_settings(tmp_path_factory.mktemp("sold") / "posplugin.toml", schedule={"automatic": False})
    ready(config)
    with App.open(config) as app, app.database.transaction():
        for number in range(20):
            app.till().authorize(payment(f"s-{number}"))
            app.till().capture(payment(f"s-{number}"))
    return config.with_name("outbox.sqlite3").read_bytes()


@pytest.fixture
def full(config: Path, path: Path, ledger: Ledger, sold: bytes) -> Path:
    """An outbox of twenty sales, closed."""
    path.write_bytes(sold)
    ledger.final = {payment(f"s-{number}").ref for number in range(20)}
    return path


@pytest.mark.parametrize("part", [0.001, 0.25, 0.75, 0.999])
@pytest.mark.parametrize("on_page", [True, False], ids=["page", "odd"])
def test_a_file_that_is_cut_short_is_refused_in_words_and_left_as_it_is(
    part: float, on_page: bool, *, full: Path, ledger: Ledger, start: Callable[..., PosHost], command: Command
) -> None:
    kept = full.read_bytes()
    length = int(len(kept) * part)
    full.write_bytes(kept[: max(1, length // 4096) * 4096 if on_page else length | 1])
    cut = full.read_bytes()

    host = start()
    assert not host.channels()
    assert not ledger.sell(host, payment("new"))
    refused_cleanly(ledger.refused[-1])
    for arguments in (("status",), ("outbox", "list"), ("check", "--no-draft")):
        code, said = command(*arguments)
        assert code == 1
        assert "er skadet" in said
    assert said.startswith("107")
    assert full.read_bytes() == cut
    host.shutdown()

    full.write_bytes(kept)
    start().shutdown()
    ledger.must_stand_in(full.with_name("posplugin.toml"))


def test_a_file_that_is_cut_to_nothing_is_an_empty_outbox_that_promises_nothing(
    full: Path, start: Callable[..., PosHost], command: Command
) -> None:
    """As a file that is not there. Without customers there is no promise, and the lamp is red."""
    full.write_bytes(b"")
    host = start()

    assert isinstance(host.authorize(payment("new")), Refusal)
    assert "Kundelisten er ikke hentet ennå" in " ".join(host.status()[0].notices)
    assert command("status", "--line")[1].startswith("RED")


# -- bits --------------------------------------------------------------------------------------------------------------


def flip(path: Path, random_: random.Random) -> None:
    """Turn one bit anywhere in a file."""
    data = bytearray(path.read_bytes())
    at = random_.randrange(len(data))
    data[at] ^= 1 << random_.randrange(8)
    path.write_bytes(data)


@pytest.mark.parametrize("seed", range(FLIPS))
def test_a_bit_that_turns_anywhere_never_makes_a_traceback_or_another_invoice(
    seed: int, full: Path, config: Path, command: Command
) -> None:
    with App.open(config) as app:
        wanted = {(r.reference, r.customer_number, r.amount): r.invoice() for r in app.outbox.select("1")}
    flip(full, random.Random(seed))

    for arguments in (("status",), ("outbox", "list"), ("check", "--no-draft")):
        assert command(*arguments)[0] in {0, 1, 3}
    going_out = {}
    try:
        with App.open(config) as app:
            for record in app.outbox.in_status(Status.PENDING):
                try:
                    going_out[record.reference, record.customer_number, record.amount] = record.invoice()
                except ContentDamaged:
                    continue
    except PosPluginError:
        return
    assert going_out.items() <= wanted.items()


def set_bits(path: Path, sql: str, *values: object) -> None:
    """Change the file behind the product's back."""
    connection = apsw.Connection(str(path))
    connection.execute(sql, values)
    connection.close()


#: A column of the row, and what a turned bit may make of it.
CELLS = {
    "document": "replace(document, '10000', '10001')",
    "sha256": "CASE WHEN sha256 LIKE '0%' THEN '1' ELSE '0' END || substr(sha256, 2)",
    "schema_version": "0",
    "reference": "replace(reference, '-i-', '-m-')",
    "reference, its installation": "'pp-xxxxxxxx' || substr(reference, 12)",
    "reference, its generation": "substr(reference, 1, length(reference) - 1) || 'q'",
    "kind": "'credit_note'",
    "terminal_id": "'bar-3'",
    "sale_id": "'s-3!'",
    "tender_id": "'2'",
    "department": "'baz'",
    "business_date": "'2026-19-20'",
    "receipt": "'2?'",
    "customer_number": "10003",
    "customer_name": "'Annen'",
    "amount": "amount + 1",
    "created_at": "'2026-19-20'",
    "updated_at": "'2026-19-20'",
    "not_before": "'x'",
    "document, no text": "CAST(x'7bff7d' AS TEXT)",
    "customer_name, no text": "CAST(x'4b65ff' AS TEXT)",
}
#: Nothing that is sent or compared hangs on these.
HARMLESS = {"created_at", "not_before"}


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_not_as_it_was_written_is_never_sent_and_waits_for_a_person_and_the_others_go(
    cell: str, tmp_path: Path
) -> None:
    with Simulator(None, requests_per_second=10_000) as go:
        shop = Shop(tmp_path / "bar-1", go)
        for receipt in "123":
            shop.sell(receipt)
        (_, hit, _) = shop.records()
        shop.app.database.execute(f"UPDATE records SET {cell.partition(',')[0]} = {CELLS[cell]} WHERE id = {hit.id}")
        shop.reopen()

        assert list(_told(shop)) == ([] if cell in HARMLESS else [hit.id])
        shop.send()

        sent = {reference for reference, _, _ in shop.ledger()}
        if cell in HARMLESS:
            assert len(sent) == 3
        else:
            others = {record.reference for record in shop.app.outbox.select("id <> ?", (hit.id,))}
            assert sent == others
            (left,) = shop.app.outbox.select("id = ?", (hit.id,))
            if cell != "updated_at":  # without it no row can be changed
                assert (left.status, left.reason) == (Status.NEEDS_ATTENTION, Reason.CONTENT_DAMAGED)
                assert shop.app.outbox.needing_a_person() == [left]
            shop.later()
            shop.send()
            assert {reference for reference, _, _ in shop.ledger()} == others
        shop.close()


def _told(shop: Shop) -> list[int]:
    """The records that `check` names as damaged."""
    named = {reference for reference, _ in damaged(shop.app.outbox)}
    return [record.id for record in shop.records() if record.reference in named]


def test_a_status_that_there_is_not_is_told_by_check(full: Path, command: Command) -> None:
    set_bits(full, "UPDATE records SET status = 'pendinf' WHERE id = 3")

    code, said = command("check", "--no-draft")
    assert code == 1
    assert "107 utboksens innhold" in said
    assert "raden har en status eller et tidspunkt som ikke finnes" in said
    assert command("outbox", "list")[0] == 0


def test_an_index_that_is_not_as_its_table_is_found_by_check(full: Path, command: Command) -> None:
    """What a quick check of SQLite leaves out, and where a record would be overlooked for ever."""
    connection = apsw.Connection(str(full))
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, 'business_date', 'receipt') WHERE name = 'records_day'"
    )
    connection.close()
    connection = apsw.Connection(str(full))
    assert [*connection.execute("PRAGMA quick_check")] == [("ok",)]
    connection.close()

    assert "107 utboksens innhold" in command("check", "--no-draft")[1]


def test_a_row_that_nobody_can_read_hides_no_other(full: Path, command: Command) -> None:
    set_bits(full, "UPDATE records SET customer_name = CAST(x'ff' AS TEXT), kind = 'invoice' WHERE id = 3")
    code, said = command("outbox", "list")
    assert code == 0
    assert said.count("s-") >= 1 or "20" in said


@pytest.mark.parametrize("column", ["created_at", "business_date", "reference"])
def test_a_text_that_one_bit_has_made_bytes_of_hides_no_other(column: str, full: Path, command: Command) -> None:
    """A row tells the type of each of its values; SQLite does not look at it again."""
    strict = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = {} WHERE name = 'records'"
    set_bits(full, strict.format("substr(sql, 1, length(sql) - length('STRICT'))"))
    set_bits(full, f"UPDATE records SET {column} = CAST({column} AS BLOB) WHERE id = 3")
    set_bits(full, strict.format("sql || 'STRICT'"))

    assert command("outbox", "list")[0] == 0
    assert "107" in command("check", "--no-draft")[1]
    with App.open(full.with_name("posplugin.toml")) as app:
        assert len(app.outbox.in_status(Status.PENDING)) == 20


@pytest.mark.parametrize("where", ["notes SET at", "events SET at", "runs SET started_at"])
def test_a_time_that_is_none_any_more_is_long_ago_and_stops_nobody(
    where: str, full: Path, command: Command, start: Callable[..., PosHost]
) -> None:
    set_bits(full, "INSERT INTO runs (cause, started_at) VALUES ('schedule', '2026-11-20T02:00:00.000000Z')")
    set_bits(full, f"UPDATE {where} = '2026,11-20T02:00:00.000000Z'")

    for arguments in (("status",), ("outbox", "list"), ("check", "--no-draft"), ("outbox", "show", "s-3")):
        assert command(*arguments)[0] in {0, 1, 3}
    host = start()
    host.status()
    assert not host.failures
