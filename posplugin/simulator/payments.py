"""Payments of invoices, as they arrive in the bank."""

from __future__ import annotations

import uuid
from decimal import Decimal

from . import books, chart
from .books import Posting, Voucher
from .office import Office
from .state import Record

_TITLE = "Bank voucher validation error(s)"


def pay(office: Office, client: str, invoice_no: int, amount: Decimal | None) -> Record:
    """Post a payment of an invoice (all that is left of it, unless an amount is given) and return the invoice.

    A credit note is paid out: its balance and the amount are negative.
    """
    state = office.state
    invoice = next(iter(state.matching(client, "invoice", "InvoiceNo", invoice_no).values()), None)
    if invoice is None:
        raise LookupError(f"There is no invoice {invoice_no}.")
    balance = Decimal(invoice["Balance"])
    paid = balance if amount is None else amount
    if not paid or paid * balance < 0 or abs(paid) > abs(balance):
        raise ValueError(f"Invoice {invoice_no} has {balance} left to pay, of which {paid} is no part.")
    now, today = office.clock.stamp(), office.clock.today().isoformat()
    books.refuse_locked(office, client, _TITLE, [today])
    customer = state.rows(client, "customer")[str(invoice["CustomerId"])]
    with state.change():
        match = books.match(office, client, str(invoice["Id"]))
        voucher = Voucher(
            str(uuid.uuid4()),
            "BankJournal",
            today,
            {"VoucherDescription": f"Innbetaling, faktura {invoice_no}"},
            {"MatchId": match},
        )
        books.post(
            office,
            client,
            voucher,
            [Posting(chart.BANK, paid, today), Posting(chart.RECEIVABLES, -paid, today, customer=customer)],
        )
        changed = {"Balance": balance - paid, "MatchId": match, "BalanceLastChangedDateTimeOffset": now}
        row = {**invoice, **changed, "LastChangedDateTimeOffset": now}
        state.put(client, "invoice", str(invoice["Id"]), row)
    return row
