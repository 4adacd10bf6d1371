"""What stands in a SAF-T file, as it stands there: amounts in øre, codes local, signs and times untouched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Who wrote the file, of what period, in which currency."""

    currency: str
    software: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """The code tables that come before the registers; keys are local codes."""

    #: (basic type, local id) to predefined code, where one is given.
    predefined: Mapping[tuple[str, str], str] = field(default_factory=dict)
    #: (basic type, local id) to description.
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    #: Local VAT code to standard VAT code.
    vat_codes: Mapping[str, str] = field(default_factory=dict)
    #: Article id to description.
    articles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportVat:
    """A report's sales at one VAT rate. `debit` is vatAmntTp D."""

    percent: Decimal
    #: cashSaleAmnt, which is net in the tax authority's example.
    sold: int
    vat: int
    debit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of an X or Z report that can be held against its transactions; None and nothing: not given."""

    cash_sales: int | None = None
    #: Local payment id and amount, row by row.
    payments: tuple[tuple[str, int], ...] = ()
    vats: tuple[ReportVat, ...] = ()
    tips: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a register. `report_id` is the number of an X or Z report, with its figures."""

    register_id: str
    event_id: str
    kind: str
    at: datetime
    trans_id: str | None = None
    report_id: str | None = None
    report: Report | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vat:
    """VAT of a line, or of a transaction at one rate."""

    amount: int
    code: str | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """A discount or a raise: its local code and its øre."""

    kind: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a transaction; `debit` is amntTp D."""

    line_type: str
    amount: int
    debit: bool
    article_group: str | None = None
    article_id: str | None = None
    quantity: Decimal | None = None
    text: str | None = None
    vat: Vat | None = None
    raises: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What was paid in one way."""

    kind: str
    amount: int
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One cashtransaction. `nr` is unique within its register only; `at` is local time, naive as in the file."""

    register_id: str
    nr: str
    trans_id: str
    kind: str | None
    amount: int
    debit: bool
    at: datetime
    book_date: date | None = None
    employee: str | None = None
    customer: str | None = None
    ref_id: str | None = None
    text: str | None = None
    lines: tuple[Line, ...] = ()
    vats: tuple[Vat, ...] = ()
    discounts: tuple[Extra, ...] = ()
    raises: tuple[Extra, ...] = ()
    rounding: int = 0
    payments: tuple[Payment, ...] = ()
    void: bool = False
    training: bool = False

    def __str__(self) -> str:
        return f"Transaction {self.nr} of register {self.register_id}"
