"""Whether prices are with or without VAT, measured by a draft, and no draft of ours left behind."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from posplugin.accounting_system import AccountingError, Finding, Measured, Posted, Verdict, right, wrong
from posplugin.domain.clock import Clock
from posplugin.domain.documents import REFERENCE_PREFIX, VatReportedBy
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look
from posplugin.domain.money import kroner_text
from posplugin.domain.reasons import SET_UP_REASONS, Reason
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.store import Outbox
from posplugin.sender.run import Client
from posplugin.settings import fingerprint
from posplugin.settings.clients import client_of
from posplugin.settings.model import Settings

#: How far back a lost draft is looked for before the note of it was written: clocks may differ.
_MARGIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Measures prices with one client. What is posted is written down first, so that a crash leaves nothing behind."""

    client: Client
    settings: Settings
    outbox: Outbox
    customers: CustomerRegister
    clock: Clock

    def verify(self, *, draft: bool) -> list[Finding]:
        """Delete what an earlier check left, and measure; without `draft`, tell of an earlier measurement.

        Raises `AccountingError` when PowerOffice cannot be asked.
        """
        left = self._remove_left()
        if left:
            return [left]
        invoicing = self.settings.invoicing
        no_vat = invoicing.vat_reported_by is VatReportedBy.SETTLEMENT and not invoicing.invoice_fee
        if no_vat or not invoicing.enabled:
            return []  # no line of an invoice carries VAT, or there are no invoices
        return self._measure() if draft else [self._measured_before()]

    # -- measuring -------------------------------------------------------------------------------------------------

    def _measure(self) -> list[Finding]:
        known = self.customers.of(client_of(self.settings, self.client.departments[0])).everyone()
        usable = [customer.number for customer in known if not customer.is_archived and not customer.is_vat_free]
        if not usable:  # where none is known at all, that is a fault of its own
            return [self._wrong(Fault.NO_CUSTOMER_FOR_DRAFT)] if known else []
        reference = f"{REFERENCE_PREFIX}{self.outbox.installation}-check-{secrets.token_hex(6)}"
        self.outbox.write_note(self._draft, reference)
        try:
            measured = self.client.system.measure_prices(reference, usable[0], self._here(self.clock()).date())
        except AccountingError as error:
            if error.verdict is Verdict.UNKNOWN:
                self._remove_left()
                raise
            self.outbox.write_note(self._draft, "")
            return self._refused(usable[0], error)
        if measured is None:
            self.outbox.write_note(self._draft, "")
            return []
        judged = self._judge(measured)
        if measured.left is not None:
            return [self._wrong(Fault.DRAFT_LEFT, order=measured.number, number=usable[0], words=measured.left), judged]
        self.outbox.write_note(self._draft, "")
        return [judged]

    def _judge(self, measured: Measured) -> Finding:
        if measured.excludes_vat is None:
            totals = {"total": kroner_text(measured.total), "expected": kroner_text(measured.with_vat_added)}
            return self._wrong(Fault.TOTAL_NOT_UNDERSTOOD, rate=measured.rate, code=measured.product, **totals)
        if measured.excludes_vat is not self.settings.invoicing.send_amount_excluding_vat:
            return self._wrong(Fault.PRICES_WITHOUT_VAT if measured.excludes_vat else Fault.PRICES_WITH_VAT)
        self.outbox.write_note(self._measured, fingerprint(self.settings))
        return self._right(self.clock())

    def _measured_before(self) -> Finding:
        note = self.outbox.note(self._measured)
        measured = note is not None and note[0] == fingerprint(self.settings)
        return self._right(note[1]) if note and measured else self._wrong(Fault.PRICES_NOT_MEASURED)

    def _refused(self, customer: int, error: AccountingError) -> list[Finding]:
        if error.reason is Reason.MISSING_PRIVILEGE:
            request = "POST /SalesOrders/Complete"
            return [self._wrong(Fault.PRIVILEGE_REFUSED, request=request, words=error.words)]
        if error.verdict is Verdict.STOP:
            raise error
        if error.status is None and error.reason in SET_UP_REASONS:
            return []  # a product or department of which it has been told already
        return [self._wrong(Fault.DRAFT_REFUSED, number=customer, words=error.words)]

    # -- what an earlier check left --------------------------------------------------------------------------------

    def _remove_left(self) -> Finding | None:
        """Delete a draft of which nobody knows whether it was deleted; return what is wrong if that cannot be done."""
        reference, posted_at = self.outbox.note(self._draft) or ("", self.clock())
        if not reference:
            return None
        found = [one for one in self.client.system.posted_since(posted_at - _MARGIN) if one.reference == reference]
        for posted in found:
            left = self._withdraw(posted)
            if left:
                return left
        if not found and self.clock() - posted_at < self.settings.poweroffice.settle_time:
            return self._wrong(Fault.DRAFT_UNCERTAIN, posted=f"{self._here(posted_at):%d.%m.%Y %H:%M}")
        self.outbox.write_note(self._draft, "")
        return None

    def _withdraw(self, posted: Posted) -> Finding | None:
        if posted.invoice_number is not None:  # told once: it is the accountant's now
            self.outbox.write_note(self._draft, "")
            return self._wrong(Fault.DRAFT_SENT, number=posted.customer_number, invoice=posted.invoice_number)
        try:
            self.client.system.withdraw(posted)
        except AccountingError as error:
            facts = {"order": posted.number, "number": posted.customer_number}
            return self._wrong(Fault.DRAFT_LEFT, **facts, words=error.words)
        return None

    # -- inside ----------------------------------------------------------------------------------------------------

    @property
    def _draft(self) -> str:
        """The note that holds the reference of a draft until it is gone; it can be found with these keys alone."""
        keys = client_of(self.settings, self.client.departments[0]).fingerprint
        return f"check_draft {self.settings.poweroffice.endpoint_mode} {keys}"

    @property
    def _measured(self) -> str:
        """The note that holds the fingerprint of the settings for which prices were measured and right."""
        return f"prices_measured {self.client.departments[0]}"

    def _right(self, measured: datetime) -> Finding:
        value = str(self.settings.invoicing.send_amount_excluding_vat).lower()
        facts = {"value": value, "measured": f"{self._here(measured):%d.%m.%Y %H:%M}"}
        return right(Look.PRICES, departments=self.client.departments, **facts)

    def _wrong(self, fault: Fault, **facts: object) -> Finding:
        return wrong(fault, Look.PRICES, departments=self.client.departments, **facts)

    def _here(self, moment: datetime) -> datetime:
        return moment.astimezone(self.settings.terminal.timezone)
