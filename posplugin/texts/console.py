"""What every language must have words for, on the technician's console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posplugin.texts.console_customers import CustomersText
from posplugin.texts.console_queue import QueueText
from posplugin.texts.console_record import RecordText
from posplugin.texts.console_runs import RunsText
from posplugin.texts.console_settings import SettingsText
from posplugin.texts.console_settlements import SettlementsText


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A page that could not be shown: what is the matter, and what to do."""

    title: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsText:
    """All that can keep a page from being shown."""

    not_inside: Fault
    wrong_host: Fault
    from_elsewhere: Fault
    not_found: Fault
    not_understood: Fault
    too_large: Fault
    refused: Fault
    outbox_busy: Fault
    crashed: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleText:
    """Words around the pages, and those of each page."""

    title: str
    #: Said by the command that runs it: {terminal}
    runs_here: str
    another_link: str
    ctrl_c: str
    ended: str
    #: For who reads by keyboard or by ear.
    skip: str
    navigation: str
    #: The pages in the navigation, by their names.
    page: Mapping[str, str]
    #: What the lamp's colour is called, by its name.
    light: Mapping[str, str]
    #: What a colour means, by its name.
    tone: Mapping[str, str]
    more: str
    language: str
    change: str
    leave: str
    entered: str
    go_on: str
    left_title: str
    left: str
    #: Before what a command or PowerOffice said.
    detail: str
    #: A change that was refused.
    refused: str
    yes: str
    no: str
    nothing: str
    fault: FaultsText
    queue: QueueText
    record: RecordText
    runs: RunsText
    settlements: SettlementsText
    customers: CustomersText
    settings: SettingsText
