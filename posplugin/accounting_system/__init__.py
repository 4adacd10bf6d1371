"""The seam: what a sender needs of an accounting system. PowerOffice GO is the first; others can follow."""

from posplugin.accounting_system.finding import Finding, right, wrong
from posplugin.accounting_system.journals import Journals, PostedJournal
from posplugin.accounting_system.measured import Measured
from posplugin.accounting_system.protocol import AccountingSystem, DepartmentThere
from posplugin.accounting_system.results import (
    SENT_STAGES,
    AccountingError,
    Posted,
    SendState,
    Stage,
    Verdict,
)

__all__ = [
    "SENT_STAGES",
    "AccountingError",
    "AccountingSystem",
    "DepartmentThere",
    "Finding",
    "Journals",
    "Measured",
    "Posted",
    "PostedJournal",
    "SendState",
    "Stage",
    "Verdict",
    "right",
    "wrong",
]
