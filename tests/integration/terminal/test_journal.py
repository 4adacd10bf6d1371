"""What the journal says is kept is on disk, once, and belongs to one till."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from posplugin.domain.payment import Outcome, PaymentRef, PaymentRequest
from posplugin.domain.sale import Sale
from posplugin.saft.moments import OSLO
from sample_terminal.evening import sale_of
from sample_terminal.figures import GrandTotals
from sample_terminal.journal import Journal
from sample_terminal.journal_tables import JournalInUse
from sample_terminal.stored import sale_json, z_report_json
from sample_terminal.zday import z_report

#: Of its tables, those that have changed.
TABLES_OF_BEFORE = """
CREATE TABLE sale (
    terminal_id TEXT NOT NULL, sale_id TEXT NOT NULL, sale TEXT NOT NULL, z INTEGER, PRIMARY KEY (terminal_id, sale_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE z_report (
    terminal_id TEXT NOT NULL, number INTEGER NOT NULL, source TEXT NOT NULL,
    report TEXT NOT NULL, sent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (terminal_id, number), UNIQUE (terminal_id, source)
) STRICT, WITHOUT ROWID;
"""
AT = datetime(2026, 10, 25, 2, 30, tzinfo=OSLO, fold=1)


def invoice_sale(sale_id: str = "s1") -> tuple[Sale, PaymentRequest]:
    sale = replace(sale_of("2 vin, 1 suppe*", "invoice 100, card", sale_id, AT), terminal_id="bar-1")
    return sale, PaymentRequest(ref=PaymentRef("bar-1", sale_id, "1"), sale=sale, customer_number=10002)


def test_a_request_comes_back_as_it_was(tmp_path: Path) -> None:
    sale, request = invoice_sale()
    with Journal(tmp_path / "j") as journal:
        journal.begin([request], 1)
        journal.finalise(sale, [request])

        assert journal.uncaptured() == [request]
        assert journal.open_sales("bar-1")[0].at.isoformat() == "2026-10-25T02:30:00+01:00"


def test_a_sale_is_final_with_all_its_payments_or_not_at_all(tmp_path: Path) -> None:
    sale, request = invoice_sale()
    with Journal(tmp_path / "j") as journal:
        with pytest.raises(sqlite3.IntegrityError, match="not open"):
            journal.finalise(sale, [request])

        assert not journal.is_final(sale)
        journal.begin([request], 1)
        assert journal.finalise(sale, [request]).delivery_receipts == {"1": 1}


def test_each_paper_has_a_series_of_its_own_without_holes(tmp_path: Path) -> None:
    numbers = []
    with Journal(tmp_path / "j") as journal:
        for sale_id in ("a", "b"):
            sale, request = invoice_sale(sale_id)
            journal.begin([request], 1)
            numbers.append(journal.finalise(sale, [request]))
        cash = replace(sale_of("1 vin", "cash", "c", AT), terminal_id="bar-1")
        numbers.append(journal.finalise(cash, []))

    assert [number.sales_receipt for number in numbers] == [1, 2, 3]
    assert [number.delivery_receipts for number in numbers] == [{"1": 1}, {"1": 2}, {}]


def test_a_sale_paid_by_faktura_alone_has_no_sales_receipt(tmp_path: Path) -> None:
    sale = replace(sale_of("1 vin", "invoice", "s1", AT), terminal_id="bar-1")
    request = PaymentRequest(ref=PaymentRef("bar-1", "s1", "1"), sale=sale)
    with Journal(tmp_path / "j") as journal:
        journal.begin([request], 1)

        assert journal.finalise(sale, [request]).sales_receipt is None


def test_an_open_payment_is_abandoned_when_the_journal_is_opened_again(tmp_path: Path) -> None:
    sale, request = invoice_sale()
    with Journal(tmp_path / "j") as journal:
        journal.begin([request], 1)
        assert journal.outcome(request.ref) is Outcome.UNKNOWN

    with Journal(tmp_path / "j") as journal:
        assert journal.outcome(request.ref) is Outcome.ABANDONED
        assert journal.attempts(sale) == 1


def test_a_journal_of_before_goes_on_with_its_z_reports_and_its_sales(tmp_path: Path) -> None:
    """It has no grand totals, and its Z reports are numbered 1, 2…: both are found."""
    at = datetime(2026, 11, 20, 20, 0, tzinfo=OSLO)
    sold = replace(sale_of("1 vin", "card", "s1", at), terminal_id="bar-1")
    old = z_report("bar-1", 1, business_date=at.date(), closed_at=at, sales=[sold])
    with closing(sqlite3.connect(tmp_path / "j")) as db:
        db.executescript(TABLES_OF_BEFORE)
        db.execute("INSERT INTO sale VALUES ('bar-1', 's1', ?, 1)", (sale_json(sold),))
        db.execute("INSERT INTO z_report VALUES ('bar-1', 1, 'first', ?, 0)", (z_report_json(old),))
        db.commit()

    with Journal(tmp_path / "j") as journal:
        assert journal.unsent_z() == [old]
        assert journal.grand_totals("bar-1") == GrandTotals(sales=13900)
        assert (journal.z_number("bar-1", 1), journal.z_number("bar-1", 2)) == ("E1", 2)
        new = replace(old, number=2)
        journal.close_day(new, (), "second", GrandTotals(sales=13900))
        journal.z_sent(old)
        assert journal.unsent_z() == [new]


def test_two_tills_cannot_share_a_journal(tmp_path: Path) -> None:
    with Journal(tmp_path / "j"), pytest.raises(JournalInUse, match="another till"):
        Journal(tmp_path / "j")


def test_commits_are_synced_and_the_log_is_ahead_of_the_file(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal, journal._reading() as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
