"""What a sender asks of an accounting system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posplugin.accounting_system.results import Posted
from posplugin.domain.customer import Customer
from posplugin.domain.documents import Invoice
from posplugin.domain.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of `check`: what was looked at, whether it is right, and if not, what is wrong and the remedy."""

    what: str
    ok: bool
    text: str
    remedy: str | None = None
    #: What a record would be held for; None where no single record would notice.
    reason: Reason | None = None


class AccountingSystem(Protocol):
    """One client of one accounting system. Thread-safe. Every method may raise `AccountingError`."""

    def posted_since(self, since: datetime) -> Sequence[Posted]:
        """Return our documents that were made or changed since then, drafts and sent ones."""

    def posted_for(self, customer_number: int) -> Sequence[Posted]:
        """Return all documents of one customer that an integration such as ours made."""

    def request_for(self, invoice: Invoice, reference: str, original: Posted | None = None) -> str:
        """Return what `deliver` would send, as text, for people to read. Asks for ids, sends nothing."""

    def deliver(self, invoice: Invoice, reference: str, original: Posted | None = None) -> Posted:
        """Make a draft, and return it as the accounting system answered. `original` is what a credit note credits."""

    def withdraw(self, posted: Posted) -> None:
        """Delete a draft of ours that is not as it should be. Harmless when it is gone."""

    def customers(self, changed_since: datetime | None) -> Sequence[Customer]:
        """Return customers made or changed since then; None for all."""

    def fee_price(self, department: str) -> int | None:
        """Return the price of a department's invoice fee, øre with VAT; None when it has no product for it."""

    def verify_setup(self) -> Sequence[Finding]:
        """Look at everything that invoices of this client need; one finding each."""
