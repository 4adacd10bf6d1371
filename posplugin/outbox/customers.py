"""The customers, in the same file: searched while typing, offline, and linked to the host's own ids."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from posplugin.domain.clock import Clock, from_stored, to_text, utc_now
from posplugin.domain.customer import Customer, InvoiceDelivery
from posplugin.domain.payment import CustomerMatch
from posplugin.outbox.accounts import CustomerAccounts, note_of
from posplugin.outbox.database import Database
from posplugin.settings.clients import OWN, GoClient

_COLUMNS = "c.number, c.name, c.organization_number, c.is_person, c.delivery, c.is_vat_free, c.is_archived"
_SYNCED = "customers_synced"
#: How many of the newest records tell who was invoiced most recently.
_RECENT = 500
#: Few that match are sorted by name. Of more than these, the first by name are soonest found among all, by name.
_FEW = 1000
_IS_FEW = "SELECT count(*) < ? FROM (SELECT 1 FROM customers_search WHERE customers_search MATCH ? LIMIT ?)"
_MATCHING = "customers_search s CROSS JOIN customers c ON c.id = s.rowid WHERE customers_search MATCH ?"
_BY_NAME = "customers c INDEXED BY customers_name WHERE"
_AMONG_ALL = f"{_BY_NAME} c.id IN (SELECT rowid FROM customers_search WHERE customers_search MATCH ?)"
#: Ordered by number first: by the host's ids alone SQLite would read every link there is.
_LINKS_OF = (
    "SELECT number, host_id FROM customer_links WHERE client = ? AND number IN (SELECT value FROM json_each(?))"
    " ORDER BY number, host_id"
)
#: Letters that Unicode does not take apart, as people type them without a Norwegian keyboard.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "œ": "oe"})


def fold(text: str) -> list[str]:
    """Return the words of a text in lower case without diacritics: "Ærlig Café" → ["aerlig", "cafe"]."""
    lowered = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    plain = "".join(c for c in lowered if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


def _typed(text: str) -> list[str]:
    words = fold(text)
    if all(word.isdigit() for word in words):
        return ["".join(words)] if words else []  # "912 345 678" is one number
    return words


def _match_of(words: Iterable[str]) -> str:
    """Each word may be a beginning."""
    return " ".join(f'"{word}"*' for word in words)


def forget_words(database: Database) -> None:
    """Let the words of customers who are gone out of the index too, which keeps them for a while."""
    with database.transaction():
        database.execute("INSERT INTO customers_search (customers_search) VALUES ('optimize')")


class LinkState(StrEnum):
    """Whether a link leads to a customer that can be invoiced."""

    LINKED = "linked"
    ARCHIVED = "archived"
    #: No customer of that number in PowerOffice, as far as the register knows.
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLink:
    """The host's own customer id, and the PowerOffice number that it stands for."""

    host_id: str
    number: int
    name: str | None
    state: LinkState


class Which(StrEnum):
    """Which customers to list."""

    ALL = "all"
    #: The host has an id of its own for them.
    LINKED = "linked"
    NOT_LINKED = "not_linked"
    ARCHIVED = "archived"


_LINKED = "EXISTS (SELECT 1 FROM customer_links l WHERE l.client = c.client AND l.number = c.number)"
_WHICH = {
    Which.ALL: "1",
    Which.LINKED: f"c.is_archived = 0 AND {_LINKED}",
    Which.NOT_LINKED: f"c.is_archived = 0 AND NOT {_LINKED}",
    Which.ARCHIVED: "c.is_archived = 1",
}


class CustomerRegister:
    """What PowerOffice told us of the customers of one client. Thread-safe."""

    def __init__(self, database: Database, clock: Clock = utc_now, client: GoClient = OWN) -> None:
        self._database = database
        self._clock = clock
        self._client = client
        self.note = note_of(_SYNCED, client.name)
        #: What is agreed with them, and what they owe.
        self.accounts = CustomerAccounts(database, clock, client)

    def of(self, client: GoClient) -> CustomerRegister:
        """Return the register of another client, in the same file."""
        return CustomerRegister(self._database, self._clock, client)

    def store(self, customers: Iterable[Customer], synced_at: datetime, *, everything: bool = False) -> int:
        """Take in customers, and remember when; return how many they were.

        With `everything` they are all there are: others are no longer in PowerOffice, and go.
        """
        taken = set()
        with self._database.transaction():
            for customer in customers:
                self._put(customer)
                taken.add(customer.number)
            known = self._ids() if everything else {}
            for gone in known.keys() - taken:
                self._database.execute("DELETE FROM customers WHERE id = ?", (known[gone],))
                self._database.execute("DELETE FROM customers_search WHERE rowid = ?", (known[gone],))
            self._database.execute(
                "INSERT OR REPLACE INTO notes VALUES (?, ?, ?)",
                (self.note, self._client.fingerprint, to_text(synced_at)),
            )
        return len(taken)

    def synced(self) -> datetime | None:
        """Return when the register was last read, None before the first time."""
        row = self._database.row("SELECT at FROM notes WHERE name = ?", (self.note,))
        return from_stored(row[0]) if row else None

    def synced_with_these_keys(self) -> datetime | None:
        """Return when it was last read with the keys of today, None where that was never: they may be another's."""
        row = self._database.row(
            "SELECT at FROM notes WHERE name = ? AND value = ?", (self.note, self._client.fingerprint)
        )
        return from_stored(row[0]) if row else None

    def is_of_another(self, clients: Iterable[GoClient]) -> bool:
        """Whether it was last read with the keys that another of the clients has now: its numbers mean other people.

        Keys that no client has were exchanged for new ones of the same client, as far as anyone can tell.
        """
        row = self._database.row("SELECT value FROM notes WHERE name = ?", (self.note,))
        others = {client.fingerprint for client in clients} - {self._client.fingerprint}
        return row is not None and row[0] in others

    def take_over(self) -> None:
        """Keep what is kept under another name with these keys: departments have come, gone or been moved."""
        if self.synced() is not None:
            return
        with self._database.transaction():
            row = self._database.row(
                "SELECT name FROM notes WHERE name LIKE ? AND value = ?", (f"{_SYNCED}%", self._client.fingerprint)
            )
            if row is None:
                return
            older = self.of(GoClient(name=row[0].removeprefix(_SYNCED).removeprefix(" ")))
            for table in ("customers", "customer_links", "customer_terms"):
                self._database.execute(
                    f"UPDATE {table} SET client = ? WHERE client = ?", (self._client.name, older._client.name)
                )
            for mine, theirs in ((self.note, older.note), (self.accounts.note, older.accounts.note)):
                self._database.execute("UPDATE notes SET name = ? WHERE name = ?", (mine, theirs))

    def get(self, number: int) -> Customer | None:
        """Return a customer by its PowerOffice number."""
        sql = f"SELECT {_COLUMNS} FROM customers c WHERE c.client = ? AND c.number = ?"
        row = self._database.row(sql, (self._client.name, number))
        return _customer(row) if row else None

    def everyone(self) -> list[Customer]:
        """Return every customer, archived ones too, by number."""
        sql = f"SELECT {_COLUMNS} FROM customers c WHERE c.client = ? ORDER BY c.number"
        return [_customer(row) for row in self._database.rows(sql, (self._client.name,))]

    def count(self) -> int:
        """Return how many customers are known."""
        row = self._database.row("SELECT count(*) FROM customers WHERE client = ?", (self._client.name,))
        return int(row[0]) if row else 0

    # -- links -----------------------------------------------------------------------------------------------------

    def linked(self, host_id: str) -> int | None:
        """Return the PowerOffice number that the host's own customer id is linked to."""
        sql = "SELECT number FROM customer_links WHERE client = ? AND host_id = ?"
        row = self._database.row(sql, (self._client.name, host_id))
        return int(row[0]) if row else None

    def link(self, host_id: str, number: int, who: str) -> None:
        """Link the host's own customer id to a PowerOffice number; a later link takes the place of an earlier."""
        self.link_all([(host_id, number)], who)

    def link_all(self, links: Iterable[tuple[str, int]], who: str) -> None:
        """Link many of the host's own ids at once, or none of them."""
        now = to_text(self._clock())
        with self._database.transaction():
            for host_id, number in links:
                self._database.execute(
                    "INSERT OR REPLACE INTO customer_links VALUES (?, ?, ?, ?, ?)",
                    (self._client.name, host_id, number, now, who),
                )

    def unlink(self, host_id: str) -> bool:
        """Take a link away; whether there was one."""
        sql = "DELETE FROM customer_links WHERE client = ? AND host_id = ?"
        with self._database.transaction():
            return bool(self._database.execute(sql, (self._client.name, host_id)))

    def links(self) -> list[CustomerLink]:
        """Return every link, by the host's own id, and whether it leads to a customer that can be invoiced."""
        sql = (
            "SELECT l.host_id, l.number, c.name, c.is_archived FROM customer_links l"
            " LEFT JOIN customers c ON c.client = l.client AND c.number = l.number"
            " WHERE l.client = ? ORDER BY l.host_id"
        )
        states = {None: LinkState.GONE, 0: LinkState.LINKED, 1: LinkState.ARCHIVED}
        return [
            CustomerLink(host_id=host_id, number=number, name=name, state=states[is_archived])
            for host_id, number, name, is_archived in self._database.rows(sql, (self._client.name,))
        ]

    # -- searching -------------------------------------------------------------------------------------------------

    def search(self, text: str, limit: int = 20, *, archived: bool = False) -> list[CustomerMatch]:
        """Return customers whose name, number or organization number holds every word typed, in any order.

        Each word may be a beginning. Customers invoiced here most recently come first for an empty text.
        """
        where = "c.client = ?" if archived else "c.client = ? AND c.is_archived = 0"
        words = _match_of(_typed(text))
        if not words:
            return self._matches(self._newest_first(where, limit))
        few = self._database.row(_IS_FEW, (_FEW, words, _FEW))
        among = _MATCHING if few == (1,) else _AMONG_ALL
        sql = f"SELECT {_COLUMNS} FROM {among} AND {where} ORDER BY c.name LIMIT ?"
        return self._matches(map(_customer, self._database.rows(sql, (words, self._client.name, limit))))

    def _newest_first(self, where: str, limit: int) -> list[Customer]:
        """Return those invoiced here most recently, and after them the others by name."""
        departments = self._client.departments
        mine = f"WHERE department IN ({', '.join('?' * len(departments))})" if departments else ""
        newest = f"SELECT id, customer_number FROM records {mine} ORDER BY id DESC LIMIT {_RECENT}"
        recent = f"SELECT customer_number, max(id) m FROM ({newest}) GROUP BY customer_number"
        sql = f"SELECT {_COLUMNS} FROM ({recent}) r CROSS JOIN customers c ON c.number = r.customer_number"
        values = (*departments, self._client.name, limit)
        found = self._database.rows(f"{sql} WHERE {where} ORDER BY r.m DESC LIMIT ?", values)
        others = f"{where} AND c.number NOT IN (SELECT value FROM json_each(?)) ORDER BY c.name LIMIT ?"
        values = (self._client.name, json.dumps([number for number, *_ in found]), limit - len(found))
        found += self._database.rows(f"SELECT {_COLUMNS} FROM {_BY_NAME} {others}", values)
        return [_customer(row) for row in found]

    def listed(
        self, text: str = "", which: Which = Which.ALL, *, after: tuple[str, int] | None = None, limit: int = 50
    ) -> list[CustomerMatch]:
        """Return customers by name, those that a text finds as in `search`; `after` is name and number of one before.

        Archived ones are among all.
        """
        words, last = _typed(text), after or ("", -1)
        among = f"{_MATCHING} AND" if words else "customers c WHERE"
        sql = (
            f"SELECT {_COLUMNS} FROM {among} c.client = ? AND {_WHICH[which]} AND (c.name, c.number) > (?, ?)"
            " ORDER BY c.name, c.number LIMIT ?"
        )
        matching = (_match_of(words),) if words else ()
        rows = self._database.rows(sql, (*matching, self._client.name, *last, limit))
        return self._matches(map(_customer, rows))

    def tally(self) -> dict[Which, int]:
        """Return how many customers there are of each sort."""
        sums = ", ".join(f"coalesce(sum({_WHICH[which]}), 0)" for which in Which)
        row = self._database.row(f"SELECT {sums} FROM customers c WHERE c.client = ?", (self._client.name,))
        return dict(zip(Which, row or (), strict=True))

    def match(self, customer: Customer) -> CustomerMatch:
        """Return a customer with the host's own ids that are linked to it."""
        return self._matches([customer])[0]

    # -- inside ----------------------------------------------------------------------------------------------------

    def _matches(self, customers: Iterable[Customer]) -> list[CustomerMatch]:
        """Return customers, in the same order, with what is linked to them."""
        found, linked = [*customers], defaultdict[int, list[str]](list)
        numbers = json.dumps([customer.number for customer in found])
        for number, host_id in self._database.rows(_LINKS_OF, (self._client.name, numbers)) if found else ():
            linked[number].append(str(host_id))
        return [CustomerMatch(customer=each, host_ids=tuple(linked[each.number])) for each in found]

    def _ids(self) -> dict[int, int]:
        """Row ids by customer number."""
        return dict(self._database.rows("SELECT number, id FROM customers WHERE client = ?", (self._client.name,)))

    def _put(self, customer: Customer) -> None:
        values = (
            *(customer.name, customer.organization_number, int(customer.is_person), customer.delivery),
            *(int(customer.is_vat_free), int(customer.is_archived)),
        )
        row = self._database.row(
            "INSERT INTO customers (client, number, name, organization_number, is_person, delivery, is_vat_free,"
            " is_archived) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name,"
            " organization_number = excluded.organization_number, is_person = excluded.is_person,"
            " delivery = excluded.delivery, is_vat_free = excluded.is_vat_free, is_archived = excluded.is_archived"
            " RETURNING id",
            (self._client.name, customer.number, *values),
        )
        assert row is not None
        words = " ".join(
            [*fold(customer.name), str(customer.number), "".join(fold(customer.organization_number or ""))]
        )
        self._database.execute("DELETE FROM customers_search WHERE rowid = ?", row)
        self._database.execute("INSERT INTO customers_search (rowid, words) VALUES (?, ?)", (*row, words))


def _customer(row: tuple[Any, ...]) -> Customer:
    number, name, organization_number, is_person, delivery, is_vat_free, is_archived = row
    return Customer(
        number=number,
        name=name,
        organization_number=organization_number,
        is_person=bool(is_person),
        delivery=InvoiceDelivery(delivery),
        is_vat_free=bool(is_vat_free),
        is_archived=bool(is_archived),
    )
