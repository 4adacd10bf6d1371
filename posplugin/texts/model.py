"""What every language must have words for. Texts with {names} are for `str.format`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from posplugin.domain.payment import PaymentField, RefusalCode
from posplugin.domain.reasons import Reason
from posplugin.texts.settlement import SettlementText

if TYPE_CHECKING:
    from posplugin.texts.check import CheckText
    from posplugin.texts.console import ConsoleText


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonText:
    """Why a record needs a person, and what that person does about it; neither has anything to fill in."""

    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptText:
    """Words on the delivery receipt."""

    title: str
    #: The title when goods come back.
    credit_title: str
    #: Kassasystemforskriften wants it told from a sales receipt.
    not_a_sales_receipt: str
    receipt: str
    customer: str
    to_invoice: str
    to_credit: str
    #: {rate}
    vat: str
    fee: str
    fee_vat: str
    tip: str
    paid_otherwise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperText:
    """Further words on the receipt as a PDF."""

    date: str
    till: str
    #: The receipt of which goods come back.
    original: str
    item: str
    quantity: str
    vat: str
    amount: str
    #: The column of what is on the invoice, where others pay a part.
    share: str
    goods: str
    #: Over the table of rates.
    vat_table: str
    rate: str
    basis: str
    with_vat: str
    #: {page} {pages}
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelText:
    """How invoicing is doing, for the till."""

    ok: str
    #: {count} {when}
    waiting: str
    #: When, where nothing is sent by itself.
    by_hand: str
    #: {count}
    attention: str
    #: {days}
    customers_too_old: str
    customers_never_fetched: str
    never_checked: str
    #: {path}
    settings_unreadable: str
    #: {reason}
    sending_stopped: str
    #: Settlements that were reversed and not posted anew, newest first, and the code of the newest: {names} {code}
    taken_back: str
    #: Settlements to be posted anew while that is switched off, as above: {names} {code}
    off_and_waiting: str
    #: {date}
    overdue: str
    #: {count} {days}
    unsent: str
    #: Settlements: {count} {days}
    drafts: str
    #: Of a Z report that is not the one kept under its number: {z}
    z_refused: str
    #: {count}
    unfinished: str
    #: {date}
    unfollowed: str
    #: Nothing can be stored: {words}
    not_stored: str
    #: {words}
    little_room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningText:
    """What the cashier should know although the payment goes through."""

    #: {days}
    customers_too_old: str
    #: {amount}
    fee_added: str
    #: {customer} {limit} {amount}
    credit_limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceText:
    """Lines of the invoice that the customer reads."""

    #: {receipt} {rate}
    serving: str
    #: {receipt} {rate}
    service_charge: str
    deposit: str
    gift_card: str
    #: Several of an item: {quantity} {item}
    several: str
    #: An item of which others pay a part: {item}
    share: str
    tip: str
    fee: str
    rounding: str
    #: {receipt} {date}
    receipt: str
    #: {receipt} {date}
    returned: str
    #: {rate} {base} {vat}
    vat_basis: str
    #: {amount}
    paid_otherwise: str
    #: {reference}
    your_reference: str
    #: {number}
    order_number: str
    #: {purpose}
    purpose: str
    #: {participants}
    participants: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Everything that is said in one language."""

    #: "nb" or "en".
    language: str
    #: The payment channel's label on the till.
    channel_label: str
    #: Labels of what the cashier may enter with a payment.
    field: Mapping[PaymentField, str]
    #: For the cashier: {customer} {number} {receipt} {rate} {amount} {limit} {field} {date} {department}.
    refusal: Mapping[RefusalCode, str]
    #: For the technician.
    reason: Mapping[Reason, ReasonText]
    #: A record's status, by its value.
    status: Mapping[str, str]
    #: Where a delivered record stands in PowerOffice, by its value.
    stage: Mapping[str, str]
    #: {number}
    invoice_number: str
    receipt: ReceiptText
    paper: PaperText
    channel: ChannelText
    warning: WarningText
    invoice: InvoiceText
    settlement: SettlementText

    @property
    def check(self) -> CheckText:
        """What `check` says; imported when it is first asked for, since a till never asks."""
        said: CheckText = import_module(f"posplugin.texts.check_{self.language}").CHECK
        return said

    @property
    def console(self) -> ConsoleText:
        """What the console says; imported when it is first asked for: a fourth of what a till would import."""
        said: ConsoleText = import_module(f"posplugin.texts.console_{self.language}").CONSOLE
        return said
