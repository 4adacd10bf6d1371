"""Who may pay by invoice, and what for: each rule that says no, with what its sentence needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from posplugin.domain.customer import Customer
from posplugin.domain.documents import VatReportedBy
from posplugin.domain.payment import LONGEST_FIELD, PaymentField, PaymentRequest, RefusalCode
from posplugin.domain.sale import INVOICE, Sale
from posplugin.settings.model import Settings
from posplugin.texts import Texts


@dataclass(frozen=True, slots=True)
class No:
    """A refusal without its words."""

    code: RefusalCode
    facts: dict[str, object]


def sale_rules(request: PaymentRequest, settings: Settings, department: str, day: date, texts: Texts) -> Iterator[No]:
    """Yield what is wrong with the sale, whoever the customer is."""
    tender, since = request.tender, settings.invoicing.enabled_since
    if request.ref.terminal_id != settings.terminal.id:
        yield No(RefusalCode.OTHER_TERMINAL, {"terminal": request.ref.terminal_id})
    if request.sale.training:
        yield No(RefusalCode.TRAINING_SALE, {})
    if not settings.invoicing.enabled:
        yield No(RefusalCode.INVOICING_OFF, {})
    if since is not None and day < since:
        yield No(RefusalCode.BEFORE_ENABLED_SINCE, {"date": since.strftime("%d.%m.%Y")})
    if department not in settings.departments:
        yield No(RefusalCode.DEPARTMENT_UNKNOWN, {"department": department})
    if not _within(request.sale):
        yield No(RefusalCode.NOTHING_TO_INVOICE, {})
    if tender.amount < 0 and request.sale.original is None:
        yield No(RefusalCode.NEGATIVE_WITHOUT_ORIGINAL, {})
    if tender.tip and not settings.invoicing.tips_on_invoice:
        yield No(RefusalCode.TIP_NOT_ALLOWED, {})
    for field in PaymentField:
        if len(request.text(field) or "") > LONGEST_FIELD:
            yield No(RefusalCode.FIELD_TOO_LONG, {"field": texts.field[field], "limit": LONGEST_FIELD})


def _within(sale: Sale) -> bool:
    """Whether something is invoiced, and no more than was sold: no change is given on Faktura."""
    invoiced = [tender.amount for tender in sale.tenders if tender.channel == INVOICE]
    low, high = sorted((0, sale.total))
    return all(amount and low <= amount <= high for amount in [*invoiced, sum(invoiced)])


def find_customer(
    request: PaymentRequest,
    linked: Callable[[str], int | None],
    get: Callable[[int], Customer | None],
) -> Customer | No:
    """Return the customer of a payment, named by its PowerOffice number or by the host's own linked id."""
    number = request.customer_number
    if number is None and request.host_customer_id is not None:
        number = linked(request.host_customer_id)
        if number is None:
            return No(RefusalCode.CUSTOMER_NOT_LINKED, {"customer": request.host_customer_id})
    if number is None:
        return No(RefusalCode.CUSTOMER_REQUIRED, {})
    customer = get(number)
    return customer or No(RefusalCode.CUSTOMER_UNKNOWN, {"number": number, "customer": number})


def customer_rules(
    customer: Customer, settings: Settings, vat_reported_by: VatReportedBy, *, has_reference: bool, has_vat: bool = True
) -> Iterator[No]:
    """Yield why this customer cannot have this on an invoice; `has_vat` says whether anything on it has VAT."""
    facts = {"customer": customer.name, "number": customer.number}
    if customer.is_archived:
        yield No(RefusalCode.CUSTOMER_ARCHIVED, facts)
    if customer.is_vat_free and has_vat:
        yield No(RefusalCode.CUSTOMER_VAT_FREE, facts)
    demands = {
        "ehf": customer.gets_ehf,
        "companies": customer.gets_ehf or not customer.is_person,
        "never": False,
    }[settings.invoicing.require_reference]
    if demands and not has_reference:
        yield No(RefusalCode.REFERENCE_REQUIRED, facts)
    in_text = vat_reported_by is VatReportedBy.SETTLEMENT and not settings.invoicing.allow_vat_in_text
    if in_text and customer.gets_ehf:
        yield No(RefusalCode.VAT_DOCUMENT_NEEDED, facts)
