"""A file that an older version wrote loses nothing when it is brought up to date."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from posplugin.domain.customer import Customer, CustomerTerms
from posplugin.domain.errors import FactsDiffer
from posplugin.domain.payment import PaymentRef
from posplugin.domain.settlement import Settlement
from posplugin.domain.zreport import CashSales, ZReport
from posplugin.outbox import facts, migrations
from posplugin.outbox.customers import CustomerRegister, fold
from posplugin.outbox.database import Database
from posplugin.outbox.store import Outbox
from posplugin.settings.clients import GoClient
from tests.fixtures.clocks import EVENING
from tests.fixtures.customers import ARCHIVED, CUSTOMERS, EHF, PERSON
from tests.fixtures.sales import DAY
from tests.fixtures.zreports import group, took

CAFE = GoClient(name="cafe", departments=("cafe",), fingerprint="2")


def _written_by_the_first_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A register of one client with a link, as the first step has the tables; return the installation."""
    with monkeypatch.context() as old:
        old.setattr(migrations, "STEPS", migrations.STEPS[:1])
        with Database(path) as database, database.transaction():
            for customer in CUSTOMERS:
                database.execute(
                    "INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        *(customer.number, customer.name, customer.organization_number, int(customer.is_person)),
                        *(customer.delivery, int(customer.is_vat_free), int(customer.is_archived)),
                    ),
                )
                words = " ".join([*fold(customer.name), str(customer.number), customer.organization_number or ""])
                database.execute("INSERT INTO customers_search (rowid, words) VALUES (?, ?)", (customer.number, words))
            database.execute("INSERT INTO customer_links VALUES ('crm-1', ?, ?, 'tester')", (EHF.number, "2026-11-01"))
            database.execute("INSERT INTO notes VALUES ('customers_synced', '', '2026-11-20T19:00:00.000000Z')")
            assert database.row("PRAGMA user_version") == (1,)
            return Outbox(database).installation


def test_customers_and_links_of_the_first_version_are_the_terminals_own_clients(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = _written_by_the_first_version(path, monkeypatch)

    with Database(path) as database:
        register = CustomerRegister(database)
        assert Outbox(database).installation == installation
        assert [register.get(customer.number) for customer in CUSTOMERS] == list(CUSTOMERS)
        assert register.linked("crm-1") == EHF.number
        assert (register.count(), register.synced()) == (len(CUSTOMERS), EVENING)
        assert [match.customer for match in register.search("bygdøy")] == [EHF]
        assert [match.customer for match in register.search("nedlagt", archived=True)] == [ARCHIVED]
        assert register.search("bygdøy")[0].host_ids == ("crm-1",)
        assert register.accounts.terms(EHF.number) == CustomerTerms()
        assert register.of(CAFE).count() == 0


def test_a_file_of_the_first_version_goes_on_as_one_of_today(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Customers are renamed, added and dropped, in both clients, and the search keeps up."""
    _written_by_the_first_version(path, monkeypatch)
    with Database(path) as database:
        own, cafe = CustomerRegister(database), CustomerRegister(database, client=CAFE)
        cafe.store([Customer(number=PERSON.number, name="Kafé Kunde")], EVENING)

        own.store([Customer(number=PERSON.number, name="Kari Ny")], EVENING, everything=True)

        assert [match.customer.name for match in own.search("k")] == ["Kari Ny"]
        assert [match.customer.name for match in cafe.search("k")] == ["Kafé Kunde"]
        assert own.search("nordmann") == own.search("bygdøy") == []


def test_a_second_opening_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _written_by_the_first_version(path, monkeypatch)
    for _ in range(2):
        with Database(path) as database:
            assert database.row("PRAGMA user_version") == (len(migrations.STEPS),)
            assert CustomerRegister(database).count() == len(CUSTOMERS)


def test_a_reading_of_the_first_version_counts_as_one_with_other_keys(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It did not say with which, so that everything is read once more."""
    _written_by_the_first_version(path, monkeypatch)
    with Database(path) as database:
        own = CustomerRegister(database, client=GoClient(departments=("bar",), fingerprint="1"))
        assert isinstance(own.synced(), datetime)
        assert own.synced_with_these_keys() is None


# -- Z reports of the third version ------------------------------------------------------------------------------------

#: As the first three versions wrote it.
Z_TEXT = (Path(__file__).parents[2] / "unit" / "outbox" / "golden" / "z-report-v1.json").read_text(encoding="utf-8")
KEPT = ZReport(
    terminal_id="bar-1",
    number=7,
    business_date=DAY,
    closed_at=EVENING,
    cash=CashSales(
        groups=(group(160_00, vat=32_00),),
        tenders=(took("cash", 200_50, 199_00), took("card", 0)),
        tips=40_00,
        rounding=50,
    ),
    invoiced=(PaymentRef("bar-1", "s-1", "invoice"),),
)


def _written_by_the_third_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Z 7 and Z 10 of bar-1 and Z 7 of bar-2, numbers being numbers, and an invoice."""
    with monkeypatch.context() as old:
        old.setattr(migrations, "STEPS", migrations.STEPS[:3])
        with Database(path) as database, database.transaction():
            for terminal_id, number in (("bar-1", 10), ("bar-1", 7), ("bar-2", 7)):
                plain = {**json.loads(Z_TEXT), "number": number, "terminal_id": terminal_id}
                text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                values = (terminal_id, number, "2026-11-20", text, 1, facts.digest(text), "2026-11-20T19:00:00.000000Z")
                database.execute("INSERT INTO z_reports VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            assert database.row("PRAGMA user_version") == (3,)
            assert database.rows("SELECT typeof(number) FROM z_reports") == [("integer",)] * 3


def test_z_reports_of_the_third_version_are_the_tills_and_are_settled_when_asked_for(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _written_by_the_third_version(path, monkeypatch)
    for _ in range(2):
        with Database(path) as database:
            settlements = Outbox(database).settlements
            numbers = [(z.terminal_id, z.number) for z in settlements.between(DAY, DAY)]
            assert sorted(numbers) == [("bar-1", 7), ("bar-1", 10), ("bar-2", 7)]
            assert settlements.find("bar-1", 7) == KEPT
            assert settlements.of(KEPT) is None
            rows = database.rows("SELECT number, source, received_at FROM z_reports WHERE terminal_id = 'bar-2'")
            assert rows == [("7", "till", "2026-11-20T19:00:00.000000Z")]
    with Database(path) as database:
        settlements = Outbox(database).settlements
        record = settlements.enqueue(Settlement(z=KEPT, department="bar"), "kari", "settlements are on by now")
        assert record is not None
        assert (settlements.of(KEPT), record.settlement().z) == (record, KEPT)


def test_a_z_of_the_third_version_may_be_told_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _written_by_the_third_version(path, monkeypatch)
    with Database(path) as database:
        settlements = Outbox(database).settlements
        for z in (KEPT, replace(KEPT, number="7"), replace(KEPT, number=10), replace(KEPT, terminal_id="bar-2")):
            assert settlements.keep(z, Settlement(z=z, department="bar"), "till") is False
        with pytest.raises(FactsDiffer):
            settlements.keep(replace(KEPT, cash=CashSales()), None, "till")
        assert settlements.keep(replace(KEPT, number="Z-7"), None, "till") is True
        assert database.row("SELECT count(*) FROM z_reports") == (4,)


def test_a_file_that_is_new_and_one_that_was_brought_up_have_the_same_tables(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _written_by_the_third_version(path, monkeypatch)

    def tables(at: Path) -> list[tuple[Any, ...]]:
        with Database(at) as database:
            return database.rows("SELECT type, name, tbl_name FROM sqlite_master ORDER BY type, name")

    assert tables(path) == tables(path.with_name("new.sqlite3"))
    with Database(path) as database:
        assert database.row("PRAGMA foreign_key_check") is None
        assert database.row("PRAGMA integrity_check") == ("ok",)
