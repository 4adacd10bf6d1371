"""The lines of a sales order: from what was posted to what Go keeps."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from . import references
from .amounts import Priced
from .members import LINE, record
from .office import Office
from .references import invalid
from .state import Record

_SELLER = ("SellersReferenceEmployeeId", "SellersReferenceEmployeeNo")


def build(
    office: Office, client: str, customer: Record, order_id: str, posted: Sequence[dict[str, Any]]
) -> tuple[list[Record], list[Priced]]:
    """Return the lines with all but their amounts, and what the amounts follow from."""
    named = Counter(line["ExternalImportReference"] for line in posted)
    del named[None]
    for reference, times in named.items():
        if times > 1:
            raise invalid(f"ExternalImportReference '{reference}' is used on more than one line.")
    built = [_build(office, client, customer, line) for line in posted]
    for at, line in enumerate(built):
        line |= {"Id": str(uuid.uuid4()), "SalesOrderId": order_id}
        line["SortOrder"] = at if line["SortOrder"] is None else line["SortOrder"]
    built.sort(key=lambda line: int(line["SortOrder"]))
    return built, [priced(line) for line in built]


def priced(line: Record) -> Priced:
    """Return what the amounts of a line follow from; those of a text are nothing."""
    if line["LineType"] != "Normal":
        return Priced(*[Decimal(0)] * 4)
    values = (line["Quantity"], line["ProductUnitPrice"], line["Allowance"] or 0, line["VatRate"])
    return Priced(*(Decimal(value) for value in values))


def _build(office: Office, client: str, customer: Record, posted: dict[str, Any]) -> Record:
    references.refuse_empty_registers(posted)
    kind = posted["LineType"] or "Normal"
    values = {**posted, "LineType": kind, **references.department(office, client, posted)}
    values |= references.employee(office, client, posted, _SELLER)
    product = references.product(office, client, posted)
    if kind == "InvoiceFee":
        raise invalid("Invoice fee is not used on this client.")
    if kind != "Normal":
        if product is not None:
            raise invalid(f"A line of type {kind} cannot have a product.")
        return record(LINE, values)
    if product is None:
        raise invalid("A line of type Normal must have a product.")
    values |= _of_product(values, product, customer)
    vat = references.vat(office, client, product, standard=values["UseStandardSalesAccount"])
    rate = vat["Rate"] if vat else Decimal(0)
    values |= {"VatId": vat and vat["Id"], "VatCode": vat and vat["Code"], "VatRate": rate}
    return record(LINE, values)


def _of_product(posted: dict[str, Any], product: Record, customer: Record) -> dict[str, Any]:
    """Return the values a line takes from its product and customer where it states none (FACTS 4)."""
    if posted["Quantity"] is None:
        raise invalid("Quantity must be set when the line has a product.")
    inherited = {
        "ProductUnitPrice": product["UnitPrice"] or Decimal(0),
        "ProductUnitCost": product["UnitCost"],
        "Description": product["Name"],
        "UnitOfMeasureCode": product["UnitOfMeasureCode"],
        "Allowance": customer["Allowance"],
        "UseStandardSalesAccount": not customer["IsVatFree"],
    }
    values = {name: value if posted[name] is None else posted[name] for name, value in inherited.items()}
    if values["Allowance"] is not None and not -1000 <= values["Allowance"] <= 100:
        raise invalid("Allowance must be between -1000 and 100.")
    return {**values, "ProductId": product["Id"], "ProductCode": product["Code"]}
