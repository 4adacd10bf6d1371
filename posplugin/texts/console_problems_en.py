"""What is wrong in the settings, in English, as it is said beside a field."""

from __future__ import annotations

from posplugin.texts.console_settings import ProblemsText

_ASK = "Ask the accountant, or set “Post settlements” to no."

PROBLEMS = ProblemsText(
    sentence={
        "{setting}{row} is {value}; {expected}": "{value} cannot be used: {expected}.",
        "{setting}{row} cannot be used; {expected}": "The key cannot be used: {expected}.",
        "{setting}{row} is missing; write it in the file": "Has to be filled in.",
        "{setting}{row} is missing; write it in the file, or set {variable} in the environment": (
            "Has to be filled in here, or set as {variable} in the environment."
        ),
        "{setting} is a single value; make it a table, {table}": (
            "{setting} is a single value in the file; make it a table: {table}."
        ),
        "{setting} cannot be set: {section} is a single value in the file, not a table": (
            "Cannot be set: {section} is a single value in the file, not a table. Mend it in the file first."
        ),
        "{setting} is no setting; did you mean {close}?": "{setting} in the file is no setting. Is {close} meant?",
        "{setting} is no setting; take it out": "{setting} in the file is no setting. Take it out.",
        '{setting} is "{name}", but the file has no [{header}]; it has {known}': (
            "“{name}” is no department in the file. It has {known}."
        ),
        '{setting} is "{name}", but the file has no [{header}]; it has none': (
            "“{name}” is no department in the file. It has none."
        ),
        '{setting} belongs to frequency "{belongs_to}", but {where}.frequency is "{frequency}"': (
            "Belongs only to sending {belongs_to}, and it is sent {frequency}. Empty the field."
        ),
        '{setting} is missing; frequency "{frequency}" needs it': "Missing; sending {frequency} needs it.",
        '{setting} is "{value}"; expected at least "10s", since what was sent may not show at once': (
            "{value} is too short: write at least 10s, since what was sent may not show at once."
        ),
        '{setting} belongs to lines "per_item", but invoicing.lines is "{lines}"': (
            "Needs one line for each item under “Invoice lines”."
        ),
        '{setting} has article group "{group}" at {rate} % {times} times; keep one': (
            "Article group {group} at {rate} % stands {times} times; keep one."
        ),
        '{setting} is missing for department "{name}"; vat_reported_by = "settlement" needs the account where invoiced '
        "sales stand until sent (19xx)": (
            "Missing for {name}: where the settlement reports VAT, the account is needed where invoiced sales stand "
            "until they are sent (19xx)."
        ),
        '{setting} is "settlement", but department "{name}" has no ledger: the settlement is to report the VAT, and '
        "nothing is posted; give it a [ledger], or set settlement.enabled = false where another system posts the day's "
        "settlement against the clearing account": (
            "{name} has no ledger, so nobody would report the VAT. Fill in the ledger, or set “Post settlements” to no "
            "where another system posts the settlement against the clearing account."
        ),
        '{setting} is true, but department "{name}" has no ledger; write [ledger] with the accountant\'s accounts, or '
        "take settlement.enabled out": (
            "{name} has no ledger. Fill in the ledger, or post only for departments that have one."
        ),
        "{setting} is missing: {what}; ask the accountant for it, or set settlement.enabled = false to post no "
        "settlements": "Missing: {what}. " + _ASK,
    },
    expected={
        "write it in quotes": "write it in quotes in the file",
        "write true or false, without quotes": "write true or false in the file, without quotes",
        "write a whole number, without quotes": "write a whole number",
        "write a date without quotes, such as 2026-11-01": "write a date, such as 01.11.2026",
        "use {expected}": "use {expected}",
        "give {ge} or more": "give {ge} or more",
        "give {le} or less": "give {le} or less",
        "give at most {max_length} characters": "at most {max_length} characters",
        "make it a list, in square brackets": "make it a list in the file, in square brackets",
        "write another value": "write another value",
        'write a length of time in quotes, a whole number and s, m, h or d, such as "90s" or "6h"': (
            "write a whole number and s, m, h or d, such as 90s or 6h"
        ),
        "give a year at most": "give a year at most",
        "give more than nothing": "give more than nothing",
        'write a time of day in quotes, such as "06:00"': "write a time of day, such as 06:00",
        "choose a time outside 02:00 to 02:59: that hour is missing, or comes twice, when the clocks change": (
            "choose a time outside 02:00 to 02:59; that hour is missing, or comes twice, when the clocks change"
        ),
        'write an amount of kroner in quotes, with a point, such as "39.00"': "write kroner, such as 39,00",
        'write kroner above zero with at most two decimals, such as "39.00"': (
            "write kroner above zero with at most two decimals, such as 39,00"
        ),
        'write the name of a time zone, such as "Europe/Oslo"': "write the name of a time zone, such as Europe/Oslo",
        "write something, or leave the setting out": "write something that can be read, or leave it empty",
        "give 1 to 64 printable characters": "give 1 to 64 characters that can be read",
        "put the key from PowerOffice GO here": "paste the key from PowerOffice GO",
        "copy the key anew: it holds blanks or letters that no key has": (
            "copy it anew; it holds blanks or letters that no key has"
        ),
        "give the number of an account in PowerOffice's Kontoplan, without quotes": (
            "give the number of an account in PowerOffice's chart of accounts (Kontoplan)"
        ),
        'give the VAT code that PowerOffice has for it, in quotes, such as "3" or "31"': (
            "give the VAT code that PowerOffice has for it, such as 3 or 31"
        ),
        'the simulator runs on this machine alone: write an address such as "http://127.0.0.1:8900"': (
            "the simulator runs on this machine alone; write an address such as http://127.0.0.1:8900"
        ),
        'write a path in quotes, such as "outbox.sqlite3"': "write a path, such as outbox.sqlite3",
        "at least one way to pay with its account, such as cash = 1900": "at least one way to pay with its account",
        "at least one row with article group, VAT rate, account and VAT code": (
            "at least one row with article group, VAT rate, account and VAT code"
        ),
        "the account of tips that are owed to the staff (29xx)": (
            "the account of tips that are owed to the staff (29xx)"
        ),
        "the account of gift cards that are sold and not yet used (29xx)": (
            "the account of gift cards that are sold and not yet used (29xx)"
        ),
        "the account of what cash is rounded by (øreavrunding)": "the account of what cash is rounded by",
        "the account of what is counted too little or too much (kassedifferanse)": (
            "the account of what is counted too little or too much"
        ),
    },
    unwritten={
        "{path} is not written as TOML: {error}": "{path} is not written as TOML: {error}",
        "{path} cannot be read: {error}": "{path} cannot be read: {error}",
        "{path} holds keys, and others on this machine can read or change it; run `chmod 600 {path}`, or, where its "
        "mode cannot be changed, take the keys out of the file and give them in the environment "
        "(POSPLUGIN_APPLICATION_KEY and so on); change the keys in PowerOffice if somebody may have read them": (
            "{path} holds keys, and others on this machine can read or change it. Run `chmod 600 {path}`. Where its "
            "mode cannot be changed, take the keys out of the file and give them in the environment "
            "(POSPLUGIN_APPLICATION_KEY and so on). Change the keys in PowerOffice if somebody may have read them."
        ),
        "{path} is not UTF-8 text; save it as UTF-8 and try again": "{path} is not UTF-8 text; save it as UTF-8.",
        "{path} cannot be written: {error}": "{path} cannot be written: {error}",
        "{path} is written in a way that cannot be changed from here; change it in an editor": (
            "{path} is written in a way that cannot be changed from here; change it in an editor."
        ),
        "{variable} fits two departments; rename one of them": "{variable} fits two departments; rename one of them.",
    },
    twice="{name} stands twice; keep one.",
    department_exists="There is a department {name} already.",
    department_nameless="Give the new department a name.",
)
