"""Values that are planned and do nothing yet: refused by name, for an option must never be taken and ignored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from posplugin.settings.dotted import join
from posplugin.settings.tables import Tables, at

#: Place and value → what this version does instead. Take a row out when its behaviour is built.
UNBUILT: Mapping[tuple[tuple[str, ...], str | bool], str] = {
    (("invoicing", "lines"), "per_item"): 'invoices have one line per VAT rate; use "per_vat_rate"',
    (("invoicing", "delivery"), "confirmed"): 'invoices are left as drafts in PowerOffice; use "draft"',
    (("invoicing", "delivery"), "send"): 'invoices are left as drafts in PowerOffice; use "draft"',
    (("invoicing", "credit_limit"), "warn"): 'credit limits are not watched; use "off"',
    (("invoicing", "credit_limit"), "block"): 'credit limits are not watched; use "off"',
    (("invoicing", "attach_receipt"), True): "the receipt is not attached to the invoice; use false",
    (("invoicing", "include_employee_number"), True): "employee numbers are not sent; use false",
    (("invoicing", "create_missing_products"), True): "products are not created in PowerOffice; use false",
}


def unbuilt_problems(tables: Tables) -> Iterator[str]:
    """Give a sentence for every option in use that this version has not built."""
    for (place, value), instead in UNBUILT.items():
        if at(tables, *place) == value:
            shown = str(value).lower() if isinstance(value, bool) else f'"{value}"'
            yield f"{join(*place)} is {shown}, which this version cannot do yet: {instead}"
