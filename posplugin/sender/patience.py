"""How long a client is worth trying: what comes back is counted, and an outage ends the pass."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from posplugin.accounting_system import AccountingError, Posted, PostedJournal, Verdict
from posplugin.outbox.record import Record

#: Answers in the 500s in a row after which PowerOffice is taken to be down.
_SERVER_ERRORS = 3


@dataclass(slots=True)
class Patience:
    """What one client has answered in one pass. Thread-safe."""

    tried: int = 0
    accepted: int = 0
    #: Records whose answer was lost.
    lost: list[Record] = field(default_factory=list)
    #: Why the client is given up for now.
    given_up: AccountingError | None = None
    _server_errors: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def heard(self, record: Record, answer: Posted | PostedJournal | AccountingError | None) -> None:
        """Count one answer; None when the client was not asked."""
        with self._counting:
            self.tried += 1
            self.accepted += isinstance(answer, Posted | PostedJournal)
            if not isinstance(answer, AccountingError):
                self._server_errors = 0
                return
            if answer.verdict is Verdict.UNKNOWN:
                self.lost.append(record)
            self._server_errors = self._server_errors + 1 if (answer.status or 0) >= 500 else 0
            is_outage = answer.verdict is Verdict.STOP and (answer.status or 0) < 500
            if is_outage or self._server_errors >= _SERVER_ERRORS:
                self.given_up = self.given_up or answer
