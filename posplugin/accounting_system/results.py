"""What an accounting system answers, in the sender's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from posplugin.domain.errors import PosPluginError
from posplugin.domain.reasons import Reason


class Stage(StrEnum):
    """Where a document stands in the accounting system."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    #: We asked for it to be sent, and it is under way to the customer.
    SENDING = "sending"
    SENT = "sent"
    #: A settlement stands in the ledger.
    POSTED = "posted"
    #: It could not be sent, and is a draft still.
    SEND_FAILED = "send_failed"
    PAID = "paid"
    #: It was there, and is not any more.
    GONE = "gone"
    #: Its customer or total is another than when we delivered it.
    CHANGED = "changed"


#: An invoice by now, and no order any more.
SENT_STAGES = frozenset({Stage.SENT, Stage.PAID})


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
    #: When it was sent to the customer.
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendState:
    """How far a document is that we asked to have sent."""

    under_way: bool
    sent_at: datetime | None = None
    invoice_number: int | None = None
    #: Why it could not be sent, in the accounting system's words.
    error: str | None = None


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
