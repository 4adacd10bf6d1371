"""What a sender asks of an accounting system."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from posplugin.accounting_system.finding import Finding
from posplugin.accounting_system.journals import Journals
from posplugin.accounting_system.measured import Measured
from posplugin.accounting_system.results import Posted, SendState
from posplugin.domain.clock import Clock
from posplugin.domain.customer import Customer, OpenItem
from posplugin.domain.documents import Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentThere:
    """A department as the accounting system has it."""

    code: str
    name: str
    is_active: bool


class AccountingSystem(Protocol):
    """One client of one accounting system. Thread-safe. Every method may raise `AccountingError`."""

    @property
    def journals(self) -> Journals:
        """Return its part for the day's settlements."""

    def time_there(self) -> datetime | None:
        """Return what its clock said in its last answer; None where it has not told. Asks nothing."""

    def posted_since(self, since: datetime) -> Sequence[Posted]:
        """Return our documents that were made or changed since then, drafts and sent ones."""

    def posted_for(self, *customer_numbers: int) -> Sequence[Posted]:
        """Return all documents of some customers that an integration such as ours made."""

    def expect(self, invoices: Iterable[Invoice]) -> None:
        """Hear what is about to be delivered, so as to ask at once for what all of it needs. Sends nothing."""

    def request_for(self, invoice: Invoice, reference: str, original: Posted | None = None) -> str:
        """Return what `deliver` would send, as text, for people to read. Asks for ids, sends nothing."""

    def deliver(self, invoice: Invoice, reference: str, original: Posted | None = None) -> Posted:
        """Make a draft, and return it as the accounting system answered. `original` is what a credit note credits."""

    def withdraw(self, posted: Posted) -> None:
        """Delete a draft of ours that is not as it should be. Harmless when it is gone."""

    def client_id(self) -> str:
        """Return which client the keys lead to."""

    def order(self, accounting_id: str) -> Posted | None:
        """Return a draft as it is now; None when it is no draft (any more), or cannot be read yet."""

    def confirm(self, accounting_id: str) -> None:
        """Mark a draft as confirmed, so that nobody edits it by mistake. Repeatable."""

    def send(self, accounting_id: str) -> None:
        """Ask for a draft to be made an invoice and sent; `send_state` tells when it has been."""

    def send_state(self, accounting_id: str) -> SendState | None:
        """Return how far a document is that was asked to be sent; None when nothing is known of it."""

    def attach(self, accounting_id: str, name: str, content: bytes) -> None:
        """Attach a PDF to a draft. Not repeatable: look at `attachments` first."""

    def attachments(self, accounting_id: str) -> Sequence[str]:
        """Return the file names of what is attached to a draft."""

    def sent_since(self, since: datetime) -> Sequence[Posted]:
        """Return our invoices and credit notes that were sent since then."""

    def balances_changed_since(self, since: datetime) -> Sequence[Posted]:
        """Return our invoices and credit notes of which something was paid or matched since then."""

    def customers(self, changed_since: datetime | None) -> Sequence[Customer]:
        """Return customers made or changed since then; None for all."""

    def open_items(self) -> Sequence[OpenItem]:
        """Return every draft, and every invoice and credit note that is not settled, whoever made it."""

    def departments(self) -> Sequence[DepartmentThere]:
        """Return every department, those not in use too."""

    def fee_price(self, department: str) -> int | None:
        """Return the price of a department's invoice fee, øre with VAT; None when it has no product for it."""

    def verify_connection(self, clock: Clock) -> Sequence[Finding]:
        """Ask who we are there: it is reached, takes the keys, and its clock agrees with ours. One request."""

    def verify_setup(self, clock: Clock, first: date) -> Sequence[Finding]:
        """Look at everything that documents of this client need, from the `first` day on; one finding each."""

    def measure_prices(self, reference: str, customer_number: int, day: date) -> Measured | None:
        """Find out by a draft, which is deleted again, whether prices are with VAT; None where it does not matter."""
