"""What is agreed with customers, and what they owe, in the same file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from posplugin.bookkeeping.exposure import open_by_customer
from posplugin.domain.clock import Clock, to_text, utc_now
from posplugin.domain.customer import CustomerAccount, CustomerTerms, OpenItem
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import OPEN_SQL
from posplugin.outbox.reference import generations
from posplugin.settings.clients import OWN, GoClient

# What counts here: all that is still to be dealt with, and what was
# delivered since event ?1, for the accounting system's list was read after that. Whatever else stands there, it tells.
_LATE = (
    "status = 'delivered' AND id IN"
    " (SELECT record_id FROM events WHERE id > ?1 AND now = 'delivered' AND was <> 'delivered')"
)
_MINE = "(?2 = '[]' OR department IN (SELECT value FROM json_each(?2)))"

_ACCOUNTS = f"""
WITH late (number, amount) AS MATERIALIZED
    (SELECT customer_number, sum(amount) FROM records WHERE {_LATE} AND {_MINE} GROUP BY customer_number)
SELECT asked.value, t.credit_limit, t.unlimited, t.your_reference, t.order_number, c.open_amount,
    coalesce((SELECT sum(amount) FROM records WHERE customer_number = asked.value AND {OPEN_SQL} AND {_MINE}), 0)
    + coalesce((SELECT amount FROM late WHERE late.number = asked.value), 0)
FROM json_each(?3) asked
LEFT JOIN customer_terms t ON t.client = ?4 AND t.number = asked.value
LEFT JOIN customers c ON c.client = ?4 AND c.number = asked.value
"""
_COUNTED_HERE = f"SELECT reference FROM records WHERE ({OPEN_SQL} OR {_LATE}) AND {_MINE}"


def note_of(what: str, client: str) -> str:
    """Return the name of a note about one client: the terminal's own has none of its own in it."""
    return f"{what} {client}" if client else what


class CustomerAccounts:
    """The terms and balances of one client's customers. Thread-safe."""

    def __init__(self, database: Database, clock: Clock = utc_now, client: GoClient = OWN) -> None:
        self._database = database
        self._clock = clock
        self._client = client
        self._departments = json.dumps(client.departments)
        self.note = note_of("customers_open", client.name)

    def of(self, numbers: Iterable[int]) -> dict[int, CustomerAccount]:
        """Return the account of each customer, also of one that nothing is known of."""
        mark = self._mark()
        rows = self._database.rows(
            _ACCOUNTS, (mark, self._departments, json.dumps(sorted(set(numbers))), self._client.name)
        )
        return {
            number: CustomerAccount(
                terms=CustomerTerms(
                    credit_limit=credit_limit,
                    unlimited=bool(unlimited),
                    your_reference=your_reference,
                    order_number=order_number,
                ),
                open_there=None if mark is None else open_there or 0,
                on_its_way=on_its_way,
            )
            for number, credit_limit, unlimited, your_reference, order_number, open_there, on_its_way in rows
        }

    def get(self, number: int) -> CustomerAccount:
        """Return one customer's account."""
        return self.of([number])[number]

    def terms(self, number: int) -> CustomerTerms:
        """Return what is agreed with a customer, without adding up what it owes."""
        sql = (
            "SELECT credit_limit, unlimited, your_reference, order_number FROM customer_terms"
            " WHERE client = ? AND number = ?"
        )
        row = self._database.row(sql, (self._client.name, number))
        if row is None:
            return CustomerTerms()
        return CustomerTerms(credit_limit=row[0], unlimited=bool(row[1]), your_reference=row[2], order_number=row[3])

    def set_terms(self, number: int, terms: CustomerTerms, who: str) -> None:
        """Keep what is agreed with a customer, in place of what was agreed before."""
        with self._database.transaction():
            self._database.execute(
                "INSERT OR REPLACE INTO customer_terms VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(self._client.name, number, terms.credit_limit, int(terms.unlimited)),
                    *(terms.your_reference, terms.order_number, to_text(self._clock()), who),
                ),
            )

    def newest_event(self, before: datetime) -> int:
        """Return the mark to read open items by: the newest event that is not later than `before`.

        Take it before reading. What was delivered since counts here, until open items are read anew; `before` lies so
        far back that what had been delivered by then shows in the accounting system's lists.
        """
        row = self._database.row("SELECT id FROM events WHERE at <= ? ORDER BY id DESC LIMIT 1", (to_text(before),))
        return int(row[0]) if row else 0

    def store_open(self, items: Iterable[OpenItem], mark: int) -> None:
        """Keep what every customer has open in the accounting system, as it was read after `mark`."""
        with self._database.transaction():
            counted = self._database.rows(_COUNTED_HERE, (mark, self._departments))
            ours = {name for (reference,) in counted for name in generations(reference)}
            self._database.execute(
                "UPDATE customers SET open_amount = 0 WHERE client = ? AND open_amount <> 0", (self._client.name,)
            )
            for number, amount in open_by_customer(items, ours).items():
                self._database.execute(
                    "UPDATE customers SET open_amount = ? WHERE client = ? AND number = ?",
                    (amount, self._client.name, number),
                )
            self._database.execute(
                "INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (self.note, str(mark), to_text(self._clock()))
            )

    def forget_open(self) -> None:
        """Nothing is known any more of what is open in the accounting system."""
        with self._database.transaction():
            self._database.execute("DELETE FROM notes WHERE name = ?", (self.note,))

    def _mark(self) -> int | None:
        row = self._database.row("SELECT value FROM notes WHERE name = ?", (self.note,))
        return int(row[0]) if row else None
