"""A file that an older version wrote loses nothing when it is brought up to date."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from posplugin.domain.customer import Customer, CustomerTerms
from posplugin.outbox import migrations
from posplugin.outbox.customers import CustomerRegister, fold
from posplugin.outbox.database import Database
from posplugin.outbox.store import Outbox
from posplugin.settings.clients import GoClient
from tests.fixtures.clocks import EVENING
from tests.fixtures.customers import ARCHIVED, CUSTOMERS, EHF, PERSON

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
