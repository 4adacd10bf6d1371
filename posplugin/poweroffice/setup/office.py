"""PowerOffice's own settings: VAT registration, the locked period, its first day, departments, employees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from posplugin.accounting_system import Finding, right, wrong
from posplugin.domain.fault import Fault
from posplugin.domain.look import Look
from posplugin.poweroffice.catalogue import Catalogue
from posplugin.poweroffice.reading import day
from posplugin.poweroffice.setup.asking import Asking
from posplugin.settings.dotted import join
from posplugin.settings.model import Settings


def verify_vat_registration(asking: Asking, departments: Sequence[str]) -> Iterator[Finding]:
    """Without registration PowerOffice leaves VAT out of every invoice."""
    found = asking.record("/VatSettings")
    if found is not None:
        facts = {"departments": tuple(departments)}
        if found.get("IsVatRegistered") is False:
            yield wrong(Fault.NOT_VAT_REGISTERED, Look.VAT_REGISTRATION, **facts)
        else:
            yield right(Look.VAT_REGISTRATION, **facts)


def verify_dates(asking: Asking, departments: Sequence[str], first: date) -> Iterator[Finding]:
    """Tell whether everything from the `first` day on can be posted."""
    names = tuple(departments)
    found = asking.record("/LockDateSettings")
    if found is not None:
        locked = day(found.get("LockDate"))
        facts = {"departments": names, "locked": locked, "first": first}
        late = locked is not None and first <= locked
        yield wrong(Fault.PERIOD_LOCKED, Look.LOCK_DATE, **facts) if late else right(Look.LOCK_DATE, **facts)
    found = asking.record("/FinancialSettings")
    if found is not None:
        conversion = day(found.get("ConversionDate"))
        facts = {"departments": names, "conversion": conversion, "first": first}
        early = conversion is not None and first < conversion
        look = Look.CONVERSION_DATE
        yield wrong(Fault.BEFORE_CONVERSION, look, **facts) if early else right(look, **facts)


def verify_departments(
    asking: Asking, catalogue: Catalogue, settings: Settings, departments: Sequence[str]
) -> Iterator[Finding]:
    """Tell of each department code whether PowerOffice has it in use."""
    codes = {name: settings.department(name).department_code for name in departments}
    rows = asking.ask("/Departments", catalogue.departments) if any(codes.values()) else None
    for name, code in codes.items() if rows is not None else ():
        if code is None:
            continue
        facts = {"setting": join("departments", name, "department_code"), "code": code}
        found = [row for row in rows or [] if row.get("Code") == code]
        active = [row for row in found if row.get("IsActive") is not False]
        if active:
            yield right(Look.DEPARTMENT, **facts, name=active[0].get("Name"))
        else:
            yield wrong(Fault.DEPARTMENT_INACTIVE if found else Fault.DEPARTMENT_MISSING, Look.DEPARTMENT, **facts)


def verify_employees(asking: Asking, settings: Settings, departments: Sequence[str]) -> Iterator[Finding]:
    """Where employee numbers are sent, there must be employees."""
    rows = asking.rows("/Employees") if settings.invoicing.include_employee_number else None
    if rows is not None:
        count = sum(1 for row in rows if not row.get("IsArchived"))
        facts = {"departments": tuple(departments), "count": count}
        yield right(Look.EMPLOYEES, **facts) if count else wrong(Fault.NO_EMPLOYEES, Look.EMPLOYEES, **facts)
