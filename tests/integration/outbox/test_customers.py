"""Customers found while typing, offline, however they are typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posplugin.domain.customer import Customer, CustomerTerms, OpenItem
from posplugin.outbox.customers import CustomerRegister, fold
from posplugin.outbox.database import Database
from posplugin.outbox.store import Outbox
from posplugin.settings.clients import GoClient
from tests.fixtures.clocks import EVENING, Watch
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


def test_thousands_of_customers_are_taken_in_at_once_and_found(register: CustomerRegister, clock: Watch) -> None:
    many = [
        Customer(number=20000 + n, name=f"Kunde nummer {n} AS", organization_number=str(900000000 + n))
        for n in range(5000)
    ]
    register.store(many, clock())
    assert len(register.search("kunde 4711")) == 1
    assert register.search("900000042")[0].customer == many[42]


def test_reading_everything_drops_who_is_no_longer_there(register: CustomerRegister, clock: Watch) -> None:
    """A customer deleted in PowerOffice cannot be picked any more; reading only changes leaves it."""
    register.store(CUSTOMERS[1:], clock())
    assert register.get(CUSTOMERS[0].number) is not None

    register.store(CUSTOMERS[1:], clock(), everything=True)

    assert register.get(CUSTOMERS[0].number) is None
    assert CUSTOMERS[0].number not in {match.customer.number for match in register.search("", 100, archived=True)}


# -- several clients of PowerOffice --------------------------------------------------------------------------------

OWN = GoClient(departments=("bar",), fingerprint="1")
CAFE = GoClient(name="cafe", departments=("cafe", "roof"), fingerprint="2")


@pytest.fixture
def cafe(register: CustomerRegister, clock: Watch) -> CustomerRegister:
    """Another client, where two of the numbers are somebody else's."""
    cafe = register.of(CAFE)
    cafe.store([replace(COMPANY, name="Kafé Gjest AS"), replace(ARCHIVED, name="Sprell Levende AS")], clock())
    return cafe


def test_a_number_is_another_customer_in_another_client(register: CustomerRegister, cafe: CustomerRegister) -> None:
    assert register.get(COMPANY.number) == COMPANY
    assert [match.customer for match in register.search("gjest")] == []
    assert [match.customer.name for match in cafe.search("gjest")] == ["Kafé Gjest AS"]
    assert cafe.search("ærlig") == []
    assert (register.count(), cafe.count()) == (len(CUSTOMERS), 2)
    assert cafe.get(PERSON.number) is None


def test_links_are_of_one_client(register: CustomerRegister, cafe: CustomerRegister) -> None:
    register.link("crm-1", COMPANY.number, "tester")
    assert cafe.linked("crm-1") is None
    cafe.link("crm-1", ARCHIVED.number, "tester")
    assert (register.linked("crm-1"), cafe.linked("crm-1")) == (COMPANY.number, ARCHIVED.number)
    assert not register.of(CAFE).unlink("crm-9")
    assert cafe.unlink("crm-1")
    assert register.linked("crm-1") == COMPANY.number
    assert cafe.search("gjest")[0].host_ids == ()


def test_reading_all_of_one_client_drops_nobody_of_another(
    register: CustomerRegister, cafe: CustomerRegister, clock: Watch
) -> None:
    cafe.store([], clock.passes(days=1), everything=True)
    assert (register.count(), cafe.count()) == (len(CUSTOMERS), 0)
    assert register.synced() != cafe.synced() == clock()
    assert [match.customer for match in register.search("ærlig")] == [COMPANY]


def test_who_was_invoiced_last_is_told_for_each_client(
    register: CustomerRegister, cafe: CustomerRegister, outbox: Outbox
) -> None:
    cafe.store([replace(PERSON, name="Åse"), replace(VAT_FREE, name="Aud")], EVENING)
    for sale_id, customer, department in (("s-1", VAT_FREE, "bar"), ("s-2", PERSON, "roof")):
        outbox.authorize(invoice(request(sale(sale_id=sale_id), customer.number), customer, department=department))
    assert register.of(OWN).search("")[0].customer == VAT_FREE
    assert cafe.search("")[0].customer.name == "Åse"


def test_a_reading_with_other_keys_is_told_from_one_with_these(register: CustomerRegister, clock: Watch) -> None:
    """The key may have been changed for that of another client; then all is to be read anew."""
    own = register.of(OWN)
    assert own.synced_with_these_keys() is None
    own.store([], clock())
    assert own.synced_with_these_keys() == clock()
    changed = register.of(replace(OWN, fingerprint="3"))
    assert (changed.synced(), changed.synced_with_these_keys()) == (clock(), None)


def test_a_department_that_sorts_first_and_shares_the_keys_takes_everything_over(
    register: CustomerRegister, cafe: CustomerRegister
) -> None:
    """The client has another name then, and is the same client: links and terms are not lost."""
    cafe.link("crm-1", COMPANY.number, "tester")
    cafe.accounts.set_terms(COMPANY.number, CustomerTerms(credit_limit=100_00), "tester")
    cafe.accounts.store_open([OpenItem(customer_number=COMPANY.number, amount=70_00)], 0)
    synced = cafe.synced()
    renamed = register.of(GoClient(name="aft", departments=("aft", "cafe", "roof"), fingerprint="2"))

    for _ in range(2):
        renamed.take_over()

    assert (cafe.count(), cafe.synced(), cafe.links()) == (0, None, [])
    assert (renamed.count(), renamed.synced(), renamed.linked("crm-1")) == (2, synced, COMPANY.number)
    assert renamed.accounts.get(COMPANY.number).open_amount == 70_00
    assert renamed.accounts.terms(COMPANY.number).credit_limit == 100_00
    assert [match.customer.name for match in renamed.search("gjest")] == ["Kafé Gjest AS"]
    assert register.count() == len(CUSTOMERS)


def test_a_terminal_that_moves_to_another_department_takes_both_clients_along(
    register: CustomerRegister, cafe: CustomerRegister, clock: Watch
) -> None:
    """What was its own gets the department's name, what had that name is its own."""
    register.of(OWN).store([], clock())
    was_own = register.of(GoClient(name="bar", departments=("bar",), fingerprint="1"))
    own = register.of(GoClient(departments=("cafe", "roof"), fingerprint="2"))

    for moved in (was_own, own):
        moved.take_over()

    assert (was_own.count(), own.count()) == (len(CUSTOMERS), 2)
    assert own.get(COMPANY.number) == replace(COMPANY, name="Kafé Gjest AS")
    assert was_own.get(COMPANY.number) == COMPANY


def test_keys_never_seen_take_nothing_over(register: CustomerRegister, cafe: CustomerRegister) -> None:
    new = register.of(GoClient(name="deck", departments=("deck",), fingerprint="9"))
    new.take_over()
    assert (new.count(), cafe.count(), register.count()) == (0, 2, len(CUSTOMERS))


def test_every_link_is_listed_with_what_it_leads_to(register: CustomerRegister) -> None:
    register.link_all([("b", ARCHIVED.number), ("a", COMPANY.number), ("c", 99999)], "tester")
    assert [(link.host_id, link.number, link.name, link.state) for link in register.links()] == [
        ("a", COMPANY.number, COMPANY.name, "linked"),
        ("b", ARCHIVED.number, ARCHIVED.name, "archived"),
        ("c", 99999, None, "gone"),
    ]


def test_a_customer_that_is_read_again_keeps_what_it_owes(register: CustomerRegister, clock: Watch) -> None:
    register.accounts.store_open([OpenItem(customer_number=COMPANY.number, amount=70_00)], 0)
    register.store([replace(COMPANY, name="Nytt Navn AS")], clock())
    assert register.accounts.get(COMPANY.number).open_amount == 70_00


def test_what_another_process_reads_anew_is_no_damage_to_who_has_looked_before(
    register: CustomerRegister, database: Database, path: Path, clock: Watch
) -> None:
    """SQLite's own look at a search index trusts what its connection remembers of it."""
    with Database(path) as other:
        for turn in range(40):
            named = [replace(customer, name=f"{customer.name} {turn}") for customer in CUSTOMERS]
            register.store(named, clock(), everything=True)
            assert other.integrity() == "ok"
            assert other.rows("SELECT count(*) FROM customers_search WHERE customers_search MATCH 'a*'")


@pytest.fixture
def crowd(register: CustomerRegister, clock: Watch) -> CustomerRegister:
    """More than few of one first letter, not in the order of their names, some archived, some linked."""
    people = [
        Customer(number=30000 + n, name=f"B{n * 7919 % 2003:04} Bakeri", is_archived=n % 50 == 0) for n in range(2000)
    ]
    register.store(people, clock())
    register.link_all([(f"crm-{each.number}", each.number) for each in people[::3]], "tester")
    return register


@pytest.mark.parametrize("text", ["b", "bak b1", "30", "b0001 b", "bergen", "nobody"])
@pytest.mark.parametrize("archived", [False, True])
def test_the_first_by_name_are_the_same_whether_few_match_or_many(
    crowd: CustomerRegister, cafe: CustomerRegister, text: str, archived: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for few in (0, 100, 10_000):
        monkeypatch.setattr("posplugin.outbox.customers._FEW", few)
        found.append(crowd.search(text, archived=archived))
    assert found[0] == found[1] == found[2]
    names = [match.customer.name for match in found[0]]
    assert names == sorted(names)
    assert [match.host_ids for match in found[0]] == [crowd.match(match.customer).host_ids for match in found[0]]


def test_what_is_typed_reads_no_link_and_no_customer_that_it_need_not(
    crowd: CustomerRegister, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the plan that SQLite makes, and not by the clock."""
    asked: list[str] = []
    rows = database.rows

    def noted(sql: str, parameters: object = ()) -> list[tuple[object, ...]]:
        asked.extend(str(row[3]) for row in rows(f"EXPLAIN QUERY PLAN {sql}", parameters))  # type: ignore[arg-type]
        return rows(sql, parameters)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "rows", noted)
    crowd.search("b")
    assert "SEARCH c USING INDEX customers_name (client=?)" in asked, asked
    assert "SEARCH customer_links USING INDEX customer_links_number (client=? AND number=?)" in asked, asked
    assert "USE TEMP B-TREE FOR ORDER BY" not in asked, asked
    asked.clear()
    crowd.search("b0001")
    assert "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)" in asked, asked
    asked.clear()
    crowd.search("")
    assert "SEARCH c USING INDEX customers_name (client=?)" in asked, asked
    asked.clear()
    crowd.listed()
    assert not [step for step in asked if step == "USE TEMP B-TREE FOR ORDER BY"], asked
