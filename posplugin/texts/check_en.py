"""What `posplugin check` says, in English. PowerOffice GO's own menu words stay Norwegian, as the screen has them."""

from __future__ import annotations

from posplugin.domain.fault import Fault
from posplugin.domain.look import Look, Need
from posplugin.texts.check import CheckText, FaultText, LookText

_ACCOUNTANT = "Ask the accountant."
_SYNC = "Then run `posplugin customers sync`."


def _look(subject: str, right: str) -> LookText:
    return LookText(subject=subject, right=right)


def _fault(sentence: str, remedy: str) -> FaultText:
    return FaultText(sentence=sentence, remedy=remedy)


_LOOKS = {
    Look.SETTINGS: _look("settings", "{path}"),
    Look.SETTINGS_FILE: _look("settings file", "can be read by its owner alone"),
    Look.ENABLED_SINCE: _look("invoicing.enabled_since", "sales from {date} are invoiced"),
    Look.OUTBOX: _look("outbox", "{path}, schema {schema}"),
    Look.SQLITE: _look("SQLite", "{version}"),
    Look.INTEGRITY: _look("the outbox's file", "read from end to end, no damage"),
    Look.DISK: _look("the disk", "takes what is stored; {megabytes} MB are free"),
    Look.RECEIPT_PDF: _look("papers as PDF", "fpdf2 is installed"),
    Look.CONNECTION: _look("connection for {departments}", "{client} (client {id})"),
    Look.CLOCK: _look("clock", "agrees with PowerOffice's, within {seconds} s"),
    Look.PRIVILEGE: _look("privilege {privilege} for {departments}", "{need}"),
    Look.SENDING: _look("sending for {departments}", "the integration may send invoices"),
    Look.VAT_REGISTRATION: _look("VAT registration for {departments}", "the client is registered for VAT"),
    Look.LOCK_DATE: _look("locked period for {departments}", "locked up to {locked}; we need {first} and later"),
    Look.CONVERSION_DATE: _look(
        "conversion date for {departments}", "can be posted to from {conversion}; we need {first} and later"
    ),
    Look.DEPARTMENT: _look("department {setting}", "{code} {name}"),
    Look.EMPLOYEES: _look("employees for {departments}", "{count} in PowerOffice"),
    Look.PRODUCT: _look("product {setting}", "{code} {name} → account {account}, VAT code {vat_code}"),
    Look.LEDGER: _look("account {setting}", "{account} {name}, VAT code {vat_code}"),
    Look.CUSTOMERS: _look("customers for {departments}", "{count}, read {age} ago"),
    Look.LINKED_CUSTOMERS: _look("linked customers for {departments}", "{count}, all to customers who can be invoiced"),
    Look.VAT_FREE_CUSTOMERS: _look(
        "customers without VAT for {departments}", "{count}, whom the till refuses: {first}"
    ),
    Look.EHF_CUSTOMERS: _look(
        "customers with EHF for {departments}",
        "{count}, whom the till refuses while invoicing.allow_vat_in_text is false: {first}",
    ),
    Look.REFERENCE_CUSTOMERS: _look(
        "customers who must give a reference for {departments}",
        "{count}, at each sale “Your reference” or an order number: {first}",
    ),
    Look.PRICES: _look(
        "prices for {departments}",
        "invoicing.send_amount_excluding_vat = {value} is what PowerOffice expects, measured {measured}",
    ),
    Look.NO_LEDGER: _look(
        "settlement for {departments}", "not posted to PowerOffice: the settings have no ledger, [ledger]"
    ),
    Look.SETTLEMENTS_OFF: _look(
        "settlement for {departments}", "not posted to PowerOffice: switched off by settlement.enabled = false"
    ),
    Look.RECORDS: _look("what waits", "{count} that were held for the set-up go on"),
}

_FAULTS = {
    Fault.SETTINGS_UNREADABLE: _fault(
        "The settings cannot be read: {problems}", "Mend what is named, and run `posplugin check` again."
    ),
    Fault.SETTINGS_EXPOSED: _fault(
        "Others on this machine can read the keys in {path}.",
        "Run `chmod 600 {path}`. Where its mode cannot be changed, take the keys out of the file and give them in the "
        "environment (docs/settings.md). If somebody may have read them, change the keys in PowerOffice.",
    ),
    Fault.ENABLED_SINCE_MOVED: _fault(
        "invoicing.enabled_since was {was} when the first invoices were delivered, and is {now} now.",
        "Set it back to {was}; “–” means that it is left out.",
    ),
    Fault.OUTBOX_NOT_OPENED: _fault(
        "The outbox cannot be opened: {words}.",
        "See that outbox.path is on a local disk that is not full, and that the user can write there.",
    ),
    Fault.OUTBOX_TOO_NEW: _fault(
        "The outbox was written by a newer posplugin: {words}.",
        "Install the newer version again; nothing has been changed.",
    ),
    Fault.SQLITE_TOO_OLD: _fault(
        "SQLite is too old and can lose stored sales: {words}.",
        "Install apsw again: `pip install --upgrade apsw`. Then start the till again.",
    ),
    Fault.OUTBOX_DAMAGED: _fault(
        "The outbox is damaged: {words}.",
        "Stop the till, keep the file, and put the newest backup beside it. Look at the disk.",
    ),
    Fault.NO_PDF_LIBRARY: _fault(
        "A receipt or Z report is to be attached, but fpdf2, which makes the PDF, is not installed.",
        'Install it: `pip install "posplugin[pdf]"`, or set invoicing.attach_receipt and settlement.attach_z_report '
        "to false.",
    ),
    Fault.OUTBOX_HELD: _fault(
        "The outbox has to be brought up to date, and another program has it open: {words}.",
        "Stop the till, the service and the console, and start them again. Nothing has been changed.",
    ),
    Fault.OUTBOX_OF_ANOTHER: _fault(
        "The outbox is another's: {words}.",
        "Give each terminal a file of its own in outbox.path. If the terminal has a new name: "
        "`posplugin outbox take-over`.",
    ),
    Fault.OUTBOX_NOT_WRITTEN: _fault(
        "Nothing can be stored: {words}.",
        "Mend the disk. Until then guests must pay in another way; what has been stored is safe.",
    ),
    Fault.NOT_REACHED: _fault(
        "PowerOffice did not answer as it should: {words}.",
        "Look at the network, poweroffice.endpoint_mode and PowerOffice's own notices, and try again. The sales are "
        "stored.",
    ),
    Fault.KEYS_REFUSED: _fault(
        "PowerOffice does not accept the keys: {words}.",
        "Compare all three keys with Innstillinger > Utvidelser in PowerOffice; they must be of the same environment "
        "as poweroffice.endpoint_mode.",
    ),
    Fault.CLOCK_WRONG: _fault(
        "The clock here says {here}, and PowerOffice's {there}.",
        "Switch on time synchronization on the machine (Linux: `timedatectl set-ntp true`).",
    ),
    Fault.PRIVILEGE_MISSING: _fault(
        "The integration lacks the privilege; it is needed {need}.",
        "Ask PowerOffice (go-api@poweroffice.no) to give the application key {privilege}. It works from the next "
        "token, within 20 minutes.",
    ),
    Fault.PRIVILEGE_WITHOUT_SUBSCRIPTION: _fault(
        "The integration has the privilege, but the client's subscription does not cover it; it is needed {need}.",
        "Order the missing module in PowerOffice, or let the client's owner do so. The privilege works from the next "
        "token, within 20 minutes.",
    ),
    Fault.PRIVILEGE_REFUSED: _fault(
        "PowerOffice said no to {request}: {words}.",
        "Look at the extension under Innstillinger > Utvidelser in PowerOffice. If the privilege is new, it works "
        "from the next token, within 20 minutes; then run `posplugin check` again.",
    ),
    Fault.MAY_NOT_SEND: _fault(
        'The integration may not send invoices, and invoicing.delivery is "send".',
        "Allow sending for the extension under Innstillinger > Utvidelser in PowerOffice, or set invoicing.delivery "
        'to "draft" or "confirmed". A new privilege works from the next token, within 20 minutes.',
    ),
    Fault.NOT_VAT_REGISTERED: _fault(
        "The client is not registered for VAT in PowerOffice, so the invoices would be without VAT.",
        "Mend it under Innstillinger > Mva in PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.PERIOD_LOCKED: _fault(
        "The books are locked up to and with {locked}, and there are sales to post from {first}.",
        "Ask the accountant to move the lock date, or set invoicing.enabled_since after it if nothing has been "
        "delivered.",
    ),
    Fault.BEFORE_CONVERSION: _fault(
        "PowerOffice can be posted to from {conversion}, and there are sales to post from {first}.",
        "Set invoicing.enabled_since to {conversion} or later. " + _ACCOUNTANT,
    ),
    Fault.DEPARTMENT_MISSING: _fault(
        "Department {code} is not in PowerOffice.", "Create the department in PowerOffice, or correct {setting}."
    ),
    Fault.DEPARTMENT_INACTIVE: _fault(
        "Department {code} is not active in PowerOffice.",
        "Make the department active in PowerOffice, or correct {setting}.",
    ),
    Fault.NO_EMPLOYEES: _fault(
        "PowerOffice has no employees, and employee numbers are to be sent.",
        "Create the employees in PowerOffice with the till's numbers, or set invoicing.include_employee_number to "
        "false.",
    ),
    Fault.PRODUCT_NOT_SET: _fault(
        "No product code is set.", "Create the product under Produkter in PowerOffice, and set {setting} to its code."
    ),
    Fault.PRODUCT_MISSING: _fault(
        "Product {code} is not in PowerOffice.",
        "Look at the column Kode under Produkter in PowerOffice, and correct {setting}.",
    ),
    Fault.PRODUCT_TWICE: _fault(
        "Product code {code} is in PowerOffice {times} times.",
        "Give this code to one product only, under Produkter in PowerOffice.",
    ),
    Fault.PRODUCT_ARCHIVED: _fault(
        "Product {code} is archived in PowerOffice.",
        "Take it out of the archive under Produkter in PowerOffice, or set {setting} to another.",
    ),
    Fault.PRODUCT_WITHOUT_ACCOUNT: _fault(
        "Product {code} has no sales account of its own, so nobody knows which VAT it gets.",
        "Give the product a sales account (Salgskonto) under Produkter in PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.PRODUCT_ACCOUNT_MISSING: _fault(
        "Product {code} has sales account {account}, which is not in the chart of accounts.",
        "Give the product another sales account under Produkter in PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.PRODUCT_ACCOUNT_INACTIVE: _fault(
        "Product {code} has sales account {account}, which is not active.",
        "Make the account active in the chart of accounts in PowerOffice, or give the product another sales account.",
    ),
    Fault.PRODUCT_ACCOUNT_NEEDS_DEPARTMENT: _fault(
        "Sales account {account} of product {code} demands a department, and the department has no code in the "
        "settings.",
        "Set {department_setting}, or take the demand away in the chart of accounts in PowerOffice.",
    ),
    Fault.PRODUCT_ACCOUNT_NEEDS_PROJECT: _fault(
        "Sales account {account} of product {code} demands a project, and the till knows no projects.",
        "Take the demand away in the chart of accounts in PowerOffice, or give the product another sales account.",
    ),
    Fault.VAT_REPORTED_TWICE: _fault(
        "VAT would be reported twice: product {code} posts to account {account} with VAT code {vat_code}, and the "
        "day's settlement reports VAT already.",
        'Give the product an account with VAT code {wanted}, or set invoicing.vat_reported_by to "invoice". '
        + _ACCOUNTANT,
    ),
    Fault.VAT_NOT_REPORTED: _fault(
        "VAT would not be reported: product {code} posts to account {account} with VAT code {vat_code}.",
        'Give the product an account with VAT code {wanted}, or set invoicing.vat_reported_by to "settlement". '
        + _ACCOUNTANT,
    ),
    Fault.VAT_OF_ANOTHER_RATE: _fault(
        "Product {code} posts to account {account} with VAT code {vat_code}, which is not for sales at {rate} %.",
        "Give the product an account with VAT code {wanted} under Produkter in PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.VAT_ON_NO_TURNOVER: _fault(
        "Product {code} is no turnover, but posts to account {account} with VAT code {vat_code}.",
        "Give the product an account with VAT code {wanted} under Produkter in PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.PRODUCT_NOT_ON_CLEARING: _fault(
        "Product {code} posts to account {account}, and not to {clearing}, where the day's settlement posts what is "
        "invoiced.",
        "Give the product sales account {clearing} under Produkter in PowerOffice, or correct ledger.invoice_clearing.",
    ),
    Fault.FEE_WITHOUT_PRICE: _fault(
        "The fee's product {code} has no price in PowerOffice, and invoicing.invoice_fee_amount is not set.",
        "Give the product a price under Produkter in PowerOffice, or set invoicing.invoice_fee_amount.",
    ),
    Fault.ACCOUNT_MISSING: _fault(
        "Account {account} is not in the chart of accounts.",
        "Create the account in PowerOffice, or correct {setting}. " + _ACCOUNTANT,
    ),
    Fault.ACCOUNT_INACTIVE: _fault(
        "Account {account} is not active.",
        "Make the account active in the chart of accounts in PowerOffice, or correct {setting}.",
    ),
    Fault.ACCOUNT_NEEDS_DEPARTMENT: _fault(
        "Account {account} demands a department, and the department has no code in the settings.",
        "Set {department_setting}, or take the demand away in the chart of accounts in PowerOffice.",
    ),
    Fault.ACCOUNT_NEEDS_PROJECT: _fault(
        "Account {account} demands a project, and the till knows no projects.",
        "Take the demand away in the chart of accounts in PowerOffice, or correct {setting}.",
    ),
    Fault.ACCOUNT_LOCKED_TO_ANOTHER_CODE: _fault(
        "Account {account} is locked to VAT code {locked}, and the settings say {vat_code}.",
        "Correct vat_code in {setting}, or use another account. " + _ACCOUNTANT,
    ),
    Fault.ACCOUNT_LOCKED_TO_TURNOVER: _fault(
        "Account {account} is locked to VAT code {locked}, and what is posted here is no turnover.",
        "Use an account with VAT code {wanted} in {setting}. " + _ACCOUNTANT,
    ),
    Fault.VAT_CODE_MISSING: _fault(
        "VAT code {vat_code} is not in PowerOffice.", "Correct vat_code in {setting}. " + _ACCOUNTANT
    ),
    Fault.VAT_CODE_INACTIVE: _fault(
        "VAT code {vat_code} is not active in PowerOffice.",
        "Make the VAT code active in PowerOffice, or correct vat_code in {setting}. " + _ACCOUNTANT,
    ),
    Fault.VAT_CODE_OF_ANOTHER_RATE: _fault(
        "VAT code {vat_code} is {its_rate} %, and the line is for {rate} %.",
        "Correct vat or vat_code in {setting}. " + _ACCOUNTANT,
    ),
    Fault.VAT_CODE_NOT_FOR_SALES: _fault(
        "VAT code {vat_code} is not for sales at {rate} %.", "Use VAT code {wanted} in {setting}. " + _ACCOUNTANT
    ),
    Fault.CUSTOMERS_NEVER_READ: _fault(
        "No customers have been read with the present keys.",
        "Run `posplugin customers sync`; after a change of keys all must be read anew.",
    ),
    Fault.CUSTOMERS_TOO_OLD: _fault("The customers were read {age} ago.", "Run `posplugin customers sync`."),
    Fault.LINKED_CUSTOMER_GONE: _fault(
        "The till's customer {host_id} is linked to customer {number}, who is not in PowerOffice.",
        "Link it to another: `posplugin customers link --move`. If the customer is new in PowerOffice: "
        "`posplugin customers sync`.",
    ),
    Fault.LINKED_CUSTOMER_ARCHIVED: _fault(
        "The till's customer {host_id} is linked to customer {number} {name}, who is archived in PowerOffice.",
        "Take the customer out of the archive under Kunder in PowerOffice, or link to another: `posplugin customers "
        "link --move`. " + _SYNC,
    ),
    Fault.PRICES_WITHOUT_VAT: _fault(
        "PowerOffice takes prices without VAT, and invoicing.send_amount_excluding_vat is false: every invoice would "
        "be too large.",
        "Set invoicing.send_amount_excluding_vat to true.",
    ),
    Fault.PRICES_WITH_VAT: _fault(
        "PowerOffice takes prices with VAT, and invoicing.send_amount_excluding_vat is true: every invoice would be "
        "too small.",
        "Set invoicing.send_amount_excluding_vat to false.",
    ),
    Fault.TOTAL_NOT_UNDERSTOOD: _fault(
        "A draft with one line of NOK 100.00 at {rate} % became NOK {total}; expected 100.00 or {expected}.",
        "Look at product {code} and the VAT set-up in PowerOffice. " + _ACCOUNTANT,
    ),
    Fault.DRAFT_REFUSED: _fault(
        "PowerOffice did not take the trial draft to customer {number}: {words}.",
        "Mend what the answer points at. If the customer has been archived since: `posplugin customers sync`, and try "
        "again.",
    ),
    Fault.DRAFT_LEFT: _fault(
        "The trial draft could not be deleted, and stands in PowerOffice as order {order} on customer {number}: "
        "{words}.",
        "Delete the order in PowerOffice, or run `posplugin check` again, which deletes it.",
    ),
    Fault.DRAFT_UNCERTAIN: _fault(
        "Nobody knows whether a trial draft of {posted} stands in PowerOffice.",
        "Wait a minute and run `posplugin check` again; if it is there, it is deleted.",
    ),
    Fault.PRICES_NOT_MEASURED: _fault(
        "It has not been measured with these settings whether PowerOffice takes prices with or without VAT.",
        "Run `posplugin check` without --no-draft once.",
    ),
    Fault.NO_CUSTOMER_FOR_DRAFT: _fault(
        "No customer can be used to measure the prices: all are archived or without VAT.",
        "Create a customer under Kunder in PowerOffice. " + _SYNC,
    ),
    Fault.DRAFT_SENT: _fault(
        "A trial draft of `posplugin check` has been sent to customer {number} as invoice {invoice}.",
        "Credit the invoice in PowerOffice, and tell the customer.",
    ),
}

CHECK = CheckText(
    language="en",
    look=_LOOKS,
    fault=_FAULTS,
    either="or",
    need={
        Need.DRAFTS: "to make invoice drafts",
        Need.SENT_INVOICES: "to find invoices that have been sent",
        Need.CUSTOMERS: "to read customers",
        Need.PRODUCTS: "to read products",
        Need.ACCOUNTS: "to see which VAT code a product posts with",
        Need.COMMON_SETTINGS: "to read VAT set-up, VAT codes and the locked period",
        Need.DEPARTMENTS: "to read departments",
        Need.ATTACHMENTS: "to attach the receipt",
        Need.EMPLOYEES: "to find employees",
        Need.NEW_PRODUCTS: "to create products that are missing",
        Need.SETTLEMENTS: "to post settlements",
        Need.SETTLEMENT_DRAFTS: "to make settlements as drafts",
    },
    days="{days} days",
    hours="{hours} hours",
    less_than_an_hour="less than an hour",
    some_wrong="{wrong} of {count} things are not right; while they stand, nothing is sent automatically.",
    nothing_proven="Nothing could be proven, for or against the set-up. Automatic sending is as before.",
    all_right="Connection OK, set-up OK. Automatic sending may begin.",
)
