"""The whole set-up of one client of PowerOffice GO, looked at in as few requests as there are lists to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from posplugin.accounting_system import Finding
from posplugin.domain.clock import Clock
from posplugin.poweroffice.catalogue import Catalogue
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.poweroffice.setup.asking import Asking
from posplugin.poweroffice.setup.connection import verify_connection
from posplugin.poweroffice.setup.ledger import ledger_entries, verify_ledger
from posplugin.poweroffice.setup.office import (
    verify_dates,
    verify_departments,
    verify_employees,
    verify_vat_registration,
)
from posplugin.poweroffice.setup.privileges import Privileges, verify_privileges, verify_sending
from posplugin.poweroffice.setup.products import sales_accounts, verify_products
from posplugin.settings.model import Settings


def verify_setup(
    client: PowerOfficeClient,
    catalogue: Catalogue,
    settings: Settings,
    departments: Sequence[str],
    *,
    clock: Clock,
    first: date,
) -> list[Finding]:
    """Return one finding for each thing looked at; `first` is the first day that will be posted to.

    Raises `AccountingError` when PowerOffice cannot be asked.
    """
    about, findings = verify_connection(client, departments, clock)
    privileges = Privileges(about)
    asking = Asking(client, privileges, departments)
    findings += verify_privileges(privileges, settings, departments)
    findings += verify_sending(about, client.claims(), settings, departments)
    findings += verify_vat_registration(asking, departments)
    findings += verify_dates(asking, departments, first)
    findings += verify_departments(asking, catalogue, settings, departments)
    findings += verify_employees(asking, settings, departments)
    findings += _posting(asking, catalogue, settings, departments)
    return [*findings, *asking.refused]


def _posting(asking: Asking, catalogue: Catalogue, settings: Settings, departments: Sequence[str]) -> list[Finding]:
    """Products, and every account that anything is posted on: asked for together."""
    products = asking.ask("/Products", catalogue.products)
    entries = ledger_entries(settings, departments)
    numbers = sorted(sales_accounts(products or []) | {entry.account for entry in entries})
    rows = asking.rows("/GeneralLedgerAccounts", {"accountNos": ",".join(map(str, numbers))}) if numbers else []
    accounts = None if rows is None else {int(row["AccountNo"]): row for row in rows}
    findings: list[Finding] = []
    for name in departments if products is not None else ():
        findings += verify_products(name, settings, products or [], accounts)
    if accounts is not None:
        vat_codes = asking.rows("/VatCodes") if any(entry.sale for entry in entries) else None
        findings += verify_ledger(entries, settings, accounts, vat_codes)
    return findings
