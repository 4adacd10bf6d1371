"""The customers, in the same file: searched while typing, offline, and linked to the host's own ids."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from posplugin.domain.clock import Clock, from_text, to_text, utc_now
from posplugin.domain.customer import Customer, InvoiceDelivery
from posplugin.domain.payment import CustomerMatch
from posplugin.outbox.database import Database

_COLUMNS = "c.number, c.name, c.organization_number, c.is_person, c.delivery, c.is_vat_free, c.is_archived"
#: Letters that Unicode does not take apart, as people type them without a Norwegian keyboard.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "œ": "oe"})


def fold(text: str) -> list[str]:
    """Return the words of a text in lower case without diacritics: "Ærlig Café" → ["aerlig", "cafe"]."""
    lowered = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    plain = "".join(c for c in lowered if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


class CustomerRegister:
    """What PowerOffice told us of its customers. Thread-safe."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def store(self, customers: Iterable[Customer], synced_at: datetime, *, everything: bool = False) -> int:
        """Take in customers, and remember when; return how many they were.

        With `everything` they are all there are: others are no longer in PowerOffice, and go.
        """
        taken = set()
        with self._database.transaction():
            for customer in customers:
                self._put(customer)
                taken.add(customer.number)
            known = self._database.rows("SELECT number FROM customers") if everything else []
            for gone in {number for (number,) in known} - taken:
                self._database.execute("DELETE FROM customers WHERE number = ?", (gone,))
                self._database.execute("DELETE FROM customers_search WHERE rowid = ?", (gone,))
            self._database.execute(
                "INSERT INTO notes VALUES ('customers_synced', '', ?) ON CONFLICT DO UPDATE SET at = excluded.at",
                (to_text(synced_at),),
            )
        return len(taken)

    def synced(self) -> datetime | None:
        """Return when the register was last read, None before the first time."""
        row = self._database.row("SELECT at FROM notes WHERE name = 'customers_synced'")
        return from_text(row[0]) if row else None

    def get(self, number: int) -> Customer | None:
        """Return a customer by its PowerOffice number."""
        row = self._database.row(f"SELECT {_COLUMNS} FROM customers c WHERE c.number = ?", (number,))
        return _customer(row) if row else None

    def linked(self, host_id: str) -> int | None:
        """Return the PowerOffice number that the host's own customer id is linked to."""
        row = self._database.row("SELECT number FROM customer_links WHERE host_id = ?", (host_id,))
        return int(row[0]) if row else None

    def link(self, host_id: str, number: int, who: str) -> None:
        """Link the host's own customer id to a PowerOffice number; a later link takes the place of an earlier."""
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO customer_links VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET number = excluded.number, linked_at = excluded.linked_at, who = excluded.who",
                (host_id, number, to_text(self._clock()), who),
            )

    def unlink(self, host_id: str) -> bool:
        """Take a link away; whether there was one."""
        with self._database.transaction():
            return bool(self._database.execute("DELETE FROM customer_links WHERE host_id = ?", (host_id,)))

    def search(self, text: str, limit: int = 20, *, archived: bool = False) -> list[CustomerMatch]:
        """Return customers whose name, number or organization number holds every word typed, in any order.

        Each word may be a beginning. Customers invoiced here most recently come first for an empty text.
        """
        words = fold(text)
        if all(word.isdigit() for word in words):
            words = ["".join(words)] if words else []  # "912 345 678" is one number
        where = "" if archived else "AND c.is_archived = 0"
        if words:
            match = " ".join(f'"{word}"*' for word in words)
            sql = (
                f"SELECT {_COLUMNS} FROM customers_search s JOIN customers c ON c.number = s.rowid"
                f" WHERE customers_search MATCH ? {where} ORDER BY c.name LIMIT ?"
            )
            rows = self._database.rows(sql, (match, limit))
        else:
            recent = "SELECT customer_number, max(id) m FROM records GROUP BY customer_number ORDER BY m DESC LIMIT 50"
            sql = (
                f"SELECT {_COLUMNS} FROM customers c LEFT JOIN ({recent}) r ON r.customer_number = c.number"
                f" WHERE 1 {where} ORDER BY r.m IS NULL, r.m DESC, c.name LIMIT ?"
            )
            rows = self._database.rows(sql, (limit,))
        return [CustomerMatch(customer=_customer(row), host_ids=self._host_ids(row[0])) for row in rows]

    def count(self) -> int:
        """Return how many customers are known."""
        row = self._database.row("SELECT count(*) FROM customers")
        return int(row[0]) if row else 0

    def _host_ids(self, number: int) -> tuple[str, ...]:
        rows = self._database.rows("SELECT host_id FROM customer_links WHERE number = ? ORDER BY host_id", (number,))
        return tuple(str(row[0]) for row in rows)

    def _put(self, customer: Customer) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO customers VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(customer.number, customer.name, customer.organization_number),
                *(int(customer.is_person), customer.delivery, int(customer.is_vat_free), int(customer.is_archived)),
            ),
        )
        words = " ".join(
            [*fold(customer.name), str(customer.number), "".join(fold(customer.organization_number or ""))]
        )
        self._database.execute("DELETE FROM customers_search WHERE rowid = ?", (customer.number,))
        self._database.execute("INSERT INTO customers_search (rowid, words) VALUES (?, ?)", (customer.number, words))


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
