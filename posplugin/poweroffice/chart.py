"""Account numbers and VAT codes → PowerOffice's ids, asked for once a run; a mended set-up mends the record."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from posplugin.domain.reasons import Reason
from posplugin.domain.settlement import Journal, JournalLine
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.poweroffice.journal_mapping import JournalIds, vat_code
from posplugin.poweroffice.mapping import missing

Row = Mapping[str, Any]


class Chart:
    """The chart of accounts and the VAT codes, as one Go client has them. Thread-safe."""

    def __init__(self, client: PowerOfficeClient, numbers: Iterable[int]) -> None:
        """`numbers` are the accounts of the ledgers, asked for together with the first that is needed."""
        self._client = client
        self._numbers = frozenset(numbers)
        self._lock = threading.Lock()
        self._asked: set[int] = set()
        #: By account number, as far as they have been asked for.
        self._rows: dict[int, Row] = {}
        self._has_all = False
        self._vat_codes: dict[str, Row] | None = None

    def accounts(self, numbers: Iterable[int]) -> Mapping[int, Row]:
        """Return accounts by number, inactive ones too; those that do not exist are left out."""
        wanted = set(numbers)
        with self._lock:
            if wanted - self._asked and not self._has_all:
                unknown = (wanted | self._numbers) - self._asked
                self._keep({"accountNos": ",".join(map(str, sorted(unknown)))})
                self._asked |= unknown
            return {number: self._rows[number] for number in wanted if number in self._rows}

    def vat_codes(self) -> Mapping[str, Row]:
        """Return the VAT codes by code; of two that are called alike, the active one."""
        with self._lock:
            if self._vat_codes is None:
                rows = sorted(self._client.pages("/VatCodes"), key=lambda row: row.get("IsActive") is not False)
                self._vat_codes = {str(row["Code"]): row for row in rows}
            return self._vat_codes

    def numbers(self, ids: Iterable[int]) -> Mapping[int, int]:
        """Return account numbers by id; what is no account of the ledger is left out."""
        with self._lock:
            found = {int(row["Id"]): number for number, row in self._rows.items()}
            if set(ids) - found.keys() and not self._has_all:
                self._keep({})  # the settings have changed since, or a person has moved an amount
                self._has_all = True
                found = {int(row["Id"]): number for number, row in self._rows.items()}
            return found

    def ids(self, journal: Journal, departments: Mapping[str, int | None]) -> JournalIds:
        """Return what a journal is posted with; raise `AccountingError` for what cannot be posted on.

        `departments` are PowerOffice's ids by name, for the journal's own and those of its lines.
        """
        accounts, codes = self.accounts(line.account for line in journal.lines), self.vat_codes()
        locked = {number: str(row.get("VatCode")) for number, row in accounts.items() if row.get("IsVatCodeLocked")}
        for line in journal.lines:
            name = line.department or journal.department
            coded = departments[name] is not None
            _refuse_account(line, accounts.get(line.account), locked, name, coded=coded)
            _refuse_code(line, vat_code(line, locked), codes)
        return JournalIds(
            accounts={number: int(row["Id"]) for number, row in accounts.items()},
            vat_codes={code: int(row["Id"]) for code, row in codes.items()},
            locked=locked,
            department=departments[journal.department],
            others=departments,
        )

    def _keep(self, asked: Mapping[str, str]) -> None:
        for row in self._client.pages("/GeneralLedgerAccounts", asked):
            self._rows[int(row["AccountNo"])] = row


def _refuse_account(
    line: JournalLine, row: Row | None, locked: Mapping[int, str], department: str, *, coded: bool
) -> None:
    """A draft is hardly looked at when it is made, and what a posted journal is refused with is not documented."""
    name = f"account {line.account}{_purpose(line)}"
    if row is None:
        raise missing(Reason.ACCOUNT_MISSING, f"{name} is not in the chart of accounts")
    if row.get("IsActive") is False:
        raise missing(Reason.ACCOUNT_MISSING, f"{name} is not active")
    if row.get("IsProjectRequired"):
        raise missing(Reason.ACCOUNT_MISSING, f"{name} demands a project, and a till has none")
    if row.get("IsDepartmentRequired") and not coded:
        words = f"{name} demands a department, and departments.{department}.department_code is not set"
        raise missing(Reason.DEPARTMENT_MISSING, words)
    wanted = vat_code(line, locked)
    if locked.get(line.account, wanted) != wanted:
        words = f"{name} is locked to VAT code {locked[line.account]}, and what is posted there has VAT code {wanted}"
        raise missing(Reason.ACCOUNT_MISSING, words)


def _refuse_code(line: JournalLine, code: str, codes: Mapping[str, Row]) -> None:
    name = f"VAT code {code} for account {line.account}{_purpose(line)}"
    if code not in codes:
        raise missing(Reason.ACCOUNT_MISSING, f"{name} is not among PowerOffice's VAT codes")
    if codes[code].get("IsActive") is False:
        raise missing(Reason.ACCOUNT_MISSING, f"{name} is not active")


def _purpose(line: JournalLine) -> str:
    return f" ({', '.join(line.names)})" if line.names else ""
