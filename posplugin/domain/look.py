"""What `check` looks at. What is said of each stands in `posplugin.texts`."""

from __future__ import annotations

from enum import StrEnum


class Look(StrEnum):
    """One thing that is looked at; a program may search by it."""

    SETTINGS = "settings"
    SETTINGS_FILE = "settings_file"
    ENABLED_SINCE = "enabled_since"
    OUTBOX = "outbox"
    SQLITE = "sqlite"
    INTEGRITY = "integrity"
    DISK = "disk"
    RECEIPT_PDF = "receipt_pdf"
    CONNECTION = "connection"
    CLOCK = "clock"
    PRIVILEGE = "privilege"
    SENDING = "sending"
    VAT_REGISTRATION = "vat_registration"
    LOCK_DATE = "lock_date"
    CONVERSION_DATE = "conversion_date"
    DEPARTMENT = "department"
    EMPLOYEES = "employees"
    PRODUCT = "product"
    LEDGER = "ledger"
    CUSTOMERS = "customers"
    LINKED_CUSTOMERS = "linked_customers"
    #: Customers whom the till will refuse: told, and no fault.
    VAT_FREE_CUSTOMERS = "vat_free_customers"
    EHF_CUSTOMERS = "ehf_customers"
    REFERENCE_CUSTOMERS = "reference_customers"
    PRICES = "prices"
    #: What is left to be posted by hand: told, and no fault.
    NO_LEDGER = "no_ledger"
    SETTLEMENTS_OFF = "settlements_off"
    #: What was held for the set-up, and goes on.
    RECORDS = "records"


class OneOf(tuple[str, ...]):
    """What would do, each as well as the others: told as "5, 6 or 52"."""

    __slots__ = ()


class Need(StrEnum):
    """What a privilege is for."""

    DRAFTS = "drafts"
    SENT_INVOICES = "sent_invoices"
    CUSTOMERS = "customers"
    PRODUCTS = "products"
    ACCOUNTS = "accounts"
    COMMON_SETTINGS = "common_settings"
    DEPARTMENTS = "departments"
    ATTACHMENTS = "attachments"
    EMPLOYEES = "employees"
    NEW_PRODUCTS = "new_products"
    SETTLEMENTS = "settlements"
    SETTLEMENT_DRAFTS = "settlement_drafts"
