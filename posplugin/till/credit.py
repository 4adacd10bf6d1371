"""Whether a customer may be invoiced more, as the settings have it: a warning, a refusal, or nothing."""

from __future__ import annotations

from collections.abc import Iterator

from posplugin.bookkeeping.exposure import exceeds, limit_of
from posplugin.domain.customer import CustomerTerms
from posplugin.domain.documents import Invoice
from posplugin.domain.money import kroner_text
from posplugin.domain.payment import RefusalCode
from posplugin.outbox.accounts import CustomerAccounts
from posplugin.settings.invoicing import InvoicingSettings
from posplugin.texts import Texts
from posplugin.till.rules import No


def credit_limit(settings: InvoicingSettings, terms: CustomerTerms) -> int | None:
    """Return the limit that counts at the till, øre; None when there is none, or nobody minds."""
    return None if settings.credit_limit == "off" else limit_of(terms, settings.default_credit_limit)


def credit_objection(settings: InvoicingSettings, accounts: CustomerAccounts, invoice: Invoice) -> No | None:
    """Say no to what would take the customer above its limit, where the settings want that."""
    limit = _watched(settings, accounts, invoice, "block")
    if limit is None:
        return None
    open_amount = accounts.get(invoice.customer_number).open_amount
    if not exceeds(limit, open_amount, invoice.total):
        return None
    return No(RefusalCode.CREDIT_LIMIT, _told(invoice, limit, open_amount))


def credit_warnings(
    settings: InvoicingSettings, accounts: CustomerAccounts, invoice: Invoice, texts: Texts
) -> Iterator[str]:
    """Warn of a promise with which the customer is above its limit; it is on file, and so part of what it owes."""
    limit = _watched(settings, accounts, invoice, "warn")
    if limit is None:
        return
    open_amount = accounts.get(invoice.customer_number).open_amount
    if open_amount > limit:
        yield texts.warning.credit_limit.format(**_told(invoice, limit, open_amount))


def _watched(settings: InvoicingSettings, accounts: CustomerAccounts, invoice: Invoice, mode: str) -> int | None:
    """The limit, where the settings ask for `mode` and something is invoiced, not returned."""
    if settings.credit_limit != mode or invoice.total <= 0:
        return None
    return credit_limit(settings, accounts.terms(invoice.customer_number))


def _told(invoice: Invoice, limit: int, open_amount: int) -> dict[str, object]:
    return {"customer": invoice.customer_name, "limit": kroner_text(limit), "amount": kroner_text(open_amount)}
