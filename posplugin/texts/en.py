"""English. PowerOffice GO's own menu words stay Norwegian, as the screen has them."""

from __future__ import annotations

from posplugin.domain.payment import PaymentField, RefusalCode
from posplugin.domain.reasons import Reason
from posplugin.texts.model import ChannelText, InvoiceText, PaperText, ReasonText, ReceiptText, Texts, WarningText
from posplugin.texts.settlement_en import SETTLEMENT

_BY_ITSELF = "It goes on when `posplugin check` passes, or at once with `posplugin outbox retry <reference>`."
_AFTER_CHECK = "Then run `posplugin check`: once it passes, the rest is sent by itself."
_RETRY = "Then send again with `posplugin outbox retry <reference>`."

_REFUSALS = {
    RefusalCode.CUSTOMER_REQUIRED: "Choose a customer before you take payment by Invoice.",
    RefusalCode.CUSTOMER_UNKNOWN: "Customer {number} is not in PowerOffice. Search for the customer again, or take "
    "payment another way.",
    RefusalCode.CUSTOMER_ARCHIVED: "{customer} is archived in PowerOffice and cannot be invoiced. Choose another "
    "customer.",
    RefusalCode.CUSTOMER_VAT_FREE: "{customer} is set up without VAT in PowerOffice, and the sale has VAT. Choose "
    "another customer, or take payment another way.",
    RefusalCode.CUSTOMER_NOT_LINKED: "The customer is not linked to a customer in PowerOffice. Search for it under "
    "Invoice, or ask whoever looks after the till to link it.",
    RefusalCode.REFERENCE_REQUIRED: "{customer} must have “Your reference” or an order number on the invoice. "
    "Ask the guest and enter it.",
    RefusalCode.VAT_DOCUMENT_NEEDED: "{customer} gets EHF, which cannot be sent from this till. Choose another "
    "customer, or take payment another way.",
    RefusalCode.CREDIT_LIMIT: "{customer} has a credit limit of NOK {limit} and NOK {amount} open already; this is too "
    "much. Take payment another way, or ask whoever looks after the invoices to raise the limit.",
    RefusalCode.FIELD_TOO_LONG: "Too much text in “{field}”: there is room for {limit} characters. Write less.",
    RefusalCode.TIP_NOT_ALLOWED: "A tip cannot go on an invoice here. Take the tip by card or in cash.",
    RefusalCode.NOTHING_TO_INVOICE: "There is no amount to invoice. Check the amount on Invoice.",
    RefusalCode.NEGATIVE_WITHOUT_ORIGINAL: "A return on invoice must be made from the original receipt. Find that "
    "receipt and return from there.",
    RefusalCode.RETURN_EXCEEDS_ORIGINAL: "The return is more than is left on receipt {receipt} at {rate} % VAT: at "
    "most NOK {limit}. Correct the amount.",
    RefusalCode.RETURN_OTHER_CUSTOMER: "Receipt {receipt} was invoiced to another customer. Choose the customer who "
    "got the invoice.",
    RefusalCode.INVOICING_OFF: "Invoice is switched off on this till. Take payment another way.",
    RefusalCode.BEFORE_ENABLED_SINCE: "Invoice can be used for sales from {date}. Take payment another way.",
    RefusalCode.DEPARTMENT_UNKNOWN: "The department “{department}” is not set up for invoices. Take payment another "
    "way, and tell whoever looks after the till.",
    RefusalCode.TRAINING_SALE: "A training sale cannot be invoiced. Leave training mode first.",
    RefusalCode.OTHER_TERMINAL: "The sale belongs to another till. Take payment on the till where it was rung up.",
    RefusalCode.FACTS_DIFFER: "The sale was changed after Invoice was chosen. Remove the payment and choose Invoice "
    "again.",
    RefusalCode.PAYMENT_VOIDED: "This payment was undone. Choose Invoice again.",
    RefusalCode.UNKNOWN_CHANNEL: "This way to pay is not available now. Take payment another way.",
    RefusalCode.PLUGIN_FAILED: "Invoice does not work right now. Try once more, or take payment another way.",
}


def _reason(sentence: str, remedy: str) -> ReasonText:
    return ReasonText(sentence=sentence, remedy=remedy)


_REASONS = {
    Reason.CUSTOMER_UNKNOWN: _reason(
        "The customer is not in PowerOffice.",
        f"Create the customer with the same number under Kunder, or choose another with `posplugin outbox amend "
        f"<reference>`. {_BY_ITSELF}",
    ),
    Reason.CUSTOMER_ARCHIVED: _reason(
        "The customer is archived in PowerOffice.", f"Bring the customer back under Kunder in PowerOffice. {_BY_ITSELF}"
    ),
    Reason.CUSTOMER_VAT_FREE: _reason(
        "The customer is set up without VAT in PowerOffice, but the sale has VAT.",
        f"Correct the customer under Kunder, or choose another with `posplugin outbox amend <reference>`. {_BY_ITSELF}",
    ),
    Reason.PRODUCT_MISSING: _reason(
        "A product that the invoice needs is not in PowerOffice, or not in the settings.",
        f"Create the product under Produkter, or correct its code in products in the settings. {_AFTER_CHECK}",
    ),
    Reason.PRODUCT_ARCHIVED: _reason(
        "A product that the invoice needs is archived in PowerOffice.",
        f"Bring the product back under Produkter, or use another code in the settings. {_AFTER_CHECK}",
    ),
    Reason.ACCOUNT_MISSING: _reason(
        "An account is not in the settings, or not in PowerOffice.",
        f"See Innstillinger > Kontoplan in PowerOffice, and correct or add the account in ledger in the settings. "
        f"{_AFTER_CHECK}",
    ),
    Reason.DEPARTMENT_MISSING: _reason(
        "The department is not in PowerOffice.",
        f"Create the department in PowerOffice, or correct department_code in the settings. {_AFTER_CHECK}",
    ),
    Reason.EMPLOYEE_MISSING: _reason(
        "The employee is not in PowerOffice, or is archived there.",
        f"Create the employee with the same number in PowerOffice, or bring it back. {_BY_ITSELF}",
    ),
    Reason.ROUNDING_PRODUCT_MISSING: _reason(
        "The invoice needs a product for rounding, and there is none.",
        f"Create a product with VAT code 0 under Produkter, and put its code in products.rounding. {_AFTER_CHECK}",
    ),
    Reason.VAT_REPORTED_TWICE: _reason(
        "Set up like this, VAT would be reported twice, or not at all.",
        "Correct the product's sales account and VAT code under Produkter and Innstillinger > Kontoplan, or "
        f"vat_reported_by in the settings. {_AFTER_CHECK}",
    ),
    Reason.TOTALS_DIFFER: _reason(
        "The document in PowerOffice has another total than the till's.",
        "Compare them. Delete the draft in PowerOffice, or reverse the voucher there, and send again with `posplugin "
        "outbox retry <reference>`; or correct it there and close with `posplugin outbox discard <reference>`.",
    ),
    Reason.UNBALANCED: _reason(
        "The settlement does not add up to zero.",
        "See the difference and its likely cause in `posplugin settlement preview`. A Z report never changes: correct "
        "what is wrong in the till's reporting, post the settlement by hand in PowerOffice, and close with `posplugin "
        "outbox discard <reference>`.",
    ),
    Reason.SETTLEMENT_MISMATCH: _reason(
        "The Z report and our invoices do not agree on which sales were invoiced.",
        "See which in `posplugin settlement preview`. Capture what is missing here once more from the till; then the "
        "settlement goes on by itself at the next run. If the till's Z report is wrong, accept it with "
        '`posplugin settlement accept <reference> --how "…"`.',
    ),
    Reason.PERIOD_LOCKED: _reason(
        "The period is locked in PowerOffice.",
        "Ask the accountant to open the period. At a settlement the next run looks again by itself; anything else goes "
        "on when `posplugin check` passes, or at once with `posplugin outbox retry <reference>`. Settlements can be "
        'posted on the first open day instead: set settlement.period_locked to "first_open_day".',
    ),
    Reason.DRAFT_UNCERTAIN: _reason(
        "The settlement was left as a draft in PowerOffice, and nobody knows whether the draft arrived.",
        "Look for the reference under Bilagsføring (kladd) in PowerOffice. If it is there, close with `posplugin "
        "outbox discard <reference>`; if it is not, send again with `posplugin outbox retry <reference>`.",
    ),
    Reason.REFERENCE_IN_USE: _reason(
        "Something else in PowerOffice has this reference: an order on another customer, or another voucher.",
        "Find it in PowerOffice. If it is right, close with `posplugin outbox discard <reference>`; if it is wrong, "
        "delete or reverse it there and send again with `posplugin outbox retry <reference>`.",
    ),
    Reason.REFERENCE_BLOCKED: _reason(
        "PowerOffice says that the reference is used, yet the document is not there; it may have been deleted.",
        "Look for the document in PowerOffice. If it is not there, send with a new reference: `posplugin outbox retry "
        "<reference>`.",
    ),
    Reason.WAITING_FOR_ORIGINAL: _reason(
        "The credit note waits for its invoice.",
        "Get the invoice sent first; the credit note follows by itself. If it never will be, close the credit note "
        "with `posplugin outbox discard <reference>`.",
    ),
    Reason.REJECTED: _reason(
        "PowerOffice did not accept the document.",
        f"Correct what the answer points at. {_RETRY}",
    ),
    Reason.CREDENTIALS: _reason(
        "PowerOffice does not accept the keys.",
        "Compare the keys with Innstillinger > Utvidelser in PowerOffice, and see endpoint_mode in the settings. "
        f"{_AFTER_CHECK}",
    ),
    Reason.MISSING_PRIVILEGE: _reason(
        "The integration lacks a privilege in PowerOffice.",
        f"Grant it under Innstillinger > Utvidelser, or ask PowerOffice for it. {_AFTER_CHECK}",
    ),
    Reason.ATTEMPTS_EXHAUSTED: _reason(
        "The document was tried many times without success.",
        f"See the attempts with `posplugin outbox show <reference>`, and mend the cause. {_RETRY}",
    ),
    Reason.UNCONFIRMED_SALE: _reason(
        "The till has not said whether the sale became final.",
        "Find the receipt in the till. If the sale is final, run `posplugin outbox retry <reference>`; otherwise "
        "`posplugin outbox discard <reference>`.",
    ),
    Reason.CAPTURED_AFTER_VOID: _reason(
        "The till undid the payment, and later said that it is final.",
        "Find the receipt in the till. If it is to be invoiced, run `posplugin outbox retry <reference>`; otherwise "
        "`posplugin outbox discard <reference>`.",
    ),
    Reason.CONTENT_DAMAGED: _reason(
        "The stored document is not what was written, and is never sent.",
        "Find the receipt or the Z report in the till, make the document by hand in PowerOffice, and close with "
        "`posplugin outbox discard <reference>`. Check the disk.",
    ),
    Reason.SEND_FAILED: _reason(
        "The invoice is a draft in PowerOffice, but could not be sent to the customer.",
        f"Correct the address or the way of delivery under Kunder. {_RETRY} Sent by hand in PowerOffice, this settles "
        "itself.",
    ),
    Reason.ATTACHMENT_FAILED: _reason(
        "The document stands in PowerOffice, but its PDF could not be attached.",
        "Try again with `posplugin outbox retry <reference>`. To leave it without, or when the PDF has been attached "
        "by hand, close with `posplugin outbox discard <reference>`: the attachment alone is dropped.",
    ),
    Reason.GONE: _reason(
        "The document was delivered, and has since been deleted, merged with another or reversed in PowerOffice.",
        "If it belongs there after all, make it again with `posplugin outbox retry <reference>`; otherwise close with "
        "`posplugin outbox discard <reference>`.",
    ),
    Reason.CHANGED: _reason(
        "The document has got another customer or other amounts in PowerOffice since it was delivered.",
        "If the change is right, close with `posplugin outbox discard <reference>`. If not, delete, credit or reverse "
        "the document in PowerOffice, and make it again with `posplugin outbox retry <reference>`.",
    ),
    Reason.UNSENT: _reason(
        "The invoice is still a draft in PowerOffice, and must be sent within a month of the sale.",
        "Send it from PowerOffice, or delete the draft there. The till sees it the same night, or at once with "
        "`posplugin outbox sync`.",
    ),
    Reason.INTERNAL: _reason(
        "The program failed.",
        f"Keep the log and `posplugin outbox show <reference>`, and tell the supplier. {_RETRY}",
    ),
}

TEXTS = Texts(
    language="en",
    channel_label="Invoice",
    field={
        PaymentField.NOTE: "Note",
        PaymentField.YOUR_REFERENCE: "Your reference",
        PaymentField.ORDER_NUMBER: "Order number",
        PaymentField.PURPOSE: "Purpose",
        PaymentField.PARTICIPANTS: "Participants",
    },
    refusal=_REFUSALS,
    reason=_REASONS,
    settlement=SETTLEMENT,
    status={
        "authorized": "Promised, waiting for the till",
        "pending": "Waiting to be sent",
        "sending": "Being sent",
        "uncertain": "Not known whether it arrived",
        "delivered": "Delivered to PowerOffice",
        "needs_attention": "Needs a person",
        "cancelled": "Undone at the till",
        "discarded": "Closed",
        "reversed": "Reversed",
    },
    stage={
        "draft": "draft",
        "confirmed": "confirmed",
        "sending": "being sent",
        "sent": "sent",
        "posted": "posted",
        "send_failed": "not sent",
        "paid": "paid",
        "gone": "gone",
        "changed": "changed",
    },
    invoice_number="invoice {number}",
    receipt=ReceiptText(
        title="Delivery receipt – to be invoiced",
        credit_title="Credit note follows",
        not_a_sales_receipt="This is not a sales receipt",
        receipt="Receipt",
        customer="Customer",
        to_invoice="Amount to be invoiced",
        to_credit="Amount to be credited",
        vat="Of which VAT {rate} %",
        fee="Of which invoice fee",
        fee_vat="VAT in the invoice fee",
        tip="Of which tip",
        paid_otherwise="Paid in other ways",
    ),
    paper=PaperText(
        date="Date",
        till="Till",
        original="Original receipt",
        item="Item",
        quantity="Quantity",
        vat="VAT",
        amount="Amount",
        share="Share",
        goods="Goods",
        vat_table="VAT in the goods",
        rate="Rate",
        basis="Basis",
        with_vat="With VAT",
        page="Page {page} of {pages}",
    ),
    channel=ChannelText(
        ok="Everything is delivered to PowerOffice.",
        waiting="{count} waiting to be sent. Next run: {when}.",
        by_hand="when somebody sends by hand",
        attention="Waiting for whoever looks after the till: {count}.",
        customers_too_old="The customer list is {days} days old; new customers are missing.",
        customers_never_fetched="The customer list was never fetched. Run `posplugin customers sync`.",
        never_checked="The set-up was never checked, so nothing is sent yet. Run `posplugin check`.",
        settings_unreadable="The settings in {path} cannot be read, so nothing is sent. The sales are stored and will "
        "not be lost. Run `posplugin check`.",
        sending_stopped="The sales are stored and will not be lost, but sending has stopped: {reason}",
        taken_back="Settlements taken back and not posted anew: {names}. To post one anew, run `posplugin outbox retry "
        "{code}`; where it was settled in another way, run `posplugin outbox discard {code}`.",
        off_and_waiting="Settlements are switched off, so that these are not posted anew: {names}. Switch them on in "
        "the settings (settlement.enabled); where one was settled otherwise, run `posplugin outbox discard {code}`.",
        overdue="The oldest that waits is of {date} and should have been sent. Run `posplugin send`.",
        unsent="Drafts in PowerOffice older than {days} days: {count}. Ask the accountant to send them.",
        drafts="Settlements left as drafts in PowerOffice for more than {days} days: {count}. Ask the accountant to "
        "verify and post them.",
        z_refused="{z} was not taken: there is a Z report of that number already, with other totals. This one is not "
        "posted. Ask the till's supplier to give it a new number, or post the day by hand in PowerOffice.",
        unfinished="Delivered, but not sent or without the receipt yet: {count}. See `posplugin outbox list`.",
        not_stored="Nothing can be stored, so guests must pay in another way: {words}. Run `posplugin check`.",
        little_room="The disk is nearly full: {words}.",
        unfollowed="What has been sent and paid has not been asked for since {date}. Run `posplugin outbox sync`.",
    ),
    warning=WarningText(
        customers_too_old="The customer list is {days} days old. Check that the customer is right.",
        fee_added="An invoice fee of NOK {amount} comes on top.",
        credit_limit="{customer} has a credit limit of NOK {limit}, and NOK {amount} is open now.",
    ),
    invoice=InvoiceText(
        serving="Serving as per receipt {receipt}, {rate} %",
        service_charge="Service charge as per receipt {receipt}, {rate} %",
        deposit="Deposit",
        gift_card="Gift card",
        several="{quantity} x {item}",
        share="Part of {item}",
        tip="Tip",
        fee="Invoice fee",
        rounding="Rounding",
        receipt="Receipt {receipt}, {date}",
        returned="Return of receipt {receipt}, {date}",
        vat_basis="Basis {rate} % VAT: {base}, VAT: {vat}",
        paid_otherwise="Paid in other ways: {amount}",
        your_reference="Your reference: {reference}",
        order_number="Order number: {number}",
        purpose="Purpose: {purpose}",
        participants="Participants: {participants}",
    ),
)
