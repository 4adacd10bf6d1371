"""What a technician does, for the commands and the console: look, check, mend, try again, let go."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial

from posplugin.accounting_system import AccountingError, AccountingSystem, Finding, Verdict
from posplugin.checking import Checking, release
from posplugin.domain.clock import Clock
from posplugin.domain.documents import Invoice, RecordKind
from posplugin.domain.errors import IllegalTransition, PosPluginError, UsageError
from posplugin.domain.payment import LONGEST_FIELD, PaymentField, RefusalCode
from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import SETTLEMENTS_OFF
from posplugin.outbox import finding, keeping
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.facts import ContentDamaged
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.our_sales import NOTHING_TO_POST
from posplugin.outbox.record import Record
from posplugin.outbox.steps import StepState
from posplugin.outbox.store import Outbox
from posplugin.sender.draw import SettlementTerms, draw_up
from posplugin.sender.run import Client
from posplugin.settings.clients import client_of, go_clients
from posplugin.settings.model import Settings
from posplugin.texts import Texts, texts
from posplugin.till.rules import customer_rules

#: Whether these are to be invoiced at all only a person can say, one at a time.
ONE_BY_ONE = frozenset(
    {Reason.UNCONFIRMED_SALE, Reason.CAPTURED_AFTER_VOID, Reason.CONTENT_DAMAGED}
    | {Reason.GONE, Reason.CHANGED, Reason.UNSENT, Reason.DRAFT_UNCERTAIN}
)

#: Bokføringsloven § 13: so long after the accounting year, which is taken to be the calendar year.
YEARS_KEPT = 5
_KEPT_BY_LAW = (
    "what is sold is documented for five years after the accounting year (bokføringsloven § 13): this year only what "
    "lies before {first_kept} may be purged"
)
#: Why a settlement that waits is not sent.
SWITCHED_OFF = "settlements are switched off"
#: A settlement may be let go before it is tried, and when it has been taken back.
_LET_GO = frozenset({Status.PENDING, Status.REVERSED})
_NOT_RETRIED = "{reference} is {status}; only what needs attention is tried again"
_NOT_DISCARDED = "{reference} is {status}; only what needs attention can be discarded"

#: So many customers of one name are looked for among the records.
_MOST_CALLED = 200
#: What goes out again only under another reference: PowerOffice may keep the old one in use.
MADE_ANEW = frozenset({Reason.REFERENCE_BLOCKED, Reason.GONE, Reason.CHANGED, Reason.DRAFT_UNCERTAIN})
#: A voucher that has been reversed keeps its reference. One that stands there still is found first, as it was before.
SETTLED_ANEW = MADE_ANEW | {Reason.TOTALS_DIFFER, Reason.REFERENCE_IN_USE}


def technician() -> str:
    """Return whom the events will name."""
    try:
        return f"technician:{getpass.getuser()}"
    except (KeyError, OSError):
        return "technician"


#: Which records to list.
Filter = finding.Filter


class Act(StrEnum):
    """What a person may do about a record."""

    RETRY = "retry"
    DISCARD = "discard"
    AMEND = "amend"


@dataclass(frozen=True, slots=True)
class Retried:
    """What became of several that were to be tried again."""

    again: tuple[Record, ...]
    #: A person has to decide about them one at a time.
    left: tuple[Record, ...]
    #: What was refused, and why.
    refused: tuple[tuple[Record, PosPluginError], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent for a record, or why it could not be."""

    record: Record
    request: str | None
    problem: str | None
    #: Why a run would hold it back until a person has acted; None where it would send it, or try again later.
    held_back: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One outbox as a technician works with it. Every change is durable, with an event that names who made it."""

    settings: Settings
    outbox: Outbox
    customers: CustomerRegister
    clock: Clock
    #: What the settings say of settlements.
    settlements: SettlementTerms
    #: Opens the accounting system of every client key.
    clients: Callable[[], AbstractContextManager[list[Client]]]

    def find(self, wanted: Filter) -> list[Record]:
        """Return records, newest first. A text finds a customer by the name in the register too."""
        return finding.find(self.outbox, wanted, self._called(wanted.text or ""))

    def _called(self, text: str) -> set[int]:
        """Return the numbers of customers by that name: a number is sought among receipts."""
        if not any(letter.isalpha() for letter in text):
            return set()
        registers = [self.customers.of(client) for client in go_clients(self.settings)]
        found = [match for register in registers for match in register.search(text, _MOST_CALLED, archived=True)]
        return {match.customer.number for match in found}

    def retry(self, record: Record, why: str = "tried again by hand") -> Record:
        """Let a record that needs a person go on; the count of tries starts anew.

        What is not delivered goes out again, under the next reference where the present one is blocked or may be. What
        was delivered and is gone, changed or reversed since is made again under the next reference; a step after the
        delivery that failed is taken again. Raises `IllegalTransition` for what waits for no person, for a damaged
        document, and for a draft that only has to be sent; `UsageError` where no settlements are posted.
        """
        if record.status is Status.DELIVERED and record.reason is None and self._has_steps(record):
            return self.outbox.steps_again(record, technician(), why)
        if record.status is Status.REVERSED and record.kind is RecordKind.SETTLEMENT:
            if not self._settles(record):
                raise UsageError(SETTLEMENTS_OFF)
            return self.outbox.next_generation(record, technician(), why)
        if not record.needs_a_person:
            raise IllegalTransition(_NOT_RETRIED, reference=record.receipt, status=record.status)
        if record.reason is Reason.UNSENT:
            raise IllegalTransition(
                "{reference} stands in PowerOffice as a draft; send it from there", reference=record.receipt
            )
        if record.reason is Reason.CONTENT_DAMAGED:
            try:
                record.settlement() if record.kind is RecordKind.SETTLEMENT else record.invoice()
            except ContentDamaged as error:
                raise IllegalTransition(
                    "{reference}: {error}; it is never sent", reference=record.receipt, error=error
                ) from error
        if record.reason in (SETTLED_ANEW if record.kind is RecordKind.SETTLEMENT else MADE_ANEW):
            return self.outbox.next_generation(record, technician(), why)
        if record.status is Status.DELIVERED:
            return self.outbox.steps_again(record, technician(), why)
        return self.outbox.move(record, Status.PENDING, technician(), why, attempts=0, not_before="", looks=0)

    def retry_all(self, records: Iterable[Record], why: str = "tried again by hand") -> Retried:
        """Let each of several go on that may, as `retry` does. What a person must decide about alone is left as it is.

        That is also a settlement that was taken back.
        """
        again, left, refused = [], [], []
        for record in records:
            if record.reason in ONE_BY_ONE or record.status is Status.REVERSED:
                left.append(record)
                continue
            try:
                again.append(self.retry(record, why))
            except PosPluginError as error:
                refused.append((record, error))
        return Retried(tuple(again), tuple(left), tuple(refused))

    def discard(self, record: Record, how: str) -> Record:
        """Let a record go for good; `how` says how it was handled instead.

        Of a delivered record only what is the matter is let go, and it stays delivered: steps not taken are not taken
        any more, and what was changed in PowerOffice is accepted as it stands. What is gone there is discarded.
        """
        if not how.strip():
            raise UsageError("say how it was handled, for the accountant")
        if record.reason is Reason.UNCONFIRMED_SALE:  # void: should the till have it as final after all, we ask again
            return self.outbox.void(record.ref, how, technician()) or record
        if record.reason is Reason.UNSENT:
            raise IllegalTransition(
                "{reference} stands in PowerOffice as a draft; send it or delete it there", reference=record.receipt
            )
        if record.status is Status.DELIVERED and record.reason is Reason.CHANGED:
            return self.outbox.accept(record, technician(), how)
        if record.status is Status.DELIVERED and record.reason is not Reason.GONE and self._has_steps(record):
            return self.outbox.let_steps_go(record, technician(), how)
        waits = record.kind is RecordKind.SETTLEMENT and record.status in _LET_GO
        if not (record.needs_a_person or waits):
            raise IllegalTransition(_NOT_DISCARDED, reference=record.receipt, status=record.status)
        return self.outbox.move(record, Status.DISCARDED, technician(), how, detail=how)

    def may(self, record: Record) -> frozenset[Act]:
        """Return what would not be refused for where the record stands."""
        unfinished = record.status is Status.DELIVERED and self._has_steps(record)
        is_settlement, is_draft = record.kind is RecordKind.SETTLEMENT, record.reason is Reason.UNSENT
        readable = record.reason is not Reason.CONTENT_DAMAGED or _is_readable(record)
        taken_back = record.status is Status.REVERSED and is_settlement
        again = record.needs_a_person or unfinished or (taken_back and self._settles(record))
        waits, may_go = record.status is Status.PENDING, is_settlement and record.status in _LET_GO
        allowed = {
            Act.RETRY: again and readable and not is_draft,
            Act.DISCARD: (record.needs_a_person or unfinished or may_go) and not is_draft,
            Act.AMEND: not is_settlement
            and (waits or record.status is Status.NEEDS_ATTENTION)
            and _is_readable(record),
        }
        return frozenset(act for act in Act if allowed[act])

    def _has_steps(self, record: Record) -> bool:
        return any(row.state is not StepState.DONE for row in self.outbox.steps.of(record))

    def _settles(self, record: Record) -> bool:
        return record.department in self.settings.departments and self.settings.settles(record.department)

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
        if record.kind is RecordKind.SETTLEMENT:
            raise UsageError(
                "{receipt} is a settlement, which has no customer; a Z never changes", receipt=record.receipt
            )
        old = invoice = record.invoice()
        if customer is not None:
            found = self.customers.of(client_of(self.settings, record.department)).get(customer)
            if found is None:
                raise UsageError(
                    "customer {number} is not in the register; see `posplugin customers find`", number=customer
                )
            invoice = replace(invoice, customer_number=found.number, customer_name=found.name)
        if your_reference is not None:
            invoice = replace(invoice, your_reference=your_reference or None)
        if order_number is not None:
            invoice = replace(invoice, order_number=order_number or None)
        changes = ", ".join(_differences(old, invoice))
        if not changes:
            raise UsageError("nothing to amend: give another customer, reference or order number")
        self._as_at_the_till(invoice)
        return self.outbox.amend(record, invoice, technician(), f"amended: {changes}")

    def _no(self, code: RefusalCode, facts: Mapping[str, object]) -> UsageError:
        return UsageError(texts(self.settings.terminal.language).refusal[code], refusal=code, **facts)

    def _as_at_the_till(self, invoice: Invoice) -> None:
        """What a cashier is refused, a technician is refused too, in the same words."""
        names = texts(self.settings.terminal.language).field
        for field in (PaymentField.YOUR_REFERENCE, PaymentField.ORDER_NUMBER):
            if len(getattr(invoice, field) or "") > LONGEST_FIELD:
                raise self._no(RefusalCode.FIELD_TOO_LONG, {"field": names[field], "limit": LONGEST_FIELD})
        customer = self.customers.of(client_of(self.settings, invoice.department)).get(invoice.customer_number)
        if customer is None or invoice.original is not None:
            return  # nothing is known of it, or it goes with its invoice
        has_reference = bool(invoice.your_reference or invoice.order_number)
        has = {"has_reference": has_reference, "has_vat": bool(invoice.taxed or invoice.fee)}
        for no in customer_rules(customer, self.settings, invoice.vat_reported_by, **has):
            raise self._no(no.code, no.facts)

    def preview(self, records: Iterable[Record]) -> list[Preview]:
        """Return the requests that a run would make, with ids looked up, and send nothing."""
        previews, locked = [], dict[str, date | None]()
        with self.clients() as clients:
            systems = {name: client.system for client in clients for name in client.departments}
            for record in records:
                try:
                    system = systems.get(record.department) or clients[0].system
                    previews.append(self._preview(system, record, locked))
                except ContentDamaged as error:
                    previews.append(Preview(record, None, str(error), Reason.CONTENT_DAMAGED))
                except AccountingError as error:
                    held_back = error.reason if error.verdict is Verdict.ATTENTION else None
                    previews.append(Preview(record, None, str(error), held_back))
        return previews

    def _preview(self, system: AccountingSystem, record: Record, locked: dict[str, date | None]) -> Preview:
        """Return the request for a record, or what keeps it from being made; `locked` keeps what has been asked."""
        if record.kind is not RecordKind.SETTLEMENT:
            return Preview(record, system.request_for(record.invoice(), record.reference), None)
        terms = self.settlements
        if not terms.enabled:
            return Preview(record, None, SWITCHED_OFF)
        draw = partial(draw_up, self.outbox, record.settlement(), terms, record=record)
        drawn = draw()
        if drawn.trouble is None:
            if record.department not in locked:
                locked[record.department] = system.journals.locked_until()
            drawn = draw(locked_until=locked[record.department])
        if drawn.trouble:
            return Preview(record, None, drawn.trouble.words, drawn.trouble.reason)
        if drawn.waits_for or drawn.is_empty:
            return Preview(record, None, drawn.waits_for or NOTHING_TO_POST)
        request = system.journals.request_for(drawn.journal, record.reference, as_draft=terms.as_draft)
        return Preview(record, request, None)

    def to_purge(self, before: date) -> keeping.Purge:
        """Return what `purge` would do, as `keeping.to_purge` does.

        Raises `UsageError` for days that the law wants documented still.
        """
        first_kept = date(self.clock().astimezone(self.settings.terminal.timezone).year - YEARS_KEPT, 1, 1)
        if before > first_kept:
            raise UsageError(_KEPT_BY_LAW, first_kept=first_kept)
        return keeping.to_purge(self.outbox, before)

    def purge(self, before: date, *, progress: keeping.Progress | None = None) -> keeping.Purge:
        """Take customers, references and bulky texts out of what is settled and older than a day, for good.

        Raises `UsageError` as `to_purge` does.
        """
        self.to_purge(before)
        return keeping.purge(self.outbox, before, technician(), progress)

    def check(self, *, draft: bool = True) -> list[Finding]:
        """Look at the whole set-up. When all is right, automatic sending may begin, and held records go on.

        Prices are measured with a draft that is deleted again; without `draft` an earlier measurement counts.
        """
        return self._checking().check(draft=draft)

    def test_connection(self) -> list[Finding]:
        """Ask each client of PowerOffice whether it is reached and takes the keys; nothing changes."""
        return self._checking().connection()

    def _checking(self) -> Checking:
        return Checking(
            settings=self.settings,
            outbox=self.outbox,
            customers=self.customers,
            clock=self.clock,
            clients=self.clients,
        )

    def release(self, reasons: Iterable[Reason]) -> list[Record]:
        """Let every record that waits for one of these reasons go on."""
        return release(self.outbox, reasons)


def _is_readable(record: Record) -> bool:
    try:
        record.settlement() if record.kind is RecordKind.SETTLEMENT else record.invoice()
    except ContentDamaged:
        return False
    return True


def standing(record: Record, texts: Texts) -> str:
    """Say where a record stands, as people do: "Levert til PowerOffice: sendt, faktura 10003"."""
    told = texts.status[record.status]
    if record.status is not Status.DELIVERED or record.accounting_state is None:
        return told
    number = texts.invoice_number.format(number=record.invoice_number) if record.invoice_number else None
    return f"{told}: " + ", ".join(filter(None, [texts.stage[record.accounting_state], number]))


def _differences(old: Invoice, new: Invoice) -> Iterator[str]:
    for name in ("customer_number", "your_reference", "order_number"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield f"{name} {before} → {after}"
