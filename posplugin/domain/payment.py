"""What passes between a till and its payment plugins: channels, requests, answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from textwrap import wrap

from posplugin.domain.customer import Customer
from posplugin.domain.errors import UsageError
from posplugin.domain.sale import Sale, Tender, require_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """One till. `language` ("nb" or "en") is the cashier's."""

    terminal_id: str
    department: str
    language: str = "nb"

    def __post_init__(self) -> None:
        require_id("the terminal id", self.terminal_id)
        require_id("the department", self.department)


@dataclass(frozen=True, slots=True, order=True)
class PaymentRef:
    """Names one payment, for ever: chosen by the host, unique, and what every payment hook speaks of."""

    terminal_id: str
    sale_id: str
    tender_id: str

    def __post_init__(self) -> None:
        require_id("the terminal id", self.terminal_id)
        require_id("the sale id", self.sale_id)
        require_id("the tender id", self.tender_id)

    def __str__(self) -> str:
        return f"{self.terminal_id}/{self.sale_id}/{self.tender_id}"


class Outcome(StrEnum):
    """What the host's journal knows of a payment."""

    #: The sale is final and contains the payment.
    FINAL = "final"
    #: The sale will never be final.
    ABANDONED = "abandoned"
    #: The host cannot tell (yet).
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Startup:
    """Given to every plugin once it is loaded."""

    terminal: Terminal
    #: (major, minor) of the contract that the host speaks.
    contract: tuple[int, int]
    #: Asks the host's journal about a payment; any thread may call it.
    outcome: Callable[[PaymentRef], Outcome]


class PaymentField(StrEnum):
    """Text that the cashier may enter with a payment."""

    NOTE = "note"
    YOUR_REFERENCE = "your_reference"
    ORDER_NUMBER = "order_number"
    PURPOSE = "purpose"
    PARTICIPANTS = "participants"


#: The most characters of a field that are taken; the rest of a longer one is refused, never cut.
LONGEST_FIELD = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentChannel:
    """A button for a way to pay."""

    channel_id: str
    #: Label per language: {"nb": "Faktura", "en": "Invoice"}.
    labels: Mapping[str, str]
    needs_customer: bool = False
    fields: tuple[PaymentField, ...] = ()

    def label(self, language: str) -> str:
        """Return the label in `language`, else in bokmål, else the id."""
        return self.labels.get(language) or self.labels.get("nb") or self.channel_id


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSearch:
    """What the cashier has typed so far."""

    text: str
    limit: int = 20
    #: The sale's department, which may have other customers; None: the terminal's own.
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMatch:
    """A customer to pick, with what the cashier should see beside the name."""

    customer: Customer
    #: The host's own customer ids that are linked to it.
    host_ids: tuple[str, ...] = ()
    #: What it may still be invoiced, øre, below zero when it owes more than its limit; None: it has no limit.
    credit_left: int | None = None
    #: Go on the invoice when the cashier enters neither.
    default_reference: str | None = None
    default_order_number: str | None = None

    @property
    def linked(self) -> bool:
        """Whether the host knows it by an id of its own: show it green."""
        return bool(self.host_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """One payment of one sale: given to authorize and again, unchanged, to capture.

    The customer is named by its PowerOffice number, or by the host's own id when that is linked.
    """

    ref: PaymentRef
    sale: Sale
    customer_number: int | None = None
    host_customer_id: str | None = None
    fields: Mapping[PaymentField, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.ref.terminal_id, self.ref.sale_id) != (self.sale.terminal_id, self.sale.sale_id):
            raise UsageError(f"payment {self.ref} speaks of another sale than {self.sale.sale_id}")
        self.sale.tender(self.ref.tender_id)

    @property
    def tender(self) -> Tender:
        """The tender that is to be authorized."""
        return self.sale.tender(self.ref.tender_id)

    def text(self, name: PaymentField) -> str | None:
        """Return what was entered in a field, stripped, or None."""
        return (self.fields.get(name) or "").strip() or None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentVoid:
    """The payment will not be part of a final sale; `why` is for the technician."""

    ref: PaymentRef
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What to print on the delivery receipt; the host adds its own head, number and time."""

    title: str
    #: Label and value, in print order.
    rows: tuple[tuple[str, str], ...]

    def text(self, width: int = 42) -> str:
        """Return the receipt as lines of at most `width` characters."""
        lines = [part.center(width).rstrip() for part in wrap(self.title, width)]
        for label, value in self.rows:
            room = width - len(label) - len(value)
            below = [*wrap(label, width), *(part.rjust(width) for part in wrap(value, width))]
            lines += [(label + " " * room + value).rstrip()] if room >= 1 else below
        return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """A promise, on disk: once captured, the payment will be invoiced, whatever happens to this machine."""

    ref: PaymentRef
    receipt: Receipt
    warnings: tuple[str, ...] = ()


class RefusalCode(StrEnum):
    """Why a payment was refused, for programs; the sentence beside it is for the cashier."""

    CUSTOMER_REQUIRED = "customer_required"
    CUSTOMER_UNKNOWN = "customer_unknown"
    CUSTOMER_ARCHIVED = "customer_archived"
    CUSTOMER_VAT_FREE = "customer_vat_free"
    CUSTOMER_NOT_LINKED = "customer_not_linked"
    REFERENCE_REQUIRED = "reference_required"
    VAT_DOCUMENT_NEEDED = "vat_document_needed"
    CREDIT_LIMIT = "credit_limit"
    FIELD_TOO_LONG = "field_too_long"
    TIP_NOT_ALLOWED = "tip_not_allowed"
    NOTHING_TO_INVOICE = "nothing_to_invoice"
    NEGATIVE_WITHOUT_ORIGINAL = "negative_without_original"
    RETURN_EXCEEDS_ORIGINAL = "return_exceeds_original"
    RETURN_OTHER_CUSTOMER = "return_other_customer"
    INVOICING_OFF = "invoicing_off"
    BEFORE_ENABLED_SINCE = "before_enabled_since"
    DEPARTMENT_UNKNOWN = "department_unknown"
    TRAINING_SALE = "training_sale"
    OTHER_TERMINAL = "other_terminal"
    FACTS_DIFFER = "facts_differ"
    PAYMENT_VOIDED = "payment_voided"
    UNKNOWN_CHANNEL = "unknown_channel"
    #: The plugin raised, hung or answered nonsense; the host must void.
    PLUGIN_FAILED = "plugin_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A business "no", or a plugin that failed; `text` is a sentence in the cashier's language."""

    ref: PaymentRef
    code: RefusalCode
    text: str


class Light(StrEnum):
    """How a channel is doing."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatus:
    """A lamp for the till, a sentence for the cashier, and notices for whoever looks after it."""

    channel_id: str
    light: Light
    text: str
    notices: tuple[str, ...] = ()
