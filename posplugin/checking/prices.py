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
    """Measures prices with every client. What is posted is written down first, so that a crash leaves nothing."""

    settings: Settings
    outbox: Outbox
    customers: CustomerRegister
    clock: Clock

    def verify(self, client: Client, *, draft: bool) -> list[Finding]:
        """Delete what an earlier check left, and measure, or tell of an earlier measurement. May raise."""
        left = self._remove_left(client)
        if left:
            return [left]
        invoicing = self.settings.invoicing
        if invoicing.vat_reported_by is VatReportedBy.SETTLEMENT and not invoicing.invoice_fee:
            return []  # no line of an invoice carries VAT
        return self._measure(client) if draft else [self._measured_before(client)]

    def _measure(self, client: Client) -> list[Finding]:
        customer = self._customer(client)
        if customer is None:
            if not self._register(client).count():
                return []  # told already: no customers have been read
            return [wrong(Fault.NO_CUSTOMER_FOR_DRAFT, Look.PRICES, departments=client.departments)]
        reference = f"{REFERENCE_PREFIX}{self.outbox.installation}-check-{secrets.token_hex(6)}"
        self.outbox.write_note(self._draft(client), reference)
        try:
            day = self.clock().astimezone(self.settings.terminal.timezone).date()
            measured = client.system.measure_prices(reference, customer, day)
        except AccountingError as error:
            if error.verdict is Verdict.UNKNOWN:
                self._remove_left(client)
                raise
            self.outbox.write_note(self._draft(client), "")
            if error.verdict is Verdict.STOP and error.reason is not Reason.MISSING_PRIVILEGE:
                raise
            return self._refused(client, customer, error)
        if measured is None:
            self.outbox.write_note(self._draft(client), "")
            return []
        judged = self._judge(client, measured)
        if measured.left is not None:
            facts = {"order": measured.number, "number": customer, "words": measured.left}
            return [wrong(Fault.DRAFT_LEFT, Look.PRICES, departments=client.departments, **facts), judged]
        self.outbox.write_note(self._draft(client), "")
        return [judged]

    def _judge(self, client: Client, measured: Measured) -> Finding:
        told, names = self.settings.invoicing.send_amount_excluding_vat, client.departments
        if measured.excludes_vat is None:
            facts = {"rate": measured.rate, "code": measured.product, "total": kroner_text(measured.total)}
            facts["expected"] = kroner_text(measured.with_vat_added)
            return wrong(Fault.TOTAL_NOT_UNDERSTOOD, Look.PRICES, departments=names, **facts)
        if measured.excludes_vat is not told:
            fault = Fault.PRICES_WITHOUT_VAT if measured.excludes_vat else Fault.PRICES_WITH_VAT
            return wrong(fault, Look.PRICES, departments=names)
        self.outbox.write_note(self._measured(client), fingerprint(self.settings))
        return self._right(client, self.clock())

    def _measured_before(self, client: Client) -> Finding:
        note = self.outbox.note(self._measured(client))
        if note is None or note[0] != fingerprint(self.settings):
            return wrong(Fault.PRICES_NOT_MEASURED, Look.PRICES, departments=client.departments)
        return self._right(client, note[1])

    def _right(self, client: Client, measured: datetime) -> Finding:
        value = str(self.settings.invoicing.send_amount_excluding_vat).lower()
        return right(Look.PRICES, departments=client.departments, value=value, measured=self._local(measured))

    def _refused(self, client: Client, customer: int, error: AccountingError) -> list[Finding]:
        if error.reason is Reason.MISSING_PRIVILEGE:
            facts = {"privilege": "SalesOrders_Full", "request": "POST /SalesOrders/Complete", "words": error.words}
            return [wrong(Fault.PRIVILEGE_REFUSED, Look.PRIVILEGE, departments=client.departments, **facts)]
        if error.status is None and error.reason in SET_UP_REASONS:
            return []  # a product or department of which it has been told already
        facts = {"number": customer, "words": error.words}
        return [wrong(Fault.DRAFT_REFUSED, Look.PRICES, departments=client.departments, **facts)]

    # -- what an earlier check left --------------------------------------------------------------------------------

    def _remove_left(self, client: Client) -> Finding | None:
        """Delete a draft of which nobody knows whether it was deleted; return what is wrong if that cannot be done."""
        reference, posted_at = self.outbox.note(self._draft(client)) or ("", None)
        if not reference or posted_at is None:
            return None
        found = [one for one in client.system.posted_since(posted_at - _MARGIN) if one.reference == reference]
        for posted in found:
            wrong_with_it = self._withdraw(client, posted)
            if wrong_with_it:
                return wrong_with_it
        if not found and self.clock() - posted_at < self.settings.poweroffice.settle_time:
            facts = {"departments": client.departments, "posted": self._local(posted_at)}
            return wrong(Fault.DRAFT_UNCERTAIN, Look.PRICES, **facts)
        self.outbox.write_note(self._draft(client), "")
        return None

    def _withdraw(self, client: Client, posted: Posted) -> Finding | None:
        facts = {"departments": client.departments, "order": posted.number, "number": posted.customer_number}
        if posted.invoice_number is not None:  # told once: it is the accountant's now
            self.outbox.write_note(self._draft(client), "")
            return wrong(Fault.DRAFT_SENT, Look.PRICES, **facts, invoice=posted.invoice_number)
        try:
            client.system.withdraw(posted)
        except AccountingError as error:
            return wrong(Fault.DRAFT_LEFT, Look.PRICES, **facts, words=error.words)
        return None

    # -- inside ----------------------------------------------------------------------------------------------------

    def _register(self, client: Client) -> CustomerRegister:
        return self.customers.of(client_of(self.settings, client.departments[0]))

    def _customer(self, client: Client) -> int | None:
        """A customer whose invoices have VAT; the draft is gone before anybody sees it."""
        usable = (one for one in self._register(client).everyone() if not one.is_archived and not one.is_vat_free)
        return next((one.number for one in usable), None)

    def _draft(self, client: Client) -> str:
        """The note that holds the reference of a draft until it has been deleted, with the keys that it was made."""
        keys = client_of(self.settings, client.departments[0]).fingerprint
        return f"check_draft {self.settings.poweroffice.endpoint_mode} {keys}"

    def _measured(self, client: Client) -> str:
        """The note that holds the fingerprint of the settings for which prices were measured and right."""
        return f"prices_measured {client.departments[0]}"

    def _local(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.settings.terminal.timezone):%d.%m.%Y %H:%M}"
