"""The settings file that `posplugin init` writes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomlkit

from posplugin.domain.errors import ConfigError
from posplugin.settings.dotted import join
from posplugin.settings.environment import variable
from posplugin.settings.read import parse_settings
from posplugin.settings.write import sync_folder

#: Product codes to begin with; the restaurant's own stand in PowerOffice's Produkter.
PRODUCTS: Mapping[str, str] = MappingProxyType(
    {
        "vat_25": "30",
        "vat_15": "31",
        "vat_12": "32",
        "vat_0": "33",
        "gratuity": "34",
        "fee": "7",
        "rounding": "35",
        "gift_card": "36",
    }
)

_TEMPLATE = """\
# Settings of posplugin for one terminal. Only `posplugin check` can tell whether PowerOffice GO agrees with them.

[terminal]
id = {terminal_id}  # equal to the host's
department = {department}  # one of [departments] below
language = "nb"  # of texts at the till: "nb" or "en"
timezone = "Europe/Oslo"
business_day_starts = "05:00"  # sales before this belong to the day before
# saft_source_id = "999999999-1"  # the till's SystemID in its own SAF-T

[outbox]
path = "outbox.sqlite3"  # where documents wait, relative to this file; on a local disk

[poweroffice]
endpoint_mode = {endpoint_mode}  # "simulator", "test" (PowerOffice's demo) or "production"
simulator_url = {simulator_url}  # only with "simulator", on this machine
{application_key}  # from PowerOffice, for this plugin
{subscription_key}  # from PowerOffice, for this plugin
# terminals = 100  # how many terminals share the subscription key
settle_time = "60s"  # how long after a lost answer "not there" begins to count
customers_max_age = "7d"  # the till warns when its customer register is older

[schedule]
automatic = true  # send by itself, once `posplugin check` has passed
runs_in = "till"  # "service": `posplugin service` sends instead
frequency = "daily"  # "weekly" with weekday = "mon", "monthly" with day = 1
time = "06:00"  # not between 02:00 and 02:59
# times = {{ sun = "08:00" }}  # daily only: another time on a weekday
window = "6h"  # how long a run goes on trying

[invoicing]
enabled = true  # whether the till offers Faktura
# enabled_since = 2026-11-01  # sales before this date are refused
vat_reported_by = "invoice"  # "settlement": the day's settlement reports VAT, the invoice carries none
lines = "per_vat_rate"  # "per_item": a line for each item of the receipt
send_amount_excluding_vat = true  # what PowerOffice expects in prices
delivery = "draft"  # a person sends it; "confirmed": confirmed as well; "send": sent
attach_receipt = false  # attach the delivery receipt as PDF; needs pip install "posplugin[pdf]"
invoice_fee = false  # add an invoice fee (fakturagebyr)
# invoice_fee_amount = "39.00"  # absent: the fee product's own price
tips_on_invoice = false  # whether a tip may be invoiced
require_reference = "ehf"  # who must give a reference or order number: "ehf", "companies" or "never"
credit_limit = "warn"  # when a customer would owe more than its limit; "block": refuse, "off"
# default_credit_limit = "20000.00"  # absent: only those have a limit for whom `posplugin customers set` gives one
include_employee_number = false  # whether the till's employee is the sales person in PowerOffice
create_missing_products = false  # with "per_item": make products for articles that have none in PowerOffice
# product_prefix = "P-"  # of the articles' product codes
allow_vat_in_text = false  # with "settlement": EHF customers too

[settlement]  # the day's settlement (dagsoppgjør), posted for every department that [ledger] has accounts for
# enabled = true  # absent: as soon as [ledger] has accounts
posting = "post"  # "draft": leave it for a person to verify
after_invoices = false  # wait for the day's invoices that are still on their way
period_locked = "attention"  # "first_open_day": post on the first open day instead
attach_z_report = true  # put the Z report on the voucher as PDF; needs pip install "posplugin[pdf]"

# [settlement.schedule]  # absent: settlements are sent with the invoices, by [schedule]
# frequency = "daily"  # "weekly" with weekday = "mon", "monthly" with day = 1
# time = "07:00"  # not between 02:00 and 02:59
# times = {{ sun = "09:00" }}  # daily only: another time on a weekday

# [ledger]  # accounts and VAT codes: ask the accountant
# gratuity = 2981
# gift_card = 2901
# rounding = 7745
# cash_difference = 7746
# invoice_clearing = 1990  # only with vat_reported_by = "settlement"
# tenders = {{ cash = 1900, card = 1580 }}
# movements = {{ 11010 = 1920, 11011 = 1920 }}  # money taken out (11010) or put in (11011): what it is booked against
# sales = [  # "*": every article group not named
#   {{ article_group = "*", vat = 25, account = 3000, vat_code = "3" }},
#   {{ article_group = "*", vat = 15, account = 3001, vat_code = "31" }},
# ]

[saft]  # reading the till's SAF-T Cash Register files
{customer_numbers}  # custSupID is the customer's number in PowerOffice; absent: the till's own, linked there
# codes = {{ "HUSKONTO" = "12006" }}  # what the file's own codes mean, where it does not say so
# invoice_payments = ["ROOM"]  # further payments that mean Faktura

[{department_table}]
{client_key}  # the restaurant's, from PowerOffice: Innstillinger > Utvidelser
{department_code}  # the department's code in PowerOffice

[{department_table}.products]  # product codes ("Kode") in PowerOffice: Produkter
{products}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What `posplugin init` asks. A key left None is expected in the environment."""

    terminal_id: str
    department: str
    endpoint_mode: str = "test"
    application_key: str | None = field(default=None, repr=False)
    subscription_key: str | None = field(default=None, repr=False)
    client_key: str | None = field(default=None, repr=False)
    #: PowerOffice's department code; None: no department on the documents.
    department_code: str | None = None
    simulator_url: str = "http://127.0.0.1:8900"
    products: Mapping[str, str] = field(default_factory=lambda: PRODUCTS)


def new_file(path: Path, answers: Answers, environ: Mapping[str, str] | None = None) -> None:
    """Write a commented settings file that only its owner may read.

    Raises `ConfigError`, and writes nothing, when the file is there already, or when the answers do not make
    settings that can be read.
    """
    path = path.absolute()
    text = _text(answers)
    parse_settings(text, path, os.environ if environ is None else environ)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except FileExistsError:
        raise ConfigError([f"{path} is there already; it is left as it is"]) from None
    except OSError as error:
        raise ConfigError([f"{path} cannot be written: {error.strerror}"]) from error


def _text(answers: Answers) -> str:
    department = answers.department
    return _TEMPLATE.format(
        terminal_id=_toml(answers.terminal_id),
        department=_toml(department),
        department_table=join("departments", department),
        endpoint_mode=_toml(answers.endpoint_mode),
        simulator_url=_toml(answers.simulator_url),
        application_key=_key("poweroffice", "application_key", value=answers.application_key),
        subscription_key=_key("poweroffice", "subscription_key", value=answers.subscription_key),
        client_key=_key("departments", department, "client_key", value=answers.client_key),
        # the evening that comes with the sample terminal has the simulator's customer numbers
        customer_numbers=("" if answers.endpoint_mode == "simulator" else "# ") + 'customer_numbers = "poweroffice"',
        department_code=(
            '# department_code = "10"'
            if answers.department_code is None
            else f"department_code = {_toml(answers.department_code)}"
        ),
        products="\n".join(f"{name} = {_toml(code)}" for name, code in answers.products.items()),
    )


def _key(*place: str, value: str | None) -> str:
    return f"{place[-1]} = {_toml(value)}" if value is not None else f"# {place[-1]}: from {variable(*place)}"


def _toml(text: str) -> str:
    value: Any = tomlkit.string(text)
    return str(value.as_string())
