"""Why a record needs a person. The sentence and the remedy for each stand in `posplugin.texts`."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A value that technicians search by; never renamed."""

    CUSTOMER_UNKNOWN = "customer_unknown"
    CUSTOMER_ARCHIVED = "customer_archived"
    CUSTOMER_VAT_FREE = "customer_vat_free"
    PRODUCT_MISSING = "product_missing"
    PRODUCT_ARCHIVED = "product_archived"
    ACCOUNT_MISSING = "account_missing"
    DEPARTMENT_MISSING = "department_missing"
    EMPLOYEE_MISSING = "employee_missing"
    ROUNDING_PRODUCT_MISSING = "rounding_product_missing"
    VAT_REPORTED_TWICE = "vat_reported_twice"
    TOTALS_DIFFER = "totals_differ"
    UNBALANCED = "unbalanced"
    SETTLEMENT_MISMATCH = "settlement_mismatch"
    PERIOD_LOCKED = "period_locked"
    #: A settlement was left as a draft, and nobody knows whether it arrived.
    DRAFT_UNCERTAIN = "draft_uncertain"
    REFERENCE_IN_USE = "reference_in_use"
    REFERENCE_BLOCKED = "reference_blocked"
    WAITING_FOR_ORIGINAL = "waiting_for_original"
    #: PowerOffice said no in words that we keep beside it.
    REJECTED = "rejected"
    CREDENTIALS = "credentials"
    MISSING_PRIVILEGE = "missing_privilege"
    ATTEMPTS_EXHAUSTED = "attempts_exhausted"
    #: Authorized more than a business day ago, and the till never said what became of the sale.
    UNCONFIRMED_SALE = "unconfirmed_sale"
    CAPTURED_AFTER_VOID = "captured_after_void"
    #: The stored document is not what was written; it is never sent.
    CONTENT_DAMAGED = "content_damaged"
    SEND_FAILED = "send_failed"
    ATTACHMENT_FAILED = "attachment_failed"
    #: Delivered, and then deleted or reversed in the accounting system.
    GONE = "gone"
    #: Delivered, and then given another customer or total there.
    CHANGED = "changed"
    #: Delivered as a draft that nobody sends; the law wants an invoice within a month.
    UNSENT = "unsent"
    INTERNAL = "internal"


#: Mended in PowerOffice or in the settings; such records go on by themselves once `check` passes.
SET_UP_REASONS = frozenset(
    {
        Reason.CUSTOMER_UNKNOWN,
        Reason.CUSTOMER_ARCHIVED,
        Reason.CUSTOMER_VAT_FREE,
        Reason.PRODUCT_MISSING,
        Reason.PRODUCT_ARCHIVED,
        Reason.ACCOUNT_MISSING,
        Reason.DEPARTMENT_MISSING,
        Reason.EMPLOYEE_MISSING,
        Reason.ROUNDING_PRODUCT_MISSING,
        Reason.VAT_REPORTED_TWICE,
        Reason.CREDENTIALS,
        Reason.MISSING_PRIVILEGE,
        Reason.PERIOD_LOCKED,
    }
)
