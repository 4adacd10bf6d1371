"""What a transaction is to us: a sale to play, no sale, one to skip, or one that cannot be told and is refused.

Since SAF-T has no field for them, what the cashier enters with Faktura is read from the transaction's `desc`, one to
a line: "Deres ref: Kari Nordmann", "Bestillingsnr: 4711", "Notat: …", "Formål: …", "Deltakere: …", or in English
"Your reference", "Order number", "Note", "Purpose", "Participants". Other lines of it are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from posplugin.domain.errors import UsageError
from posplugin.domain.money import kroner_text
from posplugin.domain.payment import PaymentField
from posplugin.domain.sale import INVOICE, OriginalSale, Sale
from posplugin.saft import code_lists
from posplugin.saft.codes import Codes
from posplugin.saft.entries import Transaction
from posplugin.saft.errors import SaftError
from posplugin.saft.lines import sold_lines
from posplugin.saft.names import sale_id
from posplugin.saft.rules import CustomerNumbers
from posplugin.saft.tenders import Sums, payment_ids, tenders

_FIELDS: Final[Mapping[str, PaymentField]] = {
    "deres ref": PaymentField.YOUR_REFERENCE,
    "your reference": PaymentField.YOUR_REFERENCE,
    "bestillingsnr": PaymentField.ORDER_NUMBER,
    "order number": PaymentField.ORDER_NUMBER,
    "notat": PaymentField.NOTE,
    "note": PaymentField.NOTE,
    "formål": PaymentField.PURPOSE,
    "purpose": PaymentField.PURPOSE,
    "deltakere": PaymentField.PARTICIPANTS,
    "participants": PaymentField.PARTICIPANTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A sale, as the till would have rung it up."""

    sale: Sale
    #: VAT of each line in øre, as the till printed it.
    line_vat: tuple[int, ...]
    #: Local payment id of each tender; None of what is on account by the transaction's type alone.
    payment_ids: tuple[str | None, ...]
    customer_number: int | None = None
    host_customer_id: str | None = None
    fields: Mapping[PaymentField, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotASale:
    """Something else than a sale; `why` says what."""

    why: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A training sale, one of a void pair, or another terminal's; `why` is "training", "voided" or "other_terminal"."""

    why: str
    text: str
    #: Of a void pair, one stands before a Z and the other after it, so that neither day is what its Z was.
    is_across_z: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A sale that cannot be told from the file; the sentence names it, and says what is wrong with it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and when a transaction happened, and the sale whose goods it brings back."""

    terminal_id: str
    at: datetime
    department: str | None = None
    original: OriginalSale | None = None


def judge(transaction: Transaction, place: Place, codes: Codes) -> Played | NotASale | Refused:
    """Return what a transaction is by itself, trainings and voids aside. Never raises for what stands in the file."""
    try:
        code = codes.transaction(transaction.kind)
        if code == code_lists.RECEIVING_PAYMENT:
            return Refused(f"{transaction}: it is payment of an open invoice (11005); register it in the accounts")
        if code in code_lists.NO_SALES:
            return NotASale(code_lists.NO_SALES[code])
        return _played(transaction, code, place, codes)
    except (SaftError, UsageError) as error:
        return Refused(f"{transaction}: {error}")


def _played(transaction: Transaction, code: str, place: Place, codes: Codes) -> Played:
    may_return = code in code_lists.WITH_RETURNS
    is_marked = transaction.debit and transaction.amount > 0
    if is_marked and not may_return:
        raise SaftError(f"its total {kroner_text(transaction.amount)} is marked D, but its type {code} is no return")
    total = -transaction.amount if is_marked else transaction.amount
    if code == code_lists.RETURN_PAYMENT and total > 0:
        raise SaftError(f"it is a return, but its total {kroner_text(total)} is neither negative nor marked D")
    sold = sold_lines(transaction, total, codes, may_return=may_return)
    sums = Sums(
        code=code,
        total=total,
        rounding=-transaction.rounding if is_marked else transaction.rounding,
        tip=_tip(transaction, codes),
        negated=is_marked or code == code_lists.RETURN_PAYMENT,
    )
    parts = tenders(transaction, sums, codes)
    on_account = [part.amount for part in parts if part.channel == INVOICE]
    if any(amount < 0 for amount in on_account) and place.original is None:
        raise SaftError("it takes back what was invoiced, but names no original (refID), so no credit note can be made")
    employee = transaction.employee or ""
    sale = Sale(
        sale_id=sale_id(transaction.register_id, transaction.nr),
        terminal_id=place.terminal_id,
        at=place.at,
        lines=tuple(one.line for one in sold),
        tenders=parts,
        receipt=transaction.nr,
        department=place.department,
        cash_rounding=sums.rounding,
        # New goods that outweigh the old are a sale, whose paper names no original.
        original=place.original if total < 0 or any(amount < 0 for amount in on_account) else None,
        employee_number=int(employee) if employee.isdecimal() else None,
    )
    number, host_id = _customer(transaction, codes) if on_account else (None, None)
    return Played(
        sale=sale,
        line_vat=tuple(one.vat for one in sold),
        payment_ids=payment_ids(transaction, parts),
        customer_number=number,
        host_customer_id=host_id,
        fields=_fields(transaction.text),
    )


def _tip(transaction: Transaction, codes: Codes) -> int:
    raises = [*transaction.raises, *(extra for line in transaction.lines for extra in line.raises)]
    return sum(extra.amount for extra in raises if codes.is_tip(extra.kind))


def _customer(transaction: Transaction, codes: Codes) -> tuple[int | None, str | None]:
    customer = transaction.customer
    if customer is None or codes.rules.customer_numbers is CustomerNumbers.LINKED:
        return None, customer
    if not (customer.isascii() and customer.isdecimal()):
        raise SaftError(
            f"its customer {customer!r} is no PowerOffice number; correct it, or set customer_numbers in [saft] to "
            '"linked" and link it'
        )
    return int(customer), None


def _fields(text: str | None) -> Mapping[PaymentField, str]:
    found: dict[PaymentField, str] = {}
    for line in (text or "").splitlines():
        label, colon, value = line.partition(":")
        name = _FIELDS.get(label.strip().rstrip(".").casefold())
        if colon and name is not None and value.strip():
            found[name] = value.strip()
    return found
