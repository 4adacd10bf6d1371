"""Customers found while typing, offline, however they are typed."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posplugin.domain.customer import Customer
from posplugin.outbox.customers import CustomerRegister, fold
from posplugin.outbox.database import Database
from posplugin.outbox.store import Outbox
from tests.fixtures.clocks import Watch
from tests.fixtures.customers import ARCHIVED, COMPANY, CUSTOMERS, EHF, PERSON, VAT_FREE
from tests.fixtures.sales import invoice, request, sale


@pytest.fixture
def register(database: Database, clock: Watch) -> CustomerRegister:
    register = CustomerRegister(database, clock)
    register.store(CUSTOMERS, clock())
    return register


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ærlig Håndverk AS", ["aerlig", "handverk", "as"]),
        ("BLÅBÆR & Søn's", ["blabaer", "son", "s"]),
        ("Café  Ñandú—Łódź", ["cafe", "nandu", "lodz"]),
        ("Þór Straße", ["thor", "strasse"]),
        ("  ", []),
        ('"%_*', []),
    ],
)
def test_words_are_compared_without_case_and_diacritics(text: str, words: list[str]) -> None:
    assert fold(text) == words


SEARCHES = {
    "Ærlig": [COMPANY],
    "aerlig": [COMPANY],
    "ÆRLIG": [COMPANY],
    "handverk": [COMPANY],
    "HÅND": [COMPANY],
    "håndverk ærlig": [COMPANY],
    "as aer": [COMPANY],
    "bygdoy": [EHF],
    "Bygdøy": [EHF],
    "byg kom": [EHF],
    "kommune bygdøy": [EHF],
    "10003": [PERSON],
    "1000": [EHF, PERSON, VAT_FREE, COMPANY],  # by name, as SQLite sorts it
    "912345678": [COMPANY],
    "912 345 678": [COMPANY],
    "9123": [COMPANY],
    "nordmann, kari": [PERSON],
    "kari 10003": [PERSON],
    "ordmann": [],
    "kari kommune": [],
    "Nedlagt": [],
    '"kari"': [PERSON],
    "kari*": [PERSON],
    "kari OR kommune": [],
    "-kari": [PERSON],
    "words:kari": [],
    "(": [EHF, PERSON, VAT_FREE, COMPANY],
}


@pytest.mark.parametrize(("text", "found"), SEARCHES.items(), ids=[*map(ascii, SEARCHES)])
def test_a_search_finds(register: CustomerRegister, text: str, found: list[Customer]) -> None:
    assert [match.customer for match in register.search(text)] == found


def test_archived_customers_are_found_when_asked_for(register: CustomerRegister) -> None:
    assert [match.customer for match in register.search("nedlagt", archived=True)] == [ARCHIVED]


def test_no_more_are_given_than_asked_for(register: CustomerRegister) -> None:
    assert len(register.search("1000", limit=2)) == 2
    assert len(register.search("", limit=3)) == 3


def test_nothing_typed_gives_those_invoiced_last_first(register: CustomerRegister, outbox: Outbox) -> None:
    for sale_id, customer in (("s-1", VAT_FREE), ("s-2", PERSON), ("s-3", VAT_FREE)):
        outbox.authorize(invoice(request(sale(sale_id=sale_id), customer.number), customer))
    assert [match.customer for match in register.search("")] == [VAT_FREE, PERSON, EHF, COMPANY]


@given(st.text(max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_can_be_typed_breaks_the_search(register: CustomerRegister, text: str) -> None:
    for match in register.search(text):
        assert not match.customer.is_archived


@given(st.text(st.characters(categories=["L", "N", "Z", "P"]), min_size=1, max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_customer_is_found_by_its_own_name(register: CustomerRegister, name: str) -> None:
    named = Customer(number=777, name=name)
    register.store([named], Watch()())
    if any(character.isalpha() and character.isascii() for character in name):
        assert named in [match.customer for match in register.search(name, limit=1000)]


def test_a_changed_customer_is_found_by_its_new_name_alone(register: CustomerRegister, clock: Watch) -> None:
    renamed = replace(COMPANY, name="Nytt Navn AS", organization_number=None)
    later = clock.passes(days=1)
    assert register.store([renamed], later) == 1
    assert register.search("ærlig") == []
    assert register.search("912345678") == []
    assert [match.customer for match in register.search("nytt navn")] == [renamed]
    assert register.get(COMPANY.number) == renamed
    assert register.count() == len(CUSTOMERS)
    assert register.synced() == later


def test_a_register_never_filled_says_so(database: Database) -> None:
    empty = CustomerRegister(database)
    assert (empty.synced(), empty.count(), empty.search("a"), empty.get(1)) == (None, 0, [], None)


def test_the_hosts_own_ids_are_linked_shown_and_unlinked(register: CustomerRegister) -> None:
    register.link("crm-1", COMPANY.number, "tester")
    register.link("crm-2", COMPANY.number, "tester")
    assert register.linked("crm-1") == COMPANY.number
    assert register.search("ærlig")[0].host_ids == ("crm-1", "crm-2")
    register.link("crm-1", PERSON.number, "tester")
    assert register.linked("crm-1") == PERSON.number
    assert register.unlink("crm-1")
    assert not register.unlink("crm-1")
    assert register.linked("crm-1") is None


def test_thousands_of_customers_are_taken_in_without_keeping_a_cashier_waiting(
    register: CustomerRegister, clock: Watch
) -> None:
    """A sync is one transaction, and a hook waits 800 ms for the file; the search stays quick while typing."""
    many = [
        Customer(number=20000 + n, name=f"Kunde nummer {n} AS", organization_number=str(900000000 + n))
        for n in range(5000)
    ]
    began = time.monotonic()
    register.store(many, clock())
    assert time.monotonic() - began < 0.8
    began = time.monotonic()
    assert len(register.search("kunde 4711")) == 1
    assert time.monotonic() - began < 0.1


def test_reading_everything_drops_who_is_no_longer_there(register: CustomerRegister, clock: Watch) -> None:
    """A customer deleted in PowerOffice cannot be picked any more; reading only changes leaves it."""
    register.store(CUSTOMERS[1:], clock())
    assert register.get(CUSTOMERS[0].number) is not None

    register.store(CUSTOMERS[1:], clock(), everything=True)

    assert register.get(CUSTOMERS[0].number) is None
    assert CUSTOMERS[0].number not in {match.customer.number for match in register.search("", 100, archived=True)}
