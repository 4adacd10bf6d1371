"""What every language must have words for, on the console's pages of the settlements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posplugin.domain.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementsText:
    """Words on the pages of the settlements; those of the journal itself are `SettlementText`'s."""

    heading: str

    # The list
    caption: str
    empty: str
    z: str
    day: str
    state: str
    sold: str
    invoiced: str
    voucher: str
    kept: str
    damaged: str
    newest: str
    older: str

    # Those that are not on their way
    aside: str
    #: {count} {first} {last}
    are_aside: str
    first_day: str
    last_day: str
    day_hint: str
    enqueue: str
    #: {count} {names}
    enqueued: str
    none_enqueued: str
    #: {department}
    not_settled: str
    #: {text}
    no_day: str
    backwards: str
    #: {count}
    and_more: str

    # One Z
    back: str
    facts: str
    till: str
    not_on_its_way: str
    enqueue_this: str
    enqueue_this_hint: str
    z_damaged: str
    agrees: str
    remedy: str
    #: Where this page has the remedy; the others are as everywhere.
    remedies: Mapping[Reason, str]
    mismatch: str
    twice: str
    receipt: str
    payment: str
    amount: str
    stands: str
    told_by_till: str
    #: Over a table of those that are invoiced.
    all_invoiced: str
    sold_at: str
    no_account: str
    #: Of a payment that only the Z knows of.
    never_told: str
    #: {names}
    also_in: str
    came_late: str
    #: {department}
    of_department: str
    #: Of one invoice, and of the journal.
    not_in_journal: str
    of_another_client: str
    nothing_sold: str
    history: str
    history_hint: str
    reference: str
    as_draft: str
    as_voucher: str

    # What a person may do
    act: str
    reverse: str
    delete_draft: str
    reverse_hint: str
    why: str
    why_hint: str
    again: str
    reverse_button: str
    delete_button: str
    reversed: str
    deleted: str
    posted_anew: str
    after_all: str
    no_why: str
    #: {limit}
    too_long: str
    accept: str
    accept_hint: str
    how: str
    how_hint: str
    accept_button: str
    accepted: str
    moved_on: str
    record: str
    record_hint: str
