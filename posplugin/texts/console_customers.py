"""What every language must have words for, on the console's pages of the customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posplugin.domain.customer import InvoiceDelivery
from posplugin.domain.payment import RefusalCode


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersText:
    """Words on the pages of the customers."""

    heading: str

    # The list
    #: Over the counts, and the counts by their names.
    sorts: str
    sort: Mapping[str, str]
    search: str
    search_hint: str
    whose: str
    show: str
    clear: str
    caption: str
    number: str
    name: str
    organization: str
    delivery: str
    deliveries: Mapping[InvoiceDelivery, str]
    linked_to: str
    open: str
    limit: str
    at_the_till: str
    welcome: str
    empty: str
    no_match: str
    next: str
    first: str
    #: Why the till says no, in a few words, and what is done about it.
    refused: Mapping[RefusalCode, str]
    remedy: Mapping[RefusalCode, str]
    over_limit: str

    # The register
    #: Where the customers of these keys were never read.
    read_them: str
    sync: str
    sync_hint: str
    everything: str
    syncing: str
    beginning: str
    look_again: str
    is_busy: str
    #: {when}
    synced_at: str
    #: {read} {known}
    synced: str
    sync_refused: str
    crashed: str

    # Links that lead nowhere
    broken: str
    broken_hint: str
    #: By the link's state: {number} {name}
    broken_state: Mapping[str, str]

    # One customer
    back: str
    facts: str
    person: str
    company: str
    kind: str
    vat_free: str
    archived: str
    records: str
    cashier_told: str
    owes: str
    owes_hint: str
    open_there: str
    on_its_way: str
    open_in_all: str
    never_read: str
    of_settings: str
    no_limit: str
    #: {amount}
    left: str

    # Links
    links: str
    links_hint: str
    no_links: str
    host_id: str
    host_id_hint: str
    link: str
    unlink: str
    #: {host_id}
    unlink_one: str
    #: {host_id} {number} {name}
    linked: str
    #: {host_id} {number}
    linked_before: str
    #: {host_id} {number} {to}
    linked_elsewhere: str
    move: str
    #: {host_id}
    unlinked: str
    not_linked: str
    #: {longest}
    no_host_id: str
    is_archived: str

    # Terms
    terms: str
    terms_hint: str
    limit_as_settings: str
    limit_none: str
    limit_own: str
    amount: str
    amount_hint: str
    your_reference: str
    order_number: str
    terms_field_hint: str
    save: str
    saved: str
    nothing_changed: str
    #: {text} {highest}
    no_amount: str
    #: {field} {longest}
    too_long: str
