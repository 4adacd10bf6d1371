"""Every account and VAT code of the ledgers: there, in use, and free for what is posted on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from posplugin.accounting_system import Finding, right, wrong
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look, OneOf
from posplugin.poweroffice.setup.asking import Row
from posplugin.poweroffice.vat_codes import NO_TURNOVER, TURNOVER
from posplugin.settings.dotted import join
from posplugin.settings.ledger import SalesAccount
from posplugin.settings.model import Settings

_SINGLE = ("gratuity", "gift_card", "rounding", "cash_difference", "invoice_clearing")
_TABLES = ("tenders", "movements")


@dataclass(frozen=True, slots=True)
class Entry:
    """One account of a ledger, where the settings name it, and what is posted on it."""

    setting: str
    account: int
    #: None: what is posted there is no turnover.
    sale: SalesAccount | None = None


def ledger_entries(settings: Settings, departments: Sequence[str]) -> dict[Entry, str]:
    """Return every account that these departments post to, and a department that does, without a code if there is."""
    entries: dict[Entry, str] = {}
    for name in departments:
        for entry in _of_department(settings, name):
            if entry not in entries or settings.department(name).department_code is None:
                entries[entry] = name
    return entries


def verify_ledger(
    entries: Mapping[Entry, str], settings: Settings, accounts: Mapping[int, Row], vat_codes: Sequence[Row] | None
) -> Iterator[Finding]:
    """Give one finding for each account of the ledgers. Without `vat_codes`, they are left out."""
    for entry, department in entries.items():
        row = accounts.get(entry.account)
        facts: dict[str, object] = {"setting": entry.setting, "account": entry.account}
        if row is None:
            yield wrong(Fault.ACCOUNT_MISSING, Look.LEDGER, **facts)
            continue
        its_own = str(row.get("VatCode"))
        vat_code = entry.sale.vat_code if entry.sale else its_own if its_own in NO_TURNOVER else NO_TURNOVER[0]
        facts |= {"name": row.get("Name"), "vat_code": vat_code, "locked": its_own}
        facts |= {"department_setting": join("departments", department, "department_code")}
        fault = _account_fault(entry, row, coded=settings.department(department).department_code is not None)
        if fault is None and entry.sale and vat_codes is not None:
            fault, more = _code_fault(entry.sale, vat_codes)
            facts |= more
        if fault is Fault.ACCOUNT_LOCKED_TO_TURNOVER:
            facts |= {"wanted": OneOf(NO_TURNOVER)}
        yield wrong(fault, Look.LEDGER, **facts) if fault else right(Look.LEDGER, **facts)


def _of_department(settings: Settings, name: str) -> Iterator[Entry]:
    ledger, own = settings.ledger_of(name), settings.department(name).ledger
    if ledger is None:
        return
    for single in _SINGLE:
        account = getattr(ledger, single)
        if account is not None:
            yield Entry(_where(name, own is not None and getattr(own, single) is not None, single), account)
    for table in _TABLES:
        for key, account in getattr(ledger, table).items():
            yield Entry(_where(name, own is not None and key in getattr(own, table), table, key), account)
    for sale in ledger.sales:
        place = _where(name, own is not None and sale in own.sales, "sales")
        yield Entry(f'{place} "{sale.article_group}" {sale.vat} %', sale.account, sale)


def _where(department: str, own: bool, *place: str) -> str:
    return join("departments", department, "ledger", *place) if own else join("ledger", *place)


def _account_fault(entry: Entry, row: Row, *, coded: bool) -> Fault | None:
    if row.get("IsActive") is False:
        return Fault.ACCOUNT_INACTIVE
    if row.get("IsProjectRequired"):
        return Fault.ACCOUNT_NEEDS_PROJECT
    if row.get("IsDepartmentRequired") and not coded:
        return Fault.ACCOUNT_NEEDS_DEPARTMENT
    locked = str(row.get("VatCode")) if row.get("IsVatCodeLocked") else None
    if locked is None:
        return None
    if entry.sale is None:
        return None if locked in NO_TURNOVER else Fault.ACCOUNT_LOCKED_TO_TURNOVER
    return None if locked == entry.sale.vat_code else Fault.ACCOUNT_LOCKED_TO_ANOTHER_CODE


def _code_fault(sale: SalesAccount, vat_codes: Sequence[Row]) -> tuple[Fault | None, dict[str, object]]:
    row = next((row for row in vat_codes if row.get("Code") == sale.vat_code), None)
    facts: dict[str, object] = {"rate": sale.vat, "wanted": OneOf(TURNOVER[sale.vat])}
    if row is None:
        return Fault.VAT_CODE_MISSING, facts
    if row.get("IsActive") is False:
        return Fault.VAT_CODE_INACTIVE, facts
    its_rate = row["Rate"] * 100
    if its_rate != sale.vat:
        return Fault.VAT_CODE_OF_ANOTHER_RATE, {**facts, "its_rate": f"{its_rate:.4g}"}
    return None if sale.vat_code in TURNOVER[sale.vat] else Fault.VAT_CODE_NOT_FOR_SALES, facts
