"""Products the integration makes."""

from __future__ import annotations

from typing import Any

from .answers import problem
from .members import PRODUCT, record
from .office import Office
from .state import Record

TITLE = "Product validation error(s)"

_ACCOUNTS = (("StandardSalesAccountId", "StandardSalesAccount"), ("OptionalSalesAccountId", "OptionalSalesAccount"))
_LONGEST = {"Code": 100, "Name": 400}


def create(office: Office, client: str, posted: dict[str, Any]) -> Record:
    """Make a product of a checked body and return it; one without a Code gets the next free number for it."""
    if not (posted["Name"] or "").strip():
        raise _invalid("Name must be set.")
    for member, longest in _LONGEST.items():
        if len(posted[member] or "") > longest:
            raise _invalid(f"{member} cannot be longer than {longest} characters.")
    for member in ("ProductGroupId", "ProductGroupCode"):
        if posted[member] is not None:
            raise _invalid(f"Product group with {member} = '{posted[member]}' not found.")
    if posted["StockOnHand"] is not None and not posted["IsStockItem"]:
        raise _invalid("StockOnHand can only be set when IsStockItem is true.")
    state = office.state
    rows = state.rows(client, "product").values()
    used = {row["Code"]: row["Id"] for row in rows}
    if posted["Code"] in used:
        raise _invalid(f"Code is already in use. '{posted['Code']}' is used on product Id = {used[posted['Code']]}.")
    now = office.clock.stamp()
    values = {name: value for name, value in posted.items() if value is not None} | {
        "Id": max(int(row["Id"]) for row in rows) + 3,
        "Code": posted["Code"] or str(next(at for at in range(1, len(used) + 2) if str(at) not in used)),
        "ProductType": posted["ProductType"] or "Product",
        "UnitOfMeasureCode": posted["UnitOfMeasureCode"] or "EA",
        "IsArchived": bool(posted["IsArchived"]),
        "IsStockItem": bool(posted["IsStockItem"]),
        "CreatedDateTimeOffset": now,
        "LastChangedDateTimeOffset": now,
    }
    for by_id, by_number in _ACCOUNTS:
        values |= _account(office, client, posted, by_id, by_number)
    product = record(PRODUCT, values)
    with state.change():
        state.put(client, "product", str(product["Id"]), product)
    office.wrote(client, "product", str(product["Id"]))
    return product


def _account(office: Office, client: str, posted: dict[str, Any], by_id: str, by_number: str) -> dict[str, object]:
    """Return both names of a sales account; the Id wins. Null inherits, now and later (FACTS 6)."""
    for member, key in ((by_id, "Id"), (by_number, "AccountNo")):
        value = posted[member]
        if value is None:
            continue
        accounts = office.state.rows(client, "account").values()
        found = next((row for row in accounts if row[key] == value), None)
        # No 404 is declared on this POST.
        if found is None:
            raise _invalid(f"General ledger account with {key} = '{value}' not found.")
        if not found["IsActive"]:
            raise _invalid(f"General ledger account with {key} = '{value}' is not active.")
        return {by_id: found["Id"], by_number: found["AccountNo"]}
    return {by_id: None, by_number: None}


def _invalid(detail: str) -> Exception:
    return problem(400, TITLE, detail)
