"""The customers: read, fresh, linked to those that can be invoiced, and how many the till will refuse."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from posplugin.accounting_system import Finding, right, wrong
from posplugin.domain.customer import Customer
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look
from posplugin.domain.payment import RefusalCode
from posplugin.outbox.customers import CustomerRegister, LinkState
from posplugin.settings.clients import GoClient, go_clients
from posplugin.settings.model import Settings
from posplugin.till.rules import customer_rules

#: How many customers are named.
_FIRST = 3
_LINKS = {
    LinkState.GONE: Fault.LINKED_CUSTOMER_GONE,
    LinkState.ARCHIVED: Fault.LINKED_CUSTOMER_ARCHIVED,
}
#: What the till says no with → what is told of it here.
_TOLD = {
    RefusalCode.CUSTOMER_VAT_FREE: Look.VAT_FREE_CUSTOMERS,
    RefusalCode.VAT_DOCUMENT_NEEDED: Look.EHF_CUSTOMERS,
    RefusalCode.REFERENCE_REQUIRED: Look.REFERENCE_CUSTOMERS,
}


def verify_customers(
    settings: Settings, customers: CustomerRegister, now: datetime, not_connected: Collection[object] = ()
) -> Iterator[Finding]:
    """Give findings for the customers of every client that the departments use.

    Settlements alone need none. Nothing is said of customers read with other keys where the client's departments are
    among the `not_connected`: the new keys may be the mistake, and nobody could read anew with them.
    """
    for client in go_clients(settings) if settings.invoicing.enabled else ():
        register = customers.of(client)
        unread = register.synced_with_these_keys() is None
        if unread and register.count() and client.departments in not_connected:
            continue
        read = verify_register(settings, register, client, now)
        yield read
        if read.fault is Fault.CUSTOMERS_NEVER_READ:
            continue
        yield from _links(register, client)
        yield from _refused(settings, register, client)


def verify_register(settings: Settings, register: CustomerRegister, client: GoClient, now: datetime) -> Finding:
    """Tell whether a client's customers have been read with the keys of today, and how long ago."""
    synced, count = register.synced_with_these_keys(), register.count()
    facts: dict[str, object] = {"departments": client.departments}
    if synced is None or not count:
        return wrong(Fault.CUSTOMERS_NEVER_READ, Look.CUSTOMERS, **facts)
    facts |= {"count": count, "age": now - synced}
    if now - synced > settings.poweroffice.customers_max_age:
        return wrong(Fault.CUSTOMERS_TOO_OLD, Look.CUSTOMERS, **facts)
    return right(Look.CUSTOMERS, **facts)


def _links(register: CustomerRegister, client: GoClient) -> Iterator[Finding]:
    links = register.links()
    broken = [link for link in links if link.state in _LINKS]
    for link in broken:
        facts = {"host_id": link.host_id, "number": link.number, "name": link.name or ""}
        yield wrong(_LINKS[link.state], Look.LINKED_CUSTOMERS, departments=client.departments, **facts)
    if links and not broken:
        yield right(Look.LINKED_CUSTOMERS, departments=client.departments, count=len(links))


def _refused(settings: Settings, register: CustomerRegister, client: GoClient) -> Iterator[Finding]:
    """Told for the technician to know before the guest does; nothing is wrong."""
    found: dict[Look, list[Customer]] = {look: [] for look in _TOLD.values()}
    for customer, codes in refused(settings, register):
        if RefusalCode.CUSTOMER_ARCHIVED not in codes:
            found[next(_TOLD[code] for code in _TOLD if code in codes)].append(customer)
    for look, those in found.items():
        if those:
            first = [f"{customer.number} {customer.name}" for customer in those[:_FIRST]]
            more = ["…"] if len(those) > _FIRST else []
            yield right(look, departments=client.departments, count=len(those), first=(*first, *more))


def refused(
    settings: Settings, register: CustomerRegister, among: Iterable[Customer] | None = None
) -> Iterator[tuple[Customer, tuple[RefusalCode, ...]]]:
    """Yield who is refused at the till, archived ones too, and why: of some customers, else of all, by number.

    `REFERENCE_REQUIRED` is of those for whom the cashier must enter one: nothing is agreed that goes on their invoices.
    """
    mode = settings.invoicing.vat_reported_by
    found = {
        customer: tuple(no.code for no in customer_rules(customer, settings, mode, has_reference=False))
        for customer in (register.everyone() if among is None else among)
    }
    asked = [customer.number for customer, codes in found.items() if RefusalCode.REFERENCE_REQUIRED in codes]
    terms = {number: account.terms for number, account in register.accounts.of(asked).items()}
    given = {number for number, agreed in terms.items() if agreed.your_reference or agreed.order_number}
    for customer, codes in found.items():
        left = tuple(
            code for code in codes if code is not RefusalCode.REFERENCE_REQUIRED or customer.number not in given
        )
        if left:
            yield customer, left
