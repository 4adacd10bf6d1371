"""What every language must have words for, on the console's page of the runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsText:
    """Words on the page of the runs."""

    heading: str

    # What comes next
    next: str
    #: What a plan sends.
    everything: str
    invoices: str
    settlements: str
    #: {what} {when}
    at: str

    # What a person may do
    act: str
    send: str
    send_hint: str
    preview: str
    preview_hint: str
    follow: str
    follow_hint: str
    #: {when}
    followed_at: str
    never_followed: str
    another_sends: str

    # What is under way from here, and what came of it
    sending: str
    following: str
    #: {done} {of}
    so_far: str
    beginning: str
    look_again: str
    is_busy: str
    #: {when}
    sent_at: str
    asked_at: str
    #: {delivered} {waiting} {attention}
    result: str
    nothing_new: str
    #: {done}
    steps: str
    #: {count}
    unfinished: str
    stopped: str
    #: {followed} {news}
    followed: str
    refused: str
    crashed: str

    # The preview
    previewed: str
    nothing_due: str
    #: {ready} {held}
    would: str
    #: {shown} {count}
    first_of: str
    ready: str
    held: str
    show_request: str

    # The picture
    #: {days}
    picture: str
    delivered: str
    waiting: str
    attention: str
    #: {count}
    most: str
    picture_hint: str
    as_table: str
    day: str
    runs: str
    today: str
    #: {days} {delivered} {waiting} {attention}
    in_short: str

    # The list
    caption: str
    empty: str
    began: str
    cause: str
    took: str
    outcome: str
    count_delivered: str
    count_waiting: str
    count_attention: str
    #: Why a run was made, by its cause.
    causes: Mapping[str, str]
    #: How it ended, by its outcome.
    outcomes: Mapping[str, str]
    not_finished: str
    never_ended: str
    #: {type}
    interrupted: str
    #: {seconds}
    seconds: str
    #: {minutes} {seconds}
    minutes: str
    #: {hours} {minutes}
    hours: str
    newest: str
    older: str
