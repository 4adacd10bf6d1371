"""The person in PowerOffice: sends the drafts that lie there, and sees what has been paid."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from posplugin.simulator import Simulator

#: Drafts are sent when they are so old, and invoices are paid.
_SENDS_AFTER = timedelta(days=2)
_PAID_AFTER = timedelta(days=14)


def works(go: Simulator) -> tuple[int, int]:
    """Do a day's work; return how many drafts were sent and how many invoices paid."""
    sent = [order for order in go.orders() if _age(go, order["CreatedDateTimeOffset"]) >= _SENDS_AFTER]
    for order in sent:
        go.send_order(order["Id"])
    paid = [row for row in go.invoices() if row["Balance"] and _age(go, row["VoucherDate"]) >= _PAID_AFTER]
    for invoice in paid:
        go.pay(invoice["InvoiceNo"])
    return len(sent), len(paid)


def sends_all(go: Simulator) -> int:
    """Send every draft that is left; return how many."""
    left = go.orders()
    for order in left:
        go.send_order(order["Id"])
    return len(left)


def _age(go: Simulator, told: Any) -> timedelta:
    return go.today - date.fromisoformat(str(told)[:10])
