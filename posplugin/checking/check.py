"""The check of the whole set-up, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from posplugin.accounting_system import AccountingError, Finding, right, wrong
from posplugin.checking.customers import verify_customers
from posplugin.checking.gate import close_gate, open_gate
from posplugin.checking.machine import verify_machine
from posplugin.checking.opening import not_opened
from posplugin.checking.prices import Prices
from posplugin.domain.clock import Clock
from posplugin.domain.errors import OutboxUnavailable
from posplugin.domain.fault import PROVES_NOTHING, WRONG_VAT, Fault
from posplugin.domain.look import Look
from posplugin.domain.reasons import Reason
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.store import Outbox
from posplugin.sender.run import Client
from posplugin.settings.model import Settings

#: What a refused call says of the whole connection.
_REFUSED = {Reason.CREDENTIALS: Fault.KEYS_REFUSED, Reason.MISSING_PRIVILEGE: Fault.PRIVILEGE_REFUSED}
#: With these not all can be asked.
_LEFT_OUT = {Fault.PRIVILEGE_MISSING, Fault.PRIVILEGE_WITHOUT_SUBSCRIPTION, Fault.PRIVILEGE_REFUSED}
#: With these a draft's total says nothing of prices.
_NOTHING_TO_MEASURE = WRONG_VAT | {Fault.NOT_VAT_REGISTERED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    """Everything that `check` looks at, for one outbox."""

    settings: Settings
    outbox: Outbox
    customers: CustomerRegister
    clock: Clock
    #: Opens the accounting system of every client key.
    clients: Callable[[], AbstractContextManager[list[Client]]]

    def check(self, *, draft: bool = True) -> list[Finding]:
        """Return one finding for each thing looked at, and open or close the gate for automatic sending by them."""
        findings: list[Finding] = []
        try:
            findings += verify_machine(self.settings, self.outbox)
            if all(finding.fault is not Fault.OUTBOX_NOT_WRITTEN for finding in findings):
                self._check_the_rest(findings, draft=draft)
        except OutboxUnavailable as error:  # what has been found is told all the same
            findings.append(not_opened(error))
        return findings

    def _check_the_rest(self, findings: list[Finding], *, draft: bool) -> None:
        there = list(self._at_poweroffice(draft=draft))
        findings += there
        findings += verify_customers(self.settings, self.customers, self.clock(), _not_connected(there))
        faults = {finding.fault for finding in findings} - {None}
        if not faults:
            released = open_gate(self.settings, self.outbox)
            if released:
                findings.append(right(Look.RECORDS, count=len(released)))
        elif faults - PROVES_NOTHING:
            close_gate(self.outbox)

    def connection(self) -> list[Finding]:
        """Ask each client whether it is reached and takes the keys; changes nothing."""
        findings: list[Finding] = []
        with self.clients() as clients:
            for client in clients:
                try:
                    findings += client.system.verify_connection(self.clock)
                except AccountingError as error:
                    findings.append(_no_connection(client, error))
        return findings

    def _at_poweroffice(self, *, draft: bool) -> Iterator[Finding]:
        with self.clients() as clients:
            for client in clients:
                try:
                    findings = client.system.verify_setup(self.clock, self._first_day())
                    yield from findings
                    faults = {finding.fault for finding in findings}
                    if faults & _LEFT_OUT:
                        continue
                    self._note_fees(client)
                    if not faults & _NOTHING_TO_MEASURE:
                        yield from self._prices(client).verify(draft=draft)
                except AccountingError as error:
                    yield _no_connection(client, error)

    def _first_day(self) -> date:
        """The first day that will be posted to: what has been invoiced is dated the day it is sent."""
        today, since = self.clock().astimezone(self.settings.terminal.timezone).date(), None
        if not self.outbox.select("status = 'delivered' LIMIT 1"):
            since = self.settings.invoicing.enabled_since
        return since or today

    def _prices(self, client: Client) -> Prices:
        return Prices(
            client=client, settings=self.settings, outbox=self.outbox, customers=self.customers, clock=self.clock
        )

    def _note_fees(self, client: Client) -> None:
        """Remember what the fee product costs: the till names the fee on paper, and asks no network."""
        for department in client.departments if self.settings.invoicing.invoice_fee else ():
            if (price := client.system.fee_price(department)) is not None:
                self.outbox.write_note(f"fee_price {department}", str(price))


def _no_connection(client: Client, error: AccountingError) -> Finding:
    fault = _REFUSED.get(error.reason, Fault.NOT_REACHED)
    words = error.words.removeprefix("PowerOffice does not accept the keys: ")
    return wrong(fault, Look.CONNECTION, departments=client.departments, words=words, request="–")


def _not_connected(findings: Iterable[Finding]) -> set[object]:
    """The departments of each client that could not be asked."""
    return {finding.facts["departments"] for finding in findings if finding.look is Look.CONNECTION and not finding.ok}
