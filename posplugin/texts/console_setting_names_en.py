"""What each setting is called in English, in the words of the tills' manuals."""

from __future__ import annotations

from posplugin.texts.console_settings import SettingText

_named = SettingText
_DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}

SETTING_NAMES = {
    # -- PowerOffice GO
    "departments.NAME.client_key": _named(
        "Client key",
        "From PowerOffice GO: Innstillinger > Utvidelser (settings, extensions). PowerOffice shows it only once.",
        "Client key",
    ),
    "poweroffice.application_key": _named(
        "Application key", "The till system's key, from PowerOffice.", "Application key"
    ),
    "poweroffice.subscription_key": _named(
        "Subscription key", "From PowerOffice's portal for developers.", "Subscription key"
    ),
    "poweroffice.endpoint_mode": _named(
        "End point mode",
        "“Test” is PowerOffice's demo. Keys of one mode are worthless in another.",
        "End point mode",
    ),
    "poweroffice.simulator_url": _named("Simulator's address", "Only with “Simulator”, and on this machine only."),
    "poweroffice.settle_time": _named(
        "Wait after a lost answer", "For so long, what was sent may be out of sight in PowerOffice."
    ),
    "poweroffice.customers_max_age": _named("Oldest customer register", "When it is older, the till warns."),
    "poweroffice.terminals": _named(
        "Terminals that share the subscription key",
        "Together they may ask PowerOffice ten times a second. The same number in all of them.",
    ),
    # -- invoicing
    "invoicing.enabled": _named("The till takes Faktura", None, "Invoice"),
    "invoicing.enabled_since": _named(
        "Enabled since",
        "Sales of earlier business dates are refused. May lie in the past. Frozen once something has been delivered.",
        "Enabled since",
    ),
    "invoicing.send_amount_excluding_vat": _named(
        "Send amount excluding VAT",
        "Depends on the invoice settings in PowerOffice. “Check the whole set-up” measures it.",
        "Send amount excluding VAT",
    ),
    "invoicing.vat_reported_by": _named(
        "VAT is reported by",
        "VAT must be reported only once. Agree on it with the accountant.",
    ),
    "invoicing.delivery": _named("How far an invoice goes by itself"),
    "invoicing.lines": _named("Invoice lines"),
    "invoicing.tips_on_invoice": _named("A tip may be given on Faktura"),
    "invoicing.require_reference": _named("Require a reference or order number", "EHF demands it."),
    "invoicing.credit_limit": _named("Beyond the credit limit"),
    "invoicing.default_credit_limit": _named(
        "Credit limit, kroner", "Of customers that have none of their own. Empty: no limit."
    ),
    "invoicing.attach_receipt": _named("Attach the delivery receipt as PDF", "Needs posplugin[pdf] to be installed."),
    "invoicing.include_employee_number": _named(
        "Include employee number", "The till's employee number as sales person. An unknown one holds the invoice."
    ),
    "invoicing.create_missing_products": _named("Make products that are missing", "Needs one line for each item."),
    "invoicing.product_prefix": _named("The articles' product codes begin with", "Only with one line for each item."),
    "invoicing.allow_vat_in_text": _named(
        "EHF customers may have VAT in text lines", "Only where the settlement reports VAT."
    ),
    # -- products and fee
    "departments.NAME.products.vat_0": _named(
        "Invoice sale productid 0\u00a0% VAT", None, "Invoice sale productid 0\u00a0% VAT"
    ),
    "departments.NAME.products.vat_12": _named(
        "Invoice sale productid 12\u00a0% VAT", None, "Invoice sale productid 12\u00a0% VAT"
    ),
    "departments.NAME.products.vat_15": _named(
        "Invoice sale productid 15\u00a0% VAT", None, "Invoice sale productid 15\u00a0% VAT"
    ),
    "departments.NAME.products.vat_25": _named(
        "Invoice sale productid 25\u00a0% VAT", None, "Invoice sale productid 25\u00a0% VAT"
    ),
    "departments.NAME.products.gratuity": _named("Invoice gratuity productid", None, "Invoice gratuity productid"),
    "departments.NAME.products.fee": _named("Invoice fee productid", None, "Invoice fee productid"),
    "departments.NAME.products.rounding": _named("Invoice rounding productid", None, "Invoice rounding productid"),
    "departments.NAME.products.gift_card": _named("Invoice gift card productid", None, "Invoice gift card productid"),
    "invoicing.invoice_fee": _named("Invoice fee", None, "Invoice fee"),
    "invoicing.invoice_fee_amount": _named(
        "Invoice fee amount",
        "Kroner with VAT. Empty: the fee product's own price in PowerOffice.",
        "Invoice fee amount",
    ),
    # -- departments
    "departments.NAME.department_code": _named(
        "Department code", "The department's code in PowerOffice. Empty: no department on the documents."
    ),
    "departments.NAME.application_key": _named(
        "Application key of its own", "Only where the department has one.", "Application key"
    ),
    # -- the ledger
    "ledger.sales": _named(
        "Sales", "Article group: the till's own id, a SAF-T code, or * for all others. Take-away is told by its rate."
    ),
    "ledger.tenders": _named(
        "Ways to pay", "SAF-T code (12001 cash, 12002 debit card, 12003 credit card), or the till's own name."
    ),
    "ledger.movements": _named(
        "Cash movements",
        "Taken out (11010), put in (11011) or the till's own name, and the account it is booked against.",
    ),
    "ledger.gratuity": _named("Tips", "Owed to the staff."),
    "ledger.gift_card": _named("Gift cards", "Sold and not yet used."),
    "ledger.rounding": _named("Rounding of cash"),
    "ledger.cash_difference": _named("Cash difference"),
    "ledger.invoice_clearing": _named(
        "Invoice clearing (19xx)", "Where invoiced sales stand until sent. Only where the settlement reports VAT."
    ),
    # -- settlements
    "settlement.enabled": _named("Post settlements"),
    "settlement.posting": _named("How they are posted"),
    "settlement.after_invoices": _named("Wait for the day's invoices", "For those that are still on their way."),
    "settlement.period_locked": _named("When the period is locked"),
    "settlement.attach_z_report": _named(
        "Put the Z report on the voucher as PDF", "Needs posplugin[pdf] to be installed."
    ),
    "settlement.schedule": _named("Times of their own for settlements", "Else they are sent with the invoices."),
    # -- the schedule
    "schedule.automatic": _named(
        "Send automatically", "Begins when “Check the whole set-up” has passed.", "Create reporting schedule"
    ),
    "schedule.runs_in": _named("What sends", "The service is “posplugin service”."),
    "schedule.frequency": _named("How often"),
    "schedule.weekday": _named("Weekday", "Weekly only."),
    "schedule.day": _named("Day of the month", "Monthly only, 1 to 28."),
    "schedule.time": _named("Time", "After closing, and not between 02:00 and 02:59."),
    "schedule.times": _named("Other times", "Daily only: another time on a weekday."),
    "schedule.window": _named("How long a run goes on", "With what can be tried later."),
    # -- the terminal
    "terminal.id": _named("Terminal id", "Equal to the till's own, or the plugin does not start."),
    "terminal.department": _named("Department", "The one that the till sells for."),
    "terminal.language": _named("Language", "At the till, on papers and invoices, and here."),
    "terminal.timezone": _named("Time zone"),
    "terminal.business_day_starts": _named("The business day begins", "A sale before this belongs to the day before."),
    "terminal.saft_source_id": _named("SystemID in SAF-T", "The till's own, at most 35 characters."),
    "outbox.path": _named("File of the queue", "Stop the till and move the file first."),
    # -- SAF-T
    "saft.customer_numbers": _named("Customer numbers in the file are"),
    "saft.codes": _named("Codes", "What the file's own codes mean, where it does not say so itself."),
    "saft.invoice_payments": _named("Payments that are Faktura", "The file's own payment ids, beside 12006."),
    "saft.line_kinds": _named("Article groups that are no goods", "The file's own article groups."),
    "saft.registers": _named("Registers in the file", "Which terminal each register is, where the file has several."),
}

_FREQUENCY = {"daily": "Daily", "weekly": "Weekly", "monthly": "Monthly"}

OPTIONS = {
    "poweroffice.endpoint_mode": {"simulator": "Simulator", "test": "Test (demo)", "production": "Production"},
    "invoicing.vat_reported_by": {"invoice": "The invoice", "settlement": "The day's settlement"},
    "invoicing.delivery": {
        "draft": "Draft, a person sends it",
        "confirmed": "Confirmed, a person sends it",
        "send": "Sent to the customer",
    },
    "invoicing.lines": {"per_vat_rate": "One line for each VAT rate", "per_item": "One line for each item"},
    "invoicing.require_reference": {"ehf": "From EHF customers", "companies": "From all companies", "never": "Never"},
    "invoicing.credit_limit": {"warn": "The till warns", "block": "The till refuses", "off": "No control"},
    "settlement.enabled": {"": "For departments with a ledger", "true": "Yes, for all departments", "false": "No"},
    "settlement.posting": {"post": "Posted at once", "draft": "Draft, a person verifies it"},
    "settlement.period_locked": {"attention": "Wait for a person", "first_open_day": "Post on the first open day"},
    "schedule.runs_in": {"till": "The till", "service": "The service"},
    "schedule.frequency": _FREQUENCY,
    "schedule.weekday": {"": "Choose", **_DAYS},
    "schedule.times": _DAYS,
    "terminal.language": {"nb": "Norwegian bokmål", "en": "English"},
    "saft.customer_numbers": {"linked": "The till's own, linked here", "poweroffice": "PowerOffice's numbers"},
    "saft.line_kinds": {
        "": "Choose",
        "goods": "Goods",
        "gift_card": "Gift card",
        "service_charge": "Service charge",
        "deposit": "Deposit",
    },
}

_ACCOUNT = "Account"

COLUMNS = {
    "ledger.sales": {"article_group": "Article group", "vat": "VAT %", "account": _ACCOUNT, "vat_code": "VAT code"},
    "ledger.tenders": {"key": "Way to pay", "value": _ACCOUNT},
    "ledger.movements": {"key": "Movement", "value": _ACCOUNT},
    "saft.codes": {"key": "Code in the file", "value": "SAF-T code"},
    "saft.invoice_payments": {"value": "Payment id"},
    "saft.line_kinds": {"key": "Article group", "value": "Is"},
    "saft.registers": {"key": "Register id", "terminal": "Terminal", "department": "Department"},
}
