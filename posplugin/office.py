"""What a technician does, for the commands and the console: look, check, mend, try again, let go."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from posplugin.accounting_system import AccountingError, Finding
from posplugin.domain.clock import Clock
from posplugin.domain.documents import Invoice
from posplugin.domain.errors import IllegalTransition, UsageError
from posplugin.domain.reasons import SET_UP_REASONS, Reason
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.sender.run import Client
from posplugin.settings import fingerprint
from posplugin.settings.model import Settings
from posplugin.till.status import CHECK_PASSED

#: Whether these are to be invoiced at all only a person can say, one at a time.
ONE_BY_ONE = frozenset({Reason.UNCONFIRMED_SALE, Reason.CAPTURED_AFTER_VOID, Reason.CONTENT_DAMAGED})

#: The note in the outbox that holds `invoicing.enabled_since` as it was when `check` passed.
_ENABLED_SINCE = "enabled_since"


def technician() -> str:
    """Return whom the events will name."""
    try:
        return f"technician:{getpass.getuser()}"
    except (KeyError, OSError):
        return "technician"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which records to list; everything that is None is not asked about."""

    statuses: frozenset[Status] = frozenset()
    kind: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    customer: int | None = None
    department: str | None = None
    text: str | None = None
    hidden: bool = False
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent for a record, or why it could not be."""

    record: Record
    request: str | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One outbox as a technician works with it. Every change is durable, with an event that names who made it."""

    settings: Settings
    outbox: Outbox
    customers: CustomerRegister
    clock: Clock
    #: Opens the accounting system of every client key.
    clients: Callable[[], AbstractContextManager[list[Client]]]

    def find(self, wanted: Filter) -> list[Record]:
        """Return records, newest first."""
        where: list[str] = []
        values: list[object] = []

        def ask(condition: str, *answers: object) -> None:
            where.append(condition)
            values.extend(answers)

        if wanted.statuses:
            ask(f"status IN ({', '.join('?' * len(wanted.statuses))})", *wanted.statuses)
        if wanted.kind:
            ask("kind = ?", wanted.kind)
        if wanted.first_day:
            ask("business_date >= ?", wanted.first_day.isoformat())
        if wanted.last_day:
            ask("business_date <= ?", wanted.last_day.isoformat())
        if wanted.customer:
            ask("customer_number = ?", wanted.customer)
        if wanted.department:
            ask("department = ?", wanted.department)
        if wanted.text:
            ask("(instr(reference, ?) OR receipt = ? OR instr(customer_name, ?))", *[wanted.text] * 3)
        if not wanted.hidden:
            ask("hidden = 0")
        return self.outbox.select(f"{' AND '.join(where) or '1'} ORDER BY id DESC LIMIT ?", [*values, wanted.limit])

    def retry(self, record: Record, why: str = "tried again by hand") -> Record:
        """Let a record that needs a person go out again; the count of tries starts anew.

        Where the reference is blocked it takes the next one. Raises `IllegalTransition` for what is not waiting for a
        person, and for a damaged document.
        """
        if record.status is not Status.NEEDS_ATTENTION:
            raise IllegalTransition(f"{record.reference} is {record.status}; only what needs attention is tried again")
        if record.reason is Reason.CONTENT_DAMAGED:
            try:
                record.invoice()
            except ContentDamaged as error:
                raise IllegalTransition(f"{record.reference}: {error}; it is never sent") from error
        if record.reason is Reason.REFERENCE_BLOCKED:
            return self.outbox.next_generation(record, technician(), why)
        return self.outbox.move(record, Status.PENDING, technician(), why, attempts=0, not_before="", looks=0)

    def discard(self, record: Record, how: str) -> Record:
        """Let a record go for good; `how` says how it was handled instead."""
        if not how.strip():
            raise UsageError("say how it was handled, for the accountant")
        if record.status is not Status.NEEDS_ATTENTION:
            raise IllegalTransition(
                f"{record.reference} is {record.status}; only what needs attention can be discarded"
            )
        if record.reason is Reason.UNCONFIRMED_SALE:  # void: should the till have it as final after all, we ask again
            return self.outbox.void(record.ref, how, technician()) or record
        return self.outbox.move(record, Status.DISCARDED, technician(), how, detail=how)

    def hide(self, record: Record, *, hidden: bool = True) -> Record:
        """Take a record out of the lists, or put it back; nothing else changes."""
        return self.outbox.set(record, technician(), "hidden" if hidden else "shown", hidden=int(hidden))

    def amend(
        self,
        record: Record,
        *,
        customer: int | None = None,
        your_reference: str | None = None,
        order_number: str | None = None,
    ) -> Record:
        """Correct the customer or the references of what is not delivered; amounts are frozen."""
        old = invoice = record.invoice()
        if customer is not None:
            found = self.customers.get(customer)
            if found is None:
                raise UsageError(f"customer {customer} is not in the register; see `posplugin customers find`")
            invoice = replace(invoice, customer_number=found.number, customer_name=found.name)
        if your_reference is not None:
            invoice = replace(invoice, your_reference=your_reference or None)
        if order_number is not None:
            invoice = replace(invoice, order_number=order_number or None)
        changes = ", ".join(_differences(old, invoice))
        if not changes:
            raise UsageError("nothing to amend: give another customer, reference or order number")
        return self.outbox.amend(record, invoice, technician(), f"amended: {changes}")

    def preview(self, records: Iterable[Record]) -> list[Preview]:
        """Return the requests that a run would make, with ids looked up, and send nothing."""
        previews = []
        with self.clients() as clients:
            systems = {name: client.system for client in clients for name in client.departments}
            for record in records:
                try:
                    system = systems.get(record.department) or clients[0].system
                    previews.append(Preview(record, system.request_for(record.invoice(), record.reference), None))
                except (AccountingError, ContentDamaged) as error:
                    previews.append(Preview(record, None, str(error)))
        return previews

    def check(self) -> list[Finding]:
        """Look at the whole set-up. When all is right, automatic sending may begin, and held records go on."""
        outages: list[AccountingError] = []
        there = self._at_poweroffice(outages)
        findings = [*self._at_home(), *self._enabled_since(), *there, self._customers()]
        if all(finding.ok for finding in findings):
            self.outbox.write_note(CHECK_PASSED, fingerprint(self.settings))
            self.outbox.write_note(_ENABLED_SINCE, str(self.settings.invoicing.enabled_since))
            released = self.release(SET_UP_REASONS)
            if released:
                text = f"{len(released)} records held for the set-up go on"
                findings.append(Finding(what="records", ok=True, text=text))
        elif not outages:  # what could not be asked proves nothing, for or against
            self.outbox.write_note(CHECK_PASSED, "")
        return findings

    def release(self, reasons: Iterable[Reason]) -> list[Record]:
        """Let every record that waits for one of these reasons go on."""
        held = [r for r in self.outbox.in_status(Status.NEEDS_ATTENTION) if r.reason in set(reasons)]
        released = []
        for record in held:
            why = "the set-up has been mended"
            with suppress(IllegalTransition):  # somebody was quicker
                released.append(self.outbox.move(record, Status.PENDING, "check", why, attempts=0, not_before=""))
        return released

    def _at_home(self) -> Iterator[Finding]:
        settings, database = self.settings, self.outbox.database
        yield Finding(what="settings", ok=True, text=str(settings.path))
        yield Finding(what="outbox", ok=True, text=str(database.path))
        yield Finding(what="SQLite", ok=True, text=database.sqlite_version())
        integrity = database.integrity()
        remedy = "stop the till, keep the file, and put the newest backup beside it; nothing in it is sent meanwhile"
        yield Finding(
            what="integrity", ok=integrity == "ok", text=integrity, remedy=None if integrity == "ok" else remedy
        )
        exposed = settings.path.stat().st_mode & 0o077
        yield Finding(
            what="settings file",
            ok=not exposed,
            text="readable by its owner alone" if not exposed else "others on this machine can read the keys in it",
            remedy=f"chmod 600 {settings.path}" if exposed else None,
        )

    def _enabled_since(self) -> Iterator[Finding]:
        """The first day is frozen once something has been delivered: moved back, sales would be missing."""
        note, told = self.outbox.note(_ENABLED_SINCE), str(self.settings.invoicing.enabled_since)
        if note and note[0] != told and self.outbox.select("status = 'delivered' LIMIT 1"):
            yield Finding(
                what="invoicing.enabled_since",
                ok=False,
                text=f"it was {note[0]} when the first invoices were delivered, and is {told} now",
                remedy=f"set it back to {note[0]}; None means that the setting is left out",
            )

    def _at_poweroffice(self, outages: list[AccountingError]) -> Sequence[Finding]:
        findings: list[Finding] = []
        with self.clients() as clients:
            for client in clients:
                names = ", ".join(client.departments)
                try:
                    findings += client.system.verify_setup()
                    self._note_fees(client)
                except AccountingError as error:
                    if error.reason is Reason.INTERNAL:
                        outages.append(error)
                    remedy = (
                        "look at the keys, endpoint_mode and the network; all three keys must be of one environment"
                    )
                    findings.append(Finding(what=f"connection for {names}", ok=False, text=error.words, remedy=remedy))
        return findings

    def _note_fees(self, client: Client) -> None:
        """Remember what the fee product costs: the till names the fee on paper, and asks no network."""
        for department in client.departments if self.settings.invoicing.invoice_fee else ():
            if (price := client.system.fee_price(department)) is not None:
                self.outbox.write_note(f"fee_price {department}", str(price))

    def _customers(self) -> Finding:
        synced, count = self.customers.synced(), self.customers.count()
        if synced is None or not count:
            remedy = "run `posplugin customers sync`"
            return Finding(what="customers", ok=False, text="no customers have been read yet", remedy=remedy)
        age, allowed = self.clock() - synced, self.settings.poweroffice.customers_max_age
        old = age > allowed
        return Finding(
            what="customers",
            ok=not old,
            text=f"{count} customers, read {ago(age)} ago",
            remedy="run `posplugin customers sync`" if old else None,
        )


def _differences(old: Invoice, new: Invoice) -> Iterator[str]:
    for name in ("customer_number", "your_reference", "order_number"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield f"{name} {before} → {after}"


def ago(age: timedelta) -> str:
    """Say how long ago something was, as people do."""
    hours = int(age.total_seconds() // 3600)
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours" if hours else "less than an hour"
