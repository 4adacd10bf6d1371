"""What can be wrong with a set-up, by number. The sentence and the remedy for each stand in `posplugin.texts`."""

from __future__ import annotations

from enum import Enum, unique


@unique
class Fault(Enum):
    """A number that people look up in docs/check.md; never given to another fault."""

    # This machine
    SETTINGS_UNREADABLE = 101
    SETTINGS_EXPOSED = 102
    ENABLED_SINCE_MOVED = 103
    OUTBOX_NOT_OPENED = 104
    OUTBOX_TOO_NEW = 105
    SQLITE_TOO_OLD = 106
    OUTBOX_DAMAGED = 107
    NO_PDF_LIBRARY = 108
    OUTBOX_HELD = 109
    OUTBOX_OF_ANOTHER = 110
    OUTBOX_NOT_WRITTEN = 111
    # The way to PowerOffice
    NOT_REACHED = 201
    KEYS_REFUSED = 202
    CLOCK_WRONG = 203
    PRIVILEGE_MISSING = 204
    PRIVILEGE_WITHOUT_SUBSCRIPTION = 205
    PRIVILEGE_REFUSED = 206
    MAY_NOT_SEND = 207
    # PowerOffice's own settings
    NOT_VAT_REGISTERED = 301
    PERIOD_LOCKED = 302
    BEFORE_CONVERSION = 303
    # Departments and employees
    DEPARTMENT_MISSING = 401
    DEPARTMENT_INACTIVE = 402
    NO_EMPLOYEES = 403
    # Products
    PRODUCT_NOT_SET = 501
    PRODUCT_MISSING = 502
    PRODUCT_TWICE = 503
    PRODUCT_ARCHIVED = 504
    PRODUCT_WITHOUT_ACCOUNT = 505
    PRODUCT_ACCOUNT_MISSING = 506
    PRODUCT_ACCOUNT_INACTIVE = 507
    PRODUCT_ACCOUNT_NEEDS_DEPARTMENT = 508
    PRODUCT_ACCOUNT_NEEDS_PROJECT = 509
    VAT_REPORTED_TWICE = 510
    VAT_NOT_REPORTED = 511
    VAT_OF_ANOTHER_RATE = 512
    VAT_ON_NO_TURNOVER = 513
    PRODUCT_NOT_ON_CLEARING = 514
    FEE_WITHOUT_PRICE = 515
    # The ledger
    ACCOUNT_MISSING = 601
    ACCOUNT_INACTIVE = 602
    ACCOUNT_NEEDS_DEPARTMENT = 603
    ACCOUNT_NEEDS_PROJECT = 604
    ACCOUNT_LOCKED_TO_ANOTHER_CODE = 605
    ACCOUNT_LOCKED_TO_TURNOVER = 606
    VAT_CODE_MISSING = 607
    VAT_CODE_INACTIVE = 608
    VAT_CODE_OF_ANOTHER_RATE = 609
    VAT_CODE_NOT_FOR_SALES = 610
    # Customers
    CUSTOMERS_NEVER_READ = 701
    CUSTOMERS_TOO_OLD = 702
    LINKED_CUSTOMER_GONE = 703
    LINKED_CUSTOMER_ARCHIVED = 704
    # Prices, measured
    PRICES_WITHOUT_VAT = 801
    PRICES_WITH_VAT = 802
    TOTAL_NOT_UNDERSTOOD = 803
    DRAFT_REFUSED = 804
    DRAFT_LEFT = 805
    DRAFT_UNCERTAIN = 806
    PRICES_NOT_MEASURED = 807
    NO_CUSTOMER_FOR_DRAFT = 808
    DRAFT_SENT = 809


#: With these the books would be wrong although every draft is right: refused by hand as well.
WRONG_VAT = frozenset(
    {Fault.VAT_REPORTED_TWICE, Fault.VAT_NOT_REPORTED, Fault.VAT_OF_ANOTHER_RATE, Fault.VAT_ON_NO_TURNOVER}
)
#: What could not be asked proves nothing, for or against: an open gate stays open.
PROVES_NOTHING = frozenset({Fault.NOT_REACHED, Fault.DRAFT_UNCERTAIN})
