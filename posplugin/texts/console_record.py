"""What every language must have words for, on the console's page of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordText:
    """Words on the page of a record."""

    #: By kind: {receipt}
    heading: Mapping[str, str]
    back: str

    # What it is
    facts: str
    amount: str
    customer: str
    department: str
    terminal: str
    day: str
    came: str
    reference: str
    code: str
    code_hint: str
    attempts: str
    not_before: str
    stands: str
    order: str
    voucher: str
    invoice_number: str
    sent_at: str
    paid: str
    is_paid: str
    not_paid: str
    not_invoiced: str
    hidden: str

    # Why it needs a person
    why: str
    answer_was: str
    #: Where PowerOffice has not been asked, and we found it out ourselves.
    in_detail: str
    remedy: str
    #: What is in the way of what waits, in the words of whoever said so.
    waits_because: str
    #: How somebody let it go.
    let_go: str

    # What a person may do
    act: str
    nothing_to_do: str
    retry: str
    retry_hint: str
    retried: str
    discard: str
    discard_hint: str
    how: str
    how_hint: str
    discard_button: str
    discarded: str
    no_how: str
    #: {limit}
    how_too_long: str
    amend: str
    amend_hint: str
    customer_number: str
    amend_button: str
    amended: str
    nothing_to_amend: str
    no_number: str
    hide: str
    hide_hint: str
    hidden_now: str
    show: str
    shown_now: str
    moved_on: str

    # The document
    document: str
    damaged: str
    items: str
    vat_of_invoice: str
    kind: Mapping[str, str]
    tip: str
    total: str
    vat_reported_by: str
    reporters: Mapping[str, str]
    employee: str
    original: str
    credits: str
    references: str
    none_given: str
    settlement_page: str

    # The request
    request: str
    request_hint: str
    preview: str
    would_send: str
    would_not: str
    nothing_sent: str

    # What happened
    story: str
    steps: str
    step: Mapping[str, str]
    step_state: Mapping[str, str]
    tries: str
    no_tries: str
    outcome: Mapping[str, str]
    #: {status}
    http: str
    #: {ms}
    took: str
    sent: str
    answer: str
    no_answer: str
    #: {number} {total}
    answered_order: str
    #: {number}
    answered_voucher: str
    #: Fields that may be amended, by their names in the history.
    field: Mapping[str, str]
    purged: str
