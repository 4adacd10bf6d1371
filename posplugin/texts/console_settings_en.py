"""The console's page of the settings, in English."""

from __future__ import annotations

from posplugin.texts.console_problems_en import PROBLEMS
from posplugin.texts.console_setting_names_en import COLUMNS, OPTIONS, SETTING_NAMES
from posplugin.texts.console_settings import SectionText, SettingsText

_SECTIONS = {
    "poweroffice": SectionText("PowerOffice GO", "The keys. The rest follows in the order of the tills' manuals."),
    "invoicing": SectionText("Invoicing", "What becomes of a sale that is paid with Faktura."),
    "products": SectionText(
        "Products and fee",
        "The invoice is written on these products. The codes stand in the column Kode in PowerOffice.",
    ),
    "mode": SectionText("End point", "Which PowerOffice it is sent to. Save and test when all above is filled in."),
    "departments": SectionText("Departments", "A department is an outlet with a client key of its own."),
    "ledger": SectionText("Ledger", "Accounts and VAT codes of the day's settlement. Ask the accountant."),
    "settlement": SectionText("Settlement", "Whether and how the Z report is posted."),
    "schedule": SectionText("Schedule", "When it is sent. Choose a time after closing."),
    "terminal": SectionText("Terminal", "The till that this file is for."),
    "saft": SectionText("SAF-T Cash Register", "How files of SAF-T Cash Register are read."),
}

SETTINGS = SettingsText(
    heading="Settings",
    file="The settings are in {path}. Comments in the file stay.",
    sections="Parts of the settings",
    section=_SECTIONS,
    setting=SETTING_NAMES,
    option=OPTIONS,
    column=COLUMNS,
    more="More settings",
    default="Default: {value}",
    is_set="Set",
    not_set="Not set",
    from_environment="Comes from {variable} in the environment, and is changed there.",
    key_stays="Never shown. An empty field leaves the key.",
    key_needed="Paste the key. It is never shown again.",
    take_out="Take this key out",
    only_in_file="Changed in the file alone.",
    add_row="Add a row",
    row="row {number}",
    remove_row="Remove row {number}",
    default_ledger="Default ledger",
    own_ledger="Accounts of {name} alone",
    own_ledger_intro="Only what differs from the default ledger.",
    other_times="Other times",
    own_times="Times of the settlements",
    fee="Invoice fee",
    new_department="New department",
    new_name="Name",
    save="Save",
    save_and_test="Save and test",
    unsaved="The changes are not saved.",
    saved="Saved.",
    saved_nothing="Nothing was changed, so the file is as it was.",
    waits_for_check="Automatic sending waits until “Check the whole set-up” has passed for these settings.",
    at_next_start="The sender uses them from its next run, the till when it is started anew.",
    changed_since="Somebody else has changed the file since the page was opened, so nothing is saved. Below is the "
    "file as it is now; make the changes again.",
    not_saved="Nothing is saved. This has to be mended ({count}):",
    broken="The file is not in order, and what was in force before still is. This has to be mended ({count}):",
    keys_again="Keys that were entered must be entered again; they are never shown.",
    unreadable="The file cannot be shown here until this is mended in the file:",
    test="Test connection",
    test_hint="Tries the address and the keys that are saved. It takes a moment, and changes nothing.",
    connection="Is the set-up in order?",
    connection_ok="Connection OK: {client} (client {id})",
    check="Check the whole set-up",
    check_hint="Looks at everything: privileges, products, accounts, VAT codes, customers and prices.",
    check_heading="Check of the set-up",
    check_intro="All that invoices and settlements need is looked at, here and in PowerOffice. When all is right, "
    "automatic sending may begin, and what was held for the set-up goes on.",
    check_draft="To measure whether PowerOffice takes prices with or without VAT, a draft of NOK 100.00 is made, and "
    "deleted again at once.",
    no_draft="Without a draft; an earlier measurement must do",
    check_now="Check now",
    checked_at="Checked {when}.",
    never_checked="Not checked from here since the console started.",
    checking_now="A check is under way already. Wait until it is done.",
    faults="To be mended",
    fault="Fault {number}",
    remedy="What to do",
    all_else="In order",
    back="To the settings",
    problems=PROBLEMS,
)
