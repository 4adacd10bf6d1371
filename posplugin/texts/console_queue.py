"""What every language must have words for, on the console's page of the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueText:
    """Words on the page of the queue."""

    heading: str
    #: Over the counts, and what shows all.
    states: str
    all: str
    #: Where a record stands in a word or two, by `Standing`.
    standing: Mapping[str, str]
    #: What a record is, by its kind.
    kind: Mapping[str, str]

    # What happens next
    #: {when}
    next_run: str
    by_hand: str
    not_checked: str
    sending_now: str
    #: {when} {outcome}
    last_run: str
    #: How a run ended, by its outcome; "attention" where a person is needed, "" while it goes on.
    outcome: Mapping[str, str]

    # The filter
    filter: str
    more_filters: str
    search: str
    search_hint: str
    amount: str
    amount_hint: str
    record_kind: str
    any_kind: str
    first_day: str
    last_day: str
    customer: str
    department: str
    any_department: str
    with_hidden: str
    show: str
    clear: str
    day_hint: str
    #: {text}
    no_day: str
    no_amount: str
    no_number: str
    too_long: str

    # The table
    caption: str
    state: str
    receipt: str
    day: str
    who: str
    sum: str
    number: str
    #: {number}
    order: str
    invoice: str
    voucher: str
    select_all: str
    #: {receipt}
    select: str
    hidden: str
    empty: str
    no_match: str
    newest: str
    older: str

    # What is done about them
    retry_selected: str
    #: Beside one that needs a person.
    retry_one: str
    hide_selected: str
    show_selected: str
    discard_selected: str
    #: {count}
    retry_all: str
    retry_all_hint: str
    none_selected: str
    #: {count}
    retried: str
    #: {count} {names}
    left: str
    not_needed: str
    #: {names}
    refused: str
    #: {count}
    are_hidden: str
    are_shown: str
    are_discarded: str
    nothing_to_retry: str
