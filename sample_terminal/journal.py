"""The till's own memory: final sales, their payments, paper numbers, Z reports. What it returns from is on disk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from posplugin.domain.payment import Outcome, PaymentRef, PaymentRequest
from posplugin.domain.sale import INVOICE, Sale
from posplugin.domain.zreport import ZReport
from sample_terminal import stored
from sample_terminal.figures import GrandTotals
from sample_terminal.journal_tables import connect

#: Begins the numbers of Z reports that the till numbers itself (egne): letters, which no other till's file has.
OWN: Final = "E"
_Z_NUMBER: Final = "json_extract(report, '$.number')"
_OF_REF = "terminal_id = ? AND sale_id = ? AND tender_id = ?"


@dataclass(frozen=True, slots=True)
class PaperNumbers:
    """The numbers of a final sale's papers, each from a series of its own."""

    #: None when nothing was paid at the till.
    sales_receipt: int | None
    #: Tender id to the number of its delivery receipt.
    delivery_receipts: dict[str, int]


class Journal:
    """One till's journal. Its methods may be called from any thread; each is one transaction."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        self._lock = threading.Lock()
        with self._writing() as db:
            # Nobody else holds this journal, so a crash left these: their sales will never be final.
            db.execute("UPDATE payment SET state = 'abandoned' WHERE state = 'open'")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    # -- checkout --------------------------------------------------------------------------------------------------

    def is_final(self, sale: Sale) -> bool:
        """Whether this sale has been made final."""
        with self._reading() as db:
            return _is_final(db, sale.terminal_id, sale.sale_id)

    def attempts(self, sale: Sale) -> int:
        """Return how many times this sale's payments have been asked of a plugin."""
        question = "SELECT coalesce(max(attempt), 0) FROM payment WHERE terminal_id = ? AND sale_id = ?"
        with self._reading() as db:
            return int(db.execute(question, (sale.terminal_id, sale.sale_id)).fetchone()[0])

    def begin(self, requests: Sequence[PaymentRequest], attempt: int) -> None:
        """Note the payments that a plugin is about to be asked for, so that a crash leaves their names behind."""
        rows = [(*_key(request.ref), attempt, stored.request_json(request)) for request in requests]
        with self._writing() as db:
            db.executemany(
                "INSERT INTO payment (terminal_id, sale_id, tender_id, attempt, state, request) "
                "VALUES (?, ?, ?, ?, 'open', ?)",
                rows,
            )

    def abandon(self, requests: Iterable[PaymentRequest]) -> None:
        """Note that the sale will not be final with these payments."""
        with self._writing() as db:
            change = f"UPDATE payment SET state = 'abandoned' WHERE {_OF_REF} AND state = 'open'"
            db.executemany(change, [_key(request.ref) for request in requests])

    def finalise(self, sale: Sale, requests: Sequence[PaymentRequest]) -> PaperNumbers:
        """Make the sale final with these payments, and number its papers: the point of no return."""
        with self._writing() as db:
            db.execute(
                "INSERT INTO sale (terminal_id, sale_id, sale) VALUES (?, ?, ?)",
                (sale.terminal_id, sale.sale_id, stored.sale_json(sale)),
            )
            for request in requests:
                done = db.execute(
                    f"UPDATE payment SET state = 'final' WHERE {_OF_REF} AND state = 'open'", _key(request.ref)
                )
                if done.rowcount != 1:
                    raise sqlite3.IntegrityError(f"payment {request.ref} is not open")
            is_paid_here = any(tender.channel != INVOICE for tender in sale.tenders) or not sale.tenders
            return PaperNumbers(
                sales_receipt=_next_paper(db, "sales", sale, None) if is_paid_here else None,
                delivery_receipts={
                    request.ref.tender_id: _next_paper(db, "delivery", sale, request.ref.tender_id)
                    for request in requests
                },
            )

    # -- what the plugin asks, and what it must be told --------------------------------------------------------------

    def outcome(self, ref: PaymentRef) -> Outcome:
        """Return what became of a payment; UNKNOWN while its checkout is going on, and for one never heard of."""
        with self._reading() as db:
            row = db.execute(f"SELECT state FROM payment WHERE {_OF_REF}", _key(ref)).fetchone()
            if row is None:
                return Outcome.ABANDONED if _is_final(db, ref.terminal_id, ref.sale_id) else Outcome.UNKNOWN
            return Outcome.UNKNOWN if row[0] == "open" else Outcome(row[0])

    def uncaptured(self) -> list[PaymentRequest]:
        """Return the payments of final sales that the plugin has not kept yet."""
        with self._reading() as db:
            rows = db.execute("SELECT request FROM payment WHERE state = 'final' AND NOT captured").fetchall()
        return [stored.request_from(text) for (text,) in rows]

    def on_account(self, *, not_closed: bool = False) -> list[tuple[int, PaymentRequest]]:
        """Return every plugin payment of every final sale, with the number of its delivery receipt, in that order.

        `not_closed`: only those of sales that no Z has closed.
        """
        question = (
            "SELECT paper.number, request FROM payment JOIN paper USING (terminal_id, sale_id, tender_id) "
            "JOIN sale USING (terminal_id, sale_id) "
            f"WHERE state = 'final' AND series = 'delivery'{' AND z IS NULL' if not_closed else ''} ORDER BY number"
        )
        with self._reading() as db:
            rows = db.execute(question).fetchall()
        return [(number, stored.request_from(text)) for number, text in rows]

    def captured(self, ref: PaymentRef) -> None:
        """Note that the plugin keeps the payment."""
        with self._writing() as db:
            db.execute(f"UPDATE payment SET captured = 1 WHERE {_OF_REF}", _key(ref))

    # -- final sales -----------------------------------------------------------------------------------------------

    def sale(self, terminal_id: str, sale_id: str) -> Sale | None:
        """Return a final sale."""
        with self._reading() as db:
            question = "SELECT sale FROM sale WHERE terminal_id = ? AND sale_id = ?"
            row = db.execute(question, (terminal_id, sale_id)).fetchone()
        return stored.sale_from(row[0]) if row else None

    def count_sales(self, terminal_id: str) -> int:
        """Return how many sales of a terminal are final."""
        with self._reading() as db:
            return int(db.execute("SELECT count(*) FROM sale WHERE terminal_id = ?", (terminal_id,)).fetchone()[0])

    def latest_sales(self, terminal_id: str, receipt: str = "", limit: int = 50) -> list[Sale]:
        """Return a terminal's final sales, newest first: those whose receipt number begins so."""
        question = (
            "SELECT sale FROM sale WHERE terminal_id = ? AND substr(json_extract(sale, '$.receipt'), 1, ?) = ? "
            "ORDER BY json_extract(sale, '$.at') DESC LIMIT ?"
        )
        with self._reading() as db:
            rows = db.execute(question, (terminal_id, len(receipt), receipt, limit)).fetchall()
        return [stored.sale_from(text) for (text,) in rows]

    def returns_of(self, sale: Sale) -> list[Sale]:
        """Return the final sales in which goods of this one came back."""
        question = (
            "SELECT sale FROM sale WHERE json_extract(sale, '$.original.sale_id') = ? "
            "AND json_extract(sale, '$.original.terminal_id') = ?"
        )
        with self._reading() as db:
            rows = db.execute(question, (sale.sale_id, sale.terminal_id)).fetchall()
        return [stored.sale_from(text) for (text,) in rows]

    def requests_of(self, sale: Sale) -> list[PaymentRequest]:
        """Return the plugin payments of a final sale."""
        question = "SELECT request FROM payment WHERE terminal_id = ? AND sale_id = ? AND state = 'final'"
        with self._reading() as db:
            rows = db.execute(question, (sale.terminal_id, sale.sale_id)).fetchall()
        return [stored.request_from(text) for (text,) in rows]

    # -- days ------------------------------------------------------------------------------------------------------

    def open_sales(self, terminal_id: str, sale_ids: Iterable[str] | None = None) -> list[Sale]:
        """Return the final sales that no Z has closed: all of a terminal's, or those of the ids given."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT sale_id, sale FROM sale WHERE terminal_id = ? AND z IS NULL", (terminal_id,)
            ).fetchall()
        wanted = None if sale_ids is None else set(sale_ids)
        return [stored.sale_from(text) for sale_id, text in rows if wanted is None or sale_id in wanted]

    def z_number(self, terminal_id: str, wanted: int | str | None = None) -> int | str:
        """Return the number that a Z of a file has there, while no other Z has it; else the till's own next.

        The till's own are E1, E2…, so that they never meet a number of a file that is played later.
        """
        with self._reading() as db:
            if wanted is not None and not _has_number(db, terminal_id, wanted):
                return wanted
            own = (
                f"SELECT coalesce(max(CAST(substr({_Z_NUMBER}, 2) AS INTEGER)), 0) + 1 FROM z_report "
                f"WHERE terminal_id = ? AND {_Z_NUMBER} GLOB '{OWN}[0-9]*'"
            )
            return f"{OWN}{db.execute(own, (terminal_id,)).fetchone()[0]}"

    def grand_totals(self, terminal_id: str) -> GrandTotals:
        """Return what was sold at the terminal since its beginning, as far as it has been closed."""
        with self._reading() as db:
            row = db.execute("SELECT sales, returns FROM grand_total WHERE terminal_id = ?", (terminal_id,)).fetchone()
            if row is not None:
                return GrandTotals(*row)
            closed = db.execute("SELECT sale FROM sale WHERE terminal_id = ? AND z IS NOT NULL", (terminal_id,))
            return GrandTotals().after(stored.sale_from(text) for (text,) in closed)

    def has_z(self, terminal_id: str, source: str) -> bool:
        """Whether the day of this name has been closed."""
        with self._reading() as db:
            question = "SELECT 1 FROM z_report WHERE terminal_id = ? AND source = ?"
            return db.execute(question, (terminal_id, source)).fetchone() is not None

    def close_day(self, report: ZReport, sales: Iterable[Sale], source: str, grand: GrandTotals) -> None:
        """Keep a Z report, close the sales in it, and keep what has been sold with them since the beginning.

        `source` names the day, so that it is closed once.
        """
        terminal_id = report.terminal_id
        with self._writing() as db:
            last = "SELECT coalesce(max(number), 0) FROM z_report WHERE terminal_id = ?"
            place = int(db.execute(last, (terminal_id,)).fetchone()[0]) + 1
            db.execute(
                "INSERT INTO z_report (terminal_id, number, source, report) VALUES (?, ?, ?, ?)",
                (terminal_id, place, source, stored.z_report_json(report)),
            )
            db.executemany(
                "UPDATE sale SET z = ? WHERE terminal_id = ? AND sale_id = ?",
                [(place, sale.terminal_id, sale.sale_id) for sale in sales],
            )
            db.execute(
                "INSERT OR REPLACE INTO grand_total (terminal_id, sales, returns) VALUES (?, ?, ?)",
                (terminal_id, grand.sales, grand.returns),
            )
            _note(db, "z", source)

    def z_reports(self, terminal_id: str) -> list[ZReport]:
        """Return the terminal's Z reports, oldest first."""
        with self._reading() as db:
            question = "SELECT report FROM z_report WHERE terminal_id = ? ORDER BY number"
            rows = db.execute(question, (terminal_id,)).fetchall()
        return [stored.z_report_from(text) for (text,) in rows]

    def unsent_z(self) -> list[ZReport]:
        """Return the Z reports that a plugin has not kept yet, oldest first."""
        with self._reading() as db:
            rows = db.execute("SELECT report FROM z_report WHERE NOT sent ORDER BY number").fetchall()
        return [stored.z_report_from(text) for (text,) in rows]

    def z_sent(self, report: ZReport) -> None:
        """Note that every plugin keeps the Z report."""
        with self._writing() as db:
            change = f"UPDATE z_report SET sent = 1 WHERE terminal_id = ? AND {_Z_NUMBER} = ?"
            db.execute(change, (report.terminal_id, report.number))

    def note(self, kind: str, text: str) -> None:
        """Keep an event: the till's log, which the law asks for."""
        with self._writing() as db:
            _note(db, kind, text)

    def noted(self, kind: str, since: str | None = None) -> list[str]:
        """Return the texts of the events of a kind, oldest first.

        `since`: only those after the last Z whose source begins so.
        """
        last = "SELECT coalesce(max(id), 0) FROM event WHERE kind = 'z' AND substr(text, 1, ?) = ?"
        with self._reading() as db:
            after = 0 if since is None else int(db.execute(last, (len(since), since)).fetchone()[0])
            rows = db.execute("SELECT text FROM event WHERE kind = ? AND id > ? ORDER BY id", (kind, after)).fetchall()
        return [text for (text,) in rows]

    # -- what is not final -----------------------------------------------------------------------------------------

    def keep_ticket(self, name: str, ticket: str | None) -> None:
        """Keep what has been rung up under a name, in the place of what was there; None: nothing any more."""
        with self._writing() as db:
            if ticket is None:
                db.execute("DELETE FROM open_ticket WHERE name = ?", (name,))
            else:
                db.execute("INSERT OR REPLACE INTO open_ticket (name, ticket) VALUES (?, ?)", (name, ticket))

    def ticket(self, name: str) -> str | None:
        """Return what is kept under a name."""
        with self._reading() as db:
            row = db.execute("SELECT ticket FROM open_ticket WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def move_ticket(self, name: str, other: str, ticket: str) -> None:
        """Keep a ticket under another name, and no longer under this one."""
        with self._writing() as db:
            db.execute("DELETE FROM open_ticket WHERE name = ?", (name,))
            db.execute("INSERT OR REPLACE INTO open_ticket (name, ticket) VALUES (?, ?)", (other, ticket))

    def tickets(self, beginning: str) -> dict[str, str]:
        """Return what is kept under the names that begin so, in the order of the names."""
        question = "SELECT name, ticket FROM open_ticket WHERE substr(name, 1, ?) = ? ORDER BY name"
        with self._reading() as db:
            return dict(db.execute(question, (len(beginning), beginning)).fetchall())

    # -- transactions ----------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise


def _note(db: sqlite3.Connection, kind: str, text: str) -> None:
    row = (datetime.now(UTC).isoformat(), kind, text)
    db.execute("INSERT INTO event (at, kind, text) VALUES (?, ?, ?)", row)


def _key(ref: PaymentRef) -> tuple[str, str, str]:
    return ref.terminal_id, ref.sale_id, ref.tender_id


def _is_final(db: sqlite3.Connection, terminal_id: str, sale_id: str) -> bool:
    question = "SELECT 1 FROM sale WHERE terminal_id = ? AND sale_id = ?"
    return db.execute(question, (terminal_id, sale_id)).fetchone() is not None


def _has_number(db: sqlite3.Connection, terminal_id: str, number: int | str) -> bool:
    question = f"SELECT 1 FROM z_report WHERE terminal_id = ? AND {_Z_NUMBER} = ?"
    return db.execute(question, (terminal_id, number)).fetchone() is not None


def _next_paper(db: sqlite3.Connection, series: str, sale: Sale, tender_id: str | None) -> int:
    question = "SELECT coalesce(max(number), 0) + 1 FROM paper WHERE terminal_id = ? AND series = ?"
    number = int(db.execute(question, (sale.terminal_id, series)).fetchone()[0])
    db.execute(
        "INSERT INTO paper (series, number, terminal_id, sale_id, tender_id) VALUES (?, ?, ?, ?, ?)",
        (series, number, sale.terminal_id, sale.sale_id, tender_id),
    )
    return number
