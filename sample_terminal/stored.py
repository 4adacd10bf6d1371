"""Sales, requests and Z reports as JSON, and back to what they were."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pydantic import TypeAdapter

from posplugin.domain.payment import PaymentRequest
from posplugin.domain.sale import Sale
from posplugin.domain.zreport import ZReport
from posplugin.saft.moments import OSLO

_SALE: Final = TypeAdapter(Sale)
_REQUEST: Final = TypeAdapter(PaymentRequest)
_Z_REPORT: Final = TypeAdapter(ZReport)


def sale_json(sale: Sale) -> str:
    """Write a sale."""
    return _SALE.dump_json(sale).decode()


def sale_from(text: str) -> Sale:
    """Read what `sale_json` wrote; its time is in the till's zone again, which JSON knows no name for."""
    return _local(_SALE.validate_json(text))


def request_json(request: PaymentRequest) -> str:
    """Write a payment request."""
    return _REQUEST.dump_json(request).decode()


def request_from(text: str) -> PaymentRequest:
    """Read what `request_json` wrote: the same facts, so that capture speaks of what was authorized."""
    request = _REQUEST.validate_json(text)
    return replace(request, sale=_local(request.sale))


def z_report_json(report: ZReport) -> str:
    """Write a Z report."""
    return _Z_REPORT.dump_json(report).decode()


def z_report_from(text: str) -> ZReport:
    """Read what `z_report_json` wrote."""
    report = _Z_REPORT.validate_json(text)
    return replace(report, closed_at=report.closed_at.astimezone(OSLO))


def _local(sale: Sale) -> Sale:
    return replace(sale, at=sale.at.astimezone(OSLO))
