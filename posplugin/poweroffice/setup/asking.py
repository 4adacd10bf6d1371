"""Reading for `check`: one "no" from PowerOffice is a finding, and keeps nothing else from being looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from posplugin.accounting_system import AccountingError, Finding, wrong
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look
from posplugin.domain.reasons import Reason
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.poweroffice.setup.privileges import Privileges

T = TypeVar("T")
Row = dict[str, Any]
#: What must be held to read a list.
_READERS = {
    "/Products": "Product",
    "/Departments": "Department",
    "/GeneralLedgerAccounts": "GeneralLedgerAccount",
    "/VatCodes": "CommonServices",
    "/VatSettings": "CommonServices",
    "/LockDateSettings": "CommonServices",
    "/FinancialSettings": "CommonServices",
    "/Employees": "Employee",
}


class Asking:
    """Reads what the integration may read, and None where it may not."""

    def __init__(self, client: PowerOfficeClient, privileges: Privileges, departments: Sequence[str]) -> None:
        self._client = client
        self._privileges = privileges
        self._departments = tuple(departments)
        #: What PowerOffice said no to although the privilege is there.
        self.refused: list[Finding] = []

    def record(self, path: str) -> Row | None:
        """Return one object."""
        return self.ask(path, lambda: self._client.get(path) or {})

    def rows(self, path: str, parameters: Mapping[str, str] | None = None) -> list[Row] | None:
        """Return a whole list."""
        return self.ask(path, lambda: list(self._client.pages(path, parameters)))

    def ask(self, path: str, read: Callable[[], T]) -> T | None:
        """Return what `read` returns, which reads `path`."""
        privilege = _READERS[path]
        if not self._privileges.held(privilege):
            return None  # told already, by name
        try:
            return read()
        except AccountingError as error:
            if error.reason is not Reason.MISSING_PRIVILEGE:
                raise
            facts = {"privilege": privilege, "departments": self._departments}
            request = {"request": f"GET {path}", "words": error.words}
            self.refused.append(wrong(Fault.PRIVILEGE_REFUSED, Look.PRIVILEGE, **facts, **request))
            return None
