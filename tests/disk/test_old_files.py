"""Files of every version that there has been are opened and go on; none of their sales is lost or sent twice."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from posplugin.domain.errors import SchemaTooNew
from posplugin.domain.payment import Outcome, PaymentRef
from posplugin.outbox import migrations
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import Status
from posplugin.simulator import Simulator
from tests.integration.sender.shop import SETTLES, Shop

FOLDER = Path(__file__).parents[1] / "fixtures" / "outboxes"
VERSIONS = range(1, len(migrations.STEPS) + 1)
#: Where each receipt stands in the file, whichever its version.
STANDING = {
    **dict.fromkeys(("101", "102", "109"), "pending"),
    "103": "authorized",
    "104": "cancelled",
    "105": "needs_attention",
    "106": "delivered",
    "107": "uncertain",
    "108": "sending",
}


def unpack(version: int, to: Path) -> Path:
    """Put the file of a version somewhere."""
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(gzip.decompress((FOLDER / f"version-{version}.sqlite3.gz").read_bytes()))
    to.chmod(0o600)
    return to


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = apsw.Connection(str(path))
    try:
        return list(connection.execute(sql))
    finally:
        connection.close()


def test_there_is_a_file_of_each_version_and_no_other() -> None:
    assert sorted(file.name for file in FOLDER.glob("*.gz")) == [f"version-{n}.sqlite3.gz" for n in VERSIONS]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_steps_are_those_that_made_the_file(version: int, tmp_path: Path) -> None:
    """A step is never edited: files out there have been through it."""
    path = unpack(version, tmp_path / "outbox.sqlite3")
    made = apsw.Connection(":memory:")
    for step in migrations.STEPS[:version]:
        made.execute(step)
    sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"

    assert rows(path, sql) == list(made.execute(sql))
    assert rows(path, "PRAGMA user_version") == [(version,)]
    made.close()


@pytest.fixture
def go() -> Iterator[Simulator]:
    with Simulator(None, requests_per_second=10_000) as simulator:
        yield simulator


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_of_each_version_goes_on_and_its_sales_are_sent_once(
    version: int, tmp_path: Path, go: Simulator
) -> None:
    path = unpack(version, tmp_path / "bar-1" / "outbox.sqlite3")
    columns = "receipt, status, reference, customer_number, amount, document, sha256, updated_at"
    before = rows(path, f"SELECT {columns} FROM records WHERE kind <> 'settlement' ORDER BY id")
    events = rows(path, "SELECT id, record_id, at, who, was, now, why FROM events WHERE record_id < 10 ORDER BY id")
    assert {receipt: status for receipt, status, *_ in before} == STANDING

    shop = Shop(path.parent, go, **SETTLES | {"settlement": "attach_z_report = false"})

    database = shop.app.database
    assert database.schema() == len(migrations.STEPS)
    assert database.integrity() == "ok"
    assert shop.app.outbox.installation == f"vers{version}abc"
    sql = f"SELECT {columns} FROM records WHERE kind <> 'settlement' ORDER BY id"
    assert database.rows(sql) == before
    kept = "SELECT id, record_id, at, who, was, now, why FROM events WHERE record_id < 10 ORDER BY id"
    assert database.rows(kept) == events
    assert shop.app.customers.linked("crm-7") == 10002
    assert shop.app.customers.get(10003) is not None

    promised = PaymentRef("bar-1", "s-103", "invoice")
    shop.app.till().settle(lambda ref: Outcome.FINAL if ref == promised else Outcome.UNKNOWN)
    shop.app.office().retry(shop.record("105"))
    shop.until_quiet()

    wanted = {ref: amount for receipt, _, ref, _, amount, *_ in before if receipt not in ("104", "106")}
    assert {ref: amount for ref, _, amount in shop.ledger()} == wanted
    standing = {receipt: status for receipt, status in shop.standing().items() if not receipt.startswith("Z")}
    assert standing == {**dict.fromkeys(STANDING, "delivered"), "104": "cancelled"}
    shop.sell("110")
    shop.until_quiet()
    assert shop.record("110").status is Status.DELIVERED
    z_reports = database.rows("SELECT number FROM z_reports")
    assert z_reports == [("41",)]
    shop.close()


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_each_older_version_refuses_the_files_of_every_newer_and_changes_nothing(
    version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "STEPS", migrations.STEPS[:version])
    for newer in range(version + 1, VERSIONS[-1] + 1):
        path = unpack(newer, tmp_path / f"{newer}" / "outbox.sqlite3")
        before = path.read_bytes()
        with pytest.raises(SchemaTooNew, match=f"schema {newer}, this one knows {version}"):
            Database(path)
        assert path.read_bytes() == before
        assert [file.name for file in path.parent.iterdir()] == [path.name]
