"""The gate for automatic sending: open for the settings that were right, and for no others."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from posplugin.domain.errors import IllegalTransition
from posplugin.domain.reasons import SET_UP_REASONS, Reason
from posplugin.outbox.lifecycle import Status
from posplugin.outbox.record import Record
from posplugin.outbox.store import Outbox
from posplugin.settings import fingerprint
from posplugin.settings.model import Settings
from posplugin.till.status import CHECK_PASSED

#: The note in the outbox that holds `invoicing.enabled_since` as it was when `check` passed.
ENABLED_SINCE = "enabled_since"


def open_gate(settings: Settings, outbox: Outbox) -> list[Record]:
    """Let automatic sending begin for these settings, and what was held for the set-up go on; return that."""
    outbox.write_note(CHECK_PASSED, fingerprint(settings))
    outbox.write_note(ENABLED_SINCE, str(settings.invoicing.enabled_since))
    return release(outbox, SET_UP_REASONS)


def close_gate(outbox: Outbox) -> None:
    """Let nothing be sent automatically until `check` has passed."""
    outbox.write_note(CHECK_PASSED, "")


def release(outbox: Outbox, reasons: Iterable[Reason]) -> list[Record]:
    """Let every record that waits for one of these reasons go on; return them."""
    wanted, why = set(reasons), "the set-up has been mended"
    released = []
    for record in outbox.needing_a_person():
        if record.reason in wanted:
            with suppress(IllegalTransition):  # somebody was quicker
                if record.status is Status.DELIVERED:
                    released.append(outbox.steps_again(record, "check", why))
                else:
                    released.append(outbox.move(record, Status.PENDING, "check", why, attempts=0, not_before=""))
    return released
