"""The seam: what a sender needs of an accounting system. PowerOffice GO is the first; others can follow."""

from posplugin.accounting_system.protocol import AccountingSystem, Finding
from posplugin.accounting_system.results import AccountingError, Posted, Stage, Verdict

__all__ = ["AccountingError", "AccountingSystem", "Finding", "Posted", "Stage", "Verdict"]
