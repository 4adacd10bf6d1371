"""The restaurant's VAT codes, accounts, products and departments."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Vat(NamedTuple):
    """A VAT code of the SAF-T list; the rate is a fraction."""

    code: str
    name: str
    rate: str


class Account(NamedTuple):
    """A ledger account and the VAT code which follows from selling on it."""

    number: int
    name: str
    vat: str
    kind: str
    locked: bool = False


class Product(NamedTuple):
    """A product; account None inherits the client's sales settings."""

    code: str
    name: str
    account: int | None
    price: Decimal | None = None
    archived: bool = False


class Employee(NamedTuple):
    """An employee; number and name."""

    number: int
    first_name: str
    last_name: str
    archived: bool = False


class Department(NamedTuple):
    """A department."""

    code: str
    name: str
    active: bool = True


VAT_CODES = (
    Vat("0", "Ingen mva-behandling (anskaffelser)", "0"),
    Vat("3", "Utgående mva høy sats", "0.25"),
    Vat("31", "Utgående mva middels sats", "0.15"),
    Vat("32", "Utgående mva råfisk", "0.1111"),
    Vat("33", "Utgående mva lav sats", "0.12"),
    Vat("5", "Innenlands omsetning og uttak fritatt for mva", "0"),
    Vat("51", "Innenlands omsetning med omvendt avgiftsplikt", "0"),
    Vat("52", "Utførsel av varer og tjenester", "0"),
    Vat("6", "Omsetning utenfor mva-loven", "0"),
    Vat("7", "Ingen mva-behandling (inntekter)", "0"),
)

ACCOUNTS = (
    Account(1500, "Kundefordringer", "0", "Asset", locked=True),
    Account(1580, "Kortterminal", "0", "Asset"),
    Account(1900, "Kontanter", "0", "Asset"),
    Account(1920, "Bankinnskudd", "0", "Asset", locked=True),
    Account(1990, "Faktura kasse", "0", "Asset", locked=True),
    Account(2700, "Utgående merverdiavgift, høy sats", "0", "Liability", locked=True),
    Account(2701, "Utgående merverdiavgift, middels sats", "0", "Liability", locked=True),
    Account(2702, "Utgående merverdiavgift, lav sats", "0", "Liability", locked=True),
    Account(2703, "Utgående merverdiavgift, råfisk", "0", "Liability", locked=True),
    Account(2901, "Gavekort", "0", "Liability", locked=True),
    Account(2981, "Tips til ansatte", "0", "Liability", locked=True),
    Account(3000, "Salgsinntekt servering, høy sats", "3", "Income", locked=True),
    Account(3001, "Salgsinntekt take-away, middels sats", "31", "Income", locked=True),
    Account(3002, "Salgsinntekt, lav sats", "33", "Income", locked=True),
    Account(3003, "Salgsinntekt, avgiftsfri", "5", "Income", locked=True),
    Account(3100, "Salgsinntekt utenfor avgiftsområdet", "6", "Income"),
    Account(3900, "Gebyrinntekt", "3", "Income", locked=True),
    Account(7745, "Øreavrunding", "0", "Expense"),
    Account(7746, "Kassedifferanse", "0", "Expense"),
    Account(8060, "Valutagevinst (agio)", "0", "Income"),
    Account(8160, "Valutatap (disagio)", "0", "Expense"),
    Account(9999, "Observasjonskonto", "0", "Asset"),
)

PRODUCTS = (
    Product("7", "Fakturagebyr", 3900, Decimal("39.00")),
    Product("30", "Servering i henhold til nota, 25 %", 3000),
    Product("31", "Servering i henhold til nota, 15 %", 3001),
    Product("32", "Servering i henhold til nota, 12 %", 3002),
    Product("33", "Servering i henhold til nota, 0 %", 3003),
    Product("34", "Tips", 2981),
    Product("35", "Øreavrunding", 7745),
    Product("36", "Gavekort", 2901),
    # For tills whose settlement reports the VAT: the order only moves the debt off the till.
    Product("50", "Servering 25 %, mva i kasseoppgjør", 1990),
    Product("51", "Servering 15 %, mva i kasseoppgjør", 1990),
    Product("52", "Servering 12 %, mva i kasseoppgjør", 1990),
    Product("53", "Servering 0 %, mva i kasseoppgjør", 1990),
    Product("57", "Fakturagebyr, kasseoppgjør", 3900),
    Product("98", "Utgått vare", 3000, archived=True),
    Product("99", "Vare uten egen salgskonto", None),
)

DEPARTMENTS = (Department("10", "Bar"), Department("20", "Restaurant"), Department("30", "Selskapslokale", False))

EMPLOYEES = (
    Employee(1, "Ingrid", "Sørbø"),
    Employee(2, "Ola", "Nilsen"),
    Employee(3, "Fatima", "Hussein"),
    Employee(4, "Per", "Ås", archived=True),
)

CURRENCY_GAINS, CURRENCY_LOSSES = 8060, 8160

STANDARD_SALES_ACCOUNT = 3000
"""The client's sales setting for products without an account of their own."""

OPTIONAL_SALES_ACCOUNT = 3003
"""The account of sales to customers who are VAT-free."""

RECEIVABLES = 1500
"""The account the customer ledger adds up to."""

BANK = 1920
"""Where payments of invoices arrive."""

ROUNDING = 7745
"""Where a change of an invoice's total goes that has no VAT of its own."""

INVOICE_FEE = 3900
"""The account of the fee Go adds by itself (U17)."""

DIFFERENCES = 9999
"""Where the difference of an unbalanced voucher goes, when it is accepted (U10)."""

NO_VAT = "0"
"""The code of what has no VAT."""

VAT_ACCOUNTS = {"3": 2700, "31": 2701, "33": 2702, "32": 2703}
"""The account of the VAT by code, for the codes that have any."""

UNREPORTED = frozenset({"0", "7"})
"""The codes that have no line in the VAT return; 5, 51, 52 and 6 are reported turnover without VAT."""
