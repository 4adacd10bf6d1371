"""Fills an outbox as years of invoicing do: what the console's queue is measured by.

    python -m tests.benchmarks.full_outbox FOLDER --records 200000

Two departments, 900 customers, a settlement a night, a credit note now and then. Nearly all of it is delivered and
paid; what is open is of the last days, and a few records in between were discarded, cancelled or hidden. Drawn the
same each time. Records, events and attempts are as the programs write them; only the writing is by SQL, for speed.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from posplugin.domain.clock import to_text
from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.payment import PaymentRef
from posplugin.outbox import facts
from posplugin.outbox.database import Database
from posplugin.outbox.reference import reference
from tests.fixtures.sales import invoice, line, request, sale
from tests.fixtures.settings import write_settings

#: The newest record's time.
NEWEST: Final = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
_CUSTOMERS: Final = 900
_NAMES: Final = ("Fjord", "Havn", "Bygg", "Bakeri", "Kontor", "Idrettslag", "Kommune", "Konsult", "Verksted")
_SUFFIXES: Final = ("AS", "ANS", "& Sønner", "Drift AS", "Holding AS")
_REQUEST: Final = '{"CustomerNo":%d,"ExternalImportReference":"%s","Lines":[' + ",".join(['{"Text":"Servering"}'] * 30)
_COLUMNS: Final = (
    "id, reference, kind, status, reason, detail, terminal_id, sale_id, tender_id, department, business_date, receipt,"
    " customer_number, customer_name, amount, document, schema_version, sha256, attempts, accounting_id,"
    " accounting_number, accounting_state, invoice_number, hidden, created_at, updated_at"
)


@dataclass(frozen=True, slots=True)
class Fate:
    """Where a record has come to stand."""

    status: str = "delivered"
    reason: str | None = None
    stage: str | None = "paid"
    hidden: bool = False


def fill(folder: Path, records: int) -> Path:
    """Write settings and an outbox with so many records; return the settings file."""
    folder.mkdir(parents=True, exist_ok=True)
    roof = {"client_key": "bar-client-0b2d", "products": {"vat_25": "30"}}
    config = write_settings(folder / "posplugin.toml", departments={"roof": roof})
    with Database(folder / "outbox.sqlite3", wait=30) as database, database.transaction():
        row = database.row("SELECT id FROM installation")
        assert row is not None
        _write(database, row[0], records)
    with Database(folder / "outbox.sqlite3") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return config


def _write(database: Database, installation: str, records: int) -> None:
    marks = ", ".join("?" * len(_COLUMNS.split(",")))
    drawn, document = random.Random(1), _document()
    for number in range(1, records + 1):
        at = NEWEST - timedelta(minutes=9 * (records - number))
        fate = _fate(drawn, records - number)
        values = _record(installation, number, at, fate=fate, drawn=drawn, document=document)
        database.execute(f"INSERT INTO records ({_COLUMNS}) VALUES ({marks})", values)
        for moment, who, was, now, why in _events(at, fate):
            told = (number, to_text(moment), who, was, now, why)
            database.execute("INSERT INTO events (record_id, at, who, was, now, why) VALUES (?, ?, ?, ?, ?, ?)", told)
        if fate.status in ("delivered", "needs_attention"):
            sent = _REQUEST % (values[12] or 0, values[1])
            tried = (number, to_text(at), 180, sent, "accepted", 201, f'{{"Id":"{number}"}}')
            sql = "INSERT INTO attempts (record_id, at, took_ms, request, outcome, status, answer) VALUES"
            database.execute(f"{sql} (?, ?, ?, ?, ?, ?, ?)", tried)


def _document() -> Invoice:
    lines = [line(240_00, 25, "Øl «Ægir»"), line(60_00, 15, "Skrei"), line(0, 25, "Kaffe"), line(0, 15, "Skolebolle")]
    return invoice(request(sale(lines)))


def _fate(drawn: random.Random, age: int) -> Fate:
    """Return where a record stands that so many came after."""
    if age < 40:
        return drawn.choice([Fate("pending", stage=None), Fate(stage="draft"), Fate("uncertain", stage=None)])
    if age < 2000 and age % 20 == 0:
        return Fate("needs_attention", drawn.choice(["rejected", "customer_archived", "attempts_exhausted"]), None)
    if age % 1999 == 0:
        return Fate(reason="gone", stage="gone")
    if age % 411 == 0:
        return drawn.choice([Fate("discarded", stage=None), Fate("cancelled", stage=None), Fate(hidden=True)])
    return Fate(stage="sent") if age < 3000 else Fate()


def _record(
    installation: str, number: int, at: datetime, *, fate: Fate, drawn: random.Random, document: Invoice
) -> tuple[Any, ...]:
    kind = RecordKind.SETTLEMENT if number % 160 == 0 else RecordKind.INVOICE
    kind = RecordKind.CREDIT_NOTE if number % 97 == 0 else kind
    ref = PaymentRef("bar-1", f"s-{number}", "1")
    customer = drawn.randrange(_CUSTOMERS)
    name = f"{_NAMES[customer % 9]} {customer} {_SUFFIXES[customer % 5]}"
    mine = replace(document, ref=ref, receipt=str(number), customer_number=10000 + customer, customer_name=name)
    text = facts.write(mine)
    to_whom = (None, None) if kind is RecordKind.SETTLEMENT else (mine.customer_number, name)
    stands = (f"order-{number}", 100_000 + number, fate.stage, 50_000 + number) if fate.stage else (None,) * 4
    return (
        *(number, reference(installation, kind, ref, 1), kind, fate.status, fate.reason, None),
        *(ref.terminal_id, ref.sale_id, ref.tender_id, "roof" if number % 50 == 0 else "bar"),
        *(at.date().isoformat(), f"Z {number}" if kind is RecordKind.SETTLEMENT else mine.receipt),
        *(*to_whom, drawn.randrange(50_00, 9_000_00), text, facts.SCHEMA_VERSION, facts.digest(text), 0),
        *(*stands, int(fate.hidden), to_text(at), to_text(at)),
    )


def _events(at: datetime, fate: Fate) -> Iterator[tuple[datetime, str, str | None, str, str]]:
    yield at, "till", None, "authorized", "authorized by the till"
    yield at, "till", "authorized", "pending", "the sale is final"
    if fate.status == "delivered":
        yield at, "sender", "pending", "sending", "taken in hand"
        yield at, "sender", "sending", "delivered", "accepted"
    elif fate.status != "pending":
        yield at, "sender", "pending", fate.status, "that is how it went"


def main() -> None:
    """Fill the outbox that the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=200_000)
    asked = parser.parse_args()
    print(f"Wrote {asked.records} records: {fill(asked.folder, asked.records)}")


if __name__ == "__main__":
    main()
