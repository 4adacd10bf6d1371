"""Says, over a till's journal, its outbox and the books, what is lost, doubled or unexpected. All must be 0.

The one checker: every round and every step of the sweep is judged by it, from the files, when nobody has them open.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posplugin.domain.documents import Invoice, RecordKind, VatReportedBy
from posplugin.domain.errors import OutboxError
from posplugin.domain.payment import Outcome, PaymentRef, PaymentRequest
from posplugin.domain.sale import LineKind
from posplugin.domain.settlement import Settlement, settlement_ref
from posplugin.domain.zreport import ZReport
from posplugin.outbox.database import Database
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.reference import same_document
from posplugin.outbox.store import Outbox
from posplugin.simulator import Simulator
from sample_terminal.journal import Journal
from sample_terminal.shares import paid_per_line
from tests.integration.sender.settled import in_the_books, settled

TERMINAL = "till-1"
_ALL = 1_000_000
#: On its way, or there: what is final may stand nowhere else.
_ALIVE = frozenset({Status.PENDING, Status.SENDING, Status.UNCERTAIN, Status.DELIVERED})


@dataclass
class Found:
    """What is wrong, counted by its name, with a sentence for each."""

    counts: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    def note(self, name: str, *facts: object) -> None:
        """Count something, and say of what."""
        self.counts[name] += 1
        self.told.append(f"{name}: {' '.join(map(str, facts))}")

    def when(self, is_wrong: object, name: str, *facts: object) -> None:
        """Count something where it is so."""
        if is_wrong:
            self.note(name, *facts)

    def add(self, other: Found) -> None:
        """Count what another has found."""
        self.counts.update(other.counts)
        self.told += other.told


#: What is counted, and what each means: the page in docs has the same table.
MEANINGS: Mapping[str, str] = {
    "lost": "final in the journal, and neither on its way nor in the books; or said to be delivered and not there",
    "doubled": "more than one record of a payment, or more than one document of it in the books",
    "unexpected": "may be sent, or stands in the books, though the sale is not final",
    "different": "another amount or customer in the outbox, or in the books, than in the journal",
    "not told": "final, or closed, and the plugin has still not kept it",
    "void yet final": "void in the outbox, final in the journal",
    "not delivered": "final, and not in the books when all has come to rest",
    "settled wrongly": "a Z that stands in the books not once, or with other amounts on its accounts",
    "needs a person": "waits for somebody, though nothing was the matter but a death",
    "not finished": "a receipt, a Z report or an invoice that was not attached or sent once",
    "witnessed": "said to be done before the death, and not final after it",
    "no history": "the events of a record do not lead, one after the other, to the status that it has",
    "damaged": "a file cannot be opened, `PRAGMA integrity_check` is not ok, or a document is not what its hash says",
    "failed": "a process ended by itself with an error",
}


def check_till(journal: Journal, outbox: Outbox) -> Found:
    """Compare every final payment with every record, once the till has started again."""
    found, final = Found(), final_payments(journal)
    by_ref: defaultdict[PaymentRef, list[Record]] = defaultdict(list)
    for record in outbox.select("kind <> 'settlement'"):
        by_ref[record.ref].append(record)
    for ref, request in final.items():
        ours = by_ref[ref]
        found.when(not any(record.status in _ALIVE for record in ours), "lost", ref, [r.status for r in ours])
        for record in ours:
            told = (record.amount, record.customer_number)
            found.when(told != _sold(request), "different", ref, *told)
    for ref, ours in by_ref.items():
        found.when(len(ours) > 1, "doubled", ref)
        for record in ours:
            is_void, needs = record.status is Status.CANCELLED, record.status is Status.NEEDS_ATTENTION
            found.when(ref not in final and not is_void, "unexpected", ref, record.status)
            found.when(is_void and journal.outcome(ref) is Outcome.FINAL, "void yet final", ref)
            found.when(needs, "needs a person", ref, record.reason, record.detail)
    for request in journal.uncaptured():
        found.note("not told", request.ref)
    for z in journal.unsent_z():
        found.note("not told", z.name)
    for z in journal.z_reports(TERMINAL):
        found.when(outbox.settlements.find(TERMINAL, z.number) != z, "lost", z.name)
    found.when((said := outbox.database.integrity()) != "ok", "damaged", said)
    return found


def check_books(
    folder: Path, *, at_rest: bool, witnessed: Set[str] = frozenset(), closed: Set[int] = frozenset()
) -> Found:
    """Open all files of a world that stands still, and compare till, outbox and books.

    `at_rest`: everything has had its time, so that all that is final must be there. `witnessed` are the sales, and
    `closed` the days, that the till said were done.
    """
    files = [folder / name for name in ("journal.sqlite3", "outbox.sqlite3", "simulator.sqlite3")]
    with tempfile.TemporaryDirectory() as name:
        for file in folder.glob(f"{files[2].name}*"):
            shutil.copy(file, name)  # drafts are posted in the copy, to be read as everything else
        go = Simulator(Path(name) / files[2].name)
        try:
            with Journal(files[0]) as journal, Database(files[1]) as database:
                found = _compare(journal, Outbox(database), go, at_rest=at_rest)
                sold = {sale.sale_id for sale in journal.latest_sales(TERMINAL, limit=_ALL)}
                days = {z.number for z in journal.z_reports(TERMINAL)}
                for gone in [*(witnessed - sold), *(closed - days)]:
                    found.note("witnessed", gone)
        except OutboxError as error:
            found = Found()
            found.note("damaged", error)
        finally:
            go.stop()
    for file in files:
        with closing(sqlite3.connect(file)) as opened:
            if (said := opened.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                found.note("damaged", file.name, said)
    return found


def final_payments(journal: Journal) -> dict[PaymentRef, PaymentRequest]:
    """Return the plugin payments of final sales."""
    return {request.ref: request for _, request in journal.on_account()}


def _compare(journal: Journal, outbox: Outbox, go: Simulator, *, at_rest: bool) -> Found:
    found, final = Found(), final_payments(journal)
    records = outbox.select("kind <> 'settlement'")
    there = [*go.orders(), *go.invoices()]
    for record in records:
        ours = [one for one in there if same_document(one["ExternalImportReference"] or "", record.reference)]
        there = [one for one in there if one not in ours]
        names = [one["ExternalImportReference"] for one in ours]
        is_delivered, is_final = record.status is Status.DELIVERED, record.ref in final
        found.when(len(ours) > 1, "doubled", record.ref, names)
        found.when(ours and not is_final, "unexpected", record.ref, names)
        for one in ours if is_final else ():
            told = (int(one["TotalAmount"] * 100), one["CustomerNo"])
            found.when(told != _sold(final[record.ref]), "different", record.ref, *told)
        found.when(is_delivered and not ours, "lost", record.ref, "is said to be delivered")
        if at_rest and is_final:
            standing = (record.status, record.reason, record.detail)
            found.when(not (ours and is_delivered), "not delivered", record.ref, *standing)
        if at_rest and is_delivered:
            _finished(found, outbox, record, ours, go)
    for ref in final.keys() - {record.ref for record in records}:
        found.note("lost", ref, "has no record")
    for record in outbox.select("1"):
        _check_record(found, outbox, record)
    for one in there:
        found.note("unexpected", one["ExternalImportReference"], "is nobody's")
    _check_settlements(found, journal, outbox, go, at_rest=at_rest)
    for record in outbox.needing_a_person() if at_rest else ():
        found.note("needs a person", record.receipt, record.status, record.reason, record.detail)
    return found


def _check_record(found: Found, outbox: Outbox, record: Record) -> None:
    """Its history leads to where it stands, and its document is the one that was kept."""
    events = outbox.events(record)
    left, reached = [event.was for event in events], [None, *(event.now for event in events)]
    found.when([*left, record.status] != reached, "no history", record.receipt, record.status, reached)
    found.when(_document(record) is None, "damaged", record.receipt, "has another document than was kept")


def _document(record: Record) -> Invoice | Settlement | None:
    try:
        return record.settlement() if record.kind is RecordKind.SETTLEMENT else record.invoice()
    except ContentDamaged:
        return None


def _finished(
    found: Found, outbox: Outbox, record: Record, documents: Sequence[Mapping[str, Any]], go: Simulator
) -> None:
    """Every step after the delivery is done, and a receipt is attached once."""
    steps = {row.step.value: row.state.value for row in outbox.steps.of(record)}
    found.when(set(steps.values()) - {"done"}, "not finished", record.ref, steps)
    for document in documents:
        names = [one["FileName"] for one in go.attachments(str(document["Id"]))]
        found.when(len(names) != ("attach" in steps), "not finished", record.ref, "has the files", names)
        found.when("send" in steps and "InvoiceNo" not in document, "not finished", record.ref, "was not sent")


def _check_settlements(found: Found, journal: Journal, outbox: Outbox, go: Simulator, *, at_rest: bool) -> None:
    final, posted = final_payments(journal), _settled(go)
    days = journal.z_reports(TERMINAL)
    for z in days:
        record, vouchers = outbox.settlements.of(z), posted.pop(z.name, [])
        wanted = in_the_books(z, _cleared(z, final, outbox))
        found.when(len(vouchers) > 1, "doubled", z.name)
        found.when(any(amounts != wanted for amounts in vouchers), "settled wrongly", z.name, vouchers, wanted)
        if record is None:
            is_kept = outbox.settlements.find(TERMINAL, z.number) is not None
            found.when(is_kept or at_rest, "lost", z.name, "has no settlement")
            continue
        is_posted = record.status is Status.DELIVERED
        found.when(is_posted and not vouchers, "lost", z.name, "is said to be posted")
        if at_rest:
            standing = (record.status, record.reason, record.detail)
            found.when(bool(wanted) != (len(vouchers) == 1), "settled wrongly", z.name, len(vouchers), *standing)
            steps = [row.state.value for row in outbox.steps.of(record)]
            found.when(set(steps) - {"done"}, "not finished", z.name, steps)
    for name in posted:
        found.note("unexpected", name, "stands in the books")
    known = {settlement_ref(TERMINAL, z.number) for z in days}
    for record in outbox.select("kind = 'settlement'"):
        found.when(record.ref not in known, "unexpected", record.receipt)


def _settled(go: Simulator) -> dict[str, list[dict[int, int]]]:
    """Return what stands there of each Z, with what is left as a draft and would be posted."""
    drafts = [draft["Id"] for draft in go.drafts() if not draft["IsPosted"]]
    for draft in drafts:
        go.post_draft(draft)
    return settled(go)


def _cleared(z: ZReport, final: Mapping[PaymentRef, PaymentRequest], outbox: Outbox) -> dict[int, int]:
    """Return what a Z puts on clearing, by VAT rate: the goods of its invoices that bear no VAT of their own."""
    sums: Counter[int] = Counter()
    for ref in z.invoiced or ():
        record = outbox.by_payment(ref)
        invoice = _document(record) if record else None
        if not isinstance(invoice, Invoice) or invoice.vat_reported_by is not VatReportedBy.SETTLEMENT:
            continue
        sale = final[ref].sale
        for line, paid in zip(sale.lines, paid_per_line(sale), strict=True):
            if line.kind is not LineKind.GIFT_CARD:
                sums[line.vat_rate] += line.amount - paid
    return {rate: amount for rate, amount in sums.items() if amount}


def _sold(request: PaymentRequest) -> tuple[int, int | None]:
    return request.tender.amount + request.tender.tip, request.customer_number
