"""Finding what a posted order refers to: customer, product, department, account, VAT code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import chart
from .answers import problem
from .office import Office
from .state import Record

TITLE = "Sales order validation error(s)"

# Registers in which the simulated restaurant has nothing: any reference to them fails.
_EMPTY_REGISTERS = {
    "Branding theme": ("BrandingThemeId", "BrandingThemeCode"),
    "Contact delivery address": ("ContactDeliveryAddressId",),
    "Contact person": ("CustomerReferenceContactPersonId",),
    "Delivery term": ("DeliveryTermId",),
    "Dimension": ("Dim1Id", "Dim1Code", "Dim2Id", "Dim2Code", "Dim3Id", "Dim3Code"),
    "Location": ("LocationId", "LocationCode"),
    "Payment term": ("PaymentTermId",),
    "Project": ("ProjectId", "ProjectCode"),
}


def invalid(detail: str) -> Exception:
    """Return the 400 of an order that breaks a rule, to raise."""
    return problem(400, TITLE, detail)


def missing(noun: str, key: str, value: object, title: str = TITLE) -> Exception:
    """Return the 404 of a record an order refers to that is not there, to raise (FACTS 3)."""
    return problem(404, title, f"{noun} with {key} = '{value}' not found.")


def in_use(answer: str, title: str, used: str) -> Exception:
    """Return the refusal of a duplicate ExternalImportReference, to raise; `answer` is one to U1 or U2."""
    text = f"ExternalImportReference is already in use. {used}"
    if answer == "b":
        return problem(409, "Object conflict", text)
    if answer == "c":
        several = "Aggregated (multiple) Validation Exception"
        return problem(400, several, title, errors={"ExternalImportReference": [text]})
    return problem(400, title, text)


def refuse_empty_registers(posted: Mapping[str, Any], title: str = TITLE) -> None:
    """Refuse references to branding themes, projects and the like, of which there are none."""
    for noun, names in _EMPTY_REGISTERS.items():
        for name in names:
            if posted.get(name) is not None:
                raise missing(noun, name, posted[name], title)


def customer(office: Office, client: str, posted: Mapping[str, Any]) -> Record:
    """Return the order's customer; CustomerId wins over CustomerNo."""
    keys = {"Id": posted["CustomerId"], "Number": posted["CustomerNo"]}
    found = _find(office, client, "customer", keys)
    if found is None:
        raise invalid("CustomerId or CustomerNo must be set.")
    return found


def product(office: Office, client: str, posted: Mapping[str, Any]) -> Record | None:
    """Return the line's product, None when it names none; ProductId wins over ProductCode."""
    return _find(office, client, "product", {"Id": posted["ProductId"], "Code": posted["ProductCode"]})


def department(office: Office, client: str, posted: Mapping[str, Any]) -> dict[str, object]:
    """Return DepartmentId and DepartmentCode as Go keeps them: null to inherit, -1 for no department."""
    named, code = posted["DepartmentId"], posted["DepartmentCode"]
    if named == -1 or (named is None and code == "-1"):
        return {"DepartmentId": -1, "DepartmentCode": "-1"}
    found = _find(office, client, "department", {"Id": named, "Code": code})
    return {
        "DepartmentId": found["Id"] if found else None,
        "DepartmentCode": found["Code"] if found else None,
    }


def employee(office: Office, client: str, posted: Mapping[str, Any], names: tuple[str, str]) -> dict[str, object]:
    """Return the Id and the number of an employee under these two names; null when none is named."""
    by_id, by_number = names
    found = _find(office, client, "employee", {"Id": posted[by_id], "Number": posted[by_number]})
    return {by_id: found["Id"] if found else None, by_number: found["Number"] if found else None}


def vat(office: Office, client: str, of: Record, *, standard: bool) -> Record | None:
    """Return the VAT code of a product's sales account; None when the client is not registered for VAT."""
    if not office.is_vat_registered(client):
        return None
    account = sales_account(office, client, of, standard=standard)
    return office.state.rows(client, "vat")[str(account["VatCodeId"])]


def sales_account(office: Office, client: str, of: Record, *, standard: bool) -> Record:
    """Return a product's sales account, of which it has a standard and an optional one."""
    default = chart.STANDARD_SALES_ACCOUNT if standard else chart.OPTIONAL_SALES_ACCOUNT
    # A product without an account of its own inherits the sales settings (FACTS 6).
    number = of["StandardSalesAccount" if standard else "OptionalSalesAccount"] or default
    return next(row for row in office.state.rows(client, "account").values() if row["AccountNo"] == number)


def _find(office: Office, client: str, kind: str, keys: Mapping[str, object]) -> Record | None:
    """Return the record named by the first key that is set; the rest are ignored (FACTS 4)."""
    for member, value in keys.items():
        if value is None:
            continue
        rows = office.state.rows(client, kind).values()
        found = next((row for row in rows if row[member] == value), None)
        retired = found is not None and (found.get("IsArchived") or found.get("IsActive") is False)
        if found is None or (retired and office.switches["U11"] == "b"):
            raise missing(kind.capitalize(), member, value)
        if retired:
            raise invalid(f"{kind.capitalize()} with {member} = '{value}' is archived.")
        return found
    return None
