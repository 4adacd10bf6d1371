"""What keeps `check` from even beginning."""

from __future__ import annotations

from posplugin.accounting_system import Finding, wrong
from posplugin.domain.errors import ConfigError, OutboxError, SchemaTooNew, SqliteTooOld
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look


def not_opened(error: ConfigError | OutboxError) -> Finding:
    """Return the fault behind an error from opening settings and outbox."""
    if isinstance(error, ConfigError):
        return wrong(Fault.SETTINGS_UNREADABLE, Look.SETTINGS, problems=error.problems)
    if isinstance(error, SchemaTooNew):
        return wrong(Fault.OUTBOX_TOO_NEW, Look.OUTBOX, words=str(error))
    if isinstance(error, SqliteTooOld):
        return wrong(Fault.SQLITE_TOO_OLD, Look.SQLITE, words=str(error))
    return wrong(Fault.OUTBOX_NOT_OPENED, Look.OUTBOX, words=str(error))
