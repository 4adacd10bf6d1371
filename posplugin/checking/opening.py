"""What keeps `check` from even beginning."""

from __future__ import annotations

from posplugin.accounting_system import Finding, wrong
from posplugin.domain.errors import (
    ConfigError,
    OutboxDamaged,
    OutboxError,
    OutboxHeld,
    OutboxOfAnother,
    SchemaTooNew,
    SettingsExposed,
    SqliteTooOld,
)
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look

_FAULTS: dict[type[OutboxError], Fault] = {
    SchemaTooNew: Fault.OUTBOX_TOO_NEW,
    OutboxDamaged: Fault.OUTBOX_DAMAGED,
    OutboxHeld: Fault.OUTBOX_HELD,
    OutboxOfAnother: Fault.OUTBOX_OF_ANOTHER,
}


def not_opened(error: ConfigError | OutboxError) -> Finding:
    """Return the fault behind an error from opening settings and outbox."""
    if isinstance(error, SettingsExposed):
        return wrong(Fault.SETTINGS_EXPOSED, Look.SETTINGS, path=error.path)
    if isinstance(error, ConfigError):
        return wrong(Fault.SETTINGS_UNREADABLE, Look.SETTINGS, problems=error.problems)
    if isinstance(error, SqliteTooOld):
        return wrong(Fault.SQLITE_TOO_OLD, Look.SQLITE, words=error)
    return wrong(_FAULTS.get(type(error), Fault.OUTBOX_NOT_OPENED), Look.OUTBOX, words=error)
