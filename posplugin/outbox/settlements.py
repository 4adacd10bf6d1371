"""Z reports, their settlements, and what was posted of each: a Z is settled once, by whichever way it came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from posplugin.domain.clock import Clock, from_text, to_text
from posplugin.domain.documents import Invoice
from posplugin.domain.errors import FactsDiffer
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Journal, Settlement, settlement_ref
from posplugin.domain.zreport import ZReport, disagreement
from posplugin.logs import get_logger
from posplugin.outbox import facts
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record

#: How long after its Z a sale that was captured late is found by a later Z.
_LATE = timedelta(days=62)
#: Of a settlement that stands in the books, or may.
_LIVE = "('sending', 'uncertain', 'delivered')"
#: A sale made before a Z may be named by one that comes this much later: captured late, or listed late.
_NEIGHBOURS = timedelta(days=7)
#: A sale's business date is at most so far from the date of its time in UTC.
_ZONES = timedelta(days=2)


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
class OurSales:
    """Our invoices and credit notes that may belong to a Z, by payment."""

    invoices: dict[PaymentRef, Invoice]
    #: Of these, the ones that a person let go.
    discarded: frozenset[PaymentRef]
    #: Payments that other Z reports name.
    elsewhere: frozenset[PaymentRef]
    #: Those that may belong to it and cannot be read.
    damaged: tuple[PaymentRef, ...] = ()
    #: What another settlement has posted, or is posting.
    settled: frozenset[PaymentRef] = frozenset()
    #: Sold in its time, and the till has not said yet whether they are final.
    promised: tuple[str, ...] = ()


class Settlements:
    """The Z reports and settlements in the outbox file. Thread-safe."""

    def __init__(
        self,
        database: Database,
        select: Callable[[str, Iterable[Any]], list[Record]],
        insert: Callable[[Settlement, Status, str, str], Record],
        change: Callable[..., Record],
        clock: Clock,
    ) -> None:
        self._database = database
        self._select = select
        self._insert = insert
        self._change = change
        self._clock = clock

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
            values = (
                *(z.terminal_id, str(z.number), z.business_date.isoformat(), source),
                *(text, facts.SCHEMA_VERSION, facts.digest(text), to_text(self._clock())),
            )
            self._database.execute("INSERT INTO z_reports VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
            if settlement:
                self._insert(settlement, Status.PENDING, who, "the day was closed")
            return True

    def enqueue(self, settlement: Settlement, who: str, why: str) -> Record | None:
        """Let a Z be posted that was kept while settlements were off; None when it is on its way already."""
        with self._database.transaction():
            if self.of(settlement.z):
                return None
            return self._insert(settlement, Status.PENDING, who, why)

    def find(self, terminal_id: str, number: int | str) -> ZReport | None:
        """Return a Z that is kept."""
        known = self._known(terminal_id, number)
        return known[0] if known else None

    def between(self, first: date, last: date) -> list[ZReport]:
        """Return the Z reports of some business dates, those days included, in the order in which they closed."""
        return self._read("business_date BETWEEN ? AND ?", first.isoformat(), last.isoformat())

    def of(self, z: ZReport) -> Record | None:
        """Return the record of a Z's settlement."""
        ref = settlement_ref(z.terminal_id, z.number)
        where = "terminal_id = ? AND sale_id = ? AND tender_id = ? AND kind = 'settlement'"
        found = self._select(where, (ref.terminal_id, ref.sale_id, ref.tender_id))
        return found[0] if found else None

    # -- what was sold by invoice ----------------------------------------------------------------------------------

    def our_sales(self, z: ZReport) -> OurSales:
        """Return our documents that a Z names, and those of its terminal that were sold in its time."""
        others = self._neighbours(z)
        earlier = [other for other in others if _order(other) < _order(z)]
        before = max(earlier, key=_order, default=None)
        in_its_days = self._sold(z, before)
        final = [record for record in in_its_days if _is_final(record)]
        late = [] if any(map(self._is_open, earlier)) else self._late(z, before)
        records = {record.ref: record for record in (*final, *self._named(z), *late)}
        invoices = {ref: invoice for ref, record in records.items() if (invoice := _readable(record))}
        named = frozenset(z.invoiced or ()) | {record.ref for record in late}
        mine = {ref: made for ref, made in invoices.items() if ref in named or _in_time(made, z, before)}
        promised = [record for record in in_its_days if record.status is Status.AUTHORIZED]
        later = [other for other in others if _order(other) > _order(z)]
        elsewhere = {ref for other in later for ref in other.invoiced or ()}
        elsewhere |= {ref for other in earlier for ref in other.invoiced or ()} - {record.ref for record in late}
        return OurSales(
            invoices=mine,
            discarded=frozenset(ref for ref, record in records.items() if record.status is Status.DISCARDED),
            elsewhere=frozenset(elsewhere),
            damaged=tuple(ref for ref in records if ref not in invoices),
            settled=self._settled(records, self.of(z)),
            promised=tuple(r.receipt for r in promised if (made := _readable(r)) and _in_time(made, z, before)),
        )

    def _is_open(self, z: ZReport) -> bool:
        """Whether its settlement is still to be drawn up: what was sold until then may be its."""
        record = self.of(z)
        return record is not None and record.status in (Status.PENDING, Status.NEEDS_ATTENTION)

    def _late(self, z: ZReport, before: ZReport | None) -> list[Record]:
        """Return what was sold before the Z before and stands on no clearing account: captured after its Z was posted.

        Only what carries no VAT of its own, and only since settlements are posted here.
        """
        if before is None:
            return []
        first = (z.business_date - _LATE).isoformat()
        begun = (
            f"SELECT coalesce(min(business_date), '9999') FROM records WHERE kind = 'settlement' AND status IN {_LIVE}"
        )
        where = f"""+terminal_id = ? AND kind <> 'settlement'
            AND business_date >= max(?, ({begun})) AND business_date <= ?
            AND json_valid(document) AND json_extract(document, '$.vat_reported_by') = 'settlement'
            AND NOT EXISTS (SELECT 1 FROM cleared JOIN records AS theirs ON theirs.id = cleared.record_id
                    AND theirs.status IN {_LIVE} WHERE cleared.terminal_id = records.terminal_id
                AND cleared.sale_id = records.sale_id AND cleared.tender_id = records.tender_id) ORDER BY id"""
        found = self._select(where, (z.terminal_id, first, before.closed_at.date().isoformat()))
        final = [record for record in found if _is_final(record) and record.status is not Status.DISCARDED]
        return [r for r in final if (made := _readable(r)) and made.delivered_at <= before.closed_at]

    def _settled(self, refs: Iterable[PaymentRef], record: Record | None) -> frozenset[PaymentRef]:
        """Return which of these payments another settlement has put on clearing, or is about to."""
        sql = f"""SELECT 1 FROM cleared JOIN records ON records.id = cleared.record_id
            WHERE cleared.terminal_id = ? AND cleared.sale_id = ? AND cleared.tender_id = ? AND records.id <> ?
            AND records.status IN {_LIVE}"""
        mine = record.id if record else 0
        rows = self._database.row
        return frozenset(r for r in refs if rows(sql, (r.terminal_id, r.sale_id, r.tender_id, mine)))

    def _neighbours(self, z: ZReport) -> list[ZReport]:
        """Return the other Z reports of the terminal that closed near this one, and the one before however long ago."""
        first = (z.business_date - _NEIGHBOURS).isoformat()
        sql = "SELECT business_date FROM z_reports WHERE +terminal_id = ? AND business_date < ?"
        row = self._database.row(f"{sql} ORDER BY business_date DESC LIMIT 1", (z.terminal_id, first))
        days = (row[0] if row else first, (z.business_date + _NEIGHBOURS).isoformat())
        near = self._read("+terminal_id = ? AND business_date BETWEEN ? AND ?", z.terminal_id, *days)
        return [other for other in near if other.number != z.number]

    def _sold(self, z: ZReport, before: ZReport | None) -> list[Record]:
        """Return what was sold on the days that a Z can be of: where there is none before it, on its own and since.

        `+` has it searched by day, for a file may have but one terminal.
        """
        first = before.closed_at.date() - _ZONES if before else z.business_date
        last = max(z.business_date, z.closed_at.date() + _ZONES)
        where = "+terminal_id = ? AND business_date BETWEEN ? AND ? AND kind <> 'settlement' ORDER BY id"
        return self._select(where, (z.terminal_id, first.isoformat(), last.isoformat()))

    def _named(self, z: ZReport) -> list[Record]:
        where = "terminal_id = ? AND sale_id = ? AND tender_id = ? AND kind <> 'settlement'"
        found: list[Record] = []
        for ref in z.invoiced or ():
            found += self._select(where, (ref.terminal_id, ref.sale_id, ref.tender_id))
        return [record for record in found if _is_final(record)]

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
            found.append(JournalRow(reference=reference, as_draft=bool(as_draft), journal=journal, at=from_text(at)))
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

    def _read(self, where: str, *values: str) -> list[ZReport]:
        """One that is damaged hides no other: its own settlement says what is the matter."""
        found: list[ZReport] = []
        for row in self._database.rows(f"SELECT document, schema_version, sha256 FROM z_reports WHERE {where}", values):
            try:
                found.append(facts.read("z_report", *row))
            except facts.ContentDamaged:
                log.warning("z_report_damaged")
        return sorted(found, key=_order)


def _order(z: ZReport) -> tuple[datetime, int, str]:
    """By what Z reports follow each other: those of one second by their numbers."""
    return z.closed_at, len(str(z.number)), str(z.number)


def _in_time(invoice: Invoice, z: ZReport, before: ZReport | None) -> bool:
    """Whether it was sold since the Z before."""
    return invoice.delivered_at <= z.closed_at and (before is None or invoice.delivered_at > before.closed_at)


def _readable(record: Record) -> Invoice | None:
    try:
        return record.invoice()
    except facts.ContentDamaged:
        return None


def _is_final(record: Record) -> bool:
    """Whether the till has said that the sale is final."""
    return record.status not in (Status.AUTHORIZED, Status.CANCELLED) and record.reason is not Reason.UNCONFIRMED_SALE
