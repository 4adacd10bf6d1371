"""How long a client is worth trying: what comes back is counted, and an outage ends the pass."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from posplugin.accounting_system import AccountingError, Posted, PostedJournal, Verdict
from posplugin.outbox.record import Record

#: Answers in the 500s in a row, or tries that did not reach it, after which PowerOffice is taken to be down.
_DOWN = 3
#: Answers lost in a row after which it is the way there that is down, and no record is to blame.
_LOST_IN_A_ROW = 10

Answer = Posted | PostedJournal | AccountingError | None


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
    _unreached: int = 0
    #: How many tries were answered.
    _told: int = 0
    #: How many in a row have been lost that began after the last answer, and how many were lost before the last began
    #: that got through.
    _lost_in_a_row: int = 0
    _lost_before: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, record: Record, ask: Callable[[Record], Answer]) -> None:
        """Ask for a record, and count the answer; None when the client was not asked.

        What gets through tells that the line held for those alone that were lost before it began: others were in
        flight beside it.
        """
        lost_before, told_before = len(self.lost), self._told
        answer = ask(record)
        with self._counting:
            self.tried += 1
            if isinstance(answer, Posted | PostedJournal):
                self.accepted += 1
                self._lost_before = max(self._lost_before, lost_before)
            if not isinstance(answer, AccountingError):
                self._server_errors = self._unreached = self._lost_in_a_row = 0
                self._told += 1
                return
            if answer.verdict is Verdict.UNKNOWN:
                self.lost.append(record)
                self._lost_in_a_row += told_before == self._told
            else:
                self._lost_in_a_row = 0
                self._told += 1
            status, stops = answer.status, answer.verdict is Verdict.STOP
            self._server_errors = self._server_errors + 1 if (status or 0) >= 500 else 0
            self._unreached = self._unreached + 1 if stops and status is None else 0
            is_outage = stops and status is not None and status < 500
            is_outage = is_outage or max(self._server_errors, self._unreached) >= _DOWN
            if is_outage or self._lost_in_a_row >= _LOST_IN_A_ROW:
                self.given_up = self.given_up or answer

    def to_blame(self, accepted: int = 0, lost: int = 0) -> list[Record]:
        """Return the records whose answer was lost while others got through, since so many were `accepted` and `lost`.

        What was lost at the end of a pass that was given up, or last reached nobody, went down with the connection.
        """
        if self.accepted <= accepted:
            return []
        return self.lost[lost : self._lost_before] if self.given_up or self._unreached else self.lost[lost:]
