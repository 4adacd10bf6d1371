"""What every language must have words for, of the commands. Texts with {names} are for `str.format`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonText:
    """What every command may say."""

    #: Before a problem with the settings.
    settings: str
    #: {text}
    no_date: str
    #: {first} {last}
    period_backwards: str
    #: {name} {path} {known}
    no_department: str
    #: What means yes, besides "y" and "yes", and how that is asked for.
    yes: frozenset[str]
    yes_or_no: str
    nothing_done: str
    #: {path}
    is_there_already: str
    wrote: str
    #: {path} {error}
    cannot_write: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordText:
    """The table of records, and one record's story."""

    # Columns
    day: str
    receipt: str
    code: str
    what: str
    customer: str
    amount: str
    number: str
    status: str
    when: str
    who: str
    became: str
    why: str
    step: str
    state: str
    line: str
    vat_percent: str
    of_which_vat: str
    #: A status in a word or two, for a column.
    short: Mapping[str, str]
    #: What an item of an invoice is, by the kind of line.
    kind: Mapping[str, str]
    steps: Mapping[str, str]
    step_states: Mapping[str, str]
    #: What came of a try at PowerOffice.
    outcomes: Mapping[str, str]
    reference: str
    #: {ms}
    took: str
    sent: str
    answer: str
    draft: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueText:
    """What the `outbox` commands say."""

    no_records: str
    #: {limit}
    more: str
    one_or_all: str
    #: {reference}
    goes_on: str
    #: {count}
    left_to_decide: str
    #: {field} {before} {after}
    amended: str
    #: Fields that may be amended, by name.
    fields: Mapping[str, str]
    nothing: str
    say_how: str
    how: str
    say_yes_discard: str
    #: {what} {amount}
    discard: str
    #: {receipt}
    receipt: str
    #: {reference}
    hidden: str
    shown: str
    #: {followed} {news}
    followed: str
    #: {names}
    looked_for_again: str
    exporting: str
    #: {count} {path}
    exported: str
    exported_here: str
    #: {count} {day}
    nothing_to_purge: str
    would_purge: str
    #: {count}
    kept_back: str
    purge_is_final: str
    say_yes_purge: str
    #: {count}
    purge: str
    purging: str
    purged: str
    #: {count}
    damaged: str
    say_yes_take_over: str
    #: {owner} {terminal}
    take_over: str
    #: {path} {terminal}
    taken_over: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingText:
    """What `send` and `service` say."""

    sending: str
    nothing_new: str
    #: {delivered} {waiting} {attention}
    outcome: str
    #: {done}
    steps: str
    #: {count}
    unfinished: str
    stopped: str
    #: {count} {seconds}
    uncertain: str
    #: {count}
    would_be_sent: str
    would_be_held_back: str
    would_not: str
    #: Of one record; its reason follows.
    held_back: str
    nothing_has_been: str
    customer_untried: str
    #: {path}
    settlements_off: str
    #: {department} {path}
    no_ledger: str
    #: {count} {names}
    kept_left: str
    kept_would: str
    kept_goes: str
    #: {z} {words}
    waits: str
    till_sends_too: str
    #: {terminal} {when}
    service_runs: str
    service_stopped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusText:
    """What `status` says."""

    light: Mapping[str, str]
    #: {counts}
    open: str
    none: str
    #: {when} {outcome}
    last_run: str
    outcomes: Mapping[str, str]
    not_finished: str
    #: {when}
    next_run: str
    never: str
    #: {count}
    more: str
    #: {error}
    cannot_look: str
    not_both: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersText:
    """What the `customers` commands say."""

    # Columns
    number: str
    name: str
    organization: str
    delivery: str
    limit: str
    open: str
    till_id: str
    archived: str
    vat_free: str
    #: {ids}
    linked_to: str
    #: By the customer's delivery type in PowerOffice.
    deliveries: Mapping[str, str]
    link_states: Mapping[str, str]
    #: {read} {known}
    synced: str
    #: {count}
    found: str
    links: str
    many_linked: str
    not_both_limits: str
    #: {text} {highest}
    limit_out_of_range: str
    #: {option} {longest}
    unprintable: str
    #: {amount}
    credit_limit: str
    of_the_settings: str
    no_limit: str
    #: {text}
    has_reference: str
    has_order_number: str
    import_alone: str
    give_id: str
    #: {host_id}
    not_linked: str
    unlinked: str
    #: {host_id} {number} {name}
    linked: str
    #: {host_id} {before}
    linked_elsewhere: str
    #: {number}
    unknown: str
    #: {number} {name}
    is_archived: str
    # A file of links: {path} {place} {error} {count} {host_id} {text}
    none_linked: str
    in_line: str
    not_readable: str
    not_utf8: str
    no_csv: str
    wrong_cells: str
    no_id: str
    twice: str
    no_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupText:
    """What `init`, `config show`, `simulator` and `departments fetch` say."""

    #: {path}
    edit_it: str
    written: str
    #: What is asked for, by the setting's name.
    keys: Mapping[str, str]
    setting: str
    value: str
    source: str
    sources: Mapping[str, str]
    not_set: str
    key_set: str
    #: {error}
    cannot_start: str
    #: {text}
    no_switch: str
    simulator_runs: str
    keys_of: str
    code: str
    name: str
    in_settings: str
    not_there: str
    active: str
    not_active: str
    to_write: str
    #: {department}: comments in what is to be written.
    there_already: str
    as_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerText:
    """What the `ledger` commands say."""

    account: str
    vat_code: str
    what: str
    source: str
    department: str
    default: str
    #: {name}
    title: str
    #: {code}
    has_code: str
    posted: str
    not_posted: str
    none: str
    #: {name}
    write_one: str
    #: {source} {target} {path}
    copied: str
    #: {group} {rate}
    sales: str
    every_group: str
    other_groups: str
    #: {name}
    tender: str
    movement: str
    #: The tax authority's codes.
    tenders: Mapping[str, str]
    movements: Mapping[str, str]
    #: Settings that are one account each.
    single: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementTalk:
    """What the `settlement` commands say beside what `SettlementText` has."""

    date_or_period: str
    none_of_these_days: str
    none_yet: str
    why: str
    say_why: str
    why_right: str
    say_why_right: str
    #: {what}
    say_yes: str
    take_back: str
    deleted: str
    reversed: str
    #: {z} {number}
    the_draft: str
    the_voucher: str
    voucher: str
    #: {z}
    posted_anew: str
    #: {z} {code}
    after_all: str
    #: {z}
    goes_on: str
    # A SAF-T file
    reading: str
    day: str
    till: str
    sold: str
    paid: str
    on_account: str
    verdicts: Mapping[str, str]
    taken: str
    missing: str
    #: {register} {count}
    waiting: str
    #: {count} {what} {first} {last} {sold}
    summed_up: str
    #: {count} {new} {there} {wrong}
    counted: str
    #: {outside}
    outside: str
    #: {count}
    not_posted_here: str
    gaps: str
    posted_next: str
    dry_run: str
    mend_first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CliText:
    """Everything that the commands say in one language."""

    common: CommonText
    record: RecordText
    queue: QueueText
    sending: SendingText
    status: StatusText
    customers: CustomersText
    setup: SetupText
    ledger: LedgerText
    settlement: SettlementTalk
