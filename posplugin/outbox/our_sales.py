"""Our invoices and credit notes that may belong to a Z: what it names, what was sold in its time, what came late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from posplugin.domain.documents import Invoice
from posplugin.domain.payment import PaymentRef
from posplugin.domain.reasons import Reason
from posplugin.domain.zreport import ZReport
from posplugin.outbox import facts
from posplugin.outbox.database import Database
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.z_reports import Select, in_order, read_z_reports, settlement_of

#: The detail of a settlement of which there was nothing to post.
NOTHING_TO_POST = "nothing to post: nothing was sold, or all of it is invoiced"
#: How long after its Z a sale that was captured late is found by a later Z.
_LATE = timedelta(days=62)
#: Of a settlement that stands in the books, or may: posted, or tried under its reference and never refused.
_STANDS = """(theirs.status IN ('sending', 'uncertain', 'delivered') OR theirs.status IN ('pending', 'needs_attention')
    AND EXISTS (SELECT 1 FROM journals WHERE journals.reference = theirs.reference))"""
#: A sale made before a Z may be named by one that comes this much later: captured late, or listed late.
_NEIGHBOURS = timedelta(days=7)
#: `+` has it searched by day, for a file may have but one terminal.
_OF_DAYS = "+terminal_id = ? AND business_date BETWEEN ? AND ?"
_NOT_FINAL = (Status.AUTHORIZED, Status.CANCELLED)
#: A sale's business date is at most so far from the date of its time in UTC.
_ZONES = timedelta(days=2)


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


@dataclass(frozen=True, slots=True)
class _Closed:
    """A Z that is kept, and when what belongs to it was decided; texts of moments."""

    z: ZReport
    #: None while that is to come, and where it was only kept.
    decided: str | None
    #: Whether a person did: posted it by hand, or took it back.
    is_seen_to: bool = False


class SalesOfZ:
    """What was sold by invoice, Z for Z. Thread-safe."""

    def __init__(self, database: Database, select: Select) -> None:
        self._database = database
        self._select = select

    def of(self, z: ZReport) -> OurSales:
        """Return our documents that a Z names, those of its terminal that were sold in its time, and what came late."""
        others = self._neighbours(z)
        earlier = [other for other in others if in_order(other) < in_order(z)]
        before = max(earlier, key=in_order, default=None)
        in_its_days = self._sold(z, before)
        final = [record for record in in_its_days if _is_final(record)]
        mine = settlement_of(self._select, z.terminal_id, z.number)
        late = [] if before is None or any(map(self._is_open, earlier)) else self._late(z, before, mine)
        records = {record.ref: record for record in (*final, *self._named(z), *late)}
        invoices = {ref: invoice for ref, record in records.items() if (invoice := _readable(record))}
        named = frozenset(z.invoiced or ()) | {record.ref for record in late}
        promised = [record for record in in_its_days if record.status is Status.AUTHORIZED]
        later = [other for other in others if in_order(other) > in_order(z)]
        elsewhere = {ref for other in later for ref in other.invoiced or ()}
        elsewhere |= {ref for other in earlier for ref in other.invoiced or ()} - {record.ref for record in late}
        return OurSales(
            invoices={ref: made for ref, made in invoices.items() if ref in named or _in_time(made, z, before)},
            discarded=frozenset(ref for ref, record in records.items() if record.status is Status.DISCARDED),
            elsewhere=frozenset(elsewhere),
            damaged=tuple(ref for ref in records if ref not in invoices),
            settled=self._settled(records, mine),
            promised=tuple(r.receipt for r in promised if (made := _readable(r)) and _in_time(made, z, before)),
        )

    def _is_open(self, z: ZReport) -> bool:
        """Whether its settlement is still to be drawn up: what was sold until then may be its."""
        record = settlement_of(self._select, z.terminal_id, z.number)
        return record is not None and record.status in (Status.PENDING, Status.NEEDS_ATTENTION)

    def _settled(self, refs: Iterable[PaymentRef], record: Record | None) -> frozenset[PaymentRef]:
        """Return which of these payments another settlement has put on clearing, or is about to."""
        sql = f"""SELECT 1 FROM cleared JOIN records AS theirs ON theirs.id = cleared.record_id AND {_STANDS}
            WHERE cleared.terminal_id = ? AND cleared.sale_id = ? AND cleared.tender_id = ? AND theirs.id <> ?"""
        mine = record.id if record else 0
        row = self._database.row
        return frozenset(ref for ref in refs if row(sql, (ref.terminal_id, ref.sale_id, ref.tender_id, mine)))

    def _neighbours(self, z: ZReport) -> list[ZReport]:
        """Return the other Z reports of the terminal that closed near this one, and the one before however long ago."""
        first = (z.business_date - _NEIGHBOURS).isoformat()
        sql = "SELECT business_date FROM z_reports WHERE +terminal_id = ? AND business_date < ?"
        row = self._database.row(f"{sql} ORDER BY business_date DESC LIMIT 1", (z.terminal_id, first))
        days = (row[0] if row else first, (z.business_date + _NEIGHBOURS).isoformat())
        near = read_z_reports(self._database, _OF_DAYS, z.terminal_id, *days)
        return [other for other in near if other.number != z.number]

    def _sold(self, z: ZReport, before: ZReport | None) -> list[Record]:
        """Return what was sold on the days that a Z can be of: where there is none before it, on its own and since."""
        first = before.closed_at.date() - _ZONES if before else z.business_date
        last = max(z.business_date, z.closed_at.date() + _ZONES)
        where = f"{_OF_DAYS} AND kind <> 'settlement' ORDER BY id"
        return self._select(where, (z.terminal_id, first.isoformat(), last.isoformat()))

    def _named(self, z: ZReport) -> list[Record]:
        where = "terminal_id = ? AND sale_id = ? AND tender_id = ? AND kind <> 'settlement'"
        found: list[Record] = []
        for ref in z.invoiced or ():
            found += self._select(where, (ref.terminal_id, ref.sale_id, ref.tender_id))
        return [record for record in found if _is_final(record)]

    # -- captured late ---------------------------------------------------------------------------------------------

    def _late(self, z: ZReport, before: ZReport, mine: Record | None) -> list[Record]:
        """Return what was captured after its own Z had been drawn up, and no other settlement has put on clearing.

        Only what carries no VAT of its own, and only where its Z was settled. What a person knew of who posted a Z by
        hand, or took one back, is theirs.
        """
        first, last = z.business_date - _LATE, before.closed_at.date() + _ZONES
        where = f"""{_OF_DAYS} AND kind <> 'settlement'
            AND json_valid(document) AND json_extract(document, '$.vat_reported_by') = 'settlement'
            AND NOT EXISTS (SELECT 1 FROM cleared JOIN records AS theirs ON theirs.id = cleared.record_id AND {_STANDS}
                WHERE theirs.id <> ? AND cleared.terminal_id = records.terminal_id
                AND cleared.sale_id = records.sale_id AND cleared.tender_id = records.tender_id) ORDER BY id"""
        found = self._select(where, (z.terminal_id, first.isoformat(), last.isoformat(), mine.id if mine else 0))
        final = [record for record in found if _is_final(record) and record.status is not Status.DISCARDED]
        sold = [(record, made) for record in final if (made := _readable(record))]
        sold = [(record, made) for record, made in sold if made.delivered_at <= before.closed_at]
        closed = self._closed(first - _NEIGHBOURS, before) if sold else []
        return [record for record, made in sold if self._came_late(record, made, closed)]

    def _came_late(self, record: Record, made: Invoice, closed: Sequence[_Closed]) -> bool:
        """Whether it was not final when what belongs to its Z was decided, nor when a person saw to a later one."""
        own = next((n for n, each in enumerate(closed) if made.delivered_at <= each.z.closed_at), None)
        if own is None or (own == 0 and made.business_date < closed[0].z.business_date):
            return False  # from before the first
        decided = closed[own].decided
        seen_to = [each.decided for each in closed[own:] if each.decided and each.is_seen_to]
        return decided is not None and not self._was_final(record, max([decided, *seen_to]))

    def _closed(self, first: date, last: ZReport) -> list[_Closed]:
        """Return the Z reports of a terminal from some day on, up to and with the last."""
        days = (first.isoformat(), (last.closed_at.date() + _ZONES).isoformat())
        kept = read_z_reports(self._database, _OF_DAYS, last.terminal_id, *days)
        return [self._decided(z) for z in kept if in_order(z) <= in_order(last)]

    def _decided(self, z: ZReport) -> _Closed:
        record = settlement_of(self._select, z.terminal_id, z.number)
        if record and record.status in (Status.SENDING, Status.UNCERTAIN, Status.DELIVERED):
            drawn = self._database.row("SELECT max(at) FROM journals WHERE record_id = ?", (record.id,))
            return _Closed(z, drawn[0] if drawn else None)
        if record and record.status in (Status.DISCARDED, Status.REVERSED):
            sql = "SELECT max(at) FROM events WHERE record_id = ? AND now = ? AND was <> now"
            over = self._database.row(sql, (record.id, record.status))
            by_itself = record.status is Status.DISCARDED and record.detail == NOTHING_TO_POST
            return _Closed(z, over[0] if over else None, is_seen_to=not by_itself)
        return _Closed(z, None)

    def _was_final(self, record: Record, moment: str) -> bool:
        sql = "SELECT now, reason FROM events WHERE record_id = ? AND at <= ? ORDER BY id DESC LIMIT 1"
        row = self._database.row(sql, (record.id, moment))
        return row is not None and row[0] not in _NOT_FINAL and row[1] != Reason.UNCONFIRMED_SALE


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
    return record.status not in _NOT_FINAL and record.reason is not Reason.UNCONFIRMED_SALE
