"""A plausible restaurant in Go: its keys, and the data that stands there from the start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from . import chart, members
from .members import record
from .state import State

APPLICATION_KEY = "simulator-application-key"
CLIENT_KEY = "simulator-client-key"
SECOND_CLIENT_KEY = "simulator-client-key-2"
SUBSCRIPTION_KEY = "simulator-subscription-key"

CLIENTS = {CLIENT_KEY: "Brygga Bistro AS", SECOND_CLIENT_KEY: "Kaikanten Kafé AS"}
"""The Go clients by client key; each has data and Ids of its own."""

SINCE = "2026-01-05T08:00:00.000000+00:00"
"""When all that stands there from the start was made."""

_SETTINGS = {"lock date": "2020-12-31", "conversion date": "2020-01-01"}


class _Customer(NamedTuple):
    number: int
    name: str
    delivery: str
    organization: str | None = None
    archived: bool = False
    vat_free: bool = False
    allowance: Decimal | None = None
    fee: bool = False


def install(state: State, generated: int) -> None:
    """Put the restaurant and `generated` more customers into a state that is empty; leave another alone."""
    if state.rows("", "client"):
        return
    with state.change():
        for index, (client, name) in enumerate(CLIENTS.items(), 1):
            number = _organization(31_900_000 + index)
            state.put("", "client", client, {"Id": str(71400 + index), "Name": name, "OrganizationNumber": number})
            for setting, value in _SETTINGS.items():
                state.put("", "setting", f"{setting} {client}", {"value": value})
            # Ids differ per client, so that one client's Id must not be used at another (FACTS 6).
            _install(state, client, index * 1_000_000, generated)


def _install(state: State, client: str, base: int, generated: int) -> None:
    vat = {entry.code: base + 201_600 + at for at, entry in enumerate(chart.VAT_CODES)}
    accounts = {entry.number: base + 476_000 + at * 7 for at, entry in enumerate(chart.ACCOUNTS)}
    for kind, rows in (
        ("vat", _vat_codes(vat)),
        ("account", _accounts(accounts, vat)),
        ("product", _products(base + 16_100, accounts)),
        ("department", _departments(base + 520)),
        ("employee", _employees(base + 400_000)),
        ("customer", _customers(base + 300_000, generated)),
    ):
        for row in rows:
            state.put(client, kind, str(row["Id"]), row)


def _vat_codes(ids: dict[str, int]) -> Iterator[dict[str, object]]:
    for code, name, rate in chart.VAT_CODES:
        values = {"Id": ids[code], "Code": code, "Name": name, "Rate": Decimal(rate)}
        yield record(members.VAT_CODE, {**values, "IsActive": True, "IsCustom": False, "ValidFrom": "2000-01-01"})


def _accounts(ids: dict[int, int], vat: dict[str, int]) -> Iterator[dict[str, object]]:
    for number, name, code, kind, locked in chart.ACCOUNTS:
        values = {"Id": ids[number], "AccountNo": number, "Name": name, "GeneralLedgerAccountType": kind}
        values |= {"VatCode": code, "VatCodeId": vat[code], "IsVatCodeLocked": locked, "IsActive": True}
        values |= {"IsDepartmentRequired": False, "IsProjectRequired": False}
        yield record(members.ACCOUNT, {**values, "LastChangedDateTimeOffset": SINCE})


def _products(first: int, accounts: dict[int, int]) -> Iterator[dict[str, object]]:
    for at, (code, name, account, price, archived) in enumerate(chart.PRODUCTS):
        values: dict[str, object] = {"Id": first + at * 3, "Code": code, "Name": name, "UnitPrice": price}
        if account is not None:
            optional = chart.OPTIONAL_SALES_ACCOUNT
            values |= {"StandardSalesAccount": account, "StandardSalesAccountId": accounts[account]}
            values |= {"OptionalSalesAccount": optional, "OptionalSalesAccountId": accounts[optional]}
        values |= {"ProductType": "Service", "UnitOfMeasureCode": "EA", "IsStockItem": False}
        values |= {"IsArchived": archived, "CreatedDateTimeOffset": SINCE}
        yield record(members.PRODUCT, {**values, "LastChangedDateTimeOffset": SINCE})


def _departments(first: int) -> Iterator[dict[str, object]]:
    for at, (code, name, active) in enumerate(chart.DEPARTMENTS):
        values = {"Id": first + at, "Code": code, "Name": name, "IsActive": active}
        values |= {"CreatedDateTimeOffset": SINCE, "LastChangedDateTimeOffset": SINCE}
        yield record(members.DEPARTMENT, values)


def _employees(first: int) -> Iterator[dict[str, object]]:
    for at, (number, first_name, last_name, archived) in enumerate(chart.EMPLOYEES):
        values: dict[str, object] = {"Id": first + at, "Number": number, "IsArchived": archived}
        values |= {"FirstName": first_name, "LastName": last_name, "EmailAddress": f"ansatt{number}@example.no"}
        values |= {"SubledgerAccountId": first + 70_000_000 + at, "ContactGroupIds": []}
        values |= {"ContactCreatedDateTimeOffset": SINCE, "EmployeeCreatedDateTimeOffset": SINCE}
        yield record(members.EMPLOYEE, {**values, "LastChangedDateTimeOffset": SINCE})


def _customers(first: int, generated: int) -> Iterator[dict[str, object]]:
    for at, customer in enumerate((*_KNOWN, *_generated(generated))):
        number, name, delivery, organization, archived, vat_free, allowance, fee = customer
        person = organization is None
        email = f"faktura{number}@example.no"
        address = {"AddressLine1": f"Strandgaten {number % 200 + 1}", "AddressLine2": None, "ZipCode": "5013"}
        address |= {"City": "Bergen", "CountryCode": "NO", "ExternalCode": None}
        values: dict[str, object] = {"Id": first + at, "Number": number, "Name": name, "IsPerson": person}
        values |= {"OrganizationNumber": organization, "InvoiceDeliveryType": delivery}
        values |= {"EmailAddress": email, "InvoiceEmailAddress": email, "IsVatFree": vat_free}
        values |= {"IsArchived": archived, "IsActive": not archived, "Allowance": allowance}
        values |= {"MailAddress": {"Id": first + 50_000_000 + at, **address, "LastChangedDateTimeOffset": SINCE}}
        values |= {"PaymentTerm": 14, "CurrencyCode": "NOK", "UseInvoiceFee": fee, "ContactGroupIds": []}
        values |= {"SubledgerAccountId": first + 60_000_000 + at, "ContactCreatedDateTimeOffset": SINCE}
        values |= {"CustomerCreatedDateTimeOffset": SINCE, "LastChangedDateTimeOffset": SINCE}
        if person:
            *given, family = name.split()
            values |= {"FirstName": " ".join(given), "LastName": family}
        yield record(members.CUSTOMER, values)


def _generated(count: int) -> Iterable[_Customer]:
    for at in range(count):
        number = 20001 + at
        yield _Customer(number, f"Generert Kunde {number} AS", "PdfByEmail", _organization(31_200_000 + at))


def _organization(first_eight: int) -> str | None:
    """Return an organization number with its mod-11 digit; None for the one in eleven that has none."""
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    digit = -sum(int(d) * weight for d, weight in zip(str(first_eight), weights, strict=True)) % 11
    return f"{first_eight}{digit}" if digit < 10 else _organization(first_eight + 1_000_000)


# Organization numbers from 31… are those of synthetic test companies; no real firm has them.
_KNOWN = (
    _Customer(10001, "Fjellheim Entreprenør AS", "EHF", _organization(31_000_101)),
    _Customer(10002, "Bergen Havnelag AS", "PdfByEmail", _organization(31_000_202)),
    _Customer(10003, "Østlandet Revisjon AS", "PdfByEmail", _organization(31_000_303)),
    _Customer(10004, "Solvik kommune", "EHF", _organization(31_000_404)),
    _Customer(10005, "Åse Bjørnstad", "PdfByEmail"),
    _Customer(10006, "Gamle Bryggen AS", "PdfByEmail", _organization(31_000_606), archived=True),
    _Customer(10007, "Den Lille Ambassade", "PdfByEmail", _organization(31_000_707), vat_free=True),
    _Customer(10008, "Nordlys Kor og Orkester", "PdfByEmail", _organization(31_000_808)),
    _Customer(10009, "Café Ærlig AS", "Print", _organization(31_000_909), fee=True),
    # A customer discount, which must not reach a line that states its own Allowance (FACTS 4).
    _Customer(10010, 'O\'Brien & Sønner "Import" AS', "PdfByEmail", _organization(31_001_010), allowance=Decimal(10)),
)
