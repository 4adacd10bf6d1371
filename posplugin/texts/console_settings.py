"""What every language must have words for, on the console's page of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SettingText:
    """One setting: what it is called, what the tills' manuals call it, and what there is to know of it."""

    label: str
    help: str | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class SectionText:
    """A part of the page, and what it is for."""

    title: str
    intro: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemsText:
    """What the settings' reader finds wrong, by its own words in English; a form says it beside the field."""

    #: By the template of a `settings.Problem`.
    sentence: Mapping[str, str]
    #: What is expected, by its `how`; what a ledger lacks, by its `what`.
    expected: Mapping[str, str]
    #: What keeps the file itself from being read or written, by the template.
    unwritten: Mapping[str, str]
    #: What only a form can have. {name}
    twice: str
    department_exists: str
    department_nameless: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsText:
    """Words on the page of the settings."""

    heading: str
    #: {path}
    file: str
    sections: str
    section: Mapping[str, SectionText]
    #: By dotted key, NAME for a department's; what a department's ledger has is called as in [ledger].
    setting: Mapping[str, SettingText]
    #: The words that a setting may be, by dotted key. "": left out.
    option: Mapping[str, Mapping[str, str]]
    #: Of the tables, by dotted key and column.
    column: Mapping[str, Mapping[str, str]]
    more: str
    #: {value}
    default: str
    is_set: str
    not_set: str
    #: {variable}
    from_environment: str
    key_stays: str
    key_needed: str
    take_out: str
    only_in_file: str
    add_row: str
    #: {number}
    row: str
    remove_row: str
    default_ledger: str
    #: {name}
    own_ledger: str
    own_ledger_intro: str
    other_times: str
    own_times: str
    fee: str
    new_department: str
    new_name: str
    save: str
    save_and_test: str
    unsaved: str
    saved: str
    saved_nothing: str
    waits_for_check: str
    at_next_start: str
    changed_since: str
    #: {count}
    not_saved: str
    #: {count}
    broken: str
    keys_again: str
    unreadable: str
    test: str
    test_hint: str
    connection: str
    #: {client} {id}
    connection_ok: str
    check: str
    check_hint: str
    check_heading: str
    check_intro: str
    check_draft: str
    no_draft: str
    check_now: str
    checked_at: str
    never_checked: str
    checking_now: str
    faults: str
    #: {number}
    fault: str
    remedy: str
    all_else: str
    back: str
    problems: ProblemsText
