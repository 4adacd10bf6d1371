"""What the till's page says, in either language. Texts with {names} are for `str.format`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posplugin.domain.payment import PaymentField


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Everything that is said on the page; papers are in Norwegian, as the law wants them."""

    language: str
    # -- everywhere --
    title: str
    not_approved: str
    skip: str
    navigation: str
    sell: str
    returns: str
    day: str
    lamp: str
    light: Mapping[str, str]
    no_plugin: str
    no_answer: str
    back: str
    cancel: str
    save: str
    amount: str
    kroner: str
    count: str
    keypad: str
    keypad_comma: str
    keypad_erase: str
    # -- selling --
    menu: str
    groups: str
    all_groups: str
    group: Mapping[str, str]
    eat_in: str
    take_away: str
    where: str
    served_here: str
    ticket: str
    empty: str
    total: str
    sum_before: str
    discounts: str
    discount: str
    discount_whole: str
    discount_line: str
    no_discount: str
    per_cent: str
    vat: str
    vat_of: str
    line_note: str
    line_note_hint: str
    fewer: str
    more: str
    remove: str
    close_line: str
    label: str
    label_short: str
    label_hint: str
    park: str
    parked: str
    elsewhere: str
    clear: str
    clear_sure: str
    clear_yes: str
    no_label: str
    pay: str
    pay_back: str
    view_ticket: str
    #: {total}
    said_total: str
    #: {line} {total}
    said_line: str
    # -- paying --
    to_pay: str
    to_pay_back: str
    left: str
    left_back: str
    how: str
    channel: Mapping[str, str]
    planned: str
    take_off: str
    given: str
    exact: str
    in_cash: str
    part_hint: str
    take_cash: str
    give_cash: str
    tip: str
    tip_hint: str
    tip_quick: str
    charge_card: str
    card_hint: str
    tip_in: str
    credit_card: str
    gift_card_hint: str
    take_gift_card: str
    give_gift_card: str
    take: str
    finish: str
    nothing_left: str
    stopped: str
    interrupted: str
    #: {customer} {amount}
    credit_to: str
    credit_note: str
    comes_back: str
    #: {customer}
    credited: str
    # -- faktura --
    customer: str
    find: str
    find_hint: str
    find_button: str
    recent: str
    found: str
    none_found: str
    #: {count}
    said_found: str
    other_customer: str
    customer_number: str
    organization: str
    linked: str
    not_linked: str
    ehf: str
    ehf_hint: str
    vat_free: str
    person: str
    credit_left: str
    credit_over: str
    no_limit: str
    field: Mapping[PaymentField, str]
    field_hint: Mapping[PaymentField, str]
    put_on_invoice: str
    #: {amount} {customer}
    already: str
    # -- done --
    done: str
    done_invoice: str
    done_split: str
    done_return: str
    change: str
    papers: str
    papers_language: str
    paper: str
    no_papers: str
    warnings: str
    next_ticket: str
    # -- returns --
    return_of: str
    find_receipt: str
    receipt: str
    no_sales: str
    choose: str
    #: {count}
    returnable: str
    nothing_returnable: str
    take_back: str
    invoiced_to: str
    returned_as: str
    is_return: str
    # -- the day --
    today: str
    tickets: str
    to_invoice: str
    nothing_to_invoice: str
    when_sent: str
    delivery_receipt: str
    drawer: str
    opening_float: str
    set_float: str
    should_be: str
    moved: str
    put_in: str
    take_out: str
    what_for: str
    count_drawer: str
    count_hint: str
    notes_and_coins: str
    or_total: str
    counted: str
    difference: str
    short: str
    over: str
    equal: str
    see_difference: str
    count_again: str
    close_day: str
    close_hint: str
    #: {count}
    open_warning: str
    #: The drawer should hold another sum than when it was counted.
    sold_since: str
    z_report: str
    z_reports: str
    z_done: str
    z_on_invoice: str
    #: {number}
    z_kept: str
    #: {number}
    z_not_kept: str
    new_day: str
    # -- what cannot be done --
    wrong: Mapping[str, str]
    problem: str
    problems: Mapping[int, str]
