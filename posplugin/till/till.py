"""The till: all that the hooks need, and nothing that waits for a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from posplugin.bookkeeping.credit import exceeded, left_of
from posplugin.bookkeeping.invoicing import InvoiceTerms, invoice_for
from posplugin.domain.clock import Clock, business_date
from posplugin.domain.customer import Customer, CustomerAccount
from posplugin.domain.documents import NOBODY, Invoice, RecordKind, VatReportedBy
from posplugin.domain.errors import FactsDiffer, OutboxError, OutboxUnavailable, PaymentVoided, UsageError
from posplugin.domain.money import kroner_text
from posplugin.domain.payment import (
    Authorization,
    CustomerMatch,
    CustomerSearch,
    Outcome,
    PaymentChannel,
    PaymentField,
    PaymentRef,
    PaymentRequest,
    PaymentVoid,
    Refusal,
    RefusalCode,
)
from posplugin.domain.reasons import Reason
from posplugin.domain.sale import INVOICE
from posplugin.domain.settlement import Settlement
from posplugin.domain.zreport import ZReport
from posplugin.logs import get_logger
from posplugin.outbox import facts
from posplugin.outbox.customers import CustomerRegister
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.owner import require_own
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.papers.receipt import receipt_for
from posplugin.settings.clients import client_of, go_clients
from posplugin.settings.model import Settings
from posplugin.texts import Texts, texts
from posplugin.till.credit import credit_limit, credit_objection, credit_warnings
from posplugin.till.rules import No, customer_rules, find_customer, sale_rules
from posplugin.till.status import Z_REFUSED

log = get_logger("till")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What a payment is judged by, looked up once."""

    department: str
    #: The customers of the department's client.
    customers: CustomerRegister
    day: date
    #: Settled by the day's first promise.
    vat_reported_by: VatReportedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """One terminal's outbox as its hooks see it. Thread-safe.

    Every method raises `OutboxUnavailable` when the outbox cannot be reached within 800 ms.
    """

    settings: Settings
    outbox: Outbox
    customers: CustomerRegister
    clock: Clock

    @property
    def _texts(self) -> Texts:
        return texts(self.settings.terminal.language)

    def channel(self) -> PaymentChannel:
        """Return the Faktura button."""
        labels = {language: texts(language).channel_label for language in ("nb", "en")}
        return PaymentChannel(channel_id=INVOICE, labels=labels, needs_customer=True, fields=tuple(PaymentField))

    def find_customers(self, search: CustomerSearch) -> Sequence[CustomerMatch]:
        """Return customers for what has been typed, from the file alone."""
        department = search.department or self.settings.terminal.department
        if department not in self.settings.departments:
            return []
        register = self._register(department)
        found = register.search(search.text, search.limit)
        accounts = register.accounts.of(match.customer.number for match in found)
        return [self._with_account(match, accounts[match.customer.number]) for match in found]

    def _with_account(self, match: CustomerMatch, account: CustomerAccount) -> CustomerMatch:
        limit = credit_limit(self.settings.invoicing, account.terms)
        return replace(
            match,
            credit_left=None if limit is None else limit - account.open_amount,
            default_reference=account.terms.your_reference,
            default_order_number=account.terms.order_number,
        )

    # -- authorize -------------------------------------------------------------------------------------------------

    def authorize(self, request: PaymentRequest) -> Authorization | Refusal:
        """Promise a payment, durably, or refuse it in the cashier's language. The same facts give the same answer."""
        try:
            with self.outbox.database.transaction():
                require_own(self.outbox.database, self.settings.terminal.id)
                case = self._case(request)
                customer = self._customer(request, case)
                known = self.outbox.by_payment(request.ref)
                if known and known.status is not Status.CANCELLED:
                    return self._again(request, customer, case)
                for no in self._objections(request, customer, case):
                    return self._refusal(request.ref, no)
                if isinstance(customer, No):
                    return self._refusal(request.ref, customer)
                invoice = self._invoice(request, customer, case)
                objection = self._return_objection(invoice)
                objection = objection or credit_objection(self.settings.invoicing, case.customers.accounts, invoice)
                if objection:
                    return self._refusal(request.ref, objection)
                record = self.outbox.authorize(invoice)
                self._fix_vat_reported_by(invoice)
        except PaymentVoided:
            return self._refusal(request.ref, No(RefusalCode.PAYMENT_VOIDED, {}))
        except FactsDiffer:
            return self._refusal(request.ref, No(RefusalCode.FACTS_DIFFER, {}))
        log.info("payment_authorized", reference=record.reference)
        return self._authorization(record, case)

    def _again(self, request: PaymentRequest, customer: Customer | No, case: _Case) -> Authorization | Refusal:
        """Answer for a payment that is promised already: what has changed since in the settings does not matter."""
        if isinstance(customer, No):
            return self._refusal(request.ref, No(RefusalCode.FACTS_DIFFER, {}))
        return self._authorization(self.outbox.authorize(self._invoice(request, customer, case)), case)

    def _objections(self, request: PaymentRequest, customer: Customer | No, case: _Case) -> Sequence[No]:
        found = list(sale_rules(request, self.settings, case.department, case.day, self._texts))
        if not found and case.customers.is_of_another(go_clients(self.settings)):
            found.append(No(RefusalCode.DEPARTMENT_UNKNOWN, {"department": case.department}))
        if isinstance(customer, No):
            return [*found, customer]
        return [
            *found,
            *customer_rules(
                customer,
                self.settings,
                case.vat_reported_by,
                has_reference=any(self._references(request, customer, case)),
                has_vat=self._has_vat(request),
            ),
        ]

    def _has_vat(self, request: PaymentRequest) -> bool:
        has_fee = self.settings.invoicing.invoice_fee and request.tender.amount > 0
        return has_fee or any(line.vat_rate for line in request.sale.lines)

    def _return_objection(self, credit: Invoice) -> No | None:
        """A return: to the customer that was invoiced, and no more than was invoiced at any VAT rate."""
        if credit.original is None:
            return None
        sold = self._originals(credit.original.terminal_id, credit.original.sale_id)
        if not sold:
            return None  # another terminal's, or nobody's: the sender looks for it and asks a person
        theirs = [record for record in sold if record.customer_number == credit.customer_number]
        facts: dict[str, object] = {
            "customer": credit.customer_name,
            "receipt": sold[0].receipt,
        }
        if not theirs:
            return No(RefusalCode.RETURN_OTHER_CUSTOMER, {**facts, "customer": sold[0].customer_name or ""})
        returned = [
            invoice
            for record in self.outbox.credits_of(credit.original.terminal_id, credit.original.sale_id)
            if (invoice := record.invoice()).customer_number in (credit.customer_number, NOBODY)
        ]
        invoiced = [record.invoice() for record in theirs]
        if what := exceeded(invoiced, returned, credit):
            left = max(0, left_of([*invoiced, *returned])[what])
            return No(RefusalCode.RETURN_EXCEEDS_ORIGINAL, {**facts, "rate": what[1], "limit": kroner_text(left)})
        return None

    def _originals(self, terminal_id: str, sale_id: str) -> list[Record]:
        return self.outbox.of_sale(terminal_id, sale_id, RecordKind.INVOICE)

    def _authorization(self, record: Record, case: _Case) -> Authorization:
        invoice = record.invoice()
        receipt = receipt_for(invoice, self._texts)
        return Authorization(ref=record.ref, receipt=receipt, warnings=tuple(self._warnings(invoice, case)))

    def _warnings(self, invoice: Invoice, case: _Case) -> Iterator[str]:
        if invoice.fee:
            yield self._texts.warning.fee_added.format(amount=kroner_text(invoice.fee))
        yield from credit_warnings(self.settings.invoicing, case.customers.accounts, invoice, self._texts)
        synced = case.customers.synced()
        age = self.clock() - synced if synced else None
        if age is not None and age > self.settings.poweroffice.customers_max_age:
            yield self._texts.warning.customers_too_old.format(days=age.days)

    def _refusal(self, ref: PaymentRef, no: No) -> Refusal:
        log.info("payment_refused", payment=str(ref), code=no.code)
        return Refusal(ref=ref, code=no.code, text=self._texts.refusal[no.code].format(**no.facts))

    # -- capture, void, day ----------------------------------------------------------------------------------------

    def capture(self, request: PaymentRequest) -> bool:
        """Let an authorized payment go out. Never refuses: what is missing is made anew."""
        promised = self.outbox.by_payment(request.ref)
        record = self.outbox.capture(lambda: self._invoice_anyhow(request), request.ref)
        if promised and promised.status is Status.AUTHORIZED and record.status is Status.PENDING:
            self._compare(record, request)
        log.info("payment_captured", reference=record.reference, status=record.status)
        return True

    def _compare(self, record: Record, request: PaymentRequest) -> None:
        """What is captured must be what was promised; where it is not, a person looks before anything is sent."""
        case = self._case(request)
        if not facts.same_payment(record.invoice(), self._facts(request, self._whoever(request, case), case)):
            why = "captured with another customer, amount or lines than were promised"
            self.outbox.move(record, Status.NEEDS_ATTENTION, "till", why, reason=Reason.INTERNAL, detail=why)

    def void(self, void: PaymentVoid) -> None:
        """Let a payment go. Raises `IllegalTransition` when it has been captured."""
        self.outbox.void(void.ref, void.why)
        log.info("payment_voided", payment=str(void.ref))

    def day_closed(self, z_report: ZReport) -> bool:
        """Keep the Z report and, where settlements are on, its settlement to be posted; durable when it returns.

        Repeatable. Raises `FactsDiffer` for another report of the same number; the lamp tells of it for days.
        """
        if z_report.terminal_id != self.settings.terminal.id:
            raise UsageError(f"{z_report.name} is of terminal {z_report.terminal_id}, not {self.settings.terminal.id}")
        department = self.settings.terminal.department
        settles = self.settings.settles(department, z_report.business_date)
        settlement = Settlement(z=z_report, department=department) if settles else None
        try:
            self.outbox.settlements.keep(z_report, settlement, "till")
        except FactsDiffer:
            with suppress(OutboxUnavailable):  # the host has the reason all the same
                self.outbox.write_note(Z_REFUSED, z_report.name)
            raise
        log.info("day_closed", z=str(z_report.number), settled=settlement is not None)
        return True

    def settle(self, outcome: Callable[[PaymentRef], Outcome]) -> None:
        """Ask the till's journal about every promise that a crash may have left open, and act on the answer."""
        for record in self.outbox.in_status(Status.AUTHORIZED, Status.NEEDS_ATTENTION):
            if record.status is Status.NEEDS_ATTENTION and record.reason is not Reason.UNCONFIRMED_SALE:
                continue
            match _asked(outcome, record.ref):
                case Outcome.FINAL:
                    self.outbox.capture(record.invoice, record.ref, "startup")
                case Outcome.ABANDONED:
                    self.outbox.void(record.ref, "the till's journal has no such sale", "startup")
                case Outcome.UNKNOWN:
                    log.warning("promise_unconfirmed", reference=record.reference)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _case(self, request: PaymentRequest) -> _Case:
        terminal = self.settings.terminal
        department = request.sale.department or terminal.department
        day = business_date(request.sale.at, terminal.timezone, terminal.business_day_starts)
        register, reported_by = self._register(department), self._vat_reported_by(day)
        return _Case(department=department, customers=register, day=day, vat_reported_by=reported_by)

    def _facts(self, request: PaymentRequest, customer: Customer, case: _Case) -> Invoice:
        """The invoice with the references that the cashier entered."""
        terms = InvoiceTerms(
            department=case.department,
            business_date=case.day,
            vat_reported_by=case.vat_reported_by,
            fee=self._fee(case.department) if request.tender.amount > 0 else 0,
        )
        return invoice_for(request, customer, terms)

    def _invoice(self, request: PaymentRequest, customer: Customer, case: _Case) -> Invoice:
        your_reference, order_number = self._references(request, customer, case)
        invoice = self._facts(request, customer, case)
        return replace(invoice, your_reference=your_reference, order_number=order_number)

    def _invoice_anyhow(self, request: PaymentRequest) -> Invoice:
        case = self._case(request)
        invoice = self._invoice(request, self._whoever(request, case), case)
        self._fix_vat_reported_by(invoice)
        return invoice

    def _references(self, request: PaymentRequest, customer: Customer, case: _Case) -> tuple[str | None, str | None]:
        """What the cashier entered; else, on a return of ours, what the original says; else the customer's default."""
        entered = (request.text(PaymentField.YOUR_REFERENCE), request.text(PaymentField.ORDER_NUMBER))
        if any(entered):
            return entered
        original = request.sale.original
        for record in self._originals(original.terminal_id, original.sale_id) if original else ():
            invoice = record.invoice()
            return invoice.your_reference, invoice.order_number
        terms = case.customers.accounts.terms(customer.number)
        return terms.your_reference, terms.order_number

    def _customer(self, request: PaymentRequest, case: _Case) -> Customer | No:
        """The customer, as the client of the sale's department has it."""
        return find_customer(request, case.customers.linked, case.customers.get)

    def _whoever(self, request: PaymentRequest, case: _Case) -> Customer:
        """A capture never refuses: a customer that is not known (any more) is named by its number."""
        customer = self._customer(request, case)
        if isinstance(customer, No):
            return Customer(number=request.customer_number or 0, name=request.host_customer_id or "?")
        return customer

    def _register(self, department: str) -> CustomerRegister:
        """The customers of a department's client."""
        return self.customers.of(client_of(self.settings, department))

    def _vat_reported_by(self, day: date) -> VatReportedBy:
        """Who reports the VAT of a business date: settled by its first promise, whatever the settings say later."""
        note = self.outbox.note(_vat_note(day))
        return VatReportedBy(note[0]) if note else self.settings.invoicing.vat_reported_by

    def _fix_vat_reported_by(self, promised: Invoice) -> None:
        if self.outbox.note(_vat_note(promised.business_date)) is None:
            self.outbox.write_note(_vat_note(promised.business_date), promised.vat_reported_by)

    def _fee(self, department: str) -> int:
        invoicing = self.settings.invoicing
        if not invoicing.invoice_fee:
            return 0
        if invoicing.invoice_fee_amount is not None:
            return invoicing.invoice_fee_amount
        price = self.outbox.note(f"fee_price {department}")
        if price is None:
            raise OutboxError("the price of the invoice fee is not known yet; run `posplugin check`")
        return int(price[0])


def _asked(outcome: Callable[[PaymentRef], Outcome], ref: PaymentRef) -> Outcome:
    """What the journal says; a journal that cannot say is no reason to have no Faktura button."""
    try:
        return outcome(ref)
    except Exception:
        log.exception("outcome_failed", payment=str(ref))
        return Outcome.UNKNOWN


def _vat_note(day: date) -> str:
    return f"vat_reported_by {day.isoformat()}"
