"""Whether prices are with or without VAT: no page of PowerOffice says, so a draft is made, looked at and deleted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from posplugin.accounting_system import AccountingError, Measured, Posted, Verdict
from posplugin.domain.documents import FEE_VAT_RATE, VatReportedBy
from posplugin.domain.reasons import Reason
from posplugin.poweroffice.catalogue import DepartmentProducts, codes
from posplugin.poweroffice.client import PowerOfficeClient
from posplugin.poweroffice.faults import not_there
from posplugin.poweroffice.mapping import NO_DEPARTMENT
from posplugin.poweroffice.reading import NOT_UNDERSTOOD, from_order
from posplugin.settings.model import Settings

_PRICE = Decimal("100.00")
#: Seconds between tries to delete what has just been made: reads may lag behind writes, and a deletion may read.
_PAUSES = (0.0, 1.0, 2.0, 4.0)
#: Said on the draft, should it ever be left behind.
_TEXT = "posplugin check: prøveutkast, slettes straks / trial draft, deleted at once"


def measured_role(settings: Settings, products: dict[str, str]) -> tuple[str, int] | None:
    """Return a product role that carries VAT, and its rate; None where no line of an invoice does."""
    if settings.invoicing.vat_reported_by is VatReportedBy.SETTLEMENT:
        return ("fee", FEE_VAT_RATE) if settings.invoicing.invoice_fee and "fee" in products else None
    return next(((f"vat_{rate}", rate) for rate in (25, 15, 12) if f"vat_{rate}" in products), None)


def measure_prices(
    client: PowerOfficeClient,
    products: DepartmentProducts,
    settings: Settings,
    department_id: int | None,
    *,
    reference: str,
    customer_number: int,
    day: date,
) -> Measured | None:
    """Post a draft of one line of 100.00, and delete it whatever happens. None where there is nothing to measure.

    Raises `AccountingError`; when its verdict is unknown, the draft may stand there.
    """
    chosen = measured_role(settings, codes(products.department))
    if chosen is None:
        return None
    role, rate = chosen
    body = {
        "SalesOrderStatus": "Draft",
        "CustomerNo": customer_number,
        "CurrencyCode": "NOK",
        "DepartmentId": NO_DEPARTMENT if department_id is None else department_id,
        "SalesOrderDate": day.isoformat(),
        "DeliveryDate": day.isoformat(),
        "ExternalImportReference": reference,
        "SalesOrderLines": _lines(products.product_id(role)),
    }
    posted = _posted(client.post("/SalesOrders/Complete", body))
    left = _delete(client, posted)
    return Measured(
        price=int(_PRICE * 100),
        rate=rate,
        product=codes(products.department)[role],
        total=posted.total,
        number=posted.number,
        left=left,
    )


def _lines(product_id: int) -> list[dict[str, Any]]:
    priced = {"LineType": "Normal", "ProductId": product_id, "Description": "posplugin check", "Quantity": 1}
    priced |= {"ProductUnitPrice": _PRICE, "Allowance": 0, "UseStandardSalesAccount": True, "SortOrder": 0}
    return [priced, {"LineType": "Text", "Description": _TEXT, "SortOrder": 1}]


def _posted(answer: Any) -> Posted:
    try:
        return from_order(answer)
    except NOT_UNDERSTOOD:
        words = "the trial draft was accepted, but the answer cannot be understood"
        raise AccountingError(Verdict.UNKNOWN, Reason.INTERNAL, words, status=201) from None


def _delete(client: PowerOfficeClient, posted: Posted) -> str | None:
    """Delete the draft; return why it could not be, None when it is gone."""
    words, maybe_gone = None, False
    for pause in _PAUSES:
        client.pause(pause)
        try:
            client.delete(f"/SalesOrders/{posted.accounting_id}")
        except AccountingError as error:
            if maybe_gone and not_there(error):
                return None
            words, maybe_gone = error.words, maybe_gone or error.verdict is Verdict.UNKNOWN
        else:
            return None
    return words
