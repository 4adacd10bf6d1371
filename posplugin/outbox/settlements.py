"""Z reports, their settlements, and what was posted of each: a Z is settled once, by whichever way it came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from posplugin.domain.clock import Clock, from_stored, to_text
from posplugin.domain.errors import FactsDiffer
from posplugin.domain.payment import PaymentRef
from posplugin.domain.settlement import Journal, Settlement
from posplugin.domain.zreport import ZReport, disagreement
from posplugin.logs import get_logger
from posplugin.outbox import facts
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import OPEN_SQL, Status
from posplugin.outbox.our_sales import OurSales, SalesOfZ
from posplugin.outbox.record import Record
from posplugin.outbox.reference import generation
from posplugin.outbox.z_reports import Select, read_z_reports, settlement_of

log = get_logger("outbox")


class Source(StrEnum):
    """By which way a Z came."""

    #: The till's own, by the hook.
    TILL = "till"
    #: Out of a SAF-T file.
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """What was posted, or was about to be, under one reference."""

    reference: str
    as_draft: bool
    journal: Journal
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptZ:
    """One Z in a list of them, newest first."""

    terminal_id: str
    number: str
    business_date: date
    #: Its place among those of one business date: where the next page of a list begins.
    place: int
    #: None where it is not what was written.
    z: ZReport | None
    #: None: it was kept while settlements were off, and is not on its way.
    record: Record | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAside:
    """How many Z reports are not on their way, and of which days."""

    count: int
    first: date
    last: date


class Settlements:
    """The Z reports and settlements in the outbox file. Thread-safe."""

    def __init__(
        self,
        database: Database,
        select: Select,
        insert: Callable[[Settlement, Status, str, str], Record],
        change: Callable[..., Record],
        clock: Clock,
    ) -> None:
        self._database = database
        self._select = select
        self._insert = insert
        self._change = change
        self._clock = clock
        self._sales = SalesOfZ(database, select)

    # -- Z reports -------------------------------------------------------------------------------------------------

    def keep(self, z: ZReport, settlement: Settlement | None, who: str, source: Source = Source.TILL) -> bool:
        """Keep a Z, and its settlement to be posted where there is one; return whether it is new.

        The same Z again changes nothing. Another one of that number raises `FactsDiffer`; one that came by the other
        way is the same when its sums are, whatever its details. Then the till's own telling counts, until it is posted.
        """
        text = facts.write(z)
        with self._database.transaction():
            if known := self._known(z.terminal_id, z.number):
                self._require_same(z, *known, source)
                if (known[1], source) == (Source.FILE, Source.TILL):
                    self._take_the_tills(z, text, who)
                return False
            record = self._insert(settlement, Status.PENDING, who, "the day was closed") if settlement else None
            values = (
                *(z.terminal_id, str(z.number), z.business_date.isoformat(), source),
                *(text, facts.SCHEMA_VERSION, facts.digest(text), to_text(self._clock())),
                record.id if record else None,
            )
            self._database.execute("INSERT INTO z_reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            return True

    def enqueue(self, settlement: Settlement, who: str, why: str) -> Record | None:
        """Let a Z be posted that was kept while settlements were off; None when it is on its way already."""
        with self._database.transaction():
            if self.of(settlement.z):
                return None
            record = self._insert(settlement, Status.PENDING, who, why)
            sql = "UPDATE z_reports SET record_id = ? WHERE terminal_id = ? AND number = ?"
            self._database.execute(sql, (record.id, record.terminal_id, str(settlement.z.number)))
            return record

    def find(self, terminal_id: str, number: int | str) -> ZReport | None:
        """Return a Z that is kept."""
        known = self._known(terminal_id, number)
        return known[0] if known else None

    def between(self, first: date, last: date) -> list[ZReport]:
        """Return the Z reports of some business dates, those days included, in the order in which they closed."""
        days = (first.isoformat(), last.isoformat())
        return read_z_reports(self._database, "business_date BETWEEN ? AND ?", *days)

    def newest(self, limit: int, before: tuple[date, int] | None = None) -> list[KeptZ]:
        """Return Z reports, newest first, each with its record; `before` is day and place of one they come before."""
        day, place = before or (date.max, 0)
        rows = self._database.rows(
            "SELECT terminal_id, number, business_date, rowid, document, schema_version, sha256 FROM z_reports"
            " WHERE (business_date, rowid) < (?, ?) ORDER BY business_date DESC, rowid DESC LIMIT ?",
            (day.isoformat(), place, limit),
        )
        return [
            KeptZ(
                terminal_id=terminal_id,
                number=number,
                business_date=date.fromisoformat(day),
                place=place,
                z=_readable(*document),
                record=self.numbered(terminal_id, number),
            )
            for terminal_id, number, day, place, *document in rows
        ]

    def aside(self, terminal_id: str, since: date = date.min) -> KeptAside | None:
        """Return which Z reports of a terminal are not on their way: they were kept while settlements were off.

        What lies before `since` was booked otherwise.
        """
        row = self._database.row(
            "SELECT count(*), min(business_date), max(business_date) FROM z_reports"
            " WHERE terminal_id = ? AND business_date >= ? AND record_id IS NULL",
            (terminal_id, since.isoformat()),
        )
        if not row or not row[0]:
            return None
        return KeptAside(count=row[0], first=date.fromisoformat(row[1]), last=date.fromisoformat(row[2]))

    def taken_back(self) -> list[Record]:
        """Return the settlements that were taken back and not posted anew, oldest first."""
        return self._select("kind = 'settlement' AND status = 'reversed' ORDER BY business_date, id", ())

    def to_post_anew(self) -> list[Record]:
        """Return the settlements that wait under another reference than their first, oldest first."""
        where = f"kind = 'settlement' AND status IN ('pending', 'sending', 'uncertain') AND {OPEN_SQL}"
        found = self._select(f"{where} ORDER BY business_date, id", ())
        return [record for record in found if generation(record.reference) > 1]

    def of(self, z: ZReport) -> Record | None:
        """Return the record of a Z's settlement."""
        return settlement_of(self._select, z.terminal_id, z.number)

    def numbered(self, terminal_id: str, number: int | str) -> Record | None:
        """Return the record of the settlement of a terminal's Z of that number."""
        return settlement_of(self._select, terminal_id, number)

    def our_sales(self, z: ZReport) -> OurSales:
        """Return our documents that a Z names, those of its terminal that were sold in its time, and what came late."""
        return self._sales.of(z)

    # -- journals --------------------------------------------------------------------------------------------------

    def write_journal(
        self,
        record: Record,
        journal: Journal,
        *,
        as_draft: bool,
        cleared: Iterable[PaymentRef] = (),
        reference: str = "",
    ) -> None:
        """Write down what is about to be posted under the record's reference, over what was tried before.

        `cleared` are the payments that it puts on clearing. Another `reference` is of another generation, which was
        found posted.
        """
        text = facts.write(journal)
        values = (
            reference or record.reference,
            record.id,
            int(as_draft),
            text,
            facts.SCHEMA_VERSION,
            facts.digest(text),
        )
        with self._database.transaction():
            sql = "INSERT OR REPLACE INTO journals VALUES (?, ?, ?, ?, ?, ?, ?)"
            self._database.execute(sql, (*values, to_text(self._clock())))
            self._database.execute("DELETE FROM cleared WHERE record_id = ?", (record.id,))
            for ref in cleared:
                key = (ref.terminal_id, ref.sale_id, ref.tender_id, record.id)
                self._database.execute("INSERT INTO cleared VALUES (?, ?, ?, ?)", key)

    def forget_journal(self, record: Record) -> None:
        """Nothing was posted under the record's reference: what was about to be is not what stands there."""
        with self._database.transaction():
            self._database.execute("DELETE FROM journals WHERE reference = ?", (record.reference,))

    def is_cleared_by(self, record: Record, ref: PaymentRef) -> bool:
        """Whether a settlement's journal put a payment on clearing."""
        sql = "SELECT 1 FROM cleared WHERE terminal_id = ? AND sale_id = ? AND tender_id = ? AND record_id = ?"
        return self._database.row(sql, (ref.terminal_id, ref.sale_id, ref.tender_id, record.id)) is not None

    def journals(self, record: Record) -> list[JournalRow]:
        """Return what was posted, or may have been, under each reference of a settlement, oldest first.

        What is damaged is left out: nothing can be compared with it, and a person is asked.
        """
        sql = "SELECT reference, as_draft, document, schema_version, sha256, at FROM journals WHERE record_id = ?"
        rows = self._database.rows(f"{sql} ORDER BY at", (record.id,))
        found = []
        for reference, as_draft, *stored, at in rows:
            try:
                journal = facts.read("journal", *stored)
            except facts.ContentDamaged:
                log.warning("journal_damaged", reference=reference)
                continue
            found.append(JournalRow(reference=reference, as_draft=bool(as_draft), journal=journal, at=from_stored(at)))
        return found

    # -- inside ----------------------------------------------------------------------------------------------------

    def _known(self, terminal_id: str, number: int | str) -> tuple[ZReport, Source] | None:
        sql = "SELECT document, schema_version, sha256, source FROM z_reports WHERE terminal_id = ? AND number = ?"
        row = self._database.row(sql, (terminal_id, str(number)))
        return (facts.read("z_report", *row[:3]), Source(row[3])) if row else None

    def _take_the_tills(self, z: ZReport, text: str, who: str) -> None:
        """The till knows what it invoiced; a file can only be read."""
        told = (z.business_date.isoformat(), text, facts.SCHEMA_VERSION, facts.digest(text), Source.TILL)
        sql = "UPDATE z_reports SET business_date = ?, document = ?, schema_version = ?, sha256 = ?, source = ?"
        self._database.execute(f"{sql} WHERE terminal_id = ? AND number = ?", (*told, z.terminal_id, str(z.number)))
        record = self.of(z)
        if record and record.status in (Status.PENDING, Status.NEEDS_ATTENTION):
            document = facts.write(replace(record.settlement(), z=z))
            why = "the till has told of the same day itself"
            told_anew = {"document": document, "sha256": facts.digest(document), "business_date": told[0]}
            self._change(record, who, why, schema_version=facts.SCHEMA_VERSION, **told_anew)

    def _require_same(self, z: ZReport, known: ZReport, known_source: Source, source: Source) -> None:
        if known == z:
            return
        differs = disagreement(known, z)
        if differs or source is known_source:
            raise FactsDiffer(
                f"{z.name} of {z.terminal_id} is already kept with other totals ({differs or 'in its details'}); "
                "a Z report never changes, so number the new one anew"
            )


def _readable(text: str, version: int, sha256: str) -> ZReport | None:
    try:
        found: ZReport = facts.read("z_report", text, version, sha256)
    except facts.ContentDamaged:
        return None
    return found
