"""A Go client's settings, as the API shows them."""

from __future__ import annotations

import uuid

from . import chart
from .office import Office
from .seed import SINCE
from .state import Record


def lock_dates(office: Office, client: str) -> Record:
    """Return the LockDateSettingsDto: nothing is posted on that day or earlier."""
    return {"LockDate": office.setting(f"lock date {client}", None)}


def financial(office: Office, client: str) -> Record:
    """Return the FinancialSettingsDto: nothing is posted before its ConversionDate."""
    gains, losses = (_account_id(office, client, number) for number in (chart.CURRENCY_GAINS, chart.CURRENCY_LOSSES))
    return {
        "ConversionDate": office.setting(f"conversion date {client}", None),
        "CurrencyCode": "NOK",
        "CurrencyGainsAccountId": gains,
        "CurrencyGainsAccountNo": chart.CURRENCY_GAINS,
        "CurrencyLossAccountId": losses,
        "CurrencyLossAccountNo": chart.CURRENCY_LOSSES,
        "FinancialYearEndMonth": "December",
        "LastChangedDateTimeOffset": SINCE,
        "UseTrustAccountManagement": False,
    }


def vat(office: Office, client: str) -> Record:
    """Return the VatSettingsDto."""
    return {
        "AlternativeVatPeriod": None,
        "AlternativeVatReturnFromYear": None,
        "AlternativeVatReturnType": None,
        "IsVatRegistered": office.is_vat_registered(client),
        "ReportAlternativeVatReturn": False,
        "ReportVatReturnManually": False,
        "RoundingAccountAgricultureDepartment": None,
        "RoundingAccountId": _account_id(office, client, chart.ROUNDING),
        "RoundingAccountNo": chart.ROUNDING,
        "UseVatCompensation": False,
        "VatAlternativeGrouping": None,
        "VatNumber": _organization(office, client),
        "VatPeriod": "BiMonthly",
        "VatReturnType": "GeneralIndustry",
    }


def organization(office: Office, client: str) -> Record:
    """Return the OrganizationSettingDto."""
    row = office.state.rows("", "client")[client]
    address = {"AddressLine1": "Bryggen 1", "AddressLine2": None}
    address |= {"ZipCode": "5003", "City": "Bergen", "CountryCode": "NO"}
    return {
        "DefaultAgricultureDepartment": None,
        "DeliveryAddress": None,
        "EmailAddress": "post@example.no",
        "Id": str(uuid.uuid5(uuid.NAMESPACE_OID, str(row["Id"]))),
        "InvoiceInboxEhf": True,
        "InvoiceInboxEmail": False,
        "InvoiceInboxEmailAddress": None,
        "IsAgricultureClient": False,
        "LastChangedDateTimeOffset": SINCE,
        "LegalName": row["Name"],
        "MailAddress": address,
        "MailAddressIsDeliveryAddress": True,
        "Name": row["Name"],
        "OrganizationNumber": _organization(office, client),
        "PhoneNumber": None,
        "WebsiteUrl": None,
    }


def _organization(office: Office, client: str) -> str | None:
    # A file from before clients had one.
    number = office.state.rows("", "client")[client].get("OrganizationNumber")
    return None if number is None else str(number)


def _account_id(office: Office, client: str, number: int) -> object:
    accounts = office.state.rows(client, "account").values()
    return next((row["Id"] for row in accounts if row["AccountNo"] == number), None)
