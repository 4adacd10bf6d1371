"""What an accounting system answers, in the sender's words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posplugin.domain.errors import PosPluginError
from posplugin.domain.reasons import Reason


class Stage(StrEnum):
    """Where a document stands in the accounting system."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A document as the accounting system has it; amounts in øre with VAT."""

    reference: str
    accounting_id: str
    number: int | None
    customer_number: int | None
    total: int
    stage: Stage
    invoice_number: int | None = None


class Verdict(StrEnum):
    """What to do after a call that did not give what it should."""

    #: Nothing will work for this client key now; stop the run. Costs no record an attempt.
    STOP = "stop"
    #: A person must act.
    ATTENTION = "attention"
    #: It may have been carried out; look it up before anything else.
    UNKNOWN = "unknown"
    #: The reference is there already, says the accounting system; look it up.
    DUPLICATE = "duplicate"


class AccountingError(PosPluginError):
    """A call to the accounting system did not give what it should; `verdict` says what to do."""

    def __init__(
        self,
        verdict: Verdict,
        reason: Reason,
        words: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.verdict = verdict
        self.reason = reason
        #: The accounting system's own words, or what happened on the way there; never a key.
        self.words = words
        #: HTTP status, when there was an answer.
        self.status = status
        #: Seconds the accounting system asked us to wait.
        self.retry_after = retry_after
        super().__init__(words)
